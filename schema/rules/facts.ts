/**
 * The single tests that both the sheet's check of a row and the rules over a whole school rest on.
 * Numbers come from 县级参数 or from the rule's own row, never from here.
 */
import type { SettingsRow } from './types.ts';

/** Days 6 and 7 are Saturday and Sunday: no day of service (R-T5, S05). */
export const onWeekend = (days: readonly number[]): boolean => days.some((day) => day > 5);

/** Fewer days a week than must be offered (R-T1, S01). */
export const tooFewDays = (days: number, least: number): boolean => days < least;

/** Less than the minutes a day that must be offered (R-T2, S01); lessons are not hours. */
export const tooShort = (minutes: number, least: number): boolean => minutes < least;

/** Above what was approved, yuan (R-F1, S01); half a fen of rounding is no breach. */
export const overCap = (amount: number, cap: number): boolean => amount > cap + 0.004;

/** More children than places (T5). */
export const overCapacity = (enrolled: number, capacity: number): boolean => enrolled > capacity;

/** Whether somebody comes from outside the school and so is checked before the first day (R-H1, S13). */
export const fromOutside = (identity: string): boolean => identity !== '本校教师' && identity !== '管理人员';

/** The first grade of junior middle school, from which its fee cap counts. */
export const firstJuniorGrade = 7;

/** Minutes since midnight of `16:30`. */
export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
export const minutesBetween = (start: string, end: string): number => minuteOf(end) - minuteOf(start);

/** A span of time on some days of the week, and who or what is taken by it. */
export interface Booking<T> {
  readonly what: T;
  readonly key: string;
  readonly days: readonly number[];
  readonly start: string;
  readonly end: string;
}

/** Each booking that meets an earlier one of the same key on the same day at the same time, with the first such. */
export const findClashes = <T>(bookings: readonly Booking<T>[], isSame: (a: T, b: T) => boolean = () => false): { first: T; later: T }[] => {
  const taken = new Map<string, Booking<T>[]>();
  const clashes: { first: T; later: T }[] = [];
  for (const booking of bookings) {
    if (booking.end <= booking.start) continue;
    let clash: T | null = null;
    for (const day of booking.days) {
      const key = `${booking.key}\n${day}`;
      const others = taken.get(key) ?? [];
      clash ??= others.find((one) => one.start < booking.end && booking.start < one.end && !isSame(one.what, booking.what))?.what ?? null;
      others.push(booking);
      taken.set(key, others);
    }
    if (clash !== null) clashes.push({ first: clash, later: booking.what });
  }
  return clashes;
};

/** Whether a day (`2026-09-01`) lies in the county's summer time of work. */
export const inSummer = (day: string, settings: Pick<SettingsRow, 'summer_from' | 'summer_to'>): boolean => {
  const [from, to] = [settings.summer_from, settings.summer_to];
  const date = day.slice(5);
  if (!from || !to) return false;
  return from <= to ? date >= from && date <= to : date >= from || date <= to;
};

/** The end of the working day that the service must last to (R-T3, S01, S02); null where the county has not said. */
export const offWorkOn = (
  day: string,
  settings: Pick<SettingsRow, 'summer_from' | 'summer_to' | 'off_work_summer' | 'off_work_winter'>,
): string | null => (inSummer(day, settings) ? settings.off_work_summer : settings.off_work_winter);

/** Phrases that forbid what they name, up to the end of the phrase: 不讲新课、不集体补课, 严禁补课, 不经家委会. */
const forbidding = /(不(讲|上|教|学|得|准|许|能|允许|安排|开展|组织|进行|搞|刷|补|集体|经|由|通过)|禁止|严禁|杜绝|避免|勿)[^,,。;;!!]*/g;

/** The words of a list that a text uses in earnest, phrases that forbid them left out. */
export const wordsIn = (text: string | null, words: readonly string[]): string[] => {
  if (!text) return [];
  const plain = text.replace(forbidding, '');
  return words.filter((word) => plain.includes(word));
};

/** Days from one to another, `2026-11-24`. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
