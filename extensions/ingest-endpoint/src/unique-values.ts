/**
 * Fields that staff made unique: who has which value, and which rows of a sheet claim one that is taken. The database would refuse the
 * whole workbook; here only the row is.
 */
import type { Knex } from 'knex';
import type { Field, Fields } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import type { LiveTables } from '../../../schema/live-tables.ts';
import { fromColumn } from '../../shared/values.ts';
import { runQuery } from './bulk.ts';
import type { Holder, LiveTable } from './plan-types.ts';

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === '';

export const uniqueFields = (fields: Fields): [string, Field][] => Object.entries(fields).filter(([, field]) => field.unique === true);

/** What every row of the table has in its unique fields; undefined where no field is unique, as in the model. */
export const loadTaken = async (trx: Knex, name: TableName, tables: LiveTables): Promise<LiveTable['taken']> => {
  const unique = uniqueFields(tables[name].fields);
  if (unique.length === 0) return undefined;
  const taken = new Map<string, Map<string, Holder>>(unique.map(([field]) => [field, new Map()]));
  const rows = await runQuery<Record<string, unknown>>(trx, trx(name).select('id', ...unique.map(([field]) => field)));
  for (const row of rows)
    for (const [field, what] of unique) {
      const value = fromColumn(what, row[field]);
      if (!isNothing(value)) taken.get(field)?.set(String(value), { id: String(row.id) });
    }
  return taken;
};

/** Which of these values another row has, and where. */
export const takenBy = (live: LiveTable, id: string, values: Readonly<Record<string, unknown>>): { field: string; holder: Holder }[] =>
  [...(live.taken ?? [])].flatMap(([field, holders]) => {
    const value = values[field];
    const holder = isNothing(value) ? undefined : holders.get(String(value));
    return holder && holder.id !== id ? [{ field, holder }] : [];
  });

/** From here on these values are the row's. What it had before stays its own until the next sync: the database changes rows in no order. */
export const claimValues = (live: LiveTable, holder: Holder, values: Readonly<Record<string, unknown>>): void => {
  for (const [field, holders] of live.taken ?? []) if (!isNothing(values[field])) holders.set(String(values[field]), holder);
};

/** Where the holder of a value is, in words for a school: never whose row of another school it is. */
export const holderWords = ({ row }: Holder): string =>
  row === undefined ? '系统里的另一行已经用了它(可能是别的学校,或已经不在表里的一行)' : `第 ${row} 行已经用了它`;
