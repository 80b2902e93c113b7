import { expect, test } from 'vitest';
import { dueDate, isOpenIn } from '../../scripts/jobs/months.ts';
import { type ReportRow, shareOf } from '../../scripts/report/columns.ts';
import { monthFigures, type SchoolRow } from '../../scripts/report/figures.ts';
import { month, report, sampleRows, settings } from './sample-month.ts';

const rows = sampleRows();
const figures = (reports = rows.monthly_reports as ReportRow[]) =>
  monthFigures({ month, schools: rows.schools as SchoolRow[], reports, settings, timezone: 'Asia/Shanghai' });
const statuses = () =>
  Object.fromEntries(figures().townships.flatMap((group) => group.lines.map((line) => [line.school.code.slice(-1), line.status])));

test('a school counts in every month in which it was open on at least one day', () => {
  expect(isOpenIn('2026-09', null, null)).toBe(true);
  expect(isOpenIn('2026-09', '2026-09-30', null)).toBe(true);
  expect(isOpenIn('2026-09', '2026-10-01', null)).toBe(false);
  expect(isOpenIn('2026-09', null, '2026-09-01')).toBe(true);
  expect(isOpenIn('2026-09', null, '2026-08-31')).toBe(false);
  expect(isOpenIn('2028-02', null, '2028-02-29')).toBe(true);
});

test('the due day is the 1st of the next month, put off only where the county says so', () => {
  expect(dueDate('2026-09', { due_day: 1, defer_holidays: false })).toBe('2026-10-01');
  expect(dueDate('2026-12', { due_day: 5, defer_holidays: null })).toBe('2027-01-05');
  expect(dueDate('2026-09', { due_day: 1, defer_holidays: true })).toBe('2026-10-08');
});

test('on time is the first valid reading in county time; a draft is no report; a closed school is not expected', () => {
  expect(statuses()).toEqual({ 1: '按时', 2: '按时', 3: '按时', 4: '逾期', 5: '未报', 6: '未报', 8: '按时', 9: '按时' });
  expect(figures()).toMatchObject({ expected: 8, reported: 6, onTime: 5, rate: 62.5, dueOn: '2026-10-01' });
  expect(figures().missing.map((school) => school.code)).toEqual(['2141000005', '2141000006']);
});

test('blank and zero stay apart, in lines and in sums', () => {
  const line = figures()
    .townships.flatMap((group) => group.lines)
    .find((one) => one.school.code === '2141000002');
  expect(line?.values).toMatchObject({ participants: null, rate: null, safety_checks: null, collected: 0, refunded: 0, external_provider: null });
  expect(figures().totals).toMatchObject({ refunded: 0, external_provider: null, days_per_week: null, fee_rate: null });
});

test('sums are exact to the fen', () => {
  const three = [1, 2, 3].map((number) => report(number, { collected: 0.1 }) as ReportRow);
  expect(figures(three).totals.collected).toBe(0.3);
});

test('shares are taken of sums, with two decimals of a per cent', () => {
  expect(shareOf(2309, 2356)).toBe(0.9801);
  expect(shareOf(0, 0)).toBeNull();
  expect(shareOf(0, 5)).toBe(0);
  expect(shareOf(null, 5)).toBeNull();
});

test('a month without schools has no rate', () => {
  expect(monthFigures({ month, schools: [], reports: [], settings, timezone: 'Asia/Shanghai' })).toMatchObject({
    expected: 0,
    rate: null,
    missing: [],
    totals: { participants: null },
  });
});
