/**
 * Figures that follow from others in the same row. Computed in one place, whoever changed the row.
 * Never touches a field that somebody enters.
 */

type Values = Readonly<Record<string, unknown>>;

/** Per cent with two decimals (T1 #8: 2309 of 2356 is 98.01); null where there is nothing to divide by. */
export const rateOf = (part: unknown, total: unknown): number | null =>
  typeof part === 'number' && typeof total === 'number' && total > 0 ? Math.round((part / total) * 10000) / 100 : null;

/** One figure that an inspection holds against what the school reported. */
interface Held {
  readonly claimed?: unknown;
  readonly verified?: unknown;
}

/** A figure as a form hands it over: typed figures come as text. */
const figureOf = (value: unknown): number | null => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null;
};

const agreement = ({ claimed, verified }: Held): number[] => {
  const [said, seen] = [figureOf(claimed), figureOf(verified)];
  if (said === null || seen === null || said < 0 || seen < 0) return [];
  const most = Math.max(said, seen);
  return [most === 0 ? 1 : Math.min(said, seen) / most];
};

/**
 * Verified ÷ claimed, per cent, over all figures that were looked at; null where none was. Where more was found than was claimed the
 * fraction is turned round: too little reported is as wrong as too much, and must not hide it.
 */
export const accuracyOf = (checklist: unknown): number | null => {
  const ratios = (Array.isArray(checklist) ? (checklist as Held[]) : []).flatMap(agreement);
  return ratios.length ? Math.round((ratios.reduce((sum, one) => sum + one, 0) / ratios.length) * 10000) / 100 : null;
};

const derivations: Readonly<Record<string, (row: Values) => Record<string, unknown>>> = {
  monthly_reports: (row) => ({ rate: rateOf(row.participants, row.enrolled), staff_rate: rateOf(row.staff_participating, row.staff_total) }),
  inspections: (row) => ({ accuracy: accuracyOf(row.checklist) }),
};

/** The derived fields of a whole row of `table`; empty where the table has none. */
export const derive = (table: string, row: Values): Record<string, unknown> => derivations[table]?.(row) ?? {};
