/**
 * The front door of the model: tables and their types, nothing else, so that browser code may import it.
 * Parsers are in rows.ts, Directus artefacts in directus.ts, workbook tabs in sheets.ts.
 */
import { activities } from './tables/activities.ts';
import { attendance } from './tables/attendance.ts';
import { caseReviews } from './tables/case-reviews.ts';
import { cases } from './tables/cases.ts';
import { complaints } from './tables/complaints.ts';
import { corrections } from './tables/corrections.ts';
import { enrolments } from './tables/enrolments.ts';
import { fees } from './tables/fees.ts';
import { findings } from './tables/findings.ts';
import { inspections } from './tables/inspections.ts';
import { jobs } from './tables/jobs.ts';
import { monthlyReports } from './tables/monthly-reports.ts';
import { noticeCopies } from './tables/notice-copies.ts';
import { notices } from './tables/notices.ts';
import { plans } from './tables/plans.ts';
import { providers } from './tables/providers.ts';
import { rules } from './tables/rules.ts';
import { safetyChecks } from './tables/safety-checks.ts';
import { schools } from './tables/schools.ts';
import { settings } from './tables/settings.ts';
import { sheetProblems } from './tables/sheet-problems.ts';
import { sources } from './tables/sources.ts';
import { staff } from './tables/staff.ts';
import { students } from './tables/students.ts';
import { terms } from './tables/terms.ts';

/** Every collection of Kehou, by its name. */
export const tables = {
  settings,
  terms,
  schools,
  plans,
  providers,
  activities,
  staff,
  students,
  enrolments,
  attendance,
  fees,
  monthly_reports: monthlyReports,
  corrections,
  safety_checks: safetyChecks,
  inspections,
  rules,
  findings,
  complaints,
  cases,
  case_reviews: caseReviews,
  notices,
  notice_copies: noticeCopies,
  sources,
  sheet_problems: sheetProblems,
  jobs,
} as const;

export type Tables = typeof tables;
export type TableName = keyof Tables;
export const tableNames = Object.keys(tables) as TableName[];

export type { Field, FieldOf, Fields, Kind, Row, Table } from './fields.ts';
