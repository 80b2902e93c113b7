/**
 * Writing goes on while the next tab is planned: the database works in a thread or process of its own.
 * Knows nothing of what is written.
 */
import type { Knex } from 'knex';
import { isPostgres } from '../../shared/is-postgres.ts';
import { keepStatements } from './sqlite-statements.ts';

export interface Writes {
  /** Begins a piece of work; pieces of the same `name` go one after the other. */
  begin(name: string, work: () => Promise<void>): void;
  /** Waits for all of it, also after a failure: a statement that came after the rollback would be kept. Throws what failed first. */
  end(): Promise<void>;
}

export const openWrites = (): Writes => {
  const last = new Map<string, Promise<void>>();
  const begun: Promise<void>[] = [];
  return {
    begin(name, work) {
      const piece = (last.get(name) ?? Promise.resolve()).then(work);
      // Who waits for it at the end hears of its failure.
      piece.catch(() => undefined);
      last.set(name, piece);
      begun.push(piece);
    },
    async end() {
      const ends = await Promise.allSettled(begun);
      const failed = ends.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
};

/** Runs pieces of work side by side and waits for all of them; throws what failed first. */
export const together = async (...work: Promise<unknown>[]): Promise<void> => {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
};

/** Kilobytes of pages that SQLite keeps in memory; its own two megabytes do not hold the indexes of a county. */
const cacheSize = 32_768;

/** Pages that may stand in SQLite's log before they are moved to where they belong, in the midst of a commit; its own thousand is one workbook. */
const logPages = 8000;

/**
 * Within a transaction SQLite may run statements in another order than they were given: links are checked at its end, and a
 * connection that was made anew knows nothing of its cache.
 */
export const prepareTransaction = async (database: Knex, trx: Knex): Promise<void> => {
  if (isPostgres(trx)) return;
  await keepStatements(database, trx);
  await trx.raw(`PRAGMA cache_size = -${cacheSize}`);
  await trx.raw('PRAGMA defer_foreign_keys = ON');
  await trx.raw(`PRAGMA wal_autocheckpoint = ${logPages}`);
};
