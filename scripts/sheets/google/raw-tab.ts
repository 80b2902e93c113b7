/**
 * From Google's answers to RawTabs: values alone, or cells with their formats.
 * It interprets nothing beyond what Google leaves out: trailing blanks, zeros, and the look of a date.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { Merge, RawCell, RawTab } from '../../../schema/parsed.ts';
import { tabs as modelTabs, type Tab } from '../../../schema/sheets.ts';
import { columnStyle } from '../workbook-styles.ts';
import { columnOf, layoutOf } from './layout.ts';
import type { SheetTab, TabFacts } from './spreadsheet.ts';

type Sheet = sheets_v4.Schema$Sheet;
type CellData = sheets_v4.Schema$CellData;

/** What a field mask must name for `tabsOfSheets`. */
export const gridFields =
  'properties(title),sheets(properties(sheetId,title,hidden,sheetType,gridProperties(rowCount,columnCount)),merges,' +
  'data(startRow,startColumn,rowMetadata(hiddenByFilter,hiddenByUser),columnMetadata(hiddenByUser),' +
  'rowData(values(formattedValue,effectiveValue,userEnteredValue(formulaValue),effectiveFormat(numberFormat)))))';

const errorTexts = new Set(['#N/A', '#REF!', '#VALUE!', '#DIV/0!', '#NAME?', '#NUM!', '#NULL!', '#ERROR!']);

/** UNFORMATTED_VALUE gives the text of an error as if it were text. */
const cellOfValue = (value: unknown): RawCell | null => {
  if (typeof value === 'number') return { text: String(value), value };
  if (typeof value === 'boolean') return { text: value ? 'TRUE' : 'FALSE', value };
  if (typeof value !== 'string' || value === '') return null;
  return errorTexts.has(value) ? { text: value, value: null, error: true } : { text: value, value };
};

const withoutBlankEnd = (rows: (RawCell | null)[][]): (RawCell | null)[][] => {
  while (rows.length > 0 && rows[rows.length - 1]?.every((cell) => cell === null)) rows.pop();
  return rows;
};

const plain = (name: string, rows: (RawCell | null)[][]): RawTab => ({
  name,
  rows: withoutBlankEnd(rows),
  merges: [],
  hiddenRows: { byHand: [], byFilter: [] },
  hiddenColumns: [],
  date1904: false,
});

const day = 86_400_000;
const two = (number: number): string => String(number).padStart(2, '0');

/** 46266 -> `2026-09-01`, 0.6875 -> `16:30`: how the model's own columns show a number. */
const shown = (value: number, format: string): string => {
  if (format === 'hh:mm') {
    const minutes = Math.round((value % 1) * 1440);
    return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
  }
  const date = new Date(Date.UTC(1899, 11, 30) + Math.round(value * day));
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString().slice(0, 10);
};

const datedFormats = new Set(['yyyy-mm-dd', 'hh:mm']);

/** Where only values were read: numbers in the columns that the model made for dates and times get the formats of those columns. */
export const withModelFormats = (tab: SheetTab, tabs: readonly Tab[] = modelTabs): SheetTab => {
  const [layout, model] = [layoutOf(tab), modelOf(tab, tabs)];
  if (!layout || !model) return tab;
  const formats = new Map(
    model.columns.flatMap((column) => {
      const [at, format] = [columnOf(layout, column), columnStyle(column).numFmt ?? ''];
      return at !== undefined && datedFormats.has(format) ? [[at, format] as const] : [];
    }),
  );
  const rows = tab.raw.rows.map((row, number) =>
    number <= layout.headerRow
      ? row
      : row.map((cell, at) => {
          const format = formats.get(at);
          return format && cell && typeof cell.value === 'number' ? { ...cell, format, text: shown(cell.value, format) } : cell;
        }),
  );
  return { ...tab, raw: { ...tab.raw, rows } };
};

/** The model's tab of which this one has the most columns. */
export const modelOf = (tab: SheetTab, tabs: readonly Tab[] = modelTabs): Tab | undefined => {
  const layout = layoutOf(tab);
  if (!layout) return undefined;
  const hits = (model: Tab): number => model.columns.filter((column) => columnOf(layout, column) !== undefined).length;
  return [...tabs].sort((a, b) => hits(b) - hits(a) || Number(b.name === tab.title) - Number(a.name === tab.title))[0];
};

