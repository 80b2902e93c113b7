/**
 * What a school's own rows say of a month, figure by figure of T1, each with the rows behind it: a proposal that the
 * school confirms or corrects. A figure without any source stays blank; it is never a zero.
 */
import type { Row, TableName, Tables } from '../index.ts';
import { externalKinds, priorityGroups, waiverKinds } from '../vocabulary.ts';
import type { RuleRow } from './columns.ts';
import { fromOutside } from './facts.ts';
import { yuan } from './fees.ts';
import { firstDay, lastDay, tookPart } from './school-index.ts';
import type { RuleContext } from './types.ts';

/** What the figures are counted from. */
type Counted = Pick<RuleContext, 'rows' | 'index'> & { readonly school: Pick<RuleContext['school'], 'code' | 'enrolled'> };

type Report = Row<Tables['monthly_reports']>;

/** One figure, and where it comes from. */
export interface Proposal {
  readonly value: number | string;
  readonly origin: {
    readonly table: TableName;
    /** Chinese: how it was counted. */
    readonly words: string;
    /** Rows behind the figure. */
    readonly rows: readonly string[];
  };
}
/** A figure as the lists give it, in one piece. */
export type FigureOrigin = Pick<Proposal, 'value'> & Proposal['origin'];

/** `waived_1` to `waived_13` are the waiver kinds of T1 #25. */
export type Proposals = Partial<Record<keyof Report | `waived_${number}`, Proposal>>;

type Identified = { readonly id: string };

const idsOf = (rows: readonly Identified[]): string[] => rows.map((row) => row.id);

const counted = (table: TableName, words: string, rows: readonly Identified[]): Proposal => ({
  value: rows.length,
  origin: { table, words, rows: idsOf(rows) },
});

const summed = <T extends Identified>(table: TableName, words: string, rows: readonly T[], of: (row: T) => number | null): Proposal => ({
  value: yuan(rows.reduce((sum, row) => sum + (of(row) ?? 0), 0)),
  origin: { table, words, rows: idsOf(rows) },
});

type Enrolment = RuleRow<'enrolments'>;

const studentFigures = (context: Counted, taking: readonly Enrolment[]): Proposals => {
  const pupil = (row: Enrolment) => context.index.students.get(row.student);
  const withPupil = (words: string, fits: (student: RuleRow<'students'>) => boolean): Proposal =>
    counted(
      'enrolments',
      words,
      taking.filter((row) => {
        const student = pupil(row);
        return student !== undefined && fits(student);
      }),
    );
  return {
    participants: counted('enrolments', '当月参加过的已通过报名', taking),
    full_week_participants: counted(
      'enrolments',
      '参加方式为5天全程',
      taking.filter((row) => row.attendance_mode === '5天全程'),
    ),
    extended_care: counted(
      'enrolments',
      '申请了延时托管',
      taking.filter((row) => row.extended_care === true),
    ),
    sign_ups: summed('enrolments', '服务项目的人次', taking, (row) => row.services?.length ?? 0),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((grade) => [`grade_${grade}`, withPupil(`${grade} 年级`, (one) => one.grade === grade)])),
    ...Object.fromEntries(
      priorityGroups.map(({ field, label, group }) => [
        `priority_${field}`,
        withPupil(label, (one) => (group === null ? one.grade <= 2 : (one.groups?.includes(group) ?? false))),
      ]),
    ),
  };
};

/** One person may stand in several lines, one for each duty. */
const persons = (rows: readonly RuleRow<'staff'>[]): RuleRow<'staff'>[] => [
  ...new Map(rows.map((row) => [`${row.name}\n${row.identity}`, row])).values(),
];

const staffFigures = (context: Counted): Proposals => {
  const serving = persons(context.index.serving);
  const outside = serving.filter((row) => fromOutside(row.identity));
  const boughtIn = context.index.offered.filter((row) => row.origin === '引进' || row.provider !== null);
  const providers = new Map(boughtIn.flatMap((row) => (row.provider ? [[row.provider, { id: row.provider }] as const] : [])));
  return {
    staff_participating: counted(
      'staff',
      '在用的本校教师和管理人员',
      serving.filter((row) => !fromOutside(row.identity)),
    ),
    external_staff: counted('staff', '在用的校外人员', outside),
    ...Object.fromEntries(
      externalKinds.map(({ field, label }) => [
        `external_${field}`,
        counted(
          'staff',
          label,
          outside.filter((row) => row.identity === label),
        ),
      ]),
    ),
    providers: counted('providers', '引进课程所属的机构', [...providers.values()]),
    provider_courses: counted('activities', '来源为引进的课程', boughtIn),
  };
};

