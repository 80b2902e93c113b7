/**
 * Follows rows while people sort, insert and delete: Google has no way to write only if nothing has changed.
 * Pure. A row is what its own cells say; the words that we write beside it do not count.
 */
import type { CellWrite } from './cells.ts';
import type { Layout } from './layout.ts';
import type { Moves } from './plan-answers.ts';
import { canonical, contentAt, type SheetTab } from './spreadsheet.ts';

/** Width up to which cells count: beyond it a school keeps columns of its own. */
const widthOf = (layout: Layout): number => Math.max(layout.id, layout.status, layout.message) + 1;

/** The row's own cells as one text, without the columns in `except`. */
const rowPrint = (tab: SheetTab, layout: Layout, row: number, except: ReadonlySet<number> = new Set()): string => {
  const cells: string[] = [];
  for (let column = 0; column < widthOf(layout); column += 1) {
    const own = column !== layout.status && column !== layout.message && !except.has(column);
    cells.push(own ? canonical(contentAt(tab, row, column)) : '');
  }
  return cells.join('\u001f');
};

const rowsBy = (tab: SheetTab, layout: Layout, print: (row: number) => string): Map<string, number[]> => {
  const rows = new Map<string, number[]>();
  for (let row = layout.headerRow + 1; row < tab.raw.rows.length; row += 1) {
    const key = print(row);
    const found = rows.get(key);
    if (found) found.push(row);
    else rows.set(key, [row]);
  }
  return rows;
};

/** Where the rows of `before` stand in `now`; rows that are alike keep their order. */
export const movesBetween = (before: SheetTab, now: SheetTab, layout: Layout): Moves => {
  const there = rowsBy(now, layout, (row) => rowPrint(now, layout, row));
  const moves = new Map<number, number>();
  for (let row = layout.headerRow + 1; row < before.raw.rows.length; row += 1) {
    const target = there.get(rowPrint(before, layout, row))?.shift();
    if (target !== undefined) moves.set(row, target);
  }
  return (row) => moves.get(row);
};

/** Whether two readings say the same in every row, ours and theirs. */
export const sameRows = (before: SheetTab, now: SheetTab, layout: Layout): boolean => {
  const height = Math.max(before.raw.rows.length, now.raw.rows.length);
  for (let row = 0; row < height; row += 1) if (rowPrint(before, layout, row) !== rowPrint(now, layout, row)) return false;
  return true;
};

/** A tab as it is once the cells are written. */
export const withCells = (tab: SheetTab, cells: readonly CellWrite[]): SheetTab => {
  const rows = tab.raw.rows.map((row) => [...row]);
  for (const { row, column, content } of cells) {
    while (rows.length <= row) rows.push([]);
    const line = rows[row] as (typeof rows)[number];
    while (line.length <= column) line.push(null);
    line[column] = content === null || content === '' ? null : { text: String(content), value: content };
  }
  return { ...tab, raw: { ...tab.raw, rows } };
};

const cellsByRow = (cells: readonly CellWrite[]): Map<number, CellWrite[]> => {
  const rows = new Map<number, CellWrite[]>();
  for (const cell of cells) rows.set(cell.row, [...(rows.get(cell.row) ?? []), cell]);
  return rows;
};

/** Half of what the row said is still there: somebody edited it, and it is the same row. */
const isEdited = (before: SheetTab, after: SheetTab, layout: Layout, row: number, written: ReadonlySet<number>): boolean => {
  let [filled, same] = [0, 0];
  for (let column = 0; column < layout.status; column += 1) {
    const content = canonical(contentAt(before, row, column));
    if (content === '' || written.has(column)) continue;
    filled += 1;
    if (content === canonical(contentAt(after, row, column))) same += 1;
  }
  return same * 2 >= filled && filled > 0;
};

/**
 * Cells that take back what landed on a wrong row, because rows moved in the instant between our last look and our write.
 * `before`: the last look. `written`: what we wrote. `after`: the tab as it was right after. A row that was written by mistake and
 * cannot be recognised loses our words and the 行号 that we gave it: the next sync finds by its content whose it is.
 */
export const repair = (before: SheetTab, written: readonly CellWrite[], after: SheetTab, layout: Layout): CellWrite[] => {
  const byRow = cellsByRow(written);
  const indexes = new Map<string, Map<string, number[]>>();
  const sourceOf = (row: number, columns: ReadonlySet<number>): number | undefined => {
    const key = [...columns].sort((a, b) => a - b).join();
    const index = indexes.get(key) ?? rowsBy(before, layout, (at) => rowPrint(before, layout, at, columns));
    indexes.set(key, index);
    const found = index.get(rowPrint(after, layout, row, columns)) ?? [];
    return found.includes(row) ? row : found[0];
  };
  return [...byRow].flatMap(([row, cells]) => {
    const columns = new Set(cells.map((cell) => cell.column));
    const source = sourceOf(row, columns);
    if (source === row || (source === undefined && isEdited(before, after, layout, row, columns))) return [];
    const ours = new Set([layout.id, layout.status, layout.message]);
    return cells.flatMap(({ column }): CellWrite[] => {
      if (source !== undefined) return [{ row, column, content: contentAt(before, source, column) }];
      return ours.has(column) ? [{ row, column, content: null }] : [];
    });
  });
};
