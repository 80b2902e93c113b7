/**
 * Normal form -> what a cell of our workbook holds. The inverse of the cell parsers in scripts/sync.
 * It never decides how a cell looks; styles are in workbook-styles.ts.
 */
import type { Field, FieldOf, Kind } from '../../schema/fields.ts';
import { gradeNames, weekdayNames } from '../../schema/vocabulary.ts';

/** A number (dates and times as Excel's day numbers, base 1900), a text, or nothing. */
export type CellContent = string | number | null;

/** What stands between the parts of a list in one cell. */
export const listMark = '、';

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

const asText = (value: unknown): CellContent => {
  const text = String(value);
  if (text.length > longestText) throw new RangeError(`一个单元格最多 ${longestText} 字,这里有 ${text.length} 字`);
  return text === '' ? null : text;
};

const asNumber = (value: unknown): CellContent => Number(value);
const joined = (parts: readonly unknown[]): CellContent => asText(parts.join(listMark));
const named = (names: readonly string[], number: unknown): string => names[Number(number) - 1] ?? String(number);

/** Staff may give a choice a text of its own beside the stored value; people see the text. */
const shownChoice = (field: FieldOf<'choice' | 'choices'>, value: unknown): unknown =>
  field.choices.find((choice) => choice.value === value)?.label ?? value;

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const byKind = {
  text: asText,
  longText: asText,
  html: asText,
  code: asText,
  phone: asText,
  month: asText,
  timestamp: asText,
  choice: (value, field) => asText(shownChoice(field, value)),
  classNo: asText,
  link: asText,
  whole: asNumber,
  money: asNumber,
  decimal: asNumber,
  percent: asNumber,
  minutes: asNumber,
  date: (value) => dayNumber(String(value).slice(0, 10)),
  time: (value) => dayPart(String(value)),
  yesNo: (value) => (value ? '是' : '否'),
  choices: (value, field) => joined(asList(value).map((one) => shownChoice(field, one))),
  list: (value) => joined(asList(value)),
  photos: (value) => joined(asList(value)),
  weekdays: (value) => joined(asList(value).map((day) => named(weekdayNames, day))),
  grade: (value) => named(gradeNames, value),
  grades: (value) => joined(asList(value).map((grade) => named(gradeNames, grade))),
  json: (value) => asText(JSON.stringify(value)),
} satisfies { [K in Kind]: (value: unknown, field: FieldOf<K>) => CellContent };

/**
 * What the cell of `field` holds for a value in normal form: `[1, 3]` -> `周一、周三`, `2026-09-01` -> 46266.
 * Null, undefined and the empty list give an empty cell. Throws RangeError for a text that no cell can hold.
 */
export const formatValue = (field: Field, value: unknown): CellContent => {
  if (value === null || value === undefined || value === '') return null;
  return (byKind[field.kind] as (value: unknown, field: Field) => CellContent)(value, field);
};
