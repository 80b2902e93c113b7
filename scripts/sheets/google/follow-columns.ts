/**
 * Lets a spreadsheet that is out already follow what staff change in Directus: a new field becomes a column right of everything, a
 * hidden one goes out of sight, labels, dropdowns and notes are brought up to date, each once. No cell of the school's moves.
 */
import type { Column, Tab } from '../../../schema/sheets.ts';
import { columnName } from '../../sync/plain-text.ts';
import { type ColumnRecords, followed, keyOf, recordPrefix, stateOf } from '../column-records.ts';
import { type CellWrite, type Request, start, writeRequests } from './cells.ts';
import { columnColours, columnDrawing, drawColumn, headerCell } from './draw-tab.ts';
import { inlineLists } from './draw-validation.ts';
import { columnOf, type Layout } from './layout.ts';
import { withCells } from './moves.ts';
import { contentAt, type SheetTab } from './spreadsheet.ts';

/** Where the records stand: `_kehou`, whose lines are found again by their first cell. */
export interface RecordBook {
  readonly records: ColumnRecords;
  set(key: string, header: string, state: string): void;
  /** What writes down all that was set. */
  requests(): Request[];
}

/** `metaTab`: the spreadsheet's `_kehou`. */
export const openRecords = (metaTab: SheetTab, records: ColumnRecords): RecordBook => {
  const cells: CellWrite[] = [];
  const lines = metaTab.raw.rows.map((_row, row) => String(contentAt(metaTab, row, 0) ?? ''));
  return {
    records,
    set(key, header, state) {
      const found = lines.indexOf(recordPrefix + key);
      const row = found >= 0 ? found : lines.findLastIndex((line) => line !== '') + 1;
      lines[row] = recordPrefix + key;
      cells.push(...[recordPrefix + key, header, state].map((content, column) => ({ row, column, content })));
    },
    requests() {
      const short = Math.max(0, ...cells.map((cell) => cell.row + 1)) - metaTab.rowCount;
      const room = { appendDimension: { sheetId: metaTab.sheetId, dimension: 'ROWS', length: short } };
      return [...(short > 0 ? [room] : []), ...writeRequests(metaTab.sheetId, cells)];
    },
  };
};

/** A tab that follows: as it is once `requests` are done. */
export interface Followed {
  readonly tab: SheetTab;
  readonly requests: readonly Request[];
}

const sight = (sheetId: number, at: number, hiddenByUser: boolean): Request => ({
  updateDimensionProperties: {
    range: { sheetId, dimension: 'COLUMNS', startIndex: at, endIndex: at + 1 },
    properties: { hiddenByUser },
    fields: 'hiddenByUser',
  },
});

const header = (sheetId: number, layout: Layout, at: number, column: Column): Request => ({
  updateCells: {
    start: start(sheetId, layout.headerRow, at),
    rows: [{ values: [headerCell(column.header, column)] }],
    fields: 'userEnteredValue,userEnteredFormat,note',
  },
});

/** One column as it is to be now, in its place or behind the last one. */
const showColumn = ({ tab, requests }: Followed, layout: Layout, column: Column, found: number | undefined): Followed => {
  const { sheetId } = tab;
  const at = found ?? tab.columnCount;
  const rowCount = Math.max(tab.rowCount, 2);
  const room: Request[] = found === undefined ? [{ appendDimension: { sheetId, dimension: 'COLUMNS', length: 1 } }] : [sight(sheetId, at, false)];
  const colours = found === undefined ? columnColours(sheetId, rowCount, at, 1, columnName(layout.message), column.required && !column.readOnly) : [];
  return {
    tab: { ...withCells(tab, [{ row: layout.headerRow, column: at, content: column.header }]), columnCount: Math.max(tab.columnCount, at + 1) },
    requests: [
      ...requests,
      ...room,
      header(sheetId, layout, at, column),
      ...drawColumn(sheetId, at, rowCount, columnDrawing(column, at, inlineLists)),
      ...colours,
    ],
  };
};

/** Brings one tab up to date with the model as it is by now. */
export const followTab = (tab: SheetTab, layout: Layout, model: Tab, book: RecordBook, coming: ReadonlySet<string>): Followed => {
  let now: Followed = { tab, requests: [] };
  for (const { column, hidden } of followed(model, book.records, coming)) {
    const key = keyOf(column);
    const [record, state] = [book.records.get(key), stateOf(column, hidden)];
    if (record?.state === state) continue;
    const found = columnOf(layout, { ...column, aliases: [...(record ? [record.header] : []), ...column.aliases] });
    if (!hidden) now = showColumn(now, layout, column, found);
    else if (found !== undefined) now = { ...now, requests: [...now.requests, sight(tab.sheetId, found, true)] };
    book.set(key, column.header, state);
  }
  return now;
};
