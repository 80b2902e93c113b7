import { expect, test } from 'vitest';
import { dayIn, dueDate, isOpenIn, monthFault, shiftMonth } from '../../scripts/jobs/months.ts';

test('the return of a month is due on the 1st of the next', () => {
  expect(dueDate('2026-10', { due_day: 1, defer_holidays: false })).toBe('2026-11-01');
  expect(dueDate('2026-12', { due_day: 1, defer_holidays: false })).toBe('2027-01-01');
});

test('where the county defers holidays, it is due on the first working day after them', () => {
  // 2026-11-01 is a Sunday.
  expect(dueDate('2026-10', { due_day: 1, defer_holidays: true })).toBe('2026-11-02');
  expect(dueDate('2026-11', { due_day: 1, defer_holidays: true })).toBe('2026-12-01');
  expect(dueDate('2026-09', { due_day: 1, defer_holidays: true })).toBe('2026-10-08');
});

test('a month that is none, or that has not begun, is told in words', () => {
  expect(monthFault('2026-11', '2026-11-01')).toBeNull();
  expect(monthFault('2026-12', '2026-11-30')).toBe('2026-12 还没有到:最晚可以查 2026-11。');
  for (const word of ['2026-13', '2026-1', '9月', '']) expect(monthFault(word, '2026-11-30')).toBe(`统计月“${word}”写法不对,应如 2026-09。`);
});

test('months count over the new year in both directions', () => {
  expect(shiftMonth('2026-12', 1)).toBe('2027-01');
  expect(shiftMonth('2027-01', -1)).toBe('2026-12');
  expect(shiftMonth('2026-03', -15)).toBe('2024-12');
});

test('a school is expected from the month it opens to the month it closes', () => {
  expect(isOpenIn('2026-09', '2026-09-15', null)).toBe(true);
  expect(isOpenIn('2026-08', '2026-09-15', null)).toBe(false);
  expect(isOpenIn('2026-10', null, '2026-10-08')).toBe(true);
  expect(isOpenIn('2026-11', null, '2026-10-08')).toBe(false);
  expect(isOpenIn('2026-09', '2026-09-30', null)).toBe(true);
  expect(isOpenIn('2028-02', null, '2028-02-29')).toBe(true);
});

test("today is the county's day, not the server's", () => {
  const evening = new Date('2026-11-30T17:00:00Z');
  expect(dayIn('Asia/Shanghai', evening)).toBe('2026-12-01');
  expect(dayIn('UTC', evening)).toBe('2026-11-30');
});
