/**
 * Who may edit which cells of a spreadsheet: protections, and the limits every edit keeps to.
 * Sharing of the file is not looked at here; see drive/access.ts.
 */
import { invalid } from '../errors.ts';
import type { Random } from '../random.ts';
import { areaOf, isInside, overlap } from './grid.ts';
import { type Area, type Book, cellCount, type GridRange, maximumCells, maximumColumns, type Protection, type Sheet } from './model.ts';

/** One edit under way: on which (copy of a) spreadsheet, by whom. */
export interface Editing {
  readonly book: Book;
  readonly caller: string;
  readonly owner: string;
  readonly random: Random;
  readonly thisYear: number;
}

/** Owner and creator are never kept out; a warning keeps nobody out. */
export const mayEdit = (protection: Protection, caller: string, owner: string): boolean =>
  protection.range.warningOnly === true ||
  caller === owner ||
  caller === protection.creator ||
  (protection.range.editors?.users ?? []).some((user) => user.toLowerCase() === caller.toLowerCase());

/** The cells a protection covers: its own range, or that of the name it follows. */
export const protectedGridRange = (book: Book, protection: Protection): GridRange =>
  protection.range.range ?? book.namedRanges.find((named) => named.namedRangeId === protection.range.namedRangeId)?.range ?? {};

/** True when it holds the whole sheet. */
export const isSheetProtection = (range: GridRange): boolean =>
  range.startRowIndex == null && range.endRowIndex == null && range.startColumnIndex == null && range.endColumnIndex == null;

const keepsOut = (editing: Editing, sheet: Sheet, area: Area, protection: Protection): boolean => {
  if (mayEdit(protection, editing.caller, editing.owner)) return false;
  const range = protectedGridRange(editing.book, protection);
  if ((range.sheetId ?? 0) !== sheet.properties.sheetId || !overlap(areaOf(sheet, range), area)) return false;
  return !(protection.range.unprotectedRanges ?? []).some((open) => isInside(area, areaOf(sheet, open)));
};

/** 400, not 403. */
export const protectedFault = (): Error =>
  invalid('You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.');

/** Throws 400 when a part of the area is protected from the caller. */
export const assertEditable = (editing: Editing, sheet: Sheet, area: Area): void => {
  if (!sheet.protections.some((protection) => keepsOut(editing, sheet, area, protection))) return;
  throw protectedFault();
};

/** Throws 400 when a sheet would be wider than 18,278 columns, or the spreadsheet hold more than 10,000,000 cells, empty ones counted. */
export const assertGridLimits = (book: Book): void => {
  if (book.sheets.some((sheet) => sheet.properties.gridProperties.columnCount > maximumColumns))
    throw invalid(`A sheet cannot have more than ${maximumColumns} columns.`);
  if (cellCount(book) > maximumCells)
    throw invalid(`This action would increase the number of cells in the workbook above the limit of ${maximumCells} cells.`);
};
