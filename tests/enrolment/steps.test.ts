import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyAgain, arrange, type Standing, type Step, stateOf, stepOf, type Taking, takeSteps, withdraw } from '../../schema/enrolment/steps.ts';

const at = '2026-09-03T02:00:00.000Z';
const school: Taking = { actor: 'school', by: '学校(填报表)', at };
const bureau: Taking = { actor: 'bureau', by: '基教股', at };
const guardian: Taking = { actor: 'guardian', by: '家长(手机回执)', at };

const applied: Standing = { state: '待审核', step: '家长申请', applied_on: '2026-09-01', days: [1, 2, 3, 4, 5], services: ['足球'] };
const reviewed: Standing = { ...applied, step: '班级初审', class_review: '同意' };
const approved: Standing = { ...reviewed, step: '学校核准', state: '已通过', school_review: '同意' };
const placed: Standing = { ...approved, step: '统筹安排', placement_note: '足球:录取' } as Standing;
const refused: Standing = { ...applied, step: '退回', state: '已拒绝', school_review: '材料不全' };
const left: Standing = { ...placed, step: '退出', state: '中途退出', left_on: '2026-10-10' };

const declined: Standing = { state: '不参加', step: '不参加', days: null };

/** Field and remedy of every refusal, or the step that was reached. */
const outcome = (before: Standing | null, change: Standing, taking: Taking = school): string => {
  const { refusals, values } = takeSteps(before, { ...before, ...change }, taking);
  if (refusals.length) return refusals.map((one) => one.field).join(' ');
  return String(values.step ?? (before ? stepOf(before) : ''));
};
const trail = (values: Readonly<Record<string, unknown>>) =>
  (values.trail as { from: string | null; to: string }[]).map(({ from, to }) => `${from ?? ''}→${to}`);

