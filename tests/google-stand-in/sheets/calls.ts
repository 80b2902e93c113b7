/**
 * The calls of Sheets v4, from the parts of a request to the body of its answer.
 * Rights on the file are asked for here, once for each call.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid, noSuchEntity } from '../errors.ts';
import type { Call } from '../http/routes.ts';
import { spreadsheetType } from '../world.ts';
import { spellRange } from './a1.ts';
import { assertGridLimits } from './access.ts';
import { batchUpdate } from './batch.ts';
import { copySheet } from './copy-sheet.ts';
import { meetsLookup, rangesOf, readFilters } from './filters.ts';
import { setCell } from './grid.ts';
import { cut, parseMask } from './mask.ts';
import { type Book, findSheet, newBook, newSheet, nextSheetId, renumber, type Sheet } from './model.ts';
import { keepCell } from './requests/cells.ts';
import { type Asked, bookAnswer, metadataAnswer, type Reader, sheetPropertiesAnswer } from './resource.ts';
import { isTrue, naming, readInputOption, readReadOptions, readValueRange } from './value-range.ts';
import * as values from './values.ts';
import { writeOver } from './write.ts';

const id = (call: Call): string => call.parts[0] ?? '';
const range = (call: Call): string => call.parts[1] ?? '';
const ask =
  (call: Call) =>
  (name: string): unknown =>
    call.query.get(name) ?? undefined;

/** The answer with the fields asked for in the address. */
const masked = (call: Call, answer: unknown): unknown => {
  const fields = call.query.get('fields');
  return fields ? cut(answer, parseMask(fields)) : answer;
};

const read = (call: Call): { readonly book: Book; readonly reader: Reader } => {
  const file = call.world.sheetFileFor(id(call), call.caller);
  return { book: file.book, reader: { caller: call.caller, owner: call.world.ownerOf(file) } };
};

const sheetFromBody = (wanted: sheets_v4.Schema$Sheet, index: number, book: Book, random: () => number): Sheet => {
  const { sheetId, title, gridProperties, ...rest } = wanted.properties ?? {};
  const sheet = newSheet(
    { ...rest, sheetType: 'GRID', sheetId: sheetId ?? (index === 0 ? 0 : nextSheetId(book, random)), title: title ?? `Sheet${index + 1}`, index },
    gridProperties ?? {},
  );
  for (const data of wanted.data ?? [])
    for (const [down, row] of (data.rowData ?? []).entries())
      for (const [across, cell] of (row.values ?? []).entries())
        setCell(sheet, (data.startRow ?? 0) + down, (data.startColumn ?? 0) + across, keepCell(cell));
  return sheet;
};

const newBookFrom = (call: Call, bookId: string): Book => {
  const { account, random } = call.world.options;
  const body = call.body as sheets_v4.Schema$Spreadsheet;
  const book = newBook(bookId, body.properties ?? {}, account);
  if (body.sheets?.length) {
    book.sheets = [];
    for (const [index, sheet] of body.sheets.entries()) book.sheets.push(sheetFromBody(sheet, index, book, random));
    const titles = book.sheets.map((sheet) => sheet.properties.title);
    const double = titles.find((title, index) => titles.indexOf(title) !== index);
    if (double) throw invalid(`A sheet with the name "${double}" already exists. Please enter another name.`);
  }
  assertGridLimits(book);
  return book;
};

export const create = (call: Call): unknown => {
  const { world, caller } = call;
  const title = (call.body as sheets_v4.Schema$Spreadsheet).properties?.title ?? 'Untitled spreadsheet';
  // Made and checked before the file is there: a refused call leaves nothing behind.
  const checked = newBookFrom(call, '');
  const file = world.addFile(caller, { name: title, mimeType: spreadsheetType, book: (spreadsheetId) => ({ ...checked, spreadsheetId }) });
  const fields = call.query.get('fields');
  return bookAnswer(file.book as Book, { ranges: [], includeGridData: false, fields }, { caller, owner: caller });
};

const asked = (call: Call): Asked => ({
  ranges: call.query.getAll('ranges'),
  includeGridData: isTrue(call.query.get('includeGridData')),
  fields: call.query.get('fields'),
});

export const get = (call: Call): unknown => {
  const { book, reader } = read(call);
  return bookAnswer(book, asked(call), reader);
};

export const getByFilter = (call: Call): unknown => {
  const { book, reader } = read(call);
  const found = readFilters(call.body.dataFilters ?? []).flatMap((filter) => rangesOf(book, filter));
  return bookAnswer(
    book,
    {
      ranges: found.map((one) => spellRange(one.sheet, one.area)),
      includeGridData: isTrue(call.body.includeGridData),
      fields: call.query.get('fields'),
    },
    reader,
  );
};

