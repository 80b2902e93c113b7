/**
 * Turns one tab into all the tables that it holds: one as a rule, several beside or below each other, or a form.
 * Pure, like parse-tab.ts, which reads each of them.
 */
import type { ParsedTab, RawTab } from '../../schema/parsed.ts';
import { tabs as allTabs } from '../../schema/sheets.ts';
import { type Area, areaName, findAreas, headsForm, onlyArea } from './find-areas.ts';
import { defaultLimits } from './limits.ts';
import { heightOf, notOurs, type ParseOptions, readTable } from './parse-tab.ts';
import { readForm } from './read-form.ts';

/** One table of several, with the rows of its own part only. */
const readArea = (raw: RawTab, area: Area, { limits = defaultLimits }: ParseOptions): ParsedTab => {
  const part = onlyArea(raw, area);
  const table = readTable(part, area.heading, limits);
  return {
    ...table,
    area: areaName({ ...area, bottom: Math.max(area.top, heightOf(part) - 1) }),
    ignoredRows: table.ignoredRows.filter(({ row }) => row > area.top),
  };
};

/**
 * Reads one tab: its tables in reading order, all under the tab's name. A tab with none of our tables gives one ParsedTab whose
 * `table` is null.
 */
export const parseTabs = (raw: RawTab, options: ParseOptions = {}): ParsedTab[] => {
  const { limits = defaultLimits, tabs = allTabs } = options;
  const areas = findAreas(raw, tabs);
  const [only] = areas;
  if (areas.length > 1) return areas.map((area) => readArea(raw, area, options));
  if (!only) return [readForm(raw, tabs, limits) ?? notOurs(raw)];
  const form = headsForm(raw, only.heading, tabs) ? readForm(raw, tabs, limits) : null;
  return [form ?? readTable(raw, only.heading, limits)];
};
