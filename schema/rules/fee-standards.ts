/**
 * What a school may charge and what it has posted: the approved fee of a grade, the standards put down, charges above them.
 */
import { monthOf, monthsBetween } from '../months.ts';
import { evidence } from './causes.ts';
import type { RuleRow } from './columns.ts';
import { firstJuniorGrade, minutesBetween, overCap } from './facts.ts';
import { chargedMonths, type MonthBasis, monthsPaid, yuan } from './fees.ts';
import { chargedBy } from './school-index.ts';
import type { Evidence, RuleContext } from './types.ts';

export type Fee = RuleRow<'fees'>;

const juniorOnly = ['初中', '完全中学初中部'];
const bothParts = ['九年一贯制', '十二年一贯制', '特殊教育'];

/** The fee that was approved for a grade, yuan a month; null where the county has set none. */
export const capFor = (context: RuleContext, grade: number | null): number | null => {
  const { fee_cap_primary: primary, fee_cap_junior: junior } = context.settings;
  if (grade !== null) return grade >= firstJuniorGrade ? junior : primary;
  if (juniorOnly.includes(context.school.type)) return junior;
  // One standard for a school of both parts: it may be that of the part that costs more.
  return bothParts.includes(context.school.type) && primary !== null && junior !== null ? Math.max(primary, junior) : primary;
};

/** What turns a posted standard into a month: days of the return, minutes of the plan. */
export const basisOf = (context: RuleContext, month: string, lessonMinutes: number): MonthBasis => {
  const { plan } = context.index;
  const planned = plan?.winter_start && plan.winter_end ? minutesBetween(plan.winter_start, plan.winter_end) : null;
  const report = context.index.reports.get(month);
  return {
    days: report?.service_days ?? context.calendar.schoolDays(month).length,
    minutes: report?.minutes_per_day ?? planned ?? context.settings.min_minutes ?? 0,
    lessonMinutes,
    months: chargedMonths(context.term),
  };
};

export const perMonth = '元/生·月';
export const unitOf = (unit: string | null): string => unit ?? perMonth;

export interface Posted {
  readonly row: Evidence;
  readonly rate: number;
  readonly unit: string;
}

/** The standards that a school has put down: in its plan, and in the return of the month. */
export const postedIn = (context: RuleContext, month: string): Posted[] => {
  const report = context.index.reports.get(month);
  return report?.fee_rate ? [{ row: evidence('monthly_reports', report.id), rate: report.fee_rate, unit: unitOf(report.fee_unit) }] : [];
};
export const plannedStandard = (context: RuleContext): Posted[] => {
  const { plan } = context.index;
  return plan?.fee_rate ? [{ row: evidence('plans', plan.id), rate: plan.fee_rate, unit: unitOf(plan.fee_unit) }] : [];
};

/** How many months a charge may stand for: those of a lump sum; by lesson or hour the whole term where it is the only charge. */
const monthsOf = (context: RuleContext, fee: Fee, charges: number): number => {
  const unit = unitOf(context.index.plan?.fee_unit ?? null);
  const months = chargedMonths(context.term);
  if (unit === '元/生·学期') return months;
  if (unit !== perMonth) return charges === 1 ? months : 1;
  return Math.min(months, monthsPaid(fee.due ?? fee.paid ?? 0, fee.rate));
};

/**
 * The months that a charge pays for, the first one first, each with its weight; a month of its own where nothing says otherwise. A lump sum
 * runs from its month on, and begins earlier where the term would end before it is used up.
 */
export const monthsCovered = (context: RuleContext, fee: Fee, charges: number): { readonly month: string; readonly weight: number }[] => {
  const unit = unitOf(context.index.plan?.fee_unit ?? null);
  const all = monthsBetween(monthOf(context.term.starts_on), monthOf(context.term.ends_on));
  const [most, own] = [chargedMonths(context.term), [{ month: fee.month, weight: 1 }]];
  const count =
    unit === '元/生·学期' ? (charges === 1 ? most : 1) : unit === perMonth ? Math.min(most, monthsPaid(fee.due ?? fee.paid ?? 0, fee.rate)) : 1;
  const at = all.indexOf(fee.month);
  if (count <= 1 || at < 0) return own;
  const first = Math.max(0, Math.min(at, all.length - Math.ceil(count)));
  return all.slice(first, first + Math.ceil(count)).map((month, index) => ({ month, weight: Math.min(1, count - index) }));
};

/** Charges above the approved fee: in a month, or for the whole term where several months were paid at once. */
export const overcharged = (context: RuleContext): { fee: Fee; charged: number; allowed: number }[] =>
  [...context.index.feesByStudent].flatMap(([student, fees]) => {
    const cap = capFor(context, context.index.students.get(student)?.grade ?? null);
    if (cap === null) return [];
    // A lump sum of several months uses up those months: the term as a whole has no more than it has.
    let left = cap * chargedMonths(context.term);
    return [...fees]
      .sort((a, b) => (a.month < b.month ? -1 : 1))
      .flatMap((fee) => {
        const charged = chargedBy(fee);
        const allowed = yuan(Math.min(left, cap * monthsOf(context, fee, fees.length)));
        left = Math.max(0, left - charged);
        return overCap(charged, allowed) ? [{ fee, charged, allowed }] : [];
      });
  });
