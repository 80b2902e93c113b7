/**
 * Text of schools made fit for a table cell: one line, nothing invisible, nothing that XML forbids.
 * Never changes what can be read.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters to remove
const unwanted = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export const cleanLine = (text: string | null | undefined): string => (text ?? '').replaceAll(/\s+/g, ' ').replaceAll(unwanted, '').trim();
