/**
 * Many rows in one statement: they travel as one JSON text that the database takes apart itself. Thousands of separate
 * values are what makes a bulk write slow, and SQLite limits them. Knows columns, never what they mean.
 */
import type { Knex } from 'knex';

/** Values by column, in the form of `toJson` (extensions/shared/values.ts); lists and objects are stored as JSON text. */
export type JsonRow = Readonly<Record<string, unknown>>;

export interface Bulk {
  readonly table: string;
  /** Columns that `rows` fill; one that a row lacks is null. */
  readonly columns: readonly string[];
  readonly rows: readonly JsonRow[];
  /** Columns with the same value in every row: sent once. */
  readonly same?: Readonly<Record<string, string | number | null>>;
}

export const isPostgres = (database: Knex): boolean => ['pg', 'postgres'].includes(String(database.client.config.client));

/** A moment as a column of time takes it from JSON. */
export const momentFor = (database: Knex, moment: Date): string | number => (isPostgres(database) ? moment.toISOString() : moment.getTime());

/** A few megabytes of text at a time, so that memory stays flat for a school of any size. */
const rowsAtOnce = 2000;

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const listed = (names: readonly string[]): string => names.map(quoted).join(', ');

/** PostgreSQL refuses half of a surrogate pair; as any other binding it would have become U+FFFD on its way. */
const wellFormed = (_key: string, value: unknown): unknown => (typeof value === 'string' ? Buffer.from(value).toString() : value);
const jsonOf = (value: unknown): string => {
  const text = JSON.stringify(value);
  return /\\ud[89a-f]/i.test(text) ? JSON.stringify(value, wellFormed) : text;
};

/** A select that gives `columns` and then those of `same`. */
interface Source {
  readonly sql: string;
  readonly bindings: readonly Knex.Value[];
}

/** Rows as lists: SQLite finds the n-th entry sooner than a name. */
const sqliteSource = ({ columns, rows, same = {} }: Bulk): Source => {
  const own = columns.map((name, index) => `json_extract(value, '$[${index}]') as ${quoted(name)}`);
  const shared = Object.keys(same).map((name) => `? as ${quoted(name)}`);
  return {
    sql: `select ${[...own, ...shared].join(', ')} from json_each(?) where true`,
    bindings: [...Object.values(same), jsonOf(rows.map((row) => columns.map((name) => row[name] ?? null)))],
  };
};

/** The table's own row type says how each value is to be read. */
const postgresSource = ({ table, columns, rows, same = {} }: Bulk): Source => ({
  sql: `select ${listed([...columns, ...Object.keys(same)])} from json_populate_recordset(json_populate_record(null::${quoted(table)}, ?::json), ?::json) where true`,
  bindings: [jsonOf(same), jsonOf(rows)],
});

const sourceOf = (trx: Knex, bulk: Bulk): Source => (isPostgres(trx) ? postgresSource(bulk) : sqliteSource(bulk));

const run = async <T>(trx: Knex, sql: string, bindings: readonly Knex.Value[]): Promise<T[]> => {
  const result: unknown = await trx.raw(sql, [...bindings]);
  return (Array.isArray(result) ? result : (result as { readonly rows: T[] }).rows) as T[];
};

const insert = async <T>(trx: Knex, bulk: Bulk, ending: string): Promise<T[]> => {
  const results: T[] = [];
  const into = `insert into ${quoted(bulk.table)} (${listed([...bulk.columns, ...Object.keys(bulk.same ?? {})])})`;
  for (const rows of chunksOf(bulk.rows, rowsAtOnce)) {
    const source = sourceOf(trx, { ...bulk, rows });
    for (const made of await run<T>(trx, `${into} ${source.sql} ${ending}`, source.bindings)) results.push(made);
  }
  return results;
};

/** Inserts the rows, in one statement for every two thousand. */
export const insertRows = async (trx: Knex, bulk: Bulk): Promise<void> => void (await insert(trx, bulk, ''));

/** Inserts the rows and gives back the named columns of each as the database made them, in no certain order. */
export const insertReturning = <T>(trx: Knex, bulk: Bulk, columns: readonly (keyof T & string)[]): Promise<T[]> =>
  insert<T>(trx, bulk, `returning ${listed(columns)}`);

/** Inserts the rows; one whose `key` is there already takes the new values. */
export const upsertRows = async (trx: Knex, bulk: Bulk, key: readonly string[]): Promise<void> => {
  const others = [...bulk.columns, ...Object.keys(bulk.same ?? {})].filter((name) => !key.includes(name));
  const taken = others.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ');
  await insert(trx, bulk, `on conflict (${listed(key)}) do update set ${taken}`);
};

/** Gives the rows named by their `id` new values in the other columns. */
export const updateRows = async (trx: Knex, bulk: Bulk): Promise<void> => {
  const taken = [...bulk.columns.filter((name) => name !== 'id'), ...Object.keys(bulk.same ?? {})];
  const set = taken.map((name) => `${quoted(name)} = n.${quoted(name)}`).join(', ');
  for (const rows of chunksOf(bulk.rows, rowsAtOnce)) {
    const source = sourceOf(trx, { ...bulk, rows });
    await run(trx, `update ${quoted(bulk.table)} set ${set} from (${source.sql}) n where ${quoted(bulk.table)}."id" = n."id"`, source.bindings);
  }
};
