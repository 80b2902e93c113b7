/**
 * Lets a workbook that is out already follow the model and what staff change in Directus: a new field becomes a column, a hidden one goes out of
 * sight, labels, dropdowns, notes and obligations are brought up to date, each once.
 *
 * A new column is put behind everything that the tab holds, right of 问题说明, and not before 同步状态: so no cell moves, and formulas,
 * names, pictures, links and rules of the school, here and in other tabs, stay true without anybody having to understand them.
 */
import type { Column, Tab } from '../../schema/sheets.ts';
import { type ColumnRecords, followed, keyOf, recordPrefix, stateOf } from './column-records.ts';
import { colourFaults, columnFormat, filterNameReaching, preparedRows, reachTo, setColumn, setRule } from './column-xml.ts';
import { setComment } from './comment-parts.ts';
import { cellStyle, letterOf, numberOf, readCell, type SheetXml, setCell, setCellStyle } from './sheet-xml.ts';
import type { StyleParts } from './style-parts.ts';
import { columnStyle, headerColour, headerStyle, widthOf } from './workbook-styles.ts';
import { headerNote, type Lists, validationOf } from './workbook-validation.ts';
import { attribute, type Package, workbookPath } from './xlsx-package.ts';

/** The workbook that follows. `meta` is its `_kehou` tab. */
export interface Following {
  readonly pkg: Package;
  readonly strings: readonly string[];
  readonly meta: SheetXml;
  readonly styles: StyleParts;
  readonly records: ColumnRecords;
}

/** The tab that follows. */
export interface FollowingTab {
  readonly sheet: SheetXml;
  readonly path: string;
  /** Position among the tabs of the workbook, from 0. */
  readonly index: number;
  readonly tab: Tab;
  readonly headerRow: number;
  /** Number of the column under this header; undefined where there is none. */
  readonly find: (header: string) => number | undefined;
  /** Headers of columns that it lacks. */
  readonly coming: ReadonlySet<string>;
}

/** Behind this column Excel has no more. */
const lastColumn = 16384;

/** The first column right of everything that somebody has put into the tab. */
const freeColumn = (sheet: SheetXml): number => {
  let last = 0;
  for (const row of sheet.rows.values())
    for (const [cell, letters = 'A'] of row.cells.matchAll(/<c\s[^>]*?\br="([A-Z]+)\d+"[^>]*?(?:\/>|>[\s\S]*?<\/c>)/g))
      if (/<(?:v|f|is)[\s>]/.test(cell)) last = Math.max(last, numberOf(letters));
  for (const [tag] of sheet.tail.matchAll(/<mergeCell\s[^>]*>/g))
    last = Math.max(last, numberOf(/:([A-Z]+)/.exec(attribute(tag, 'ref') ?? '')?.[1] ?? 'A'));
  return last + 1;
};

/** Lists that are too long for a rule stand in `_kehou` from column D on. */
const placeList =
  ({ meta, strings }: Following) =>
  (values: readonly string[]): string => {
    const column = Math.max(4, freeColumn(meta));
    values.forEach((value, at) => {
      setCell(meta, at + 1, column, value, strings);
    });
    return `_kehou!$${letterOf(column)}$1:$${letterOf(column)}$${Math.max(1, values.length)}`;
  };

const setRecord = ({ meta, strings }: Following, key: string, header: string, state: string): void => {
  const rows = [...meta.rows.keys()].sort((a, b) => a - b);
  const line = rows.find((row) => readCell(meta, row, 1, strings) === recordPrefix + key);
  const free = Math.max(4, ...rows.filter((row) => readCell(meta, row, 1, strings) !== null)) + 1;
  for (const [at, words] of [recordPrefix + key, header, state].entries()) setCell(meta, line ?? free, at + 1, words, strings);
};

/** Cells that still look as the column did take its new look; what the school has coloured itself stays. */
const restyle = (sheet: SheetXml, at: number, headerRow: number, before: string | undefined, style: string): void => {
  for (const row of sheet.rows.keys())
    if (row > headerRow && cellStyle(sheet, row, at) !== undefined && cellStyle(sheet, row, at) === before) setCellStyle(sheet, row, at, style);
};

const drawHeader = async (book: Following, place: FollowingTab, column: Column, at: number): Promise<void> => {
  const { sheet, headerRow, path } = place;
  const style = book.styles.formatOf(headerStyle(headerColour(column))) ?? undefined;
  setCell(sheet, headerRow, at, column.header, book.strings, style);
  if (style) setCellStyle(sheet, headerRow, at, style);
  await setComment(book.pkg, path, headerRow, at, headerNote(column));
};

const drawCells = (book: Following, { sheet, headerRow }: FollowingTab, column: Column, at: number, lastRow: number, isNew: boolean): void => {
  const style = book.styles.formatOf(columnStyle(column));
  const before = columnFormat(sheet, at);
  setColumn(sheet, at, { style, hidden: false, ...(isNew ? { width: widthOf(column) } : {}) });
  if (style) restyle(sheet, at, headerRow, before, style);
  const lists: Lists = { linked: {}, place: placeList(book) };
  // What names a linked row keeps its dropdown: the range of names is the workbook's own.
  if (isNew || !column.via) setRule(sheet, at, validationOf(column, lists), lastRow);
};

const addToReach = async (book: Following, place: FollowingTab, at: number, lastRow: number): Promise<void> => {
  colourFaults(place.sheet, at, lastRow);
  reachTo(place.sheet, at);
  const path = await workbookPath(book.pkg);
  const workbook = await book.pkg.read(path);
  const after = filterNameReaching(workbook, place.index, at);
  if (after !== workbook) book.pkg.write(path, after);
};

/** Draws one column as it is to be now; false where the tab has no room for it. */
const showColumn = async (book: Following, place: FollowingTab, column: Column, found: number | undefined): Promise<boolean> => {
  const at = found ?? freeColumn(place.sheet);
  if (at > lastColumn) return false;
  const lastRow = preparedRows(place.sheet, place.headerRow + 1);
  await drawHeader(book, place, column, at);
  drawCells(book, place, column, at, lastRow, found === undefined);
  if (found === undefined) await addToReach(book, place, at, lastRow);
  return true;
};

/** Brings one tab up to date. True where something was drawn. */
export const followColumns = async (book: Following, place: FollowingTab): Promise<boolean> => {
  let drawn = false;
  for (const { column, hidden } of followed(place.tab, book.records, place.coming)) {
    const key = keyOf(column);
    const record = book.records.get(key);
    const state = stateOf(column, hidden);
    if (record?.state === state) continue;
    const found = [column.header, record?.header ?? '', ...column.aliases].map(place.find).find((at) => at !== undefined);
    if (hidden && found !== undefined) setColumn(place.sheet, found, { hidden: true });
    if (!hidden && !(await showColumn(book, place, column, found))) continue;
    setRecord(book, key, column.header, state);
    drawn = true;
  }
  return drawn;
};
