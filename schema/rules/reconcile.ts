/**
 * The five-way reconciliation of one school and month: application ↔ roster ↔ attendance ↔ fee ↔ notice.
 * It lists the records that contradict each other and the money at stake; what follows from them, rules say.
 */
import { earlierSpells } from '../enrolment/steps.ts';
import type { RuleRow } from './columns.ts';
import { monthsCovered } from './fee-standards.ts';
import { yuan } from './fees.ts';
import { chargedBy, firstDay, givenBack, lastDay, tookPart } from './school-index.ts';
import type { RuleContext } from './types.ts';

type Fee = RuleRow<'fees'>;
type Enrolment = RuleRow<'enrolments'>;

/** The kinds of contradiction, in the office's words. */
export const mismatchKinds = {
  chargedWithoutApplication: '收费而无申请',
  chargedWhileExempt: '应免而收费',
  attendedWithoutEnrolment: '出勤而未报名',
  enrolledWithoutNotice: '报名而无告家长书',
  paidWithoutService: '缴费而无服务',
} as const;
export type MismatchKind = keyof typeof mismatchKinds;

/** One head count that the roster does not cover. */
export interface Surplus {
  readonly row: RuleRow<'attendance'>;
  /** Children on the roster of that course and day. */
  readonly roster: number;
}

/** Money that was paid for a month without service: all of a fee, or a lump sum's share for that month. */
export interface Unserved {
  readonly fee: Fee;
  /** Yuan that have not been given back. */
  readonly amount: number;
}

export interface Reconciliation {
  readonly month: string;
  readonly counts: {
    /** Children with an application that stands. */
    readonly applications: number;
    /** Children who take part at some time of the month. */
    readonly roster: number;
    /** Days with a head count. */
    readonly attendanceDays: number;
    /** Children who paid or owe something. */
    readonly charged: number;
    /** Children of the roster who have a valid 告家长书. */
    readonly informed: number;
  };
  readonly chargedWithoutApplication: readonly Fee[];
  readonly chargedWhileExempt: readonly Fee[];
  readonly attendedWithoutEnrolment: readonly Surplus[];
  readonly enrolledWithoutNotice: readonly Enrolment[];
  readonly paidWithoutService: readonly Unserved[];
}

/** Those whom S01 lets take part for nothing (R-F4); the others' waiver may be a part of the fee. */
const freeKind = '脱贫户';

/** Whether a child pays although it should not: free by S01 (as the roster or the fee itself says), or its waiver was recognised and nothing was taken off. */
const isChargedThoughExempt = (fee: Fee, student: RuleRow<'students'> | undefined): boolean => {
  const kind = student?.waiver_kind ?? fee.waiver_kind;
  if (!kind || student?.waiver_state === '不予认定' || chargedBy(fee) === 0) return false;
  return kind === freeKind || (student?.waiver_state === '已认定' && (fee.waived ?? 0) === 0);
};

/** An application made by the end of the month that was granted; a child that left had one. */
const hasApplication = (row: Enrolment | undefined, month: string): boolean =>
  row !== undefined &&
  (((row.state === '已通过' || row.state === '中途退出') && (row.applied_on === null || row.applied_on <= lastDay(month))) ||
    earlierSpells(row.trail).some((spell) => spell.from <= lastDay(month)));

/** Whether the school's own figures say that there was no service in the month: by its return, without any head count. */
const withoutService = (context: RuleContext, month: string): boolean => {
  const report = context.index.reports.get(month);
  if (!report || context.index.attendanceByMonth.has(month)) return false;
  return report.provides_service === false || report.service_days === 0;
};

/** How many of sorted days come before a day, or on it. */
const countUpTo = (sorted: readonly string[], day: string): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) <= day) low = middle + 1;
    else high = middle;
  }
  return low;
};

const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

/** The spells of an application that count: those that ended, and the present one. */
const spellsOf = (row: Enrolment): { readonly from: string; readonly to: string | null }[] => [
  ...earlierSpells(row.trail),
  ...(row.state === '已通过' || (row.state === '中途退出' && row.left_on !== null) ? [{ from: row.applied_on ?? '', to: row.left_on }] : []),
];

/** Counts, for any day, the applications that are in force on it. A child that came back the day it left counts once that day. */
const counterOf = (rows: readonly Enrolment[]): ((day: string) => number) => {
  const spells = rows.flatMap((row) => spellsOf(row).filter(({ from }, at, all) => at === 0 || all[at - 1]?.to !== from));
  const from = spells.map((spell) => spell.from).sort();
  const to = spells.flatMap((spell) => spell.to ?? []).sort();
  return (day) => countUpTo(from, day) - countUpTo(to, dayBefore(day));
};

/** Monday is 1. On a Saturday or Sunday that makes up for another day nobody's weekdays say anything. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
const isThere = (row: Enrolment, weekday: number): boolean => weekday > 5 || !row.days?.length || row.days.includes(weekday);

/** The roster of each course and weekday: who chose it by name, is in its grades and comes that day; the whole roster where nobody chose it. */
const rosters = (context: RuleContext): ((activity: string, day: string) => number) => {
  const byName = new Map<string, Enrolment[]>();
  for (const row of context.rows.enrolments) for (const name of new Set(row.services ?? [])) byName.set(name, [...(byName.get(name) ?? []), row]);
  const counters = new Map<string, (day: string) => number>();
  const rosterOf = (id: string): readonly Enrolment[] => {
    const activity = context.index.activities.get(id);
    const chosen = activity ? (byName.get(activity.name) ?? []) : [];
    if (!activity || chosen.length === 0) return context.rows.enrolments;
    const grades = activity.grades ?? [];
    return chosen.filter((row) => {
      const grade = context.index.students.get(row.student)?.grade;
      return grades.length === 0 || grade === undefined || grades.includes(grade);
    });
  };
  return (activity, day) => {
    const weekday = weekdayOf(day);
    const roster = rosterOf(activity);
    const key = `${roster === context.rows.enrolments ? '' : activity} ${weekday}`;
    const counter = counters.get(key) ?? counterOf(roster.filter((row) => isThere(row, weekday)));
    counters.set(key, counter);
    return counter(day);
  };
};

