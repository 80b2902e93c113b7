import { describe, expect, test } from 'vitest';
import type { Row, tables } from '../../schema/index.ts';
import type { RefundWay } from '../../schema/vocabulary.ts';
import type { Facts, Records, Student } from '../../scripts/notices/facts.ts';
import { feeAccount, feeOf, owes, waiverOf } from '../../scripts/notices/fee-words.ts';
import { facts, plan, settings, student, term } from './fixture.ts';

type Fee = Row<typeof tables.fees> & { id: string };
type Settings = Partial<Facts['settings']>;

const fee = (values: Partial<Fee>): Fee => ({ id: 'F', month: '2026-10', due: 60, paid: 60, ...values }) as Fee;
const records = (fees: readonly Fee[], enrolment: Partial<NonNullable<Records['enrolment']>> | null = null): Records => ({
  fees,
  enrolment: enrolment as Records['enrolment'],
});
const factsWith = (changed: Settings, rest: Partial<Facts> = {}): Facts => ({ ...facts, ...rest, settings: { ...settings, ...changed } });
const recognised = (kind: string): Student => student({ waiver_kind: kind as never, waiver_state: '已认定' });

describe('what a family would pay for the term', () => {
  const months = { ...term, months: 4.5 };
  const byTerm = { ...plan, fee_unit: '元/生·学期', fee_rate: 270 } as typeof plan;
  const byLesson = { ...plan, fee_unit: '元/生·课时', fee_rate: 2.95 } as typeof plan;
  const shares = { waiver_shares: ['农村低保 50%', '残疾学生：20元', '孤儿 100%', '城市低保 33.3%'] };

  test.each<[string, Partial<Facts>, Student, string, string | null]>([
    ['half a month counts (S10)', { term: months }, student(), '60元 × 4.5个月 = 270元', '270元'],
    ['a sum for the term', { plan: byTerm }, student(), '270元', '270元'],
    ['lessons are settled afterwards', { plan: byLesson }, student(), '2.95元 × 实际服务课时数，据实结算', null],
    ['脱贫户 (S01)', {}, recognised('脱贫户'), '60元 × 4个月 = 240元，免收240元', '0元'],
    ['脱贫户 where the sum is not known beforehand', { plan: byLesson }, recognised('脱贫户'), '已认定免收', '0元'],
    ['a share', {}, recognised('农村低保'), '60元 × 4个月 = 240元，减免50%即120元', '120元'],
    ['a share with a fraction', {}, recognised('城市低保'), '60元 × 4个月 = 240元，减免33.3%即79.92元', '160.08元'],
    ['yuan a month', {}, recognised('残疾学生'), '60元 × 4个月 = 240元，每月减免20元即80元', '160元'],
    ['all of it', {}, recognised('孤儿'), '60元 × 4个月 = 240元，免收240元', '0元'],
    ['a kind that the county has not decided', {}, recognised('特困救助供养'), '60元 × 4个月 = 240元', null],
    ['asked for, not yet decided', {}, student({ waiver_kind: '孤儿', waiver_state: '待审核' }), '60元 × 4个月 = 240元', '240元'],
  ])('%s', (_case, changed, pupil, arithmetic, amount) => {
    expect(feeOf(factsWith(shares, changed), pupil)).toMatchObject({ arithmetic, amount });
  });

  test('lines of the county that say nothing sensible decide nothing', () => {
    expect(waiverOf('孤儿', ['孤儿', '孤儿 150%', '孤儿全免'])).toBeNull();
    expect(waiverOf(null, ['孤儿 50%'])).toBeNull();
  });
});

