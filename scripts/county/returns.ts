/** Fees and monthly returns of one sample school: figures that agree with its roster, staff, checks and complaints. */
import { externalKinds, priorityGroups, waiverKinds } from '../../schema/vocabulary.ts';
import { type Sized, termId } from './bureau.ts';
import { addDays, firstOf, lastOf, schoolDays } from './calendar.ts';
import { phoneOf } from './names.ts';
import { end, participantsOf, start } from './offers.ts';
import type { Chance } from './random.ts';
import type { BureauRows, RowOf, SchoolRows } from './types.ts';
import { highlights, issues } from './words.ts';

type Roster = Pick<SchoolRows, 'students' | 'enrolments'>;

const refundOf = (chance: Chance, enrolment: RowOf<'enrolments'>, month: string, paid: number): Partial<RowOf<'fees'>> => {
  const left = enrolment.state === '中途退出' && enrolment.left_on?.startsWith(month) === true;
  if (paid === 0 || !(left || chance.happens(0.008))) return {};
  const days = chance.whole(5, 10);
  return {
    state: '已退款',
    days_absent: days,
    refund_reason: left ? '退出' : '请假',
    refund_method: chance.pick(['原路退回', '抵扣下期']),
    refund: Math.min(paid, Math.round((paid * days) / 20)),
    refunded_on: lastOf(month),
  };
};

/** One row per child and month; whoever has a waiver pays nothing. */
export const drawFees = (
  chance: Chance,
  { school }: Sized,
  { students, enrolments }: Roster,
  rate: number,
  months: readonly string[],
): RowOf<'fees'>[] => {
  let receipt = Number(school.code.slice(-4)) * 100_000;
  let proof = 0;
  return months.flatMap((month) =>
    participantsOf(enrolments, firstOf(month), lastOf(month)).map((index) => {
      const student = students[index] as RowOf<'students'>;
      const base = { id: chance.rowId(), school: school.code, term: termId, student: student.id, month, rate, due: rate };
      if (student.waiver_kind)
        return {
          ...base,
          waiver_kind: student.waiver_kind,
          waived: rate,
          proof_no: `JM2026-${String(++proof).padStart(4, '0')}`,
          approved_by: school.leader,
          paid: 0,
        };
      const paid = {
        ...base,
        waived: 0,
        paid: rate,
        method: chance.happens(0.9) ? '线上' : '线下',
        receipt_no: `07${String(++receipt).padStart(8, '0')}`,
        state: '已付款',
      };
      return { ...paid, ...refundOf(chance, enrolments[index] as RowOf<'enrolments'>, month, rate) };
    }),
  );
};

const countBy = (students: readonly RowOf<'students'>[], fits: (student: RowOf<'students'>) => boolean): number => students.filter(fits).length;

const moneyOf = (fees: readonly RowOf<'fees'>[], taking: readonly RowOf<'students'>[], rate: number) => {
  const waived = countBy(taking, (student) => !!student.waiver_kind);
  const refunds = fees.filter((row) => row.refund);
  return {
    payers: taking.length - waived,
    due: (taking.length - waived) * rate,
    collected: (taking.length - waived) * rate,
    waived,
    waived_amount: waived * rate,
    refunded: refunds.length,
    refund_amount: refunds.reduce((sum, row) => sum + (row.refund ?? 0), 0),
    ...Object.fromEntries(
      waiverKinds.map((kind, index) => [`waived_${index + 1}`, countBy(taking, (student) => student.waiver_kind === kind.value)]),
    ),
  };
};

const staffFigures = (rows: SchoolRows['staff'], activities: SchoolRows['activities'], students: number) => {
  const count = (identity: string): number => rows.filter((row) => row.identity === identity).length;
  const own = count('本校教师') + count('管理人员');
  const outside = Object.fromEntries(externalKinds.map((kind) => [`external_${kind.field}`, count(kind.label)]));
  return {
    staff_total: Math.max(own, Math.round(students / 14)),
    staff_participating: own,
    external_staff: Object.values(outside).reduce((a, b) => a + b, 0),
    ...outside,
    providers: new Set(activities.flatMap((row) => (row.provider ? [row.provider] : []))).size,
    provider_courses: activities.filter((row) => row.origin === '引进').length,
  };
};

