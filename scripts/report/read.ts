/**
 * What the outputs of a month or a term need from Directus. Reads only.
 */

import { columns, type ReportRow } from '../../schema/county-table.ts';
import { openFindingStates } from '../../schema/findings.ts';
import { monthOf, shiftMonth } from '../../schema/months.ts';
import { outlierRule } from '../../schema/rules/outliers.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { cleanLine } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import type { Matters } from './brief.ts';
import type { TrendPoint } from './charts.ts';
import { type MonthFigures, monthFigures, type SchoolRow } from './figures.ts';
import { monthInWords } from './in-print.ts';
import { termFigures } from './term.ts';
import type { Heading } from './workbook.ts';

export interface Period {
  readonly figures: MonthFigures;
  /** The figures of each of its months. */
  readonly parts: readonly MonthFigures[];
  /** 2026年10月, or the term's name. */
  readonly words: string;
  /** In file names: `2026-10`, `2026-1`. */
  readonly stem: string;
  readonly months: readonly string[];
  readonly before: MonthFigures | null;
  readonly trend: readonly TrendPoint[];
  readonly heading: Omit<Heading, 'madeOn'> & { readonly county: string };
  readonly matters: Matters;
}

const monthsBack = 5;

const reportFields = [
  'id',
  'school',
  'month',
  'state',
  'version',
  'first_valid_at',
  'due_on',
  'due_reason',
  'not_applicable',
  ...new Set(columns.flatMap((column) => (column.kind === 'share' ? [] : [column.field as string]))),
];

const monthsOf = (from: string, to: string): string[] => {
  const months: string[] = [];
  for (let month = from; month <= to; month = shiftMonth(month, 1)) months.push(month);
  return months;
};

/** Reads the returns of these months once, and makes figures of any of them. */
const openCounty = async (store: Store, timezone: string, months: readonly string[]) => {
  const [schools, reports, settings] = await Promise.all([
    store.readRows('schools', { fields: ['code', 'name', 'type', 'township', 'opened_on', 'closed_on'] }),
    store.readRows('monthly_reports', { filter: { month: { _in: [...months] } }, fields: reportFields }),
    store.readSettings(),
  ]);
  return {
    settings,
    reports: reports as ReportRow[],
    figuresOf: (month: string): MonthFigures =>
      monthFigures({ month, schools: schools as SchoolRow[], reports: reports as ReportRow[], settings, timezone }),
  };
};

const readMatters = async (store: Store, months: readonly string[]): Promise<Matters> => {
  const [open, terms, slips] = await Promise.all([
    store.readRows('findings', { filter: { state: { _in: [...openFindingStates] } }, fields: ['id', 'rule', 'severity', 'month', 'cause'] }),
    store.readRows('terms', { fields: ['id', 'starts_on', 'ends_on'] }),
    store.readRows('corrections', { filter: { state: { _in: ['待批准', '已完成'] } }, fields: ['id', 'state', 'report'] }),
  ]);
  // What concerns a whole term (a record found of somebody who serves, a course on a Sunday) concerns each of its months; its cause begins with the term.
  const ofTerms = new Set(
    terms.flatMap((one) => (months.some((month) => monthOf(one.starts_on) <= month && month <= monthOf(one.ends_on)) ? [one.id] : [])),
  );
  const findings = open.filter((one) => (one.month === null ? ofTerms.has((one.cause ?? '').split('/')[0] ?? '') : months.includes(one.month)));
  const reports = new Set(
    (await store.readRows('monthly_reports', { filter: { month: { _in: [...months] } }, fields: ['id'] })).map((one) => one.id),
  );
  const own = slips.filter((slip) => reports.has(slip.report));
  return {
    forbidden: findings.filter((one) => one.severity === '禁').length,
    required: findings.filter((one) => one.severity === '须').length,
    outliers: findings.filter((one) => one.rule === outlierRule.id).length,
    correctionsWaiting: own.filter((one) => one.state === '待批准').length,
    correctionsDone: own.filter((one) => one.state === '已完成').length,
  };
};

const pointOf = (figures: MonthFigures): TrendPoint => ({
  month: figures.month,
  participation: typeof figures.totals.rate === 'number' ? Math.round(figures.totals.rate * 10_000) / 100 : null,
  onTime: figures.rate,
});

const hasReports = (figures: MonthFigures): boolean => figures.reported > 0;

/** A month, `2026-10`, or the id of a term. */
export type Asked = { readonly month: string } | { readonly term: string };

const asked = async (store: Store, wanted: Asked): Promise<{ months: string[]; words: string; stem: string; isTerm: boolean }> => {
  if ('month' in wanted) {
    const [first] = await store.readRows('terms', { sort: ['starts_on'], limit: 1 });
    if (first && wanted.month < first.starts_on.slice(0, 7))
      throw new UsageError(`${wanted.month} 在登记的第一个学期(${first.name},${first.starts_on} 起)之前,没有月报可统计。`);
    return { months: [wanted.month], words: monthInWords(wanted.month), stem: wanted.month, isTerm: false };
  }
  const [term] = await store.readRows('terms', { filter: { id: { _eq: wanted.term } } });
  if (!term) throw new UsageError(`没有学期 ${wanted.term}:请在 Directus「学期」里登记,或核对代码(如 2026-1)。`);
  return { months: monthsOf(term.starts_on.slice(0, 7), term.ends_on.slice(0, 7)), words: term.name, stem: term.id, isTerm: true };
};

/** Everything about a month or a term. Throws UsageError for a term that is not registered. */
export const readPeriod = async (store: Store, timezone: string, today: string, wanted: Asked): Promise<Period> => {
  const { months, words, stem, isTerm } = await asked(store, wanted);
  const begun = isTerm ? months.filter((month) => month <= today.slice(0, 7)) : months;
  const earlier = isTerm ? [] : monthsOf(shiftMonth(stem, -monthsBack), shiftMonth(stem, -1));
  const { settings, figuresOf } = await openCounty(store, timezone, [...earlier, ...months]);
  // A month that is still being reported on is not held against anybody.
  const parts = begun.map(figuresOf).filter((one) => !isTerm || hasReports(one) || one.dueOn < today);
  const figures = isTerm ? termFigures(words, parts) : (parts[0] as MonthFigures);
  const past = earlier.map(figuresOf).filter(hasReports);
  const county = typeset(cleanLine(settings.county_name));
  return {
    figures,
    parts,
    words,
    stem,
    months,
    before: past.at(-1)?.month === shiftMonth(stem, -1) ? (past.at(-1) ?? null) : null,
    trend: [...past, ...parts].map(pointOf),
    heading: {
      county,
      title: typeset(`${cleanLine(settings.county_name)}中小学生参与课后服务统计表`),
      unit: typeset(cleanLine(settings.bureau_name)),
      office: cleanLine(settings.office_name),
    },
    matters: await readMatters(store, months),
  };
};
