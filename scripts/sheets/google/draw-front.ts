/**
 * The first tab, 填表说明, drawn for Google from the same drawing as the workbook's.
 * It never holds data of a child; answers fill the list later (front-page.ts).
 */
import ExcelJS, { type Cell, type CellValue, type Worksheet } from 'exceljs';
import { plainTabs, type Tab } from '../../../schema/sheets.ts';
import { drawInstructions, type Office } from '../workbook-instructions.ts';
import { colours } from '../workbook-styles.ts';
import { type Request, start, typedValue } from './cells.ts';
import { colorOf, formatOf, gridRange, pixelsHigh, pixelsWide } from './draw-style.ts';

export interface FrontInput {
  readonly school: { readonly code: string; readonly name: string };
  readonly term: { readonly name: string };
  readonly office: Office;
}

/** Rows kept ready for the list of problems. */
const listRows = 60;

const columns = 6;

const linkOf = (value: CellValue, sheetIds: ReadonlyMap<string, number>): string | null => {
  if (typeof value !== 'object' || value === null || !('hyperlink' in value)) return null;
  const title = /^#'(.*)'!/.exec(value.hyperlink)?.[1];
  const sheetId = title === undefined ? undefined : sheetIds.get(title);
  return sheetId === undefined ? null : `#gid=${sheetId}`;
};

const wordsOf = (value: CellValue): string | number | null => {
  if (typeof value === 'object' && value !== null && 'text' in value) return String(value.text);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
};

const cellOf = (cell: Cell, sheetIds: ReadonlyMap<string, number>) => {
  // Of merged cells only the first says something.
  const value = cell.isMerged && cell.master !== cell ? null : cell.value;
  const [format, link] = [formatOf(cell.style), linkOf(value, sheetIds)];
  return {
    userEnteredValue: typedValue(wordsOf(value)),
    userEnteredFormat: link ? { ...format, textFormat: { ...format.textFormat, link: { uri: link } } } : format,
  };
};

const cellRequest = (sheet: Worksheet, sheetId: number, sheetIds: ReadonlyMap<string, number>): Request => ({
  updateCells: {
    start: start(sheetId, 0, 0),
    rows: Array.from({ length: sheet.rowCount }, (_, row) => ({
      values: Array.from({ length: columns }, (_cell, column) => cellOf(sheet.getCell(row + 1, column + 1), sheetIds)),
    })),
    fields: 'userEnteredValue,userEnteredFormat',
  },
});

/** `A1:F1` as exceljs keeps merges. */
const mergeRequests = (sheet: Worksheet, sheetId: number): Request[] =>
  (sheet.model.merges as unknown as readonly string[]).map((range) => {
    const [from, to] = range.split(':').map((name) => sheet.getCell(name)) as [Cell, Cell];
    return {
      mergeCells: { mergeType: 'MERGE_ALL', range: gridRange(sheetId, Number(from.row) - 1, Number(to.row), Number(from.col) - 1, Number(to.col)) },
    };
  });

const sizeRequests = (sheet: Worksheet, sheetId: number): Request[] => [
  ...Array.from({ length: columns }, (_, column) => ({
    updateDimensionProperties: {
      range: { sheetId, dimension: 'COLUMNS', startIndex: column, endIndex: column + 1 },
      properties: { pixelSize: pixelsWide(sheet.getColumn(column + 1).width ?? 12) },
      fields: 'pixelSize',
    },
  })),
  ...Array.from({ length: sheet.rowCount }, (_, row) => ({ row, height: sheet.getRow(row + 1).height })).flatMap(({ row, height }) =>
    height
      ? [
          {
            updateDimensionProperties: {
              range: { sheetId, dimension: 'ROWS', startIndex: row, endIndex: row + 1 },
              properties: { pixelSize: pixelsHigh(height) },
              fields: 'pixelSize',
            },
          },
        ]
      : [],
  ),
];

/** The format of the list's first row, for all rows that the list may grow by. */
const listRequest = (sheet: Worksheet, sheetId: number): Request => ({
  updateCells: {
    start: start(sheetId, sheet.rowCount, 0),
    rows: Array.from({ length: listRows }, () => ({
      values: Array.from({ length: columns }, (_cell, column) => ({ userEnteredFormat: formatOf(sheet.getCell(sheet.rowCount, column + 1).style) })),
    })),
    fields: 'userEnteredFormat',
  },
});

/** The present first tab becomes it. `sheetIds`: title -> id of the other tabs, for the links. */
export const drawFront = async (
  input: FrontInput,
  sheetId: number,
  sheetIds: ReadonlyMap<string, number>,
  tabs: readonly Tab[],
): Promise<Request[]> => {
  const workbook = new ExcelJS.Workbook();
  await drawInstructions(workbook, input.school, input.term.name, input.office, tabs);
  const sheet = workbook.getWorksheet(plainTabs.instructions) as Worksheet;
  return [
    {
      updateSheetProperties: {
        properties: {
          sheetId,
          title: plainTabs.instructions,
          gridProperties: { rowCount: sheet.rowCount + listRows, columnCount: columns, hideGridlines: true },
          tabColorStyle: colorOf(colours.requiredHeader),
        },
        fields: 'title,gridProperties(rowCount,columnCount,hideGridlines),tabColorStyle',
      },
    },
    cellRequest(sheet, sheetId, sheetIds),
    ...mergeRequests(sheet, sheetId),
    ...sizeRequests(sheet, sheetId),
    listRequest(sheet, sheetId),
  ];
};
