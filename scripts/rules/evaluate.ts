/**
 * Evaluates the rules over schools, one school at a time, and keeps their findings. `npm run rules`, the nightly job and
 * the sync all call `evaluateRules`. Memory holds one school; findings are written in bulk.
 */

import { isOpenFinding } from '../../schema/findings.ts';
import { isOpenIn } from '../../schema/months.ts';
import type { SchoolRows } from '../../schema/rules/columns.ts';
import { evaluateSchool, type Found } from '../../schema/rules/evaluate.ts';
import { peersOf } from '../../schema/rules/outliers.ts';
import { indexSchool, reportedOnly } from '../../schema/rules/school-index.ts';
import type { Evidence, RuleContext, SchoolFacts } from '../../schema/rules/types.ts';
import type { Store } from '../directus/store.ts';
import { refuseUnknownSchools } from '../directus/unknown-schools.ts';
import { dayIn, daysBefore } from '../jobs/months.ts';
import { type County, readCounty } from './county.ts';
import { type FindingPlan, findingColumns, type KeptFinding, planFindings } from './plan-findings.ts';
import { type ReconciliationRow, reconciliationRows } from './reconciliation.ts';
import { findingWriter } from './write-findings.ts';

export interface RulesOptions {
  /** Of the county: its days and moments. */
  readonly timezone: string;
  /** `2026-11-24`; left out for the county's today. */
  readonly today?: string;
  /** Codes; left out for all schools. */
  readonly schools?: readonly string[];
  /** Judge this month only, and nothing that concerns the whole term. */
  readonly month?: string;
  /** Find, but keep nothing. */
  readonly dryRun?: boolean;
  /** Called after each school. */
  readonly onSchool?: (outcome: SchoolOutcome) => void;
}

/** One thing found, as `npm run -s rules -- --json` prints it. */
export interface FindingLine {
  readonly rule: string;
  readonly clause: string;
  /** Code of the school. */
  readonly school: string;
  readonly severity: string;
  readonly month: string | null;
  readonly message: string;
  readonly rows: readonly Evidence[];
  readonly at_stake: number | null;
  /** What is kept of it: 未办, 学校已说明, 已办结 or 误报. */
  readonly state: string;
}

/** What an evaluation came to; the findings themselves are in the collection, or handed over school by school. */
export interface RulesResult {
  readonly schools: number;
  readonly students: number;
  /** Rules in use. */
  readonly rules: number;
  /** Rules of the county's own that cannot be understood, in Chinese. */
  readonly ruleFaults: readonly string[];
  readonly found: number;
  /** Open 禁 and 须 among what was found. */
  readonly severe: number;
  readonly opened: number;
  readonly changed: number;
  readonly reopened: number;
  readonly gone: number;
  readonly unchanged: number;
  /** Money that the reconciliation's contradictions concern, yuan. */
  readonly atStake: number;
  readonly ms: number;
}

/** What was found in one school. */
export interface SchoolOutcome {
  readonly school: SchoolFacts;
  readonly findings: readonly FindingLine[];
  readonly reconciliation: readonly ReconciliationRow[];
}

interface SchoolAnswer extends SchoolRows {
  readonly findings: readonly KeptFinding[];
}

/** One school's rows, as the rules look at them. */
export const readSchool = (store: Store, county: County, school: string): Promise<SchoolAnswer> =>
  store.call('POST', '/kehou-rules/school', {
    school,
    term: county.term.id,
    since: county.since,
    columns: { ...county.columns, findings: findingColumns },
  });

/** School after school; the next is on its way while one is judged. */
async function* readAhead(store: Store, county: County, schools: readonly SchoolFacts[]) {
  let next: Promise<SchoolAnswer> | null = null;
  for (const [index, school] of schools.entries()) {
    const answer: SchoolAnswer = await (next ?? readSchool(store, county, school.code));
    const following = schools[index + 1];
    next = following ? readSchool(store, county, following.code) : null;
    // Its fault is heard where it is awaited; should the work end before that, it must not end the worker.
    next?.catch(() => undefined);
    yield { school, answer };
  }
}

