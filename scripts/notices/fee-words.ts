/**
 * What a family owes, with its arithmetic: the school's rate, the county's waivers and refunds, and what is on record.
 * Pure; makes up no rule: what the county has not decided is left to the school and said so.
 */
import type { Facts, FeeRow, Records, Student } from './facts.ts';
import { yuan } from './wording.ts';

export interface Fee {
  /** `60元/生·月` */
  readonly standard: string;
  /** `60元 × 4个月 = 240元`, or how it is settled where the sum is not known beforehand. */
  readonly arithmetic: string;
  /** What this family would pay, where it is known: `240元`, `0元`. */
  readonly amount: string | null;
  /** Said to this family only; never on a class list. */
  readonly waived: string | null;
}

/** Freed of the fee by S01 (原建档立卡家庭子女). The shares of other kinds are the county's to set (县级参数「减免比例」). */
const freeKinds = ['脱贫户'];

/** The share of the fee that a recognised kind is spared, in per cent; null when nobody has decided it. */
export const waiverShare = (kind: string | null, lines: readonly string[] | null): number | null => {
  if (kind === null) return null;
  for (const line of lines ?? []) {
    const [, name, share] = /^\s*(.+?)\s*[:：]?\s*(\d{1,3})\s*[%％]?\s*$/.exec(line) ?? [];
    if (name === kind && Number(share) <= 100) return Number(share);
  }
  return freeKinds.includes(kind) ? 100 : null;
};

const inCents = (sum: number): number => Math.round(sum * 100) / 100;

/** The fee of one student for the term, before anything is paid. */
export const feeOf = ({ plan, term, settings }: Facts, student: Pick<Student, 'waiver_kind' | 'waiver_state'>): Fee => {
  const rate = Number(plan?.fee_rate ?? 0);
  const unit = plan?.fee_unit ?? '';
  const standard = `${yuan(rate)}${unit}`;
  const per = unit.split('·')[1] ?? '';
  const months = term.months ?? 0;
  const total = per === '月' ? inCents(rate * months) : per === '学期' ? rate : null;
  const sum =
    total === null
      ? `${yuan(rate)}元 × 实际服务${per}数，据实结算`
      : per === '月'
        ? `${yuan(rate)}元 × ${months}个月 = ${yuan(total)}元`
        : `${yuan(total)}元`;
  if (student.waiver_state !== '已认定') return { standard, arithmetic: sum, amount: total === null ? null : `${yuan(total)}元`, waived: null };
  const share = waiverShare(student.waiver_kind, settings.waiver_shares);
  if (share === null) return { standard, arithmetic: sum, amount: null, waived: '您的孩子已按减免办法认定，减免后的应缴金额由学校核定后单独告知。' };
  if (share === 100)
    return {
      standard,
      arithmetic: total === null ? '已认定免收' : `${sum}，免收${yuan(total)}元`,
      amount: '0元',
      waived: '您的孩子已按减免办法认定，本学期免收。',
    };
  const spared = total === null ? null : inCents((total * share) / 100);
  return {
    standard,
    arithmetic: spared === null || total === null ? `${sum}，减免${share}%` : `${sum}，减免${share}%即${yuan(spared)}元`,
    amount: spared === null || total === null ? null : `${yuan(inCents(total - spared))}元`,
    waived: `您的孩子已按减免办法认定，减免${share}%。`,
  };
};

export interface FeeMonth {
  readonly month: string;
  readonly due: string;
  readonly waived: string;
  readonly paid: string;
  readonly refund: string;
  readonly note: string;
}

export interface FeeAccount {
  readonly months: readonly FeeMonth[];
  readonly totals: Omit<FeeMonth, 'month' | 'note'>;
  /** How the sum comes about, one step a line. */
  readonly steps: readonly string[];
  /** `60元`, `0元` */
  readonly payable: string;
}

const add = (rows: readonly FeeRow[], field: 'due' | 'waived' | 'paid' | 'refund'): number =>
  inCents(rows.reduce((sum, row) => sum + Number(row[field] ?? 0), 0));

const refundOf = (row: FeeRow, perDay: number | null): number =>
  row.refund !== null && row.refund !== undefined
    ? Number(row.refund)
    : perDay !== null && row.days_absent
      ? inCents(Math.min(perDay * row.days_absent, Number(row.paid ?? 0)))
      : 0;

const monthWord = (month: string): string => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;

const noteOf = (row: FeeRow, perDay: number | null): string =>
  [
    row.refund_reason ? `退费：${row.refund_reason}` : '',
    perDay !== null && row.days_absent && (row.refund === null || row.refund === undefined) ? `缺席${row.days_absent}天 × ${yuan(perDay)}元/天` : '',
    row.refund_method ?? '',
  ]
    .filter((part) => part !== '')
    .join('，');

const cancelled = (row: FeeRow): boolean => row.state === '已取消';

/** Everything on record of this term's fee; null when the school has not entered any month yet. */
export const feeAccount = (facts: Facts, { fees }: Records): FeeAccount | null => {
  const rows = fees.filter((row) => !cancelled(row));
  if (rows.length === 0) return null;
  const perDay = facts.settings.refund_per_day === null || facts.settings.refund_per_day === undefined ? null : Number(facts.settings.refund_per_day);
  const settled = rows.map((row) => ({ ...row, refund: refundOf(row, perDay) }));
  const [due, waived, paid, refund] = [add(settled, 'due'), add(settled, 'waived'), add(settled, 'paid'), add(settled, 'refund')];
  const setOff = add(
    settled.filter((row) => row.refund_method === '抵扣下期'),
    'refund',
  );
  const payable = Math.max(0, inCents(due - waived - paid - setOff));
  const one = (sum: number) => `${yuan(sum)}元`;
  return {
    months: settled.map((row, index) => ({
      month: monthWord(row.month),
      due: one(Number(row.due ?? 0)),
      waived: one(Number(row.waived ?? 0)),
      paid: one(Number(row.paid ?? 0)),
      refund: one(row.refund),
      note: noteOf(rows[index] as FeeRow, perDay),
    })),
    totals: { due: one(due), waived: one(waived), paid: one(paid), refund: one(refund) },
    steps: [
      `应缴合计：${settled.map((row) => yuan(Number(row.due ?? 0))).join(' + ')} = ${one(due)}`,
      ...(waived > 0 ? [`减免合计：${one(waived)}`] : []),
      ...(refund > 0 ? [`退费合计：${one(refund)}${setOff > 0 ? `，其中抵扣下期${one(setOff)}` : ''}`] : []),
      `尚需缴纳：${[yuan(due), ...(waived > 0 ? [yuan(waived)] : []), yuan(paid), ...(setOff > 0 ? [yuan(setOff)] : [])].join(' − ')} = ${one(payable)}`,
    ],
    payable: one(payable),
  };
};

/** Whether something is still to be paid, for the filter 应缴未缴. */
export const owes = (facts: Facts, records: Records): boolean => {
  const account = feeAccount(facts, records);
  return account !== null && account.payable !== '0元';
};
