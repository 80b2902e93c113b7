/**
 * Turns one tab, whatever its layout, into rows of normal values and problems with their cells, and accounts for every row.
 * Pure: it opens no file and asks no database; a reading that is not certain is a problem, never a guess.
 */
import type { Layout } from '../../schema/layout.ts';
import type { ParsedRow, ParsedTab, RawTab } from '../../schema/parsed.ts';
import { tabs as allTabs, filledTabs, type Tab } from '../../schema/sheets.ts';
import { checkRows } from './check-rows.ts';
import { checkTotals, type TotalRow } from './check-totals.ts';
import { type FilledCell, filledCells, type Passed, passedOver, type RowContext } from './classify-rows.ts';
import { add, addressOf, type DraftRow, type Findings, type Origin } from './draft-row.ts';
import { findTable, type Heading } from './find-table.ts';
import { headerUnits } from './header-unit.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { inLiveWords, readerTabs } from './live-words.ts';
import type { Slot } from './match-headers.ts';
import { columnName } from './plain-text.ts';
import { rowReader, type Section } from './read-row.ts';
import { classAbove, monthAbove, monthBetween, sectionIn } from './title-facts.ts';

export interface ParseOptions {
  readonly limits?: Limits;
  /** The tabs of the model, when it has grown since the code was written. */
  readonly tabs?: readonly Tab[];
  /** Layouts of the school that the bureau has confirmed. */
  readonly layouts?: readonly Layout[];
}

export const notOurs = (raw: RawTab): ParsedTab => ({
  tab: raw.name,
  table: null,
  headerRow: null,
  headerRows: [],
  rows: [],
  problems: [],
  ignoredRows: [],
  columns: {},
  letters: {},
});

/** What names a row of each table: where it stands alone it is a row, not a note. */
export const keyHeaders: Readonly<Record<string, string>> = {
  students: '姓名',
  staff: '姓名',
  fees: '姓名',
  activities: '课程名',
  cases: '标题',
  monthly_reports: '统计月',
  attendance: '日期',
  findings: '内容',
};

const contextOf = (heading: Heading): RowContext => {
  const key = keyHeaders[heading.tab.table];
  const keySlot = heading.match.slots.find((slot) => slot.role.kind === 'field' && slot.role.column.header === key);
  return { slots: new Map(heading.match.slots.map((slot) => [slot.at, slot])), headers: heading.headers, keyColumn: keySlot?.at ?? -1 };
};

/** A sheet has no more columns. */
const widest = 16_384;

/** Cells merged over more than one column: `row * widest + column`. */
const wideCells = (raw: RawTab): ReadonlySet<number> =>
  new Set(raw.merges.filter((merge) => merge.right > merge.left).map((merge) => merge.top * widest + merge.left));

const hasClass = (heading: Heading): boolean =>
  heading.match.slots.some((slot) => slot.role.kind === 'field' && slot.role.column.field.kind === 'classNo');

/** Without these a school's own list names nothing; what else the model asks for it may keep elsewhere. */
const indispensable: Readonly<Record<string, readonly string[]>> = {
  students: ['姓名', '年级', '班级'],
  activities: ['课程名', '星期', '开始时刻', '结束时刻'],
  staff: ['姓名', '身份'],
  fees: ['姓名'],
  monthly_reports: ['统计月'],
  cases: ['标题'],
};

/** Columns that the table cannot do without, and that the sheet does not have. */
const checkColumns = (heading: Heading, provides: ReadonlySet<string>, drafts: readonly DraftRow[], findings: Findings): void => {
  // Our own workbooks carry 行号, and have every column.
  const own = heading.match.slots.some((slot) => slot.role.kind === 'system');
  for (const column of heading.tab.columns) {
    if (!column.required || provides.has(column.header)) continue;
    // 三(1)班 as the title of a list stands for its two columns.
    if (drafts.length > 0 && drafts.every((draft) => draft.values[column.header] !== undefined)) continue;
    if (!own && !indispensable[heading.tab.table]?.includes(column.header)) continue;
    add(findings, 'required-missing/column', { row: heading.bottom + 1, at: 0, header: column.header, value: '' });
  }
};

