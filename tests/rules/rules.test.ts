import { expect, test } from 'vitest';
import { tableNames } from '../../schema/index.ts';
import { activeRules, builtInRules, clauseOf, listedRule, listedRules, standardOf } from '../../schema/rules/catalogue.ts';
import { evaluateSchool } from '../../schema/rules/evaluate.ts';
import { choiceOf, contextFor, drawnSettings, findBy } from './drawn-school.ts';
import { examples } from './examples.ts';

/** DOMAIN section 5: level and sources of every rule. */
const domain = `
R-T1 须 S01,S04 | R-T2 须 S01,S20 | R-T3 须 S01,S02 | R-T4 参 S26 | R-T5 禁 S05,S01 | R-T6 禁 S05 | R-T7 参 S02,S21 | R-T8 须 S02,S04
R-V1 禁 S05,S01 | R-V2 须 S01,S05 | R-V3 须 S01 | R-C1 禁 S02,S05 | R-C2 须 S01,S21
R-F1 禁 S01,S09 | R-F2 禁 S05 | R-F3 禁 S05 | R-F4 须 S05,S01 | R-F5 须 S05,S12 | R-F6 须 S01,S10 | R-F7 参 S20 | R-F8 禁 S20
R-P1 须 S05 | R-P2 须 S05 | R-P3 禁 S05 | R-P4 参 S22,S23 | R-H1 禁 S13,S14 | R-H2 须 S15 | R-S1 须 S01,S03
R-M1 须 S01 | R-M2 须 S01 | R-M3 须 S01,S04 | R-D1 须 S01 | R-D2 参 S16`
  .split(/[|\n]/)
  .map((one) => one.trim().split(' '))
  .flatMap(([id = '', severity = '', sources = '']) => (id ? [{ id, severity, sources: sources.split(',') }] : []));

/** `R-F6` of `R-F6b`; null for a check of the county's own. */
const domainIdOf = (id: string): string | null => (id.startsWith('R-X') ? null : id.replace(/[a-z]$/, ''));

test.each(examples)('$rule finds $says', ({ rule, faulty, shows, message, atStake }) => {
  const found = findBy(rule, faulty);
  expect(found.map((one) => one.message).join('\n')).toContain(message);
  expect(found.flatMap((one) => one.rows.map((row) => row.id))).toEqual(shows);
  if (atStake !== undefined) expect(found[0]?.atStake).toBe(atStake);
});

test.each(examples)('$rule leaves alone what is in order ($says)', ({ rule, fine }) => {
  expect(findBy(rule, fine)).toEqual([]);
});

test('every rule of DOMAIN section 5 stands in the list, at its own level and with its own documents', () => {
  const ids = listedRules.map((rule) => rule.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, severity, sources } of domain) {
    expect(listedRules.find((rule) => rule.id === id)?.severity, id).toBe(severity);
    const cited = new Set<string>(listedRules.filter((rule) => domainIdOf(rule.id) === id).flatMap((rule) => rule.sources));
    expect(
      sources.filter((one) => !cited.has(one)),
      id,
    ).toEqual([]);
  }
  const own = listedRules.filter((rule) => !domain.some(({ id }) => id === domainIdOf(rule.id)));
  expect(own.map((rule) => rule.id)).toEqual(['R-X1', 'R-X2', 'R-X3', 'R-X4', 'R-X5']);
});

test('a check of the county’s own is a hint and says that no document asks for it', () => {
  for (const rule of builtInRules) {
    const isOwn = rule.id.startsWith('R-X');
    expect(clauseOf(rule).endsWith('(本县核对项,不是文件规定)'), rule.id).toBe(isOwn);
    if (isOwn) expect(rule).toMatchObject({ severity: '参', sources: [] });
  }
});

test('how long homework takes no table says: R-C2 is listed with the reason, and never evaluated', () => {
  expect(listedRules.filter((rule) => 'undecided' in rule).map((rule) => rule.id)).toEqual(['R-C2']);
  expect(standardOf(listedRule('R-C2') as never)).toContain('系统不核查;督导、巡课时看');
  expect(activeRules([choiceOf('R-C2')], drawnSettings).map((rule) => rule.id)).not.toContain('R-C2');
});

test('what rests on the four departments’ document alone is in force since it was published', () => {
  for (const rule of builtInRules) expect(rule.from === '2023-12-27', rule.id).toBe(rule.sources.join() === 'S05');
});

test('every rule has an example of both kinds', () => {
  const shown = new Set(examples.map((one) => one.rule));
  expect(builtInRules.map((rule) => rule.id).filter((id) => !shown.has(id))).toEqual([]);
});

test('off until the county wants it: R-T4, as DOMAIN says, and what rests on a convention or on another county’s demand', () => {
  expect(builtInRules.filter((rule) => !rule.enabled).map((rule) => rule.id)).toEqual(['R-T4', 'R-V3c', 'R-F6b', 'R-F7b']);
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
  expect(clauseOf(listedRule('R-F1') as never)).toContain('S09 汝发改审批〔2021〕21号');
  expect(standardOf(listedRule('R-T3') as never)).toBe('见县级参数“夏令下班时刻”“冬令下班时刻”');
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
