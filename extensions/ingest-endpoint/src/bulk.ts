/**
 * Many rows in one statement: they travel as one JSON text that the database takes apart or puts together itself. Thousands
 * of separate values are what makes bulk work slow, and SQLite limits them. Knows columns, never what they mean.
 */
import type { Knex } from 'knex';
import { runStatement } from './sqlite-statements.ts';

/** Values by column, in the form of `toJson` (extensions/shared/values.ts); lists and objects are stored as JSON text. */
export type JsonRow = Readonly<Record<string, unknown>>;

export interface Bulk {
  readonly table: string;
  /** Columns that `rows` fill; one that a row lacks is null. */
  readonly columns: readonly string[];
  readonly rows: readonly JsonRow[];
  /** Columns that get what another has: sent once. */
  readonly copies?: Readonly<Record<string, string>>;
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

type Quote = (name: string) => string;
/** In double quotes SQLite takes a column that is not there for a piece of text; in its own quotes it says so. */
const quoteFor = (database: Knex): Quote => {
  const mark = isPostgres(database) ? '"' : '`';
  return (name) => mark + name.replaceAll(mark, mark + mark) + mark;
};

/** PostgreSQL refuses half of a surrogate pair; as any other binding it would have become U+FFFD on its way. */
const wellFormed = (_key: string, value: unknown): unknown => (typeof value === 'string' ? Buffer.from(value).toString() : value);
const jsonOf = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.includes('\\ud') ? JSON.stringify(value, wellFormed) : text;
};

/** A select that gives `columns`, then those of `copies` and of `same`. */
interface Source {
  readonly sql: string;
  readonly bindings: readonly Knex.Value[];
}

/** Rows as lists: SQLite finds the n-th entry sooner than a name. A list or an object in a row comes out as its JSON text. */
const sqliteSource = ({ columns, rows, copies = {}, same = {} }: Bulk, quote: Quote): Source => {
  const entry = (from: string, name: string) => `json_extract(value, '$[${columns.indexOf(from)}]') as ${quote(name)}`;
  const own = [...columns.map((name) => entry(name, name)), ...Object.entries(copies).map(([name, from]) => entry(from, name))];
  const shared = Object.keys(same).map((name) => `? as ${quote(name)}`);
  return {
    sql: `select ${[...own, ...shared].join(', ')} from json_each(?) where true`,
    bindings: [...Object.values(same), jsonOf(rows.map((row) => columns.map((name) => row[name] ?? null)))],
  };
};

/** The table's own row type says how each value is to be read. */
const postgresSource = ({ table, columns, rows, copies = {}, same = {} }: Bulk, quote: Quote): Source => ({
  sql: `select ${[...columns, ...Object.values(copies), ...Object.keys(same)].map(quote).join(', ')} from json_populate_recordset(json_populate_record(null::${quote(table)}, ?::json), ?::json) where true`,
  bindings: [jsonOf(same), jsonOf(rows)],
});

const sourceOf = (trx: Knex, bulk: Bulk): Source => (isPostgres(trx) ? postgresSource : sqliteSource)(bulk, quoteFor(trx));

const columnsOf = ({ columns, copies = {}, same = {} }: Bulk): string[] => [...columns, ...Object.keys(copies), ...Object.keys(same)];

const run = async <T>(trx: Knex, sql: string, bindings: readonly Knex.Value[]): Promise<T[]> => {
  if (!isPostgres(trx)) return (await runStatement(trx, sql, bindings)) as T[];
  return ((await trx.raw(sql, [...bindings])) as { readonly rows: T[] }).rows;
};

/** The rows that a query of knex gives; on SQLite it is run as all others here are, so that it holds nobody up. */
export const runQuery = async <T>(trx: Knex, query: Knex.QueryBuilder): Promise<T[]> => {
  if (isPostgres(trx)) return (await query) as T[];
  const { sql, bindings } = query.toSQL().toNative();
  return (await runStatement(trx, sql, bindings as Knex.Value[])) as T[];
};

