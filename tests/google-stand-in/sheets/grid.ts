/**
 * Cells of one sheet: read, write, and which of them are empty.
 * Never checks protection or limits; see access.ts.
 */
import type { Area, Cell, GridRange, Sheet } from './model.ts';

export const cellAt = (sheet: Sheet, row: number, column: number): Cell | undefined => sheet.rows[row]?.[column];

/** True: a reader sees a value there. A cell with only a format or a note is empty. */
export const hasValue = (cell: Cell | undefined): boolean => cell?.userEnteredValue !== undefined;

const isBare = (cell: Cell): boolean => Object.values(cell).every((part) => part === undefined);

export const setCell = (sheet: Sheet, row: number, column: number, cell: Cell | undefined): void => {
  while (sheet.rows.length <= row) sheet.rows.push([]);
  const cells = sheet.rows[row] as (Cell | undefined)[];
  while (cells.length <= column) cells.push(undefined);
  cells[column] = cell && !isBare(cell) ? cell : undefined;
};

export const changeCell = (sheet: Sheet, row: number, column: number, change: (cell: Cell) => Cell): void =>
  setCell(sheet, row, column, change(cellAt(sheet, row, column) ?? {}));

/** A value laid over a cell that keeps its format, note and validation; undefined clears the value. */
export const setValue = (sheet: Sheet, row: number, column: number, value: Cell['userEnteredValue']): void =>
  changeCell(sheet, row, column, ({ userEnteredValue: _old, textFormatRuns: _runs, ...rest }) =>
    value ? { ...rest, userEnteredValue: value } : rest,
  );

export const wholeSheet = (sheet: Sheet): Area => ({
  top: 0,
  left: 0,
  bottom: sheet.properties.gridProperties.rowCount,
  right: sheet.properties.gridProperties.columnCount,
});

/** A grid range with its open ends closed and clipped to the grid. */
export const areaOf = (sheet: Sheet, range: GridRange): Area => {
  const whole = wholeSheet(sheet);
  return {
    top: range.startRowIndex ?? 0,
    left: range.startColumnIndex ?? 0,
    bottom: Math.min(range.endRowIndex ?? whole.bottom, whole.bottom),
    right: Math.min(range.endColumnIndex ?? whole.right, whole.right),
  };
};

export const rangeOf = (sheet: Sheet, area: Area): GridRange => ({
  sheetId: sheet.properties.sheetId,
  startRowIndex: area.top,
  endRowIndex: area.bottom,
  startColumnIndex: area.left,
  endColumnIndex: area.right,
});

export const overlap = (one: Area, other: Area): boolean =>
  one.top < other.bottom && other.top < one.bottom && one.left < other.right && other.left < one.right;

export const isInside = (inner: Area, outer: Area): boolean =>
  inner.top >= outer.top && inner.left >= outer.left && inner.bottom <= outer.bottom && inner.right <= outer.right;

/** Every place of an area, row by row. */
export function* placesIn(area: Area): Generator<readonly [row: number, column: number]> {
  for (let row = area.top; row < area.bottom; row += 1) for (let column = area.left; column < area.right; column += 1) yield [row, column];
}

/** The smallest area from A1 that holds everything stored: what lies beyond is empty. */
export const usedArea = (sheet: Sheet): Area => {
  const whole = wholeSheet(sheet);
  const right = sheet.rows.reduce((widest, cells) => Math.max(widest, cells.length), 0);
  return { top: 0, left: 0, bottom: Math.min(sheet.rows.length, whole.bottom), right: Math.min(right, whole.right) };
};

/** The part of an area where anything can stand; keeps loops short on a sheet of a thousand empty rows. */
export const usedPart = (sheet: Sheet, area: Area): Area => {
  const used = usedArea(sheet);
  return { ...area, bottom: Math.max(area.top, Math.min(area.bottom, used.bottom)), right: Math.max(area.left, Math.min(area.right, used.right)) };
};
