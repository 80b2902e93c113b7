/**
 * A sheet copied, within a spreadsheet or into another one, with what hangs at it: formats, merges, protections, metadata.
 * Row metadata is copied along with new ids, as rows are; names of ranges are not.
 */
import { type Random, randomNumber } from '../random.ts';
import type { Book, DeveloperMetadata, GridRange, Sheet } from './model.ts';

interface Into {
  readonly book: Book;
  readonly random: Random;
  readonly caller: string;
}

const reaim = (range: GridRange | undefined, sheetId: number): GridRange => ({ ...range, sheetId });

const copyMetadata = (from: { book: Book; sheet: Sheet }, into: Into, sheetId: number): void => {
  const id = from.sheet.properties.sheetId;
  const copies = from.book.developerMetadata.flatMap((metadata): DeveloperMetadata[] => {
    const { location } = metadata;
    const metadataId = randomNumber(into.random);
    if (location?.sheetId === id) return [{ ...metadata, metadataId, location: { ...location, sheetId } }];
    if (!location?.dimensionRange || (location.dimensionRange.sheetId ?? 0) !== id) return [];
    return [{ ...metadata, metadataId, location: { ...location, dimensionRange: { ...location.dimensionRange, sheetId } } }];
  });
  into.book.developerMetadata.push(...structuredClone(copies));
};

/** The copy, not yet among the sheets of its spreadsheet. */
export const copySheet = (from: { book: Book; sheet: Sheet }, into: Into, as: { title: string; sheetId: number }): Sheet => {
  const copy = structuredClone(from.sheet);
  copyMetadata(from, into, as.sheetId);
  return {
    ...copy,
    properties: { ...copy.properties, ...as },
    merges: copy.merges.map((range) => reaim(range, as.sheetId)),
    conditionalFormats: copy.conditionalFormats.map((rule) => ({ ...rule, ranges: (rule.ranges ?? []).map((range) => reaim(range, as.sheetId)) })),
    basicFilter: copy.basicFilter && { ...copy.basicFilter, range: reaim(copy.basicFilter.range, as.sheetId) },
    protections: copy.protections.map(({ range }) => ({
      creator: into.caller,
      range: {
        ...range,
        protectedRangeId: randomNumber(into.random),
        range: reaim(range.range, as.sheetId),
        ...(range.unprotectedRanges ? { unprotectedRanges: range.unprotectedRanges.map((open) => reaim(open, as.sheetId)) } : {}),
      },
    })),
  };
};
