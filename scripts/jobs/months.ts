/**
 * Months and due days of the return (S01: on the 1st of the next month; the day and the deferral are county settings).
 * Pure; days are `2026-11-24`, months `2026-11`.
 */
import chineseDays from 'chinese-days';
import type { Row, tables } from '../../schema/index.ts';
import { monthOf, shiftMonth, two } from '../../schema/months.ts';

export { dueFor, isOpenIn, monthOf, shiftMonth } from '../../schema/months.ts';

/** The day of a moment in a time zone; today, where no moment is given. */
export const dayIn = (timezone: string, moment: Date = new Date()): string => moment.toLocaleDateString('sv-SE', { timeZone: timezone });

/** Why a month cannot be asked for, in Chinese; null where it can. `today` is `2026-11-24`. */
export const monthFault = (month: string, today: string): string | null => {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return `统计月“${month}”写法不对,应如 2026-09。`;
  return month > monthOf(today) ? `${month} 还没有到:最晚可以查 ${monthOf(today)}。` : null;
};

/** The county's own choice, from 县级参数: 月报截止日 of the next month, and 逢节假日顺延 to the next working day. */
export type DueSettings = Pick<Row<typeof tables.settings>, 'due_day' | 'defer_holidays'>;

/** The last day on which the return of a month is on time. */
export const dueDate = (month: string, settings: DueSettings): string => {
  const day = `${shiftMonth(month, 1)}-${two(settings.due_day ?? 1)}`;
  if (settings.defer_holidays !== true || chineseDays.isWorkday(day)) return day;
  const next = chineseDays.findWorkday(1, day);
  return typeof next === 'string' ? next : day;
};

/** A day so many days before another. */
export const daysBefore = (day: string, days: number): string => {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() - days);
  return moment.toISOString().slice(0, 10);
};

/** How many days before the due day returns are made ready and schools reminded. */
export const remindDays = (settings: { readonly remind_days?: number | null }): number => settings.remind_days ?? 6;

/** Months whose returns are being made: the last one, and the current one once its due day is near. */
export const monthsToPrepare = (today: string, settings: DueSettings & { readonly remind_days?: number | null }): string[] => {
  const [last, current] = [shiftMonth(monthOf(today), -1), monthOf(today)];
  return today >= daysBefore(dueDate(current, settings), remindDays(settings)) ? [last, current] : [last];
};
