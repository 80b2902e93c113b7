/**
 * Spreads the cells of a row over the tables of its tab.
 */
import type { TableName } from '../../../schema/index.ts';
import type { ParsedRow, ParsedTab, Problem } from '../../../schema/parsed.ts';
import type { Column, Tab } from '../../../schema/sheets.ts';
import { linkWords, resolveLink, viaColumns, wordsKey } from './links.ts';
import type { Located, PlanContext } from './plan-types.ts';

/** A class is its number where it has one; the table keeps it as text, since some classes have only a name. */
export const stored = (column: Column, value: unknown): unknown => (column.field.kind === 'classNo' && value !== null ? String(value) : value);

/** The columns that a sheet has; a form has none, and names its lines at each record. */
export const headersIn = ({ columns, rows }: ParsedTab): ReadonlySet<string> => {
  const headers = new Set(Object.keys(columns));
  if (headers.size) return headers;
  for (const { values, cells } of rows) {
    for (const header in values) headers.add(header);
    for (const header in cells) headers.add(header);
  }
  return headers;
};

/** `headers` are the columns that the sheet has; links that cannot be told go to `found`. */
export const locateRow = (
  tab: Tab,
  parsed: ParsedTab,
  headers: ReadonlySet<string>,
  context: PlanContext,
  row: ParsedRow,
  found: Problem[],
): Located => {
  const parts = new Map<TableName, Record<string, unknown>>(tab.tables.map((name) => [name, {}]));
  const put = (table: TableName, name: string, value: unknown) => {
    (parts.get(table) as Record<string, unknown>)[name] = value;
  };
  for (const column of tab.columns) {
    if (!column.via && headers.has(column.header)) put(column.table, column.name, stored(column, row.values[column.header] ?? null));
  }
  const words = new Map<string, string>();
  for (const [key, columns] of viaColumns(tab)) {
    if (!columns.some((column) => headers.has(column.header))) continue;
    const [table, link] = key.split('.') as [TableName, string];
    const said = linkWords(row, columns);
    words.set(`${table}.${wordsKey(link)}`, said);
    const before = row.id ? context.live.get(table)?.base.get(row.id) : undefined;
    const resolved = before?.[wordsKey(link)] === said ? { id: before[link] ?? null } : resolveLink(parsed, row, columns, context.links.get(key));
    if ('problem' in resolved) found.push(resolved.problem);
    else put(table, link, resolved.id);
  }
  return { sheet: row, parsed, parts, words };
};
