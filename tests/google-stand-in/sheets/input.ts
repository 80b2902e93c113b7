/**
 * What becomes of a value that is written: RAW as it is, USER_ENTERED as if typed into the cell.
 * Never stores anything.
 */
import { invalid } from '../errors.ts';
import { type Cell, type ExtendedValue, maximumCharacters } from './model.ts';
import type { NumberFormat } from './number-format.ts';

export type Scalar = string | number | boolean | null;
export type InputOption = 'RAW' | 'USER_ENTERED';

/** A value to store, and the number format that typing gave it. `value` undefined: the cell is cleared. */
export interface Parsed {
  readonly value?: ExtendedValue;
  readonly format?: NumberFormat;
}

const dayMilliseconds = 86_400_000;

/** Days since 1899-12-30; serial 1 is 1899-12-31. */
export const serialOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / dayMilliseconds + 25_569;

/** From 1 March 1900 on: before it, spreadsheet programs do not agree on the number of a day. */
const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && serialOf(year, month, day) >= 61 && year < 10_000;
};

const asDate = (text: string, locale: string, thisYear: number): { serial: number; pattern: string } | null => {
  const yearFirst = /^(\d{4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})日?$/.exec(text);
  if (yearFirst) {
    const [year, month, day] = [yearFirst[1], yearFirst[3], yearFirst[5]].map(Number) as [number, number, number];
    const written =
      yearFirst[2] === '年'
        ? 'yyyy"年"m"月"d"日"'
        : ['yyyy', 'm'.repeat(yearFirst[3]?.length ?? 1), 'd'.repeat(yearFirst[5]?.length ?? 1)].join(yearFirst[2]);
    return isDay(year, month, day) ? { serial: serialOf(year, month, day), pattern: written } : null;
  }
  const short = /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$/.exec(text);
  if (!short) return null;
  const british = /^en_(GB|AU|NZ|IN)|^(fr|de|es|it)/.test(locale);
  const [month, day] = (british ? [short[2], short[1]] : [short[1], short[2]]).map(Number) as [number, number];
  const year = Number(short[3] ?? thisYear);
  const pattern = british ? (short[3] ? 'd/m/yyyy' : 'd/m') : short[3] ? 'm/d/yyyy' : 'm/d';
  return isDay(year, month, day) ? { serial: serialOf(year, month, day), pattern } : null;
};

const asTime = (text: string): { serial: number; pattern: string } | null => {
  const match = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\s*([AaPp])[Mm])?$/.exec(text);
  if (!match) return null;
  const half = match[4]?.toLowerCase();
  const hour = half ? (Number(match[1]) % 12) + (half === 'p' ? 12 : 0) : Number(match[1]);
  if (hour > 23) return null;
  return {
    serial: (hour * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)) / 86_400,
    pattern: `h:mm${match[3] ? ':ss' : ''}${half ? ' AM/PM' : ''}`,
  };
};

const readMoment = (text: string, locale: string, thisYear: number): Parsed | null => {
  const time = asTime(text);
  if (time) return { value: { numberValue: time.serial }, format: { type: 'TIME', pattern: time.pattern } };
  const date = asDate(text, locale, thisYear);
  if (date) return { value: { numberValue: date.serial }, format: { type: 'DATE', pattern: date.pattern } };
  const [day = '', clock = ''] = text.split(/[ T](?=\d{1,2}:)/);
  const both = { date: asDate(day, locale, thisYear), time: asTime(clock) };
  if (!both.date || !both.time) return null;
  return {
    value: { numberValue: both.date.serial + both.time.serial },
    format: { type: 'DATE_TIME', pattern: `${both.date.pattern} ${both.time.pattern}` },
  };
};

const readNumber = (text: string): Parsed | null => {
  const match = /^([+-]?)([$¥￥€£]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d+)?(%?)$/i.exec(text);
  if (!match || (!match[3] && !/\d/.test(match[4] ?? ''))) return null;
  const [, sign = '', currency, whole = '', fraction = '', exponent = '', percent] = match;
  const amount = Number(`${sign}${whole.replaceAll(',', '')}${fraction}${exponent}`);
  if (!Number.isFinite(amount)) return null;
  const decimals = fraction.length > 1 ? '.00' : '';
  if (percent) return { value: { numberValue: amount / 100 }, format: { type: 'PERCENT', pattern: `0${decimals}%` } };
  if (currency) return { value: { numberValue: amount }, format: { type: 'CURRENCY', pattern: `[$${currency}]#,##0${decimals}` } };
  if (exponent) return { value: { numberValue: amount }, format: { type: 'SCIENTIFIC', pattern: '0.00E+00' } };
  if (whole.includes(',')) return { value: { numberValue: amount }, format: { type: 'NUMBER', pattern: `#,##0${decimals}` } };
  return { value: { numberValue: amount } };
};

/** Text as if typed. A leading apostrophe forces text and is not part of it; a cell formatted as text parses nothing. */
const readTyped = (text: string, cell: Cell | undefined, locale: string, thisYear: number): Parsed => {
  if (text === '') return {};
  if (text.startsWith("'")) return { value: { stringValue: text.slice(1) } };
  if (cell?.userEnteredFormat?.numberFormat?.type === 'TEXT') return { value: { stringValue: text } };
  if (text.startsWith('=') && text.length > 1) return { value: { formulaValue: text } };
  const trimmed = text.trim();
  if (/^(true|false)$/i.test(trimmed)) return { value: { boolValue: /^true$/i.test(trimmed) } };
  const read = readNumber(trimmed) ?? readMoment(trimmed, locale, thisYear);
  if (read) return read;
  // `+` begins a formula as `=` does; this is how text from outside becomes one.
  return text.startsWith('+') && text.length > 1 ? { value: { formulaValue: `=${text}` } } : { value: { stringValue: text } };
};

/** Throws 400 for more than 50000 characters. */
export const assertFits = (text: string): void => {
  if (text.length > maximumCharacters)
    throw invalid(`Your input contains more than the maximum of ${maximumCharacters} characters in a single cell.`);
};

/** What a written value becomes in a cell; null is no value to write and never comes here. */
export const readInput = (
  value: Exclude<Scalar, null>,
  option: InputOption,
  cell: Cell | undefined,
  where: { locale: string; thisYear: number },
): Parsed => {
  if (typeof value === 'number') return { value: { numberValue: value } };
  if (typeof value === 'boolean') return { value: { boolValue: value } };
  assertFits(value);
  if (option === 'USER_ENTERED') return readTyped(value, cell, where.locale, where.thisYear);
  return value === '' ? {} : { value: { stringValue: value } };
};
