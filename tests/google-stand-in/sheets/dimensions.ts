/**
 * Rows and columns put in, taken out and moved, and everything that goes along with them: properties, merges, protections, names,
 * filters, rules, metadata, groups, and the references inside formulas.
 */
import { assertEditable, assertGridLimits, type Editing } from './access.ts';
import { insertDepths } from './dimension-groups.ts';
import { wholeSheet } from './grid.ts';
import {
  type Area,
  type Dimension,
  type DimensionProperties,
  dimensionProperties,
  type GridRange,
  lengthOf,
  type Sheet,
  setLength,
} from './model.ts';
import { shiftReferences } from './references.ts';

/** Half-open; undefined where a range is open. Null: nothing of it is left. */
type Stretch = { readonly start: number | undefined; readonly end: number | undefined };
type Shift = (stretch: Stretch) => Stretch | null;

const keys = {
  ROWS: { start: 'startRowIndex', end: 'endRowIndex' },
  COLUMNS: { start: 'startColumnIndex', end: 'endColumnIndex' },
} as const;

const shiftRange = (range: GridRange, dimension: Dimension, shift: Shift): GridRange | null => {
  const { start, end } = keys[dimension];
  const moved = shift({ start: range[start] ?? undefined, end: range[end] ?? undefined });
  if (!moved) return null;
  const result: GridRange = { ...range, [start]: moved.start, [end]: moved.end };
  for (const key of [start, end]) if (result[key] === undefined) delete result[key];
  return result;
};

const keep = <T>(items: readonly T[], change: (item: T) => T | null): T[] => items.flatMap((item) => change(item) ?? []);

/** Moves every range that lies on a sheet; those of which nothing is left go. */
const shiftRanges = (editing: Editing, sheet: Sheet, dimension: Dimension, shift: Shift): void => {
  const { book } = editing;
  const id = sheet.properties.sheetId;
  const move = (range: GridRange): GridRange | null => shiftRange(range, dimension, shift);
  sheet.merges = keep(sheet.merges, move);
  sheet.protections = keep(sheet.protections, (protection) => {
    const range = protection.range.range && move(protection.range.range);
    const open = protection.range.unprotectedRanges;
    if (range === null) return null;
    return { ...protection, range: { ...protection.range, ...(range ? { range } : {}), ...(open ? { unprotectedRanges: keep(open, move) } : {}) } };
  });
  sheet.conditionalFormats = keep(sheet.conditionalFormats, (rule) => {
    const ranges = keep(rule.ranges ?? [], move);
    return ranges.length ? { ...rule, ranges } : null;
  });
  sheet.folded = keep(sheet.folded, (group) => {
    const moved = group.dimension === dimension ? shift(group) : group;
    return moved && { ...group, start: moved.start ?? group.start, end: moved.end ?? group.end };
  });
  shiftReferences(book, sheet, dimension, shift);
  const filterRange = sheet.basicFilter?.range && move(sheet.basicFilter.range);
  sheet.basicFilter = filterRange ? { ...sheet.basicFilter, range: filterRange } : undefined;
  book.namedRanges = keep(book.namedRanges, (named) => {
    if ((named.range?.sheetId ?? 0) !== id || !named.range) return named;
    const range = move(named.range);
    return range && { ...named, range };
  });
  book.developerMetadata = keep(book.developerMetadata, (metadata) => {
    const place = metadata.location?.dimensionRange;
    if (!place || (place.sheetId ?? 0) !== id || place.dimension !== dimension) return metadata;
    const moved = shift({ start: place.startIndex ?? 0, end: place.endIndex ?? undefined });
    return moved && { ...metadata, location: { ...metadata.location, dimensionRange: { ...place, startIndex: moved.start, endIndex: moved.end } } };
  });
};

const stripe = (sheet: Sheet, dimension: Dimension, start: number, end: number): Area =>
  dimension === 'ROWS' ? { ...wholeSheet(sheet), top: start, bottom: end } : { ...wholeSheet(sheet), left: start, right: end };

/** Takes `count` lines out at `at` and puts `added` in their place: cells and their properties. */
const spliceLines = (sheet: Sheet, dimension: Dimension, at: number, count: number, added: readonly (DimensionProperties | undefined)[]): void => {
  const splice = <T>(list: (T | undefined)[], items: readonly (T | undefined)[]): void => {
    if (list.length > at) list.splice(at, count, ...items);
  };
  const properties = dimensionProperties(sheet, dimension);
  while (properties.length < at && added.some(Boolean)) properties.push(undefined);
  if (properties.length >= at) properties.splice(at, count, ...added);
  if (dimension === 'ROWS')
    splice(
      sheet.rows,
      added.map(() => []),
    );
  else
    for (const cells of sheet.rows)
      splice(
        cells,
        added.map(() => undefined),
      );
};

