/**
 * What a spreadsheet holds, whichever way it was read: its tabs, with their cells as the parser wants them.
 * It never calls Google.
 */
import type { RawCell, RawTab } from '../../../schema/parsed.ts';
import type { CellContent } from '../format-value.ts';

/** A tab, without its cells. */
export interface TabFacts {
  /** Stays the same when the tab is renamed or moved. */
  readonly sheetId: number;
  readonly title: string;
  readonly rowCount: number;
  readonly columnCount: number;
}

export interface SheetTab extends TabFacts {
  readonly raw: RawTab;
}

export interface Spreadsheet {
  readonly title: string;
  readonly tabs: readonly SheetTab[];
  /** Formats, formulas and merges were read too. False: values only. */
  readonly complete: boolean;
}

/** Content of a cell, row and column from 0; an error is its text. */
export const contentAt = (tab: SheetTab, row: number, column: number): CellContent | boolean => contentOf(tab.raw.rows[row]?.[column]);

export const contentOf = (cell: RawCell | null | undefined): CellContent | boolean => (cell ? (cell.error ? cell.text : cell.value) : null);

/**
 * The same content for the same cell, however it was read: numbers to twelve digits (a time written as 2/3 comes back as another
 * double), line ends as Google keeps them, and no difference between an empty text and nothing.
 */
export const canonical = (content: CellContent | boolean | undefined): string => {
  if (content === null || content === undefined || content === '') return '';
  if (typeof content === 'number') return `n${Number(content.toPrecision(12))}`;
  return typeof content === 'boolean' ? `b${content}` : `t${content.replace(/\r\n?/g, '\n')}`;
};
