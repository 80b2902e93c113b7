/**
 * Reads times of day and spans of time: clock cells, day fractions, and words such as 下午4点半到6点半.
 * After-school service is never held at night, yet 4:30 without a word may be either: that is asked, not assumed.
 */
import type { RawCell } from '../../schema/parsed.ts';
import type { ProblemCode } from '../../schema/problems.ts';
import { meaningOf } from './number-format.ts';
import { fold, wholeNumber } from './plain-text.ts';
import { weekdaysIn } from './read-weekdays.ts';
import { fault, numberIn, type Reading, value } from './reading.ts';

const small = '零一二两三四五六七八九十';
const clockPattern = new RegExp(
  `(上午|早上|早晨|清晨|中午|下午|傍晚|晚上|晚|am|pm)?(\\d{1,2}|[${small}]{1,3})(?:([:点时h])钟?(\\d{1,2}|半|一刻|三刻|[${small}]{1,3})?分?(?::\\d{2})?整?|\\.(\\d{2})(?!\\d))(am|pm)?`,
  'gi',
);

type Half = 'am' | 'noon' | 'pm' | 'night' | null;

interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly half: Half;
  /** Said in words (4点半), as people speak of the afternoon. */
  readonly spoken: boolean;
}

const halfOf = (word: string | undefined): Half => {
  if (!word) return null;
  if (/^(上午|早上|早晨|清晨|am)$/i.test(word)) return 'am';
  if (word === '中午') return 'noon';
  return /^晚/.test(word) ? 'night' : 'pm';
};

const minuteOf = (word: string | undefined): number => {
  if (!word) return 0;
  if (word === '半') return 30;
  if (word === '一刻') return 15;
  if (word === '三刻') return 45;
  return wholeNumber(word) ?? 99;
};

/** 16:5 may have lost a nought on either side. */
const isCut = (match: RegExpMatchArray): boolean => match[3] === ':' && /^\d$/.test(match[4] ?? '');

const clockOf = (match: RegExpMatchArray): Clock => ({
  hour: wholeNumber(match[2] as string) ?? 99,
  minute: isCut(match) ? 99 : minuteOf(match[4] ?? match[5]),
  half: halfOf(match[1] ?? match[6]),
  spoken: match[3] === '点' || match[3] === '时',
});

const show = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** From when to when a word reaches, in hours of the day; outside, word and figure contradict each other. */
const reach: Readonly<Record<Exclude<Half, null>, readonly [number, number]>> = { am: [5, 11], noon: [11, 14], pm: [12, 23], night: [17, 23] };

const byWord = (hour: number, half: Exclude<Half, null>): number | null => {
  const [from, to] = reach[half];
  return [hour, hour + 12].find((one) => one >= from && one <= to) ?? null;
};

const resolve = ({ hour, minute, half, spoken }: Clock): string | ProblemCode => {
  if (hour > 23 || minute > 59) return 'not-a-time';
  if (half !== null) {
    const meant = byWord(hour, half);
    return meant === null ? 'ambiguous/clock' : show(meant * 60 + minute);
  }
  if (hour === 0) return 'not-a-time';
  if (hour > 6) return show(hour * 60 + minute);
  return spoken ? show((hour + 12) * 60 + minute) : 'ambiguous/clock';
};

const isTime = (text: string): boolean => /^\d\d:\d\d$/.test(text);
const reading = (resolved: string | ProblemCode): Reading => (isTime(resolved) ? value(resolved) : fault(resolved as ProblemCode));

const compact = (text: string): string => text.replace(/(?<![\d.:])(\d{1,2})([0-5]\d)(?![\d.:年月日])/g, '$1:$2');

const timeFromText = (text: string): Reading => {
  const plain = fold(text);
  const spelled = /^\d{3,4}$/.test(plain) ? compact(plain) : plain;
  const matches = [...spelled.matchAll(clockPattern)];
  const [only] = matches;
  if (matches.length > 1) return fault('ambiguous/several-times');
  if (!only) return fault('not-a-time');
  const rest = spelled.replace(only[0], '').replace(/\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?/, '');
  return rest === '' || /^(放学|起|止|开始|结束|前|后|左右)$/.test(rest)
    ? /前|后|左右/.test(rest)
      ? fault('not-a-time')
      : reading(resolve(clockOf(only)))
    : fault('not-a-time');
};

/** Minutes of a day fraction; null when the number is no time. */
const minutesIn = (cell: RawCell, number: number): number | null => {
  const meaning = meaningOf(cell.format);
  if (number < 0) return null;
  if (number < 1 || meaning === 'dateTime' || meaning === 'time') {
    const minutes = Math.round((number - Math.floor(number)) * 1440);
    return number >= 1 && meaning === 'time' ? null : minutes % 1440;
  }
  return null;
};

/** A time of day: `16:30`. */
export const readTime = (cell: RawCell): Reading => {
  const number = numberIn(cell);
  if (number === null) return timeFromText(cell.text);
  const minutes = minutesIn(cell, number);
  if (minutes !== null) return reading(resolve({ hour: Math.floor(minutes / 60), minute: minutes % 60, half: null, spoken: false }));
  if (Number.isInteger(number)) return number >= 700 ? timeFromText(String(number)) : fault('not-a-time');
  // 16.3 may be half past four or eighteen minutes past: only two decimals on screen say which.
  return /^\d{1,2}\.\d{2}$/.test(cell.text) ? timeFromText(cell.text) : fault(number < 24 ? 'ambiguous/clock' : 'not-a-time');
};

export interface Span {
  readonly start: Reading;
  readonly end: Reading;
  /** Days that were named in the same cell: 周一至周五 16:30-18:30. */
  readonly days: readonly number[] | null;
}

const both = (code: ProblemCode): Span => ({ start: fault(code), end: {}, days: null });

/** From when to when: `16:30-18:30`, `下午4点半到6点半`, `周一至周五 16:30—18:30`. A cell with one time only is a problem. */
export const readSpan = (cell: RawCell): Span => {
  if (numberIn(cell) !== null) {
    const single = readTime(cell);
    return both(single.code ?? 'ambiguous/half-range');
  }
  const plain = compact(fold(cell.text)).replace(/^(\d{1,2})-(\d{1,2}[点时])/, '$1点-$2');
  const matches = [...plain.matchAll(clockPattern)];
  const [first, second] = matches;
  if (!first) return both('not-a-time');
  if (!second) {
    const resolved = resolve(clockOf(first));
    return both(isTime(resolved) ? 'ambiguous/half-range' : (resolved as ProblemCode));
  }
  if (matches.length > 2) return both('ambiguous/several-times');
  const firstEnd = first.index + first[0].length;
  if (!/^(-+|~+|至|到|→|起至)$/.test(plain.slice(firstEnd, second.index))) return both('ambiguous/several-times');
  const before = plain.slice(0, first.index).replace(/[:,;、(]+$/, '');
  const after = plain.slice(second.index + second[0].length).replace(/^\)/, '');
  // The days may stand on either side; 止 and 结束 behind the end say nothing new.
  const words = before === '' ? after.replace(/^(止|结束)$/, '').replace(/^[(,、;]/, '') : before;
  const days = words === '' ? null : weekdaysIn(words);
  if ((words !== '' && days === null) || (before !== '' && after !== '')) return both('not-a-time');
  const from = clockOf(first);
  const to = clockOf(second);
  // 下午4点半到6点半: the word stands once for both.
  const until = to.half === null && from.half !== null && to.hour < 12 ? { ...to, half: from.half === 'noon' ? ('pm' as const) : from.half } : to;
  return { start: reading(resolve(from)), end: reading(resolve(until)), days };
};
