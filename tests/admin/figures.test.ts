import { expect, test } from 'vitest';
import { monthChoices, monthFigures, monthToShow, type School } from '../../extensions/cockpit-module/src/figures.ts';

const school = (code: string, township: string | null, more: Partial<School> = {}): School =>
  ({ code, name: code, township, leader: null, leader_phone: null, opened_on: null, closed_on: null, ...more }) as School;

test('a report of a school that is closed in that month counts for nothing', () => {
  const figures = monthFigures(
    '2026-10',
    [school('a', '甲'), school('b', '甲', { closed_on: '2026-09-30' })],
    [
      { school: 'a', month: '2026-10', enrolled: 10, participants: 9 },
      { school: 'b', month: '2026-10', enrolled: 90, participants: 0 },
    ],
  );
  expect(figures).toMatchObject({ expected: 1, reported: 1, enrolled: 10, participants: 9, rate: 90, missing: [] });
});

test('a report of another month does not count', () => {
  const figures = monthFigures('2026-10', [school('a', '甲')], [{ school: 'a', month: '2026-09', enrolled: 10, participants: 9 }]);
  expect(figures).toMatchObject({ reported: 0, rate: null });
  expect(figures.missing.map((one) => one.code)).toEqual(['a']);
});

test('townships stand with the lowest rate first, those without reports before them', () => {
  const figures = monthFigures(
    '2026-10',
    [school('a', '甲'), school('b', '乙'), school('c', null)],
    [
      { school: 'a', month: '2026-10', enrolled: 10, participants: 9 },
      { school: 'b', month: '2026-10', enrolled: 10, participants: 5 },
    ],
  );
  expect(figures.townships.map((one) => [one.township, one.rate])).toEqual([
    ['未填乡镇', null],
    ['乙', 50],
    ['甲', 90],
  ]);
});

test('the month shown is the last one that is over, unless all returns are older than the one before', () => {
  expect(monthToShow('2026-11-24', '2026-10')).toBe('2026-10');
  expect(monthToShow('2026-11-24', '2026-09')).toBe('2026-10');
  expect(monthToShow('2027-01-02', null)).toBe('2026-12');
  expect(monthToShow('2027-06-10', '2026-11')).toBe('2026-11');
});

test('the months to choose from reach a year back and hold the month shown', () => {
  const months = monthChoices('2027-06-10', '2025-11');
  expect(months).toHaveLength(14);
  expect(months[0]).toBe('2027-06');
  expect(months.at(-1)).toBe('2025-11');
});
