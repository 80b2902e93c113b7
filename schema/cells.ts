/**
 * Where the cells of a parsed row stand in the sheet. Pure.
 */
import type { ParsedRow, ParsedTab } from './parsed.ts';

/** The address of a header's cell in a row: `D12`; the first cell of the row where the tab has no such column. */
export const cellOf = ({ letters }: Pick<ParsedTab, 'letters'>, row: Pick<ParsedRow, 'row' | 'cells'>, header: string): string =>
  row.cells?.[header] ?? `${letters[header] ?? 'A'}${row.row}`;
