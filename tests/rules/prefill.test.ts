import { expect, test } from 'vitest';
import { noSchoolRows, ruleColumns, type SchoolRows } from '../../schema/rules/columns.ts';
import { prefill } from '../../schema/rules/prefill.ts';
import { indexSchool } from '../../schema/rules/school-index.ts';
import { drawCounty } from '../../scripts/county/county.ts';
import { contextFor } from './drawn-school.ts';

const school = {
  students: '| 行号 | 年级 | 班级 | 学生类别 | 减免类别 |\n| 甲 | 1 | 1 | 留守、困难 | 脱贫户 |\n| 乙 | 4 | 1 | 一般 | |',
  enrolments: `
    | 行号 | 学生 | 状态   | 申请日     | 星期  | 参加方式 | 服务项目   |
    | 报甲 | 甲   | 已通过 | 2026-09-01 | 12345 | 5天全程  | 作业、合唱 |
    | 报乙 | 乙   | 已通过 | 2026-11-02 | 13    | 部分     | 作业       |`,
  fees: `
    | 行号 | 学生 | 统计期  | 标准 | 应缴 | 减免额 | 实缴 | 退费额 | 状态   |
    | 费甲 | 甲   | 2026-10 | 60   | 60   | 60     | 0    |        |        |
    | 费乙 | 乙   | 2026-11 | 60   | 60   | 0      | 60   | 12     | 已退款 |`,
};

test('each figure comes with the rows behind it', () => {
  const october = prefill(contextFor(school), '2026-10');
  expect(october.participants).toEqual({ value: 1, origin: { table: 'enrolments', words: '当月参加过的已通过报名', rows: ['报甲'] } });
  expect(october.waived_1).toEqual({ value: 1, origin: { table: 'fees', words: '脱贫户', rows: ['费甲'] } });
  expect(october.sign_ups?.value).toBe(2);
  const november = prefill(contextFor(school), '2026-11');
  expect(november.participants?.value).toBe(2);
  expect(november).toMatchObject({ payers: { value: 1 }, collected: { value: 60 }, refunded: { value: 1 }, refund_amount: { value: 12 } });
  expect(november.priority_left_behind?.origin.rows).toEqual(['报甲']);
  expect(november.priority_lower_grades?.value).toBe(1);
});

test('a true zero has a source; without a source a figure stays blank', () => {
  const october = prefill(contextFor(school), '2026-10');
  expect(october.payers?.value).toBe(0);
  expect(october.grade_9?.value).toBe(0);
  expect(october.service_days).toBeUndefined();
  expect(october.staff_participating).toBeUndefined();
  expect(prefill(contextFor({ school: { enrolled: null } }), '2026-10')).toEqual({});
});

/** The rows of a drawn county's school, blank where it says nothing. */
const rowsOf = (drawn: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>): SchoolRows => {
  const filled = Object.entries(ruleColumns).map(([table, columns]) => {
    const blank = Object.fromEntries(columns.map((column) => [column, null]));
    return [table, (drawn[table] ?? []).map((row) => ({ ...blank, ...row }))];
  });
  return { ...noSchoolRows, ...Object.fromEntries(filled) };
};

test('for every school of an invented county the proposal is what its clerk reported', () => {
  const county = drawCounty({ schools: 6, students: 300, seed: 3, today: '2026-11-24', feeMonths: 2 });
  const figures = [
    'participants',
    'full_week_participants',
    'grade_3',
    'priority_poor',
    'extended_care',
    'sign_ups',
    'provider_courses',
    'courses',
  ] as const;
  const money = ['payers', 'due', 'collected', 'waived', 'waived_amount', 'waived_1', 'refunded', 'refund_amount'] as const;
  for (const { code } of county.bureau.schools) {
    const drawn = county.schoolRows(code);
    const rows = rowsOf(drawn as never);
    const context = { ...contextFor({}), rows, index: indexSchool(rows) };
    for (const report of drawn.monthly_reports) {
      const proposed = prefill(context, report.month);
      for (const name of [...figures, ...money])
        expect(proposed[name]?.value, `${code} ${report.month} ${name}`).toBe((report as unknown as Record<string, unknown>)[name]);
    }
  }
});
