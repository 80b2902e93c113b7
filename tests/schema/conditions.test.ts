/** What staff set under 验证, held against values: each rule in Directus' own form, what keeps it, what breaks it, and the words for that. */
import { describe, expect, test } from 'vitest';
import { breach, keeps } from '../../schema/conditions.ts';
import type { Rule } from '../../schema/fields.ts';

const of = (rule: Rule): Rule => ({ _and: [{ f: rule }] });

describe.each([
  [{ _gte: 3 }, [3, '4', 10], [2, '2.5'], '不能小于 3'],
  [{ _gt: '2' }, [3], [2], '须大于 2'],
  [{ _lte: 5, _gte: 2 }, [2, 5], [1, 6], '不能大于 5'],
  [{ _lt: '2026-09-01' }, ['2026-08-31'], ['2026-09-01'], '须小于 2026-09-01'],
  [{ _between: [1, 9] }, [1, 9], [0, 10], '须在 1 和 9 之间'],
  [{ _nbetween: [1, 9] }, [0, 10], [1, 9], '不能在 1 和 9 之间'],
  [{ _in: ['一号线', '二号线'] }, ['一号线'], ['三号线'], '只能是:一号线、二号线'],
  [{ _nin: ['无'] }, ['一号线'], ['无'], '不能是:无'],
  [{ _eq: '7' }, [7, '7'], [8, 'x'], '须是“7”'],
  [{ _neq: '无' }, ['有'], ['无'], '不能是“无”'],
  [{ _starts_with: 'A' }, ['A1'], ['a1', 'B1'], '须以“A”开头'],
  [{ _istarts_with: 'A' }, ['A1', 'a1'], ['B1'], '须以“A”开头'],
  [{ _nends_with: '班' }, ['三'], ['三班'], '不能以“班”结尾'],
  [{ _contains: '路' }, ['一路', ['一路', '二线']], ['一线'], '须含有“路”'],
  [{ _ncontains: '*' }, ['ab'], ['a*'], '不能含有“*”'],
  [{ _regex: '^\\d{6}$' }, ['123456'], ['12345', 'x'], '格式不对,须符合县局设定的格式“^\\d{6}$”'],
  [{ _regex: '/^[A-Z]/' }, ['Ab'], ['ab'], '格式不对,须符合县局设定的格式“/^[A-Z]/”'],
] as const)('%j', (rule, kept, broken, words) => {
  test('keeps and breaks', () => {
    for (const value of kept) expect(keeps(of(rule), { f: value }), String(value)).toBe(true);
    for (const value of broken) expect(keeps(of(rule), { f: value }), String(value)).toBe(false);
  });
  test('is said in words', () => {
    expect([breach(of(rule), { f: broken.at(-1) }), breach(of(rule), { f: broken[0] })]).toContain(words);
  });
});

test('a blank cell breaks no rule: that is a matter of 必填', () => {
  for (const blank of [null, undefined, '']) expect(keeps(of({ _gte: 3 }), { f: blank })).toBe(true);
});

test('或 is kept by either side, and says both when neither is', () => {
  const rule: Rule = { _or: [{ f: { _lt: 3 } }, { f: { _gt: 9 } }] };
  expect([keeps(rule, { f: 1 }), keeps(rule, { f: 10 }), keeps(rule, { f: 5 })]).toEqual([true, true, false]);
  expect(breach(rule, { f: 5 })).toBe('须小于 3,或须大于 9');
});

test('a rule about the present moment or another row is not judged, and stops nobody', () => {
  for (const rule of [{ _lt: '$NOW' }, { _in: ['$CURRENT_USER'] }, { _json: { a: 1 } }]) {
    expect(keeps(of(rule), { f: 'x' })).toBe(true);
  }
});

test('a pattern that is none stops nobody', () => {
  expect(keeps(of({ _regex: '(' }), { f: 'x' })).toBe(true);
});
