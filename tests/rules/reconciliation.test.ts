import { expect, test } from 'vitest';
import { moneyAtStake, reconcile } from '../../schema/rules/reconcile.ts';
import { reconciliationRows } from '../../scripts/rules/reconciliation.ts';
import { contextFor } from './drawn-school.ts';

/** 甲 is in order; 乙 never applied; 丙 is exempt; 丁 left in September; 戊 has no letter. */
const school = {
  students: `
    | 行号 | 年级 | 班级 | 减免类别 |
    | 甲   | 3    | 1    |          |
    | 乙   | 3    | 1    |          |
    | 丙   | 3    | 1    | 脱贫户   |
    | 丁   | 3    | 1    |          |
    | 戊   | 3    | 1    |          |`,
  enrolments: `
    | 行号 | 学生 | 状态     | 申请日     | 星期  | 退出日     | 服务项目 |
    | 报甲 | 甲   | 已通过   | 2026-09-01 | 12345 |            | 合唱     |
    | 报丙 | 丙   | 已通过   | 2026-09-01 | 12345 |            | 合唱     |
    | 报丁 | 丁   | 中途退出 | 2026-09-01 | 12345 | 2026-09-18 | 合唱     |
    | 报戊 | 戊   | 已通过   | 2026-10-12 | 12345 |            | 合唱     |`,
  activities: `
    | 行号 | 课程名 | 星期 | 开始时刻 | 结束时刻 |
    | 课   | 合唱   | 125  | 16:30    | 18:30    |`,
  attendance: `
    | 行号 | 日期       | 课程 | 应到 | 实到 |
    | 考一 | 2026-10-09 | 课   | 3    | 3    |
    | 考二 | 2026-10-12 | 课   | 3    | 3    |
    | 考三 | 2026-09-18 | 课   | 3    | 3    |`,
  fees: `
    | 行号 | 学生 | 统计期  | 标准 | 应缴 | 减免额 | 实缴 |
    | 费甲 | 甲   | 2026-10 | 60   | 60   | 0      | 60   |
    | 费乙 | 乙   | 2026-10 | 60   | 60   | 0      | 60   |
    | 费丙 | 丙   | 2026-10 | 60   | 60   | 20     | 40   |
    | 费丁 | 丁   | 2026-10 | 60   | 60   | 0      | 60   |
    | 费戊 | 戊   | 2026-10 | 60   | 60   | 60     | 0    |`,
  notices: '| 行号 | 种类 | 状态 |\n| 通 | 告家长书 | 已印 |',
  notice_copies: '| 通知 | 学生 | 状态 |\n| 通 | 甲 | 有效 |\n| 通 | 丙 | 已替换 |\n| 通 | 丁 | 有效 |',
};

test('the five ways of October contradict each other in five places, and 160 yuan are at stake', () => {
  const october = reconcile(contextFor(school)).get('2026-10');
  if (!october) throw new Error('no reconciliation of October');
  expect(october.counts).toEqual({ applications: 4, roster: 3, attendanceDays: 2, charged: 4, informed: 2 });
  expect(october.chargedWithoutApplication.map((row) => row.id)).toEqual(['费乙']);
  expect(october.chargedWhileExempt.map((row) => row.id)).toEqual(['费丙']);
  expect(october.attendedWithoutEnrolment.map(({ row, roster }) => `${row.id} ${roster}`)).toEqual(['考一 2']);
  expect(october.enrolledWithoutNotice.map((row) => row.id)).toEqual(['报戊']);
  expect(october.paidWithoutService.map((row) => row.id)).toEqual(['费丁']);
  expect(moneyAtStake(october)).toBe(160);
});

test('the day a child leaves still counts; the day it applied too', () => {
  const september = reconcile(contextFor(school)).get('2026-09');
  expect(september?.attendedWithoutEnrolment).toEqual([]);
});

test('the table has one line for each month with anything on record', () => {
  const rows = reconciliationRows(contextFor(school));
  expect(rows.map((row) => row.month)).toEqual(['2026-09', '2026-10', '2026-11']);
  expect(rows[1]?.mismatches.chargedWithoutApplication).toEqual({ count: 1, amount: 60, rows: ['费乙'] });
  expect(rows[1]?.mismatches.attendedWithoutEnrolment).toEqual({ count: 1, amount: 0, rows: ['考一'] });
  expect(rows[1]?.at_stake).toBe(160);
  expect(rows[0]?.at_stake).toBe(0);
  expect(reconciliationRows(contextFor({}))).toEqual([]);
});

test('a row that shows two contradictions counts once in the money', () => {
  const twice = reconcile(
    contextFor({ ...school, enrolments: '| 行号 | 学生 | 状态 | 申请日 | 星期 |\n| 报丙 | 丙 | 待审核 | 2026-09-01 | 12345 |' }),
  ).get('2026-10');
  expect(twice?.chargedWithoutApplication.map((row) => row.id)).toContain('费丙');
  expect(twice?.chargedWhileExempt.map((row) => row.id)).toEqual(['费丙']);
  expect(twice && moneyAtStake(twice)).toBe(60 + 60 + 40 + 60);
});

test('a month whose return says that nothing was offered has no service to pay for', () => {
  const closed = { ...school, attendance: '', monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 | 是否开展 |\n| 2026-10 | 100 | 0 | 否 |' };
  expect(
    reconcile(contextFor(closed))
      .get('2026-10')
      ?.paidWithoutService.map((row) => row.id),
  ).toEqual(['费甲', '费丙', '费丁']);
});
