/**
 * The figures of one month from the schools and their returns. Pure.
 * A school counts as expected when it was open in that month (schema/months.ts).
 */
import { rateOf } from '../../../schema/derive.ts';
import type { Row, Tables } from '../../../schema/index.ts';
import { isOpenIn, shiftMonth } from '../../../schema/months.ts';

export type School = Pick<Row<Tables['schools']>, 'code' | 'name' | 'township' | 'leader' | 'leader_phone' | 'opened_on' | 'closed_on'>;
export type MonthlyReport = Pick<Row<Tables['monthly_reports']>, 'school' | 'month' | 'enrolled' | 'participants'>;

/** Counts over some schools; `rate` is per cent with two decimals, null where nobody has reported. */
export interface Figures {
  readonly expected: number;
  readonly reported: number;
  readonly enrolled: number;
  readonly participants: number;
  readonly rate: number | null;
}

export interface TownshipFigures extends Figures {
  readonly township: string;
}

export interface MonthFigures extends Figures {
  readonly missing: readonly School[];
  readonly townships: readonly TownshipFigures[];
}

const figuresOf = (schools: readonly School[], bySchool: ReadonlyMap<string, MonthlyReport>): Figures => {
  const reports = schools.flatMap((school) => bySchool.get(school.code) ?? []);
  const enrolled = reports.reduce((sum, one) => sum + (one.enrolled ?? 0), 0);
  const participants = reports.reduce((sum, one) => sum + (one.participants ?? 0), 0);
  return { expected: schools.length, reported: reports.length, enrolled, participants, rate: rateOf(participants, enrolled) };
};

const byTownship = (schools: readonly School[]): Map<string, School[]> => {
  const groups = new Map<string, School[]>();
  for (const school of schools) {
    const name = school.township ?? '未填乡镇';
    groups.set(name, [...(groups.get(name) ?? []), school]);
  }
  return groups;
};

/** `reports` may hold other months too; `month` is `2026-10`. Townships with the lowest share of participants come first. */
export const monthFigures = (month: string, schools: readonly School[], reports: readonly MonthlyReport[]): MonthFigures => {
  const open = schools.filter((school) => isOpenIn(month, school.opened_on, school.closed_on));
  const bySchool = new Map(reports.filter((one) => one.month === month && one.school).map((one) => [one.school as string, one]));
  const townships = [...byTownship(open)].map(([township, members]) => ({ township, ...figuresOf(members, bySchool) }));
  return {
    ...figuresOf(open, bySchool),
    missing: open.filter((school) => !bySchool.has(school.code)),
    townships: townships.sort((a, b) => (a.rate ?? -1) - (b.rate ?? -1) || a.township.localeCompare(b.township, 'zh-CN')),
  };
};

/**
 * The month that the office works on: the last one that is over. Where the newest return is older than the month before
 * that, the county is not in its daily course (a demonstration, or the summer), and the newest return's month is shown.
 */
export const monthToShow = (today: string, newest: string | null): string => {
  const last = shiftMonth(today.slice(0, 7), -1);
  return newest !== null && newest < shiftMonth(last, -1) ? newest : last;
};

/** The months to choose from, newest first: the current one, a year back, and `shown`. */
export const monthChoices = (today: string, shown: string): string[] => {
  const year = Array.from({ length: 13 }, (_, index) => shiftMonth(today.slice(0, 7), -index));
  return [...new Set([...year, shown])].sort().reverse();
};

/** `2026-10` as 2026年10月. */
export const monthName = (month: string): string => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;

/** A whole number with the thousands apart. */
export const grouped = (value: number): string => value.toLocaleString('zh-CN');

/** Share in per cent, 0 where there is nothing to divide by: for the length of a bar. */
export const share = (part: number, total: number): number => rateOf(part, total) ?? 0;
