/**
 * The value that staff type when neither side of a conflict is right: read and refused exactly as if it stood in the sheet.
 */
import type { Knex } from 'knex';
import type { LinkField, Table } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import { type At, type ProblemCode, severityOf, wording } from '../../../schema/problems.ts';
import type { Column } from '../../../schema/sheets.ts';
import { readCell } from '../../../scripts/sync/read-cell.ts';
import type { LiveModel } from '../../shared/live-model.ts';

/** Where the value is to go. */
export interface Target {
  readonly table: Table;
  readonly field: string;
  readonly header: string;
  /** The row as it stands: its school and term say which rows a link may point to. */
  readonly row: Readonly<Record<string, unknown>>;
}

export type Typed = { readonly value: unknown } | { readonly refusal: string };

const refusal = (code: ProblemCode, at: Omit<At, 'tab' | 'cell' | 'row'>): Typed => ({
  refusal: wording[code]({ tab: '', cell: '', row: 0, ...at }),
});

const readAs = (field: Column['field'], text: string, header: string): Typed => {
  const reading = readCell({ text, value: text }, field, { date1904: false });
  if (reading.code && severityOf(reading.code) === 'error')
    return refusal(reading.code, { header, value: text, ...(reading.detail === undefined ? {} : { detail: reading.detail }) });
  if (reading.value === undefined) return { refusal: `“${header}”要另填什么,请写在“另填的值”里;要空着的,请在表里和系统里都清空。` };
  return { value: field.kind === 'classNo' ? String(reading.value) : reading.value };
};

/** Rows of the linked table that the row may name: those of its school, and of its term. */
const candidates = (database: Knex, to: Table, row: Target['row'], names: readonly string[]): Promise<Record<string, unknown>[]> => {
  const within = Object.fromEntries(['school', 'term'].filter((name) => name in to.fields && row[name]).map((name) => [name, row[name]]));
  return database(to.name)
    .where(within)
    .select(['id', ...names]);
};

/** `王小明 三年级 2班` names a student as the columns of the sheet do, in their order. */
const readLink = async (database: Knex, model: LiveModel, target: Target, field: LinkField, text: string): Promise<Typed> => {
  const { header, table, row } = target;
  const columns = model.tabs.flatMap((tab) => tab.columns.filter((column) => column.table === table.name && column.via?.link === target.field));
  const to = model.tables[field.to as TableName];
  const wanted: [string, unknown][] = [];
  for (const [index, word] of text
    .trim()
    .split(/[\s,,、/]+/)
    .entries()) {
    const column = columns[index];
    const read = column ? readAs(column.field, word, column.header) : refusal('ambiguous/several', { header, value: text });
    if ('refusal' in read) return read;
    wanted.push([(column as Column).name, read.value]);
  }
  const found = (
    await candidates(
      database,
      to,
      row,
      wanted.map(([name]) => name),
    )
  ).filter((one) => wanted.every(([name, value]) => String(one[name] ?? '') === String(value)));
  if (found.length === 1) return { value: found[0]?.id };
  return refusal(found.length ? 'ambiguous/link' : 'not-found', { header, value: text, detail: to.label });
};

/** Reads what was typed into 另填的值. */
export const readTyped = async (database: Knex, model: LiveModel, target: Target, text: string): Promise<Typed> => {
  const field = target.table.fields[target.field];
  if (!field) return { refusal: `“${target.header}”这一栏已经不在系统里了,不能另填。` };
  return field.kind === 'link' ? readLink(database, model, target, field as LinkField, text) : readAs(field, text, target.header);
};
