/**
 * `files.export`: a spreadsheet as .xlsx or .ods (values, formulas, number formats, merges), or its first tab as CSV or TSV.
 * At most 10 MB, as Google.
 */
import { utils, type WorkBook, type WorkSheet, write } from '@e965/xlsx';
import { ApiError, invalidParameter } from '../errors.ts';
import { effectiveValue } from '../sheets/formula.ts';
import { cellAt, placesIn, usedArea } from '../sheets/grid.ts';
import type { Book, Sheet } from '../sheets/model.ts';
import { formattedValue } from '../sheets/output.ts';
import type { DriveCall } from './files.ts';

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const maximumBytes = 10 * 1024 * 1024;

const toWorkSheet = (book: Book, sheet: Sheet): WorkSheet => {
  const area = usedArea(sheet);
  const result: WorkSheet = {
    '!ref': utils.encode_range({ s: { r: 0, c: 0 }, e: { r: Math.max(0, area.bottom - 1), c: Math.max(0, area.right - 1) } }),
    '!merges': sheet.merges.map((range) => ({
      s: { r: range.startRowIndex ?? 0, c: range.startColumnIndex ?? 0 },
      e: { r: (range.endRowIndex ?? 1) - 1, c: (range.endColumnIndex ?? 1) - 1 },
    })),
  };
  for (const [row, column] of placesIn(area)) {
    const cell = cellAt(sheet, row, column);
    if (!cell?.userEnteredValue) continue;
    const value = effectiveValue(book, sheet, row, column);
    const plain = value.numberValue ?? value.boolValue ?? value.stringValue ?? formattedValue(book, sheet, row, column);
    const pattern = cell.userEnteredFormat?.numberFormat?.pattern;
    result[utils.encode_cell({ r: row, c: column })] = {
      v: plain,
      t: typeof plain === 'number' ? 'n' : typeof plain === 'boolean' ? 'b' : 's',
      ...(cell.userEnteredValue.formulaValue ? { f: cell.userEnteredValue.formulaValue.slice(1) } : {}),
      ...(pattern ? { z: pattern } : {}),
    };
  }
  return result;
};

const toWorkBook = (book: Book): WorkBook => {
  const workbook = utils.book_new();
  for (const sheet of book.sheets)
    utils.book_append_sheet(workbook, toWorkSheet(book, sheet), sheet.properties.title.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31));
  return workbook;
};

const lines = (book: Book, between: string, write: (text: string) => string): string => {
  const sheet = book.sheets[0] as Sheet;
  const area = usedArea(sheet);
  const rows = Array.from({ length: area.bottom }, (_, row) =>
    Array.from({ length: area.right }, (_cell, column) => write(formattedValue(book, sheet, row, column))).join(between),
  );
  return rows.join('\r\n');
};
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** A tab or line break inside a cell would begin another: Google makes a space of it. */
const unbroken = (text: string): string => text.replaceAll(/[\t\r\n]+/g, ' ');
const asWorkbook = (bookType: 'xlsx' | 'ods') => (book: Book) => Buffer.from(write(toWorkBook(book), { type: 'buffer', bookType }) as Uint8Array);

const writers: Readonly<Record<string, (book: Book) => Buffer>> = {
  [xlsxType]: asWorkbook('xlsx'),
  'application/vnd.oasis.opendocument.spreadsheet': asWorkbook('ods'),
  'application/x-vnd.oasis.opendocument.spreadsheet': asWorkbook('ods'),
  'text/csv': (book) => Buffer.from(lines(book, ',', quoted), 'utf8'),
  'text/tab-separated-values': (book) => Buffer.from(lines(book, '\t', unbroken), 'utf8'),
};

export const exportFile = ({ world, caller, query }: DriveCall, id: string): { readonly type: string; readonly bytes: Buffer } => {
  const file = world.fileFor(id, caller);
  const type = query.get('mimeType');
  if (!type)
    throw new ApiError(400, 'Required parameter: mimeType', { older: { reason: 'required', location: 'mimeType', locationType: 'parameter' } });
  if (!file.book) throw new ApiError(403, 'Export only supports Docs Editors files.', { older: { reason: 'fileNotExportable' } });
  const writer = writers[type];
  if (!writer) throw invalidParameter('mimeType', 'The requested conversion is not supported.');
  const bytes = writer(file.book);
  if (bytes.length > maximumBytes)
    throw new ApiError(403, 'This file is too large to be exported.', { older: { reason: 'exportSizeLimitExceeded' } });
  return { type, bytes };
};
