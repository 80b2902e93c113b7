/**
 * Links that a sheet names by words: which row is meant, which words both sides agreed on, and what to show in their place.
 * Pure.
 */
import { cellOf } from '../../../schema/cells.ts';
import type { TableName } from '../../../schema/index.ts';
import { modelTables } from '../../../schema/live-tables.ts';
import type { Values } from '../../../schema/merge.ts';
import type { ParsedRow, ParsedTab, Problem } from '../../../schema/parsed.ts';
import { problem } from '../../../schema/problems.ts';
import type { Column, Tab } from '../../../schema/sheets.ts';
import type { LinkTargets, LiveRow, Located, PlanContext } from './plan-types.ts';

/** Indexes the rows that a link may point to by the field that names them first. */
export const linkTargets = (rows: readonly LiveRow[], first: string): LinkTargets => {
  const byFirst = new Map<string, LiveRow[]>();
  for (const row of rows) {
    const word = String(row[first] ?? '');
    const same = byFirst.get(word);
    if (same) same.push(row);
    else byFirst.set(word, [row]);
  }
  return { byId: new Map(rows.map((row) => [row.id, row])), byFirst };
};

/** Where an agreement keeps the words by which a link was named. */
export const wordsKey = (link: string): string => `${link}|words`;

export const linkWords = (row: ParsedRow, columns: readonly Column[]): string =>
  columns.map((column) => String(row.values[column.header] ?? '')).join('|');

const viaColumnsByTab = new WeakMap<Tab, ReadonlyMap<string, readonly Column[]>>();

/** The columns that name a linked row together, by table and link (`fees.student`). Asked for every row, so made once for each tab. */
export const viaColumns = (tab: Tab): ReadonlyMap<string, readonly Column[]> => {
  const known = viaColumnsByTab.get(tab);
  if (known) return known;
  const found = new Map<string, Column[]>();
  for (const column of tab.columns) {
    if (!column.via) continue;
    const key = `${column.table}.${column.via.link}`;
    found.set(key, [...(found.get(key) ?? []), column]);
  }
  viaColumnsByTab.set(tab, found);
  return found;
};

type Resolved = { readonly id: string | null } | { readonly problem: Problem };

/** Finds the row that a few columns name together. Columns that the sheet leaves blank do not narrow the search. */
export const resolveLink = (parsed: ParsedTab, row: ParsedRow, columns: readonly Column[], targets: LinkTargets | undefined): Resolved => {
  const named = columns.filter((column) => row.values[column.header] !== undefined);
  const first = columns[0] as Column;
  if (!named.length) return { id: null };
  const candidates = targets?.byFirst.get(String(row.values[first.header] ?? '')) ?? [];
  const matches = candidates.filter((candidate) =>
    named.every((column) => String(candidate[column.name] ?? '') === String(row.values[column.header])),
  );
  if (matches.length === 1) return { id: (matches[0] as LiveRow).id };
  const value = named.map((column) => String(row.values[column.header])).join(' ');
  const to = first.via?.to as TableName;
  const code = to === 'students' ? (matches.length ? 'ambiguous/student' : 'not-found/student') : matches.length ? 'ambiguous/link' : 'not-found';
  return {
    problem: problem(code, {
      tab: parsed.tab,
      cell: cellOf(parsed, row, first.header),
      row: row.row,
      header: first.header,
      value,
      detail: to === 'students' ? '' : modelTables[to].label,
    }),
  };
};

/** The words in which a linked row is shown: 姓名, 年级, 班级 for a student. */
export const outwardValues = (tab: Tab, table: TableName, outward: Values, context: PlanContext): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  if (Object.keys(outward).length === 0) return shown;
  for (const column of tab.columns) {
    if (column.table !== table) continue;
    if (!column.via) {
      if (column.name in outward) shown[column.header] = outward[column.name];
      continue;
    }
    if (!(column.via.link in outward)) continue;
    const target = context.links.get(`${table}.${column.via.link}`)?.byId.get(String(outward[column.via.link]));
    shown[column.header] = target?.[column.name] ?? null;
  }
  return shown;
};

/** The words of the links that this merge left agreed, to be remembered with them. */
export const agreedWords = (row: Located, table: TableName, agreed: Values): Record<string, unknown> =>
  row.words.size === 0
    ? {}
    : Object.fromEntries(
        [...row.words].flatMap(([key, said]) => {
          const [from, name] = key.split('.') as [string, string];
          return from === table && name.replace(/\|words$/, '') in agreed ? [[name, said]] : [];
        }),
      );

/** Where a linked row is called otherwise by now (a name was corrected), the sheet is told its present words. */
export const renamed = (tab: Tab, row: ParsedRow, table: TableName, agreed: Values, context: PlanContext): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  if (viaColumns(tab).size === 0) return shown;
  for (const column of tab.columns) {
    const said = row.values[column.header];
    if (column.table !== table || !column.via || said === undefined || !(column.via.link in agreed)) continue;
    const target = context.links.get(`${table}.${column.via.link}`)?.byId.get(String(agreed[column.via.link]));
    if (target && String(target[column.name] ?? '') !== String(said)) shown[column.header] = target[column.name] ?? null;
  }
  return shown;
};
