/**
 * Rows of which the sheet, Directus and what both last agreed on say the same: most of a sheet that was saved again. They need no plan.
 * Pure. Whatever is not certain here goes the whole way.
 */
import type { TableName } from '../../../schema/index.ts';
import { sameValue, type Values } from '../../../schema/merge.ts';
import type { ParsedRow, ParsedTab } from '../../../schema/parsed.ts';
import type { Column, Tab } from '../../../schema/sheets.ts';
import { returned } from './archive.ts';
import { linkWords, viaColumns, wordsKey } from './links.ts';
import { headersIn, stored } from './locate-row.ts';
import type { LinkTargets, LiveRow, LiveTable, PlanContext } from './plan-types.ts';

/** A link that the sheet names by words. */
interface NamedLink {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly targets: LinkTargets | undefined;
}

/** What a tab says about one of its tables. */
interface Side {
  readonly table: TableName;
  readonly live: LiveTable;
  readonly isMain: boolean;
  readonly columns: readonly Column[];
  readonly links: readonly NamedLink[];
}

const sidesOf = (tab: Tab, parsed: ParsedTab, context: PlanContext): Side[] => {
  const headers = headersIn(parsed);
  return tab.tables.map((table) => ({
    table,
    live: context.live.get(table) as LiveTable,
    isMain: table === tab.table,
    columns: tab.columns.filter((column) => column.table === table && !column.via && headers.has(column.header)),
    links: [...viaColumns(tab)].flatMap(([key, columns]) => {
      const [from, name] = key.split('.') as [string, string];
      if (from !== table || !columns.some((column) => headers.has(column.header))) return [];
      return [{ name, columns, targets: context.links.get(key) }];
    }),
  }));
};

/** The same words as before, for the same row, which is still called so. */
const isQuietLink = ({ name, columns, targets }: NamedLink, row: ParsedRow, live: LiveRow, base: Values): boolean => {
  if (!(name in base) || !sameValue(base[name], live[name]) || base[wordsKey(name)] !== linkWords(row, columns)) return false;
  const target = targets?.byId.get(String(live[name] ?? ''));
  return columns.every(({ header, name: field }) => {
    const said = row.values[header];
    return said === undefined || (target !== undefined && String(target[field] ?? '') === String(said));
  });
};

const isQuietSide = ({ table, live, isMain, columns, links }: Side, row: ParsedRow, id: string, context: PlanContext): boolean => {
  const held = live.rows.get(isMain ? id : (live.besides.get(id) ?? ''));
  const base = held && live.base.get(held.id);
  if (!held || !base || Object.keys(returned(context.tables, table, held)).length) return false;
  for (const column of columns) {
    const ours = held[column.name];
    if (!sameValue(stored(column, row.values[column.header] ?? null), ours)) return false;
    if (!(column.name in base && sameValue(base[column.name], ours))) return false;
  }
  return links.every((link) => isQuietLink(link, row, held, base));
};

/** 行号 that stand in more than one row are nobody's for certain. */
const idsOnce = (parsed: ParsedTab): ReadonlySet<string> => {
  const [once, again] = [new Set<string>(), new Set<string>()];
  for (const { id } of parsed.rows) if (id) (once.has(id) ? again : once).add(id);
  for (const id of again) once.delete(id);
  return once;
};

/** The quiet rows of a tab: number of the sheet row -> id of the row. `refused` are rows with a problem. 月报 and 预警 have states of their own. */
export const quietRows = (tab: Tab, parsed: ParsedTab, context: PlanContext, refused: ReadonlySet<number>): ReadonlyMap<number, string> => {
  const quiet = new Map<number, string>();
  if (tab.table === 'monthly_reports' || tab.bureauRows) return quiet;
  const sides = sidesOf(tab, parsed, context);
  const once = idsOnce(parsed);
  for (const row of parsed.rows) {
    const { id } = row;
    if (!id || !once.has(id) || refused.has(row.row)) continue;
    if (sides.every((side) => isQuietSide(side, row, id, context))) quiet.set(row.row, id);
  }
  return quiet;
};
