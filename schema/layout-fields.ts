/**
 * What a column of a school's own sheet may be read as, table by table: the words that a layout may name.
 * Data and pure functions without zod, so that the mapping screen may use them; it reads no sheet.
 */
import { code, type Field, text } from './fields.ts';
import type { TableName } from './index.ts';
import type { Layout, LayoutColumn } from './layout.ts';
import type { Column, Tab } from './sheets.ts';
import { schoolTypes } from './vocabulary.ts';

/** What is needed of a column to recognise and read it; a `Column` of sheets.ts is one. */
export interface KnownColumn {
  readonly header: string;
  readonly aliases: readonly string[];
  readonly field: Field;
  readonly required: boolean;
}

/** T1 #1-#3: the school names itself in its own return; in our workbooks it does not. */
const schoolColumns: readonly KnownColumn[] = [
  { header: '学校标识码', aliases: ['学校代码', '学校编码', '标识码'], required: false, field: code({ label: '学校标识码', en: 'School code' }) },
  { header: '学校全称', aliases: ['学校名称', '学校', '填报学校', '校名'], required: false, field: text({ label: '学校全称', en: 'School' }) },
  { header: '乡镇/学区', aliases: ['乡镇', '学区', '乡镇(学区)', '中心校'], required: false, field: text({ label: '乡镇/学区', en: 'Township' }) },
  {
    header: '学校类别',
    aliases: ['学校类型'],
    required: false,
    field: { kind: 'choice', label: '学校类别', en: 'School type', choices: schoolTypes },
  },
];

/** Columns that only a school's own sheet has. */
export const extraColumns: Partial<Record<TableName, readonly KnownColumn[]>> = { monthly_reports: schoolColumns };

/** Start and end in one cell, perhaps with the days before them. */
export const spanField = '起止时间';
/** Name and telephone of the guardian in one cell. */
export const contactField = '家长及电话';

/** Whether a table has what a cell of several fields would be taken apart into. */
export const takesSpan = (columns: readonly KnownColumn[]): boolean =>
  columns.some((column) => column.field.kind === 'time' && column.header === '开始时刻');
export const takesContact = (columns: readonly KnownColumn[]): boolean => columns.some((column) => column.header === '监护人电话');

/** The model's word for a column: a layout keeps it even where staff have renamed the column. */
const wordFor = (column: KnownColumn & Pick<Column, 'readAs'>): string => column.readAs ?? column.header;

/** The columns of a tab under the words that a layout names them by, and what they are called now. */
export const layoutColumns = (tab: Tab): { readonly word: string; readonly label: string; readonly column: KnownColumn }[] =>
  [...tab.columns, ...(extraColumns[tab.table] ?? [])].map((column) => ({ word: wordFor(column), label: column.header, column }));

/** The cells of several fields that a tab can take. */
export const combinedFields = (tab: Tab): string[] => {
  const columns = layoutColumns(tab).map(({ word, column }) => ({ ...column, header: word }));
  return [...(takesSpan(columns) ? [spanField] : []), ...(takesContact(columns) ? [contactField] : [])];
};

const targetOf = ({ field, part }: LayoutColumn): string => `${field}=${part ?? ''}`;

/** What cannot be confirmed as it stands: a field that the table has not, or one given to two columns. Chinese, one sentence each. */
export const mappingFaults = (layout: Layout, tab: Tab): string[] => {
  const words = new Set([...layoutColumns(tab).map(({ word }) => word), ...combinedFields(tab)]);
  const given = new Set<string>();
  return layout.columns.flatMap((column): string[] => {
    if (column.field === null) return [];
    if (!words.has(column.field)) return [`“${column.header}”对照的“${column.field}”不是${tab.name}的栏目`];
    const target = targetOf(column);
    if (given.has(target)) return [`“${column.field}”对照了不止一栏`];
    given.add(target);
    return [];
  });
};

/** A layout that reads nothing: what the bureau has said is no sheet of ours. */
export const readsNothing = ({ columns }: Pick<Layout, 'columns'>): boolean => columns.every(({ field }) => field === null);

/** Fields without which every row would be refused, and that no column and no constant gives. */
export const missingFields = (layout: Layout, tab: Tab): string[] => {
  const given = new Set([...layout.columns.flatMap(({ field }) => field ?? []), ...Object.keys(layout.constants)]);
  const covers: Readonly<Record<string, boolean>> = {
    开始时刻: given.has(spanField),
    结束时刻: given.has(spanField),
    监护人姓名: given.has(contactField),
    监护人电话: given.has(contactField),
  };
  return layoutColumns(tab)
    .filter(({ word, column }) => column.required && !given.has(word) && !covers[word])
    .map(({ label }) => label);
};
