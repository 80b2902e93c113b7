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
  expect(october.paidWithoutService.map(({ fee }) => fee.id)).toEqual(['费丁']);
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
      ?.paidWithoutService.map(({ fee }) => fee.id),
  ).toEqual(['费甲', '费丙', '费丁']);
});

/** One child 甲 with the application and the fees given: `费1 2026-10 60`, the month and the yuan of what it paid for nothing. */
const paidForNothing = (drawn: { enrolment: string; fees: string; plan?: string; trail?: unknown; returns?: string }) => {
  const context = contextFor({
    students: '| 行号 | 年级 | 班级 |\n| 甲 | 3 | 1 |',
    enrolments: `| 行号 | 学生 | 状态 | 申请日 | 退出日 |\n${drawn.enrolment}`,
    fees: `| 行号 | 学生 | 统计期 | 标准 | 应缴 | 实缴 | 退费额 | 状态 |\n${drawn.fees}`,
    ...(drawn.plan ? { plans: drawn.plan } : {}),
    ...(drawn.returns ? { monthly_reports: drawn.returns } : {}),
  });
  for (const row of context.rows.enrolments) Object.assign(row, { trail: drawn.trail ?? null });
  const all = [...reconcile(context).values()];
  return {
    without: all.flatMap((one) => one.paidWithoutService.map(({ fee, amount }) => `${fee.id} ${one.month} ${amount}`)),
    unapplied: all.flatMap((one) => one.chargedWithoutApplication.map((fee) => `${fee.id} ${one.month}`)),
    money: all.map(moneyAtStake).reduce((sum, one) => sum + one, 0),
  };
};
const left = '| 报甲 | 甲 | 中途退出 | 2026-09-01 | 2026-09-18 |';
const stays = '| 报甲 | 甲 | 已通过 | 2026-09-01 | |';

test('of a lump sum the months after a child has left are at stake, each with its share; for one who stays nothing is', () => {
  const lump = '| 费1 | 甲 | 2026-09 | 60 | 270 | 270 | | 已付款 |';
  expect(paidForNothing({ enrolment: stays, fees: lump })).toEqual({ without: [], unapplied: [], money: 0 });
  // Months up to November have begun; December and January come with their time.
  expect(paidForNothing({ enrolment: left, fees: lump })).toEqual({ without: ['费1 2026-10 60', '费1 2026-11 60'], unapplied: [], money: 120 });
});

test('what was given back is taken off all months without service alike; what waits to be given back is not', () => {
  const given = (refund: number, state: string) => `| 费1 | 甲 | 2026-09 | 60 | 270 | 270 | ${refund} | ${state} |`;
  expect(paidForNothing({ enrolment: left, fees: given(210, '已退款') }).money).toBe(0);
  expect(paidForNothing({ enrolment: left, fees: given(105, '已退款') }).without).toEqual(['费1 2026-10 30', '费1 2026-11 30']);
  expect(paidForNothing({ enrolment: left, fees: given(210, '待退款') }).money).toBe(120);
});

test('a child that leaves in the middle of a month has had service in it; the month after is at stake', () => {
  const monthly = '| 费1 | 甲 | 2026-09 | 60 | 60 | 60 | | 已付款 |\n| 费2 | 甲 | 2026-10 | 60 | 60 | 60 | | 已付款 |';
  expect(paidForNothing({ enrolment: left, fees: monthly })).toEqual({ without: ['费2 2026-10 60'], unapplied: [], money: 60 });
  const partly = '| 费2 | 甲 | 2026-10 | 60 | 60 | 60 | 20 | 已退款 |';
  expect(paidForNothing({ enrolment: left, fees: partly })).toEqual({ without: ['费2 2026-10 40'], unapplied: [], money: 40 });
});

test('a bill that nobody has paid is no payment without service', () => {
  const bill = (state: string) => `| 费2 | 甲 | 2026-10 | 60 | 60 | | | ${state} |`;
  expect(paidForNothing({ enrolment: left, fees: bill('待付款') }).without).toEqual([]);
  expect(paidForNothing({ enrolment: left, fees: bill('已付款') }).without).toEqual(['费2 2026-10 60']);
  expect(paidForNothing({ enrolment: left, fees: bill('已取消') }).without).toEqual([]);
});

