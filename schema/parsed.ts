/**
 * The shapes that travel between the readers of spreadsheets, the parser and the ingest endpoint.
 * Types only: nothing here reads, writes or decides.
 */
import type { TableName } from './index.ts';
import type { ProblemCode } from './problems.ts';

/** One cell as a file holds it. Blank cells are `null` in their row. */
export interface RawCell {
  /** As a person sees it in the sheet: `2026/9/2`, `1.38E+10`, `#N/A`. */
  readonly text: string;
  /** As it is stored. A date is its serial number: see `format` and the tab's `date1904`. */
  readonly value: string | number | boolean | null;
  /** Number format, where the cell holds a number that is not shown in the general format. */
  readonly format?: string;
  /** The value is the cached result of a formula. */
  readonly formula?: true;
  /** An error constant or a formula that failed. */
  readonly error?: true;
}

/** A merged area, both corners inside; indexes of `rows` and of a row, from 0. */
export interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** One tab of a workbook (or a whole csv file), as it stands in the file. */
export interface RawTab {
  /** Title of the tab; '' for csv. */
  readonly name: string;
  /** `rows[0]` is row 1: blank and hidden rows are kept, so row numbers stay true. In csv a row is a record, not a line. */
  readonly rows: readonly (readonly (RawCell | null)[])[];
  readonly merges: readonly Merge[];
  /** 1-based numbers of hidden rows, and who hid them. */
  readonly hiddenRows: { readonly byHand: readonly number[]; readonly byFilter: readonly number[] };
  /** Indexes of hidden columns, from 0. */
  readonly hiddenColumns: readonly number[];
  /** Serial dates count from 1904-01-01 (old Excel for Mac). */
  readonly date1904: boolean;
  /** csv: what a cell showed is all that is left of it. */
  readonly plainText?: true;
  /** The tab itself is hidden (`very`: only a program can show it again). */
  readonly hidden?: true | 'very';
}

/** A value in its normal form (see DOMAIN and tests/fixtures/legacy/README.md). Blank cells have no key at all. */
export type NormalValue = string | number | boolean | readonly string[] | readonly number[];

/** One data row of a tab. */
export interface ParsedRow {
  /** 1-based row number in the sheet. */
  readonly row: number;
  /** 行号 as the sheet has it, damaged ones too: whose row it is, only the ingest endpoint can tell. */
  readonly id: string | null;
  /** Canonical header -> normal value. 班级 is a whole number where there is one, else its name. */
  readonly values: Readonly<Record<string, NormalValue>>;
  /** Canonical header -> address of its cell (`D12`), only where that is not in the tab's column for it (`letters`) and this row. */
  readonly cells?: Readonly<Record<string, string>>;
}

/** `error`: the row is refused until somebody mends it. `warning`: the row is taken and the matter reported as 提示. */
export type Severity = 'error' | 'warning';

/** What a conflict is about, so that the bureau can decide it in Directus. */
export interface Conflict {
  readonly table: TableName;
  readonly item: string;
  /** The field; for words that name a linked row, the link. */
  readonly field: string;
  /** Values in normal form; null for blank. */
  readonly sheet: unknown;
  readonly live: unknown;
  /** The same as people read them. */
  readonly shownSheet: string;
  readonly shownLive: string;
  /** What the agreement of the row has to say once somebody has chosen: the sheet's present value, and for a link its words. */
  readonly agreement: Readonly<Record<string, unknown>>;
}

export interface Problem {
  /** `D12`. */
  readonly cell: string;
  readonly row: number;
  /** Canonical header. */
  readonly header: string;
  readonly code: ProblemCode;
  /** The cell as displayed; '' if blank. */
  readonly value: string;
  /** Chinese: where, what, and what to do. */
  readonly message: string;
  readonly severity: Severity;
  readonly conflict?: Conflict;
  /** Rule that is touched: `R-F1`. */
  readonly rule?: string;
}

export interface IgnoredRow {
  readonly row: number;
  /** Chinese. */
  readonly reason: string;
}

/**
 * What one table of a tab says. rows + ignoredRows + header rows = every row up to the last filled one, or of the `area`
 * where the tab holds more than this table.
 *
 * In a form (one line per field, a record down each column) a record bears the number of a line that belongs to it alone, so that
 * this sum holds; the lines that carry the other fields are its header rows. Its cells and sentences name the true places.
 */
export interface ParsedTab {
  readonly tab: string;
  /** The part of the tab that this table has to itself, `A1:D40`; absent where it has the whole tab. */
  readonly area?: string;
  /** null: the tab holds none of our tables and is left alone. */
  readonly table: TableName | null;
  /** Last header row, 1-based; null where `table` is null. */
  readonly headerRow: number | null;
  readonly headerRows: readonly number[];
  readonly rows: readonly ParsedRow[];
  readonly problems: readonly Problem[];
  readonly ignoredRows: readonly IgnoredRow[];
  /** Index of the columns that stand in the sheet, from 0, by canonical header; more than one for tick columns. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
  /** Canonical header -> letters of the column in which its cells stand, blank and unreadable ones too (`cellOf` of cells.ts). */
  readonly letters: Readonly<Record<string, string>>;
}
