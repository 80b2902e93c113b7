import { expect, test } from 'vitest';
import { readCaseRequest } from '../../schema/cases/request.ts';

test.each([
  [{}, { do: 'update' }],
  [
    { do: 'publish', cases: ['A', 3, ''] },
    { do: 'publish', cases: ['A'] },
  ],
  [
    { do: 'withdraw', cases: ['A'], reason: ' 学校要求 ' },
    { do: 'withdraw', cases: ['A'], reason: '学校要求' },
  ],
  [
    { do: 'brochure', year: '2026' },
    { do: 'brochure', choice: { kind: 'year', value: '2026' } },
  ],
  [
    { do: 'wechat', category: '作业减负' },
    { do: 'wechat', choice: { kind: 'category', value: '作业减负' } },
  ],
  [
    { do: 'brief', all: true, issue: '3' },
    { do: 'brief', choice: { kind: 'all' }, issue: '3', note: '', to: '' },
  ],
  [
    { do: 'brochure', cases: ['B', 'A'], title: '选编' },
    { do: 'brochure', choice: { kind: 'chosen', value: '选编', cases: ['B', 'A'] } },
  ],
])('%j is read', (given, wanted) => {
  expect(readCaseRequest(given)).toEqual(wanted);
});

test.each([
  [{ do: 'publish' }, '请先勾选案例。'],
  [{ do: 'brochure' }, '请说明选哪些案例'],
  [{ do: 'brochure', year: '26' }, '四位数字'],
  [{ do: 'wechat', category: '别的' }, '没有“别的”这一类'],
  [{ do: 'notices' }, '不会做“notices”'],
])('%j is refused in words', (given, words) => {
  expect(readCaseRequest(given)).toContain(words);
});
