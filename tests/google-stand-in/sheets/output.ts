/**
 * How a cell is read: FORMATTED_VALUE, UNFORMATTED_VALUE or FORMULA, dates as serial numbers or as text; empty ends cut off.
 * Never changes a cell.
 */
import { effectiveValue, spellError } from './formula.ts';
import { cellAt, usedPart } from './grid.ts';
import type { Area, Book, Sheet } from './model.ts';
import { formatNumber, isDateFormat } from './number-format.ts';

export interface ReadOptions {
  readonly valueRenderOption: 'FORMATTED_VALUE' | 'UNFORMATTED_VALUE' | 'FORMULA';
  readonly dateTimeRenderOption: 'SERIAL_NUMBER' | 'FORMATTED_STRING';
  readonly majorDimension: 'ROWS' | 'COLUMNS';
}

/** What a cell shows; '' where it is empty. */
export const formattedValue = (book: Book, sheet: Sheet, row: number, column: number): string => {
  const value = effectiveValue(book, sheet, row, column);
  if (value.errorValue) return spellError(value);
  if (typeof value.boolValue === 'boolean') return value.boolValue ? 'TRUE' : 'FALSE';
  if (typeof value.numberValue === 'number')
    return formatNumber(value.numberValue, cellAt(sheet, row, column)?.userEnteredFormat?.numberFormat, book);
  return value.stringValue ?? '';
};

const readCell = (book: Book, sheet: Sheet, row: number, column: number, options: ReadOptions): string | number | boolean => {
  const cell = cellAt(sheet, row, column);
  if (!cell?.userEnteredValue) return '';
  if (options.valueRenderOption === 'FORMATTED_VALUE') return formattedValue(book, sheet, row, column);
  if (options.valueRenderOption === 'FORMULA' && cell.userEnteredValue.formulaValue) return cell.userEnteredValue.formulaValue;
  const value = effectiveValue(book, sheet, row, column);
  if (value.errorValue) return spellError(value);
  const asText = options.dateTimeRenderOption === 'FORMATTED_STRING' && isDateFormat(cell.userEnteredFormat?.numberFormat);
  if (asText) return formattedValue(book, sheet, row, column);
  return value.numberValue ?? value.stringValue ?? value.boolValue ?? '';
};

/** A list without its empty end. */
export const cutEnd = <T>(items: readonly T[], isEmpty: (item: T) => boolean): T[] =>
  items.slice(0, items.findLastIndex((item) => !isEmpty(item)) + 1);

const transpose = <T>(rows: readonly (readonly T[])[], empty: T): T[][] =>
  Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => rows.map((row) => row[column] ?? empty));

/** The values of an area without trailing empty cells and rows; undefined where nothing is left: Google then leaves the key out. */
export const readValues = (book: Book, sheet: Sheet, asked: Area, options: ReadOptions): (string | number | boolean)[][] | undefined => {
  const area = usedPart(sheet, asked);
  const rows = Array.from({ length: area.bottom - area.top }, (_row, down) =>
    Array.from({ length: area.right - area.left }, (_cell, across) => readCell(book, sheet, area.top + down, area.left + across, options)),
  );
  const lines = options.majorDimension === 'COLUMNS' ? transpose(rows, '') : rows;
  const cutLines = cutEnd(
    lines.map((line) => cutEnd(line, (value) => value === '')),
    (line) => !line.length,
  );
  return cutLines.length ? cutLines : undefined;
};
