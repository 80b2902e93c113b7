/**
 * Requests about rows and columns: inserted, deleted, moved, appended, sized, hidden, and cells shifted aside.
 * How everything else moves along is in dimensions.ts.
 */
import { invalid } from '../../errors.ts';
import { assertEditable, assertGridLimits } from '../access.ts';
import { deleteDimension, insertDimension, moveDimension } from '../dimensions.ts';
import { cellAt, placesIn, setCell, usedArea } from '../grid.ts';
import { overlay, writeMask } from '../mask.ts';
import { type Area, type Dimension, dimensionProperties, lengthOf, type Sheet, setLength } from '../model.ts';
import { assertOnSheet, type Handlers, linesOf, readDimension, sheetOf, targetOf } from './common.ts';

/** Moves the cells beside or below an area by its size: away from it, or (`back`) into its place. */
const shiftCells = (sheet: Sheet, area: Area, dimension: Dimension, back: boolean): void => {
  const used = usedArea(sheet);
  const rest: Area =
    dimension === 'ROWS' ? { ...area, bottom: Math.max(area.bottom, used.bottom) } : { ...area, right: Math.max(area.right, used.right) };
  const [down, across] = dimension === 'ROWS' ? [area.bottom - area.top, 0] : [0, area.right - area.left];
  const cells = [...placesIn(rest)].map(([row, column]) => ({ row, column, cell: cellAt(sheet, row, column) }));
  for (const { row, column } of cells) setCell(sheet, row, column, undefined);
  for (const { row, column, cell } of cells) {
    const [toRow, toColumn] = back ? [row - down, column - across] : [row + down, column + across];
    if (cell && toRow >= area.top && toColumn >= area.left) setCell(sheet, toRow, toColumn, cell);
  }
  const grid = sheet.properties.gridProperties;
  grid.rowCount = Math.max(grid.rowCount, sheet.rows.findLastIndex((row) => row.some(Boolean)) + 1);
  grid.columnCount = Math.max(grid.columnCount, ...sheet.rows.map((row) => row.findLastIndex(Boolean) + 1));
};

export const lineRequests = {
  insertDimension: (editing, { range, inheritFromBefore }) => {
    const lines = linesOf(editing, range);
    if (lines.start > lengthOf(lines.sheet, lines.dimension))
      throw invalid(`Cannot insert at index ${lines.start}: it is beyond the end of the sheet.`);
    if (inheritFromBefore && lines.start === 0) throw invalid('inheritFromBefore cannot be true when inserting before the first row or column.');
    insertDimension(editing, lines.sheet, lines.dimension, lines.start, lines.end - lines.start, inheritFromBefore === true);
  },
  deleteDimension: (editing, { range }) => {
    const lines = linesOf(editing, range);
    assertOnSheet(lines);
    if (lines.end - lines.start === lengthOf(lines.sheet, lines.dimension))
      throw invalid(`You can't delete all the ${lines.dimension === 'ROWS' ? 'rows' : 'columns'} on the sheet.`);
    deleteDimension(editing, lines.sheet, lines.dimension, lines.start, lines.end);
  },
  moveDimension: (editing, { source, destinationIndex }) => {
    const lines = linesOf(editing, source);
    assertOnSheet(lines);
    const to = destinationIndex ?? 0;
    if (to > lines.start && to < lines.end) throw invalid('Cannot move rows or columns into themselves.');
    if (to > lengthOf(lines.sheet, lines.dimension)) throw invalid(`Cannot move to index ${to}: it is beyond the end of the sheet.`);
    if (to < lines.start || to > lines.end) moveDimension(editing, lines.sheet, lines.dimension, lines.start, lines.end, to);
  },
  appendDimension: (editing, { sheetId, dimension, length }) => {
    const sheet = sheetOf(editing, sheetId);
    const which = readDimension(dimension);
    if (!length || length < 1) throw invalid('The length must be greater than zero.');
    setLength(sheet, which, lengthOf(sheet, which) + length);
    assertGridLimits(editing.book);
  },
  updateDimensionProperties: (editing, { range, properties = {}, fields }) => {
    const lines = linesOf(editing, range);
    assertOnSheet(lines);
    const mask = writeMask(fields, 'properties');
    const list = dimensionProperties(lines.sheet, lines.dimension);
    while (list.length < lines.end) list.push(undefined);
    for (let index = lines.start; index < lines.end; index += 1) {
      const next = overlay(list[index] ?? {}, properties, mask);
      list[index] = Object.keys(next).length ? next : undefined;
    }
  },
  autoResizeDimensions: (editing, { dimensions }) => {
    const lines = linesOf(editing, dimensions);
    const list = dimensionProperties(lines.sheet, lines.dimension);
    for (let index = lines.start; index < lines.end && index < list.length; index += 1) {
      const { pixelSize: _size, ...rest } = list[index] ?? {};
      list[index] = Object.keys(rest).length ? rest : undefined;
    }
  },
  insertRange: (editing, { range, shiftDimension }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    shiftCells(sheet, area, readDimension(shiftDimension), false);
  },
  deleteRange: (editing, { range, shiftDimension }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    shiftCells(sheet, area, readDimension(shiftDimension), true);
  },
} satisfies Handlers;