export const batch = (call: Call): unknown => {
  const { world, caller, body } = call;
  const replies = world.edit(id(call), caller, (editing) => batchUpdate(editing, body.requests));
  const answer = { spreadsheetId: id(call), replies };
  if (!isTrue(body.includeSpreadsheetInResponse)) return masked(call, answer);
  const { book, reader } = read(call);
  const ranges = values.asList(body.responseRanges).map(String);
  return masked(call, {
    ...answer,
    updatedSpreadsheet: bookAnswer(book, { ranges, includeGridData: isTrue(body.responseIncludeGridData), fields: null }, reader),
  });
};

export const valuesGet = (call: Call): unknown => masked(call, values.getValues(read(call).book, range(call), ask(call)));
export const valuesBatchGet = (call: Call): unknown => masked(call, values.batchGetValues(read(call).book, call.query.getAll('ranges'), ask(call)));

const edit = (call: Call, work: Parameters<Call['world']['edit']>[2]): unknown => masked(call, call.world.edit(id(call), call.caller, work));

export const valuesUpdate = (call: Call): unknown => edit(call, (editing) => values.updateValues(editing, range(call), call.body, ask(call)));
export const valuesAppend = (call: Call): unknown => edit(call, (editing) => values.appendValues(editing, range(call), call.body, ask(call)));
export const valuesClear = (call: Call): unknown => edit(call, (editing) => values.clearRange(editing, range(call)));
export const valuesBatchUpdate = (call: Call): unknown => edit(call, (editing) => values.batchUpdateValues(editing, call.body));
export const valuesBatchClear = (call: Call): unknown => edit(call, (editing) => values.batchClearValues(editing, call.body));

export const valuesBatchGetByFilter = (call: Call): unknown => {
  const { book } = read(call);
  const options = readReadOptions((name) => call.body[name]);
  const matched = readFilters(call.body.dataFilters).flatMap((filter) =>
    rangesOf(book, filter).map((found) => ({ valueRange: values.valueRangeAnswer(book, found, options), dataFilters: [filter] })),
  );
  return masked(call, { spreadsheetId: book.spreadsheetId, ...(matched.length ? { valueRanges: matched } : {}) });
};

export const valuesBatchUpdateByFilter = (call: Call): unknown =>
  edit(call, (editing) => {
    const option = readInputOption(call.body.valueInputOption);
    const answers = values.asList(call.body.data).flatMap((item, index) => {
      const data = readValueRange(item);
      const filter = (item as { dataFilter?: sheets_v4.Schema$DataFilter }).dataFilter ?? {};
      return naming(`data[${index}]`, () =>
        rangesOf(editing.book, filter).map((found) => ({ filter, written: writeOver(editing, found, data, option) })),
      );
    });
    return {
      spreadsheetId: editing.book.spreadsheetId,
      ...values.totals(answers.map(({ written }) => written)),
      responses: answers.map(({ filter, written }) => {
        const { spreadsheetId: _id, ...rest } = values.updateAnswer(editing, written, (name) => call.body[name]);
        return { ...rest, dataFilter: filter };
      }),
    };
  });

export const valuesBatchClearByFilter = (call: Call): unknown =>
  edit(call, (editing) =>
    values.clearAll(
      editing,
      readFilters(call.body.dataFilters).flatMap((filter) => rangesOf(editing.book, filter)),
    ),
  );

export const copyTo = (call: Call): unknown => {
  const { world, caller, body } = call;
  const { book: source } = read(call);
  const sheet = findSheet(source, Number(call.parts[1]));
  if (!sheet) throw noSuchEntity();
  const target = String(body.destinationSpreadsheetId ?? '');
  return world.edit(target, caller, ({ book, random }) => {
    const titles = new Set(book.sheets.map((one) => one.properties.title));
    const base = `Copy of ${sheet.properties.title}`;
    let title = base;
    for (let number = 2; titles.has(title); number += 1) title = `${base} ${number}`;
    const copy = copySheet({ book: source, sheet }, { book, random, caller }, { title, sheetId: nextSheetId(book, random) });
    book.sheets.push(copy);
    renumber(book);
    assertGridLimits(book);
    return sheetPropertiesAnswer(copy);
  });
};

export const metadataGet = (call: Call): unknown => {
  const metadata = read(call).book.developerMetadata.find((one) => one.metadataId === Number(call.parts[1]));
  if (!metadata) throw noSuchEntity();
  return metadataAnswer(metadata);
};

export const metadataSearch = (call: Call): unknown => {
  const { book } = read(call);
  const matched = readFilters(call.body.dataFilters).flatMap((filter) => {
    const lookup = filter.developerMetadataLookup;
    if (!lookup) return [];
    return book.developerMetadata
      .filter((one) => meetsLookup(one, lookup))
      .map((one) => ({ developerMetadata: metadataAnswer(one), dataFilters: [filter] }));
  });
  return masked(call, matched.length ? { matchedDeveloperMetadata: matched } : {});
};
