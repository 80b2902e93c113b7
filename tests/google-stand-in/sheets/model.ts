/**
 * What a spreadsheet is in memory: sheets of cells with formats, protections, names and metadata; and a new one.
 * Never answers requests; every request works on a copy of a Book (see batch.ts).
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { type Random, randomNumber } from '../random.ts';

export type Api = typeof sheets_v4;
export type GridRange = sheets_v4.Schema$GridRange;
export type ExtendedValue = sheets_v4.Schema$ExtendedValue;
export type CellFormat = sheets_v4.Schema$CellFormat;
export type CellData = sheets_v4.Schema$CellData;
export type DimensionProperties = sheets_v4.Schema$DimensionProperties;
export type DimensionGroup = sheets_v4.Schema$DimensionGroup;
export type DeveloperMetadata = sheets_v4.Schema$DeveloperMetadata;
export type ProtectedRange = sheets_v4.Schema$ProtectedRange;
export type NamedRange = sheets_v4.Schema$NamedRange;
export type Request = sheets_v4.Schema$Request;
export type Reply = sheets_v4.Schema$Response;

/** What is kept of a cell; the effective and formatted values are worked out when it is read. */
export type Cell = Pick<CellData, 'userEnteredValue' | 'userEnteredFormat' | 'note' | 'dataValidation' | 'textFormatRuns' | 'chipRuns'>;

export type Dimension = 'ROWS' | 'COLUMNS';

export interface GridProperties extends sheets_v4.Schema$GridProperties {
  rowCount: number;
  columnCount: number;
}

export interface SheetProperties extends Omit<sheets_v4.Schema$SheetProperties, 'gridProperties'> {
  sheetId: number;
  title: string;
  index: number;
  sheetType: string;
  gridProperties: GridProperties;
}

/** A protection knows who made it: creator and owner are never kept out. */
export interface Protection {
  readonly creator: string;
  range: ProtectedRange;
}

export interface Sheet {
  properties: SheetProperties;
  /** Row by row; missing rows and cells are empty. */
  rows: (Cell | undefined)[][];
  rowProperties: (DimensionProperties | undefined)[];
  columnProperties: (DimensionProperties | undefined)[];
  merges: GridRange[];
  protections: Protection[];
  conditionalFormats: sheets_v4.Schema$ConditionalFormatRule[];
  basicFilter: sheets_v4.Schema$BasicFilter | undefined;
  /** How many groups hold each row and column. */
  readonly depths: Readonly<Record<Dimension, number[]>>;
  /** The groups that are folded away. */
  folded: { readonly dimension: Dimension; readonly depth: number; readonly start: number; readonly end: number }[];
}

export interface Book {
  readonly spreadsheetId: string;
  properties: sheets_v4.Schema$SpreadsheetProperties & { title: string; locale: string; timeZone: string };
  sheets: Sheet[];
  namedRanges: NamedRange[];
  developerMetadata: DeveloperMetadata[];
  /** Cells that count against the limit without being there: a test fills the workbook with them. */
  reservedCells: number;
}

/** Half-open and inside the grid: rows `top` to `bottom - 1`, columns `left` to `right - 1`. */
export interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export const maximumCells = 10_000_000;
export const maximumColumns = 18_278;
export const maximumCharacters = 50_000;

const white = { red: 1, green: 1, blue: 1 };

export const defaultFormat: CellFormat = {
  backgroundColor: white,
  padding: { top: 2, right: 3, bottom: 2, left: 3 },
  verticalAlignment: 'BOTTOM',
  wrapStrategy: 'OVERFLOW_CELL',
  textFormat: {
    foregroundColor: {},
    fontFamily: 'arial,sans,sans-serif',
    fontSize: 10,
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    foregroundColorStyle: { rgbColor: {} },
  },
  backgroundColorStyle: { rgbColor: white },
};

export const newSheet = (
  properties: Partial<Omit<SheetProperties, 'gridProperties'>> & { sheetId: number; title: string; index: number },
  grid: sheets_v4.Schema$GridProperties = {},
): Sheet => ({
  properties: { sheetType: 'GRID', ...properties, gridProperties: { ...grid, rowCount: grid.rowCount ?? 1000, columnCount: grid.columnCount ?? 26 } },
  rows: [],
  rowProperties: [],
  columnProperties: [],
  merges: [],
  protections: [],
  conditionalFormats: [],
  basicFilter: undefined,
  depths: { ROWS: [], COLUMNS: [] },
  folded: [],
});

/** A new spreadsheet as Google makes one: a sheet `Sheet1` with id 0, 1000 rows, 26 columns. */
export const newBook = (
  spreadsheetId: string,
  properties: sheets_v4.Schema$SpreadsheetProperties,
  account: { locale: string; timeZone: string; firstTitle: string },
): Book => ({
  spreadsheetId,
  properties: {
    autoRecalc: 'ON_CHANGE',
    ...properties,
    title: properties.title ?? 'Untitled spreadsheet',
    locale: properties.locale ?? account.locale,
    timeZone: properties.timeZone ?? account.timeZone,
  },
  sheets: [newSheet({ sheetId: 0, title: account.firstTitle, index: 0 })],
  namedRanges: [],
  developerMetadata: [],
  reservedCells: 0,
});

/** Tables of properties of rows or of columns. */
export const dimensionProperties = (sheet: Sheet, dimension: Dimension): (DimensionProperties | undefined)[] =>
  dimension === 'ROWS' ? sheet.rowProperties : sheet.columnProperties;

export const lengthOf = (sheet: Sheet, dimension: Dimension): number =>
  dimension === 'ROWS' ? sheet.properties.gridProperties.rowCount : sheet.properties.gridProperties.columnCount;

export const setLength = (sheet: Sheet, dimension: Dimension, length: number): void => {
  if (dimension === 'ROWS') sheet.properties.gridProperties.rowCount = length;
  else sheet.properties.gridProperties.columnCount = length;
};

/** All cells that count against the limit, empty ones too. */
export const cellCount = (book: Book): number =>
  book.sheets.reduce((sum, sheet) => sum + lengthOf(sheet, 'ROWS') * lengthOf(sheet, 'COLUMNS'), book.reservedCells);

export const nextSheetId = (book: Book, random: Random): number => {
  for (;;) {
    const id = randomNumber(random);
    if (!book.sheets.some((sheet) => sheet.properties.sheetId === id)) return id;
  }
};

/** Positions are told anew after every change of the order. */
export const renumber = (book: Book): void => {
  for (const [index, sheet] of book.sheets.entries()) sheet.properties.index = index;
};

export const findSheet = (book: Book, sheetId: number): Sheet | undefined => book.sheets.find((sheet) => sheet.properties.sheetId === sheetId);
