/**
 * Names of ranges in A1 notation.
 * Titles are always quoted: without quotes a tab called `H7` is a cell of the first tab.
 */
import { address } from '../../sync/plain-text.ts';

/** `三年级'23` -> `'三年级''23'`. */
export const quoteTitle = (title: string): string => `'${title.replaceAll("'", "''")}'`;

/** The whole tab, or the part of it that `range` names: `'学生报名'!A1:D9`. */
export const rangeOf = (title: string, range?: string): string => (range ? `${quoteTitle(title)}!${range}` : quoteTitle(title));

/** Row and column from 0 -> `D12`. */
export const cellName = (row: number, column: number): string => address(row + 1, column);
