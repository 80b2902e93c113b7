/**
 * Prints the tables as zod row parsers: the normal form that sheets, screens and endpoints must all keep.
 * The only file of the model that needs zod, so browser code leaves it alone.
 */
import { z } from 'zod';
import { breach, keeps } from './conditions.ts';
import type { Field, FieldOf, Fields, Kind, Table } from './fields.ts';

const numberIn = (field: { readonly min?: number; readonly max?: number }, whole: boolean) => {
  let schema = whole ? z.int('须是整数') : z.number('须是数字');
  if (field.min !== undefined) schema = schema.min(field.min, `不能小于 ${field.min}`);
  if (field.max !== undefined) schema = schema.max(field.max, `不能大于 ${field.max}`);
  return schema;
};
const line = (length: number) => z.string('须是文字').max(length, `不能超过 ${length} 个字`);
const oneOf = (choices: FieldOf<'choice'>['choices']) =>
  z.enum(choices.map((one) => one.value) as [string, ...string[]], `只能是:${choices.map((one) => one.label ?? one.value).join('、')}`);
const numbersTo = (last: number) => z.array(z.int(`须是 1 到 ${last}`).min(1, `须是 1 到 ${last}`).max(last, `须是 1 到 ${last}`), '须是列表');

/** Real calendar day: 2026-02-30 is none. */
export const isDay = (text: string): boolean => {
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8)].map(Number) as [number, number, number];
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
};

const day = () =>
  z
    .string('须是日期')
    .regex(/^\d{4}-\d{2}-\d{2}$/, '日期须写成 2026-09-01')
    .refine(isDay, '没有这一天');

/** One parser for each kind of field; a new kind does not compile until it stands here. */
const parsers = {
  text: (field) => line(field.maxLength ?? 255),
  longText: (field) => line(field.maxLength ?? 50000),
  html: () => line(200000),
  whole: (field) => numberIn(field, true),
  money: (field) => numberIn(field, false).refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, '最多两位小数'),
  decimal: (field) => {
    const places = field.scale ?? 2;
    return numberIn(field, false).refine((value) => Math.abs(value - Number(value.toFixed(places))) < 1e-9, `最多 ${places} 位小数`);
  },
  percent: (field) => numberIn(field, false),
  minutes: (field) => numberIn(field, true),
  date: () => day(),
  month: () => z.string('须是月份').regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份须写成 2026-09'),
  time: () => z.string('须是时刻').regex(/^([01]\d|2[0-3]):[0-5]\d(:00)?$/, '时刻须写成 16:30'),
  timestamp: () => z.string('须是时间'),
  yesNo: () => z.boolean('须是“是”或“否”'),
  choice: (field) => oneOf(field.choices),
  choices: (field) => z.array(oneOf(field.choices), '须是列表'),
  list: (field) => z.array(field.days ? day() : line(100), '须是列表'),
  weekdays: () => numbersTo(7),
  grade: () => z.int('须是 1 到 9 的年级').min(1, '须是 1 到 9 的年级').max(9, '须是 1 到 9 的年级'),
  grades: () => numbersTo(9),
  classNo: () => line(30),
  phone: () => z.string('须是电话').regex(/^(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{5,8})$/, '电话须是 11 位手机号,或带区号的座机'),
  code: (field) => {
    const schema = line(field.maxLength ?? 255);
    return field.pattern ? schema.regex(new RegExp(field.pattern), '格式不对') : schema;
  },
  json: () => z.unknown(),
  photos: () => z.array(line(100), '须是列表'),
  link: () => line(12),
} satisfies { [K in Kind]: (field: FieldOf<K>) => z.ZodType };

const parserOf = (field: Field): z.ZodType => (parsers[field.kind] as (field: Field) => z.ZodType)(field);

interface FieldCheck {
  readonly name: string;
  readonly field: Field;
  readonly parser: z.ZodType;
  /** Values that were right before, of a kind that has few: the next row most likely holds one of them. */
  readonly right: Set<unknown> | null;
}

/** Kinds of which a county has few different values, none of them a person's. */
const fewValued: ReadonlySet<Kind> = new Set([
  'choice',
  'yesNo',
  'grade',
  'classNo',
  'date',
  'month',
  'time',
  'minutes',
  'whole',
  'money',
  'decimal',
]);
const mostRemembered = 500;

/** What is wrong with a value, null where nothing is. */
const faultOf = ({ parser, right }: FieldCheck, value: unknown): string | null => {
  if (right?.has(value)) return null;
  const result = parser.safeParse(value);
  if (!result.success) return result.error.issues[0]?.message ?? '格式不对';
  if (right && right.size < mostRemembered) right.add(value);
  return null;
};

const cache = new WeakMap<object, readonly FieldCheck[]>();

const fieldChecks = (table: Table): readonly FieldCheck[] => {
  const known = cache.get(table);
  if (known) return known;
  const made = Object.entries(table.fields as Fields).map(([name, field]) => ({
    name,
    field,
    parser: parserOf(field),
    right: fewValued.has(field.kind) ? new Set<unknown>() : null,
  }));
  cache.set(table, made);
  return made;
};

/** The whole row as one zod object: what a new row must look like. Unknown keys are kept: staff may have added fields. */
export const rowParser = (table: Table): z.ZodType =>
  z.looseObject(
    Object.fromEntries(
      fieldChecks(table).map(({ name, field, parser }) => [name, field.required && field.default === undefined ? parser : parser.nullish()]),
    ),
  );

/** One value that breaks the model: `field` is its name, `message` Chinese with the label in front. */
export interface RowFault {
  readonly field: string;
  readonly message: string;
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

/**
 * Checks the values of a row. `partial` for an update, where only what is given counts; a required field may be left out
 * but not emptied. `whole` is the row as it will stand, where the values are only a part of it. Link fields take an id (or Directus' nested object, which Directus checks itself).
 */
export const checkRow = (
  table: Table,
  values: Readonly<Record<string, unknown>>,
  partial: boolean,
  whole: Readonly<Record<string, unknown>> = values,
): RowFault[] => {
  const faults: RowFault[] = [];
  for (const check of fieldChecks(table)) {
    const { name, field } = check;
    const value = values[name];
    if (isEmpty(value)) {
      const given = name in values;
      const needed = field.required && !(field.unless && whole[field.unless.field] === field.unless.is);
      if (needed && (given ? true : !partial && field.default === undefined)) faults.push({ field: name, message: `${field.label}:必填` });
      continue;
    }
    if (field.kind === 'link' && typeof value === 'object') continue;
    const fault = faultOf(check, value);
    if (fault !== null) faults.push({ field: name, message: `${field.label}:${fault}` });
    else if (field.condition && !keeps(field.condition.rule, values))
      faults.push({ field: name, message: `${field.label}:${field.condition.message ?? breach(field.condition.rule, values)}` });
  }
  return faults;
};
