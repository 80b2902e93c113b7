/**
 * Months and due days of the return (S01: on the 1st of the next month; the day and the deferral are county settings).
 * Pure; days are `2026-11-24`, months `2026-11`.
 */
import chineseDays from 'chinese-days';

const two = (number: number): string => String(number).padStart(2, '0');

/** The month before or after, by `by` months. */
export const shiftMonth = (month: string, by: number): string => {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const index = year * 12 + number - 1 + by;
  return `${Math.floor(index / 12)}-${two((index % 12) + 1)}`;
};

export const monthOf = (day: string): string => day.slice(0, 7);

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

/** Whether a school was open in a month, and so expected to report. Dates are `2026-09-01` or null. */
export const isOpenIn = (month: string, openedOn: string | null, closedOn: string | null): boolean =>
  (openedOn === null || monthOf(openedOn) <= month) && (closedOn === null || monthOf(closedOn) >= month);
