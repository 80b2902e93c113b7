/**
 * The values calls: get, batchGet, update, batchUpdate, append, clear, and their answers.
 * Each gets a Book or an Editing and the parts of the request; HTTP is elsewhere.
 */
import { type Found, findRange, spellRange } from './a1.ts';
import type { Editing } from './access.ts';
import { wholeSheet } from './grid.ts';
import type { Book } from './model.ts';
import { type ReadOptions, readValues } from './output.ts';
import { type Body, isTrue, naming, readInputOption, readReadOptions, readValueRange, readWord, type ValueRange } from './value-range.ts';
import { append, clearValues, type Written, writeOver } from './write.ts';

type Ask = (name: string) => unknown;

/** A ValueRange as it is answered: no `values` key where nothing is. */
export const valueRangeAnswer = (book: Book, found: Found, options: ReadOptions) => {
  const values = readValues(book, found.sheet, found.area, options);
  return { range: spellRange(found.sheet, found.area), majorDimension: options.majorDimension, ...(values ? { values } : {}) };
};

export const getValues = (book: Book, range: string, ask: Ask) => valueRangeAnswer(book, findRange(book, range), readReadOptions(ask));

export const batchGetValues = (book: Book, ranges: readonly string[], ask: Ask) => {
  const options = readReadOptions(ask);
  const found = ranges.map((range) => findRange(book, range));
  return { spreadsheetId: book.spreadsheetId, ...(found.length ? { valueRanges: found.map((one) => valueRangeAnswer(book, one, options)) } : {}) };
};

/** Counts without zeros: what is zero is left out. */
export const counts = (numbers: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== 0));

const different = (written: readonly Written[], key: (written: Written, place: readonly [number, number]) => string): number =>
  new Set(written.flatMap((one) => one.places.map((place) => key(one, place)))).size;

/** The answer to one written range. */
export const updateAnswer = (editing: Editing, written: Written, ask: Ask) => ({
  spreadsheetId: editing.book.spreadsheetId,
  updatedRange: spellRange(written.sheet, written.area),
  ...counts({
    updatedRows: different([written], (_one, [row]) => `${row}`),
    updatedColumns: different([written], (_one, [, column]) => `${column}`),
    updatedCells: written.places.length,
  }),
  ...(isTrue(ask('includeValuesInResponse'))
    ? { updatedData: valueRangeAnswer(editing.book, { ...written, single: false }, readReadOptions(ask, true)) }
    : {}),
});

export const totals = (written: readonly Written[]) =>
  counts({
    totalUpdatedRows: different(written, (one, [row]) => `${one.sheet.properties.sheetId}/${row}`),
    totalUpdatedColumns: different(written, (one, [, column]) => `${one.sheet.properties.sheetId}/${column}`),
    totalUpdatedCells: written.reduce((sum, one) => sum + one.places.length, 0),
    totalUpdatedSheets: different(written, (one) => `${one.sheet.properties.sheetId}`),
  });

export const updateValues = (editing: Editing, range: string, body: unknown, ask: Ask) => {
  const data = readValueRange(body);
  const option = readInputOption(ask('valueInputOption'));
  return updateAnswer(editing, writeOver(editing, findRange(editing.book, range), data, option), ask);
};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const readDataRange = (item: unknown): ValueRange & { readonly range: string } => {
  const data = readValueRange(item);
  return { ...data, range: data.range ?? '' };
};

export const batchUpdateValues = (editing: Editing, body: Body) => {
  const option = readInputOption(body.valueInputOption);
  const data = asList(body.data).map((item) => readDataRange(item));
  const written = data.map((item, index) => naming(`data[${index}]`, () => writeOver(editing, findRange(editing.book, item.range), item, option)));
  const ask: Ask = (name) => body[name];
  return {
    spreadsheetId: editing.book.spreadsheetId,
    ...totals(written),
    ...(written.length ? { responses: written.map((one) => updateAnswer(editing, one, ask)) } : {}),
  };
};

export const appendValues = (editing: Editing, range: string, body: unknown, ask: Ask) => {
  const data = readValueRange(body);
  const options = {
    input: readInputOption(ask('valueInputOption')),
    insert: readWord(ask('insertDataOption'), 'insertDataOption', ['OVERWRITE', 'INSERT_ROWS'], 'OVERWRITE'),
  };
  const written = append(editing, findRange(editing.book, range), data, options);
  return {
    spreadsheetId: editing.book.spreadsheetId,
    ...(written.table ? { tableRange: spellRange(written.sheet, written.table) } : {}),
    updates: updateAnswer(editing, written, ask),
  };
};

const clearFound = (editing: Editing, found: Found): string => {
  clearValues(editing, found.sheet, found.area);
  return spellRange(found.sheet, found.area);
};

export const clearRange = (editing: Editing, range: string) => ({
  spreadsheetId: editing.book.spreadsheetId,
  clearedRange: clearFound(editing, findRange(editing.book, range)),
});

export const clearAll = (editing: Editing, found: readonly Found[]) => ({
  spreadsheetId: editing.book.spreadsheetId,
  ...(found.length ? { clearedRanges: found.map((one) => clearFound(editing, one)) } : {}),
});

export const batchClearValues = (editing: Editing, body: Body) =>
  clearAll(
    editing,
    asList(body.ranges).map((range) => findRange(editing.book, String(range))),
  );

/** A sheet from corner to corner, as a found range. */
export const wholeOf = (sheet: Found['sheet']): Found => ({ sheet, area: wholeSheet(sheet), single: false });
