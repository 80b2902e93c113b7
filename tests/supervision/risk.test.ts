import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accuracyOf, derive } from '../../schema/derive.ts';
import { checklistOf } from '../../schema/supervision/checklist.ts';
import { proposeVisits, readWeights, type SchoolRisk, scoreSchool } from '../../schema/supervision/risk.ts';

const { weights } = readWeights(null);
const quiet: SchoolRisk = {
  code: '2141990001',
  late: 0,
  missing: 0,
  forbidden: 0,
  required: 0,
  hints: 0,
  outliers: 0,
  corrections: 0,
  complaints: 0,
  overdue: 0,
  daysSinceVisit: 10,
};
const rules = { count: 4, randomShare: 25, seed: '2026-11', weights };
const schools = (worst: number): SchoolRisk[] =>
  Array.from({ length: 12 }, (_none, index) => ({ ...quiet, code: `21419900${10 + index}`, required: index < worst ? 12 - index : 0 }));

describe('which schools are visited', () => {
  test('a score is the sum of its reasons, the gravest first', () => {
    expect(scoreSchool({ ...quiet, late: 2, forbidden: 1, daysSinceVisit: null }, weights)).toEqual({
      code: quiet.code,
      score: 24,
      reasons: ['禁级预警 1 项(10 分)', '还没有督导过(8 分)', '迟报 2 次(6 分)'],
    });
    expect(scoreSchool({ ...quiet, daysSinceVisit: 200 }, weights).reasons).toEqual(['200 天没有督导(4 分)']);
    expect(scoreSchool(quiet, weights)).toMatchObject({ score: 0, reasons: [] });
  });

  test('the county sets its own points in words, and is told which words say nothing', () => {
    expect(readWeights(['迟报 7', '禁级预警:20 分', '胡写'])).toMatchObject({ weights: { late: 7, forbidden: 20, required: 4 }, faults: ['胡写'] });
  });

  test('three by risk and one by lot, each with its reason', () => {
    const proposals = proposeVisits(schools(6), rules);
    expect(proposals.map((one) => one.chosenBy)).toEqual(['风险', '风险', '风险', '随机']);
    expect(proposals.slice(0, 3).map((one) => one.code)).toEqual(['2141990010', '2141990011', '2141990012']);
    expect(proposals[0]?.because).toBe('风险分 48:须级预警 12 项(48 分)。');
    expect(proposals[3]?.because).toMatch(/^随机抽取\(种子“2026-11”,第 1 号\)。/);
  });

  test('where nothing stands against anybody the lot decides alone', () => {
    expect(proposeVisits(schools(0), rules).map((one) => one.chosenBy)).toEqual(['随机', '随机', '随机', '随机']);
  });

  test('the same seed draws the same schools; over many months every school is drawn', () => {
    const drawn = (seed: string) => proposeVisits(schools(0), { ...rules, seed }).map((one) => one.code);
    expect(drawn('2026-11')).toEqual(drawn('2026-11'));
    expect(new Set(Array.from({ length: 40 }, (_none, index) => drawn(`月${index}`)).flat()).size).toBe(12);
  });

  test('never more than asked for, never a school twice, never a lower risk before a higher one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 12 }),
        fc.nat({ max: 100 }),
        (points, count, randomShare) => {
          const risks = points.map((required, index) => ({ ...quiet, code: String(index), required }));
          const proposals = proposeVisits(risks, { ...rules, count, randomShare });
          expect(proposals).toHaveLength(Math.min(count, risks.length));
          expect(new Set(proposals.map((one) => one.code)).size).toBe(proposals.length);
          const byRisk = proposals.filter((one) => one.chosenBy === '风险').map((one) => one.score);
          expect(byRisk).toEqual([...byRisk].sort((a, b) => b - a));
          const chosen = new Set(proposals.map((one) => one.code));
          if (byRisk.length)
            for (const one of risks) if (!chosen.has(one.code)) expect(one.required * 4).toBeLessThanOrEqual(byRisk.at(-1) as number);
        },
      ),
    );
  });
});

describe('what is held against the school', () => {
  test('the checklist has the claimed figures of the latest return; what was never reported is not asked', () => {
    const report = { month: '2026-10', participants: 90, collected: 5400, service_days: null } as never;
    expect(checklistOf(report, { roster: 92, staff: 12, checks: 3 })).toEqual([
      { label: '参加学生数', claimed: 90, verified: null, source: '2026-10 月报' },
      { label: '实收额', claimed: 5400, verified: null, source: '2026-10 月报' },
      { label: '报名名册人数', claimed: 92, verified: null, source: '学生报名' },
      { label: '服务人员数', claimed: 12, verified: null, source: '服务人员' },
      { label: '安全检查次数', claimed: 3, verified: null, source: '安全检查' },
    ]);
    expect(checklistOf(null, { roster: 0, staff: 0, checks: 0 })).toHaveLength(3);
  });

  test.each<[string, [unknown, unknown][], number | null]>([
    ['nothing looked at', [[90, null]], null],
    ['80 of 100', [[100, 80]], 80],
    ['more found than claimed is no better', [[80, 100]], 80],
    ['none claimed, none found', [[0, 0]], 100],
    ['none claimed, some found', [[0, 3]], 0],
    [
      'the mean of what was looked at, typed figures too',
      [
        [100, '80'],
        [50, 50],
        [9, ''],
      ],
      90,
    ],
  ])('accuracy: %s', (_says, pairs, expected) => {
    const checklist = pairs.map(([claimed, verified]) => ({ claimed, verified }));
    expect(accuracyOf(checklist)).toBe(expected);
    expect(derive('inspections', { checklist })).toEqual({ accuracy: expected });
  });
});
