/**
 * The steps of an application that a row of the sheet takes; whether they may be taken, schema/enrolment/steps.ts says.
 */
import { type Standing, type Steps, stepFields, takeSteps, touchesSteps } from '../../../schema/enrolment/steps.ts';
import type { TableName } from '../../../schema/index.ts';

const untouched: Steps = { refusals: [], values: {} };

/** The trail's word for a school that fills in its sheet. */
const bySheet = '学校(填报表)';

/** What a row's change makes of its application; `sheet` has the columns that the workbook has. */
export const stepsOf = (
  table: TableName,
  before: Readonly<Record<string, unknown>> | null,
  changes: Readonly<Record<string, unknown>>,
  sheet: Readonly<Record<string, unknown>>,
  now: string,
): Steps => {
  if (table !== 'enrolments') return untouched;
  const after = { ...before, ...changes } as Standing;
  if (!touchesSteps(before as Standing | null, after)) return untouched;
  const lacks = new Set(stepFields.filter((field) => !(field in sheet)));
  return takeSteps(before as Standing | null, after, { actor: 'school', by: bySheet, at: now, lacks });
};
