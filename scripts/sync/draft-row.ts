/**
 * A row while it is being read: its values, where they stood, and what is wrong with them.
 */
import type { NormalValue, Problem, RawCell } from '../../schema/parsed.ts';
import { type ProblemCode, problem } from '../../schema/problems.ts';
import { address } from './plain-text.ts';

/** Collects what one tab gives. */
export interface Findings {
  readonly tab: string;
  readonly problems: Problem[];
}

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
}

export const newDraft = (row: number): DraftRow => ({ row, id: null, values: {}, places: {}, shown: {}, unread: new Set(), feeUnits: {} });

/** Remembers where a header's value stands in this row. */
export const place = (draft: DraftRow, header: string, at: number, cell: RawCell | null): void => {
  draft.places[header] = at;
  draft.shown[header] = cell?.text ?? '';
};

/** The address of a header's cell in this row. */
export const cellOf = (draft: DraftRow, header: string): string => {
  const at = draft.places[header];
  return at === undefined ? '' : address(draft.row, at);
};

/** Reports something about the cell of `header`. */
export const report = (findings: Findings, draft: DraftRow, header: string, code: ProblemCode, detail?: string, rule?: string): void => {
  findings.problems.push(
    problem(
      code,
      {
        tab: findings.tab,
        cell: cellOf(draft, header),
        row: draft.row,
        header,
        value: draft.shown[header] ?? '',
        ...(detail === undefined ? {} : { detail }),
      },
      rule,
    ),
  );
};
