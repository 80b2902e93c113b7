/**
 * Names of ranges in A1 notation.
 * Titles are always quoted: without quotes a tab called `H7` is a cell of the first tab.
 */
/** `三年级'23` -> `'三年级''23'`. */
export const quoteTitle = (title: string): string => `'${title.replaceAll("'", "''")}'`;

/** The whole tab, or the part of it that `range` names: `'学生报名'!A1:D9`. */
export const rangeOf = (title: string, range?: string): string => (range ? `${quoteTitle(title)}!${range}` : quoteTitle(title));
