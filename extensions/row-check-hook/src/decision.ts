/**
 * A conflict that the bureau decides in its form: the chosen value goes into the row, the agreement is set so that the next sync
 * carries it to the sheet, and the problem is closed, all in one transaction or not at all.
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import { sameValue } from '../../../schema/merge.ts';
import { isClosed } from '../../../schema/monthly-return.ts';
import type { Conflict } from '../../../schema/parsed.ts';
import { checkRow } from '../../../schema/rows.ts';
import { shownValue } from '../../../schema/shown-value.ts';
import { type Caller, refusedTables } from '../../shared/access.ts';
import type { LiveModel } from '../../shared/live-model.ts';
import { lockSchool } from '../../shared/school-lock.ts';
import { fromRow, toRow } from '../../shared/values.ts';
import { nameOf } from './finding-check.ts';
import { readTyped } from './third-value.ts';

type Values = Record<string, unknown>;

/** A row that a decision has changed. */
export interface Decided {
  readonly table: TableName;
  readonly item: string;
}

/** What a decision needs of Directus. */
export interface Desk {
  readonly database: Knex;
  readonly model: LiveModel;
  readonly accountability: Caller | null;
  /** Directus' own service for the rows of a table, within a transaction. */
  readonly itemsIn: (
    trx: Knex,
    table: string,
  ) => {
    updateOne(id: string, values: Values, options: { bypassEmitAction: () => void }): Promise<unknown>;
  };
}

const problemTable = tables.sheet_problems as unknown as Table;

/** Directus puts its own full stop behind the reason. */
const refuse = (reason: string): never => {
  throw new InvalidPayloadError({ reason: reason.replace(/。$/, '') });
};

/** The problem as it stands, if it is one that can be decided. */
const openConflict = async (trx: Knex, id: string): Promise<Values & { held: Conflict }> => {
  const stored = await trx('sheet_problems').where({ id }).first('*');
  const problem = stored ? fromRow(problemTable, stored) : refuse('没有这一条填报问题');
  if (problem.kind !== '冲突' || !problem.held) refuse('这一条不是冲突,不用选定:请学校在表里改好,下次同步时自动办结');
  if (problem.closed_at) refuse('这一条已经办结,不能再选定;学校或县局又改了的,下次同步会重新列出');
  return problem as Values & { held: Conflict };
};

const liveRow = async (trx: Knex, table: Table, { held, header }: { held: Conflict; header?: unknown }): Promise<Values> => {
  const stored = await trx(held.table).where({ id: held.item }).first('*');
  if (!stored) refuse('这一行已经不在系统里了(可能已被删除),不能选定;下次同步会重新核对');
  const row = fromRow(table, stored);
  const field = table.fields[held.field];
  if (!field) refuse(`“${String(header)}”这一栏已经不在系统里了,不能选定`);
  if (!sameValue(row[held.field], held.live)) {
    const now = field ? shownValue(field, row[held.field]) : '';
    refuse(`系统里的“${String(header)}”在这之后又改过了${field?.kind === 'link' ? '' : `(现在是“${now || '空白'}”)`},请先同步一次,再按新的情况选定`);
  }
  return row;
};

const chosenValue = async (desk: Desk, trx: Knex, problem: Values & { held: Conflict }, payload: Values, row: Values): Promise<unknown> => {
  const { held } = problem;
  if (payload.decision === '用学校的') return held.sheet;
  if (payload.decision === '用系统里的') return held.live;
  const text = String(payload.other_value ?? problem.other_value ?? '');
  const target = { table: desk.model.tables[held.table], field: held.field, header: String(problem.header), row };
  const typed = await readTyped(trx, desk.model, target, text);
  return 'refusal' in typed ? refuse(typed.refusal) : typed.value;
};

