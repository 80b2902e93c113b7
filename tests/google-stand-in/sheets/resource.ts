/**
 * A spreadsheet as `spreadsheets.get` answers it: properties, sheets, names, metadata, and grid data when asked for.
 * Only reads; what is zero, false or empty is left out where Google leaves it out.
 */
import { type Found, findRange } from './a1.ts';
import { isSheetProtection, mayEdit } from './access.ts';
import { groupsOf } from './dimension-groups.ts';
import { effectiveValue } from './formula.ts';
import { cellAt, isInside, usedPart, wholeSheet } from './grid.ts';
import { assertBookMask } from './known-fields.ts';
import { cut, type Mask, parseMask, wants } from './mask.ts';
import {
  type Area,
  type Book,
  type Cell,
  type CellData,
  type DeveloperMetadata,
  defaultFormat,
  type GridRange,
  type Protection,
  type Sheet,
} from './model.ts';
import { cutEnd, formattedValue } from './output.ts';

/** Who reads, for what depends on it: which protections keep the reader out, which metadata is the reader's own. */
export interface Reader {
  readonly caller: string;
  readonly owner: string;
}

export interface Asked {
  readonly ranges: readonly string[];
  readonly includeGridData: boolean;
  /** With a mask `includeGridData` is ignored. */
  readonly fields: string | null;
}

/** A range as it is answered: `sheetId: 0` is left out. */
export const rangeAnswer = (range: GridRange): GridRange => {
  const { sheetId, ...rest } = range;
  return sheetId ? { sheetId, ...rest } : rest;
};

export const protectionAnswer = (protection: Protection, reader: Reader) => {
  const { range, editors, warningOnly, unprotectedRanges, ...rest } = protection.range;
  const free = mayEdit(protection, reader.caller, reader.owner);
  const users = [...new Set([reader.owner, protection.creator, ...(editors?.users ?? [])])];
  return {
    ...rest,
    ...(range ? { range: rangeAnswer(range) } : {}),
    ...(unprotectedRanges?.length && range && isSheetProtection(range) ? { unprotectedRanges: unprotectedRanges.map(rangeAnswer) } : {}),
    ...(warningOnly ? { warningOnly } : {}),
    ...(free ? { requestingUserCanEdit: true } : {}),
    ...(free && !warningOnly ? { editors: { ...editors, users } } : {}),
  };
};

export const metadataAnswer = (metadata: DeveloperMetadata): DeveloperMetadata => {
  const { location } = metadata;
  if (!location?.dimensionRange) return metadata;
  const { sheetId, ...rest } = location.dimensionRange;
  return { ...metadata, location: { ...location, dimensionRange: sheetId ? { sheetId, ...rest } : rest } };
};

/** The metadata that hangs at a whole sheet, or at a row or column inside an area of it. */
const metadataAt = (book: Book, sheet: Sheet, dimension: 'ROWS' | 'COLUMNS' | null, index = 0): DeveloperMetadata[] =>
  book.developerMetadata.filter(({ location }) => {
    if (dimension === null) return location?.sheetId === sheet.properties.sheetId;
    const place = location?.dimensionRange;
    return place?.dimension === dimension && (place.sheetId ?? 0) === sheet.properties.sheetId && place.startIndex === index;
  });

const withMetadata = (list: readonly DeveloperMetadata[]) => (list.length ? { developerMetadata: list.map(metadataAnswer) } : {});

/** Which of the parts that must be worked out are wanted: they are many, and most readers want few. */
const workedOut = (mask: Mask) => {
  const wanted = (part: string): boolean => wants(mask, 'sheets', 'data', 'rowData', 'values', part);
  return { value: wanted('effectiveValue'), text: wanted('formattedValue'), format: wanted('effectiveFormat') };
};

const cellAnswer = (book: Book, sheet: Sheet, row: number, column: number, wanted: ReturnType<typeof workedOut>): CellData => {
  const cell: Cell | undefined = cellAt(sheet, row, column);
  if (!cell) return {};
  const filled = cell.userEnteredValue !== undefined;
  return {
    ...cell,
    ...(filled && wanted.value ? { effectiveValue: effectiveValue(book, sheet, row, column) } : {}),
    ...(filled && wanted.text ? { formattedValue: formattedValue(book, sheet, row, column) } : {}),
    ...((filled || cell.userEnteredFormat) && wanted.format ? { effectiveFormat: { ...defaultFormat, ...cell.userEnteredFormat } } : {}),
  };
};

const lineProperties = (book: Book, sheet: Sheet, dimension: 'ROWS' | 'COLUMNS', index: number) => {
  const stored = (dimension === 'ROWS' ? sheet.rowProperties : sheet.columnProperties)[index];
  return { pixelSize: dimension === 'ROWS' ? 21 : 100, ...stored, ...withMetadata(metadataAt(book, sheet, dimension, index)) };
};

