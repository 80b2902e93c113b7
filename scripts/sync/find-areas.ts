/**
 * Tells the tables of one tab apart: beside each other, with or without an empty column between them, and below each other.
 * A part is cut off only where each part is a table by itself; in doubt the tab stays whole.
 */
import type { Merge, RawCell, RawTab } from '../../schema/parsed.ts';
import type { Tab } from '../../schema/sheets.ts';
import { findTable, type Heading, isHeaderWord } from './find-table.ts';
import { headerKey } from './known-columns.ts';
import { columnName } from './plain-text.ts';

/** Rows and columns of a part, both ends inside, from 0. */
export interface Bounds {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface Area extends Bounds {
  readonly heading: Heading;
}

const says = (cell: RawCell | null | undefined): cell is RawCell => cell != null && (cell.error === true || cell.text.trim() !== '');

const widthOf = (raw: RawTab): number => raw.rows.reduce((widest, row) => Math.max(widest, row.length), 0);

export const boundsOf = (raw: RawTab): Bounds => ({ top: 0, bottom: raw.rows.length - 1, left: 0, right: Math.max(0, widthOf(raw) - 1) });

/** `A3:D40` */
export const areaName = ({ top, bottom, left, right }: Bounds): string => `${columnName(left)}${top + 1}:${columnName(right)}${bottom + 1}`;

const touches = (merge: Merge, { top, bottom, left, right }: Bounds): boolean =>
  merge.top <= bottom && merge.bottom >= top && merge.left <= right && merge.right >= left;

/** The tab with everything outside of a part left out; every cell keeps its place. */
export const onlyArea = (raw: RawTab, bounds: Bounds): RawTab => {
  const { top, bottom, left, right } = bounds;
  const rows = raw.rows
    .slice(0, bottom + 1)
    .map((row, index) =>
      index < top ? [] : left === 0 && right >= row.length - 1 ? row : row.slice(0, right + 1).map((cell, at) => (at < left ? null : cell)),
    );
  return { ...raw, rows, merges: raw.merges.filter((merge) => touches(merge, bounds)) };
};

/** Runs of columns that hold anything, with where each begins. */
const columnRuns = (raw: RawTab, { top, bottom, left, right }: Bounds): number[] => {
  const filled = new Set<number>();
  for (const row of raw.rows.slice(top, bottom + 1))
    for (let at = left; at <= Math.min(right, row.length - 1); at += 1) if (says(row[at])) filled.add(at);
  return [...filled].sort((a, b) => a - b).filter((at) => !filled.has(at - 1));
};

/** Where a header begins again with its first words: 姓名 班级 星期 姓名 班级 星期. */
const restarts = ({ headers }: Heading): number[] => {
  const keys = headers.map((parts) => parts.join('/'));
  const first = keys.findIndex((key) => key !== '');
  const starts = keys.flatMap((key, at) => (key !== '' && key === keys[first] ? [at] : []));
  return starts.length > 1 ? starts : [];
};

/** The part cut at these columns, if every piece of at least two is a table by itself. */
const cutAt = (raw: RawTab, bounds: Bounds, starts: readonly number[], tabs: readonly Tab[]): Area[] | null => {
  const found: Area[] = [];
  let left = bounds.left;
  for (const [index, start] of starts.entries()) {
    const right = (starts[index + 1] ?? bounds.right + 1) - 1;
    const heading = findTable(onlyArea(raw, { ...bounds, left: start, right }), tabs, bounds.top);
    const last = found[found.length - 1];
    // Remarks beside a table belong to it.
    if (heading) found.push({ ...bounds, left: found.length === 0 ? left : start, right, heading });
    else if (last) found[found.length - 1] = { ...last, right };
    left = found.length === 0 ? left : right + 1;
  }
  return found.length > 1 ? found : null;
};

/** How much of a row are header words; a row of data has next to none. */
const isHeaderRow = (row: readonly (RawCell | null)[], tabs: readonly Tab[]): boolean => {
  const filled = row.filter(says);
  // Looking at two cells is enough for nearly every row of data.
  if (filled.length < 3 || !filled.slice(0, 2).some((cell) => isHeaderWord(cell, tabs))) return false;
  return filled.filter((cell) => isHeaderWord(cell, tabs)).length >= Math.max(3, filled.length * 0.6);
};

const repeats = (row: readonly (RawCell | null)[], { headers }: Heading): boolean => {
  const filled = row.flatMap((cell, at) => (says(cell) ? [{ at, key: headerKey(cell.text) }] : []));
  return filled.filter(({ at, key }) => headers[at]?.includes(key)).length >= filled.length * 0.6;
};

/** A line of its own that names what follows: merged over the table, or longer than a name. 张三 alone is a pupil without class. */
const isTitle = (raw: RawTab, row: number): boolean => {
  const filled = (raw.rows[row] ?? []).flatMap((cell, at) => (says(cell) ? [{ cell, at }] : []));
  const [only] = filled;
  if (!only || filled.length > 1) return false;
  const wide = raw.merges.some((merge) => merge.top === row && merge.left === only.at && merge.right > merge.left);
  return wide || [...only.cell.text.trim()].length > 4;
};

/** Title and blank rows right above a header go with it. */
const withTitle = (raw: RawTab, top: number, after: number): number => {
  let first = top;
  while (first - 1 > after && (isTitle(raw, first - 1) || !(raw.rows[first - 1] ?? []).some(says))) first -= 1;
  return first;
};

/** A header as clear as this is no row of data by chance. */
const certain = 2.5;

/** The next table below a heading, if there is one with a header of its own. */
const nextBelow = (raw: RawTab, heading: Heading, tabs: readonly Tab[]): { heading: Heading; top: number } | null => {
  for (let row = heading.bottom + 2; row < raw.rows.length; row += 1) {
    const cells = raw.rows[row] ?? [];
    if (!isHeaderRow(cells, tabs) || repeats(cells, heading)) continue;
    const next = findTable(raw, tabs, row - 1 > heading.bottom + 1 ? row - 1 : row);
    if (next && next.match.score >= certain && next.top <= row && next.bottom >= row)
      return { heading: next, top: withTitle(raw, next.top, heading.bottom + 1) };
  }
  return null;
};

/** A part cut where further tables begin below its own. */
export const below = (raw: RawTab, area: Area, tabs: readonly Tab[]): Area[] => {
  const found: Area[] = [];
  let current = area;
  for (;;) {
    const next = nextBelow(onlyArea(raw, area), current.heading, tabs);
    if (!next) return [...found, current];
    found.push({ ...current, bottom: next.top - 1 });
    current = { ...area, top: next.top, heading: next.heading };
  }
};

/** The first clear header of a part: the best one may head a table further down. */
const topmost = (raw: RawTab, area: Area, tabs: readonly Tab[]): Area => {
  const above = findTable(onlyArea(raw, { ...area, bottom: area.heading.top - 1 }), tabs, area.top);
  // A header row right above is a row of groups, and a header without rows heads nothing.
  const stands = above && above.match.score >= certain && above.bottom + 1 < area.heading.top && above.top >= area.top;
  return stands ? topmost(raw, { ...area, heading: above }, tabs) : area;
};

/** Our own workbooks have one table a tab: what looks like a second one there is data. */
const isOwn = ({ match }: Heading): boolean => match.slots.some((slot) => slot.role.kind === 'system');

/** A header below pages of introduction, where findTable does not look by itself. */
const furtherDown = (raw: RawTab, tabs: readonly Tab[]): Heading | null => {
  for (let row = 1; row < raw.rows.length; row += 1) {
    const found = isHeaderRow(raw.rows[row] ?? [], tabs) ? findTable(raw, tabs, row - 1) : null;
    if (found && found.match.score >= certain) return found;
  }
  return null;
};

/** Whether what stands below a header are header words again, line for line: then it heads a form, not a table. */
export const headsForm = (raw: RawTab, { match, bottom }: Heading, tabs: readonly Tab[]): boolean => {
  const lines = raw.rows.slice(bottom + 1, bottom + 41).filter((row) => row.some(says));
  const labels = lines.filter((row) => match.slots.some(({ at }) => row[at] && isHeaderWord(row[at], tabs)));
  return lines.length > 0 && labels.length >= lines.length * 0.6;
};

/** The tables of a tab in reading order; none where nothing is recognised. */
export const findAreas = (raw: RawTab, tabs: readonly Tab[]): Area[] => {
  const whole = boundsOf(raw);
  const heading = findTable(raw, tabs) ?? furtherDown(raw, tabs);
  if (heading && isOwn(heading)) return [{ ...whole, heading }];
  const runs = columnRuns(raw, whole);
  const beside = (runs.length > 1 ? cutAt(raw, whole, runs, tabs) : null) ?? (heading ? cutAt(raw, whole, restarts(heading), tabs) : null);
  const areas = beside ?? (heading ? [{ ...whole, heading }] : []);
  return areas.flatMap((area) => below(raw, topmost(raw, area, tabs), tabs));
};
