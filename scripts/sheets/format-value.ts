/**
 * Normal form -> what a cell of our workbook holds. The inverse of the cell parsers in scripts/sync.
 * It never decides how a cell looks; styles are in workbook-styles.ts.
 */
import type { Field, Kind } from '../../schema/fields.ts';
import { shownValue } from '../../schema/shown-value.ts';

/** A number (dates and times as Excel's day numbers, base 1900), a text, or nothing. */
export type CellContent = string | number | null;

/** Excel keeps no more characters in one cell. */
export const longestText = 32767;

const dayLength = 86_400_000;
const epoch1900 = Date.UTC(1899, 11, 30);

/** `2026-09-01` -> 46266, the day number of the 1900 date system. */
export const dayNumber = (date: string): number => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return (Date.UTC(year, month - 1, day) - epoch1900) / dayLength;
};

/** `16:30` -> 0.6875, the part of a day. */
export const dayPart = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) / 1440;
};

const asText = (text: string): CellContent => {
  if (text.length > longestText) throw new RangeError(`一个单元格最多 ${longestText} 字,这里有 ${text.length} 字`);
  return text === '' ? null : text;
};

/** Kinds whose cells hold a number; all others hold the words that people read. */
const numbers: Partial<Record<Kind, (value: unknown) => number>> = {
  whole: Number,
  money: Number,
  decimal: Number,
  percent: Number,
  minutes: Number,
  date: (value) => dayNumber(String(value).slice(0, 10)),
  time: (value) => dayPart(String(value)),
};

/**
 * What the cell of `field` holds for a value in normal form: `[1, 3]` -> `周一、周三`, `2026-09-01` -> 46266.
 * Null, undefined and the empty list give an empty cell. Throws RangeError for a text that no cell can hold.
 */
export const formatValue = (field: Field, value: unknown): CellContent => {
  if (value === null || value === undefined || value === '') return null;
  const number = numbers[field.kind];
  return number ? number(value) : asText(shownValue(field, value));
};
