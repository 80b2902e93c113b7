/**
 * Figures that follow from others in the same row. Computed in one place, whoever changed the row.
 * Never touches a field that somebody enters.
 */

type Values = Readonly<Record<string, unknown>>;

/** Per cent with two decimals (T1 #8: 2309 of 2356 is 98.01); null where there is nothing to divide by. */
export const rateOf = (part: unknown, total: unknown): number | null =>
  typeof part === 'number' && typeof total === 'number' && total > 0 ? Math.round((part / total) * 10000) / 100 : null;

const derivations: Readonly<Record<string, (row: Values) => Record<string, unknown>>> = {
  monthly_reports: (row) => ({ rate: rateOf(row.participants, row.enrolled), staff_rate: rateOf(row.staff_participating, row.staff_total) }),
};

/** The derived fields of a whole row of `table`; empty where the table has none. */
export const derive = (table: string, row: Values): Record<string, unknown> => derivations[table]?.(row) ?? {};
