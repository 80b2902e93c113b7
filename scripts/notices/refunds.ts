/**
 * What is paid back, after the way that the county has chosen (DOMAIN 1.8). Pure; without a way nothing is worked out, and what the
 * school has entered always counts.
 */
import type { RefundWay } from '../../schema/vocabulary.ts';
import type { Facts, FeeRow, Records, Student } from './facts.ts';
import { inCents, yuan } from './wording.ts';

/** `sum` and how it comes about; null where there is nothing to work out. */
export interface Refund {
  readonly sum: number;
  readonly how: string;
}

interface Case {
  readonly facts: Facts;
  readonly row: FeeRow;
  /** What the family has paid for the month. */
  readonly paid: number;
  readonly absent: number;
  readonly junior: boolean;
  /** School days of the month with service. */
  readonly days: number;
}

const known = (value: unknown): number | null => (value === null || value === undefined || value === '' ? null : Number(value));

const perUnit =
  (word: string) =>
  ({ facts: { settings }, junior, absent, paid }: Case): Refund | null => {
    const unit = (junior ? known(settings.refund_unit_junior) : null) ?? known(settings.refund_unit);
    if (unit === null) return null;
    const full = inCents(unit * absent);
    const most = full > paid ? `，以已缴${yuan(paid)}元为限` : '';
    return { sum: Math.min(full, paid), how: `缺席${absent}${word} × ${yuan(unit)}元/${word} = ${yuan(full)}元${most}` };
  };

/** Nothing was served at all: nothing is charged (R-F8). */
const allBack = ({ paid, days }: Case): Refund => ({ sum: paid, how: `当月${days}个上课日全部缺席，全退` });

const halfBack = (paid: number, why: string): Refund => ({ sum: inCents(paid / 2), how: `${why}，退一半` });

const ways: Readonly<Record<Exclude<RefundWay, '学期比例'>, (of: Case) => Refund | null>> = {
  按天: perUnit('天'),
  按课时: perUnit('课时'),
  不足半月收半: (of) => {
    if (of.days === 0) return null;
    if (of.absent >= of.days) return allBack(of);
    const served = of.days - of.absent;
    return served * 2 < of.days ? halfBack(of.paid, `当月${of.days}个上课日服务${served}天，不足一半`) : null;
  },
  满半月退半: (of) => {
    if (of.days === 0) return null;
    if (of.absent >= of.days) return allBack(of);
    return of.absent * 2 >= of.days ? halfBack(of.paid, `当月${of.days}个上课日缺席${of.absent}天，满半月`) : null;
  },
};

const entered = (row: FeeRow): boolean => known(row.refund) !== null;

/** The refund of one month. `daysOf` counts the school days of a month that had service. */
export const refundOf = (
  facts: Facts,
  student: Pick<Student, 'grade'>,
  row: FeeRow,
  paid: number,
  daysOf: (month: string) => number,
): Refund | null => {
  if (entered(row)) return { sum: Number(row.refund), how: '' };
  const way = facts.settings.refund_way as RefundWay | null;
  if (!way || way === '学期比例' || !row.days_absent || paid === 0) return null;
  return ways[way]({ facts, row, paid, absent: row.days_absent, junior: student.grade >= 7, days: daysOf(row.month) });
};

const addMonths = (day: string, count: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + count + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10);
};

/** The share of the whole term that a child gets back who has left early enough; null for every other way and child. */
export const termRefund = ({ settings, term }: Facts, { enrolment, fees }: Records, paid: number): Refund | null => {
  if (settings.refund_way !== '学期比例' || fees.some(entered)) return null;
  const [share, within] = [known(settings.refund_share), known(settings.refund_within_months)];
  const left = enrolment?.state === '中途退出' ? enrolment.left_on : null;
  if (share === null || within === null || !left || paid === 0) return null;
  if (left > addMonths(term.service_starts_on ?? term.starts_on, within)) return null;
  return { sum: inCents((paid * share) / 100), how: `开课后${within}个月内退出，退已缴${yuan(paid)}元的${share}%` };
};
