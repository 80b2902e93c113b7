/**
 * Ranges as people write them: `Sheet1`, `'客户'!A1:D9`, `A:C`, `A5:A`, `D4:A1`, `R1C1:R2C2`, names; and how Google spells them back.
 * Never looks at cells.
 */
import { invalid, unparsableRange } from '../errors.ts';
import type { Area, Book, GridRange, Sheet } from './model.ts';

export const columnName = (index: number): string => {
  let rest = index + 1;
  let name = '';
  while (rest > 0) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
    rest = Math.floor((rest - 1) / 26);
  }
  return name;
};

export const columnIndex = (name: string): number => [...name.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** Part of a range: row and column from 0; undefined where open. */
interface Corner {
  readonly row?: number;
  readonly column?: number;
}

export interface Span {
  readonly from: Corner;
  readonly to: Corner;
  /** One cell, written without a colon: only an anchor for writing. */
  readonly single: boolean;
}

const readA1Corner = (text: string): Corner | null => {
  const match = /^\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,7})?$/.exec(text);
  if (!match || (!match[1] && !match[2])) return null;
  return { ...(match[1] ? { column: columnIndex(match[1]) } : {}), ...(match[2] ? { row: Number(match[2]) - 1 } : {}) };
};

const readR1C1Corner = (text: string): Corner | null => {
  const match = /^R([1-9]\d{0,7})?(?:C([1-9]\d{0,5}))?$|^C([1-9]\d{0,5})$/i.exec(text);
  if (!match) return null;
  const column = match[2] ?? match[3];
  if (!match[1] && !column) return null;
  return { ...(match[1] ? { row: Number(match[1]) - 1 } : {}), ...(column ? { column: Number(column) - 1 } : {}) };
};

const order = (a: number | undefined, b: number | undefined): [number | undefined, number | undefined] =>
  a !== undefined && b !== undefined && a > b ? [b, a] : [a, b];

const spanOf = (one: Corner, other: Corner, single: boolean): Span => {
  const [top, bottom] = order(one.row, other.row);
  const [left, right] = order(one.column, other.column);
  return { from: { row: top, column: left }, to: { row: bottom, column: right }, single };
};

/** The cells of a range, without its sheet; null when the text is no such thing. */
export const readSpan = (text: string): Span | null => {
  const parts = text.split(':');
  const [first = '', second] = parts;
  if (parts.length > 2) return null;
  for (const read of [readA1Corner, readR1C1Corner]) {
    const one = read(first);
    if (!one) continue;
    if (second === undefined) return one.row !== undefined && one.column !== undefined ? spanOf(one, one, true) : null;
    const other = read(second);
    // `A:5` names no rectangle: the two ends must share rows or columns.
    if (other && ((one.column !== undefined && other.column !== undefined) || (one.row !== undefined && other.row !== undefined)))
      return spanOf(one, other, false);
  }
  return null;
};

const looksLikeCells = (title: string): boolean => /^([A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*)$/.test(title);

/** A title as it stands before `!` in Google's answers. */
export const quoteTitle = (title: string): string =>
  /^[A-Za-z_]\w*$/.test(title) && !looksLikeCells(title) ? title : `'${title.replaceAll("'", "''")}'`;

/** `Sheet1!A1:B2`, always the full rectangle; one cell is written `Sheet1!B1`. */
export const spellRange = (sheet: Sheet, area: Area): string => {
  const from = `${columnName(area.left)}${area.top + 1}`;
  const to = `${columnName(area.right - 1)}${area.bottom}`;
  return `${quoteTitle(sheet.properties.title)}!${from === to ? from : `${from}:${to}`}`;
};

/** Splits `'a!b''c'!A1` into title and rest; a title without cells gives an empty rest. */
const splitTitle = (text: string): { title: string; rest: string | null } | null => {
  if (text.startsWith("'")) {
    const match = /^'((?:[^']|'')*)'(?:!(.*))?$/s.exec(text);
    return match ? { title: (match[1] as string).replaceAll("''", "'"), rest: match[2] ?? null } : null;
  }
  const mark = text.lastIndexOf('!');
  return mark < 0 ? null : { title: text.slice(0, mark), rest: text.slice(mark + 1) };
};

export const sheetByTitle = (book: Book, title: string): Sheet | undefined =>
  book.sheets.find((sheet) => sheet.properties.title === title) ??
  book.sheets.find((sheet) => sheet.properties.title.toLowerCase() === title.toLowerCase());

export const firstVisibleSheet = (book: Book): Sheet => (book.sheets.find((sheet) => !sheet.properties.hidden) ?? book.sheets[0]) as Sheet;

/** A range found in a spreadsheet. `area` is clipped to the grid. */
export interface Found {
  readonly sheet: Sheet;
  readonly area: Area;
  readonly single: boolean;
}

const everything: Span = { from: {}, to: {}, single: false };

const spanOfGridRange = (range: GridRange): Span => ({
  from: { row: range.startRowIndex ?? undefined, column: range.startColumnIndex ?? undefined },
  to: {
    row: range.endRowIndex == null ? undefined : range.endRowIndex - 1,
    column: range.endColumnIndex == null ? undefined : range.endColumnIndex - 1,
  },
  single: false,
});

const namedRange = (book: Book, name: string): { sheet: Sheet; span: Span } | null => {
  const named = book.namedRanges.find((one) => one.name?.toLowerCase() === name.toLowerCase());
  const sheet = named && book.sheets.find((one) => one.properties.sheetId === (named.range?.sheetId ?? 0));
  return named?.range && sheet ? { sheet, span: spanOfGridRange(named.range) } : null;
};

const locate = (book: Book, text: string): { sheet: Sheet; span: Span } => {
  const split = splitTitle(text);
  if (split) {
    const sheet = sheetByTitle(book, split.title);
    const span = split.rest === null ? everything : readSpan(split.rest);
    const found = sheet && (span ? { sheet, span } : namedRange(book, split.rest ?? ''));
    if (!found) throw unparsableRange(text);
    return found;
  }
  const span = readSpan(text);
  if (span) return { sheet: firstVisibleSheet(book), span };
  const sheet = sheetByTitle(book, text);
  const found = namedRange(book, text) ?? (sheet ? { sheet, span: everything } : null);
  if (!found) throw unparsableRange(text);
  return found;
};

const outsideGrid = (sheet: Sheet, area: Area): Error => {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  return invalid(`Range (${spellRange(sheet, area)}) exceeds grid limits. Max rows: ${rowCount}, max columns: ${columnCount}`);
};

/** Throws when an area begins outside the grid. */
export const assertBeginsInGrid = (sheet: Sheet, area: Area): void => {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  if (area.top >= rowCount || area.left >= columnCount) throw outsideGrid(sheet, area);
};

/**
 * The sheet and cells of a range: `'Sheet1'` gives A1:Z1000 of it, `A1:B2` those of the first visible sheet.
 * Throws 400 for a title or text that is not there, and for a range that begins outside the grid.
 */
export const findRange = (book: Book, text: string): Found => {
  const { sheet, span } = locate(book, text);
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const asked: Area = {
    top: span.from.row ?? 0,
    left: span.from.column ?? 0,
    bottom: (span.to.row ?? rowCount - 1) + 1,
    right: (span.to.column ?? columnCount - 1) + 1,
  };
  assertBeginsInGrid(sheet, asked);
  return { sheet, area: { ...asked, bottom: Math.min(asked.bottom, rowCount), right: Math.min(asked.right, columnCount) }, single: span.single };
};
