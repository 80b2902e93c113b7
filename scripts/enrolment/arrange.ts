/**
 * 统筹安排 of schools: reads approved applications and courses, lets schema/enrolment/places.ts arrange, and writes each child's result
 * with its step. `npm run arrange` and the job of that name both call it. Running it again changes nothing.
 */
import { type Applicant, type Arrangement, arrangePlaces, type Course, type Placement, type PlaceRules } from '../../schema/enrolment/places.ts';
import { arrange, type Standing, stateOf, stepOf } from '../../schema/enrolment/steps.ts';
import type { Row, tables } from '../../schema/index.ts';
import { sameValue } from '../../schema/merge.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { refuseUnknownSchools } from '../directus/unknown-schools.ts';

export interface ArrangeOptions {
  /** Codes; left out for all schools that offer courses. */
  readonly schools?: readonly string[];
  /** Left out: the county's, else the id of the term. */
  readonly seed?: string;
  /** Gives up all places that were given. */
  readonly anew?: boolean;
  readonly dryRun?: boolean;
  /** Moment in UTC. */
  readonly now: string;
  readonly onSchool?: (outcome: SchoolPlaces) => void;
}

/** What became of one school. No names of children: 行号 only. */
export interface SchoolPlaces extends Arrangement {
  readonly school: string;
  readonly name: string;
  readonly term: string;
  readonly seed: string;
  /** Rows whose result differs from what they said before. */
  readonly changed: number;
  readonly waiting: number;
  /** Choices that name no course of the timetable. */
  readonly unknown: number;
}

export interface ArrangeResult {
  readonly schools: number;
  readonly children: number;
  readonly placed: number;
  readonly waiting: number;
  readonly unknown: number;
  readonly changed: number;
}

type Enrolment = Row<typeof tables.enrolments> & { readonly id: string };
type Settings = Row<typeof tables.settings>;

/** All six groups of S01, where the county has not chosen. */
const allGroups = ['随迁', '单亲', '残疾', '留守', '困难', '低年级'];

const rulesFor = (settings: Settings, term: string, seed: string | undefined): PlaceRules => ({
  seed: seed ?? settings.place_seed ?? term,
  priority: settings.place_priority?.length ? settings.place_priority : allGroups,
  lowerTo: settings.lower_grades_to ?? 2,
  most: settings.courses_each ?? 2,
});

/** What is kept of a placement in its row. */
interface Kept {
  readonly seed: string;
  readonly lottery: number;
  readonly priority: string | null;
  readonly results: Placement['results'];
}

const heldBy = (row: Enrolment): string[] =>
  ((row.placement as Kept | null)?.results ?? []).flatMap(({ verdict, course }) => (verdict === '录取' && course ? [course] : []));

const readSchool = async (store: Store, school: string, term: string) => {
  const ofTerm = { school: { _eq: school }, term: { _eq: term } };
  const [enrolments, students, activities] = await Promise.all([
    store.readRows('enrolments', { filter: ofTerm, sort: ['id'] }),
    store.readRows('students', { filter: { school: { _eq: school } }, fields: ['id', 'grade', 'groups', 'status'] }),
    store.readRows('activities', { filter: ofTerm, sort: ['id'] }),
  ]);
  return { enrolments, students: new Map(students.map((one) => [one.id, one])), activities };
};

type SchoolData = Awaited<ReturnType<typeof readSchool>>;

const applicantsOf = ({ enrolments, students }: SchoolData, anew: boolean): Applicant[] =>
  enrolments.flatMap((row) => {
    const student = students.get(row.student);
    if (!student || student.status === '已离校' || stateOf[stepOf(row as Standing)] !== '已通过') return [];
    return [
      {
        id: row.id,
        grade: student.grade,
        groups: student.groups ?? [],
        days: row.days ?? [],
        choices: row.services ?? [],
        held: anew ? [] : heldBy(row),
        upheld: row.appeal_state === '改正',
      },
    ];
  });

