/**
 * Notes at the rows of `sources` how far the answers to their sheets have come.
 */
import type { Knex } from 'knex';
import { tables } from '../../../schema/index.ts';
import type { SheetNote } from '../../../schema/ingest.ts';
import { toRow } from '../../shared/values.ts';

/** What a sync may note; everything else of the row belongs to the bureau or to the ingest. */
const noted = ['file_hash', 'cursor', 'state', 'message', 'proposals'];

/** All notes or none. */
export const noteSheets = (database: Knex, notes: readonly SheetNote[]): Promise<void> =>
  database.transaction(async (trx) => {
    for (const { id, values } of notes) {
      const known = Object.fromEntries(Object.entries(values).filter(([name]) => noted.includes(name)));
      if (Object.keys(known).length) await trx('sources').where({ id }).update(toRow(tables.sources, known));
    }
  });