describe('the way of an application', () => {
  test.each<[string, Standing | null, Standing, string]>([
    ['a new line is the application of the family', null, { applied_on: '2026-09-01' }, '家长申请'],
    ['an opinion of the class is the second step', applied, { class_review: '同意' }, '班级初审'],
    ['the school approves after the class', reviewed, { state: '已通过', school_review: '同意' }, '学校核准'],
    ['both opinions at once are two steps', applied, { class_review: '同意', school_review: '同意', state: '已通过' }, '学校核准'],
    ['without the class the school cannot approve', applied, { school_review: '同意', state: '已通过' }, 'class_review'],
    ['nor write its opinion first', applied, { school_review: '同意' }, 'class_review'],
    ['without any opinion nothing is approved', applied, { state: '已通过' }, 'class_review school_review'],
    ['without an application nothing is approved', null, { state: '已通过', class_review: '同意', school_review: '同意' }, 'applied_on'],
    ['what is approved keeps its opinions', approved, { class_review: null }, 'class_review'],
    ['an approval can be taken back', approved, { state: '待审核' }, '班级初审'],
    ['a refusal needs its reason', applied, { state: '已拒绝' }, 'school_review'],
    ['a refusal with its reason stands', applied, { state: '已拒绝', class_review: '材料不全' }, '退回'],
    ['what was refused is not approved by a stroke', refused, { state: '已通过', class_review: '同意', school_review: '同意' }, 'state'],
    ['what was refused can be looked at again', refused, { state: '待审核' }, '家长申请'],
    [
      'a new application is approved like any other',
      refused,
      { state: '已通过', applied_on: '2026-09-08', class_review: '同意', school_review: '同意' },
      '学校核准',
    ],
    ['who was refused need not leave', refused, { state: '中途退出', left_on: '2026-09-09' }, 'state'],
    ['leaving needs its day', approved, { state: '中途退出' }, 'left_on'],
    ['the day of leaving comes after the application', approved, { state: '中途退出', left_on: '2026-08-01' }, 'left_on'],
    ['leaving with its day', placed, { state: '中途退出', left_on: '2026-10-10' }, '退出'],
    ['coming back needs a new application', left, { state: '已通过' }, 'applied_on left_on'],
    ['coming back before one has left is none', left, { state: '待审核', applied_on: '2026-10-01', left_on: null }, 'applied_on'],
    ['coming back by a new application', left, { state: '待审核', applied_on: '2026-11-02', left_on: null, class_review: null }, '家长申请'],
    ['who has left cannot be refused', left, { state: '已拒绝' }, 'state'],
    ['another wish of a placed child is arranged anew', placed, { services: ['合唱'] }, '学校核准'],
    ['a slip that says no is no application', null, { state: '不参加', days: null }, '不参加'],
    ['what was entered may turn out to be a no', reviewed, { state: '不参加' }, '不参加'],
    ['who was approved leaves, with the day', approved, { state: '不参加' }, 'state'],
    ['who was refused had applied', refused, { state: '不参加' }, 'state'],
    ['who has left did take part', left, { state: '不参加' }, 'state'],
    ['who said no may apply after all', declined, { state: '待审核', applied_on: '2026-09-09', days: [1] }, '家长申请'],
    [
      'and is approved like any other',
      declined,
      { state: '已通过', applied_on: '2026-09-09', days: [1], class_review: '同意', school_review: '同意' },
      '学校核准',
    ],
    ['but not without an application', declined, { state: '已通过', days: [1], class_review: '同意', school_review: '同意' }, 'applied_on'],
    ['a word more in the opinion changes no step', placed, { class_review: '同意,张老师' }, '统筹安排'],
  ])('%s', (_says, before, change, expected) => {
    expect(outcome(before, change)).toBe(expected);
    expect(outcome(before, change, bureau)).toBe(expected);
  });

  test('a refusal says what is wrong and what to do, and nothing is stored', () => {
    const { refusals, values } = takeSteps(applied, { ...applied, state: '已通过' }, school);
    expect(values).toEqual({});
    expect(refusals[0]).toEqual({
      field: 'class_review',
      wrong: '还没有走完“家长申请、班级初审、学校核准”,不能写成“已通过”',
      remedy: '请先填“班级初审”(经办人和意见,如“同意”)',
    });
  });

  test('a form without columns for opinions cannot be asked for them', () => {
    const lacks = new Set(['class_review', 'school_review', 'applied_on']);
    expect(takeSteps(null, { state: '已通过' }, { ...school, lacks })).toMatchObject({ refusals: [], values: { step: '学校核准' } });
  });

  test('paper that is entered late leaves the trail of every step', () => {
    const { values } = takeSteps(null, { ...approved, step: null, trail: null }, school);
    expect(trail(values)).toEqual(['→家长申请', '家长申请→班级初审', '班级初审→学校核准']);
    expect(values.trail).toContainEqual({ at, from: '家长申请', to: '班级初审', by: '学校(填报表)', why: '同意' });
    expect(values).toMatchObject({ step: '学校核准', step_at: at, step_by: '学校(填报表)' });
  });

  test('nobody places a child by hand', () => {
    for (const step of ['统筹安排', '候补'] as Step[]) expect(stateOf[step]).toBe('已通过');
    expect(outcome(approved, { state: '已通过' })).toBe('学校核准');
    expect(arrange(approved, { placed: true, changed: true, why: '足球:录取' }, { actor: 'arrangement', by: '统筹安排', at })).toMatchObject({
      step: '统筹安排',
    });
    expect(() => arrange(applied, { placed: true, changed: true, why: '' }, school)).toThrow('家长申请');
  });
});

