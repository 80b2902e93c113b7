/**
 * Text as people typed it, made fit to be published or put into a table: nothing invisible, nothing that XML forbids.
 * Never changes what can be read.
 */

/** Control and format characters (zero-width, direction-turning), halves of surrogate pairs, non-characters; line breaks and tabs stay. */
const unwanted = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu;

/** Several lines: one kind of line break, no blanks at the ends. */
export const cleanText = (text: string | null | undefined): string =>
  (text ?? '')
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll(unwanted, '')
    .trim();

/** The same on one line, for titles, names and cells. */
export const cleanLine = (text: string | null | undefined): string => cleanText(text).replaceAll(/\s+/g, ' ');
