/**
 * Proposes inspections: reads what stands against each school, lets schema/supervision/risk.ts choose, and writes one inspection for
 * each choice with its reason and its checklist. While proposals wait for a decision, no more are made than the county asked for.
 */
import { openFindingStates } from '../../schema/findings.ts';
import { isOpenIn, monthOf, shiftMonth } from '../../schema/months.ts';
import { checklistOf } from '../../schema/supervision/checklist.ts';
import { type Proposal, proposeVisits, readWeights, type SchoolRisk } from '../../schema/supervision/risk.ts';
import type { Store } from '../directus/store.ts';
import { dayIn, dueDate } from '../jobs/months.ts';

export interface ProposeOptions {
  readonly timezone: string;
  /** `2026-11-24`; left out for the county's today. */
  readonly today?: string;
  /** Schools in all; left out for 县级参数. */
  readonly count?: number;
  /** Of the lot; left out for the month. */
  readonly seed?: string;
  readonly dryRun?: boolean;
}

export interface ProposeResult {
  readonly proposals: readonly (Proposal & { readonly school: string })[];
  /** Proposals of earlier runs that nobody has decided. */
  readonly waiting: number;
  /** Complaints that were linked to the new inspections. */
  readonly complaints: number;
  /** Lines of 风险分值 that say nothing known. */
  readonly faults: readonly string[];
}

const countBy = <T>(rows: readonly T[], keyOf: (row: T) => string | null): ReadonlyMap<string | null, number> => {
  const counts = new Map<string | null, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return counts;
};

/** All months of a term. */
const monthsOf = ({ starts_on, ends_on }: { readonly starts_on: string; readonly ends_on: string }): string[] => {
  const months: string[] = [];
  for (let month = monthOf(starts_on); month <= monthOf(ends_on); month = shiftMonth(month, 1)) months.push(month);
  return months;
};

const readCounty = async (store: Store) => {
  const [settings, terms, schools, findings, corrections, complaints, inspections] = await Promise.all([
    store.readSettings(),
    store.readRows('terms', { filter: { current: { _eq: true } } }),
    store.readRows('schools', { fields: ['code', 'name', 'opened_on', 'closed_on'], sort: ['code'] }),
    store.readRows('findings', { filter: { state: { _in: [...openFindingStates] } }, fields: ['id', 'school', 'rule', 'severity'] }),
    store.readRows('corrections', { fields: ['id', 'school', 'report'] }),
    store.readRows('complaints', { filter: { state: { _neq: '已办结' } }, fields: ['id', 'school', 'inspection'] }),
    store.readRows('inspections', { fields: ['id', 'school', 'state', 'inspected_on', 'measure', 'deadline', 'rechecked_on'] }),
  ]);
  const term = terms[0] ?? null;
  const reports = await store.readRows('monthly_reports', {
    filter: { month: { _in: term ? monthsOf(term) : [] } },
    fields: ['id', 'school', 'month', 'first_valid_at'],
  });
  return { settings, term, schools, findings, corrections, complaints, inspections, reports };
};
type CountyData = Awaited<ReturnType<typeof readCounty>>;

/** Months of the term whose due day is over. */
const dueMonths = ({ term, settings }: CountyData, today: string): string[] => {
  return term ? monthsOf(term).filter((month) => dueDate(month, settings) < today) : [];
};

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

const risksOf = (data: CountyData, today: string, timezone: string): SchoolRisk[] => {
  const months = dueMonths(data, today);
  const firstValid = new Map(data.reports.map((row) => [`${row.school} ${row.month}`, row.first_valid_at]));
  const severity = (wanted: string) =>
    countBy(
      data.findings.filter((one) => one.severity === wanted && one.rule !== 'outlier'),
      (one) => one.school,
    );
  const [forbidden, required, hints] = [severity('禁'), severity('须'), severity('参')];
  const outliers = countBy(
    data.findings.filter((one) => one.rule === 'outlier'),
    (one) => one.school,
  );
  const corrections = countBy(data.corrections, (one) => one.school);
  const complaints = countBy(data.complaints, (one) => one.school);
  const overdue = countBy(
    data.inspections.filter((one) => isOverdue(one, today)),
    (one) => one.school,
  );
  return data.schools.map(({ code, opened_on, closed_on }) => {
    const expected = months.filter((month) => isOpenIn(month, opened_on, closed_on));
    const visits = data.inspections.flatMap((one) => (one.school === code && one.inspected_on ? [one.inspected_on] : [])).sort();
    const last = visits.at(-1);
    const days = (month: string): string | null => {
      const moment = firstValid.get(`${code} ${month}`);
      return moment ? dayIn(timezone, new Date(moment)) : null;
    };
    return {
      code,
      late: expected.filter((month) => (days(month) ?? '') > dueDate(month, data.settings)).length,
      missing: expected.filter((month) => !firstValid.has(`${code} ${month}`)).length,
      forbidden: forbidden.get(code) ?? 0,
      required: required.get(code) ?? 0,
      hints: hints.get(code) ?? 0,
      outliers: outliers.get(code) ?? 0,
      corrections: corrections.get(code) ?? 0,
      complaints: complaints.get(code) ?? 0,
      overdue: overdue.get(code) ?? 0,
      daysSinceVisit: last ? daysBetween(last, today) : null,
    };
  });
};

