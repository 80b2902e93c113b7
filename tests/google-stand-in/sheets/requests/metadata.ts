/**
 * Requests about developer metadata: on the spreadsheet, a sheet, a row or a column. Keys may repeat, ids may not.
 * How it moves with rows is in dimensions.ts; how it is searched, in filters.ts.
 */
import { invalid } from '../../errors.ts';
import { randomNumber } from '../../random.ts';
import type { Editing } from '../access.ts';
import { locationType, meetsLookup, rangesOf } from '../filters.ts';
import { overlap } from '../grid.ts';
import { overlay, writeMask } from '../mask.ts';
import type { DeveloperMetadata } from '../model.ts';
import { metadataAnswer } from '../resource.ts';
import { assertOnSheet, type Handlers, linesOf, sheetOf } from './common.ts';

/** The documented order of the storage: this many characters on a sheet, and as many on the spreadsheet itself. */
const maximumStored = 30_000;

const placed = (editing: Editing, metadata: DeveloperMetadata): DeveloperMetadata => {
  const { location } = metadata;
  const places = [location?.spreadsheet, location?.sheetId, location?.dimensionRange].filter(
    (place) => place !== undefined && place !== null && place !== false,
  );
  if (!location || places.length !== 1) throw invalid('DeveloperMetadata must have exactly one location.');
  if (location.sheetId != null) sheetOf(editing, location.sheetId);
  if (location.dimensionRange) {
    const lines = linesOf(editing, location.dimensionRange);
    assertOnSheet(lines);
    if (lines.end - lines.start !== 1) throw invalid('DeveloperMetadata can only be added to a single row or column.');
  }
  return { ...metadata, location: { ...location, locationType: locationType(location) } };
};

const homeOf = ({ location }: DeveloperMetadata): string =>
  location?.spreadsheet ? 'file' : String(location?.dimensionRange ? (location.dimensionRange.sheetId ?? 0) : location?.sheetId);

const assertStorage = ({ book }: Editing, home: string): void => {
  const stored = book.developerMetadata
    .filter((one) => homeOf(one) === home)
    .reduce((sum, one) => sum + (one.metadataKey?.length ?? 0) + (one.metadataValue?.length ?? 0), 0);
  if (stored > maximumStored) throw invalid(`The total size of developer metadata exceeds the limit of ${maximumStored} characters.`);
};

const assertComplete = (metadata: DeveloperMetadata): void => {
  if (!metadata.metadataKey) throw invalid('DeveloperMetadata must have a metadataKey.');
  if (metadata.visibility !== 'DOCUMENT' && metadata.visibility !== 'PROJECT')
    throw invalid('DeveloperMetadata must have a visibility of DOCUMENT or PROJECT.');
};

/** The metadata that a filter names: by lookup, or by lying in a range. */
const chosen = ({ book }: Editing, filter: Parameters<typeof rangesOf>[1]): DeveloperMetadata[] => {
  const lookup = filter.developerMetadataLookup;
  if (lookup) return book.developerMetadata.filter((one) => meetsLookup(one, lookup));
  const areas = rangesOf(book, filter);
  return book.developerMetadata.filter((one) =>
    rangesOf(book, { developerMetadataLookup: { metadataId: one.metadataId } }).some((own) =>
      areas.some((area) => area.sheet === own.sheet && overlap(area.area, own.area)),
    ),
  );
};

export const metadataRequests = {
  createDeveloperMetadata: (editing, { developerMetadata = {} }) => {
    const { book, random } = editing;
    assertComplete(developerMetadata);
    const metadataId = developerMetadata.metadataId ?? randomNumber(random);
    if (book.developerMetadata.some((one) => one.metadataId === metadataId)) throw invalid(`DeveloperMetadata with id ${metadataId} already exists.`);
    const metadata = placed(editing, { ...developerMetadata, metadataId });
    book.developerMetadata.push(metadata);
    assertStorage(editing, homeOf(metadata));
    return { createDeveloperMetadata: { developerMetadata: metadataAnswer(metadata) } };
  },
  updateDeveloperMetadata: (editing, { dataFilters = [], developerMetadata = {}, fields }) => {
    const { book } = editing;
    const mask = writeMask(fields, 'developerMetadata');
    const wanted = new Set(dataFilters.flatMap((filter) => chosen(editing, filter)));
    const changed: DeveloperMetadata[] = [];
    book.developerMetadata = book.developerMetadata.map((one) => {
      if (!wanted.has(one)) return one;
      const next = placed(editing, { ...overlay(one, developerMetadata, mask), metadataId: one.metadataId });
      assertComplete(next);
      changed.push(next);
      return next;
    });
    for (const one of changed) assertStorage(editing, homeOf(one));
    return { updateDeveloperMetadata: changed.length ? { developerMetadata: changed.map(metadataAnswer) } : {} };
  },
  deleteDeveloperMetadata: (editing, { dataFilter = {} }) => {
    const gone = new Set(chosen(editing, dataFilter));
    editing.book.developerMetadata = editing.book.developerMetadata.filter((one) => !gone.has(one));
    return { deleteDeveloperMetadata: gone.size ? { deletedDeveloperMetadata: [...gone].map(metadataAnswer) } : {} };
  },
} satisfies Handlers;
