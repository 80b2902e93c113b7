/**
 * Many rows in one statement: they travel as one JSON text that the database takes apart or puts together itself. Thousands
 * of separate values are what makes bulk work slow, and SQLite limits them. Knows columns, never what they mean.
 */
import type { Knex } from 'knex';
import { isPostgres } from '../../shared/is-postgres.ts';
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
  readonly same?: Readonly<Record<string, Plain>>;
  /** The one of `columns` that holds nearly all of a row: its values are a list of their own, of which nothing has to be taken apart. */
  readonly carrier?: string;
}

type Plain = string | number | null;

/** A moment as a column of time takes it from JSON. */
export const momentFor = (database: Knex, moment: Date): string | number => (isPostgres(database) ? moment.toISOString() : moment.getTime());

/** A few megabytes of text at a time, so that memory stays flat for a school of any size. */
const rowsAtOnce = 1000;

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

/** Columns that happen to have one plain value in all rows. */
const alikeIn = (columns: readonly string[], rows: readonly JsonRow[]): Map<string, Plain> => {
  const alike = new Map<string, Plain>();
  for (const name of columns) {
    const first = rows[0]?.[name] ?? null;
    if (first !== null && typeof first === 'object') continue;
    if (rows.every((row) => (row[name] ?? null) === first)) alike.set(name, typeof first === 'boolean' ? Number(first) : (first as Plain));
  }
  return alike;
};

/**
 * Rows as lists, of which SQLite finds the n-th entry sooner than a name; beside a carrier each column as one list. A list or an
 * object in a row comes out as its JSON text.
 */
const sqliteSource = ({ columns, rows, copies = {}, same = {}, carrier }: Bulk, quote: Quote): Source => {
  const bindings: Knex.Value[] = [];
  const bound = (value: Knex.Value): string => {
    bindings.push(value);
    return '?';
  };
  const column = (name: string): unknown[] => rows.map((row) => row[name] ?? null);
  const alike = alikeIn(
    columns.filter((name) => name !== carrier),
    rows,
  );
  const listed = columns.filter((name) => !alike.has(name));
  const entry = (name: string): string => {
    if (name === carrier) return 'value';
    const plain = alike.get(name);
    if (plain !== undefined) return bound(plain);
    return carrier ? `${bound(jsonOf(column(name)))} ->> key` : `json_extract(value, '$[${listed.indexOf(name)}]')`;
  };
  const taken = [
    ...columns.map((name) => [name, entry(name)]),
    ...Object.entries(copies).map(([name, from]) => [name, entry(from)]),
    ...Object.entries(same).map(([name, value]) => [name, bound(value)]),
  ] as [string, string][];
  bindings.push(jsonOf(carrier ? column(carrier) : rows.map((row) => listed.map((name) => row[name] ?? null))));
  return { sql: `select ${taken.map(([name, from]) => `${from} as ${quote(name)}`).join(', ')} from json_each(?) where true`, bindings };
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

const insert = async (trx: Knex, bulk: Bulk, ending = ''): Promise<void> => {
  const quote = quoteFor(trx);
  const into = `insert into ${quote(bulk.table)} (${columnsOf(bulk).map(quote).join(', ')})`;
  for (const rows of chunksOf(bulk.rows, rowsAtOnce)) {
    const source = sourceOf(trx, { ...bulk, rows });
    await run(trx, `${into} ${source.sql} ${ending}`, source.bindings);
  }
};

/** Inserts the rows, in one statement for every thousand. */
export const insertRows = (trx: Knex, bulk: Bulk): Promise<void> => insert(trx, bulk);

/** The last number that a transaction of SQLite has given out, by table. */
const lastNumbers = new WeakMap<Knex, Map<string, Promise<number>>>();

const sqliteNumber = async (trx: Knex, table: string): Promise<number> => {
  const [found] = await run<{ seq: number }>(trx, 'select seq from sqlite_sequence where name = ?', [table]);
  return found?.seq ?? 0;
};

/** Ids for `count` new rows of a table that the database numbers. The transaction must have written before: on SQLite nobody else can from then on. */
export const nextNumbers = async (trx: Knex, table: string, count: number): Promise<number[]> => {
  if (isPostgres(trx)) {
    const sql = "select nextval(pg_get_serial_sequence(?, 'id')) as number from generate_series(1, ?::int)";
    return (await run<{ number: string }>(trx, sql, [table, count])).map(({ number }) => Number(number));
  }
  const byTable = lastNumbers.get(trx) ?? new Map<string, Promise<number>>();
  lastNumbers.set(trx, byTable);
  const last = byTable.get(table) ?? sqliteNumber(trx, table);
  byTable.set(
    table,
    last.then((number) => number + count),
  );
  const before = await last;
  return Array.from({ length: count }, (_, index) => before + 1 + index);
};

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
