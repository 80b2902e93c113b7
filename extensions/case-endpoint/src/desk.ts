/**
 * What whoever runs the round may know without reading the tables it comes from: why a case cannot be published, and which suggestion
 * stands at a school. Findings are told by rule only.
 */
import type { Knex } from 'knex';
import { gateReasons, severeRules } from '../../../schema/cases/gate.ts';
import { type CaseHint, caseHint } from '../../../schema/cases/records.ts';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { fromRow } from '../../shared/values.ts';
import type { CaseRow } from './round.ts';

/** Case -> why it could not be published as it is; cases with an open gate are left out. */
export const readGates = async (database: Knex): Promise<Record<string, string[]>> => {
  const severe = severeRules(await database('findings').where({ severity: '禁' }).select('school', 'rule', 'severity', 'state'));
  const rows: Record<string, unknown>[] = await database('cases')
    .where((query) => query.whereNull('state').orWhereNot({ state: '已撤回' }))
    .select('*');
  const gates: Record<string, string[]> = {};
  for (const raw of rows) {
    const row = fromRow(tables.cases as unknown as Table, raw) as CaseRow;
    const reasons = gateReasons(row, severe.get(row.school));
    if (reasons.length) gates[row.id] = reasons;
  }
  return gates;
};

export const readHint = async (database: Knex, code: string): Promise<CaseHint | null> => {
  const row: { case_hint: unknown } | undefined = await database('schools').where({ code }).first('case_hint');
  return caseHint(typeof row?.case_hint === 'string' ? JSON.parse(row.case_hint) : row?.case_hint);
};