const coursesOf = ({ activities }: SchoolData): Course[] => activities.filter((row) => row.state !== '已下架' && row.state !== '已结课');

/** A place that was given and is kept is the same place, though its reason now says so. */
const sameOutcome = (before: Kept | null, now: Kept): boolean => {
  const outline = (kept: Kept) =>
    kept.results.map(({ name, course, verdict, line }) => [name, verdict === '未安排' ? null : course, verdict, line ?? 0]);
  return before !== null && sameValue(outline(before), outline(now));
};

/** The values that a result changes in its row; empty where it says what the row says already. */
const changeOf = (row: Enrolment, one: Placement, seed: string, now: string): Record<string, unknown> => {
  const placement: Kept = { seed, lottery: one.lottery, priority: one.priority, results: one.results };
  const changed = !sameOutcome(row.placement as Kept | null, placement);
  const steps = arrange(row as Standing, { placed: one.placed, changed, why: one.note }, { actor: 'arrangement', by: '统筹安排', at: now });
  return { ...(changed ? { placement, placement_note: one.note } : {}), ...steps };
};

/** Rows of one call. */
const chunk = 100;

const write = async (store: Store, changes: readonly Record<string, unknown>[]): Promise<void> => {
  for (let start = 0; start < changes.length; start += chunk)
    await store.call('PATCH', '/items/enrolments?fields=id', changes.slice(start, start + chunk));
};

const arrangeSchool = async (
  store: Store,
  school: { readonly code: string; readonly name: string },
  term: string,
  rules: PlaceRules,
  options: ArrangeOptions,
) => {
  const data = await readSchool(store, school.code, term);
  const made = arrangePlaces(applicantsOf(data, options.anew === true), coursesOf(data), rules);
  const rows = new Map(data.enrolments.map((row) => [row.id, row]));
  const changes = made.placements.flatMap((one) => {
    const change = changeOf(rows.get(one.id) as Enrolment, one, rules.seed, options.now);
    return Object.keys(change).length ? [{ id: one.id, ...change }] : [];
  });
  if (!options.dryRun) await write(store, changes);
  const outcome: SchoolPlaces = {
    school: school.code,
    name: school.name,
    term,
    seed: rules.seed,
    ...made,
    changed: changes.length,
    waiting: made.placements.filter((one) => !one.placed).length,
    unknown: made.placements.flatMap((one) => one.results).filter((one) => one.why === '课程安排里没有这门课').length,
  };
  options.onSchool?.(outcome);
  return outcome;
};

const chosenSchools = async (store: Store, codes: readonly string[] | undefined) => {
  const schools = await store.readRows('schools', { fields: ['code', 'name'], sort: ['code'] });
  if (!codes) return schools;
  refuseUnknownSchools(
    codes,
    schools.map(({ code }) => code),
  );
  return schools.filter((one) => codes.includes(one.code));
};

/** How many schools an arrangement goes through, for the progress. */
export const countSchools = async (store: Store, codes: readonly string[] | undefined): Promise<number> => (await chosenSchools(store, codes)).length;

/** Arranges the places of the current term. Throws UsageError for an unknown school or where no term is current. */
export const arrangeSchools = async (store: Store, options: ArrangeOptions): Promise<ArrangeResult> => {
  const [term] = await store.readRows('terms', { filter: { current: { _eq: true } }, sort: ['-starts_on'], fields: ['id'] });
  if (!term) throw new UsageError('还没有登记当前学期:请先在 Directus「学期」里登记');
  const schools = await chosenSchools(store, options.schools);
  const rules = rulesFor(await store.readSettings(), term.id, options.seed);
  const total = { schools: 0, children: 0, placed: 0, waiting: 0, unknown: 0, changed: 0 };
  for (const school of schools) {
    const { placements, waiting, unknown, changed } = await arrangeSchool(store, school, term.id, rules, options);
    total.schools += 1;
    total.children += placements.length;
    total.placed += placements.length - waiting;
    total.waiting += waiting;
    total.unknown += unknown;
    total.changed += changed;
  }
  return total;
};
