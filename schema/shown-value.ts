/**
 * A value in normal form as people read it in a sheet or a message: `[1, 3]` -> `周一、周三`, `true` -> `是`.
 * Pure; cells with numbers and dates of their own are made in scripts/sheets/format-value.ts.
 */
import type { Field, FieldOf, Kind } from './fields.ts';
import { gradeNames, weekdayNames } from './vocabulary.ts';

/** What stands between the parts of a list in one cell. */
export const listMark = '、';

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const joined = (parts: readonly unknown[]): string => parts.join(listMark);
const named = (names: readonly string[], number: unknown): string => names[Number(number) - 1] ?? String(number);

/** Staff may give a choice a text of its own beside the stored value; people see the text. */
const chosen = (field: FieldOf<'choice' | 'choices'>, value: unknown): string =>
  field.choices.find((choice) => choice.value === value)?.label ?? String(value);

const plain = (value: unknown): string => String(value);

const byKind = {
  text: plain,
  longText: plain,
  html: plain,
  code: plain,
  phone: plain,
  month: plain,
  timestamp: plain,
  classNo: plain,
  link: plain,
  whole: plain,
  money: plain,
  decimal: plain,
  percent: plain,
  minutes: plain,
  date: (value) => String(value).slice(0, 10),
  time: (value) => String(value).slice(0, 5),
  yesNo: (value) => (value ? '是' : '否'),
  choice: (value, field) => chosen(field, value),
  choices: (value, field) => joined(asList(value).map((one) => chosen(field, one))),
  list: (value) => joined(asList(value)),
  photos: (value) => joined(asList(value)),
  weekdays: (value) => joined(asList(value).map((day) => named(weekdayNames, day))),
  grade: (value) => named(gradeNames, value),
  grades: (value) => joined(asList(value).map((grade) => named(gradeNames, grade))),
  json: (value) => JSON.stringify(value),
} satisfies { [K in Kind]: (value: unknown, field: FieldOf<K>) => string };

/** '' for what is blank. */
export const shownValue = (field: Field, value: unknown): string =>
  value === null || value === undefined || value === '' ? '' : (byKind[field.kind] as (value: unknown, field: Field) => string)(value, field);
