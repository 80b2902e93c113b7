/**
 * Which columns the built-in rules look at. Nothing else of a school is read for them: no name of a child, no telephone.
 * The names of staff are read, because one person in two places is found by them; they never stand in a finding.
 */
import type { Row, Tables } from '../index.ts';

export const ruleColumns = {
  students: ['grade', 'class_no', 'groups', 'waiver_kind', 'waiver_state', 'status'],
  enrolments: [
    'student',
    'attendance_mode',
    'days',
    'services',
    'extended_care',
    'applied_on',
    'class_review',
    'school_review',
    'state',
    'step',
    'left_on',
    'trail',
  ],
  activities: [
    'name',
    'category',
    'grades',
    'days',
    'start',
    'end',
    'place',
    'teacher',
    'assistant',
    'origin',
    'provider',
    'capacity',
    'enrolled',
    'fee',
    'fee_authority_no',
    'starts_on',
    'ends_on',
    'state',
  ],
  staff: ['name', 'identity', 'days', 'start', 'end', 'serves', 'place', 'checked_on', 'check_result', 'certificate', 'certificate_until', 'active'],
  fees: ['student', 'month', 'rate', 'due', 'waiver_kind', 'waived', 'paid', 'state', 'days_absent', 'refund_reason', 'refund'],
  attendance: ['date', 'session', 'activity', 'due', 'present', 'handover_signed'],
  monthly_reports: [
    'month',
    'provides_service',
    'enrolled',
    'participants',
    'staff_total',
    'staff_participating',
    'external_staff',
    'days_per_week',
    'minutes_per_day',
    'end',
    'service_days',
    'extended_care',
    'fee_rate',
    'fee_unit',
    'payers',
    'collected',
    'waived',
    'refund_amount',
    'staff_pay',
    'other_spending',
    'remitted_on',
    'fee_posted',
    'safety_plan',
    'highlights',
    'first_valid_at',
    'state',
    'due_on',
  ],
  plans: [
    'leader',
    'summer_start',
    'summer_end',
    'winter_start',
    'winter_end',
    'content_notes',
    'fee_rate',
    'fee_unit',
    'safety_plan',
    'published_on',
  ],
  notices: ['kind', 'state'],
  notice_copies: ['notice', 'student', 'state'],
  safety_checks: ['checked_on', 'result', 'deadline', 'closed_on'],
  inspections: ['inspected_on', 'state', 'measure', 'deadline', 'rechecked_on'],
} as const satisfies { readonly [N in keyof Tables]?: readonly (keyof Row<Tables[N]>)[] };

export type RuleTable = keyof typeof ruleColumns;
export const ruleTableNames = Object.keys(ruleColumns) as RuleTable[];

export type RuleRow<N extends RuleTable> = { readonly id: string } & {
  readonly [K in (typeof ruleColumns)[N][number] & keyof Row<Tables[N]>]: Row<Tables[N]>[K];
};

/** The rows of one school, as far as rules look at them. */
export type SchoolRows = { readonly [N in RuleTable]: readonly RuleRow<N>[] };

/** A school of which nothing is known. */
export const noSchoolRows = Object.fromEntries(ruleTableNames.map((name) => [name, []])) as unknown as SchoolRows;
