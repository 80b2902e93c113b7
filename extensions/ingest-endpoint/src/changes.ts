/**
 * The history that lasts: reads `kehou_changes` of one row. Never writes.
 */
import type { Knex } from 'knex';

/** One change of a row: for each field what it was, what it became, and the cell it came from (null for a screen). */
export interface RowChange {
  readonly at: string;
  readonly action: string;
  readonly actor: string;
  /** The actor's name; null for a program. */
  readonly by: string | null;
  readonly channel: 'sheet' | 'screen';
  readonly source: string | null;
  readonly tab: string | null;
  readonly row: number | null;
  readonly fields: Readonly<Record<string, readonly [unknown, unknown, string | null]>>;
}

interface Stored extends Omit<RowChange, 'at' | 'fields' | 'row' | 'by'> {
  readonly changed_at: string | number | Date;
  readonly sheet_row: number | null;
  readonly fields: string;
}

/** Family name before given name, by user. */
const namesOf = async (database: Knex, users: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const found: { id: string; first_name: string | null; last_name: string | null }[] = await database('directus_users')
    .whereIn('id', [...new Set(users)])
    .whereNotNull('email')
    .select('id', 'first_name', 'last_name');
  return new Map(found.map((one) => [one.id, [one.last_name, one.first_name].filter(Boolean).join('')]));
};

/** Newest first. */
export const changesOf = async (database: Knex, collection: string, item: string): Promise<RowChange[]> => {
  const rows: Stored[] = await database('kehou_changes').where({ collection, item }).orderBy('changed_at', 'desc').select('*');
  const names = await namesOf(
    database,
    rows.map((one) => one.actor).filter((actor) => actor.length === 36),
  );
  return rows.map(({ changed_at, sheet_row, fields, action, actor, channel, source, tab }) => ({
    at: new Date(changed_at).toISOString(),
    action,
    actor,
    by: names.get(actor) || null,
    channel,
    source,
    tab,
    row: sheet_row,
    fields: JSON.parse(fields) as RowChange['fields'],
  }));
};
