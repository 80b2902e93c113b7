/**
 * Which rows of a school's own lists give a figure of one of its returns now. Reads only; rows are named by their 行号, never by a name.
 */
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { monthOf } from '../../../schema/months.ts';
import { noSchoolRows, type RuleTable, ruleColumns, type SchoolRows } from '../../../schema/rules/columns.ts';
import { type FigureOrigin, type Proposals, prefill } from '../../../schema/rules/prefill.ts';
import { indexSchool } from '../../../schema/rules/school-index.ts';
import { fromRow } from '../../shared/values.ts';
import { readSchool } from './read-school.ts';

/** Lists that figures are counted from. */
const counted = [
  'students',
  'enrolments',
  'staff',
  'activities',
  'attendance',
  'plans',
  'fees',
  'safety_checks',
] as const satisfies readonly RuleTable[];

/** Tables that whoever asks must be allowed to read. */
export const originTables: readonly string[] = ['monthly_reports', 'schools', 'terms', ...counted];

/** Null where there is no such return, no term of its month, or nothing in the lists that gives the figure. */
export const originOf = async (database: Knex, report: string, field: string): Promise<FigureOrigin | null> => {
  const row: { school: string; month: string } | undefined = await database('monthly_reports').where({ id: report }).first('school', 'month');
  if (!row) return null;
  const { school, month } = row;
  const terms = (await database('terms').select('id', 'starts_on', 'ends_on')).map((one) => fromRow(tables.terms as unknown as Table, one));
  const term = terms.find((one) => monthOf(String(one.starts_on)) <= month && month <= monthOf(String(one.ends_on)));
  const held: { code: string; enrolled: number | null } | undefined = await database('schools').where({ code: school }).first('code', 'enrolled');
  if (!term || !held) return null;
  const columns = Object.fromEntries(counted.map((table) => [table, ruleColumns[table]]));
  const rows = {
    ...noSchoolRows,
    ...(await readSchool(database, { school, term: String(term.id), since: month, columns })),
  } as unknown as SchoolRows;
  const found = prefill({ school: held, rows, index: indexSchool(rows) }, month)[field as keyof Proposals];
  return found ? { value: found.value, ...found.origin } : null;
};