/** One tab from `values:batchGet` with UNFORMATTED_VALUE and SERIAL_NUMBER. */
export const tabOfValues = (facts: TabFacts, values: readonly (readonly unknown[])[] | null | undefined): SheetTab => ({
  ...facts,
  raw: plain(
    facts.title,
    (values ?? []).map((row) => row.map(cellOfValue)),
  ),
});

const defaultFormats: Readonly<Record<string, string>> = { DATE: 'yyyy-mm-dd', TIME: 'hh:mm', DATE_TIME: 'yyyy-mm-dd hh:mm:ss' };

const formatOf = (cell: CellData): { format?: string } => {
  const format = cell.effectiveFormat?.numberFormat;
  const pattern = format?.pattern || defaultFormats[format?.type ?? ''];
  return pattern ? { format: pattern } : {};
};

const cellOf = (cell: CellData | undefined): RawCell | null => {
  const value = cell?.effectiveValue;
  if (!cell || !value) return null;
  const formula = cell.userEnteredValue?.formulaValue ? { formula: true as const } : {};
  const text = cell.formattedValue ?? '';
  if (value.errorValue) return { text: text || '#ERROR!', value: null, error: true, ...formula };
  if (typeof value.numberValue === 'number')
    return { text: text || String(value.numberValue), value: value.numberValue, ...formatOf(cell), ...formula };
  if (typeof value.boolValue === 'boolean') return { text: value.boolValue ? 'TRUE' : 'FALSE', value: value.boolValue, ...formula };
  return value.stringValue ? { text: value.stringValue, value: value.stringValue, ...formula } : null;
};

const rowsOf = (sheet: Sheet): (RawCell | null)[][] => {
  const rows: (RawCell | null)[][] = [];
  for (const block of sheet.data ?? []) {
    const [top, left] = [block.startRow ?? 0, block.startColumn ?? 0];
    (block.rowData ?? []).forEach((row, index) => {
      while (rows.length <= top + index) rows.push([]);
      const cells = rows[top + index] as (RawCell | null)[];
      (row.values ?? []).forEach((cell, at) => {
        while (cells.length <= left + at) cells.push(null);
        cells[left + at] = cellOf(cell);
      });
    });
  }
  return rows;
};

/** Both corners inside, where Google counts the end as outside and leaves zeros out. */
const mergesOf = (sheet: Sheet): Merge[] =>
  (sheet.merges ?? []).map((merge) => ({
    top: merge.startRowIndex ?? 0,
    left: merge.startColumnIndex ?? 0,
    bottom: (merge.endRowIndex ?? 1) - 1,
    right: (merge.endColumnIndex ?? 1) - 1,
  }));

const hiddenOf = (sheet: Sheet): Pick<RawTab, 'hiddenRows' | 'hiddenColumns'> => {
  const rows = (sheet.data ?? []).flatMap((block) =>
    (block.rowMetadata ?? []).map((row, index) => ({ number: (block.startRow ?? 0) + index + 1, row })),
  );
  const columns = (sheet.data ?? []).flatMap((block) =>
    (block.columnMetadata ?? []).map((column, index) => ({ at: (block.startColumn ?? 0) + index, column })),
  );
  return {
    hiddenRows: {
      byHand: rows.filter(({ row }) => row.hiddenByUser).map(({ number }) => number),
      byFilter: rows.filter(({ row }) => row.hiddenByFilter && !row.hiddenByUser).map(({ number }) => number),
    },
    hiddenColumns: columns.filter(({ column }) => column.hiddenByUser).map(({ at }) => at),
  };
};

/** All grids of a spreadsheet read with `gridFields`, in order; charts on a tab of their own hold no cells. */
export const tabsOfSheets = (sheets: readonly Sheet[]): SheetTab[] =>
  sheets
    .filter((sheet) => (sheet.properties?.sheetType ?? 'GRID') === 'GRID')
    .map((sheet) => ({
      sheetId: sheet.properties?.sheetId ?? 0,
      title: sheet.properties?.title ?? '',
      rowCount: sheet.properties?.gridProperties?.rowCount ?? 0,
      columnCount: sheet.properties?.gridProperties?.columnCount ?? 0,
      raw: {
        ...plain(sheet.properties?.title ?? '', rowsOf(sheet)),
        merges: mergesOf(sheet),
        ...hiddenOf(sheet),
        ...(sheet.properties?.hidden ? { hidden: true as const } : {}),
      },
    }));
