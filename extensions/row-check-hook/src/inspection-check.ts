/**
 * What an inspection needs before it may be called done, waiting or closed (R-D1: measures have a deadline and are looked at again).
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { fromRow } from '../../shared/values.ts';

type Values = Record<string, unknown>;

const table = tables.inspections as unknown as Table;

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);

/** State -> the fields that it cannot do without; `after` only where a measure was taken. */
const needed: Readonly<Record<string, { readonly always: readonly string[]; readonly after: readonly string[] }>> = {
  已完成: { always: ['inspected_on', 'inspectors'], after: [] },
  待复查: { always: ['inspected_on', 'measure', 'deadline'], after: [] },
  已办结: { always: ['inspected_on'], after: ['rechecked_on', 'recheck'] },
};

const missingIn = (row: Values): string[] => {
  const need = needed[String(row.state)];
  if (!need) return [];
  return [...need.always, ...(isBlank(row.measure) ? [] : need.after)].filter((field) => isBlank(row[field]));
};

/** Refuses a state that the row cannot bear out. `keys` are empty for a new one. */
export const checkInspection = async (payload: Values, keys: readonly string[], database: Knex): Promise<void> => {
  if (!('state' in payload)) return;
  const stored: Values[] = keys.length
    ? await database('inspections')
        .whereIn('id', [...keys])
        .select('*')
    : [{}];
  for (const row of stored.map((one) => ({ ...fromRow(table, one), ...payload }))) {
    const missing = missingIn(row);
    if (missing.length)
      throw new InvalidPayloadError({
        reason: `「督导」写成“${String(payload.state)}”以前,请先填:${missing.map((field) => table.fields[field]?.label ?? field).join('、')}`,
      });
  }
};