export const contextOf = (county: County, school: SchoolFacts, rows: SchoolRows): RuleContext => ({
  school,
  settings: county.settings,
  term: county.term,
  calendar: county.calendar,
  today: county.today,
  months: county.months,
  rows: reportedOnly(rows),
  index: indexSchool(rows),
  providers: county.providers,
  peers: { figures: county.figures, codes: peersOf(school, county.schools) },
});

const chosenSchools = (county: County, codes: readonly string[] | undefined): readonly SchoolFacts[] => {
  if (!codes) return county.schools;
  const known = new Map(county.schools.map((one) => [one.code, one]));
  refuseUnknownSchools(codes, [...known.keys()]);
  return codes.map((code) => known.get(code) as SchoolFacts);
};

const linesOf = (school: string, found: readonly Found[], states: readonly string[]): FindingLine[] =>
  found.map((one, index) => ({
    rule: one.rule,
    clause: one.clause,
    school,
    severity: one.severity,
    month: one.month,
    message: one.message,
    rows: one.rows,
    at_stake: one.atStake ?? null,
    state: states[index] as string,
  }));

interface Judged {
  readonly outcome: SchoolOutcome;
  readonly plan: FindingPlan;
  readonly students: number;
}

const judgeSchool = (county: County, school: SchoolFacts, answer: SchoolAnswer): Judged => {
  const context = contextOf(county, school, answer);
  // Of a school that is closed nothing is asked any more.
  const isOpen = county.months.some((month) => isOpenIn(month, school.opened_on, school.closed_on));
  const found = isOpen ? evaluateSchool(county.rules, context).filter((one) => county.wholeTerm || one.month !== null) : [];
  const plan = planFindings(answer.findings, found, {
    school: school.code,
    term: county.term.id,
    months: county.months,
    wholeTerm: county.wholeTerm,
    rules: new Set(county.rules.map((rule) => rule.id)),
    now: new Date().toISOString(),
    answerBy: daysBefore(county.today, -(county.settings.answer_days ?? 7)),
  });
  return {
    outcome: { school, findings: linesOf(school.code, found, plan.states), reconciliation: reconciliationRows(context) },
    plan,
    students: answer.students.length,
  };
};

const nothing = { schools: 0, students: 0, found: 0, severe: 0, opened: 0, changed: 0, reopened: 0, gone: 0, unchanged: 0, atStake: 0 };

const added = (sums: typeof nothing, { outcome, plan, students }: Judged): typeof nothing => ({
  schools: sums.schools + 1,
  students: sums.students + students,
  found: sums.found + outcome.findings.length,
  severe: sums.severe + outcome.findings.filter((line) => line.severity !== '参' && isOpenFinding(line)).length,
  opened: sums.opened + plan.opened.length,
  changed: sums.changed + plan.changed.length,
  reopened: sums.reopened + plan.reopened,
  gone: sums.gone + plan.gone,
  unchanged: sums.unchanged + plan.unchanged,
  atStake: Math.round((sums.atStake + outcome.reconciliation.reduce((sum, row) => sum + row.at_stake, 0)) * 100) / 100,
});

/**
 * Judges schools by the rules in use and keeps what was found; running it again changes nothing.
 * Throws UsageError for an unknown school or a month without a term.
 */
export const evaluateRules = async (store: Store, options: RulesOptions): Promise<RulesResult> => {
  const began = Date.now();
  const county = await readCounty(store, options.timezone, options.today ?? dayIn(options.timezone), options.month ?? null);
  const schools = chosenSchools(county, options.schools);
  const writer = findingWriter(store);
  let sums = nothing;
  for await (const { school, answer } of readAhead(store, county, schools)) {
    const judged = judgeSchool(county, school, answer);
    if (!options.dryRun) await writer.add(judged.plan);
    sums = added(sums, judged);
    options.onSchool?.(judged.outcome);
  }
  await writer.flush();
  return { ...sums, rules: county.rules.length, ruleFaults: county.ruleFaults, ms: Date.now() - began };
};
