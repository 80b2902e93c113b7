/**
 * How much a reader takes on, and how it says no: a workbook beyond these bounds is refused with a sentence, before it costs memory.
 * The bounds stand far above what a school keeps (3,000 students in 30 columns are 90,000 cells) and far below what hurts a small machine.
 */
import type { ProblemCode } from '../../schema/problems.ts';

export const readingLimits = {
  /** Bytes of the file. A school's year of returns is under 2 MB; what is larger is pictures, or a sheet blown up by stray formats. */
  file: 40_000_000,
  /** Parts inside a zip, pictures included. */
  parts: 5_000,
  /** Bytes of all parts that are read, unpacked. */
  unpacked: 120_000_000,
  /** Worksheets: a tab per class of the largest school, several times over. */
  tabs: 300,
  /** Rows of all worksheets together, empty ones with a format included. */
  rows: 200_000,
  /** Cells of all worksheets together that hold something. */
  cells: 500_000,
  /** Places that rows take up, from column A to their last cell, blank ones between them included. */
  places: 4_000_000,
  /** Merged areas, and the rows that they cover together. */
  merges: 50_000,
  mergedRows: 1_000_000,
} as const;

/** A file that is not read, and why: ends in a `FileProblem`, never in a stack trace. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  constructor(code: ProblemCode, detail?: string) {
    super(detail ?? code);
    this.code = code;
    this.detail = detail;
  }
}

export const damaged = (): Refusal => new Refusal('unreadable/damaged');
export const unsafe = (detail: string): Refusal => new Refusal('unreadable/unsafe', detail);
export const tooLarge = (detail: string): Refusal => new Refusal('unreadable/too-large', detail);
