/**
 * Values written into cells: over a range, and under a table.
 * Works on the Book of an Editing, which is a copy until the whole request has succeeded.
 */
import { invalid } from '../errors.ts';
import { columnName, type Found, spellRange } from './a1.ts';
import { assertEditable, assertGridLimits, type Editing } from './access.ts';
import { insertDimension } from './dimensions.ts';
import { cellAt, changeCell, setValue } from './grid.ts';
import { type InputOption, readInput, type Scalar } from './input.ts';
import { type Area, type Sheet, setLength } from './model.ts';
import { findTable } from './table-search.ts';
import type { ValueRange } from './value-range.ts';

/** What a write did: the area of the data, and the places of the cells that were written (nulls are not). */
export interface Written {
  readonly sheet: Sheet;
  readonly area: Area;
  readonly places: readonly (readonly [row: number, column: number])[];
}

/** The data as rows, whatever its major dimension. */
const asRows = ({ majorDimension, values }: ValueRange): readonly (readonly Scalar[])[] => {
  if (majorDimension === 'ROWS') return values;
  const height = Math.max(0, ...values.map((column) => column.length));
  return Array.from({ length: height }, (_, row) => values.map((column) => column[row] ?? null));
};

const dataArea = (rows: readonly (readonly Scalar[])[], from: Area): Area => ({
  top: from.top,
  left: from.left,
  bottom: from.top + Math.max(1, rows.length),
  right: from.left + Math.max(1, ...rows.map((row) => row.length)),
});

const writeCell = (editing: Editing, sheet: Sheet, row: number, column: number, value: Exclude<Scalar, null>, option: InputOption): void => {
  const parsed = readInput(value, option, cellAt(sheet, row, column), { locale: editing.book.properties.locale, thisYear: editing.thisYear });
  setValue(sheet, row, column, parsed.value);
  if (!parsed.format) return;
  changeCell(sheet, row, column, (cell) => ({
    ...cell,
    userEnteredFormat: { ...cell.userEnteredFormat, numberFormat: cell.userEnteredFormat?.numberFormat ?? parsed.format },
  }));
};

/** Text put into a cell as if typed. */
export const typeInto = (editing: Editing, sheet: Sheet, row: number, column: number, text: string): void =>
  writeCell(editing, sheet, row, column, text, 'USER_ENTERED');

const writeRows = (editing: Editing, sheet: Sheet, area: Area, rows: readonly (readonly Scalar[])[], option: InputOption): Written => {
  if (rows.some((row) => row.some((value) => value !== null))) assertEditable(editing, sheet, area);
  const places: [number, number][] = [];
  for (const [down, row] of rows.entries()) {
    for (const [across, value] of row.entries()) {
      if (value === null) continue;
      writeCell(editing, sheet, area.top + down, area.left + across, value, option);
      places.push([area.top + down, area.left + across]);
    }
  }
  return { sheet, area, places };
};

const assertWithin = (found: Found, data: Area): void => {
  const limits = found.sheet.properties.gridProperties;
  if (!found.single) {
    const within = `Requested writing within range [${spellRange(found.sheet, found.area)}], but tried writing to`;
    if (data.bottom > found.area.bottom) throw invalid(`${within} row [${found.area.bottom + 1}]`);
    if (data.right > found.area.right) throw invalid(`${within} column [${columnName(found.area.right)}]`);
  } else if (data.bottom > limits.rowCount || data.right > limits.columnCount)
    throw invalid(`Range (${spellRange(found.sheet, data)}) exceeds grid limits. Max rows: ${limits.rowCount}, max columns: ${limits.columnCount}`);
};

/** Writes over a range. One cell is only an anchor; of a larger range no cell may be overstepped. Never grows the grid. */
export const writeOver = (editing: Editing, found: Found, data: ValueRange, option: InputOption): Written => {
  const rows = asRows(data);
  const area = dataArea(rows, found.area);
  assertWithin(found, area);
  return writeRows(editing, found.sheet, area, rows, option);
};

/** Grows the grid downwards until a row is inside. */
export const growRows = (editing: Editing, sheet: Sheet, bottom: number): void => {
  if (bottom <= sheet.properties.gridProperties.rowCount) return;
  setLength(sheet, 'ROWS', bottom);
  assertGridLimits(editing.book);
};

/** Writes under the last table of the range, from its first column on; where no table is, at the start of the range. */
export const append = (
  editing: Editing,
  found: Found,
  data: ValueRange,
  options: { input: InputOption; insert: 'OVERWRITE' | 'INSERT_ROWS' },
): Written & { readonly table: Area | null } => {
  const { sheet } = found;
  const rows = asRows(data);
  const table = findTable(sheet, found.area);
  const start: Area = table ? { ...table, top: table.bottom, bottom: table.bottom + 1 } : found.area;
  const area = dataArea(rows, start);
  const { columnCount, rowCount } = sheet.properties.gridProperties;
  if (area.right > columnCount)
    throw invalid(`Range (${spellRange(sheet, area)}) exceeds grid limits. Max rows: ${rowCount}, max columns: ${columnCount}`);
  if (table && options.insert === 'INSERT_ROWS' && table.bottom < rowCount) insertDimension(editing, sheet, 'ROWS', table.bottom, rows.length);
  growRows(editing, sheet, area.bottom);
  return { ...writeRows(editing, sheet, area, rows, options.input), table };
};

/** Clears values; formats, notes and validation stay. */
export const clearValues = (editing: Editing, sheet: Sheet, area: Area): void => {
  assertEditable(editing, sheet, area);
  for (const [row, cells] of sheet.rows.entries()) {
    if (row < area.top || row >= area.bottom) continue;
    for (const [column, cell] of cells.entries()) if (cell && column >= area.left && column < area.right) setValue(sheet, row, column, undefined);
  }
};
