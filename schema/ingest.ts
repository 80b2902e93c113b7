/**
 * What travels between the sync and the ingest endpoint: parsed tabs of workbooks in, one answer per row out.
 * Pure.
 */
import type { TableName } from './index.ts';
import type { ParsedRow, ParsedTab, Problem } from './parsed.ts';

/** The workbook that the rows come from. */
export interface IngestSource {
  readonly kind: '工作簿' | '谷歌表格' | '网盘';
  /** File name below the sheets folder, or spreadsheet id. */
  readonly place: string;
  readonly own: '系统模板' | '学校自有';
  readonly fileHash: string;
  readonly school: string;
  readonly term: string;
}

export interface IngestRequest {
  readonly source: IngestSource;
  /** Plans and answers, writes nothing. */
  readonly dryRun: boolean;
  /** `tabsMark` of the columns that the tabs were parsed with. */
  readonly model: string;
  readonly tabs: readonly ParsedTab[];
}

export type RowStatus = '已收' | '未变' | '有误' | '冲突' | '待确认';

/** What the school reads beside its row. */
export interface RowAnswer {
  readonly row: number;
  /** 行号 of the row, once it has one. */
  readonly id: string | null;
  readonly status: RowStatus;
  /** Values that Directus has and the sheet should take over, by canonical header. */
  readonly outward: Readonly<Record<string, unknown>>;
}

/** read = taken + unchanged + refused + ignored + conflicts. */
export interface RowCounts {
  readonly read: number;
  readonly taken: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly ignored: number;
  readonly conflicts: number;
  /** Rows that left the sheet and were archived; not among the rows read. */
  readonly archived: number;
}

export interface TabAnswer {
  readonly tab: string;
  /** Null for a tab of which nobody can tell what it is: it has problems, and no rows. */
  readonly table: TableName | null;
  readonly rows: readonly RowAnswer[];
  /** All problems of the tab: those found while reading, and those only the database can see. */
  readonly problems: readonly Problem[];
  readonly counts: RowCounts;
}

export interface IngestAnswer {
  readonly source: string | null;
  readonly tabs: readonly TabAnswer[];
  readonly counts: RowCounts;
}

/** A tab's answer on its way: rows of which there is nothing to tell are left out, since whoever asked has them. */
export interface SentTab extends TabAnswer {
  /** Place of the tab among those of the request. */
  readonly at: number;
}

export interface SentAnswer extends Omit<IngestAnswer, 'tabs'> {
  readonly tabs: readonly SentTab[];
}

/** What became of one of the workbooks that were handed over together, in the order of the requests. */
export type HandedOver = { readonly answer: SentAnswer } | { readonly refused: { readonly message: string; readonly code: string } };

const asRead = ({ row, id }: ParsedRow): RowAnswer => ({ row, id, status: '未变', outward: {} });

const isAsRead = (answer: RowAnswer, read: ParsedRow | undefined): boolean =>
  answer.status === '未变' && read?.row === answer.row && read.id === answer.id && Object.keys(answer.outward).length === 0;

/** Makes the answer short; most rows of a sheet are as they were. Its rows stand in the order of the request's. */
export const packAnswer = (answer: IngestAnswer, places: readonly number[], request: IngestRequest): SentAnswer => ({
  ...answer,
  tabs: answer.tabs.map((tab, index) => {
    const at = places[index] as number;
    return { ...tab, at, rows: tab.rows.filter((one, row) => !isAsRead(one, request.tabs[at]?.rows[row])) };
  }),
});

/** The answer to `request` with every row of it. */
export const unpackAnswer = (sent: SentAnswer, request: IngestRequest): IngestAnswer => ({
  ...sent,
  tabs: sent.tabs.map(({ at, ...tab }) => {
    if (tab.table === null) return tab;
    const told = new Map(tab.rows.map((one) => [one.row, one]));
    const read = (request.tabs[at] as ParsedTab).rows;
    const known = new Set(read.map((row) => row.row));
    // Rows that the answer adds stand below those that were read.
    return { ...tab, rows: [...read.map((row) => told.get(row.row) ?? asRead(row)), ...tab.rows.filter((one) => !known.has(one.row))] };
  }),
});

/** What the sync notes of sheets whose answers are where the school can see them. */
export interface SheetNote {
  /** Row of `sources`. */
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export const noRows: RowCounts = { read: 0, taken: 0, unchanged: 0, refused: 0, ignored: 0, conflicts: 0, archived: 0 };

export const addCounts = (a: RowCounts, b: RowCounts): RowCounts => ({
  read: a.read + b.read,
  taken: a.taken + b.taken,
  unchanged: a.unchanged + b.unchanged,
  refused: a.refused + b.refused,
  ignored: a.ignored + b.ignored,
  conflicts: a.conflicts + b.conflicts,
  archived: a.archived + b.archived,
});