const insert = async <T>(trx: Knex, bulk: Bulk, ending = ''): Promise<T[]> => {
  const results: T[] = [];
  const quote = quoteFor(trx);
  const into = `insert into ${quote(bulk.table)} (${columnsOf(bulk).map(quote).join(', ')})`;
  for (const rows of chunksOf(bulk.rows, rowsAtOnce)) {
    const source = sourceOf(trx, { ...bulk, rows });
    for (const made of await run<T>(trx, `${into} ${source.sql} ${ending}`, source.bindings)) results.push(made);
  }
  return results;
};

/** Inserts the rows, in one statement for every two thousand. */
export const insertRows = async (trx: Knex, bulk: Bulk): Promise<void> => void (await insert(trx, bulk));

/** Inserts the rows and gives back the named columns of each as the database made them, in no certain order. */
export const insertReturning = <T>(trx: Knex, bulk: Bulk, columns: readonly (keyof T & string)[]): Promise<T[]> =>
  insert<T>(trx, bulk, `returning ${columns.map(quoteFor(trx)).join(', ')}`);

/** Inserts the rows; one whose `key` is there already takes the new values. */
export const upsertRows = async (trx: Knex, bulk: Bulk, key: readonly string[]): Promise<void> => {
  const quote = quoteFor(trx);
  const taken = columnsOf(bulk).filter((name) => !key.includes(name));
  await insert(
    trx,
    bulk,
    `on conflict (${key.map(quote).join(', ')}) do update set ${taken.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}`,
  );
};

/** Gives the rows named by their `id` new values in the other columns. */
export const updateRows = async (trx: Knex, bulk: Bulk): Promise<void> => {
  const quote = quoteFor(trx);
  const set = columnsOf(bulk).filter((name) => name !== 'id');
  const changes = set.map((name) => `${quote(name)} = n.${quote(name)}`).join(', ');
  for (const rows of chunksOf(bulk.rows, rowsAtOnce)) {
    const source = sourceOf(trx, { ...bulk, rows });
    await run(trx, `update ${quote(bulk.table)} set ${changes} from (${source.sql}) n where ${quote(bulk.table)}.id = n.id`, source.bindings);
  }
};

/** Both databases limit the arguments of a function to about a hundred. */
const argumentsAtOnce = 90;

const jsonList = (postgres: boolean, columns: readonly string[]): string => `${postgres ? 'json_build_array' : 'json_array'}(${columns.join(', ')})`;

/**
 * All rows of `table` that `where` describes, as lists of the values of `columns` in no certain order. Values are those of the
 * database as JSON has them (`fromColumn` reads them); `json` names the columns of text whose JSON is wanted taken apart.
 */
export const readLists = async (
  trx: Knex,
  table: string,
  columns: readonly string[],
  where: Readonly<Record<string, string>>,
  json: readonly string[] = [],
): Promise<unknown[][]> => {
  const postgres = isPostgres(trx);
  const quote = quoteFor(trx);
  const taken = columns.map((name) => (!json.includes(name) ? quote(name) : postgres ? `${quote(name)}::json` : `json(${quote(name)})`));
  const parts = chunksOf(taken, argumentsAtOnce).map((some) => jsonList(postgres, some));
  const all = `${postgres ? 'json_agg' : 'json_group_array'}(${jsonList(postgres, parts)})`;
  const conditions = Object.keys(where).map((name) => `${quote(name)} = ?`);
  // Taken as text, so that it is parsed once, here.
  const sql = `select ${postgres ? `${all}::text` : all} as rows from ${quote(table)} where ${conditions.join(' and ') || 'true'}`;
  const [found] = await run<{ rows: string | null }>(trx, sql, Object.values(where));
  const lists = JSON.parse(found?.rows ?? '[]') as unknown[][][];
  return lists.map((row) => (row.length === 1 ? (row[0] as unknown[]) : row.flat()));
};
