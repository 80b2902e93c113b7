/**
 * The five-way reconciliation of one school and month: application ↔ roster ↔ attendance ↔ fee ↔ notice.
 * It lists the records that contradict each other and the money at stake; what follows from them, rules say.
 */
import type { RuleRow } from './columns.ts';
import { yuan } from './fees.ts';
import { chargedBy, firstDay, lastDay, tookPart } from './school-index.ts';
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
  readonly paidWithoutService: readonly Fee[];
}

/** Those whom S01 lets take part for nothing (R-F4); the others' waiver may be a part of the fee. */
const freeKind = '脱贫户';

/** Whether a child pays although it should not: free by S01, or its waiver was recognised and nothing was taken off. */
const isChargedThoughExempt = (fee: Fee, student: RuleRow<'students'> | undefined): boolean => {
  if (!student?.waiver_kind || student.waiver_state === '不予认定' || chargedBy(fee) === 0) return false;
  return student.waiver_kind === freeKind || (student.waiver_state === '已认定' && (fee.waived ?? 0) === 0);
};

/** An application made by the end of the month that was granted; a child that left had one. */
const hasApplication = (row: Enrolment | undefined, month: string): boolean =>
  row !== undefined && (row.state === '已通过' || row.state === '中途退出') && (row.applied_on === null || row.applied_on <= lastDay(month));

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

/** Counts, for any day, the applications that are in force on it. */
const counterOf = (rows: readonly Enrolment[]): ((day: string) => number) => {
  const taking = rows.filter((row) => row.state === '已通过' || (row.state === '中途退出' && row.left_on !== null));
  const from = taking.map((row) => row.applied_on ?? '').sort();
  const to = taking.flatMap((row) => (row.left_on === null ? [] : [row.left_on])).sort();
  return (day) => countUpTo(from, day) - countUpTo(to, dayBefore(day));
};

/** The roster of each course: who chose it by name and is in its grades; the whole roster where nobody chose it. */
const rosters = (context: RuleContext): ((activity: string, day: string) => number) => {
  const byName = new Map<string, Enrolment[]>();
  for (const row of context.rows.enrolments) for (const name of new Set(row.services ?? [])) byName.set(name, [...(byName.get(name) ?? []), row]);
  const everybody = counterOf(context.rows.enrolments);
  const counters = new Map<string, (day: string) => number>();
  const counterFor = (id: string): ((day: string) => number) => {
    const activity = context.index.activities.get(id);
    const chosen = activity ? (byName.get(activity.name) ?? []) : [];
    if (!activity || chosen.length === 0) return everybody;
    const grades = activity.grades ?? [];
    return counterOf(
      chosen.filter((row) => {
        const grade = context.index.students.get(row.student)?.grade;
        return grades.length === 0 || grade === undefined || grades.includes(grade);
      }),
    );
  };
  return (activity, day) => {
    const counter = counters.get(activity) ?? counterFor(activity);
    counters.set(activity, counter);
    return counter(day);
  };
};

const surplusOf = (context: RuleContext, month: string, rosterOn: (activity: string, day: string) => number): Surplus[] =>
  (context.index.attendanceByMonth.get(month) ?? []).flatMap((row) => {
    const roster = rosterOn(row.activity, row.date);
    return row.present > roster ? [{ row, roster }] : [];
  });

const reconcileMonth = (context: RuleContext, month: string, rosterOn: (activity: string, day: string) => number): Reconciliation => {
  const { index } = context;
  const fees = (index.feesByMonth.get(month) ?? []).filter((fee) => chargedBy(fee) > 0);
  const applied = (fee: Fee): boolean => hasApplication(index.enrolments.get(fee.student), month);
  const roster = context.rows.enrolments.filter((row) => tookPart(row, firstDay(month), lastDay(month)));
  const closed = withoutService(context, month);
  const exempt = fees.filter((fee) => isChargedThoughExempt(fee, index.students.get(fee.student)));
  return {
    month,
    counts: {
      applications: context.rows.enrolments.filter((row) => row.applied_on === null || row.applied_on <= lastDay(month)).length,
      roster: roster.length,
      attendanceDays: new Set((index.attendanceByMonth.get(month) ?? []).map((row) => row.date)).size,
      charged: new Set(fees.map((fee) => fee.student)).size,
      informed: roster.filter((row) => index.informed.has(row.student)).length,
    },
    chargedWithoutApplication: fees.filter((fee) => !applied(fee)),
    chargedWhileExempt: exempt,
    attendedWithoutEnrolment: surplusOf(context, month, rosterOn),
    enrolledWithoutNotice: roster.filter((row) => row.state === '已通过' && !index.informed.has(row.student)),
    // Without any application it is that, and not this.
    paidWithoutService: fees.filter(
      (fee) => applied(fee) && (closed || !tookPart(index.enrolments.get(fee.student), firstDay(month), lastDay(month))),
    ),
  };
};

const known = new WeakMap<RuleContext, ReadonlyMap<string, Reconciliation>>();

/** The reconciliation of every month of a context, worked out once. */
export const reconcile = (context: RuleContext): ReadonlyMap<string, Reconciliation> => {
  const before = known.get(context);
  if (before) return before;
  const rosterOn = rosters(context);
  const made = new Map(context.months.map((month) => [month, reconcileMonth(context, month, rosterOn)]));
  known.set(context, made);
  return made;
};

export const chargedSum = (fees: readonly Fee[]): number => yuan(fees.reduce((sum, fee) => sum + chargedBy(fee), 0));

/** Money that the contradictions of a month concern, yuan; a row that shows two counts once. */
export const moneyAtStake = (one: Reconciliation): number =>
  chargedSum([...new Set([...one.chargedWithoutApplication, ...one.chargedWhileExempt, ...one.paidWithoutService])]);
