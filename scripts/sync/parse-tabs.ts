/**
 * Turns one tab into all the tables that it holds: one as a rule, several beside or below each other, or a form.
 * Pure, like parse-tab.ts, which reads each of them.
 */
import { tables } from '../../schema/index.ts';
import type { ParsedTab, RawTab } from '../../schema/parsed.ts';
import { problem } from '../../schema/problems.ts';
import { tabs as allTabs, filledTabs, type Tab } from '../../schema/sheets.ts';
import { applyLayouts } from './apply-layout.ts';
import { type Area, findAreas, headsForm } from './find-areas.ts';
import { isNamed } from './find-table.ts';
import { defaultLimits } from './limits.ts';
import { inLiveWords, readerTabs } from './live-words.ts';
import { notOurs, type ParseOptions, readTable } from './parse-tab.ts';
import { layoutOf } from './propose-layout.ts';
import { readArea } from './read-area.ts';
import { readForm } from './read-form.ts';

/** Reads the parts of a tab, each with the rows that are its own. */
const readAreas = (raw: RawTab, areas: readonly Area[], { limits = defaultLimits }: ParseOptions): ParsedTab[] =>
  areas.map((area) => readArea(raw, area, limits));

/** A tab that is called 月报 and holds something would be missed if nothing were said of it. */
const isTitled = (raw: RawTab, tabs: readonly Tab[]): boolean =>
  tabs.some((tab) => isNamed(tab, raw.name)) && raw.rows.filter((row) => row.filter((cell) => cell && cell.text.trim() !== '').length > 1).length > 2;

/** A tab that none of our headers fits, and yet may be one of our tables: said, not guessed. */
const perhapsOurs = (raw: RawTab, tabs: readonly Tab[]): ParsedTab => {
  if (raw.hidden || /说明|样表|示例|范例/.test(raw.name)) return notOurs(raw);
  const [proposal] = layoutOf(raw, tabs, true);
  const said = (detail: string): ParsedTab => ({
    ...notOurs(raw),
    problems: [problem('ambiguous/layout', { tab: raw.name, cell: 'A1', row: 0, header: '', value: raw.name || '整个文件', detail })],
  });
  if (!proposal) return isTitled(raw, tabs) ? said(`叫这个名字,但没有认出表头,没有读取`) : notOurs(raw);
  const known = proposal.columns.filter(({ field }) => field !== null).map(({ header, field }) => `“${header}”像是“${field}”`);
  return said(`可能是${tables[proposal.table].label},但表头不能全部认定(${known.join(',')})`);
};

const automatic = (raw: RawTab, options: ParseOptions): ParsedTab[] => {
  const { limits = defaultLimits, tabs = allTabs } = options;
  const areas = findAreas(raw, tabs);
  const [only] = areas;
  if (areas.length > 1) return readAreas(raw, areas, options);
  if (!only) return [readForm(raw, tabs, limits) ?? perhapsOurs(raw, tabs)];
  const form = headsForm(raw, only.heading, tabs) ? readForm(raw, tabs, limits) : null;
  return [form ?? readTable(raw, only.heading, limits)];
};

/**
 * Reads one tab: its tables in reading order, all under the tab's name. A tab with none of our tables gives one ParsedTab whose
 * `table` is null; if it may yet be one, its only problem says so. Confirmed layouts come before what the headers themselves say.
 */
export const parseTabs = (raw: RawTab, options: ParseOptions = {}): ParsedTab[] => {
  const tabs = filledTabs(options.tabs ?? allTabs);
  const known = { ...options, tabs: readerTabs(tabs) };
  const parsed = (options.layouts?.length ? applyLayouts(raw, options.layouts, known) : null) ?? automatic(raw, known);
  return parsed.map((one) => inLiveWords(one, tabs));
};
