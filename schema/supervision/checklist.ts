/**
 * What an inspector holds against the school's own words: the claimed figures, ready to be checked on the spot (DOMAIN T9). Pure.
 */
import type { Row, Tables } from '../index.ts';
import { tables } from '../index.ts';

type Report = Row<Tables['monthly_reports']>;

/** One line of the checklist; `verified` is for the inspector. */
export interface ChecklistItem {
  readonly label: string;
  readonly claimed: number;
  readonly verified: number | null;
  readonly source: string;
}

/** Figures of T1 that can be counted in a school in a day. */
const claimedFields = [
  'enrolled',
  'participants',
  'full_week_participants',
  'staff_participating',
  'external_staff',
  'courses',
  'service_days',
  'minutes_per_day',
  'extended_care',
  'fee_rate',
  'payers',
  'collected',
  'waived',
  'refunded',
] as const satisfies readonly (keyof Report)[];

/** Counts of the school's own rows that go with the return. */
export interface Counted {
  /** Children on the roster today. */
  readonly roster: number;
  /** People who serve. */
  readonly staff: number;
  /** Safety checks of the term. */
  readonly checks: number;
}

/** The checklist of a school from its latest return, and from what it keeps itself. A figure that was never reported is not asked. */
export const checklistOf = (report: Report | null, counted: Counted): ChecklistItem[] => {
  const line = (label: string, claimed: number, source: string): ChecklistItem => ({ label, claimed, verified: null, source });
  const reported = report
    ? claimedFields.flatMap((field) => {
        const value = report[field];
        return typeof value === 'number' ? [line(tables.monthly_reports.fields[field].label, value, `${report.month} 月报`)] : [];
      })
    : [];
  return [
    ...reported,
    line('报名名册人数', counted.roster, '学生报名'),
    line('服务人员数', counted.staff, '服务人员'),
    line('安全检查次数', counted.checks, '安全检查'),
  ];
};
