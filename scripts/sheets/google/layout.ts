/**
 * Where the system's columns and the model's columns stand in a tab made from the model.
 * Pure: it looks at cells and decides nothing about them.
 */
import { type Column, systemHeaders } from '../../../schema/sheets.ts';
import type { SheetTab } from './spreadsheet.ts';
import { contentAt } from './spreadsheet.ts';

/** Rows in which a header may stand: schools put titles above it. */
const headerWithin = 30;

/** Rows and columns from 0. */
export interface Layout {
  readonly headerRow: number;
  readonly id: number;
  readonly status: number;
  readonly message: number;
  /** Header without blanks -> column. */
  readonly at: ReadonlyMap<string, number>;
}

const squeezed = (value: unknown): string => String(value ?? '').replace(/\s/g, '');

const headersIn = (tab: SheetTab, row: number): Map<string, number> => {
  const at = new Map<string, number>();
  (tab.raw.rows[row] ?? []).forEach((_cell, column) => {
    const header = squeezed(contentAt(tab, row, column));
    if (header && !at.has(header)) at.set(header, column);
  });
  return at;
};

/** Null for a tab without the three columns of the system: not ours, or no longer. */
export const layoutOf = (tab: SheetTab): Layout | null => {
  for (let headerRow = 0; headerRow < Math.min(headerWithin, tab.raw.rows.length); headerRow += 1) {
    const at = headersIn(tab, headerRow);
    const [id, status, message] = [at.get(systemHeaders.id), at.get(systemHeaders.status), at.get(systemHeaders.message)];
    if (id !== undefined && status !== undefined && message !== undefined) return { headerRow, id, status, message, at };
  }
  return null;
};

/** Column of the sheet, from 0, that holds a column of the model; undefined where the sheet has none. */
export const columnOf = (layout: Layout, column: Pick<Column, 'header' | 'aliases'>): number | undefined =>
  [column.header, ...column.aliases].map((name) => layout.at.get(squeezed(name))).find((found) => found !== undefined);
