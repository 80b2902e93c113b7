/**
 * What reading one cell gives, and what a reader may know besides the cell.
 * Types and two small makers: the readers are in read-*.ts, their table in read-cell.ts.
 */
import type { NormalValue, RawCell } from '../../schema/parsed.ts';
import type { ProblemCode } from '../../schema/problems.ts';

/** Blank: neither. Readable: `value`. Unreadable: `code`. Readable but against a rule, or only nearly certain: both. */
export interface Reading {
  readonly value?: NormalValue;
  readonly code?: ProblemCode;
  /** The one thing more that the code's sentence needs. */
  readonly detail?: string;
  /** Unit that stood beside an amount of money, as 收费单位 has it. */
  readonly feeUnit?: string;
}

export interface Surroundings {
  /** Serial dates of this tab count from 1904. */
  readonly date1904: boolean;
}

export const blank: Reading = {};
export const value = (it: NormalValue): Reading => ({ value: it });
export const fault = (code: ProblemCode, detail?: string): Reading => (detail === undefined ? { code } : { code, detail });

/** The number in a cell, where the file stores one. */
export const numberIn = (cell: RawCell): number | null => (typeof cell.value === 'number' ? cell.value : null);
