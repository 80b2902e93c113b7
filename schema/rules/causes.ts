/**
 * How rules put down what they found: the rows, the figures, the words. Never a name of a person.
 */
import type { TableName } from '../index.ts';
import type { Cause, Evidence, RuleContext } from './types.ts';

export const evidence = (collection: TableName, id: string, note?: string): Evidence =>
  note === undefined ? { collection, id } : { collection, id, note };

/** The rows of one table as evidence; `note` says the figure of a row. */
export const rowsOf = <T extends { readonly id: string }>(collection: TableName, rows: readonly T[], note?: (row: T) => string): Evidence[] =>
  rows.map((row) => evidence(collection, row.id, note?.(row)));

interface Found {
  readonly rows: readonly Evidence[];
  readonly message: string;
  readonly atStake?: number;
  /** Told apart from another cause of the same rule and time. */
  readonly about?: string;
}

const causeOf = (time: string, month: string | null, found: Found): Cause => ({
  cause: found.about ? `${time}/${found.about}` : time,
  month,
  message: found.message,
  rows: found.rows,
  ...(found.atStake === undefined ? {} : { atStake: Math.round(found.atStake * 100) / 100 }),
});

/** A cause of the whole term, if `when`. */
export const termCause = (context: RuleContext, when: boolean, found: () => Found): Cause[] =>
  when ? [causeOf(context.term.id, null, found())] : [];

/** A cause of each month for which `find` has something to say. */
export const monthCauses = (context: RuleContext, find: (month: string) => Found | null): Cause[] =>
  context.months.flatMap((month) => {
    const found = find(month);
    return found ? [causeOf(month, month, found)] : [];
  });

/** Months of the returns that say that there was service. */
export const served = (context: RuleContext, month: string) => {
  const report = context.index.reports.get(month);
  return report && report.provides_service !== false ? report : null;
};
