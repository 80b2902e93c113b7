/**
 * Where things stand: headers of fields and cells of rows.
 */
import { cellOf } from '../../../schema/cells.ts';
import type { Field, Fields } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import type { LiveTables } from '../../../schema/live-tables.ts';
import type { At } from '../../../schema/problems.ts';
import type { Tab } from '../../../schema/sheets.ts';
import type { Located } from './plan-types.ts';

export const fieldsOf = (tables: LiveTables, table: TableName): Fields => tables[table].fields;

const headersByTab = new WeakMap<Tab, ReadonlyMap<string, string>>();

/** The headers of a tab by `table.field`: asked for every cell of a written row, so made once for each tab. */
const headersOf = (tab: Tab): ReadonlyMap<string, string> => {
  const known = headersByTab.get(tab);
  if (known) return known;
  const headers = new Map<string, string>();
  for (const column of tab.columns) {
    const key = `${column.table}.${column.via?.link ?? column.name}`;
    if (!headers.has(key)) headers.set(key, column.header);
  }
  headersByTab.set(tab, headers);
  return headers;
};

export const headerOf = (tab: Tab, tables: LiveTables, table: TableName, field: string): string =>
  headersOf(tab).get(`${table}.${field}`) ?? (fieldsOf(tables, table)[field] as Field | undefined)?.label ?? field;

/** The cell of a field in a row, as a problem names it. */
export const atField = (
  { tab, tables }: { readonly tab: Tab; readonly tables: LiveTables },
  { sheet, parsed }: Located,
  table: TableName,
  field: string,
  value: unknown,
  detail?: string,
): At => {
  const header = headerOf(tab, tables, table, field);
  const cell = cellOf(parsed, sheet, header);
  return { tab: tab.name, cell, row: sheet.row, header, value: String(value ?? ''), ...(detail === undefined ? {} : { detail }) };
};
