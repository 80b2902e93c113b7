/**
 * What our extensions tell each other. Directus keeps such events among extensions: neither its own services nor flows hear them.
 */
import type { TableName } from '../../schema/index.ts';

/** The name of the event that rows of a table have been written from a sheet. */
export const sheetRowsWritten = (table: TableName): string => `kehou.sheet-rows.${table}`;

/** Its message. */
export interface SheetRowsWritten {
  readonly inserts: readonly { readonly id: string; readonly values: Readonly<Record<string, unknown>> }[];
  readonly updates: readonly { readonly id: string; readonly changes: Readonly<Record<string, unknown>> }[];
}
