/**
 * The figures of one month: which schools were expected, which reported, what it adds up to.
 * Pure. A blank stays blank: it is neither a zero nor left out silently.
 */
import type { Row, tables } from '../../schema/index.ts';
import { type DueSettings, dayIn, dueDate, isOpenIn } from '../jobs/months.ts';
import { cleanLine } from '../text/clean.ts';
import { type Column, columns, type ReportRow, shareOf } from './columns.ts';

export type SchoolRow = Pick<Row<typeof tables.schools>, 'code' | 'name' | 'type' | 'township' | 'opened_on' | 'closed_on'>;

/** A number, a word, or null for a blank cell. */
export type Value = number | string | null;
export type Values = Readonly<Record<string, Value>>;
export type Status = '按时' | '逾期' | '未报';

export interface SchoolLine {
  readonly school: SchoolRow;
  readonly status: Status;
  readonly values: Values;
}

export interface TownshipGroup {
  readonly township: string;
  readonly lines: readonly SchoolLine[];
  readonly totals: Values;
  readonly reported: number;
}

export interface MonthFigures {
  readonly month: string;
  /** Last day on which a report is on time, `2026-10-01`. */
  readonly dueOn: string;
  readonly townships: readonly TownshipGroup[];
  readonly totals: Values;
  readonly expected: number;
  readonly reported: number;
  readonly onTime: number;
  /** On-time valid reports ÷ expected schools, in per cent with two decimals (DESIGN section 6); null without schools. */
  readonly rate: number | null;
  readonly missing: readonly SchoolRow[];
}

/** A draft is not a report. */
const isReport = (report: ReportRow): boolean => report.state !== '草稿';

const statusOf = (report: ReportRow | undefined, dueOn: string, timezone: string): Status => {
  if (!report) return '未报';
  // Without the moment of its first valid reading nobody can say that it came in time.
  return report.first_valid_at && dayIn(timezone, new Date(report.first_valid_at)) <= dueOn ? '按时' : '逾期';
};

const numberOf = (value: unknown): number | null => {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};

const asNumber = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);

const withShares = (values: Record<string, Value>): Values => {
  for (const column of columns)
    if (column.kind === 'share') values[column.key] = shareOf(asNumber(values[column.part]), asNumber(values[column.whole]));
  return values;
};

const valuesOf = (report: ReportRow | undefined): Values => {
  const values: Record<string, Value> = {};
  for (const column of columns) {
    if (column.kind === 'share') continue;
    const raw = report?.[column.field];
    values[column.key] = column.kind === 'words' ? cleanLine(raw as string | null) || null : numberOf(raw);
  }
  return withShares(values);
};

const isAdded = (column: Column): boolean => column.kind === 'sum' || column.kind === 'money';

/** Adds up what was filled in; a column that is blank in every line stays blank. Shares are taken of the sums. */
const addUp = (lines: readonly Values[]): Values => {
  const totals: Record<string, Value> = {};
  for (const column of columns) {
    if (column.kind === 'share') continue;
    const filled = isAdded(column) ? lines.map((line) => asNumber(line[column.key])).filter((value) => value !== null) : [];
    // Fen, not yuan: 0.1 + 0.2 must be 0.3 in an official table.
    totals[column.key] = filled.length === 0 ? null : filled.reduce((sum, value) => sum + Math.round(value * 100), 0) / 100;
  }
  return withShares(totals);
};

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** All figures of a month, schools grouped by township (in the order of their smallest school code). `reports` may hold other months too. */
export const monthFigures = (input: {
  readonly month: string;
  readonly schools: readonly SchoolRow[];
  readonly reports: readonly ReportRow[];
  readonly settings: DueSettings;
  readonly timezone: string;
}): MonthFigures => {
  const dueOn = dueDate(input.month, input.settings);
  const reportOf = new Map(
    input.reports.filter((report) => report.month === input.month && isReport(report)).map((report) => [report.school, report]),
  );
  const schools = input.schools.filter((school) => isOpenIn(input.month, school.opened_on, school.closed_on)).sort((a, b) => byCode(a.code, b.code));
  const groups = new Map<string, SchoolLine[]>();
  for (const school of schools) {
    const report = reportOf.get(school.code);
    const line: SchoolLine = { school, status: statusOf(report, dueOn, input.timezone), values: valuesOf(report) };
    const township = cleanLine(school.township) || '未注明乡镇';
    groups.set(township, [...(groups.get(township) ?? []), line]);
  }
  const townships = [...groups].map(([township, lines]) => ({
    township,
    lines,
    totals: addUp(lines.map((line) => line.values)),
    reported: lines.filter((line) => line.status !== '未报').length,
  }));
  const lines = townships.flatMap((group) => group.lines);
  const onTime = lines.filter((line) => line.status === '按时').length;
  return {
    month: input.month,
    dueOn,
    townships,
    totals: addUp(lines.map((line) => line.values)),
    expected: lines.length,
    reported: lines.filter((line) => line.status !== '未报').length,
    onTime,
    rate: lines.length === 0 ? null : Math.round((onTime / lines.length) * 10_000) / 100,
    missing: lines.filter((line) => line.status === '未报').map((line) => line.school),
  };
};
