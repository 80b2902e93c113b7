/**
 * What a workbook of ours remembers of the columns that staff added or changed: lines of the very hidden `_kehou` tab. By them an old
 * header stays readable, a column is followed once and then left to the school, and one that staff deleted is told from the school's own.
 * Pure: it never touches a file.
 */
import type { ParsedTab, Problem, RawTab } from '../../schema/parsed.ts';
import { problem } from '../../schema/problems.ts';
import { type Column, markOf, plainTabs, type Tab } from '../../schema/sheets.ts';
import { type ParseOptions, parseTab } from '../sync/parse-tab.ts';
import { letterOf } from './sheet-xml.ts';
import { headerNote } from './workbook-validation.ts';

/** One line: `column:students.bus_route`, the header under which the column stands, and the state in which it was drawn last. */
export interface ColumnRecord {
  readonly header: string;
  readonly state: string;
}

/** By `keyOf`. */
export type ColumnRecords = ReadonlyMap<string, ColumnRecord>;

/** Column A of `_kehou` begins so in these lines; B has the header, C the state. */
export const recordPrefix = 'column:';

export const keyOf = (column: Column): string =>
  column.via ? `${column.table}.${column.via.link}.${column.name}` : `${column.table}.${column.name}`;

/** Differs as soon as a workbook has something to follow. */
export const stateOf = (column: Column, hidden: boolean): string =>
  hidden
    ? 'hidden'
    : markOf(JSON.stringify([column.header, column.required, column.readOnly, column.field.kind, headerNote(column), limitsOf(column)]));

const limitsOf = ({ field }: Column): unknown =>
  'choices' in field ? field.choices.map((one) => one.label ?? one.value) : [{ ...field, aliases: null }];

/** The columns of a tab that a workbook is asked to follow, and whether they are to be out of sight. `coming`: headers that it lacks. */
export const followed = (tab: Tab, records: ColumnRecords, coming: ReadonlySet<string>): { column: Column; hidden: boolean }[] => [
  ...tab.columns
    .filter((column) => column.custom || records.has(keyOf(column)) || coming.has(column.header))
    .map((column) => ({ column, hidden: false })),
  ...tab.hidden.map((column) => ({ column, hidden: true })),
];

/** What `_kehou` says; none for a workbook that has nothing to remember. */
export const recordsOf = (tabs: readonly RawTab[]): ColumnRecords => {
  const lines = tabs.find((tab) => tab.name === plainTabs.meta)?.rows ?? [];
  return new Map(
    lines.flatMap((row): [string, ColumnRecord][] => {
      const [key, header, state] = [0, 1, 2].map((at) => String(row[at]?.value ?? ''));
      return key?.startsWith(recordPrefix) ? [[key.slice(recordPrefix.length), { header: header ?? '', state: state ?? '' }]] : [];
    }),
  );
};

/** A column as this workbook has it: under the header that was written into it, and not missed before it is there. */
const asWritten = (column: Column, record: ColumnRecord | undefined): Column => {
  if (record) return record.header === column.header ? column : { ...column, aliases: [...column.aliases, record.header] };
  return column.custom && column.required ? { ...column, required: false } : column;
};

const tabAsWritten = (tab: Tab, records: ColumnRecords): Tab => {
  const columns = tab.columns.map((column) => asWritten(column, records.get(keyOf(column))));
  return columns.some((column, at) => column !== tab.columns[at]) ? { ...tab, columns } : tab;
};

/**
 * Columns that the answers are about to bring count as there and blank, so that what Directus knows comes with them: those that staff
 * added, and those that the model had not yet when the workbook was made. What must be filled in is missed in words instead.
 */
const withComing = (parsed: ParsedTab, tab: Tab, records: ColumnRecords): ParsedTab['columns'] => {
  const coming = tab.columns.filter(
    (column) => (column.custom || !(column.required || column.via)) && !(column.header in parsed.columns) && !records.has(keyOf(column)),
  );
  return coming.length ? { ...parsed.columns, ...Object.fromEntries(coming.map((column) => [column.header, []])) } : parsed.columns;
};

/** A column that staff have deleted stays in the file, and the school is told that nobody reads it. */
const goneColumns = (parsed: ParsedTab, raw: RawTab, tab: Tab, records: ColumnRecords): Problem[] => {
  const known = new Set([...tab.columns, ...tab.hidden].map(keyOf));
  const row = parsed.headerRow ?? 1;
  return [...records].flatMap(([key, { header }]) => {
    if (known.has(key) || !tab.tables.some((table) => key.startsWith(`${table}.`))) return [];
    const at = raw.rows[row - 1]?.findIndex((cell) => cell?.text.trim() === header) ?? -1;
    if (at < 0) return [];
    return [problem('column-gone', { tab: parsed.tab, cell: `${letterOf(at + 1)}${row}`, row, header, value: '' })];
  });
};

/** What was read, with the columns that are coming and those that are gone. */
const withNews = (parsed: ParsedTab, raw: RawTab, tabs: readonly Tab[], records: ColumnRecords): ParsedTab => {
  const tab = tabs.find((one) => one.table === parsed.table);
  if (!tab) return parsed;
  return {
    ...parsed,
    columns: withComing(parsed, tab, records),
    problems: [...parsed.problems, ...goneColumns(parsed, raw, tab, records)],
  };
};

/** Headers of columns that are not in the tab yet, and that the answers bring. */
export const comingColumns = ({ columns, rows }: ParsedTab): ReadonlySet<string> =>
  new Set(Object.keys(columns).filter((header) => columns[header]?.length === 0 && !rows.some(({ values }) => header in values)));

/** A tab of the bureau's rows that the workbook does not have yet: the answers bring it with its first row. */
const comingTab = (tab: Tab): ParsedTab => ({
  tab: tab.name,
  table: tab.table,
  headerRow: 1,
  headerRows: [],
  rows: [],
  problems: [],
  ignoredRows: [],
  columns: Object.fromEntries(tab.columns.map((column, at) => [column.header, [at + 1]])),
  letters: Object.fromEntries(tab.columns.map((column, at) => [column.header, letterOf(at + 2)])),
});

/** The tabs of the bureau's rows that are in none of these. */
export const comingTabs = (parsed: readonly ParsedTab[], tabs: readonly Tab[]): ParsedTab[] =>
  tabs.filter((tab) => tab.bureauRows && !parsed.some((one) => one.table === tab.table || one.tab === tab.name)).map(comingTab);

/** Reads the tabs of a workbook of ours by the columns that it has. */
export const parseOwnTabs = (
  tabs: readonly RawTab[],
  options: ParseOptions & { readonly tabs: readonly Tab[] },
  records: ColumnRecords,
): ParsedTab[] => {
  const written = { ...options, tabs: options.tabs.map((tab) => tabAsWritten(tab, records)) };
  return tabs.map((raw) => withNews(parseTab(raw, written), raw, written.tabs, records));
};