describe('the family on its phone', () => {
  test('a first answer is an application, the same answer again changes nothing of it', () => {
    const made = { days: [1, 3], services: [], ...applyAgain(null, { days: [1, 3], services: [] }, '2026-09-02', guardian) };
    expect(made).toMatchObject({ state: '待审核', step: '家长申请', applied_on: '2026-09-02', step_by: '家长(手机回执)' });
    expect(applyAgain(made, { days: [1, 3], services: [] }, '2026-09-05', guardian)).toEqual({});
  });

  test('another wish of an approved child has to be looked at again, the old opinions stay in the trail only', () => {
    const values = applyAgain(
      { ...placed, trail: [{ at, from: '学校核准', to: '统筹安排', by: '统筹安排' }] },
      { days: [1] },
      '2026-09-20',
      guardian,
    );
    expect(values).toMatchObject({ state: '待审核', class_review: null, school_review: null, placement: null });
    expect(trail(values)).toEqual(['学校核准→统筹安排', '统筹安排→家长申请']);
  });

  test('who left may apply again; who was refused too', () => {
    for (const before of [left, refused])
      expect(applyAgain(before, { days: [1] }, '2026-11-20', guardian)).toMatchObject({ state: '待审核', step: '家长申请', left_on: null });
  });

  test('no is a withdrawal with its day, once', () => {
    expect(withdraw(placed, '2026-10-10', guardian)).toMatchObject({ state: '中途退出', step: '退出', left_on: '2026-10-10', placement: null });
    expect(withdraw(left, '2026-11-10', guardian)).toEqual({});
    expect(withdraw(refused, '2026-11-10', guardian)).toEqual({});
    expect(withdraw(null, '2026-11-10', guardian)).toEqual({});
  });

  test('it can take no step of the school', () => {
    expect(outcome(applied, { class_review: '同意' }, guardian)).toBe('state');
  });
});

describe('appeals', () => {
  test('an appeal is noted, decided with a reason, and one that was right opens the application again', () => {
    const lodged = { ...refused, appeal: '材料已补齐', appeal_state: '待复核' };
    expect(trail(takeSteps(refused, lodged, bureau).values)).toEqual(['退回→申诉']);
    expect(outcome(lodged, { appeal_state: '改正' }, bureau)).toBe('appeal_reply');
    const { values } = takeSteps(lodged, { ...lodged, appeal_state: '改正', appeal_reply: '材料齐全' }, bureau);
    expect(values).toMatchObject({ state: '待审核', step: '家长申请' });
    expect(trail(values)).toEqual(['退回→申诉改正', '退回→家长申请']);
  });

  test('one that was not leaves everything as it was', () => {
    const lodged = { ...refused, appeal: '想参加', appeal_state: '待复核' };
    const { values } = takeSteps(lodged, { ...lodged, appeal_state: '维持', appeal_reply: '确不符合' }, bureau);
    expect(values).not.toHaveProperty('state');
    expect(trail(values)).toEqual(['退回→申诉维持']);
  });

  test('without a matter there is nothing to decide', () => {
    expect(outcome(refused, { appeal_state: '待复核' }, bureau)).toBe('appeal');
  });
});

const words = { nil: null };
const standings: fc.Arbitrary<Standing> = fc.record({
  state: fc.option(fc.constantFrom('待审核', '已通过', '已拒绝', '中途退出', '不参加'), words),
  applied_on: fc.option(fc.constantFrom('2026-09-01', '2026-10-01', '2026-11-01'), words),
  left_on: fc.option(fc.constantFrom('2026-09-15', '2026-10-15'), words),
  class_review: fc.option(fc.constantFrom('同意', '不同意'), words),
  school_review: fc.option(fc.constantFrom('同意', '材料不全'), words),
  days: fc.constantFrom([1], [1, 3]),
  services: fc.constantFrom([], ['足球']),
});

test('whatever a school writes, in any order, step and state say the same and an approved child has its opinions', () => {
  fc.assert(
    fc.property(fc.array(standings, { minLength: 1, maxLength: 8 }), (changes) => {
      let row: Standing | null = null;
      for (const change of changes) {
        const steps = takeSteps(row, { ...row, ...change }, school);
        if (steps.refusals.length) continue;
        const lines: number = Array.isArray(row?.trail) ? row.trail.length : 0;
        row = { ...row, ...change, ...steps.values } as Standing;
        expect(row.state ?? '待审核').toBe(stateOf[row.step as Step]);
        expect((row.trail as unknown[]).length).toBeGreaterThanOrEqual(lines);
        if (row.state === '已通过') expect(row.class_review && row.school_review && row.applied_on).toBeTruthy();
        if (row.state === '中途退出') expect(row.left_on).toBeTruthy();
        // Writing the same again takes no step.
        expect(takeSteps(row, { ...row }, school)).toEqual({ refusals: [], values: {} });
      }
    }),
    { numRuns: 500 },
  );
});
