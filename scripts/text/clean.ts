/**
 * Text as people typed it, made fit to be published or put into a table: nothing invisible, nothing that XML forbids.
 * Never changes what can be read.
 */

/** Control and format characters (zero-width, direction-turning), halves of surrogate pairs, non-characters; line breaks and tabs stay. */
const unwanted = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu;

/** Nothing but what Chinese text is made of: most texts, and known at a glance. */
const harmless = /^[\n\t\u0020-\u007e\u00a1-\u00ac\u2010-\u2027\u2030-\u205e\u3000-\u9fff\uff01-\uffee]*$/;

/** Several lines: one kind of line break, no blanks at the ends. */
export const cleanText = (text: string | null | undefined): string => {
  const given = text ?? '';
  if (harmless.test(given)) return given.trim();
  return given
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll(unwanted, '')
    .trim();
};

/** The same on one line, for titles, names and cells. */
export const cleanLine = (text: string | null | undefined): string => cleanText(text).replaceAll(/\s+/g, ' ');
