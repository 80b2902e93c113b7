import { expect, test } from 'vitest';
import { type ReportRow, shareOf } from '../../schema/county-table.ts';
import { dueDate, isOpenIn } from '../../scripts/jobs/months.ts';
import { monthFigures, type SchoolRow } from '../../scripts/report/figures.ts';
import { termFigures } from '../../scripts/report/term.ts';
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

test('不适用 with its reason is an answer: no zero, no blank, and no part of a sum', () => {
  const told = figures([report(1, { refunded: null, not_applicable: '退费人数:本月没有退费' }), report(3, { refunded: null })] as ReportRow[]);
  const lines = told.townships.flatMap((group) => group.lines);
  const line = (code: string) => lines.find((one) => one.school.code === code);
  expect(line('2141000001')?.values.refunded).toBe('不适用');
  expect(line('2141000003')?.values.refunded).toBeNull();
  expect(told.totals.refunded).toBeNull();
  expect((line('2141000001')?.answered ?? 0) - (line('2141000003')?.answered ?? 0)).toBe(1);
});

test('completeness, timeliness and rate stand by township and by type', () => {
  const { county, byTownship, byType } = figures();
  expect(county).toMatchObject({ expected: 8, reported: 6, onTime: 5, rate: 62.5, timeliness: 83.33 });
  expect(county.completeness).toBeGreaterThan(90);
  expect(county.completeness).toBeLessThan(100);
  expect(byTownship.map((one) => [one.name, one.expected, one.reported])).toEqual([
    ['汝宁街道', 2, 2],
    ['三里店镇', 3, 2],
    ['梁祝镇', 3, 2],
  ]);
  expect(byType.find((one) => one.name === '教学点')).toMatchObject({ expected: 2, onTime: 1, timeliness: 50 });
});

test("a school's own deadline counts for it alone; a prefilled return that nobody confirmed is no report", () => {
  const extended = figures([
    report(4, { first_valid_at: '2026-10-03T01:00:00Z', due_on: '2026-10-03', due_reason: '停电' }),
    report(1, { first_valid_at: '2026-10-03T01:00:00Z' }),
    report(2, { state: '待确认', first_valid_at: null }),
  ] as ReportRow[]);
  const lines = new Map(extended.townships.flatMap((group) => group.lines.map((line) => [line.school.code.slice(-1), line])));
  expect([lines.get('4')?.status, lines.get('1')?.status, lines.get('2')?.status]).toEqual(['按时', '逾期', '未报']);
  expect(lines.get('4')).toMatchObject({ dueOn: '2026-10-03', extension: '停电' });
});

test('over a term what flows is added up, and what stands is as the last return says', () => {
  const of = (wanted: string, reports: object[]) =>
    monthFigures({ month: wanted, schools: rows.schools as SchoolRow[], reports: reports as ReportRow[], settings, timezone: 'Asia/Shanghai' });
  const september = of('2026-09', [report(1), report(3)]);
  const october = of('2026-10', [report(1, { month: '2026-10', participants: 250, first_valid_at: '2026-10-31T01:00:00Z' })]);
  const term = termFigures('上学期', [september, october]);
  const line = (code: string) => term.townships.flatMap((group) => group.lines).find((one) => one.school.code === code);
  expect(line('2141000001')).toMatchObject({
    status: '按时',
    months: { expected: 2, reported: 2, onTime: 2 },
    values: { participants: 250, due: 2 * 311 * 60, safety_checks: 8 },
  });
  expect(line('2141000003')).toMatchObject({ status: '缺报', values: { participants: 373, safety_checks: 4 } });
  expect(line('2141000009')).toMatchObject({ status: '未报', values: { participants: null } });
  expect(term.county).toMatchObject({ expected: 16, reported: 3, onTime: 3, rate: 18.75 });
  expect(term.byMonth?.map((one) => [one.name, one.reported])).toEqual([
    ['2026-09', 2],
    ['2026-10', 1],
  ]);
  expect(term.totals.safety_checks).toBe(12);
});
