/**
 * What is paid back, after the way that the county has chosen (DOMAIN 1.8). Pure; without a way nothing is worked out, and what the
 * school has entered always counts.
 */
import type { RefundWay } from '../../schema/vocabulary.ts';
import type { Facts, FeeRow, Records, Student } from './facts.ts';
import { inCents, yuan } from './wording.ts';

/**
 * `sum` is what the family gets back of what it has paid; `less` is what it need not pay any more of what it still owes. `how` says how
 * they come about. `open`: somebody has to decide first.
 */
export interface Refund {
  readonly sum: number;
  readonly less: number;
  readonly how: string;
  readonly open?: true;
}

/** A fee of a month: due after its waiver, and what was paid of it. */
export interface Charged {
  readonly owed: number;
  readonly paid: number;
}

interface Case {
  readonly facts: Facts;
  readonly row: FeeRow;
  /** The month's fee after its waiver. */
  readonly owed: number;
  readonly absent: number;
  readonly junior: boolean;
  /** School days of the month with service. */
  readonly days: number;
}

/** What is taken off the month's fee; null: it is to be decided by the school. */
interface Reduction {
  readonly off: number | null;
  readonly how: string;
}

const known = (value: unknown): number | null => (value === null || value === undefined || value === '' ? null : Number(value));

const perUnit =
  (word: string) =>
  ({ facts: { settings }, junior, absent, owed }: Case): Reduction | null => {
    const unit = (junior ? known(settings.refund_unit_junior) : null) ?? known(settings.refund_unit);
    if (unit === null) return null;
    const full = inCents(unit * absent);
    const most = full > owed ? `，以当月应收${yuan(owed)}元为限` : '';
    return { off: Math.min(full, owed), how: `缺席${absent}${word} × ${yuan(unit)}元/${word} = ${yuan(full)}元${most}` };
  };

/** Nothing was served at all: nothing is charged (R-F8). */
const allOff = ({ owed, days }: Case): Reduction => ({ off: owed, how: `当月${days}个上课日全部缺席，当月不收` });

const ways: Readonly<Record<Exclude<RefundWay, '学期比例'>, (of: Case) => Reduction | null>> = {
  按天: perUnit('天'),
  按课时: perUnit('课时'),
  不足半月收半: (of) => {
    if (of.days === 0) return null;
    if (of.absent >= of.days) return allOff(of);
    const served = of.days - of.absent;
    if (served * 2 >= of.days) return null;
    const off = inCents(of.owed / 2);
    return { off, how: `当月${of.days}个上课日服务${served}天，不足一半，收一半：${yuan(of.owed)}元 ÷ 2 = ${yuan(off)}元` };
  },
  // Half a month in a row (DOMAIN 1.8): the records count days and do not say which, so only the school can tell.
  满半月退半: (of) => {
    if (of.days === 0) return null;
    if (of.absent >= of.days) return allOff(of);
    return of.absent * 2 >= of.days ? { off: null, how: `当月${of.days}个上课日缺席${of.absent}天，是否连续满半月由学校核定` } : null;
  },
};

/** Whether the school itself has entered what comes back of this month. */
export const isEntered = (row: FeeRow): boolean => known(row.refund) !== null;

/** A reduction takes first what is not paid yet, and gives back the rest. */
const shareOut = ({ off, how }: Reduction, { owed, paid }: Charged): Refund => {
  if (off === null) return { sum: 0, less: 0, how, open: true };
  const less = Math.min(off, Math.max(0, inCents(owed - paid)));
  return { sum: inCents(off - less), less, how };
};

/** The refund of one month. `daysOf` counts the school days of a month that had service. */
export const refundOf = (
  facts: Facts,
  student: Pick<Student, 'grade'>,
  row: FeeRow,
  charged: Charged,
  daysOf: (month: string) => number,
): Refund | null => {
  if (isEntered(row)) return { sum: Number(row.refund), less: 0, how: '' };
  const way = facts.settings.refund_way as RefundWay | null;
  if (!way || way === '学期比例' || !row.days_absent || charged.owed === 0) return null;
  const { owed } = charged;
  const reduction = ways[way]({ facts, row, owed, absent: row.days_absent, junior: student.grade >= 7, days: daysOf(row.month) });
  return reduction && shareOut(reduction, charged);
};

const addMonths = (day: string, count: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + count + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10);
};

/** The share of the whole term that a child gets back who has left early enough; null for every other way and child. */
export const termRefund = ({ settings, term }: Facts, { enrolment, fees }: Records, paid: number): Refund | null => {
  if (settings.refund_way !== '学期比例' || fees.some(isEntered)) return null;
  const [share, within] = [known(settings.refund_share), known(settings.refund_within_months)];
  const left = enrolment?.state === '中途退出' ? enrolment.left_on : null;
  if (share === null || within === null || !left || paid === 0) return null;
  if (left > addMonths(term.service_starts_on ?? term.starts_on, within)) return null;
  return { sum: inCents((paid * share) / 100), less: 0, how: `开课后${within}个月内退出，退已缴${yuan(paid)}元的${share}%` };
};
