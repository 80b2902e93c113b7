/**
 * School days of a term: the national calendar of work days and holidays with the county's own changes.
 * Never knows a school.
 */
import chineseDays from 'chinese-days';
import type { Calendar, SettingsRow, TermRow } from '../../schema/rules/types.ts';
import { dayIn, dueDate } from '../jobs/months.ts';

const listOf = (value: unknown): ReadonlySet<string> => new Set(Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

const two = (number: number): string => String(number).padStart(2, '0');

const daysOf = (month: string): string[] => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_none, index) => `${month}-${two(index + 1)}`);
};

/** The calendar of one term. A made-up working Saturday is a school day, for schools teach on it; local changes go before all. */
export const calendarOf = (term: TermRow, settings: SettingsRow, timezone: string): Calendar => {
  const [extra, off] = [listOf(term.extra_school_days), listOf(term.extra_days_off)];
  const known = new Map<string, boolean>();
  const judge = (day: string): boolean => {
    if (extra.has(day)) return true;
    return !off.has(day) && day >= term.starts_on && day <= term.ends_on && chineseDays.isWorkday(day);
  };
  const isSchoolDay = (day: string): boolean => {
    const answer = known.get(day) ?? judge(day);
    known.set(day, answer);
    return answer;
  };
  return {
    isSchoolDay,
    schoolDays: (month) => daysOf(month).filter(isSchoolDay),
    dayOf: (moment) => dayIn(timezone, new Date(moment)),
    dueDay: (month) => dueDate(month, settings),
  };
};
