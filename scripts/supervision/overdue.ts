/**
 * Measures whose time is over and that nobody has looked at again (R-D1). Reads; never writes.
 */
import type { Store } from '../directus/store.ts';
import { isOverdue } from './propose.ts';

export interface OverdueLine {
  readonly inspection: string;
  readonly code: string;
  readonly school: string;
  readonly measure: string;
  readonly deadline: string;
  /** Days since the deadline. */
  readonly days: number;
}

/** The longest overdue first. */
export const listOverdue = async (store: Store, today: string): Promise<OverdueLine[]> => {
  const [rows, schools] = await Promise.all([
    store.readRows('inspections', { filter: { measure: { _nnull: true }, deadline: { _lt: today } }, sort: ['deadline'] }),
    store.readRows('schools', { fields: ['code', 'name'] }),
  ]);
  const names = new Map(schools.map((one) => [one.code, one.name]));
  return rows
    .filter((row) => isOverdue(row, today))
    .map((row) => ({
      inspection: row.id,
      code: row.school,
      school: names.get(row.school) ?? row.school,
      measure: row.measure ?? '',
      deadline: row.deadline ?? '',
      days: Math.round((Date.parse(today) - Date.parse(row.deadline ?? today)) / 86_400_000),
    }));
};
