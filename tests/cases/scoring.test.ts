import { expect, test } from 'vitest';
import { conventionsOf, fullMarks, usualRubric } from '../../schema/cases/conventions.ts';
import { type Mark, rankCases, scoreCases } from '../../schema/cases/scoring.ts';

const marks = (drawn: string): Mark[] =>
  drawn
    .trim()
    .split('\n')
    .map((line) => {
      const [id, reviewer, total] = line.split('|').map((cell) => cell.trim()) as [string, string, string];
      return { case: id, reviewer, total: Number(total) };
    });

/** 甲 is strict and 乙 lenient by ten points each; A and B are equally good, but B had the luck of the lenient one. */
const uneven = marks(`
  A | 甲 | 70
  A | 丙 | 80
  B | 乙 | 90
  B | 丙 | 80
  C | 甲 | 60
  C | 乙 | 80
  C | 丙 | 70`);

test('a strict and a lenient reviewer are brought to the same measure', () => {
  const { cases, reviewers } = scoreCases(uneven);
  const [a, b] = [cases.find((one) => one.id === 'A'), cases.find((one) => one.id === 'B')];
  expect([a?.raw, b?.raw]).toEqual([75, 85]);
  expect((b?.fair ?? 0) - (a?.fair ?? 0)).toBeLessThan(6);
  const habit = Object.fromEntries(reviewers.map((one) => [one.reviewer, one.habit]));
  expect(habit.甲).toBeLessThan(-2);
  expect(habit.乙).toBeGreaterThan(2);
});

test('where everybody has judged everything the order stays as the marks give it', () => {
  const all = marks('A | 甲 | 70\nA | 乙 | 90\nB | 甲 | 60\nB | 乙 | 88');
  const { cases } = scoreCases(all);
  expect(cases.map((one) => [one.id, one.raw, one.fair, one.spread])).toEqual([
    ['A', 80, 80, 20],
    ['B', 74, 74, 28],
  ]);
});

test('a single mark says little about a habit', () => {
  const { reviewers } = scoreCases(marks('A | 甲 | 100\nA | 乙 | 60\nA | 丙 | 60'));
  expect(Math.abs(reviewers.find((one) => one.reviewer === '甲')?.habit ?? 99)).toBeLessThan(12);
});

const entrants = (ids: string, township: (id: string) => string, blocked: Record<string, string[]> = {}) =>
  [...ids].map((id) => ({ id, title: id, township: township(id), blocked: blocked[id] ?? [] }));
const straight = marks('A | 甲 | 95\nB | 甲 | 90\nC | 甲 | 85\nD | 甲 | 80');
const awards = [
  { award: '一等奖', places: 1 },
  { award: '二等奖', places: 1 },
];

test('a township that has had its share is passed over, with the reason', () => {
  const ranked = rankCases({
    entrants: entrants('ABCD', (id) => (id === 'C' ? '古塔' : '汝宁')),
    scores: scoreCases(straight),
    awards,
    townshipQuota: 1,
    wideSpread: 15,
  });
  expect(ranked.map((one) => [one.id, one.rank, one.award])).toEqual([
    ['A', 1, '一等奖'],
    ['B', 2, null],
    ['C', 3, '二等奖'],
    ['D', 4, null],
  ]);
  expect(ranked[1]?.reason).toContain('汝宁已有 1 篇获奖,达到每乡镇 1 篇的名额');
  expect(ranked[3]?.reason).toContain('名额已满');
});

test('what is blocked or not judged is not ranked, and is told why', () => {
  const ranked = rankCases({
    entrants: entrants('ABE', () => '汝宁', { A: ['学校有未办结的“禁”级预警(R-F1),请先办结。'] }),
    scores: scoreCases(straight),
    awards,
    townshipQuota: null,
    wideSpread: 15,
  });
  expect(ranked.map((one) => [one.id, one.rank])).toEqual([
    ['B', 1],
    ['A', null],
    ['E', null],
  ]);
  expect(ranked[1]?.reason).toContain('R-F1');
  expect(ranked[2]?.reason).toContain('还没有开封的评分');
});

test('equal cases share a rank', () => {
  const ranked = rankCases({
    entrants: entrants('AB', () => '汝宁'),
    scores: scoreCases(marks('A | 甲 | 80\nB | 甲 | 80')),
    awards,
    townshipQuota: null,
    wideSpread: 15,
  });
  expect(ranked.map((one) => one.rank)).toEqual([1, 1]);
});

test('what the county sets counts, figures given as text too; what it leaves empty is usual', () => {
  expect(fullMarks(usualRubric)).toBe(100);
  const own = conventionsOf({
    case_rubric: [
      { name: '成效', weight: '60' },
      { name: '', weight: 5 },
      { name: '可推广', weight: 40 },
    ],
    case_township_quota: 2,
  });
  expect(own.rubric.map((one) => [one.name, one.weight])).toEqual([
    ['成效', 60],
    ['可推广', 40],
  ]);
  expect([own.townshipQuota, own.bands[0]?.name, own.similarFrom]).toEqual([2, '优', 30]);
});
