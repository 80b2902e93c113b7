/**
 * The names that field masks may hold: a misspelt one is refused, as Google does, and not answered with nothing.
 * Deeper than these names it is not checked.
 */
import { ApiError, invalid } from '../errors.ts';
import type { Mask } from './mask.ts';

export interface Names {
  readonly [name: string]: Names | null;
}

export const names = (list: string, more: Names = {}): Names => ({ ...Object.fromEntries(list.split(' ').map((name) => [name, null])), ...more });

const formatNames = names(
  'numberFormat backgroundColor backgroundColorStyle borders padding horizontalAlignment verticalAlignment wrapStrategy textDirection textFormat hyperlinkDisplayType textRotation',
);

const cellNames = names(
  'userEnteredValue effectiveValue formattedValue hyperlink note textFormatRuns dataValidation pivotTable dataSourceTable dataSourceFormula chipRuns',
  { userEnteredFormat: formatNames, effectiveFormat: formatNames },
);

const bookNames = names('spreadsheetId properties namedRanges spreadsheetUrl developerMetadata dataSources dataSourceSchedules', {
  sheets: names(
    'merges conditionalFormats filterViews protectedRanges basicFilter charts bandedRanges developerMetadata rowGroups columnGroups slicers tables commentThreads',
    {
      properties: names('sheetId title index sheetType gridProperties hidden tabColor tabColorStyle rightToLeft dataSourceSheetProperties'),
      data: names('startRow startColumn rowMetadata columnMetadata', { rowData: { values: cellNames } }),
    },
  ),
});

/** The first path of a mask that names nothing; null: all are known. */
export const firstUnknown = (mask: Mask, known: Names, above: readonly string[] = []): string | null => {
  if (mask === 'all') return null;
  for (const [name, child] of mask) {
    if (name === '*') continue;
    const path = [...above, name];
    if (!Object.hasOwn(known, name)) return path.join('.');
    const deeper = known[name];
    const unknown = deeper ? firstUnknown(child, deeper, path) : null;
    if (unknown) return unknown;
  }
  return null;
};

/** Throws 400 for a mask of `spreadsheets.get` with a name that a spreadsheet has not. */
export const assertBookMask = (mask: Mask): void => {
  const path = firstUnknown(mask, bookNames);
  if (!path) return;
  const description = `Error expanding 'fields' parameter. Cannot find matching fields for path '${path}'.`;
  throw new ApiError(400, 'Request contains an invalid argument.', {
    details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: path, description }] }],
  });
};

/** Throws 400 for the `fields` of a request that writes cells. */
export const assertCellMask = (mask: Mask): void => {
  const path = firstUnknown(mask, cellNames);
  if (path) throw invalid(`Invalid field: ${path}`);
};
