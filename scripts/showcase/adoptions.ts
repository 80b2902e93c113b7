/**
 * Where a case has gone: which schools took it over, as the bureau entered it at the case, or as the school wrote it into its plan.
 * Pure. A school's own words are shown only once the bureau has approved its plan, and never with a personal number in them.
 */
import { personalNumbers } from '../../schema/cases/personal.ts';
import { caseAdoptions } from '../../schema/cases/records.ts';
import { cleanLine } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import { printedText } from './text.ts';

/** One school that took a case over, ready to be read by everybody. */
export interface Adoption {
  readonly code: string;
  readonly school: string;
  readonly township: string;
  /** `2026-11-20`; empty where nobody wrote it down. */
  readonly on: string;
  readonly note: string;
  readonly result: string;
}

interface NamedSchool {
  readonly code: string;
  readonly name: string;
  readonly township: string;
}

export interface AdoptedCase {
  readonly id: string;
  readonly title: string;
  /** Code of the school that wrote it. */
  readonly school: string;
  readonly adoptions: unknown;
}

/** What a school's plan says of cases it took over. */
export interface AdoptingPlan {
  readonly school: string;
  readonly adopted_cases: readonly string[] | null;
  readonly adopted_note: string | null;
  readonly adopted_result: string | null;
  readonly published_on: string | null;
  readonly approval: string | null;
}

/** A title that a school wrote and that no case has. */
export interface StrayTitle {
  readonly school: string;
  readonly title: string;
}

export interface Adoptions {
  readonly byCase: ReadonlyMap<string, readonly Adoption[]>;
  readonly stray: readonly StrayTitle[];
}

/** A title without what people leave out or write otherwise: blanks, marks, 《》. */
const bare = (title: string): string =>
  cleanLine(title)
    .replaceAll(/[\s\p{P}\p{S}]/gu, '')
    .toLowerCase();

const safe = (text: string): string => {
  const clean = printedText(text);
  return personalNumbers(clean).length > 0 ? '' : clean;
};

const entry = (school: NamedSchool, given: { on: string; note: string; result: string }): Adoption => ({
  code: school.code,
  school: typeset(cleanLine(school.name)),
  township: typeset(cleanLine(school.township)),
  on: given.on.slice(0, 10),
  note: safe(given.note),
  result: safe(given.result),
});

const newestFirst = (a: Adoption, b: Adoption): number => (a.on === b.on ? (a.code < b.code ? -1 : 1) : a.on < b.on ? 1 : -1);

/** One line for each school: what the bureau entered counts before what the plan says. */
const onePerSchool = (all: readonly Adoption[]): Adoption[] => {
  const bySchool = new Map<string, Adoption>();
  for (const one of all) if (!bySchool.has(one.code)) bySchool.set(one.code, one);
  return [...bySchool.values()].sort(newestFirst);
};

const approved = '已同意';

/** Brings both sources together. A school does not adopt its own case. */
export const readAdoptions = (cases: readonly AdoptedCase[], plans: readonly AdoptingPlan[], schools: readonly NamedSchool[]): Adoptions => {
  const schoolOf = new Map(schools.map((school) => [school.code, school]));
  const byTitle = new Map(cases.map((item) => [bare(item.title), item]));
  const found = new Map<string, Adoption[]>(cases.map((item) => [item.id, []]));
  const stray: StrayTitle[] = [];
  const add = (item: AdoptedCase, code: string, given: { on: string; note: string; result: string }): void => {
    const school = schoolOf.get(code);
    if (school && code !== item.school) found.get(item.id)?.push(entry(school, given));
  };
  for (const item of cases) for (const one of caseAdoptions(item.adoptions)) add(item, one.school, one);
  for (const plan of plans) {
    for (const title of plan.adopted_cases ?? []) {
      const item = byTitle.get(bare(title));
      if (!item) stray.push({ school: plan.school, title: cleanLine(title) });
      else if (plan.approval === approved)
        add(item, plan.school, { on: plan.published_on ?? '', note: plan.adopted_note ?? '', result: plan.adopted_result ?? '' });
    }
  }
  return { byCase: new Map([...found].map(([id, all]) => [id, onePerSchool(all)])), stray };
};
