/**
 * Requests that write cells as CellData: updateCells, appendCells, repeatCell, setDataValidation, updateBorders.
 * A field that is in the mask but not in the data is cleared.
 */
import { invalid } from '../../errors.ts';
import { assertEditable, type Editing } from '../access.ts';
import { normalizeColors } from '../colors.ts';
import { cellAt, changeCell, hasValue, placesIn, setCell } from '../grid.ts';
import { assertFits } from '../input.ts';
import { assertCellMask } from '../known-fields.ts';
import { type Mask, overlay, writeMask } from '../mask.ts';
import type { Area, Cell, CellData, CellFormat, Sheet } from '../model.ts';
import { copiedFormula } from '../references.ts';
import { growRows } from '../write.ts';
import { type Handlers, sheetOf, targetOf } from './common.ts';

/** The mask of a request that writes cells; `cell` may be written before every path. */
const cellMask = (fields: string | null | undefined): Mask => {
  const mask = writeMask(fields, 'cell');
  assertCellMask(mask);
  return mask;
};

const storedParts = ['userEnteredValue', 'userEnteredFormat', 'note', 'dataValidation', 'textFormatRuns', 'chipRuns'] as const;

/** What is kept of a CellData; an empty value or note is none. */
export const keepCell = (cell: CellData): Cell => {
  const { userEnteredValue: value, note, ...rest } = cell;
  if (value?.stringValue) assertFits(value.stringValue);
  const kept: Cell = {
    ...Object.fromEntries(Object.entries(rest).filter(([part]) => (storedParts as readonly string[]).includes(part))),
    ...(value && Object.keys(value).length && value.stringValue !== '' ? { userEnteredValue: value } : {}),
    ...(note ? { note } : {}),
  };
  return normalizeColors(kept);
};

const writeCellData = (sheet: Sheet, row: number, column: number, data: CellData, mask: Mask): void => {
  const old: CellData = cellAt(sheet, row, column) ?? {};
  setCell(sheet, row, column, keepCell(overlay(old, data, mask)));
};

type Rows = readonly { values?: CellData[] }[];

const widest = (rows: Rows): number => Math.max(0, ...rows.map((row) => row.values?.length ?? 0));

/** `beyond`: the edge that data must not cross: that of the range, or that of the grid. */
const assertWidth = (right: number, beyond: number): void => {
  if (right > beyond) throw invalid(`Attempting to write column: ${beyond}, beyond the last requested column of: ${beyond - 1}`);
};

const writeRows = (editing: Editing, sheet: Sheet, area: Area, rows: Rows, mask: Mask): void => {
  assertEditable(editing, sheet, area);
  for (const [row, column] of placesIn(area)) writeCellData(sheet, row, column, rows[row - area.top]?.values?.[column - area.left] ?? {}, mask);
};

/** Over a range every cell of it is written, those without data too; from a start cell only those with data. */
const updateFromStart = (
  editing: Editing,
  start: { sheetId?: number | null; rowIndex?: number | null; columnIndex?: number | null },
  rows: Rows,
  mask: Mask,
): void => {
  const sheet = sheetOf(editing, start.sheetId);
  const [top, left] = [start.rowIndex ?? 0, start.columnIndex ?? 0];
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  if (top + rows.length > rowCount) throw invalid(`Attempting to write row: ${rowCount}, beyond the last requested row of: ${rowCount - 1}`);
  assertWidth(left + widest(rows), columnCount);
  for (const [down, row] of rows.entries())
    writeRows(editing, sheet, { top: top + down, bottom: top + down + 1, left, right: left + (row.values?.length ?? 0) }, [row], mask);
};

const setBorders = (format: CellFormat | undefined, borders: CellFormat['borders']): CellFormat => {
  const next = Object.fromEntries(Object.entries({ ...format?.borders, ...borders }).filter(([, border]) => border?.style !== 'NONE'));
  return normalizeColors({ ...format, borders: next });
};

export const cellRequests = {
  updateCells: (editing, { rows = [], fields, range, start }) => {
    const mask = cellMask(fields);
    if (start) return updateFromStart(editing, start, rows, mask);
    const { sheet, area } = targetOf(editing, range);
    if (rows.length > area.bottom - area.top)
      throw invalid(`Attempting to write row: ${area.bottom}, beyond the last requested row of: ${area.bottom - 1}`);
    assertWidth(area.left + widest(rows), area.right);
    writeRows(editing, sheet, area, rows, mask);
  },
  appendCells: (editing, { sheetId, rows = [], fields }) => {
    const mask = cellMask(fields);
    const sheet = sheetOf(editing, sheetId);
    assertWidth(widest(rows), sheet.properties.gridProperties.columnCount);
    // Formats, notes and validation are no data: rows prepared with them are filled, not skipped.
    const top = sheet.rows.findLastIndex((cells) => cells.some(hasValue)) + 1;
    growRows(editing, sheet, top + rows.length);
    for (const [down, row] of rows.entries())
      writeRows(editing, sheet, { top: top + down, bottom: top + down + 1, left: 0, right: row.values?.length ?? 0 }, [row], mask);
  },
  repeatCell: (editing, { range, cell = {}, fields }) => {
    const mask = cellMask(fields);
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    const formula = cell.userEnteredValue?.formulaValue;
    for (const [row, column] of placesIn(area)) {
      // A formula reads as if it stood in the first cell and were copied from there.
      const here = formula ? { ...cell, userEnteredValue: { formulaValue: copiedFormula(formula, row - area.top, column - area.left) } } : cell;
      writeCellData(sheet, row, column, here, mask);
    }
  },
  setDataValidation: (editing, { range, rule }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    if (rule && !rule.condition?.type) throw invalid('A data validation rule must have a condition.');
    for (const [row, column] of placesIn(area))
      changeCell(sheet, row, column, ({ dataValidation: _old, ...rest }) => (rule ? { ...rest, dataValidation: structuredClone(rule) } : rest));
  },
  updateBorders: (editing, { range, top, bottom, left, right, innerHorizontal, innerVertical }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    for (const [row, column] of placesIn(area)) {
      const wanted = {
        top: row === area.top ? top : innerHorizontal,
        bottom: row === area.bottom - 1 ? bottom : innerHorizontal,
        left: column === area.left ? left : innerVertical,
        right: column === area.right - 1 ? right : innerVertical,
      };
      const borders = Object.fromEntries(Object.entries(wanted).filter(([, border]) => border));
      changeCell(sheet, row, column, (cell) => ({ ...cell, userEnteredFormat: setBorders(cell.userEnteredFormat, borders) }));
    }
  },
} satisfies Handlers;