test('fees by the lesson and by the term: a row of lessons is its month, a term is all of its months', () => {
  const byLesson = '| 行号 | 收费标准 | 收费单位 |\n| 案 | 2.95 | 元/生·课时 |';
  const lessons = '| 费1 | 甲 | 2026-09 | 2.95 | 118 | 118 | | 已付款 |';
  expect(paidForNothing({ enrolment: left, fees: lessons, plan: byLesson })).toEqual({ without: [], unapplied: [], money: 0 });
  const october = '| 费2 | 甲 | 2026-10 | 2.95 | 118 | 118 | | 已付款 |';
  expect(paidForNothing({ enrolment: left, fees: october, plan: byLesson }).without).toEqual(['费2 2026-10 118']);
  const byTerm = '| 行号 | 收费标准 | 收费单位 |\n| 案 | 270 | 元/生·学期 |';
  const term = '| 费1 | 甲 | 2026-09 | 270 | 270 | 270 | | 已付款 |';
  expect(paidForNothing({ enrolment: left, fees: term, plan: byTerm }).without).toEqual(['费1 2026-10 60', '费1 2026-11 60']);
  expect(paidForNothing({ enrolment: stays, fees: term, plan: byTerm }).money).toBe(0);
});

test('a child that left and came back: both spells count, and only the time between them has no service', () => {
  const trail = [
    { at: '', from: null, to: '家长申请', by: '学校', why: '申请日 2026-09-01' },
    { at: '', from: '家长申请', to: '班级初审', by: '学校', why: '同意' },
    { at: '', from: '班级初审', to: '学校核准', by: '学校', why: '同意' },
    { at: '', from: '学校核准', to: '退出', by: '学校', why: '退出日 2026-09-18' },
    { at: '', from: '退出', to: '家长申请', by: '学校', why: '申请日 2026-11-02' },
    { at: '', from: '家长申请', to: '学校核准', by: '学校', why: '同意' },
  ];
  const fees = ['2026-09', '2026-10', '2026-11'].map((month, at) => `| 费${at + 1} | 甲 | ${month} | 60 | 60 | 60 | | 已付款 |`).join('\n');
  const back = '| 报甲 | 甲 | 已通过 | 2026-11-02 | |';
  expect(paidForNothing({ enrolment: back, fees, trail })).toEqual({ without: ['费2 2026-10 60'], unapplied: [], money: 60 });
  // Without a trail the first spell is not known, and its fees have no application.
  expect(paidForNothing({ enrolment: back, fees }).unapplied).toEqual(['费1 2026-09', '费2 2026-10']);
  // An application that was never granted is no spell.
  const refused = trail.filter(({ to }) => to !== '学校核准');
  expect(paidForNothing({ enrolment: back, fees, trail: refused }).unapplied).toEqual(['费1 2026-09', '费2 2026-10']);
});

test('head counts are held against those who come on that day of the week', () => {
  const days = (chosen: string) => ({
    ...school,
    enrolments: `| 行号 | 学生 | 状态 | 申请日 | 星期 | 服务项目 |\n| 报甲 | 甲 | 已通过 | 2026-09-01 | ${chosen} | 合唱 |\n| 报丙 | 丙 | 已通过 | 2026-09-01 | 12345 | 合唱 |`,
    // A Friday, and a Saturday that makes up for a day of the holidays.
    attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考五 | 2026-10-16 | 课 | 2 | 2 |\n| 考六 | 2026-10-10 | 课 | 2 | 2 |',
  });
  const found = (chosen: string) =>
    reconcile(contextFor(days(chosen)))
      .get('2026-10')
      ?.attendedWithoutEnrolment.map(({ row, roster }) => `${row.id} ${roster}`);
  expect(found('135')).toEqual([]);
  expect(found('13')).toEqual(['考五 1']);
  expect(found('')).toEqual([]);
});

test('a fee that itself names 脱贫户 is exempt, too; a waiver that was not recognised is none', () => {
  const exempt = (onRoster: string, onFee: string) =>
    reconcile(
      contextFor({
        ...school,
        students: `| 行号 | 年级 | 班级 | 减免类别 | 减免审核 |\n| 甲 | 3 | 1 | ${onRoster} |`,
        fees: `| 行号 | 学生 | 统计期 | 应缴 | 减免类别 | 减免额 | 实缴 |\n| 费甲 | 甲 | 2026-10 | 60 | ${onFee} | 0 | 60 |`,
      }),
    )
      .get('2026-10')
      ?.chargedWhileExempt.map((fee) => fee.id);
  expect(exempt(' | ', '脱贫户')).toEqual(['费甲']);
  expect(exempt('城市低保 | 已认定', '')).toEqual(['费甲']);
  expect(exempt('脱贫户 | 不予认定', '')).toEqual([]);
  expect(exempt(' | ', '')).toEqual([]);
});
