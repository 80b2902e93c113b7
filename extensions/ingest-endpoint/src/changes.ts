/**
 * The history that lasts: reads `kehou_changes` of one row. Never writes.
 */
import type { Knex } from 'knex';

/** One change of a row: for each field what it was, what it became, and the cell it came from (null for a screen). */
export interface RowChange {
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  readonly channel: 'sheet' | 'screen';
  readonly source: string | null;
  readonly tab: string | null;
  readonly row: number | null;
  readonly fields: Readonly<Record<string, readonly [unknown, unknown, string | null]>>;
}

interface Stored extends Omit<RowChange, 'at' | 'fields' | 'row'> {
  readonly changed_at: string | number | Date;
  readonly sheet_row: number | null;
  readonly fields: string;
}

/** Newest first. */
export const changesOf = async (database: Knex, collection: string, item: string): Promise<RowChange[]> => {
  const rows: Stored[] = await database('kehou_changes').where({ collection, item }).orderBy('changed_at', 'desc').select('*');
  return rows.map(({ changed_at, sheet_row, fields, action, actor, channel, source, tab }) => ({
    at: new Date(changed_at).toISOString(),
    action,
    actor,
    channel,
    source,
    tab,
    row: sheet_row,
    fields: JSON.parse(fields) as RowChange['fields'],
  }));
};
