/**
 * Reads csv text into records: quotes, doubled quotes, line breaks inside quotes, CRLF, LF or CR, and any of the usual delimiters.
 * It counts records, not lines, and never turns text into numbers.
 */
import type { RawCell, RawTab } from '../../schema/parsed.ts';
import { readingLimits, tooLarge } from './read-limits.ts';

const bom = { utf8: [0xef, 0xbb, 0xbf], utf16le: [0xff, 0xfe], utf16be: [0xfe, 0xff] } as const;
const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);

/** Text of a file whose encoding nobody declared: a byte order mark decides, else UTF-8 where it is valid, else GBK (GB 18030). */
export const decodeText = (bytes: Uint8Array): string => {
  if (startsWith(bytes, bom.utf8)) return new TextDecoder('utf-8').decode(bytes);
  if (startsWith(bytes, bom.utf16le)) return new TextDecoder('utf-16le').decode(bytes);
  if (startsWith(bytes, bom.utf16be)) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // Not an oversight: text that is no UTF-8 is what Chinese spreadsheets save, GBK without a mark.
    if (error instanceof TypeError) return new TextDecoder('gb18030').decode(bytes);
    throw error;
  }
};

/** The delimiter that the first lines use most, outside quotes. */
const delimiterOf = (text: string): string => {
  const declared = /^sep=(.)\r?\n/.exec(text)?.[1];
  if (declared) return declared;
  const head = text.slice(0, 20_000).replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => head.split(delimiter).length - 1;
  return ['\t', ';', '|'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), ',');
};

/** The text of a quoted field whose opening quote stands at `start`, and where it ends. */
const quotedField = (text: string, start: number): { readonly value: string; readonly end: number } => {
  let value = '';
  let at = start + 1;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close < 0) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, close);
    if (text[close + 1] !== '"') return { value, end: close + 1 };
    value += '"';
    at = close + 2;
  }
};

/** A file of nothing but commas makes a field of every byte. */
const checkSize = (records: number, fields: number): void => {
  if (records > readingLimits.rows) throw tooLarge(`${readingLimits.rows} 行`);
  if (fields > readingLimits.places) throw tooLarge(`${readingLimits.places} 个单元格`);
};

/** Records of csv text. A quote that is never closed runs to the end of the text, as in spreadsheets. Throws a `Refusal` beyond the bounds. */
export const csvRecords = (text: string): string[][] => {
  const delimiter = delimiterOf(text);
  const records: string[][] = [];
  let record: string[] = [];
  let fields = 0;
  let at = text.startsWith('sep=') ? text.indexOf('\n') + 1 : 0;
  while (at < text.length) {
    fields += 1;
    checkSize(records.length, fields);
    const quoted = text[at] === '"' ? quotedField(text, at) : { value: '', end: at };
    let end = quoted.end;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
    record.push(quoted.value + text.slice(quoted.end, end));
    at = end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
    if (text[end] === delimiter) {
      if (at === text.length) record.push('');
      continue;
    }
    if (end < text.length) {
      records.push(record);
      record = [];
    }
  }
  if (record.length > 0) records.push(record);
  return records;
};

/** `#N/A` and its kin: in csv an error is text like any other. */
const errorText = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$/i;

const cellOf = (text: string): RawCell | null => {
  if (text === '') return null;
  return errorText.test(text.trim()) ? { text: text.trim(), value: null, error: true } : { text, value: text };
};

/** A csv file as a tab without a name. */
export const readCsv = (bytes: Uint8Array): RawTab => ({
  name: '',
  rows: csvRecords(decodeText(bytes)).map((record) => record.map(cellOf)),
  merges: [],
  hiddenRows: { byHand: [], byFilter: [] },
  hiddenColumns: [],
  date1904: false,
  plainText: true,
});