/** October 2026: 18 school days, the national holiday being from the 1st to the 7th, with a working Saturday on the 10th. */
describe('what is paid back, after the way that the county has chosen (DOMAIN 1.8)', () => {
  const refundWith = (way: RefundWay | null, changed: Settings, values: Partial<Fee>, grade = 3) => {
    const account = feeAccount(factsWith({ refund_way: way, ...changed }), records([fee(values)]), student({ grade }));
    return [account?.totals.refund, account?.months[0]?.note];
  };

  test.each<[string, RefundWay | null, Settings, Partial<Fee>, number, string, string]>([
    ['nothing is worked out without a way', null, { refund_unit: 3 }, { days_absent: 5 }, 3, '0元', ''],
    ['by day', '按天', { refund_unit: 3.36 }, { days_absent: 8 }, 3, '26.88元', '缺席8天 × 3.36元/天 = 26.88元'],
    ['by day, junior', '按天', { refund_unit: 3.36, refund_unit_junior: 3.84 }, { days_absent: 8 }, 7, '30.72元', '缺席8天 × 3.84元/天 = 30.72元'],
    ['never more than was paid', '按天', { refund_unit: 10 }, { days_absent: 8 }, 3, '60元', '缺席8天 × 10元/天 = 80元，以当月应收60元为限'],
    ['by lesson', '按课时', { refund_unit: 2.95 }, { days_absent: 4 }, 3, '11.80元', '缺席4课时 × 2.95元/课时 = 11.80元'],
    [
      'served less than half: half back',
      '不足半月收半',
      {},
      { days_absent: 10 },
      3,
      '30元',
      '当月18个上课日服务8天，不足一半，收一半：60元 ÷ 2 = 30元',
    ],
    ['served half: nothing back', '不足半月收半', {}, { days_absent: 9 }, 3, '0元', ''],
    ['absent for half, perhaps not in a row', '满半月退半', {}, { days_absent: 9 }, 3, '0元', '当月18个上课日缺席9天，是否连续满半月由学校核定'],
    ['absent for less than half', '满半月退半', {}, { days_absent: 8 }, 3, '0元', ''],
    ['half a month in a row, as the school has found', '满半月退半', {}, { days_absent: 9, refund: 30 }, 3, '30元', ''],
    ['absent all month: all back', '满半月退半', {}, { days_absent: 18 }, 3, '60元', '当月18个上课日全部缺席，当月不收'],
    [
      'what the school has entered counts',
      '按天',
      { refund_unit: 3 },
      { days_absent: 8, refund: 20, refund_reason: '停课' },
      3,
      '20元',
      '退费：停课',
    ],
    [
      'nobody gets back what was not paid: it is not asked for',
      '按天',
      { refund_unit: 3 },
      { days_absent: 8, paid: 0 },
      3,
      '0元',
      '缺席8天 × 3元/天 = 24元，未缴部分少收24元',
    ],
    ['paid in part', '按天', { refund_unit: 3 }, { days_absent: 8, paid: 40 }, 3, '4元', '缺席8天 × 3元/天 = 24元，未缴部分少收20元'],
    [
      'freed of half',
      '不足半月收半',
      {},
      { days_absent: 10, waived: 30, paid: 30 },
      3,
      '15元',
      '当月18个上课日服务8天，不足一半，收一半：30元 ÷ 2 = 15元',
    ],
  ])('%s', (_case, way, changed, values, grade, sum, note) => {
    expect(refundWith(way, changed, values, grade)).toEqual([sum, note]);
  });

  const share: Settings = { refund_way: '学期比例', refund_share: 50, refund_within_months: 3 };
  test.each([
    ['2026-11-30', '30元'],
    ['2026-12-07', '30元'],
    ['2026-12-08', '0元'],
  ])('a child that left on %s gets back %s of 60', (left_on, sum) => {
    const account = feeAccount(factsWith(share), records([fee({})], { state: '中途退出', left_on }), student());
    expect(account?.totals.refund).toBe(sum);
    expect(account?.steps.some((step) => step.includes('3个月内退出，退已缴60元的50%，即30元'))).toBe(sum !== '0元');
  });

  test('a refund is set off against what is still to be paid where the school says so, and the arithmetic adds up', () => {
    const account = feeAccount(
      factsWith({ refund_way: '按课时', refund_unit: 2.95 }),
      records([fee({ days_absent: 40, paid: 240, due: 240, refund_method: '抵扣下期' }), fee({ month: '2026-11', due: 240, paid: 0 })]),
      student(),
    );
    expect(account?.steps).toEqual(['应缴合计：240 + 240 = 480元', '退费合计：118元，其中抵扣下期118元', '尚需缴纳：480 − 240 − 118 = 122元']);
  });
});

