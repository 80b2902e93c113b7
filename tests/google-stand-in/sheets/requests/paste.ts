/**
 * Requests that carry cells elsewhere: copyPaste, cutPaste, sortRange. Metadata of rows stays where it is.
 * In what is copied or sorted the references without a `$` go along; what is cut keeps its own.
 */
import { invalid } from '../../errors.ts';
import { assertEditable, type Editing } from '../access.ts';
import { effectiveValue } from '../formula.ts';
import { cellAt, placesIn, setCell, usedPart } from '../grid.ts';
import type { Area, Cell, ExtendedValue, Sheet } from '../model.ts';
import { copiedFormula } from '../references.ts';
import { type Handlers, sheetOf, targetOf } from './common.ts';

type Parts = readonly (keyof Cell)[];

const contents: Parts = ['userEnteredValue', 'textFormatRuns', 'chipRuns'];
const parts: Readonly<Record<string, Parts>> = {
  PASTE_NORMAL: [...contents, 'userEnteredFormat', 'note', 'dataValidation'],
  PASTE_VALUES: contents,
  PASTE_FORMAT: ['userEnteredFormat'],
  PASTE_NO_BORDERS: [...contents, 'userEnteredFormat', 'note', 'dataValidation'],
  PASTE_FORMULA: contents,
  PASTE_DATA_VALIDATION: ['dataValidation'],
  PASTE_CONDITIONAL_FORMATTING: [],
};

const partsOf = (pasteType: string | null | undefined): Parts => {
  const found = parts[pasteType ?? 'PASTE_NORMAL'];
  if (!found) throw invalid(`Unknown pasteType: ${pasteType}`);
  return found;
};

/** A cell as it is pasted: values only carry what a formula gives, not the formula. */
const carried = ({ book }: Editing, sheet: Sheet, row: number, column: number, pasteType: string | null | undefined): Cell => {
  const cell: Cell = structuredClone(cellAt(sheet, row, column) ?? {});
  if (pasteType === 'PASTE_VALUES' && cell.userEnteredValue?.formulaValue) cell.userEnteredValue = effectiveValue(book, sheet, row, column);
  if (pasteType === 'PASTE_NO_BORDERS') delete cell.userEnteredFormat?.borders;
  return cell;
};

/** A cell so many rows further down and columns further right. */
const moved = (cell: Cell, down: number, across: number): Cell => {
  const formula = cell.userEnteredValue?.formulaValue;
  return formula ? { ...cell, userEnteredValue: { formulaValue: copiedFormula(formula, down, across) } } : cell;
};

const lay = (sheet: Sheet, row: number, column: number, cell: Cell, which: Parts): void => {
  const next: Cell = { ...cellAt(sheet, row, column) };
  for (const part of which) Object.assign(next, { [part]: cell[part] });
  setCell(sheet, row, column, next);
};

/** The destination grown to the source where it is smaller, or repeating it where it holds it several times. */
const tiled = (height: number, width: number, target: Area): Area => {
  const rows = Math.max(1, Math.floor((target.bottom - target.top) / height));
  const columns = Math.max(1, Math.floor((target.right - target.left) / width));
  return { ...target, bottom: target.top + rows * height, right: target.left + columns * width };
};

const assertInGrid = (sheet: Sheet, area: Area): void => {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  if (area.bottom > rowCount || area.right > columnCount) throw invalid('The destination of a paste must lie inside the grid.');
};

const order = (value: ExtendedValue): number => {
  if (typeof value.numberValue === 'number') return 0;
  if (value.stringValue !== undefined) return 1;
  if (typeof value.boolValue === 'boolean') return 2;
  return value.errorValue ? 3 : 4;
};

/** Numbers, texts, booleans, errors; empty cells always last. */
const compareValues = (one: ExtendedValue, other: ExtendedValue, sign: number): number => {
  const [a, b] = [order(one), order(other)];
  if (a === 4 || b === 4) return a - b;
  if (a !== b) return (a - b) * sign;
  if (a === 0) return ((one.numberValue ?? 0) - (other.numberValue ?? 0)) * sign;
  if (a === 1) return (one.stringValue ?? '').localeCompare(other.stringValue ?? '') * sign;
  return (Number(one.boolValue ?? 0) - Number(other.boolValue ?? 0)) * sign;
};

export const pasteRequests = {
  copyPaste: (editing, { source, destination, pasteType, pasteOrientation }) => {
    const from = targetOf(editing, source);
    const to = targetOf(editing, destination);
    const transposed = pasteOrientation === 'TRANSPOSE';
    const [height, width] = [from.area.bottom - from.area.top, from.area.right - from.area.left];
    const area = transposed ? tiled(width, height, to.area) : tiled(height, width, to.area);
    assertInGrid(to.sheet, area);
    assertEditable(editing, to.sheet, area);
    const cells = [...placesIn(area)].map(([row, column]) => {
      const [down, across] = transposed ? [column - area.left, row - area.top] : [row - area.top, column - area.left];
      const [fromRow, fromColumn] = [from.area.top + (down % height), from.area.left + (across % width)];
      const cell = carried(editing, from.sheet, fromRow, fromColumn, pasteType);
      return { row, column, cell: moved(cell, row - fromRow, column - fromColumn) };
    });
    for (const { row, column, cell } of cells) lay(to.sheet, row, column, cell, partsOf(pasteType));
  },
  cutPaste: (editing, { source, destination = {}, pasteType }) => {
    const from = targetOf(editing, source);
    const sheet = sheetOf(editing, destination.sheetId);
    const [down, across] = [(destination.rowIndex ?? 0) - from.area.top, (destination.columnIndex ?? 0) - from.area.left];
    const area: Area = { top: from.area.top + down, bottom: from.area.bottom + down, left: from.area.left + across, right: from.area.right + across };
    assertInGrid(sheet, area);
    assertEditable(editing, from.sheet, from.area);
    assertEditable(editing, sheet, area);
    const cells = [...placesIn(from.area)].map(([row, column]) => ({ row, column, cell: carried(editing, from.sheet, row, column, pasteType) }));
    for (const { row, column } of cells) setCell(from.sheet, row, column, undefined);
    for (const { row, column, cell } of cells) lay(sheet, row + down, column + across, cell, partsOf(pasteType));
  },
  sortRange: (editing, { range, sortSpecs = [] }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    if (!sortSpecs.length) throw invalid('At least one sort spec must be given.');
    const used = usedPart(sheet, area);
    const rows = Array.from({ length: used.bottom - used.top }, (_, offset) => {
      const row = used.top + offset;
      const cells = Array.from({ length: used.right - used.left }, (_cell, column) => cellAt(sheet, row, used.left + column));
      return { row, cells, keys: sortSpecs.map((spec) => effectiveValue(editing.book, sheet, row, spec.dimensionIndex ?? 0)) };
    });
    const sorted = rows.toSorted((one, other) => {
      for (const [index, spec] of sortSpecs.entries()) {
        const result = compareValues(one.keys[index] ?? {}, other.keys[index] ?? {}, spec.sortOrder === 'DESCENDING' ? -1 : 1);
        if (result) return result;
      }
      return 0;
    });
    for (const [down, { row, cells }] of sorted.entries())
      for (const [across, cell] of cells.entries())
        setCell(sheet, used.top + down, used.left + across, cell && moved(cell, used.top + down - row, 0));
  },
} satisfies Handlers;
