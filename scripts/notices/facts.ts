/** What a letter is made from, as read from Directus. Reads; never decides or writes. */
import type { Row, tables } from '../../schema/index.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { unknownSchools } from '../directus/unknown-schools.ts';

type Stored<N extends keyof typeof tables> = Row<(typeof tables)[N]> & { id: string };

export type Settings = Row<typeof tables.settings>;
export type School = Stored<'schools'>;
export type Term = Stored<'terms'>;
export type Plan = Stored<'plans'>;
export type Activity = Stored<'activities'>;
export type Student = Stored<'students'>;
export type Enrolment = Stored<'enrolments'>;
export type FeeRow = Stored<'fees'>;
export type Notice = Stored<'notices'>;

/** All that the letters of one school in one term have in common. */
export interface Facts {
  readonly settings: Settings;
  readonly school: School;
  readonly term: Term;
  /** Null when the school has not handed in its 一校一案. */
  readonly plan: Plan | null;
  readonly activities: readonly Activity[];
  /** What a 变更停课通知 is about; null for the other kinds. */
  readonly matter: Pick<Notice, 'matter' | 'from_on' | 'to_on' | 'reason' | 'arrangement'> | null;
}

/** What is on record about one student's part in the service this term. */
export interface Records {
  readonly enrolment: Enrolment | null;
  /** By month. */
  readonly fees: readonly FeeRow[];
}

export const noRecords: Records = { enrolment: null, fees: [] };

const currentTerm = async (store: Store): Promise<Term> => {
  const [term] = await store.readRows('terms', { filter: { current: { _eq: true } }, sort: ['-id'], limit: 1 });
  if (!term) throw new UsageError('没有当前学期:请在 Directus「学期」里把正在进行的学期标为「当前学期」,或用 --term 指明学期(如 2026-1)。');
  return term;
};

const termOf = async (store: Store, id: string): Promise<Term> => {
  const [term] = await store.readRows('terms', { filter: { id: { _eq: id } }, limit: 1 });
  if (!term) throw new UsageError(`没有学期 ${id}:请核对学期代码(如 2026-1),或先在 Directus「学期」里添加。`);
  return term;
};

/** Reads what the letters of a school have in common; without `termId` for the current term. Throws UsageError when school or term do not exist. */
export const readFacts = async (store: Store, schoolCode: string, termId?: string): Promise<Facts> => {
  const [school] = await store.readRows('schools', { filter: { code: { _eq: schoolCode } }, limit: 1 });
  if (!school) throw unknownSchools([schoolCode]);
  const term = termId ? await termOf(store, termId) : await currentTerm(store);
  const here = inTerm(schoolCode, term.id);
  const [settings, plans, activities] = await Promise.all([
    store.readSettings(),
    store.readRows('plans', { filter: here, limit: 1 }),
    store.readRows('activities', { filter: here }),
  ]);
  return { settings, school, term, plan: plans[0] ?? null, activities, matter: null };
};

const inTerm = (school: string, term: string) => ({ _and: [{ school: { _eq: school } }, { term: { _eq: term } }] });

/** What is on record of every student of a school in a term. */
export const readRecords = async (store: Store, school: string, term: string): Promise<(studentId: string) => Records> => {
  const filter = inTerm(school, term);
  const [enrolments, fees] = await Promise.all([store.readRows('enrolments', { filter }), store.readRows('fees', { filter, sort: ['month'] })]);
  const byStudent = new Map<string, { enrolment: Enrolment | null; fees: FeeRow[] }>();
  const of = (id: string) => {
    const found = byStudent.get(id) ?? { enrolment: null, fees: [] };
    byStudent.set(id, found);
    return found;
  };
  for (const enrolment of enrolments) of(enrolment.student).enrolment = enrolment;
  for (const fee of fees) of(fee.student).fees.push(fee);
  return (id) => byStudent.get(id) ?? noRecords;
};
