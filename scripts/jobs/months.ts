/**
 * Months and due days of the return (S01: on the 1st of the next month; the day and the deferral are county settings).
 * Pure; days are `2026-11-24`, months `2026-11`.
 */
import chineseDays from 'chinese-days';
import { shiftMonth, two } from '../../schema/months.ts';

export { isOpenIn, monthOf, shiftMonth } from '../../schema/months.ts';

/** Today in a time zone. */
export const todayIn = (timezone: string, now: Date = new Date()): string => now.toLocaleDateString('sv-SE', { timeZone: timezone });

export interface DueRule {
  /** 月报截止日 of the next month. */
  readonly dueDay: number;
  /** 逢节假日顺延 to the next working day. */
  readonly deferHolidays: boolean;
}

/** The last day on which the return of a month is on time. */
export const dueDate = (month: string, rule: DueRule): string => {
  const day = `${shiftMonth(month, 1)}-${two(rule.dueDay)}`;
  if (!rule.deferHolidays || chineseDays.isWorkday(day)) return day;
  const next = chineseDays.findWorkday(1, day);
  return typeof next === 'string' ? next : day;
};
