/**
 * Values between the normal form of the model and the columns of SQLite or PostgreSQL, as Directus itself stores them.
 * Knows kinds of fields, not tables.
 */
import type { Field, Fields, Table } from '../../schema/fields.ts';

const two = (number: number): string => String(number).padStart(2, '0');
const localDay = (moment: Date): string => `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
const isDay = (raw: unknown): raw is string => typeof raw === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(raw);
const asMoment = (raw: unknown): Date => (raw instanceof Date ? raw : new Date(raw as string | number));

const jsonKinds = new Set(['choices', 'list', 'weekdays', 'grades', 'json', 'photos']);
const numberKinds = new Set(['money', 'decimal', 'percent', 'whole', 'minutes', 'grade']);

/** A list that Directus keeps as one text with commas, as staff may have chosen. */
const isCsv = (field: Field): boolean => 'stored' in field && field.stored === 'csv';

/** One stored value in normal form. Directus keeps days as local midnights, on SQLite as milliseconds. */
export const fromColumn = (field: Field, raw: unknown): unknown => {
  if (raw === null || raw === undefined || raw === '') return null;
  if (isCsv(field)) return typeof raw === 'string' ? raw.split(',') : raw;
  if (jsonKinds.has(field.kind)) return typeof raw === 'string' ? JSON.parse(raw) : raw;
  if (numberKinds.has(field.kind)) return typeof raw === 'string' ? Number(raw) : raw;
  if (field.kind === 'date') return isDay(raw) ? raw : localDay(asMoment(raw));
  if (field.kind === 'timestamp') return asMoment(raw).toISOString();
  if (field.kind === 'time') return String(raw).slice(0, 5);
  if (field.kind === 'yesNo') return raw === true || raw === 1 || raw === '1';
  return raw;
};

/** The same value as a column takes it. */
export const toColumn = (field: Field, value: unknown): unknown => {
  if (value === null || value === undefined || value === '') return null;
  if (isCsv(field)) return Array.isArray(value) ? value.join(',') : value;
  if (jsonKinds.has(field.kind)) return JSON.stringify(value);
  if (field.kind === 'date') return new Date(`${value as string}T00:00:00`);
  if (field.kind === 'timestamp') return new Date(value as string);
  if (field.kind === 'time') return (value as string).length === 5 ? `${value as string}:00` : value;
  return value;
};

const asIs = (value: unknown): unknown => value;

/** How a value that is there is written; what is the same for all values of a field is asked once. */
const writerOf = (field: Field, postgres: boolean): ((value: unknown) => unknown) => {
  if (isCsv(field)) return (value) => (Array.isArray(value) ? value.join(',') : value);
  if (jsonKinds.has(field.kind)) return postgres ? asIs : (value) => (typeof value === 'object' ? value : JSON.stringify(value));
  if (field.kind === 'time') return (value) => toColumn(field, value);
  if (field.kind !== 'date' && field.kind !== 'timestamp') return asIs;
  return postgres ? asIs : (value) => (toColumn(field, value) as Date).getTime();
};

/**
 * Makes the writer of a field's values for a bulk write as JSON (`bulk.ts`): PostgreSQL reads days and moments as text, SQLite keeps
 * them as milliseconds; both take lists as they are.
 */
export const jsonWriter = (field: Field, postgres: boolean): ((value: unknown) => unknown) => {
  const write = writerOf(field, postgres);
  return (value) => (value === null || value === undefined || value === '' ? null : write(value));
};

/** Makes the reader of rows that come as lists of the values of `columns`; a column that the model does not know stays as it is. */
export const listReader = (table: Table, columns: readonly string[]): ((list: readonly unknown[]) => Record<string, unknown>) => {
  const fields = columns.map((name) => (table.fields as Fields)[name]);
  return (list) => {
    const row: Record<string, unknown> = {};
    for (const [index, name] of columns.entries()) {
      const field = fields[index];
      row[name] = field ? fromColumn(field, list[index]) : list[index];
    }
    return row;
  };
};

/** A stored row in normal form; columns that the model does not know stay as they are. */
export const fromRow = (table: Table, raw: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const fields = table.fields as Fields;
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, fields[name] ? fromColumn(fields[name] as Field, value) : value]));
};

/** A row in normal form as columns. */
export const toRow = (table: Table, values: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const fields = table.fields as Fields;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fields[name] ? toColumn(fields[name] as Field, value) : value]));
};