const checkRepeated = (raw: RawTab, heading: Heading, findings: Findings): void => {
  for (const { at, of, header } of heading.match.repeated) {
    const filled = raw.rows.slice(heading.bottom + 1).some((row) => row[at]);
    if (!filled) continue;
    const [row, value] = [heading.bottom + 1, heading.headers[at]?.join(' / ') ?? ''];
    add(findings, 'ambiguous/header-twice', { row, at, header, value, detail: addressOf(findings, row, of) });
  }
};

const columnsOf = (slots: readonly Slot[]): Record<string, number[]> => {
  const columns: Record<string, number[]> = {};
  for (const { at, role } of slots) {
    const headers =
      role.kind === 'field' || role.kind === 'tick'
        ? [role.column.header]
        : role.kind === 'span'
          ? ['开始时刻', '结束时刻']
          : role.kind === 'contact'
            ? ['监护人姓名', '监护人电话']
            : [];
    for (const header of headers) columns[header] = [...(columns[header] ?? []), at];
  }
  return columns;
};

/**
 * What the rows say without a column of its own: the grade out of 三(1)班, the class out of the title, the unit out of 60元/月, what a
 * confirmed layout says of all rows. Without a place here it would be read and yet not stored.
 */
const withGiven = (columns: Record<string, number[]>, drafts: readonly DraftRow[]): Record<string, number[]> => {
  for (const draft of drafts) for (const header in draft.values) columns[header] ??= [];
  return columns;
};

/** A header's column is the one in which it is met first; what stands elsewhere is said at its row. In a form everything is. */
const finished = (drafts: readonly DraftRow[], findings: Findings): Pick<ParsedTab, 'rows' | 'letters'> => {
  const columns: Record<string, number> = {};
  const rows = drafts.map((draft): ParsedRow => {
    let cells: Record<string, string> | null = null;
    for (const header in draft.places) {
      const at = draft.places[header] as number;
      if (!findings.origin) {
        columns[header] ??= at;
        if (columns[header] === at) continue;
      }
      cells ??= {};
      cells[header] = addressOf(findings, draft.row, at);
    }
    return { row: draft.row, id: draft.id, values: draft.values, ...(cells ? { cells } : {}) };
  });
  return { rows, letters: Object.fromEntries(Object.entries(columns).map(([header, at]) => [header, columnName(at)])) };
};

