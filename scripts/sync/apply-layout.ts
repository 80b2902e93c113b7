/**
 * Reads a tab by layouts that the bureau has confirmed: their headers are found again, and each column is what the layout says.
 * A layout that is not confirmed, or that names what the model does not have, is never used.
 */
import type { Layout, LayoutColumn } from '../../schema/layout.ts';
import { readsNothing } from '../../schema/layout-fields.ts';
import type { NormalValue, ParsedTab, RawTab } from '../../schema/parsed.ts';
import { tabs as allTabs, type Tab } from '../../schema/sheets.ts';
import { type Area, below, boundsOf } from './find-areas.ts';
import { type Heading, partsOf } from './find-table.ts';
import { headerKey, type Role, type Words, wordsOf } from './known-columns.ts';
import { defaultLimits } from './limits.ts';
import type { Slot, TickRole } from './match-headers.ts';
import { heightOf, notOurs, type ParseOptions, readTable } from './parse-tab.ts';
import { fingerprintOf, numberedWords } from './propose-layout.ts';
import { readArea } from './read-area.ts';
import { readCell } from './read-cell.ts';
import { blocksOf, settled, turn } from './read-form.ts';

const roleIn = (words: Words, { field, part }: LayoutColumn): Role | TickRole | null => {
  const role = field === null ? undefined : words.index.get(headerKey(field))?.role;
  if (!role || role.kind === 'system' || role.kind === 'ordinal') return null;
  if (part === undefined) return role;
  return role.kind === 'field' ? { kind: 'tick', column: role.column, part } : null;
};

const constantsIn = (words: Words, constants: Layout['constants']): { values: Record<string, NormalValue>; faults: string[] } => {
  const values: Record<string, NormalValue> = {};
  const faults: string[] = [];
  for (const [header, text] of Object.entries(constants)) {
    const role = words.index.get(headerKey(header))?.role;
    const reading = role?.kind === 'field' ? readCell({ text, value: text }, role.column.field, { date1904: false }) : {};
    if (role?.kind === 'field' && reading.value !== undefined && reading.code === undefined) values[role.column.header] = reading.value;
    else faults.push(`固定内容“${header}:${text}”不能用`);
  }
  return { values, faults };
};

/** What a layout says that cannot be: fields the model does not have, a field given to two columns. Chinese, one sentence each. */
export const layoutFaults = (layout: Layout, tabs: readonly Tab[] = allTabs): string[] => {
  const tab = tabs.find((one) => one.table === layout.table);
  if (!tab) return [`没有“${layout.table}”这种表`];
  const words = wordsOf(tab);
  const given = new Set<string>();
  const faults = layout.columns.flatMap((column): string[] => {
    if (column.field === null) return [];
    const role = roleIn(words, column);
    if (!role) return [`“${column.header}”对照的“${column.field}”不是${tab.name}的栏目`];
    // Two spellings of one field are one field.
    const key = `${'column' in role ? role.column.header : role.kind}=${column.part ?? ''}`;
    if (given.has(key)) return [`“${column.field}”对照了不止一栏`];
    given.add(key);
    return [];
  });
  return [...faults, ...constantsIn(words, layout.constants).faults];
};

/** A heading as the layout gives it, over headers that have been found. */
const headingOf = (layout: Layout, tab: Tab, top: number, headers: readonly (readonly string[])[]): Heading => {
  const words = wordsOf(tab);
  const at = new Map(numberedWords(headers).map((one) => [`${one.word}\n${one.nth}`, one.at]));
  const slots = layout.columns.flatMap((column): Slot[] => {
    const [place, role] = [at.get(`${column.header}\n${column.nth}`), roleIn(words, column)];
    return place === undefined || !role ? [] : [{ at: place, role, rank: 2 }];
  });
  const match = { slots: slots.sort((a, b) => a.at - b.at), repeated: [], rivals: [], score: slots.length };
  return { tab, words, match, top, bottom: top + layout.headerRows - 1, headers, constants: constantsIn(words, layout.constants).values };
};

const partsOfWords = (layout: Layout): ReadonlySet<string> => new Set(layout.columns.flatMap(({ header }) => header.split('/')));

/** Where the header of a layout stands, and its parts column by column; null where the tab has another header. */
const findHeader = (raw: RawTab, layout: Layout): { top: number; headers: string[][] } | null => {
  const width = boundsOf(raw).right + 1;
  const known = partsOfWords(layout);
  for (let top = 0; top + layout.headerRows <= raw.rows.length; top += 1) {
    // Two known words are asked for before the whole header is put together.
    const hits = (raw.rows[top] ?? []).filter((cell) => cell && cell.text.length < 60 && known.has(headerKey(cell.text))).length;
    if (hits < Math.min(2, known.size)) continue;
    const headers = partsOf(raw, top, top + layout.headerRows - 1, width);
    const words = numberedWords(headers).map(({ word }) => word);
    if (fingerprintOf('table', words) === layout.fingerprint) return { top, headers };
  }
  return null;
};

