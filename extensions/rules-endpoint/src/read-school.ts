/**
 * Reads what is asked of one school: whole tables by school and term, only the columns named.
 */
import type { Knex } from 'knex';
import type { Field, Fields } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import { unreportedStates } from '../../../schema/monthly-return.ts';
import { fromColumn } from '../../shared/values.ts';

export interface SchoolRequest {
  readonly school: string;
  readonly term: string;
  /** First month of returns, `2026-01`. */
  readonly since: string;
  /** Table -> names of fields; `id` always comes. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

type Values = Record<string, unknown>;

const fieldsOf = (name: string): Fields => tables[name as TableName].fields as Fields;

const tableFault = (name: string, columns: unknown): string | null => {
  if (!(name in tables) || !('school' in fieldsOf(name))) return `${name}: no table of schools`;
  if (!Array.isArray(columns)) return `${name}: columns must be a list`;
  const unknown = columns.filter((column) => typeof column !== 'string' || !(column in fieldsOf(name)));
  return unknown.length ? `${name}: no column ${unknown.join(', ')}` : null;
};

/** What is wrong with a request; null where it can be answered. */
export const requestFault = (request: SchoolRequest | undefined): string | null => {
  if (typeof request?.school !== 'string' || typeof request.term !== 'string' || typeof request.since !== 'string')
    return 'school, term and since are required';
  if (typeof request.columns !== 'object' || request.columns === null) return 'columns are required';
  return (
    Object.entries(request.columns)
      .map(([name, columns]) => tableFault(name, columns))
      .find((fault) => fault !== null) ?? null
  );
};

/** The rows of a table that concern the school and the term. */
const rowsOf = (database: Knex, name: TableName, request: SchoolRequest): Knex.QueryBuilder => {
  const found = database(name).where({ school: request.school });
  // What nobody in the school has answered for is no return yet; it matters only where its due day was put off.
  if (name === 'monthly_reports')
    return found.where('month', '>=', request.since).where((query) =>
      query
        .whereNull('state')
        .orWhereNotIn('state', [...unreportedStates])
        .orWhereNotNull('due_on'),
    );
  if (name === 'notice_copies')
    return found.whereIn('notice', database('notices').where({ school: request.school, term: request.term }).select('id'));
  return 'term' in fieldsOf(name) ? found.where({ term: request.term }) : found;
};

const plainKinds = new Set(['text', 'longText', 'choice', 'classNo', 'code', 'link', 'month', 'phone', 'html']);

const readTable = async (database: Knex, name: TableName, request: SchoolRequest): Promise<Values[]> => {
  const columns = request.columns[name] ?? [];
  const rows: Values[] = await rowsOf(database, name, request)
    .orderBy('id')
    .select(['id', ...columns]);
  // Most columns are kept as they are; only the others need a look in every row.
  const converted = columns
    .map((column): [string, Field] => [column, fieldsOf(name)[column] as Field])
    .filter(([, field]) => !plainKinds.has(field.kind));
  for (const row of rows) for (const [column, field] of converted) row[column] = fromColumn(field, row[column]);
  return rows;
};

/** Table -> rows in normal form, in the order of their ids. */
export const readSchool = async (database: Knex, request: SchoolRequest): Promise<Record<string, Values[]>> => {
  const answer: Record<string, Values[]> = {};
  for (const name of Object.keys(request.columns)) answer[name] = await readTable(database, name as TableName, request);
  return answer;
};
