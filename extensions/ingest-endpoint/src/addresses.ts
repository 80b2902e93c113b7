/**
 * Where things stand: headers of fields and cells of rows.
 */
import type { Field, Fields } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import type { ParsedRow } from '../../../schema/parsed.ts';
import type { At } from '../../../schema/problems.ts';
import type { Tab } from '../../../schema/sheets.ts';

export const fieldsOf = (table: TableName): Fields => tables[table].fields as Fields;

export const headerOf = (tab: Tab, table: TableName, field: string): string =>
  tab.columns.find((column) => column.table === table && (column.via ? column.via.link === field : column.name === field))?.header ??
  (fieldsOf(table)[field] as Field | undefined)?.label ??
  field;

export const cellOf = (row: ParsedRow, header: string): string => row.cells[header] ?? `A${row.row}`;

/** The cell of a field in a row, as a problem names it. */
export const atField = (tab: Tab, row: ParsedRow, table: TableName, field: string, value: unknown, detail?: string): At => {
  const header = headerOf(tab, table, field);
  return { tab: tab.name, cell: cellOf(row, header), row: row.row, header, value: String(value ?? ''), ...(detail === undefined ? {} : { detail }) };
};
