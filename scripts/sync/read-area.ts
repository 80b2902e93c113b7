/**
 * Reads one table of a tab that holds several: its own rows and columns, and nothing beside them.
 */
import type { ParsedTab, RawTab } from '../../schema/parsed.ts';
import { type Area, areaName, onlyArea } from './find-areas.ts';
import type { Limits } from './limits.ts';
import { heightOf, readTable } from './parse-tab.ts';

/** One part of a tab; rows above it are another part's to account for. */
export const readArea = (raw: RawTab, area: Area, limits: Limits): ParsedTab => {
  const part = onlyArea(raw, area);
  const table = readTable(part, area.heading, limits);
  return {
    ...table,
    area: areaName({ ...area, bottom: Math.max(area.top, heightOf(part) - 1) }),
    ignoredRows: table.ignoredRows.filter(({ row }) => row > area.top),
  };
};