describe('the last line of the arithmetic', () => {
  const steps = (settingsOf: Settings, fees: readonly Fee[]) => feeAccount(factsWith(settingsOf), records(fees), student())?.steps;

  test('what need not be paid for days of absence is taken off what is still owed', () => {
    expect(steps({ refund_way: '按天', refund_unit: 3 }, [fee({}), fee({ month: '2026-11', days_absent: 8, paid: 0 })])).toEqual([
      '应缴合计：60 + 60 = 120元',
      '因缺席少收：24元',
      '尚需缴纳：120 − 24 − 60 = 36元',
    ]);
  });

  test('a refund that the school has to decide is said to be open', () => {
    expect(steps({ refund_way: '满半月退半' }, [fee({ days_absent: 9 })])).toEqual([
      '应缴合计：60元',
      '2026年10月的退费由学校核定后另行告知。',
      '尚需缴纳：60 − 60 = 0元',
    ]);
  });

  test('whoever has paid too much is told so, and owes nothing', () => {
    expect(steps({}, [fee({ paid: 80 })])?.at(-1)).toBe('尚需缴纳：60 − 80 = −20元，多缴的部分由学校结算');
    expect(feeAccount(facts, records([fee({ paid: 80 })]), student())?.payable).toBe('0元');
  });

  const next = fee({ month: '2026-11', paid: 0 });
  test.each<[string, readonly Fee[], string, string]>([
    [
      'handed back: it counts as paid no more',
      [fee({ paid: 120, refund: 60, refund_reason: '多收', refund_method: '原路退回' }), next],
      '退费合计：60元，其中退还多缴的60元',
      '尚需缴纳：120 − 120 + 60 = 60元',
    ],
    [
      'set off: it is taken off once',
      [fee({ paid: 120, refund: 60, refund_reason: '多收', refund_method: '抵扣下期' }), next],
      '退费合计：60元，其中抵扣下期60元',
      '尚需缴纳：120 − 120 = 0元',
    ],
    [
      'freed after it had paid',
      [fee({ waived: 60, refund: 60, refund_reason: '多收', refund_method: '现金签领' })],
      '退费合计：60元，其中退还多缴的60元',
      '尚需缴纳：60 − 60 − 60 + 60 = 0元',
    ],
    ['no reason is given', [fee({ paid: 80, refund: 20 })], '退费合计：20元，其中退还多缴的20元', '尚需缴纳：60 − 80 + 20 = 0元'],
    [
      'a month without service',
      [fee({ refund: 60, refund_reason: '停课', refund_method: '原路退回' }), next],
      '退费合计：60元',
      '尚需缴纳：120 − 60 = 60元',
    ],
  ])('what was paid too much and comes back: %s', (_case, fees, back, last) => {
    expect(steps({}, fees)?.slice(-2)).toEqual([back, last]);
  });

  test('whatever is due, waived, paid and missed, each month is charged once: paid and still owed less what comes back is the fee less its reductions', () => {
    const [dues, waiveds, paids, absents] = [
      [0, 60, 59.9],
      [0, 30, 60],
      [0, 20.05, 60, 75],
      [0, 1, 8, 17, 18],
    ];
    for (const way of ['按天', '按课时', '不足半月收半', '满半月退半'] as const)
      for (const due of dues)
        for (const waived of waiveds.filter((sum) => sum <= due))
          for (const paid of paids)
            for (const days_absent of absents) {
              const account = feeAccount(
                factsWith({ refund_way: way, refund_unit: 3.35 }),
                records([fee({ due, waived, paid, days_absent })]),
                student(),
              );
              const [back, owing] = [account?.totals.refund, account?.payable].map((text) => Number.parseFloat(text ?? ''));
              const charged = paid + (owing as number) - (back as number);
              expect(charged, `${way} ${due} ${waived} ${paid} ${days_absent}`).toBeGreaterThanOrEqual(-0.001);
              // Nobody pays more in the end than the month costs, but for what was paid too much from the start.
              expect(charged).toBeLessThanOrEqual(Math.max(due - waived, paid) + 0.001);
              expect(back).toBeLessThanOrEqual(paid);
            }
  });
});

describe('what the school has left open in its fee sheet', () => {
  test('the rate stands for the sum due, else the plan’s, and a recognised waiver is worked out', () => {
    const account = feeAccount(
      factsWith({ waiver_shares: ['农村低保 50%'] }),
      records([fee({ due: null, rate: 50, waived: null, paid: null }), fee({ month: '2026-11', due: null, waived: null, paid: null })]),
      recognised('农村低保'),
    );
    expect(account?.steps).toEqual(['应缴合计：50 + 60 = 110元', '减免合计：25 + 30 = 55元', '尚需缴纳：110 − 55 − 0 = 55元']);
  });

  const byLesson = { plan: { ...plan, fee_unit: '元/生·课时', fee_rate: 2.95 } as typeof plan };
  test('a rate by lessons is no sum of a month: what is not entered is said to be open, and asks for nothing', () => {
    const open = fee({ due: null, rate: 2.95, paid: null });
    expect(feeAccount(factsWith({}, byLesson), records([open]), student())).toMatchObject({
      months: [{ due: '待核定' }],
      totals: { due: '待核定' },
      steps: ['2026年10月的应缴金额由学校核定后另行告知。'],
      payable: null,
    });
    expect(owes(factsWith({}, byLesson), records([open]), student())).toBe(false);
    expect(feeAccount(factsWith({}, byLesson), records([open, fee({ month: '2026-11', due: 59, paid: 0 })]), student())?.steps).toEqual([
      '2026年10月的应缴金额由学校核定后另行告知，不在下面的算式里。',
      '应缴合计：59元',
      '尚需缴纳：59 − 0 = 59元',
    ]);
  });

  test('a fee for the term is the sum of its only row, and of no month', () => {
    const byTerm = factsWith({}, { plan: { ...plan, fee_unit: '元/生·学期', fee_rate: 270 } as typeof plan });
    const row = fee({ due: null, paid: null });
    expect(feeAccount(byTerm, records([row]), student())?.payable).toBe('270元');
    expect(feeAccount(byTerm, records([row, fee({ month: '2026-11', due: null, paid: null })]), student())?.payable).toBeNull();
  });

  test('a cancelled month counts for nothing', () => {
    expect(feeAccount(facts, records([fee({ state: '已取消' })]), student())).toBeNull();
  });
});