const safetyFigures = (bureau: BureauRows, code: string, month: string) => {
  const checks = bureau.safety_checks.filter((row) => row.school === code && row.checked_on.startsWith(month));
  const hazards = checks.filter((row) => row.result === '隐患');
  const complaints = bureau.complaints.filter((row) => row.school === code && row.received_on.startsWith(month));
  return {
    safety_plan: true,
    safety_checks: checks.length,
    hazards: hazards.length,
    hazards_fixed: hazards.filter((row) => row.closed_on && row.closed_on <= lastOf(month)).length,
    complaints: complaints.length,
    complaints_closed: complaints.filter((row) => row.closed_on && row.closed_on <= lastOf(month)).length,
  };
};

/** One return per ended month. */
export const drawReturns = (
  chance: Chance,
  { school }: Sized,
  rows: Omit<SchoolRows, 'monthly_reports' | 'cases' | 'attendance'>,
  bureau: BureauRows,
  months: readonly string[],
): RowOf<'monthly_reports'>[] =>
  months.map((month) => {
    const indexes = participantsOf(rows.enrolments, firstOf(month), lastOf(month));
    const taking = indexes.map((index) => rows.students[index] as RowOf<'students'>);
    const plan = rows.plans[0] as RowOf<'plans'>;
    const clubs = rows.activities.filter((row) => row.name !== '作业辅导');
    const counts = new Map(taking.map((student) => [student.id, student]));
    const served = schoolDays(month === '2026-09' ? '2026-09-07' : firstOf(month), lastOf(month)).length;
    return {
      id: chance.rowId(),
      school: school.code,
      month,
      provides_service: true,
      enrolled: school.enrolled,
      participants: taking.length,
      full_week_participants: indexes.filter((index) => rows.enrolments[index]?.attendance_mode === '5天全程').length,
      ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((grade) => [`grade_${grade}`, countBy(taking, (student) => student.grade === grade)])),
      ...Object.fromEntries(
        priorityGroups.map(({ field, group }) => [
          `priority_${field}`,
          countBy(taking, (student) => (group ? (student.groups?.includes(group) ?? false) : student.grade <= 2)),
        ]),
      ),
      ...staffFigures(rows.staff, rows.activities, school.enrolled),
      days_per_week: 5,
      minutes_per_day: 120,
      start,
      end,
      service_days: served,
      content: plan.content,
      courses: rows.activities.length,
      clubs: clubs.length,
      sign_ups: rows.enrolments.filter((row) => counts.has(row.student)).reduce((sum, row) => sum + (row.services?.length ?? 0), 0),
      extended_care: indexes.filter((index) => rows.enrolments[index]?.extended_care).length,
      fee_rate: plan.fee_rate,
      fee_unit: plan.fee_unit,
      fee_authority_no: plan.fee_authority_no,
      ...moneyOf(
        rows.fees.filter((row) => row.month === month),
        taking,
        plan.fee_rate,
      ),
      subsidy: 0,
      staff_pay: rows.staff.reduce((sum, row) => sum + (row.amount ?? 0), 0),
      other_spending: chance.whole(0, 8) * 50,
      has_plan: true,
      plan_version: plan.version,
      plan_published_on: plan.published_on,
      fee_posted: true,
      fee_posted_how: '公示栏',
      fee_posted_on: plan.published_on,
      ...safetyFigures(bureau, school.code, month),
      highlights: chance.pick(highlights),
      issues: chance.pick(issues),
      filled_by: rows.staff.find((row) => row.identity === '管理人员')?.name ?? school.leader ?? '',
      filled_by_phone: phoneOf(8000 + Number(school.code.slice(-4))),
      leader: school.leader,
      principal: school.principal,
      filled_on: addDays(lastOf(month), chance.happens(0.5) ? 0 : 1),
    } as RowOf<'monthly_reports'>;
  });