/** Puts `count` empty lines in before `at`; with `inherit` they take the format of the line before. */
export const insertDimension = (editing: Editing, sheet: Sheet, dimension: Dimension, at: number, count: number, inherit = false): void => {
  assertEditable(editing, sheet, stripe(sheet, dimension, at, at + 1));
  const before = inherit ? dimensionProperties(sheet, dimension)[at - 1] : undefined;
  spliceLines(
    sheet,
    dimension,
    at,
    0,
    Array.from({ length: count }, () => structuredClone(before)),
  );
  setLength(sheet, dimension, lengthOf(sheet, dimension) + count);
  insertDepths(sheet, dimension, at, count);
  shiftRanges(editing, sheet, dimension, ({ start, end }) => ({
    start: start !== undefined && start >= at ? start + count : start,
    end: end !== undefined && end > at ? end + count : end,
  }));
  if (inherit && at > 0) inheritFormats(sheet, dimension, at, count);
  assertGridLimits(editing.book);
};

const inheritFormats = (sheet: Sheet, dimension: Dimension, at: number, count: number): void => {
  const formatOnly = (cell: Sheet['rows'][number][number]) =>
    cell?.userEnteredFormat ? { userEnteredFormat: structuredClone(cell.userEnteredFormat) } : undefined;
  if (dimension === 'ROWS') {
    for (let row = at; row < at + count && row < sheet.rows.length; row += 1) sheet.rows[row] = (sheet.rows[at - 1] ?? []).map(formatOnly);
  } else
    for (const cells of sheet.rows)
      for (let column = at; column < at + count && column < cells.length; column += 1) cells[column] = formatOnly(cells[at - 1]);
};

/** Takes the lines `start` to `end - 1` out. */
export const deleteDimension = (editing: Editing, sheet: Sheet, dimension: Dimension, start: number, end: number): void => {
  assertEditable(editing, sheet, stripe(sheet, dimension, start, end));
  const count = end - start;
  spliceLines(sheet, dimension, start, count, []);
  setLength(sheet, dimension, lengthOf(sheet, dimension) - count);
  sheet.depths[dimension].splice(start, count);
  const back = (index: number): number => (index <= start ? index : Math.max(start, index - count));
  shiftRanges(editing, sheet, dimension, (stretch) => {
    const moved = {
      start: stretch.start === undefined ? undefined : back(stretch.start),
      end: stretch.end === undefined ? undefined : back(stretch.end),
    };
    return moved.start !== undefined && moved.end !== undefined && moved.start >= moved.end ? null : moved;
  });
};

const moveItems = <T>(list: (T | undefined)[], start: number, end: number, to: number): void => {
  const longest = Math.max(end, to);
  while (list.length < longest) list.push(undefined);
  const items = list.splice(start, end - start);
  list.splice(to > start ? to - items.length : to, 0, ...items);
};

/** Moves lines; `to` counts in positions before the move. */
export const moveDimension = (editing: Editing, sheet: Sheet, dimension: Dimension, start: number, end: number, to: number): void => {
  assertEditable(editing, sheet, stripe(sheet, dimension, Math.min(start, to), Math.max(end, to)));
  moveItems(dimensionProperties(sheet, dimension), start, end, to);
  const depths = sheet.depths[dimension];
  if (depths.length) {
    while (depths.length < Math.max(end, to)) depths.push(0);
    moveItems(depths as (number | undefined)[], start, end, to);
  }
  if (dimension === 'ROWS') {
    moveItems(sheet.rows as (Sheet['rows'][number] | undefined)[], start, end, to);
    sheet.rows = sheet.rows.map((cells) => cells ?? []);
  } else for (const cells of sheet.rows) moveItems(cells, start, end, to);
  const count = end - start;
  const place = (index: number): number => {
    if (index >= start && index < end) return to > start ? index + (to - end) : index - (start - to);
    if (to > start) return index >= end && index < to ? index - count : index;
    return index >= to && index < start ? index + count : index;
  };
  shiftRanges(editing, sheet, dimension, (stretch) => {
    if (stretch.start === undefined || stretch.end === undefined) return stretch;
    const [first, last] = [place(stretch.start), place(stretch.end - 1)];
    // A range of which only a part moved stays where it was.
    return last - first === stretch.end - 1 - stretch.start ? { start: first, end: last + 1 } : stretch;
  });
};
