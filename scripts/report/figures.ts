/**
 * The figures of one month: which schools were expected, which reported, what it adds up to.
 * Pure. A blank stays blank: it is neither a zero nor left out silently.
 */

import { addUp, columns, figureIn, type ReportRow, type Value, type Values, withShares } from '../../schema/county-table.ts';
import type { Row, tables } from '../../schema/index.ts';
import { isReported } from '../../schema/monthly-return.ts';
import { type DueSettings, dayIn, dueDate, dueFor, isOpenIn } from '../jobs/months.ts';
import { cleanLine } from '../text/clean.ts';

export type SchoolRow = Pick<Row<typeof tables.schools>, 'code' | 'name' | 'type' | 'township' | 'opened_on' | 'closed_on'>;

/** 缺报: over a term, some months are missing. */
export type Status = '按时' | '逾期' | '未报' | '缺报';

export interface SchoolLine {
  readonly school: SchoolRow;
  readonly status: Status;
  readonly values: Values;
  /** Id of the return behind the line; null where none has come. */
  readonly report: string | null;
  /** Last day for this school, and why where it is not the county's. */
  readonly dueOn: string;
  readonly extension: string | null;
  /** Figures of the table that have a value or are 不适用 with a reason; of `asked`. */
  readonly answered: number;
  readonly asked: number;
  /** Over a term: of how many months. */
  readonly months?: { readonly expected: number; readonly reported: number; readonly onTime: number };
}

/** How the returns of some schools came in. Shares in per cent with two decimals; null where there is nothing to divide by. */
export interface Standing {
  readonly name: string;
  readonly expected: number;
  readonly reported: number;
  readonly onTime: number;
  /** On-time valid reports ÷ expected schools (DESIGN section 6). */
  readonly rate: number | null;
  /** On-time ÷ reported. */
  readonly timeliness: number | null;
  /** Figures answered ÷ figures asked, over the schools that have reported. */
  readonly completeness: number | null;
}

export interface TownshipGroup {
  readonly township: string;
  readonly lines: readonly SchoolLine[];
  readonly totals: Values;
  readonly reported: number;
}

export interface MonthFigures {
  /** `2026-10`; for a term its name. */
  readonly month: string;
  /** Last day on which a report is on time, `2026-10-01`. */
  readonly dueOn: string;
  readonly townships: readonly TownshipGroup[];
  readonly totals: Values;
  readonly county: Standing;
  readonly byTownship: readonly Standing[];
  readonly byType: readonly Standing[];
  /** Over a term: month by month. */
  readonly byMonth?: readonly Standing[];
  readonly expected: number;
  readonly reported: number;
  readonly onTime: number;
  /** On-time valid reports ÷ expected schools, in per cent with two decimals (DESIGN section 6); null without schools. */
  readonly rate: number | null;
  readonly missing: readonly SchoolRow[];
}

const statusOf = (report: ReportRow | undefined, dueOn: string, timezone: string): Status => {
  if (!report) return '未报';
  // Without the moment of its first valid reading nobody can say that it came in time.
  return report.first_valid_at && dayIn(timezone, new Date(report.first_valid_at)) <= dueOn ? '按时' : '逾期';
};

const valuesOf = (report: ReportRow | undefined): Values => {
  const values: Record<string, Value> = {};
  for (const column of columns) {
    if (column.kind === 'share') continue;
    if (column.kind === 'words') values[column.key] = cleanLine(report?.[column.field] as string | null) || null;
    else values[column.key] = report ? figureIn(report, column.field) : null;
  }
  return withShares(values);
};

/** Columns that each school is asked to fill. */
const askedColumns = columns.filter((column) => column.kind !== 'share' && column.kind !== 'words');

const answeredIn = (values: Values): number => askedColumns.filter((column) => (values[column.key] ?? null) !== null).length;

const percent = (part: number, whole: number): number | null => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 100);

/** How the returns of these schools came in. */
export const standingOf = (name: string, lines: readonly SchoolLine[]): Standing => {
  const came = lines.filter((line) => line.status !== '未报');
  const onTime = lines.filter((line) => line.status === '按时').length;
  const sum = (of: (line: SchoolLine) => number): number => came.reduce((total, line) => total + of(line), 0);
  return {
    name,
    expected: lines.length,
    reported: came.length,
    onTime,
    rate: percent(onTime, lines.length),
    timeliness: percent(onTime, came.length),
    completeness: percent(
      sum((line) => line.answered),
      sum((line) => line.asked),
    ),
  };
};

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const groupLines = (lines: readonly SchoolLine[], of: (line: SchoolLine) => string): [string, SchoolLine[]][] => {
  const groups = new Map<string, SchoolLine[]>();
  for (const line of lines) groups.set(of(line), [...(groups.get(of(line)) ?? []), line]);
  return [...groups];
};

const townshipOf = ({ school }: SchoolLine): string => cleanLine(school.township) || '未注明乡镇';
const typeOf = ({ school }: SchoolLine): string => cleanLine(school.type) || '未注明类别';

/** All figures of a month, schools grouped by township (in the order of their smallest school code). `reports` may hold other months too. */
export const monthFigures = (input: {
  readonly month: string;
  readonly schools: readonly SchoolRow[];
  readonly reports: readonly ReportRow[];
  readonly settings: DueSettings;
  readonly timezone: string;
}): MonthFigures => {
  const { month, timezone } = input;
  const dueOn = dueDate(month, input.settings);
  const rowOf = new Map(input.reports.filter((report) => report.month === month).map((report) => [report.school, report]));
  const schools = input.schools.filter((school) => isOpenIn(month, school.opened_on, school.closed_on)).sort((a, b) => byCode(a.code, b.code));
  const lines = schools.map((school): SchoolLine => {
    const row = rowOf.get(school.code);
    const report = row && isReported(row) ? row : undefined;
    const values = valuesOf(report);
    return {
      school,
      status: statusOf(report, dueFor(row?.due_on, dueOn), timezone),
      values,
      report: report?.id ?? null,
      dueOn: dueFor(row?.due_on, dueOn),
      extension: row?.due_on ? cleanLine(row.due_reason) || '没有写理由' : null,
      answered: answeredIn(values),
      asked: askedColumns.length,
    };
  });
  const townships = groupLines(lines, townshipOf).map(([township, members]) => ({
    township,
    lines: members,
    totals: addUp(members.map((line) => line.values)),
    reported: members.filter((line) => line.status !== '未报').length,
  }));
  const county = standingOf('全县', lines);
  return {
    month,
    dueOn,
    townships,
    totals: addUp(lines.map((line) => line.values)),
    county,
    byTownship: townships.map((group) => standingOf(group.township, group.lines)),
    byType: groupLines(lines, typeOf).map(([type, members]) => standingOf(type, members)),
    expected: county.expected,
    reported: county.reported,
    onTime: county.onTime,
    rate: county.rate,
    missing: lines.filter((line) => line.status === '未报').map((line) => line.school),
  };
};
