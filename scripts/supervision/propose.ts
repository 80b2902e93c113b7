/**
 * Proposes inspections: reads what stands against each school, lets schema/supervision/risk.ts choose, and writes one inspection for
 * each choice with its reason and its checklist, all of them or none. While proposals wait for a decision, no more are made than the
 * county asked for.
 */
import { openFindingStates } from '../../schema/findings.ts';
import { isReported } from '../../schema/monthly-return.ts';
import { isOpenIn, monthOf, shiftMonth } from '../../schema/months.ts';
import { newRowId } from '../../schema/row-id.ts';
import { outlierRule } from '../../schema/rules/outliers.ts';
import { checklistOf } from '../../schema/supervision/checklist.ts';
import { type Proposal, proposeVisits, readWeights, type SchoolRisk } from '../../schema/supervision/risk.ts';
import type { Store } from '../directus/store.ts';
import { dayIn, dueDate, dueFor } from '../jobs/months.ts';

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
  /** Complaints that were linked to inspections. */
  readonly complaints: number;
  /** Lines of 风险分值 that say nothing known. */
  readonly faults: readonly string[];
}

/** A visit that is still to come. */
const plannedStates = ['建议', '已安排'] as const;

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

const openComplaints = { filter: { state: { _neq: '已办结' } }, fields: ['id', 'school', 'inspection'] };

const readCounty = async (store: Store) => {
  const [settings, terms, schools, findings, corrections, complaints, inspections] = await Promise.all([
    store.readSettings(),
    store.readRows('terms', { filter: { current: { _eq: true } } }),
    store.readRows('schools', { fields: ['code', 'name', 'opened_on', 'closed_on'], sort: ['code'] }),
    store.readRows('findings', { filter: { state: { _in: [...openFindingStates] } }, fields: ['id', 'school', 'rule', 'severity'] }),
    store.readRows('corrections', { fields: ['id', 'school', 'report'] }),
    store.readRows('complaints', openComplaints),
    store.readRows('inspections', { fields: ['id', 'school', 'state', 'inspected_on', 'measure', 'deadline', 'rechecked_on'] }),
  ]);
  const term = terms[0] ?? null;
  const fields = ['id', 'school', 'month', 'state', 'first_valid_at', 'due_on'];
  // Without a term there are no returns to be late; Directus takes no empty list.
  const reports = term ? await store.readRows('monthly_reports', { filter: { month: { _in: monthsOf(term) } }, fields }) : [];
  return { settings, term, schools, findings, corrections, complaints, inspections, reports };
};
type CountyData = Awaited<ReturnType<typeof readCounty>>;

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

const risksOf = (data: CountyData, today: string, timezone: string): SchoolRisk[] => {
  const months = data.term ? monthsOf(data.term) : [];
  const returns = new Map(data.reports.map((row) => [`${row.school} ${row.month}`, row]));
  const severity = (wanted: string) =>
    countBy(
      data.findings.filter((one) => one.severity === wanted && one.rule !== outlierRule.id),
      (one) => one.school,
    );
  const [forbidden, required, hints] = [severity('禁'), severity('须'), severity('参')];
  const outliers = countBy(
    data.findings.filter((one) => one.rule === outlierRule.id),
    (one) => one.school,
  );
  const corrections = countBy(data.corrections, (one) => one.school);
  const complaints = countBy(data.complaints, (one) => one.school);
  const overdue = countBy(
    data.inspections.filter((one) => isOverdue(one, today)),
    (one) => one.school,
  );
  return data.schools.map(({ code, opened_on, closed_on }) => {
    // Each by the school's own last day: one that was put off is not held against it.
    const due = months.flatMap((month) => {
      const row = returns.get(`${code} ${month}`);
      const day = dueFor(row?.due_on, dueDate(month, data.settings));
      return isOpenIn(month, opened_on, closed_on) && day < today ? [{ row: row && isReported(row) ? row : null, day }] : [];
    });
    const visits = data.inspections.flatMap((one) => (one.school === code && one.inspected_on ? [one.inspected_on] : [])).sort();
    const last = visits.at(-1);
    const isLate = ({ row, day }: (typeof due)[number]): boolean =>
      row !== null && (!row.first_valid_at || dayIn(timezone, new Date(row.first_valid_at)) > day);
    return {
      code,
      late: due.filter(isLate).length,
      missing: due.filter(({ row }) => row === null).length,
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

const checklistFor = async (store: Store, school: string, term: CountyData['term']) => {
  const ofSchool = { school: { _eq: school } };
  const ofTerm = { ...ofSchool, ...(term ? { term: { _eq: term.id } } : {}) };
  const inTerm = { ...ofSchool, ...(term ? { checked_on: { _between: [term.starts_on, term.ends_on] } } : {}) };
  const [reports, enrolments, staff, checks] = await Promise.all([
    store.readRows('monthly_reports', { filter: ofSchool, sort: ['-month'], limit: 12 }),
    store.readRows('enrolments', { filter: { ...ofTerm, state: { _eq: '已通过' } }, fields: ['id'] }),
    store.readRows('staff', { filter: ofTerm, fields: ['id', 'active'] }),
    store.readRows('safety_checks', { filter: inTerm, fields: ['id'] }),
  ]);
  // What nobody in the school has answered for, it does not claim.
  return checklistOf(reports.find(isReported) ?? null, {
    roster: enrolments.length,
    staff: staff.filter((one) => one.active !== '已停用').length,
    checks: checks.length,
  });
};

/** One call, which Directus does as a whole: a run that is killed leaves no part of its proposals behind. */
const keep = async (store: Store, { term }: CountyData, proposals: readonly Proposal[]): Promise<void> => {
  const proposed_at = new Date().toISOString();
  const rows = [];
  for (const { code, score, chosenBy, because } of proposals)
    rows.push({
      id: newRowId(),
      school: code,
      state: '建议',
      chosen_by: chosenBy,
      score,
      proposed_because: because,
      proposed_at,
      checklist: await checklistFor(store, code, term),
    });
  if (rows.length) await store.createRows('inspections', rows as never);
};

/** Open complaints go with the visit that their school is to get, also those that came after it was proposed. Gives their number. */
export const linkComplaints = async (store: Store): Promise<number> => {
  const [complaints, planned] = await Promise.all([
    store.readRows('complaints', openComplaints),
    store.readRows('inspections', { filter: { state: { _in: [...plannedStates] } }, fields: ['id', 'school'], sort: ['proposed_at'] }),
  ]);
  const visitOf = new Map(planned.map((one) => [one.school, one.id]));
  const bySchool = new Map<string, string[]>();
  for (const { id, school, inspection } of complaints)
    if (!inspection && visitOf.has(school)) bySchool.set(school, [...(bySchool.get(school) ?? []), id]);
  for (const [school, ids] of bySchool) await store.updateRows('complaints', ids, { inspection: visitOf.get(school) as string });
  return [...bySchool.values()].flat().length;
};

/** Proposes inspections; a school that is to be visited anyway is left out. */
export const proposeInspections = async (store: Store, options: ProposeOptions): Promise<ProposeResult> => {
  const today = options.today ?? dayIn(options.timezone);
  const data = await readCounty(store);
  const waiting = data.inspections.filter((one) => one.state === '建议').length;
  const planned = new Set(data.inspections.filter((one) => plannedStates.some((state) => state === one.state)).map((one) => one.school));
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
  if (!options.dryRun) await keep(store, data, proposals);
  const complaints = options.dryRun ? 0 : await linkComplaints(store);
  return { proposals: proposals.map((one) => ({ ...one, school: names.get(one.code) ?? one.code })), waiting, complaints, faults };
};
