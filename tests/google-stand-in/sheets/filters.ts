/**
 * Data filters: A1 ranges, grid ranges, and lookups of developer metadata, as the `…ByDataFilter` calls take them.
 * Only finds; reading and writing is elsewhere.
 */
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../errors.ts';
import { type Found, findRange } from './a1.ts';
import { areaOf, wholeSheet } from './grid.ts';
import { type Book, type DeveloperMetadata, findSheet, type GridRange, type Sheet } from './model.ts';
import { wholeOf } from './values.ts';

type DataFilter = sheets_v4.Schema$DataFilter;
type Lookup = sheets_v4.Schema$DeveloperMetadataLookup;
type Location = sheets_v4.Schema$DeveloperMetadataLocation;

export const readFilters = (value: unknown): DataFilter[] => {
  if (!Array.isArray(value)) throw invalid('Must specify at least one data filter.');
  return value as DataFilter[];
};

const sheetOfRange = (book: Book, range: GridRange): Sheet => {
  const sheet = findSheet(book, range.sheetId ?? 0);
  if (!sheet) throw invalid(`No sheet with id: ${range.sheetId ?? 0}`);
  return sheet;
};

/** SPREADSHEET, SHEET, ROW or COLUMN: what a piece of metadata hangs at. */
export const locationType = (location: Location): string => {
  if (location.spreadsheet) return 'SPREADSHEET';
  if (location.dimensionRange) return location.dimensionRange.dimension === 'ROWS' ? 'ROW' : 'COLUMN';
  return 'SHEET';
};

const sameLocation = (one: Location, other: Location): boolean => {
  if (locationType(one) !== locationType(other)) return false;
  if (!one.dimensionRange || !other.dimensionRange) return (one.sheetId ?? 0) === (other.sheetId ?? 0);
  return (
    (one.dimensionRange.sheetId ?? 0) === (other.dimensionRange.sheetId ?? 0) &&
    (one.dimensionRange.startIndex ?? 0) === (other.dimensionRange.startIndex ?? 0)
  );
};

/** True when a place lies in another: a row in its sheet, everything in the spreadsheet. */
const isWithin = (inner: Location, outer: Location): boolean => {
  if (outer.spreadsheet) return true;
  if (outer.sheetId != null) return (inner.dimensionRange ? (inner.dimensionRange.sheetId ?? 0) : inner.sheetId) === outer.sheetId;
  return sameLocation(inner, outer);
};

const meetsLocation = (metadata: DeveloperMetadata, lookup: Lookup): boolean => {
  const wanted = lookup.metadataLocation;
  if (!wanted) return true;
  const location = metadata.location ?? {};
  return lookup.locationMatchingStrategy === 'EXACT_LOCATION' ? sameLocation(location, wanted) : isWithin(location, wanted);
};

/** True when a piece of metadata is what the lookup describes; every field given must agree. */
export const meetsLookup = (metadata: DeveloperMetadata, lookup: Lookup): boolean =>
  (lookup.metadataId == null || metadata.metadataId === lookup.metadataId) &&
  (lookup.metadataKey == null || metadata.metadataKey === lookup.metadataKey) &&
  (lookup.metadataValue == null || metadata.metadataValue === lookup.metadataValue) &&
  (lookup.visibility == null || metadata.visibility === lookup.visibility) &&
  (lookup.locationType == null || locationType(metadata.location ?? {}) === lookup.locationType) &&
  meetsLocation(metadata, lookup);

const cellsOf = (book: Book, metadata: DeveloperMetadata): Found[] => {
  const { location } = metadata;
  const lines = location?.dimensionRange;
  const sheet = findSheet(book, lines ? (lines.sheetId ?? 0) : (location?.sheetId ?? -1));
  if (!sheet) return [];
  if (!lines) return [wholeOf(sheet)];
  const whole = wholeSheet(sheet);
  const area =
    lines.dimension === 'ROWS'
      ? { ...whole, top: lines.startIndex ?? 0, bottom: lines.endIndex ?? 0 }
      : { ...whole, left: lines.startIndex ?? 0, right: lines.endIndex ?? 0 };
  return [{ sheet, area, single: false }];
};

/** The ranges a filter names: one for A1 and grid ranges, any number for a lookup. */
export const rangesOf = (book: Book, filter: DataFilter): Found[] => {
  if (filter.a1Range != null) return [findRange(book, filter.a1Range)];
  if (filter.gridRange) {
    const sheet = sheetOfRange(book, filter.gridRange);
    return [{ sheet, area: areaOf(sheet, filter.gridRange), single: false }];
  }
  const lookup = filter.developerMetadataLookup;
  if (!lookup) throw invalid('A data filter must name a range or a developer metadata lookup.');
  return book.developerMetadata.filter((metadata) => meetsLookup(metadata, lookup)).flatMap((metadata) => cellsOf(book, metadata));
};
