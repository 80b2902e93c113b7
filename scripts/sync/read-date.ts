/**
 * Reads days and months in every form that schools write them.
 * It never completes a date: a missing year or an order of day and month that cannot be told is a problem.
 */
import type { RawCell } from '../../schema/parsed.ts';
import { dayOfSerial, meaningOf } from './number-format.ts';
import { chineseNumber, fold } from './plain-text.ts';
import { fault, numberIn, type Reading, type Surroundings, value } from './reading.ts';

const pad = (number: number): string => String(number).padStart(2, '0');

/** Years that a school's papers can name; outside, a digit is wrong. */
const plausible = (year: number): boolean => year >= 1990 && year <= 2099;

const exists = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const iso = (year: number, month: number, day: number): Reading =>
  plausible(year) && exists(year, month, day) ? value(`${year}-${pad(month)}-${pad(day)}`) : fault('not-a-date');

const isoMonth = (year: number, month: number): Reading =>
  plausible(year) && month >= 1 && month <= 12 ? value(`${year}-${pad(month)}`) : fault('not-a-date/month');

const fromSerial = (serial: number, date1904: boolean): { year: number; month: number; day: number } => {
  const date = new Date(dayOfSerial(serial, date1904) * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

/** 二〇二六年九月一日 -> 2026年9月1日 */
const withDigits = (text: string): string =>
  text
    .replace(/(?<=[一二三四五六七八九〇零○])[○ＯOo0](?=[一二三四五六七八九〇零○]|年)/g, '〇')
    .replace(/[〇零一二三四五六七八九十]+(?=[年月日号])/g, (numeral) => String(chineseNumber(numeral) ?? numeral));

/** Two digits mean this century. */
const fullYear = (year: string): number => (year.length === 2 ? 2000 + Number(year) : Number(year));

/** Needs its space or T: without one, `1 0:00` would become `10:00`. */
const clock = /(?<=[\d日号])(T|[\s\u3000]+)\d{1,2}[::]\d{2}([::]\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?\s*$/i;

/** 2026 9 1 and 2026。9。1 keep their separators. */
const spelledOut = (text: string): string =>
  text
    .trim()
    .replace(/(?<=\d)[。．](?=\d)/g, '.')
    .replace(/^(\d{4})\s+(\d{1,2})\s+(\d{1,2})$/, '$1-$2-$3');

/** Clock, weekday and the words around a date say nothing about the day. */
const bare = (text: string): string =>
  withDigits(fold(spelledOut(text.replace(clock, ''))))
    .replace(/(上午|下午|早上|中午|晚上)$/, '')
    .replace(/\(?(周|星期|礼拜)[一二三四五六日天]\)?$/, '')
    .replace(/^(截至|截止)/, '')
    .replace(/(?<=\d日?)[起止。.,;]$/, '');

/** From one day to another: 2026.9.1-9.5, 2026年9月1日至5日. */
const dayRange = /^(\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?(-+|~|至|到)(\d{2,4}[-/.年])?(\d{1,2}[-/.月])?\d{1,2}[日号]?$/;

const fullDate = /^(\d{4})[-/.,、年](\d{1,2})[-/.,、月](\d{1,2})[日号]?$/;
const shortYear = /^(\d{2})年(\d{1,2})月(\d{1,2})[日号]?$/;
const shortYearMarks = /^(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/;
const noYear = /^(\d{1,2})[-/.月](\d{1,2})[日号]?$/;

const dateFromText = (text: string): Reading => {
  const plain = bare(text);
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  const full = compact ?? fullDate.exec(plain) ?? shortYear.exec(plain);
  if (full) return iso(fullYear(full[1] as string), Number(full[2]), Number(full[3]));
  const last = yearLast.exec(plain);
  if (last) {
    const [first, second, year] = [Number(last[1]), Number(last[2]), Number(last[3])];
    if (first > 12) return iso(year, second, first);
    if (second > 12 || first === second) return iso(year, first, second);
    return fault('ambiguous/day-or-month');
  }
  if (!shortYearMarks.test(plain) && dayRange.test(plain)) return fault('not-a-date/range');
  if (shortYearMarks.test(plain)) return fault('ambiguous/day-or-month');
  const partial = noYear.exec(plain);
  // A leap year allows every day that any year has: 11月31日 is wrong whatever the year.
  if (partial) return exists(2024, Number(partial[1]), Number(partial[2])) ? fault('ambiguous/no-year') : fault('not-a-date');
  return /^[34567]\d{4}$/.test(plain) ? fault('ambiguous/serial') : fault('not-a-date');
};

/** A day: `2026-09-01`. */
export const readDate = (cell: RawCell, _field: unknown, { date1904 }: Surroundings): Reading => {
  const number = numberIn(cell);
  if (number === null) return dateFromText(cell.text);
  const meaning = meaningOf(cell.format);
  // A whole number in this span in a date column is a day whose format was lost: nothing else is written like that.
  const serial = Number.isInteger(number) && number >= 36_526 - 1462 && number <= 73_050;
  if (meaning === 'date' || meaning === 'dateTime' || (meaning === null && serial)) {
    const { year, month, day } = fromSerial(number, date1904);
    return iso(year, month, day);
  }
  // 9.1 typed as a number: the first of September or the tenth, of no year.
  return Number.isInteger(number) || number < 13 ? dateFromText(String(number)) : fault('not-a-date');
};

const monthFromText = (text: string): Reading => {
  const plain = bare(text).replace(/份$/, '');
  const compact = /^(\d{4})(\d{2})$/.exec(plain);
  const parts = compact ?? /^(\d{4})[-/.,年](\d{1,2})月?$/.exec(plain) ?? /^(\d{2})年(\d{1,2})月$/.exec(plain);
  if (parts) return isoMonth(fullYear(parts[1] as string), Number(parts[2]));
  if (/^(\d{1,2})月?$/.test(plain)) {
    const month = Number(plain.replace('月', ''));
    return month >= 1 && month <= 12 ? fault('ambiguous/no-year') : fault('not-a-date/month');
  }
  const day = dateFromText(plain);
  return typeof day.value === 'string' ? value(day.value.slice(0, 7)) : fault('not-a-date/month');
};

/** A month: `2026-09`. */
export const readMonth = (cell: RawCell, _field: unknown, { date1904 }: Surroundings): Reading => {
  const number = numberIn(cell);
  if (number === null) return monthFromText(cell.text);
  const meaning = meaningOf(cell.format);
  if (meaning === 'date' || meaning === 'dateTime' || (meaning === null && Number.isInteger(number) && number >= 36_526 - 1462 && number <= 73_050)) {
    const { year, month } = fromSerial(number, date1904);
    return isoMonth(year, month);
  }
  // 2025.10 typed as a number is stored as 2025.1: the zero is gone.
  if (/^\d{4}\.1$/.test(String(number))) return /\.10$/.test(cell.text) ? monthFromText(cell.text) : fault('ambiguous/month-tail');
  return monthFromText(String(number));
};