const gridData = (book: Book, { sheet, area }: Found, mask: Mask) => {
  const used = usedPart(sheet, area);
  const wanted = workedOut(mask);
  const rows = Array.from({ length: used.bottom - used.top }, (_row, down) => {
    const cells = Array.from({ length: used.right - used.left }, (_cell, across) =>
      cellAnswer(book, sheet, used.top + down, used.left + across, wanted),
    );
    const values = cutEnd(cells, (cell) => !Object.keys(cell).length);
    return values.length ? { values } : {};
  });
  const rowData = cutEnd(rows, (row) => !('values' in row));
  const lines = (dimension: 'ROWS' | 'COLUMNS', from: number, to: number) =>
    Array.from({ length: to - from }, (_, offset) => lineProperties(book, sheet, dimension, from + offset));
  return {
    ...(area.top ? { startRow: area.top } : {}),
    ...(area.left ? { startColumn: area.left } : {}),
    ...(rowData.length ? { rowData } : {}),
    ...(wants(mask, 'sheets', 'data', 'rowMetadata') ? { rowMetadata: lines('ROWS', area.top, area.bottom) } : {}),
    ...(wants(mask, 'sheets', 'data', 'columnMetadata') ? { columnMetadata: lines('COLUMNS', area.left, area.right) } : {}),
  };
};

export const sheetPropertiesAnswer = (sheet: Sheet) => structuredClone(sheet.properties);

/** Ranges of the sheet that meet what was asked for. */
const meets = (sheet: Sheet, found: readonly Found[], range: GridRange): boolean => {
  const area: Area = {
    top: range.startRowIndex ?? 0,
    left: range.startColumnIndex ?? 0,
    bottom: range.endRowIndex ?? Number.MAX_SAFE_INTEGER,
    right: range.endColumnIndex ?? Number.MAX_SAFE_INTEGER,
  };
  return (
    found.length === 0 ||
    found.some(
      (one) =>
        one.sheet === sheet &&
        (isInside(area, one.area) ||
          (area.top < one.area.bottom && one.area.top < area.bottom && area.left < one.area.right && one.area.left < area.right)),
    )
  );
};

const grouped = (sheet: Sheet) => {
  const [rowGroups, columnGroups] = [groupsOf(sheet, 'ROWS'), groupsOf(sheet, 'COLUMNS')];
  return { ...(rowGroups.length ? { rowGroups } : {}), ...(columnGroups.length ? { columnGroups } : {}) };
};

const sheetAnswer = (book: Book, sheet: Sheet, found: readonly Found[], reader: Reader, mask: Mask, withData: boolean) => {
  const own = found.filter((one) => one.sheet === sheet);
  const merges = sheet.merges.filter((range) => meets(sheet, found, range));
  return {
    properties: sheetPropertiesAnswer(sheet),
    ...(withData ? { data: (own.length ? own : [{ sheet, area: wholeSheet(sheet), single: false }]).map((one) => gridData(book, one, mask)) } : {}),
    ...(merges.length ? { merges: merges.map(rangeAnswer) } : {}),
    ...(sheet.conditionalFormats.length
      ? { conditionalFormats: sheet.conditionalFormats.map((rule) => ({ ...rule, ranges: (rule.ranges ?? []).map(rangeAnswer) })) }
      : {}),
    ...(sheet.protections.length ? { protectedRanges: sheet.protections.map((one) => protectionAnswer(one, reader)) } : {}),
    ...(sheet.basicFilter ? { basicFilter: { ...sheet.basicFilter, range: rangeAnswer(sheet.basicFilter.range ?? {}) } } : {}),
    ...withMetadata(metadataAt(book, sheet, null)),
    ...grouped(sheet),
  };
};

/** The answer to `get`, cut down to the mask. Throws 400 for a range that cannot be found. */
export const bookAnswer = (book: Book, asked: Asked, reader: Reader): unknown => {
  const mask: Mask = asked.fields ? parseMask(asked.fields) : 'all';
  assertBookMask(mask);
  const withData = asked.fields ? wants(mask, 'sheets', 'data') : asked.includeGridData;
  const found = asked.ranges.map((range) => findRange(book, range));
  const sheets = book.sheets.filter((sheet) => !found.length || found.some((one) => one.sheet === sheet));
  const ofBook = book.developerMetadata.filter(({ location }) => location?.spreadsheet);
  const answer = {
    spreadsheetId: book.spreadsheetId,
    properties: { ...structuredClone(book.properties), defaultFormat },
    sheets: sheets.map((sheet) => sheetAnswer(book, sheet, found, reader, mask, withData)),
    ...(book.namedRanges.length ? { namedRanges: book.namedRanges.map((named) => ({ ...named, range: rangeAnswer(named.range ?? {}) })) } : {}),
    ...withMetadata(ofBook),
    spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${book.spreadsheetId}/edit`,
  };
  return cut(answer, mask);
};
