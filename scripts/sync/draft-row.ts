/**
 * A row while it is being read: its values, where they stood, and what is wrong with them.
 */
import type { NormalValue, Problem, RawCell } from '../../schema/parsed.ts';
import { type ProblemCode, problem } from '../../schema/problems.ts';
import { address } from './plain-text.ts';

/** Where a place of the table that is read stands in the sheet: row from 1, column from 0. */
export type Origin = (row: number, column: number) => { readonly row: number; readonly column: number };

/** Collects what one table gives. */
export interface Findings {
  readonly tab: string;
  readonly problems: Problem[];
  /** Null: the table stands in the sheet as it is read. A form is read as if its lines were columns. */
  readonly origin: Origin | null;
}

/** One place of the table, and what is to be said of it. */
export interface Finding {
  readonly row: number;
  readonly at: number;
  readonly header: string;
  readonly value: string;
  readonly detail?: string;
}

const placed = ({ origin }: Findings, row: number, column: number): ReturnType<Origin> => origin?.(row, column) ?? { row, column };

/** The address in the sheet of a place of the table. */
export const addressOf = (findings: Findings, row: number, at: number): string => {
  const place = placed(findings, row, at);
  return address(place.row, place.column);
};

/** Adds a problem. It belongs to the row of the table; its sentence names the row of the sheet. */
export const add = (findings: Findings, code: ProblemCode, { row, at, header, value, detail }: Finding, rule?: string): void => {
  const place = placed(findings, row, at);
  const where = { tab: findings.tab, cell: address(place.row, place.column), row: place.row, header, value };
  findings.problems.push({ ...problem(code, detail === undefined ? where : { ...where, detail }, rule), row });
};

export interface DraftRow {
  /** 1-based. */
  readonly row: number;
  id: string | null;
  readonly values: Record<string, NormalValue>;
  /** Canonical header -> index of the sheet column. */
  readonly places: Record<string, number>;
  readonly shown: Record<string, string>;
  /** Headers whose cell could not be read. */
  readonly unread: Set<string>;
  /** Unit that stood beside an amount: header -> 收费单位. */
  readonly feeUnits: Record<string, string>;
  /** Headers whose cell says 不适用 in place of a figure. */
  readonly notApplicable: Set<string>;
}

export const newDraft = (row: number): DraftRow => ({
  row,
  id: null,
  values: {},
  places: {},
  shown: {},
  unread: new Set(),
  feeUnits: {},
  notApplicable: new Set(),
});

/** Remembers where a header's value stands in this row. */
export const place = (draft: DraftRow, header: string, at: number, cell: RawCell | null): void => {
  draft.places[header] = at;
  draft.shown[header] = cell?.text ?? '';
};

/** A header's cell in another row, in words: 第 2 行(A2). */
export const placeWords = (findings: Findings, draft: DraftRow, header: string): string => {
  const at = draft.places[header];
  if (at === undefined) return `第 ${draft.row} 行`;
  return `第 ${placed(findings, draft.row, at).row} 行(${addressOf(findings, draft.row, at)})`;
};

/** Reports something about the cell of `header`. */
export const report = (findings: Findings, draft: DraftRow, header: string, code: ProblemCode, detail?: string, rule?: string): void => {
  const finding = { row: draft.row, at: draft.places[header] ?? 0, header, value: draft.shown[header] ?? '' };
  add(findings, code, detail === undefined ? finding : { ...finding, detail }, rule);
};
