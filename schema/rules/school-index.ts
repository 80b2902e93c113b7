/**
 * One school's rows, put in order once: who is enrolled, what is charged, what is on the timetable. Linear in rows.
 * It judges nothing.
 */
import { earlierSpells } from '../enrolment/steps.ts';
import { isReported } from '../monthly-return.ts';
import type { RuleRow, SchoolRows } from './columns.ts';
import { yuan } from './fees.ts';

export interface SchoolIndex {
  readonly students: ReadonlyMap<string, RuleRow<'students'>>;
  /** Student -> application of the term. */
  readonly enrolments: ReadonlyMap<string, RuleRow<'enrolments'>>;
  readonly feesByMonth: ReadonlyMap<string, readonly RuleRow<'fees'>[]>;
  readonly feesByStudent: ReadonlyMap<string, readonly RuleRow<'fees'>[]>;
  readonly attendanceByMonth: ReadonlyMap<string, readonly RuleRow<'attendance'>[]>;
  readonly reports: ReadonlyMap<string, RuleRow<'monthly_reports'>>;
  /** Month -> the day to which the county has put off the school's due day. */
  readonly extensions: ReadonlyMap<string, string>;
  readonly activities: ReadonlyMap<string, RuleRow<'activities'>>;
  /** Those that are, or will be, offered: neither withdrawn nor finished. */
  readonly offered: readonly RuleRow<'activities'>[];
  /** Those who serve now. */
  readonly serving: readonly RuleRow<'staff'>[];
  readonly plan: RuleRow<'plans'> | null;
  /** Students who have a valid 告家长书 of the term. */
  readonly informed: ReadonlySet<string>;
}

/** Rows by a key, in their order. */
export const groupBy = <T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
};

const byId = <T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> => new Map(rows.map((row) => [row.id, row]));

const informedOf = (rows: SchoolRows): Set<string> => {
  const letters = new Set(rows.notices.filter((one) => one.kind === '告家长书' && one.state !== '已撤回').map((one) => one.id));
  return new Set(rows.notice_copies.filter((one) => letters.has(one.notice) && one.state !== '已撤回').map((one) => one.student));
};

/** A child has one application a term; of several, one that is approved counts before the others. */
const enrolmentsOf = (rows: SchoolRows): Map<string, RuleRow<'enrolments'>> => {
  const found = new Map<string, RuleRow<'enrolments'>>();
  for (const row of rows.enrolments) if (found.get(row.student)?.state !== '已通过') found.set(row.student, row);
  return found;
};

/** The rows without returns that nobody in the school has answered for. */
export const reportedOnly = (rows: SchoolRows): SchoolRows => ({ ...rows, monthly_reports: rows.monthly_reports.filter(isReported) });

export const indexSchool = (rows: SchoolRows): SchoolIndex => ({
  students: byId(rows.students),
  enrolments: enrolmentsOf(rows),
  feesByMonth: groupBy(rows.fees, (row) => row.month),
  feesByStudent: groupBy(rows.fees, (row) => row.student),
  attendanceByMonth: groupBy(rows.attendance, (row) => row.date.slice(0, 7)),
  reports: new Map(rows.monthly_reports.filter(isReported).map((row) => [row.month, row])),
  extensions: new Map(rows.monthly_reports.flatMap((row) => (row.due_on ? [[row.month, row.due_on] as const] : []))),
  activities: byId(rows.activities),
  offered: rows.activities.filter((row) => row.state !== '已下架' && row.state !== '已结课'),
  serving: rows.staff.filter((row) => row.active !== '已停用'),
  plan: rows.plans[0] ?? null,
  informed: informedOf(rows),
});

/** Whether an application says that the child took part at some time from one day to another, both included. */
export const tookPart = (row: RuleRow<'enrolments'> | undefined, from: string, to: string): boolean =>
  row !== undefined && (takesPart(row, from, to) || earlierSpells(row.trail).some((spell) => spell.from <= to && spell.to >= from));

/** The same by the present application alone. */
const takesPart = (row: RuleRow<'enrolments'>, from: string, to: string): boolean => {
  if (row.applied_on !== null && row.applied_on > to) return false;
  if (row.state === '已通过') return row.left_on === null || row.left_on >= from;
  return row.state === '中途退出' && row.left_on !== null && row.left_on >= from;
};

export const givenBack = (fee: RuleRow<'fees'>): number => (fee.state === '待退款' ? 0 : (fee.refund ?? 0));

/**
 * What a child has really been charged for a row, yuan: what was paid less what was given back; before payment, due less waived. A refund
 * that waits (待退款) has not been given back.
 */
export const chargedBy = (fee: RuleRow<'fees'>): number => {
  if (fee.state === '已取消') return 0;
  const gross = fee.paid ?? (fee.due ?? fee.rate ?? 0) - (fee.waived ?? 0);
  return Math.max(0, yuan(gross - givenBack(fee)));
};

export const firstDay = (month: string): string => `${month}-01`;
/** The 31st also where a month has none: days are compared as text. */
export const lastDay = (month: string): string => `${month}-31`;
