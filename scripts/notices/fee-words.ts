/**
 * What a family owes, with its arithmetic: the school's rate, the county's waivers and refunds, and what is on record.
 * Pure; makes up no rule: what the county has not decided is left to the school and said so.
 */
import { calendarOf } from '../rules/calendar.ts';
import type { Facts, FeeRow, Records, Student } from './facts.ts';
import { isEntered, type Refund, refundOf, termRefund } from './refunds.ts';
import { inCents, yuan } from './wording.ts';

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

/** What a recognised kind is spared: a share of the fee in per cent, or yuan for each unit of it. */
export type Waiver = { readonly share: number } | { readonly yuan: number };

/** From the county's lines (`城市低保 50%`, `残疾学生 30元`); null when nobody has decided it. */
export const waiverOf = (kind: string | null, lines: readonly string[] | null): Waiver | null => {
  if (kind === null) return null;
  for (const line of lines ?? []) {
    const [, name, figure, unit] = /^\s*(.+?)\s*[:：]?\s*(\d{1,4}(?:\.\d{1,2})?)\s*([%％元]?)\s*$/.exec(line) ?? [];
    if (name !== kind) continue;
    if (unit === '元') return { yuan: Number(figure) };
    if (Number(figure) <= 100) return { share: Number(figure) };
  }
  return freeKinds.includes(kind) ? { share: 100 } : null;
};

/** Of a sum that holds so many units (months). */
const spared = (waiver: Waiver, sum: number, units: number): number =>
  'share' in waiver ? inCents((sum * waiver.share) / 100) : Math.min(sum, inCents(waiver.yuan * units));

const waiverWord = (waiver: Waiver, per: string): string => ('share' in waiver ? `减免${waiver.share}%` : `每${per}减免${yuan(waiver.yuan)}元`);

const isRecognised = ({ waiver_state }: Pick<Student, 'waiver_state'>): boolean => waiver_state === '已认定';

/** What the whole term costs, as far as it is known beforehand. */
const termSum = ({ plan, term }: Facts): { per: string; total: number | null; sum: string; units: number } => {
  const rate = Number(plan?.fee_rate ?? 0);
  const per = (plan?.fee_unit ?? '').split('·')[1] ?? '';
  const months = Number(term.months ?? 0);
  if (per === '月') {
    const total = inCents(rate * months);
    return { per, total, sum: `${yuan(rate)}元 × ${months}个月 = ${yuan(total)}元`, units: months };
  }
  if (per === '学期') return { per, total: rate, sum: `${yuan(rate)}元`, units: 1 };
  return { per, total: null, sum: `${yuan(rate)}元 × 实际服务${per}数，据实结算`, units: 1 };
};

