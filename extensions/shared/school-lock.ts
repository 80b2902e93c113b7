/**
 * One at a time for a school: the ingest of its workbooks and the decisions on its conflicts wait for each other.
 */
import type { Knex } from 'knex';
import { isPostgres } from './is-postgres.ts';

/** Held until the transaction ends. SQLite has a single writer anyway. */
export const lockSchool = async (trx: Knex, school: string): Promise<void> => {
  if (isPostgres(trx)) await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`kehou:${school}`]);
};
