/** Invented returns of one month: reported in time, late, missing, closed, with blanks and true zeros. */
import type { ReportRow } from '../../schema/county-table.ts';
import type { FakeRows } from '../helpers/fake-store.ts';

export const month = '2026-09';
export const settings = {
  county_name: '汝南县(示例)',
  bureau_name: '汝南县教育局(示例)',
  office_name: '基础教育股',
  due_day: 1,
  defer_holidays: false,
};

const townships = ['汝宁街道', '三里店镇', '梁祝镇'];

const school = (number: number, change: Record<string, unknown> = {}) => ({
  code: `21410000${String(number).padStart(2, '0')}`,
  name: `${townships[(number - 1) % 3]}第${number}小学(示例)`,
  type: number % 4 === 0 ? '教学点' : '小学',
  township: townships[(number - 1) % 3] as string,
  opened_on: null,
  closed_on: null,
  ...change,
});

export const report = (number: number, change: Partial<ReportRow> = {}): Partial<ReportRow> & { id: string } => ({
  id: `REPT${String(number).padStart(8, '0')}`,
  school: `21410000${String(number).padStart(2, '0')}`,
  month,
  enrolled: 300 + number * 37,
  participants: 280 + number * 31,
  full_week_participants: 200 + number * 20,
  priority_migrant: number * 3,
  priority_single_parent: number,
  priority_disabled: 0,
  priority_left_behind: 20 + number,
  priority_poor: 5,
  priority_lower_grades: 90,
  staff_total: 30 + number,
  staff_participating: 25 + number,
  external_retired: 1,
  external_professional: 0,
  external_volunteer: 2,
  external_provider: null,
  days_per_week: 5,
  minutes_per_day: 120,
  fee_rate: 60,
  due: (280 + number * 31) * 60,
  collected: (270 + number * 31) * 60 + 0.1,
  waived: 10,
  waived_amount: 600,
  refunded: 0,
  refund_amount: 0,
  safety_checks: 4,
  hazards: 1,
  hazards_fixed: 1,
  complaints: 0,
  complaints_closed: 0,
  filled_by: '王老师',
  state: '已收',
  first_valid_at: '2026-09-30T08:00:00Z',
  ...change,
});

/** Nine schools: 7 closed in August, 5 silent, 6 a draft only, 4 late, 2 with blanks. */
export const sampleRows = (): FakeRows => ({
  schools: [1, 2, 3, 4, 5, 6, 8, 9].map((number) => school(number)).concat(school(7, { closed_on: '2026-08-31' })) as never,
  monthly_reports: [
    report(1),
    report(2, { participants: null as never, safety_checks: null, collected: 0 }),
    report(3),
    // 2026-10-02 00:30 in Beijing: half an hour late.
    report(4, { first_valid_at: '2026-10-01T16:30:00Z' }),
    report(6, { state: '草稿' }),
    // 2026-10-01 23:30 in Beijing: still the due day.
    report(8, { first_valid_at: '2026-10-01T15:30:00Z' }),
    report(9),
    report(1, { id: 'REPT00000101', month: '2026-08', participants: 1 }),
  ],
});
