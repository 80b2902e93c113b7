/**
 * What staff may write into `rules`: limits and switches of built-in rules, and whole rules of their own that can be understood.
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { clauseOf, listedRule } from '../../../schema/rules/catalogue.ts';
import { type CustomChoice, customFaults } from '../../../schema/rules/custom.ts';
import { fromRow } from '../../shared/values.ts';

type Values = Record<string, unknown>;

const table = tables.rules as unknown as Table;

const refuse = (reason: string): never => {
  throw new InvalidPayloadError({ reason: `「规则」${reason}` });
};

const blank: Values = Object.fromEntries(Object.keys(tables.rules.fields).map((name) => [name, null]));

/** The name and clause of a built-in rule are the model's. */
const checkBuiltIn = (row: Values): void => {
  const rule = listedRule(String(row.rule));
  if (rule && 'undecided' in rule && row.enabled === true) refuse(`${rule.id} 不能启用:${rule.undecided}`);
  if (rule && (row.title !== rule.title || row.clause !== clauseOf(rule)))
    refuse(`${rule.id} 是内置规则,名称和条款不能改;可以改启用、级别、阈值、用词和起止日期`);
};

const checkOne = async (database: Knex, row: Values, id: string | null): Promise<void> => {
  const same = database('rules').where({ rule: row.rule });
  const twin: Values | undefined = await (id === null ? same : same.whereNot({ id })).first('id');
  if (twin) refuse(`规则编号 ${String(row.rule)} 已有,请另起一个`);
  if (listedRule(String(row.rule))) return checkBuiltIn(row);
  const faults = customFaults(row as unknown as CustomChoice);
  if (faults.length) refuse(faults.join(';'));
};

/** Refuses a rule that could not be applied as it would stand. `keys` are empty for a new one. */
export const checkRule = async (payload: Values, keys: readonly string[], database: Knex): Promise<void> => {
  if (!keys.length) return checkOne(database, { ...blank, ...payload }, null);
  const stored: Values[] = await database('rules')
    .whereIn('id', [...keys])
    .select('*');
  for (const row of stored) {
    const before = fromRow(table, row);
    if (listedRule(String(before.rule)) && payload.rule !== undefined && payload.rule !== before.rule) refuse('内置规则的编号不能改');
    await checkOne(database, { ...before, ...payload }, String(row.id));
  }
};

/** A built-in rule is switched off, not deleted. */
export const checkRuleDeletion = async (keys: readonly string[], database: Knex): Promise<void> => {
  const rows: { rule: string }[] = await database('rules')
    .whereIn('id', [...keys])
    .select('rule');
  const builtIn = rows.filter((row) => listedRule(row.rule));
  if (builtIn.length) refuse(`${builtIn.map((row) => row.rule).join('、')} 是内置规则,不能删除;不用时请取消“启用”`);
};
