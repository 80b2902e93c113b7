import { expect, test } from 'vitest';
import { tableNames } from '../../schema/index.ts';
import { activeRules, builtInRules, clauseOf, standardOf } from '../../schema/rules/catalogue.ts';
import { evaluateSchool } from '../../schema/rules/evaluate.ts';
import { choiceOf, contextFor, drawnSettings, findBy } from './drawn-school.ts';
import { examples } from './examples.ts';

/** DOMAIN section 5, less R-C2: how long homework takes stands in no table. */
const decidable = [
  ...['R-T1', 'R-T2', 'R-T3', 'R-T4', 'R-T5', 'R-T6', 'R-T7', 'R-T8'],
  ...['R-V1', 'R-V2', 'R-V3', 'R-C1'],
  ...['R-F1', 'R-F2', 'R-F3', 'R-F4', 'R-F5', 'R-F6', 'R-F7', 'R-F8'],
  ...['R-P1', 'R-P2', 'R-P3', 'R-P4', 'R-H1', 'R-H2', 'R-S1'],
  ...['R-M1', 'R-M2', 'R-M3', 'R-D1', 'R-D2'],
];

/** The level of each in DOMAIN. */
const severities: Readonly<Record<string, readonly string[]>> = {
  禁: ['R-T5', 'R-T6', 'R-V1', 'R-C1', 'R-F1', 'R-F2', 'R-F3', 'R-F8', 'R-P3', 'R-H1'],
  参: ['R-T4', 'R-T7', 'R-F7', 'R-P4', 'R-D2'],
};

test.each(examples)('$rule finds $says', ({ rule, faulty, shows, message, atStake }) => {
  const found = findBy(rule, faulty);
  expect(found.map((one) => one.message).join('\n')).toContain(message);
  expect(found.flatMap((one) => one.rows.map((row) => row.id))).toEqual(shows);
  if (atStake !== undefined) expect(found[0]?.atStake).toBe(atStake);
});

test.each(examples)('$rule leaves alone what is in order ($says)', ({ rule, fine }) => {
  expect(findBy(rule, fine)).toEqual([]);
});

test('every rule of DOMAIN section 5 that data can decide is there, at its own level', () => {
  const ids = builtInRules.map((rule) => rule.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of decidable) {
    const rule = builtInRules.find((one) => one.id === id);
    expect(rule?.severity, id).toBe(severities.禁?.includes(id) ? '禁' : severities.参?.includes(id) ? '参' : '须');
  }
});

test('every rule has an example of both kinds', () => {
  const shown = new Set(examples.map((one) => one.rule));
  expect(builtInRules.map((rule) => rule.id).filter((id) => !shown.has(id))).toEqual([]);
});

test('what DOMAIN knows from elsewhere only, or what rests on a convention, is off until the county wants it', () => {
  expect(builtInRules.filter((rule) => !rule.enabled).map((rule) => rule.id)).toEqual(['R-T4', 'R-T7', 'R-V3c', 'R-F6b', 'R-F7b', 'R-P4']);
  expect(activeRules([], drawnSettings).map((rule) => rule.id)).not.toContain('R-T4');
  expect(activeRules([choiceOf('R-T4')], drawnSettings).map((rule) => rule.id)).toContain('R-T4');
  expect(activeRules([choiceOf('R-T1', { enabled: false })], drawnSettings).map((rule) => rule.id)).not.toContain('R-T1');
});

test('a rule names tables of the model, cites its documents and fits the columns of Directus', () => {
  for (const rule of builtInRules) {
    for (const table of rule.tables) expect(tableNames, rule.id).toContain(table);
    expect(clauseOf(rule).length, rule.id).toBeLessThanOrEqual(200);
    expect((standardOf(rule) ?? '').length, rule.id).toBeLessThanOrEqual(200);
    expect(rule.id.length).toBeLessThanOrEqual(20);
  }
  expect(clauseOf(builtInRules.find((rule) => rule.id === 'R-F1') as never)).toContain('S09 汝发改审批〔2021〕21号');
});

test('hints from elsewhere and inferences are asked, not charged', () => {
  for (const { rule, faulty } of examples) {
    for (const found of findBy(rule, faulty)) if (found.severity === '参') expect(found.message, rule).toMatch(/[??]|请看是否合适|请核对|请分班/);
  }
});

test('the county decides thresholds, words and the schools concerned', () => {
  const checked = { staff: '| 行号 | 姓名 | 身份 | 准入查询日 | 准入查询结果 |\n| 师 | 丙 | 本校教师 | 2026-03-01 | 无记录 |' };
  expect(findBy('R-H2', checked)).toEqual([]);
  expect(findBy('R-H2', { ...checked, choice: { threshold: 180 } })[0]?.message).toContain('超过 180 天');
  const cram = { activities: '| 行号 | 课程名 | 星期 | 开始时刻 | 结束时刻 |\n| 课 | 培优冲刺 | 1 | 16:30 | 18:30 |' };
  expect(findBy('R-C1', cram)).toEqual([]);
  expect(findBy('R-C1', { ...cram, choice: { words: ['冲刺'] } }).map((one) => one.rows[0]?.id)).toEqual(['课']);
  expect(findBy('R-C1', { ...cram, choice: { words: ['冲刺'], school_types: ['初中'] } })).toEqual([]);
});

test('a rule is silent about what was before it came into force', () => {
  const october = { monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 | 每周开展天数 |\n| 2026-10 | 9 | 9 | 3 |' };
  expect(findBy('R-T1', { ...october, choice: { in_force_from: '2026-11-01' } })).toEqual([]);
  expect(findBy('R-T1', { ...october, choice: { in_force_from: '2026-10-15' } })).toHaveLength(1);
  expect(findBy('R-T1', { ...october, choice: { in_force_to: '2026-09-30' } })).toEqual([]);
});

test('days that the county adds or takes away count before the national calendar', () => {
  const at = (day: string) => ({ attendance: `| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考 | ${day} | 课 | 9 | 9 |` });
  expect(findBy('R-T5', { ...at('2026-11-14') })).toHaveLength(1);
  expect(findBy('R-T5', { ...at('2026-11-14'), term: { extra_school_days: ['2026-11-14'] } })).toEqual([]);
  expect(findBy('R-T5', { ...at('2026-11-05') })).toEqual([]);
  expect(findBy('R-T5', { ...at('2026-11-05'), term: { extra_days_off: ['2026-11-05'] } })).toHaveLength(1);
});

test('no finding carries a name of a person', () => {
  for (const { rule, faulty } of examples) {
    const text = JSON.stringify(findBy(rule, faulty));
    for (const name of ['李老师', '王老师', '"乙"', '"丙"']) expect(text, rule).not.toContain(name);
  }
});

test('a school of which nothing is known is asked for its plan and its returns, and accused of nothing', () => {
  const found = evaluateSchool(activeRules([], drawnSettings), contextFor({}));
  expect(found.map((one) => `${one.rule} ${one.cause}`)).toEqual(['R-M1 2026-1', 'R-M2 2026-09', 'R-M2 2026-10']);
});