/** The fee of one student for the term, before anything is paid. */
export const feeOf = (facts: Facts, student: Pick<Student, 'waiver_kind' | 'waiver_state'>): Fee => {
  const { plan, settings } = facts;
  const standard = `${yuan(Number(plan?.fee_rate ?? 0))}${plan?.fee_unit ?? ''}`;
  const { per, total, sum, units } = termSum(facts);
  if (!isRecognised(student)) return { standard, arithmetic: sum, amount: total === null ? null : `${yuan(total)}元`, waived: null };
  const waiver = waiverOf(student.waiver_kind, settings.waiver_shares);
  if (waiver === null) return { standard, arithmetic: sum, amount: null, waived: '您的孩子已按减免办法认定，减免后的应缴金额由学校核定后单独告知。' };
  const free = total === null ? 'share' in waiver && waiver.share === 100 : spared(waiver, total, units) === total;
  if (free)
    return {
      standard,
      arithmetic: total === null ? '已认定免收' : `${sum}，免收${yuan(total)}元`,
      amount: '0元',
      waived: '您的孩子已按减免办法认定，本学期免收。',
    };
  const words = waiverWord(waiver, per);
  const less = total === null ? null : spared(waiver, total, units);
  return {
    standard,
    arithmetic: less === null ? `${sum}，${words}` : `${sum}，${words}即${yuan(less)}元`,
    amount: less === null || total === null ? null : `${yuan(inCents(total - less))}元`,
    waived: `您的孩子已按减免办法认定，${words}。`,
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
  /** The last month that is counted, `2026年11月`. */
  readonly until: string;
  /** `60元`, `0元`; null where no month's fee is known yet. */
  readonly payable: string | null;
}

interface Settled {
  readonly row: FeeRow;
  /** Null where neither the school nor its rate says what the month costs. */
  readonly due: number | null;
  readonly waived: number;
  readonly paid: number;
  readonly refund: Refund | null;
}

const add = (rows: readonly Settled[], of: (one: Settled) => number): number => inCents(rows.reduce((sum, row) => sum + of(row), 0));
const dueSum = ({ due }: Settled): number => due ?? 0;
const refundSum = ({ refund }: Settled): number => refund?.sum ?? 0;
/** Of a refund, what had been paid beyond the fee: it lowers no fee, and once it is paid out the family has paid that much less. */
const overpaidSum = ({ row, due, waived, paid, refund }: Settled): number => {
  if (row.refund_reason === '多收') return refund?.sum ?? 0;
  return row.refund_reason || !isEntered(row) ? 0 : Math.min(Number(row.refund), Math.max(0, inCents(paid - Math.max(0, (due ?? 0) - waived))));
};
const setOffSum = (one: Settled): number => (one.row.refund_method === '抵扣下期' ? refundSum(one) : 0);
const lessSum = ({ refund }: Settled): number => refund?.less ?? 0;

const monthWord = (month: string): string => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;

const cancelled = (row: FeeRow): boolean => row.state === '已取消';

/**
 * What a row costs where the school has not entered it: its rate, else the plan's, where that is by the month, or by the term and this is its
 * only row. A rate by lessons or hours says nothing of the sum.
 */
const dueOf = ({ plan }: Facts, row: FeeRow, isOnly: boolean): number | null => {
  if (row.due !== null && row.due !== undefined) return Number(row.due);
  const unit = plan?.fee_unit ?? '元/生·月';
  const rate = unit === '元/生·月' || (unit === '元/生·学期' && isOnly) ? (row.rate ?? plan?.fee_rate) : null;
  return rate === null || rate === undefined ? null : Number(rate);
};

const waivedOf = ({ settings }: Facts, student: Pick<Student, 'waiver_kind' | 'waiver_state'>, row: FeeRow, due: number): number => {
  if (row.waived !== null && row.waived !== undefined) return Number(row.waived);
  const waiver = isRecognised(student) ? waiverOf(student.waiver_kind, settings.waiver_shares) : null;
  return waiver ? spared(waiver, due, 1) : 0;
};

const noteOf = ({ row, refund }: Settled): string =>
  [
    row.refund_reason ? `退费：${row.refund_reason}` : '',
    refund?.how ?? '',
    refund?.less ? `未缴部分少收${yuan(refund.less)}元` : '',
    row.refund_method ?? '',
  ]
    .filter((part) => part !== '')
    .join('，');

/** School days of a month on which there was service, for ways of refund that go by halves of a month. */
const serviceDays = ({ term, settings }: Facts): ((month: string) => number) => {
  const calendar = calendarOf(term, settings, 'Asia/Shanghai');
  const [from, to] = [term.service_starts_on ?? term.starts_on, term.service_ends_on ?? term.ends_on];
  return (month) => calendar.schoolDays(month).filter((day) => day >= from && day <= to).length;
};

/** `60 + 60 = 120元`; a single figure stands alone. */
const sumText = (parts: readonly number[], total: number): string =>
  parts.length > 1 ? `${parts.map(yuan).join(' + ')} = ${yuan(total)}元` : `${yuan(total)}元`;

const oneSum = (sum: number): string => `${yuan(sum)}元`;

const settle = (facts: Facts, rows: readonly FeeRow[], student: Student): Settled[] => {
  const daysOf = serviceDays(facts);
  return rows.map((row): Settled => {
    const due = dueOf(facts, row, rows.length === 1);
    const paid = Number(row.paid ?? 0);
    const waived = waivedOf(facts, student, row, due ?? 0);
    const owed = Math.max(0, inCents((due ?? 0) - waived));
    return { row, due, waived, paid, refund: refundOf(facts, student, row, { owed, paid }, daysOf) };
  });
};

/** The arithmetic of the months whose fee is known: its sums, and what is left in the end. */
const balanceOf = (settled: readonly Settled[], ofTerm: Refund | null) => {
  const [due, waived, less, paid] = [add(settled, dueSum), add(settled, (one) => one.waived), add(settled, lessSum), add(settled, (one) => one.paid)];
  const refunds = [...settled.map(refundSum), ofTerm?.sum ?? 0];
  const refund = inCents(refunds.reduce((sum, one) => sum + one, 0));
  const setOff = add(settled, setOffSum);
  const overpaid = add(settled, overpaidSum);
  // What had been paid too much and is set off stands in what was paid, and is not taken off twice.
  const kept = add(settled, (one) => Math.min(setOffSum(one), overpaidSum(one)));
  const [off, back] = [inCents(setOff - kept), inCents(overpaid - kept)];
  const left = inCents(due - waived - less - paid - off + back);
  const minus = [...(waived > 0 ? [waived] : []), ...(less > 0 ? [less] : []), paid, ...(off > 0 ? [off] : [])];
  const sum = `${[due, ...minus].map(yuan).join(' − ')}${back > 0 ? ` + ${yuan(back)}` : ''}`;
  const of = [...(setOff > 0 ? [`抵扣下期${oneSum(setOff)}`] : []), ...(back > 0 ? [`退还多缴的${oneSum(back)}`] : [])].join('、');
  const parts = (list: readonly number[]): number[] => list.filter((one) => one > 0);
  return {
    sums: [
      `应缴合计：${sumText(settled.map(dueSum), due)}`,
      ...(waived > 0 ? [`减免合计：${sumText(parts(settled.map((one) => one.waived)), waived)}`] : []),
      ...(less > 0 ? [`因缺席少收：${sumText(parts(settled.map(lessSum)), less)}`] : []),
      ...(ofTerm ? [`退费：${ofTerm.how}，即${oneSum(ofTerm.sum)}`] : []),
      ...(refund > 0 ? [`退费合计：${sumText(parts(refunds), refund)}${of ? `，其中${of}` : ''}`] : []),
    ],
    end: [`尚需缴纳：${sum} = ${left < 0 ? `−${oneSum(-left)}，多缴的部分由学校结算` : oneSum(left)}`],
    payable: oneSum(Math.max(0, left)),
  };
};

/** Everything on record of this term's fee; null when the school has not entered any month yet. */
export const feeAccount = (facts: Facts, records: Records, student: Student): FeeAccount | null => {
  const rows = records.fees.filter((row) => !cancelled(row));
  if (rows.length === 0) return null;
  const settled = settle(facts, rows, student);
  const paid = add(settled, (one) => one.paid);
  const ofTerm = termRefund(facts, records, paid);
  const open = settled.filter(({ refund }) => refund?.open).map(({ row }) => monthWord(row.month));
  const unknown = settled.filter(({ due }) => due === null);
  const known = settled.filter(({ due }) => due !== null);
  const balance = known.length > 0 ? balanceOf(known, ofTerm) : null;
  const others = balance ? '，不在下面的算式里' : '';
  return {
    months: settled.map((month) => ({
      month: monthWord(month.row.month),
      due: month.due === null ? '待核定' : oneSum(month.due),
      waived: oneSum(month.waived),
      paid: oneSum(month.paid),
      refund: oneSum(refundSum(month)),
      note: noteOf(month),
    })),
    totals: {
      due: known.length > 0 ? oneSum(add(known, dueSum)) : '待核定',
      waived: oneSum(add(settled, (one) => one.waived)),
      paid: oneSum(paid),
      refund: oneSum(inCents(add(settled, refundSum) + (ofTerm?.sum ?? 0))),
    },
    steps: [
      ...(unknown.length > 0 ? [`${unknown.map(({ row }) => monthWord(row.month)).join('、')}的应缴金额由学校核定后另行告知${others}。`] : []),
      ...(balance?.sums ?? []),
      ...(open.length > 0 ? [`${open.join('、')}的退费由学校核定后另行告知。`] : []),
      ...(balance?.end ?? []),
    ],
    until: known.map(({ row }) => monthWord(row.month)).at(-1) ?? '',
    payable: balance?.payable ?? null,
  };
};

/** Whether something is still to be paid, for the filter 应缴未缴. */
export const owes = (facts: Facts, records: Records, student: Student): boolean => {
  const account = feeAccount(facts, records, student);
  return account !== null && account.payable !== null && account.payable !== '0元';
};
