/**
 * Runs statements on SQLite's own connection and keeps them prepared. Knex prepares a statement for each query and finalizes it
 * after, and SQLite makes the calling thread wait with that until the statements beside it have ended: nothing would be planned
 * while rows are being written. Knows nothing of what the statements say.
 */
import type { Knex } from 'knex';

type Failure = Error | null;

/** What the driver of SQLite gives us to work with. */
interface Statement {
  all(bindings: readonly Knex.Value[], done: (error: Failure, rows: unknown[]) => void): void;
  /** Waits for its turn where the statement is being run. */
  finalize(): void;
}
interface Connection {
  prepare(sql: string, done: (error: Failure) => void): Statement;
}
interface Pool {
  on(event: 'destroyRequest', handler: (event: number, connection: Connection) => void): void;
}

interface Kept {
  readonly statement: Statement;
  readonly ready: Promise<void>;
}

const keptBy = new WeakMap<Connection, Map<string, Kept>>();

/** Each table has a handful; a model that changes leaves some behind. */
const mostKept = 500;

const prepare = (connection: Connection, sql: string): Kept => {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  return { statement: connection.prepare(sql, (error) => (error ? reject(error) : resolve())), ready };
};

const forget = (kept: Map<string, Kept>, sql: string): void => {
  kept.get(sql)?.statement.finalize();
  kept.delete(sql);
};

const prepared = async (connection: Connection, sql: string): Promise<Statement> => {
  const kept = keptBy.get(connection) as Map<string, Kept>;
  const found = kept.get(sql) ?? prepare(connection, sql);
  // Those used last stand last.
  kept.delete(sql);
  kept.set(sql, found);
  if (kept.size > mostKept) forget(kept, kept.keys().next().value as string);
  try {
    await found.ready;
  } catch (error) {
    // One that could not be prepared has been finalized already.
    kept.delete(sql);
    throw error;
  }
  return found.statement;
};

/** Has the connection of a transaction of `database` keep its statements; those left are finalized before it is closed, which SQLite demands. */
export const keepStatements = async (database: Knex, trx: Knex): Promise<void> => {
  const connection = (await trx.client.acquireConnection()) as Connection;
  if (keptBy.has(connection)) return;
  const kept = new Map<string, Kept>();
  keptBy.set(connection, kept);
  (database.client.pool as Pool).on('destroyRequest', (_event, closing) => {
    if (closing === connection) for (const sql of [...kept.keys()]) forget(kept, sql);
  });
};

/** The rows that a statement gives, on a connection that keeps them. Several may be under way at a time, and end in no certain order. */
export const runStatement = async (trx: Knex, sql: string, bindings: readonly Knex.Value[]): Promise<unknown[]> => {
  const statement = await prepared((await trx.client.acquireConnection()) as Connection, sql);
  return new Promise((resolve, reject) => {
    statement.all(bindings, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
};