/** A measure whose time is over and that nobody has looked at again (R-D1). */
export const isOverdue = (
  row: { readonly measure: string | null; readonly state: string | null; readonly rechecked_on: string | null; readonly deadline: string | null },
  today: string,
): boolean => row.measure !== null && row.state !== '已办结' && row.rechecked_on === null && row.deadline !== null && row.deadline < today;

const checklistFor = async (store: Store, school: string, term: string | null) => {
  const ofSchool = { school: { _eq: school } };
  const [reports, enrolments, staff, checks] = await Promise.all([
    store.readRows('monthly_reports', { filter: ofSchool, sort: ['-month'], limit: 1 }),
    store.readRows('enrolments', { filter: { ...ofSchool, state: { _eq: '已通过' }, ...(term ? { term: { _eq: term } } : {}) }, fields: ['id'] }),
    store.readRows('staff', { filter: ofSchool, fields: ['id', 'active'] }),
    store.readRows('safety_checks', { filter: ofSchool, fields: ['id'] }),
  ]);
  return checklistOf(reports[0] ?? null, {
    roster: enrolments.length,
    staff: staff.filter((one) => one.active !== '已停用').length,
    checks: checks.length,
  });
};

const keep = async (store: Store, { term, complaints }: CountyData, proposal: Proposal): Promise<number> => {
  const { code, score, chosenBy, because } = proposal;
  const checklist = await checklistFor(store, code, term?.id ?? null);
  const made = await store.call<{ id: string }>('POST', '/items/inspections?fields=id', {
    school: code,
    state: '建议',
    chosen_by: chosenBy,
    score,
    proposed_because: because,
    proposed_at: new Date().toISOString(),
    checklist,
  });
  const linked = complaints.filter((one) => one.school === code && !one.inspection);
  if (linked.length)
    await store.updateRows(
      'complaints',
      linked.map((one) => one.id),
      { inspection: made.id },
    );
  return linked.length;
};

/** Proposes inspections; a school that is to be visited anyway is left out. */
export const proposeInspections = async (store: Store, options: ProposeOptions): Promise<ProposeResult> => {
  const today = options.today ?? dayIn(options.timezone);
  const data = await readCounty(store);
  const waiting = data.inspections.filter((one) => one.state === '建议').length;
  const planned = new Set(data.inspections.filter((one) => one.state === '建议' || one.state === '已安排').map((one) => one.school));
  const { weights, faults } = readWeights(data.settings.risk_weights);
  const isCandidate = new Set(data.schools.filter((one) => isOpenIn(monthOf(today), one.opened_on, one.closed_on)).map((one) => one.code));
  const proposals = proposeVisits(
    risksOf(data, today, options.timezone).filter((one) => isCandidate.has(one.code) && !planned.has(one.code)),
    {
      count: Math.max(0, (options.count ?? data.settings.inspections_each ?? 10) - waiting),
      randomShare: data.settings.inspections_random ?? 20,
      seed: options.seed ?? monthOf(today),
      weights,
    },
  );
  const names = new Map(data.schools.map((one) => [one.code, one.name]));
  let complaints = 0;
  if (!options.dryRun) for (const one of proposals) complaints += await keep(store, data, one);
  return { proposals: proposals.map((one) => ({ ...one, school: names.get(one.code) ?? one.code })), waiting, complaints, faults };
};