const surplusOf = (context: RuleContext, month: string, rosterOn: (activity: string, day: string) => number): Surplus[] =>
  (context.index.attendanceByMonth.get(month) ?? []).flatMap((row) => {
    const roster = rosterOn(row.activity, row.date);
    return row.present > roster ? [{ row, roster }] : [];
  });

/** Whether a child had service in a month, as far as applications, returns and head counts say. */
const served = (context: RuleContext, student: string, month: string): boolean =>
  !withoutService(context, month) && tookPart(context.index.enrolments.get(student), firstDay(month), lastDay(month));

/** Money that has come in for a row, before refunds; a bill that nobody has paid is none. */
const paidIn = (fee: Fee): number => yuan(chargedBy({ ...fee, refund: null }));

/**
 * What each charge pays for a month without service. Of a lump sum every month has its share, and what was given back is taken off all
 * months without service alike. Without any application it is charged without application, and not this.
 */
const unservedIn = (context: RuleContext): Map<string, Unserved[]> => {
  const found = new Map<string, Unserved[]>();
  for (const [student, fees] of context.index.feesByStudent)
    for (const fee of fees) {
      const gross = fee.state === '待付款' && fee.paid === null ? 0 : paidIn(fee);
      if (gross <= 0 || !hasApplication(context.index.enrolments.get(student), fee.month)) continue;
      const covered = monthsCovered(context, fee, fees.length);
      const weights = covered.reduce((sum, { weight }) => sum + weight, 0);
      // Months that have not begun count as served while the child has not left.
      const missed = covered.filter(({ month }) => !served(context, student, month));
      const unserved = (gross * missed.reduce((sum, { weight }) => sum + weight, 0)) / weights;
      const left = unserved > 0 ? Math.max(0, unserved - givenBack(fee)) / unserved : 0;
      for (const { month, weight } of missed) {
        const amount = yuan((gross * weight * left) / weights);
        if (amount > 0) found.set(month, [...(found.get(month) ?? []), { fee, amount }]);
      }
    }
  return found;
};

const reconcileMonth = (
  context: RuleContext,
  month: string,
  rosterOn: (activity: string, day: string) => number,
  unserved: readonly Unserved[],
): Reconciliation => {
  const { index } = context;
  const fees = (index.feesByMonth.get(month) ?? []).filter((fee) => chargedBy(fee) > 0);
  const applied = (fee: Fee): boolean => hasApplication(index.enrolments.get(fee.student), month);
  const roster = context.rows.enrolments.filter((row) => tookPart(row, firstDay(month), lastDay(month)));
  const exempt = fees.filter((fee) => isChargedThoughExempt(fee, index.students.get(fee.student)));
  return {
    month,
    counts: {
      applications: context.rows.enrolments.filter(
        (row) => row.state !== '已拒绝' && row.state !== '不参加' && (row.applied_on === null || row.applied_on <= lastDay(month)),
      ).length,
      roster: roster.length,
      attendanceDays: new Set((index.attendanceByMonth.get(month) ?? []).map((row) => row.date)).size,
      charged: new Set(fees.map((fee) => fee.student)).size,
      informed: roster.filter((row) => index.informed.has(row.student)).length,
    },
    chargedWithoutApplication: fees.filter((fee) => !applied(fee)),
    chargedWhileExempt: exempt,
    attendedWithoutEnrolment: surplusOf(context, month, rosterOn),
    enrolledWithoutNotice: roster.filter((row) => row.state === '已通过' && !index.informed.has(row.student)),
    paidWithoutService: unserved,
  };
};

const known = new WeakMap<RuleContext, ReadonlyMap<string, Reconciliation>>();

/** The reconciliation of every month of a context, worked out once. */
export const reconcile = (context: RuleContext): ReadonlyMap<string, Reconciliation> => {
  const before = known.get(context);
  if (before) return before;
  const rosterOn = rosters(context);
  const unserved = unservedIn(context);
  const made = new Map(context.months.map((month) => [month, reconcileMonth(context, month, rosterOn, unserved.get(month) ?? [])]));
  known.set(context, made);
  return made;
};

export const chargedSum = (fees: readonly Fee[]): number => yuan(fees.reduce((sum, fee) => sum + chargedBy(fee), 0));

export const unservedSum = (all: readonly Unserved[]): number => yuan(all.reduce((sum, { amount }) => sum + amount, 0));

/** Money that the contradictions of a month concern, yuan; a row that shows two counts once. */
export const moneyAtStake = (one: Reconciliation): number => {
  const whole = new Set([...one.chargedWithoutApplication, ...one.chargedWhileExempt]);
  return yuan(chargedSum([...whole]) + unservedSum(one.paidWithoutService.filter(({ fee }) => !whole.has(fee))));
};
