/**
 * Cells to be written, and the requests that write them. Content goes in typed, never parsed: a text that begins with = + - @
 * stays a text, and a date stays the day that it is.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { CellContent } from '../format-value.ts';

export type Request = sheets_v4.Schema$Request;
type CellData = sheets_v4.Schema$CellData;
type ExtendedValue = sheets_v4.Schema$ExtendedValue;

/** Google keeps no more characters in one cell. */
const longestText = 50_000;

/** Row and column from 0. */
export interface CellWrite {
  readonly row: number;
  readonly column: number;
  readonly content: CellContent | boolean;
  /** Address that the cell leads to: `#gid=12&range=D4`. Null takes a link away; absent leaves it. */
  readonly link?: string | null;
}

/** Undefined clears the cell. */
export const typedValue = (content: CellContent | boolean): ExtendedValue | undefined => {
  if (content === null || content === '') return undefined;
  if (typeof content === 'number') return { numberValue: content };
  return typeof content === 'boolean' ? { boolValue: content } : { stringValue: content.slice(0, longestText) };
};

/** Zero for `sheetId` may not be left out here, though Google leaves it out in its answers. */
export const start = (sheetId: number, rowIndex: number, columnIndex: number): sheets_v4.Schema$GridCoordinate => ({
  sheetId,
  rowIndex,
  columnIndex,
});

const cellOf = ({ content, link }: CellWrite): CellData => ({
  userEnteredValue: typedValue(content),
  ...(link === undefined ? {} : { userEnteredFormat: { textFormat: link === null ? {} : { link: { uri: link } } } }),
});

const fieldsOf = (cells: readonly CellWrite[]): string =>
  cells[0]?.link === undefined ? 'userEnteredValue' : 'userEnteredValue,userEnteredFormat.textFormat.link';

const follows = (before: CellWrite, cell: CellWrite): boolean =>
  before.column === cell.column && before.row + 1 === cell.row && (before.link === undefined) === (cell.link === undefined);

/** Cells below each other in one column. */
const runsOf = (cells: readonly CellWrite[]): CellWrite[][] => {
  const runs: CellWrite[][] = [];
  for (const cell of [...cells].sort((a, b) => a.column - b.column || a.row - b.row)) {
    const [last] = [runs.at(-1)];
    const before = last?.at(-1);
    if (last && before && follows(before, cell)) last.push(cell);
    else runs.push([cell]);
  }
  return runs;
};

/** One request for each run of cells below each other. */
export const writeRequests = (sheetId: number, cells: readonly CellWrite[]): Request[] =>
  runsOf(cells).map((run) => ({
    updateCells: {
      start: start(sheetId, (run[0] as CellWrite).row, (run[0] as CellWrite).column),
      rows: run.map((cell) => ({ values: [cellOf(cell)] })),
      fields: fieldsOf(run),
    },
  }));
