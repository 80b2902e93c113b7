import { expect, test } from 'vitest';
import { type AdoptingPlan, readAdoptions } from '../../scripts/showcase/adoptions.ts';

const schools = [
  { code: '1', name: '东关小学', township: '城关镇' },
  { code: '2', name: '西关小学', township: '城关镇' },
  { code: '3', name: '南关小学', township: '南乡' },
];
const paper = { id: 'A', title: '剪纸社团:从十人到三百人', school: '1', adoptions: null as unknown };
const plan = (change: Partial<AdoptingPlan>): AdoptingPlan => ({
  school: '2',
  adopted_cases: ['《剪纸社团：从十人到三百人》'],
  adopted_note: '三年级先试',
  adopted_result: null,
  published_on: '2026-09-01',
  approval: '已同意',
  ...change,
});
const adopted = (plans: AdoptingPlan[], adoptions: unknown = null) => readAdoptions([{ ...paper, adoptions }], plans, schools);

test('a plan that the bureau has approved counts, however the title is punctuated', () => {
  expect(adopted([plan({})]).byCase.get('A')).toEqual([
    { code: '2', school: '西关小学', township: '城关镇', on: '2026-09-01', note: '三年级先试', result: '' },
  ]);
});

test.each(['待审核', '退回修改', null])('a plan in state %s does not count yet', (approval) => {
  expect(adopted([plan({ approval })]).byCase.get('A')).toEqual([]);
});

test('what the bureau entered comes before the plan of the same school; the newest school stands first', () => {
  const entered = [
    { school: '2', on: '2026-10-01', note: '县局登记', result: '参加率升了' },
    { school: '3', on: '2026-11-01', note: '', result: '' },
  ];
  expect(
    adopted([plan({})], entered)
      .byCase.get('A')
      ?.map(({ code, note }) => [code, note]),
  ).toEqual([
    ['3', ''],
    ['2', '县局登记'],
  ]);
});

test('a school does not adopt its own case, and one that is not there adopts none', () => {
  expect(adopted([plan({ school: '1' }), plan({ school: '9' })]).byCase.get('A')).toEqual([]);
});

test('a title that no case has is told, not guessed', () => {
  expect(adopted([plan({ adopted_cases: ['剪纸'] })])).toMatchObject({ stray: [{ school: '2', title: '剪纸' }] });
});

test('a note with a telephone number in it is not shown', () => {
  expect(adopted([plan({ adopted_note: '问李老师13800001234' })]).byCase.get('A')?.[0]?.note).toBe('');
});