const courseFigures = (context: Counted): Proposals => ({
  courses: counted('activities', '在开的课程', context.index.offered),
  clubs: counted(
    'activities',
    '类别为社团的课程',
    context.index.offered.filter((row) => row.category === '社团'),
  ),
});

const serviceFigures = (context: Counted, month: string): Proposals => {
  const rows = context.index.attendanceByMonth.get(month) ?? [];
  if (rows.length === 0) return {};
  const days = new Map(rows.map((row) => [row.date, row]));
  return { service_days: { value: days.size, origin: { table: 'attendance', words: '有考勤的日数', rows: idsOf(rows) } } };
};

const planFigures = ({ index: { plan } }: Counted): Proposals => {
  if (!plan) return {};
  const from = (words: string, value: number | string | null): Proposal | undefined =>
    value === null ? undefined : { value, origin: { table: 'plans', words, rows: [plan.id] } };
  const proposals = { fee_rate: from('一校一案的收费标准', plan.fee_rate), fee_unit: from('一校一案的收费单位', plan.fee_unit) };
  return Object.fromEntries(Object.entries(proposals).filter(([, one]) => one !== undefined)) as Proposals;
};

const feeFigures = (context: Counted, month: string): Proposals => {
  const rows = (context.index.feesByMonth.get(month) ?? []).filter((row) => row.state !== '已取消');
  if (rows.length === 0) return {};
  const net = (row: RuleRow<'fees'>): number => (row.due ?? 0) - (row.waived ?? 0);
  const payers = rows.filter((row) => net(row) > 0);
  const waived = rows.filter((row) => (row.waived ?? 0) > 0);
  const refunds = rows.filter((row) => (row.refund ?? 0) > 0);
  const kindOf = (row: RuleRow<'fees'>): string | null => context.index.students.get(row.student)?.waiver_kind ?? null;
  return {
    payers: counted('fees', '应缴多于减免额的学生', payers),
    due: summed('fees', '应缴减去减免额', payers, net),
    collected: summed('fees', '实缴', rows, (row) => row.paid),
    waived: counted('fees', '有减免额的学生', waived),
    waived_amount: summed('fees', '减免额', waived, (row) => row.waived),
    ...Object.fromEntries(
      waiverKinds.map((kind, index) => [
        `waived_${index + 1}`,
        counted(
          'fees',
          kind.value,
          waived.filter((row) => kindOf(row) === kind.value),
        ),
      ]),
    ),
    refunded: counted('fees', '有退费额的学生', refunds),
    refund_amount: summed('fees', '退费额', refunds, (row) => row.refund),
  };
};

const safetyFigures = (context: Counted, month: string): Proposals => {
  const checks = context.rows.safety_checks.filter((row) => row.checked_on.startsWith(month));
  if (checks.length === 0) return {};
  const hazards = checks.filter((row) => row.result === '隐患');
  const mended = hazards.filter((row) => row.closed_on !== null && row.closed_on <= lastDay(month));
  return {
    safety_checks: counted('safety_checks', '当月的安全检查', checks),
    hazards: counted('safety_checks', '结果为隐患', hazards),
    hazards_fixed: counted('safety_checks', '当月销号的隐患', mended),
  };
};

/** The figures of one month that the school's rows give. `enrolled` is what the bureau has on record for the school. */
export const prefill = (context: Counted, month: string): Proposals => {
  const taking = context.rows.enrolments.filter((row) => tookPart(row, firstDay(month), lastDay(month)));
  const { enrolled, code } = context.school;
  return {
    ...(enrolled === null ? {} : { enrolled: { value: enrolled, origin: { table: 'schools', words: '县局登记的在校学生数', rows: [code] } } }),
    ...(context.rows.enrolments.length > 0 ? studentFigures(context, taking) : {}),
    ...(context.rows.staff.length > 0 ? staffFigures(context) : {}),
    ...(context.rows.activities.length > 0 ? courseFigures(context) : {}),
    ...serviceFigures(context, month),
    ...planFigures(context),
    ...feeFigures(context, month),
    ...safetyFigures(context, month),
  };
};
