/**
 * What the requests of batchUpdate share: finding the sheet and the cells they name, with Google's words when they are not there.
 * Never changes anything.
 */
import { invalid } from '../../errors.ts';
import { spellRange } from '../a1.ts';
import type { Editing } from '../access.ts';
import { areaOf } from '../grid.ts';
import { type Area, type Dimension, findSheet, type GridRange, lengthOf, type Reply, type Request, type Sheet } from '../model.ts';

export type Body<K extends keyof Request> = NonNullable<Request[K]>;
export type Handler<K extends keyof Request> = ((editing: Editing, request: Body<K>) => Reply) | ((editing: Editing, request: Body<K>) => void);
/** Handlers by kind of request; each file of this folder gives a part of them. */
export type Handlers = { readonly [K in keyof Request]?: Handler<K> };

export const sheetOf = ({ book }: Editing, sheetId: number | null | undefined): Sheet => {
  const sheet = findSheet(book, sheetId ?? 0);
  if (!sheet) throw invalid(`No sheet with id: ${sheetId ?? 0}`);
  return sheet;
};

export interface Target {
  readonly sheet: Sheet;
  readonly area: Area;
}

/** The cells of a grid range. Throws 400 when it begins or ends outside the grid. */
export const targetOf = (editing: Editing, range: GridRange | null | undefined): Target => {
  if (!range) throw invalid('A range must be specified.');
  const sheet = sheetOf(editing, range.sheetId);
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const area = { ...areaOf(sheet, range), bottom: range.endRowIndex ?? rowCount, right: range.endColumnIndex ?? columnCount };
  if (area.top > area.bottom || area.left > area.right) throw invalid('The end of a range must not be before its start.');
  if (area.bottom > rowCount || area.right > columnCount || area.top >= rowCount || area.left >= columnCount)
    throw invalid(`Range (${spellRange(sheet, area)}) exceeds grid limits. Max rows: ${rowCount}, max columns: ${columnCount}`);
  return { sheet, area };
};

export interface Lines {
  readonly sheet: Sheet;
  readonly dimension: Dimension;
  readonly start: number;
  readonly end: number;
}

export const readDimension = (dimension: string | null | undefined): Dimension => {
  if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid('A dimension must be specified.');
  return dimension;
};

/** The rows or columns a DimensionRange names; open ends reach to the edge of the grid. */
export const linesOf = (
  editing: Editing,
  range: { sheetId?: number | null; dimension?: string | null; startIndex?: number | null; endIndex?: number | null } | undefined,
): Lines => {
  if (!range) throw invalid('A dimension range must be specified.');
  const sheet = sheetOf(editing, range.sheetId);
  const dimension = readDimension(range.dimension);
  const start = range.startIndex ?? 0;
  const end = range.endIndex ?? lengthOf(sheet, dimension);
  if (start < 0 || end <= start) throw invalid(`Invalid dimension range: startIndex[${start}] must be before endIndex[${end}].`);
  return { sheet, dimension, start, end };
};

/** Throws unless the lines are on the sheet. */
export const assertOnSheet = ({ sheet, dimension, end }: Lines): void => {
  const length = lengthOf(sheet, dimension);
  if (end > length)
    throw invalid(
      `Cannot use a ${dimension === 'ROWS' ? 'row' : 'column'} that doesn't exist. Tried to use index ${end - 1}, but there are only ${length}.`,
    );
};
