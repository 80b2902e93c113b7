/**
 * Requests about whole sheets and the spreadsheet: added, deleted, copied, renamed, moved, hidden.
 * Cells are in cells.ts.
 */
import { invalid } from '../../errors.ts';
import { sheetByTitle } from '../a1.ts';
import { assertEditable, type Editing } from '../access.ts';
import { normalizeColors } from '../colors.ts';
import { copySheet } from '../copy-sheet.ts';
import { wholeSheet } from '../grid.ts';
import { overlay, writeMask } from '../mask.ts';
import { type Book, findSheet, type GridProperties, newSheet, nextSheetId, renumber, type Sheet } from '../model.ts';
import { renameInFormulas } from '../references.ts';
import { sheetPropertiesAnswer } from '../resource.ts';
import { type Handlers, sheetOf } from './common.ts';

const assertFreeTitle = (book: Book, title: string, except?: Sheet): void => {
  if (!title) throw invalid('Sheet title cannot be empty.');
  if (title.length > 100) throw invalid('Sheet title cannot be longer than 100 characters.');
  const taken = sheetByTitle(book, title);
  if (taken && taken !== except) throw invalid(`A sheet with the name "${title}" already exists. Please enter another name.`);
};

const assertFreeId = (book: Book, sheetId: number): void => {
  if (findSheet(book, sheetId)) throw invalid(`Sheet with id ${sheetId} already exists.`);
};

const freeTitle = (book: Book, base: (number: number) => string): string => {
  for (let number = 1; ; number += 1) if (!sheetByTitle(book, base(number))) return base(number);
};

const assertGridSize = (grid: { rowCount?: number | null; columnCount?: number | null } | null | undefined): void => {
  if ((grid?.rowCount ?? 1) < 1 || (grid?.columnCount ?? 1) < 1) throw invalid('A sheet must have at least one row and one column.');
};

/** A grid always has its size; what is zero or false is left out. */
const keepGrid = (old: GridProperties, next: Partial<GridProperties> = {}): GridProperties => {
  const rest = Object.fromEntries(Object.entries(next).filter(([, value]) => value));
  return { ...rest, rowCount: next.rowCount ?? old.rowCount, columnCount: next.columnCount ?? old.columnCount };
};

const place = (book: Book, sheet: Sheet, index: number): void => {
  if (index < 0 || index > book.sheets.length) throw invalid(`Invalid index ${index}: it must be between 0 and ${book.sheets.length}.`);
  book.sheets.splice(index, 0, sheet);
  renumber(book);
};

const visible = (book: Book): Sheet[] => book.sheets.filter((sheet) => !sheet.properties.hidden);

/** `index` counts in positions before the move, so one step to the right is the present index plus two. */
const move = (book: Book, sheet: Sheet, index: number): void => {
  const from = book.sheets.indexOf(sheet);
  if (index < 0 || index > book.sheets.length) throw invalid(`Invalid index ${index}: it must be between 0 and ${book.sheets.length}.`);
  book.sheets.splice(from, 1);
  book.sheets.splice(index > from ? index - 1 : index, 0, sheet);
  renumber(book);
};

/** Cells beyond the new edge of the grid are gone. */
const cropToGrid = (sheet: Sheet): void => {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  sheet.rows = sheet.rows.slice(0, rowCount).map((cells) => cells.slice(0, columnCount));
  sheet.rowProperties = sheet.rowProperties.slice(0, rowCount);
  sheet.columnProperties = sheet.columnProperties.slice(0, columnCount);
};

const removeSheet = (editing: Editing, sheet: Sheet): void => {
  const { book } = editing;
  if (book.sheets.length === 1) throw invalid("You can't remove all the sheets in a document.");
  if (!sheet.properties.hidden && visible(book).length === 1) throw invalid("You can't remove all the visible sheets in a document.");
  assertEditable(editing, sheet, wholeSheet(sheet));
  const id = sheet.properties.sheetId;
  book.sheets = book.sheets.filter((other) => other !== sheet);
  book.namedRanges = book.namedRanges.filter((named) => (named.range?.sheetId ?? 0) !== id);
  book.developerMetadata = book.developerMetadata.filter(
    ({ location }) => location?.sheetId !== id && !(location?.dimensionRange && (location.dimensionRange.sheetId ?? 0) === id),
  );
  renumber(book);
};

export const sheetRequests = {
  addSheet: ({ book, random }, { properties = {} }) => {
    const { gridProperties, sheetId, title, index, sheetType, ...rest } = properties;
    if (title != null) assertFreeTitle(book, title);
    if (sheetId != null) assertFreeId(book, sheetId);
    if (sheetType && sheetType !== 'GRID') throw invalid(`Sheets of type ${sheetType} cannot be added.`);
    assertGridSize(gridProperties);
    const sheet = newSheet(
      {
        ...normalizeColors(rest),
        sheetId: sheetId ?? nextSheetId(book, random),
        title: title ?? freeTitle(book, (number) => `Sheet${book.sheets.length + number}`),
        index: 0,
      },
      gridProperties ?? {},
    );
    place(book, sheet, index ?? book.sheets.length);
    return { addSheet: { properties: sheetPropertiesAnswer(sheet) } };
  },
  deleteSheet: (editing, { sheetId }) => removeSheet(editing, sheetOf(editing, sheetId)),
  duplicateSheet: (editing, { sourceSheetId, newSheetId, newSheetName, insertSheetIndex }) => {
    const { book, random } = editing;
    const source = sheetOf(editing, sourceSheetId);
    const title = newSheetName ?? freeTitle(book, (number) => `Copy of ${source.properties.title}${number > 1 ? ` ${number}` : ''}`);
    assertFreeTitle(book, title);
    if (newSheetId != null) assertFreeId(book, newSheetId);
    const copy = copySheet(
      { book, sheet: source },
      { book, random, caller: editing.caller },
      { title, sheetId: newSheetId ?? nextSheetId(book, random) },
    );
    place(book, copy, insertSheetIndex ?? 0);
    return { duplicateSheet: { properties: sheetPropertiesAnswer(copy) } };
  },
  updateSheetProperties: (editing, { properties = {}, fields }) => {
    const { book } = editing;
    const sheet = sheetOf(editing, properties.sheetId);
    const mask = writeMask(fields, 'properties');
    const old = sheet.properties;
    const next = normalizeColors(overlay(old, properties, mask));
    const { sheetId, index, sheetType } = old;
    sheet.properties = {
      ...next,
      sheetId,
      index,
      sheetType,
      title: next.title ?? '',
      gridProperties: keepGrid(old.gridProperties, next.gridProperties),
    };
    if (sheet.properties.title !== old.title) {
      assertFreeTitle(book, sheet.properties.title, sheet);
      renameInFormulas(book, old.title, sheet.properties.title);
    }
    assertGridSize(sheet.properties.gridProperties);
    if (sheet.properties.hidden && !visible(book).length) throw invalid("You can't hide all the sheets in a document.");
    if (sheet.properties.hidden === false) delete sheet.properties.hidden;
    cropToGrid(sheet);
    const wantsIndex = mask === 'all' ? properties.index != null : mask.has('index');
    if (wantsIndex) move(book, sheet, properties.index ?? 0);
  },
  updateSpreadsheetProperties: ({ book }, { properties = {}, fields }) => {
    const next = overlay(book.properties, properties, writeMask(fields, 'properties'));
    if (!next.title) throw invalid('The spreadsheet title cannot be empty.');
    book.properties = normalizeColors({
      ...next,
      locale: next.locale || book.properties.locale,
      timeZone: next.timeZone || book.properties.timeZone,
    });
  },
} satisfies Handlers;
