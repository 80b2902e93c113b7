/** The shapes of the sample county. Types only. */
import type { Row, TableName, tables } from '../../schema/index.ts';

/** Optional fields may be left out: they are null. */
type Loose<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & { [K in keyof T as null extends T[K] ? K : never]?: T[K] };
export type RowOf<N extends TableName> = Loose<Row<(typeof tables)[N]>> & { id: string };

export type Settings = Partial<Row<(typeof tables)['settings']>>;
export type School = Omit<RowOf<'schools'>, 'id'> & { enrolled: number };

/** What a school writes into its workbook. Links hold ids; `id` is known to the generator only. */
export interface SchoolRows {
  readonly plans: RowOf<'plans'>[];
  readonly activities: RowOf<'activities'>[];
  readonly staff: RowOf<'staff'>[];
  readonly students: RowOf<'students'>[];
  readonly enrolments: RowOf<'enrolments'>[];
  readonly attendance: RowOf<'attendance'>[];
  readonly fees: RowOf<'fees'>[];
  readonly monthly_reports: RowOf<'monthly_reports'>[];
  readonly cases: RowOf<'cases'>[];
}

/** What the bureau itself enters. */
export interface BureauRows {
  readonly settings: Settings;
  readonly terms: Omit<RowOf<'terms'>, never>[];
  readonly schools: School[];
  readonly providers: RowOf<'providers'>[];
  readonly safety_checks: RowOf<'safety_checks'>[];
  readonly complaints: RowOf<'complaints'>[];
  readonly inspections: RowOf<'inspections'>[];
}

export interface CountyOptions {
  readonly schools: number;
  readonly students: number;
  readonly seed: number;
  /** `2026-11-24`: up to when things have happened. */
  readonly today: string;
  /** School days before `today` that have head counts. */
  readonly attendanceDays?: number;
  /** Ended months that have fee rows, the latest ones. */
  readonly feeMonths?: number;
}