/** True where the row was changed. Directus would tell of it before it is committed, so the caller writes the history afterwards. */
const storeValue = async (desk: Desk, trx: Knex, held: Conflict, row: Values, value: unknown): Promise<boolean> => {
  if (sameValue(value, held.live)) return false;
  if (held.table === 'monthly_reports' && isClosed(row)) refuse('这个月的月报已经冻结,要改请走更正单;也可以选“用系统里的”');
  const table = desk.model.tables[held.table];
  const faults = checkRow(table, { [held.field]: value }, true);
  if (faults.length) refuse(faults.map((one) => one.message).join(';'));
  const time = table.fields[held.field]?.kind === 'time' && typeof value === 'string' && value.length === 5;
  const stored = { [held.field]: time ? `${value}:00` : value };
  await desk.itemsIn(trx, held.table).updateOne(held.item, stored, { bypassEmitAction: () => undefined });
  return true;
};

/** From now on the sheet's present value is what both sides knew: whatever Directus holds flows outwards, and a change in the sheet inwards. */
const agree = async (trx: Knex, problem: Values & { held: Conflict }, now: Date): Promise<void> => {
  const { held, school, source } = problem;
  const key = { collection: held.table, item: held.item };
  const known: { agreed: string } | undefined = await trx('kehou_base').where(key).first('agreed');
  const agreed = JSON.stringify({ ...(known ? (JSON.parse(known.agreed) as Values) : {}), ...held.agreement });
  if (known) await trx('kehou_base').where(key).update({ agreed, agreed_at: now });
  else await trx('kehou_base').insert({ ...key, school, source, agreed, agreed_at: now });
  await trx('sources').where({ id: source }).update({ outdated: true });
};

const decideOne = async (desk: Desk, trx: Knex, id: string, payload: Values, now: Date): Promise<{ rows: Decided[]; written: Values }> => {
  const { school } = (await trx('sheet_problems').where({ id }).first('school')) ?? refuse('没有这一条填报问题');
  await lockSchool(trx, String(school));
  const problem = await openConflict(trx, id);
  const { held } = problem;
  const refused = desk.accountability ? await refusedTables(trx, desk.accountability, ['sheet_problems', held.table], ['update']) : [];
  if (refused.length) refuse('您没有选定这一条的权限,请找基教股');
  const row = await liveRow(trx, desk.model.tables[held.table], problem);
  const value = await chosenValue(desk, trx, problem, payload, row);
  const changed = await storeValue(desk, trx, held, row, value);
  await agree(trx, problem, now);
  const written = {
    decision: payload.decision,
    decided_by: (await nameOf(trx, desk.accountability)) || '系统',
    decided_at: now.toISOString(),
    closed_at: now.toISOString(),
  };
  await trx('sheet_problems').where({ id }).update(toRow(problemTable, written));
  return { rows: changed ? [{ table: held.table, item: held.item }] : [], written };
};

/** Refuses a second thought about a problem that is closed, and words without a decision about something that is no conflict. */
const checkDraft = async (database: Knex, ids: readonly string[]): Promise<void> => {
  for (const id of ids) await openConflict(database, id);
};

/**
 * Applies what staff saved in the form of one or more problems. Gives the payload that Directus is to store, and the rows whose history is to
 * be written once everything is committed. Throws one Chinese sentence where the decision cannot stand.
 */
export const decide = async (desk: Desk, ids: readonly string[], payload: Values): Promise<{ payload: Values; rows: Decided[] }> => {
  if (!('decision' in payload) && !('other_value' in payload)) return { payload, rows: [] };
  if (!payload.decision) {
    await checkDraft(desk.database, ids);
    return { payload, rows: [] };
  }
  const now = new Date();
  const work = async (trx: Knex) => {
    const made: Awaited<ReturnType<typeof decideOne>>[] = [];
    for (const id of ids) made.push(await decideOne(desk, trx, id, payload, now));
    return made;
  };
  const done = desk.database.isTransaction ? await work(desk.database) : await desk.database.transaction(work);
  return { payload: { ...payload, ...done[0]?.written }, rows: done.flatMap((one) => one.rows) };
};