const tableArea = (raw: RawTab, layout: Layout, tab: Tab): Area | null => {
  const found = findHeader(raw, layout);
  if (!found) return null;
  const heading = headingOf(layout, tab, found.top, found.headers);
  const listed = new Set(layout.columns.map(({ header, nth }) => `${header}\n${nth}`));
  const places = numberedWords(found.headers).flatMap(({ at, word, nth }) => (listed.has(`${word}\n${nth}`) ? [at] : []));
  return { ...boundsOf(raw), left: Math.min(...places), right: Math.max(...places), heading };
};

/** Columns that hold the labels of a form layout; none where some label is nowhere. */
const labelColumnsOf = (raw: RawTab, layout: Layout): number[] => {
  const wanted = partsOfWords(layout);
  const found = new Map<number, Set<string>>();
  for (const row of raw.rows)
    row.forEach((cell, at) => {
      const key = cell ? headerKey(cell.text) : '';
      if (wanted.has(key)) found.set(at, (found.get(at) ?? new Set()).add(key));
    });
  const columns: number[] = [];
  const missing = new Set(wanted);
  for (const [at, words] of [...found].sort((a, b) => b[1].size - a[1].size || a[0] - b[0])) {
    if (![...words].some((word) => missing.has(word))) continue;
    columns.push(at);
    for (const word of words) missing.delete(word);
  }
  return missing.size === 0 ? columns.sort((a, b) => a - b) : [];
};

/** Every row is accounted for, and the school is asked for nothing: the bureau has said that this is no sheet of ours. */
const leftAlone = (parsed: ParsedTab): ParsedTab => ({
  ...parsed,
  problems: [],
  ignoredRows: parsed.ignoredRows.map(({ row }) => ({ row, reason: '县局已确认这不是台账,不读' })),
});

const leftForm = (raw: RawTab, { table }: Layout): ParsedTab => {
  const ignoredRows = Array.from({ length: heightOf(raw) - 1 }, (_, at) => ({ row: at + 2, reason: '' }));
  return leftAlone({ ...notOurs(raw), table, headerRow: 1, headerRows: [1], ignoredRows });
};

const readFormBy = (raw: RawTab, layout: Layout, tab: Tab, { limits = defaultLimits }: ParseOptions): ParsedTab | null => {
  const columns = labelColumnsOf(raw, layout);
  if (columns.length === 0) return null;
  if (readsNothing(layout)) return leftForm(raw, layout);
  const turned = turn(raw, blocksOf(raw, columns));
  const headers = partsOf(turned.raw, 0, layout.headerRows - 1, turned.lines.length);
  const heading = headingOf(layout, tab, 0, headers);
  if (heading.match.slots.length === 0) return null;
  return settled(raw, turned, heading, readTable(turned.raw, heading, limits, turned.origin));
};

/** Each part down to where the next one in the same columns begins. */
const untilNext = (areas: readonly Area[]): Area[] =>
  areas.map((area, index) => {
    const next = areas
      .slice(index + 1)
      .find((other) => other.left <= area.right && other.right >= area.left && other.heading.top > area.heading.bottom);
    return next ? { ...area, bottom: next.heading.top - 1 } : area;
  });

/** The tables of a tab as one confirmed layout, or several, give them; null where the tab has none of these headers. */
export const applyLayouts = (raw: RawTab, layouts: readonly Layout[], options: ParseOptions = {}): ParsedTab[] | null => {
  const { tabs = allTabs, limits = defaultLimits } = options;
  const usable = layouts.filter((layout) => layout.confirmed && layoutFaults(layout, tabs).length === 0);
  const tabFor = (layout: Layout): Tab => tabs.find((tab) => tab.table === layout.table) as Tab;
  const areas = usable.flatMap((layout) => (layout.shape === 'table' ? (tableArea(raw, layout, tabFor(layout)) ?? []) : []));
  if (areas.length > 0) {
    const sorted = untilNext([...areas].sort((a, b) => a.heading.top - b.heading.top || a.left - b.left));
    // What begins above, below the first header's row, is accounted for by the table that stands there.
    const started = sorted.map((area, index) =>
      index > 0 && sorted.slice(0, index).some((one) => one.bottom < area.heading.top) ? { ...area, top: area.heading.top } : area,
    );
    return started
      .flatMap((area) => below(raw, area, tabs))
      .map((area) => (area.heading.match.slots.length > 0 ? readArea(raw, area, limits) : leftAlone(readArea(raw, area, limits))));
  }
  for (const layout of usable) {
    const form = layout.shape === 'form' ? readFormBy(raw, layout, tabFor(layout), options) : null;
    if (form) return [form];
  }
  return null;
};

/** One layout alone: `applyLayout(raw, layout)?.[0]?.rows`. */
export const applyLayout = (raw: RawTab, layout: Layout, options: ParseOptions = {}): ParsedTab[] | null => applyLayouts(raw, [layout], options);