/** Where rows that are still to come will have their cells. */
const lettersOf = (columns: Readonly<Record<string, readonly number[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(columns).flatMap(([header, [at]]) => (at === undefined ? [] : [[header, columnName(at)]])));

/** How many rows there are up to the last one that says anything. */
export const heightOf = (raw: RawTab): number => {
  let height = raw.rows.length;
  while (height > 0 && !raw.rows[height - 1]?.some((cell) => cell && (cell.error || cell.text.trim() !== ''))) height -= 1;
  return height;
};

const beforeHeader = (raw: RawTab, top: number): { row: number; reason: string }[] =>
  raw.rows
    .slice(0, top)
    .map((row, index) => ({ row: index + 1, reason: row.some((cell) => cell && cell.text.trim() !== '') ? '标题或说明' : '空行' }));

/** Tables of which each row belongs to a month, and the column that says it. */
const monthColumns: Readonly<Record<string, string>> = { fees: '统计期', monthly_reports: '统计月' };

/** The header of the month, where no column has it: then lines above the table and between the rows may say it. */
const monthOfLines = (heading: Heading): string | null => {
  const header = monthColumns[heading.tab.table];
  if (header === undefined || heading.constants?.[header] !== undefined) return null;
  const hasColumn = heading.match.slots.some(({ role }) => role.kind === 'system' || (role.kind === 'field' && role.column.header === header));
  return hasColumn ? null : header;
};

/** The heading with the month that stands above the table. */
const withMonth = (raw: RawTab, heading: Heading, header: string | null): Heading => {
  const month = header === null ? null : monthAbove(raw, heading);
  return header === null || month === null ? heading : { ...heading, constants: { ...heading.constants, [header]: month } };
};

/** The months that lines between the rows name, each for the rows below it; `header` null where a column has the month. */
const monthLines = (findings: Findings, header: string | null) => {
  /** What the last of them has said; undefined before the first, null where it leaves out the year. */
  let month: string | null | undefined;
  return {
    /** Whether this line is one: its only cell names a month. */
    take(filled: readonly FilledCell[], row: number): boolean {
      const [only, ...others] = filled;
      const said = header !== null && only && others.length === 0 ? monthBetween(only.cell.text) : undefined;
      if (header === null || !only || said === undefined) return false;
      month = said;
      if (said === null) add(findings, 'ambiguous/no-year', { row, at: only.at, header, value: only.cell.text });
      return true;
    },
    give(draft: DraftRow): DraftRow {
      if (header !== null && month === null) delete draft.values[header];
      else if (header !== null && month) draft.values[header] = month;
      return draft;
    },
  };
};

/** Reads the table under a heading; `origin` says where its places stand in the sheet, if not where they are. */
export const readTable = (raw: RawTab, found: Heading, limits: Limits, origin: Origin | null = null): ParsedTab => {
  const monthHeader = monthOfLines(found);
  const heading = withMonth(raw, found, monthHeader);
  const findings: Findings = { tab: raw.name, problems: [], origin };
  const context = contextOf(heading);
  const wide = wideCells(raw);
  const byClass = !hasClass(heading);
  const units = headerUnits(raw, heading);
  const reader = rowReader(raw, heading, findings, units);
  const drafts: DraftRow[] = [];
  const totals: TotalRow[] = [];
  const ignoredRows = beforeHeader(raw, heading.top);
  let section: Section = classAbove(raw, heading);
  const months = monthLines(findings, monthHeader);
  const height = heightOf(raw);
  for (let index = heading.bottom + 1; index < height; index += 1) {
    const cells = raw.rows[index] ?? [];
    const filled = filledCells(cells, (at) => wide.has(index * widest + at));
    const named = byClass && filled.length === 1 && filled[0] ? sectionIn(filled[0].cell.text) : null;
    const title = named?.grade ? '班级小标题' : months.take(filled, index + 1) ? '月份小标题' : null;
    const passed: Passed | null = title ? { reason: title } : passedOver(filled, context);
    if (named?.grade) section = named;
    if (!passed) {
      drafts.push(months.give(reader.read(index, section)));
      continue;
    }
    ignoredRows.push({ row: index + 1, reason: passed.reason });
    if (passed.total) totals.push({ index, kind: passed.total, after: drafts.length });
  }
  checkColumns(heading, reader.provides, drafts, findings);
  checkRepeated(raw, heading, findings);
  checkRows(heading.tab.table, drafts, limits, findings);
  const asWritten = heading.match.slots.filter(({ at }) => !units.has(at));
  checkTotals(raw, asWritten, context.keyColumn, drafts, totals, findings);
  const columns = withGiven(columnsOf(heading.match.slots), drafts);
  const { rows, letters } = finished(drafts, findings);
  const headerRows = Array.from({ length: heading.bottom - heading.top + 1 }, (_, index) => heading.top + index + 1);
  return {
    tab: raw.name,
    table: heading.tab.table,
    headerRow: heading.bottom + 1,
    headerRows,
    rows,
    letters: origin ? letters : { ...lettersOf(columns), ...letters },
    problems: findings.problems.sort((a, b) => a.row - b.row),
    ignoredRows,
    columns,
  };
};

/**
 * Reads one tab as one table. `parseTab({ name: '学生报名', rows, ... }).rows[0].values['姓名']`. Takes time in proportion to the cells.
 * A tab may hold more than one table, or a form: `parseTabs` of parse-tabs.ts reads those too.
 */
export const parseTab = (raw: RawTab, { limits = defaultLimits, tabs = allTabs }: ParseOptions = {}): ParsedTab => {
  const bureau = tabs.filter((tab) => tab.bureauRows && tab.name === raw.name);
  const heading = findTable(raw, readerTabs(bureau.length ? bureau : filledTabs(tabs)));
  return heading ? inLiveWords(readTable(raw, heading, limits), tabs) : notOurs(raw);
};
