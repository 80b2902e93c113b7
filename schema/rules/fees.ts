/**
 * Arithmetic of fees: units, lump sums, refunds. Yuan with two decimals. Pure; it never says what is allowed.
 */
import type { RefundMethod, TermRow } from './types.ts';

export const yuan = (amount: number): number => Math.round(amount * 100) / 100;
/** `270 元`, `3.36 元`. */
export const inYuan = (amount: number): string => `${yuan(amount)} 元`;

/** What a fee per lesson, hour or term is turned into a month with. */
export interface MonthBasis {
  /** Days of service in the month. */
  readonly days: number;
  /** Minutes of service a day. */
  readonly minutes: number;
  /** Minutes of one lesson; 40 in primary and 45 in junior school elsewhere (S20). */
  readonly lessonMinutes: number;
  /** Months that are charged in the term. */
  readonly months: number;
}

/** A standard in any of the four units of T1 #22 as yuan per student and month; null where the unit is unknown. */
export const monthlyFee = (rate: number, unit: string, basis: MonthBasis): number | null => {
  const perDay = { '元/生·课时': Math.floor(basis.minutes / basis.lessonMinutes), '元/生·小时': basis.minutes / 60 }[unit];
  if (unit === '元/生·月') return rate;
  if (unit === '元/生·学期') return basis.months > 0 ? yuan(rate / basis.months) : null;
  return perDay === undefined ? null : yuan(rate * perDay * basis.days);
};

const day = 86_400_000;

/**
 * Months that a term is charged for, in halves: 计费月数, or the half month more that the days of service make
 * (60 元 × 4.5 月 = 270 元 a term, S10).
 */
export const chargedMonths = (term: Pick<TermRow, 'months' | 'starts_on' | 'ends_on' | 'service_starts_on' | 'service_ends_on'>): number => {
  const [from, to] = [term.service_starts_on ?? term.starts_on, term.service_ends_on ?? term.ends_on];
  const days = (Date.parse(to) - Date.parse(from)) / day + 1;
  const halves = Math.ceil((days / 365.25) * 24) / 2;
  if (!term.months) return halves;
  return halves - term.months === 0.5 ? halves : term.months;
};

/** How many months one payment stands for: 270 at 60 a month is 4.5; 1 where it is no whole number of half months. */
export const monthsPaid = (amount: number, rate: number | null): number => {
  if (!rate || rate <= 0 || amount <= rate) return 1;
  const halves = (amount / rate) * 2;
  return Math.abs(halves - Math.round(halves)) < 0.001 ? Math.round(halves) / 2 : 1;
};

/** What a refund is worked out from. */
export interface RefundCase {
  /** Paid for the month, or for the whole term with 学期比例. */
  readonly paid: number;
  /** Days of service in the month. */
  readonly days: number;
  /** Days of them that the child had no service. */
  readonly absent: number;
  /** Lessons a day. */
  readonly lessons: number;
  /** Months of the term that had begun when the child left. */
  readonly monthsBegun: number;
}

/** 南京: whoever leaves within three months gets half back (S20). */
const shareMonths = 3;
const share = 0.5;

/** The refund by each formula of DOMAIN 1.8 (S20, S26). */
const formulas = {
  // 鄂州、武汉:按天退。
  按天: ({ paid, days, absent }) => (paid * Math.min(absent, days)) / days,
  // 大埔、都昌:按实际课时结算,多退少补。
  按课时: ({ paid, days, absent, lessons }) => (paid / (days * lessons)) * Math.min(absent, days) * lessons,
  // 海口、梧州:不足半月不退,满半月退半月,满月退一月。
  半月: ({ paid, days, absent }) => (absent >= days ? paid : absent * 2 >= days ? paid / 2 : 0),
  // 南京:3 个月内退出退 50%。
  学期比例: ({ paid, monthsBegun }) => (monthsBegun <= shareMonths ? paid * share : 0),
} satisfies { [K in RefundMethod]: (one: RefundCase) => number };

/** Yuan to give back; 0 where there were no days to serve. */
export const refundDue = (method: RefundMethod, one: RefundCase): number =>
  one.days > 0 && one.lessons > 0 && one.paid > 0 ? yuan(formulas[method](one)) : 0;
