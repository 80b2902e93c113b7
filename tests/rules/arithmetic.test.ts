import { expect, test } from 'vitest';
import { findClashes, inSummer, offWorkOn, wordsIn } from '../../schema/rules/facts.ts';
import { chargedMonths, monthlyFee, monthsPaid, refundDue } from '../../schema/rules/fees.ts';
import { modifiedZ } from '../../schema/rules/outliers.ts';
import { drawnSettings, drawnTerm } from './drawn-school.ts';

const basis = { days: 20, minutes: 120, lessonMinutes: 40, months: 4.5 };

test('a standard in each unit becomes yuan a month', () => {
  expect(monthlyFee(60, '元/生·月', basis)).toBe(60);
  expect(monthlyFee(1, '元/生·课时', basis)).toBe(60);
  expect(monthlyFee(1.8, '元/生·小时', basis)).toBe(72);
  expect(monthlyFee(270, '元/生·学期', basis)).toBe(60);
  expect(monthlyFee(60, '元/生·周', basis)).toBeNull();
});

test('a term of service from 7 September to 15 January is four and a half months', () => {
  expect(chargedMonths(drawnTerm)).toBe(4.5);
  // The county writes whole months; the days of service say that there is a half one more.
  expect(chargedMonths({ ...drawnTerm, months: 4 })).toBe(4.5);
  expect(chargedMonths({ ...drawnTerm, months: 5 })).toBe(5);
  expect(chargedMonths({ ...drawnTerm, months: 3 })).toBe(3);
});

test('270 yuan at 60 a month are four and a half months; 65 are one month and something else', () => {
  expect(monthsPaid(270, 60)).toBe(4.5);
  expect(monthsPaid(60, 60)).toBe(1);
  expect(monthsPaid(65, 60)).toBe(1);
  expect(monthsPaid(270, null)).toBe(1);
});

test.each([
  ['按天', { paid: 67.2, days: 20, absent: 1, lessons: 3, monthsBegun: 1 }, 3.36],
  ['按天', { paid: 60, days: 20, absent: 30, lessons: 3, monthsBegun: 1 }, 60],
  ['按课时', { paid: 118, days: 20, absent: 5, lessons: 2, monthsBegun: 1 }, 29.5],
  ['半月', { paid: 60, days: 20, absent: 9, lessons: 3, monthsBegun: 1 }, 0],
  ['半月', { paid: 60, days: 20, absent: 10, lessons: 3, monthsBegun: 1 }, 30],
  ['半月', { paid: 60, days: 20, absent: 20, lessons: 3, monthsBegun: 1 }, 60],
  ['学期比例', { paid: 270, days: 20, absent: 0, lessons: 3, monthsBegun: 3 }, 135],
  ['学期比例', { paid: 270, days: 20, absent: 0, lessons: 3, monthsBegun: 4 }, 0],
  ['按天', { paid: 60, days: 0, absent: 5, lessons: 3, monthsBegun: 1 }, 0],
] as const)('a refund %s of %o is %d yuan', (method, one, due) => {
  expect(refundDue(method, one)).toBe(due);
});

test('words that are forbidden by their phrase are not in use', () => {
  expect(wordsIn('不讲新课、不集体补课', ['新课', '补课'])).toEqual([]);
  expect(wordsIn('严禁补课;周三讲新课', ['新课', '补课'])).toEqual(['新课']);
  expect(wordsIn('不同年级集体补课', ['补课'])).toEqual(['补课']);
  expect(wordsIn(null, ['补课'])).toEqual([]);
});

test('summer hours hold from May to September, winter hours over the new year', () => {
  expect(inSummer('2026-09-30', drawnSettings)).toBe(true);
  expect(inSummer('2026-10-01', drawnSettings)).toBe(false);
  expect(offWorkOn('2026-06-01', drawnSettings)).toBe('18:30');
  expect(offWorkOn('2027-01-04', drawnSettings)).toBe('18:00');
  expect(inSummer('2027-01-04', { summer_from: '11-01', summer_to: '03-01' })).toBe(true);
});

test('two bookings meet when they share a day and a moment', () => {
  const at = (what: string, days: number[], start: string, end: string) => ({ what, key: '礼堂', days, start, end });
  expect(findClashes([at('甲', [1], '16:30', '17:30'), at('乙', [1], '17:30', '18:30')])).toEqual([]);
  expect(findClashes([at('甲', [1], '16:30', '17:30'), at('乙', [2], '16:30', '17:30')])).toEqual([]);
  expect(findClashes([at('甲', [1, 2], '16:30', '17:30'), at('乙', [2], '17:00', '18:30')])).toEqual([{ first: '甲', later: '乙' }]);
});

test('the modified z-score is robust against the one that stands out', () => {
  const others = [88, 89, 89.5, 90, 90, 90.5, 91, 92];
  expect(modifiedZ(90, others)).toBe(0);
  expect(modifiedZ(40, others)).toBeLessThan(-30);
  expect(modifiedZ(40, [...others, 40])).toBeLessThan(-30);
  expect(modifiedZ(5, [5, 5, 5, 5])).toBe(0);
  expect(modifiedZ(6, [5, 5, 5, 5])).toBe(Number.POSITIVE_INFINITY);
  expect(Math.abs(modifiedZ(9, [5, 5, 5, 5, 6]))).toBeGreaterThan(3.5);
});
