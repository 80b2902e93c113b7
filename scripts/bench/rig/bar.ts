/**
 * The shape of a bar: a promise of DESIGN section 10, measured beside the plain way of doing the same in one run.
 * Types and the verdict only; it measures nothing.
 */
import type { Progress } from '../../cli.ts';

/** What every bar is handed. */
export interface BenchContext {
  /** The whole county (200 workbooks, 100,000 students) instead of a part of it. */
  readonly full: boolean;
  /** A folder of this run's own, gone afterwards. */
  readonly folder: string;
  readonly progress: Progress;
}

/** One measured promise. Ratios count, not seconds: both sides ran on the same machine, one after the other. */
export interface Bar {
  readonly name: string;
  /** One sentence, Chinese first: what is compared with what. */
  readonly what?: string;
  /** Of `ours` and `against`; milliseconds unless said. */
  readonly unit?: string;
  readonly ours: number;
  /** The plain way; null where the bar is a limit. */
  readonly against: number | null;
  /** Ours as a multiple of the plain way, in `unit`; null where there is nothing to compare with. */
  readonly ratio: number | null;
  /** The promise: a ratio where there is one, else a figure in `unit`. */
  readonly bar: number;
  readonly pass: boolean;
  /** Other figures of the same measurement, for those who want to know where time goes. */
  readonly details?: Readonly<Record<string, number | string>>;
  readonly note?: string;
}

export type MeasureBar = (context: BenchContext) => Promise<Bar>;

type Measured = Omit<Bar, 'ratio' | 'pass'>;

const ratioOf = ({ ours, against }: Measured): number | null => (against === null ? null : ours / against);

/** A promise to be at least so many times, or at least so much. */
export const atLeast = (measured: Measured): Bar => {
  const ratio = ratioOf(measured);
  return { ...measured, ratio, pass: (ratio ?? measured.ours) >= measured.bar };
};

/** A promise to be at most so many times, or at most so much. */
export const atMost = (measured: Measured): Bar => {
  const ratio = ratioOf(measured);
  return { ...measured, ratio, pass: (ratio ?? measured.ours) <= measured.bar };
};
