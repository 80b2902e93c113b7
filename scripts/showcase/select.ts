/**
 * Decides which cases may be seen by everybody, and says why the others may not (DESIGN section 7).
 * Pure: rows in, a selection out. Consent that is not recorded is consent not given.
 */
import { type GatedFinding, gateReasons, severeRules } from '../../schema/cases/gate.ts';
import { sections } from '../../schema/cases/parts.ts';
import { declaredPhotos } from '../../schema/cases/photo-names.ts';
import { caseFigures, shownPhotos } from '../../schema/cases/records.ts';
import type { Row, tables } from '../../schema/index.ts';
import { cleanLine } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import type { Adoption } from './adoptions.ts';
import { printedText } from './text.ts';

export type CaseRow = Pick<
  Row<typeof tables.cases>,
  | 'school'
  | 'title'
  | 'unit'
  | 'authors'
  | 'category'
  | 'summary'
  | 'background'
  | 'practice'
  | 'results'
  | 'lessons'
  | 'photos'
  | 'photo_names'
  | 'photo_consent'
  | 'photo_consented'
  | 'photo_faceless'
  | 'names_settled'
  | 'name_consent'
  | 'state'
  | 'award'
  | 'published_on'
> &
  Partial<Pick<Row<typeof tables.cases>, 'figures'>> & { readonly id: string };
export type SchoolRow = Pick<Row<typeof tables.schools>, 'code' | 'name' | 'type' | 'township'>;
export type FindingRow = GatedFinding;

export interface ShownPhoto {
  /** Id of the Directus file. */
  readonly file: string;
  /** What is to be seen; may be empty. */
  readonly caption: string;
}

/** A figure that the case quotes, as it stood when it was quoted. */
export interface ShownFigure {
  readonly label: string;
  /** With its unit: `96.3%`. */
  readonly value: string;
  /** `2026-10` */
  readonly month: string;
}

/** A case as the public may read it: cleaned, and without whatever nobody agreed to. */
export interface ShownCase {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Empty where the authors have not agreed to be named. */
  readonly authors: string;
  readonly category: string;
  readonly award: string;
  readonly school: SchoolRow;
  readonly summary: string;
  readonly sections: readonly { readonly title: string; readonly text: string }[];
  readonly photos: readonly ShownPhoto[];
  readonly figures: readonly ShownFigure[];
  /** Schools that took it over, newest first. */
  readonly adoptions: readonly Adoption[];
  /** `2026-11-20` */
  readonly publishedOn: string;
}

/** A case that stays away from the site, with the reasons in words for the office. */
export interface HeldCase {
  readonly id: string;
  readonly title: string;
  readonly school: string;
  readonly reasons: readonly string[];
}

export interface Selection {
  readonly shown: readonly ShownCase[];
  readonly held: readonly HeldCase[];
}

export interface SelectionInput {
  readonly cases: readonly CaseRow[];
  readonly schools: readonly SchoolRow[];
  readonly findings: readonly FindingRow[];
  /** Cases that are to be taken as published although they are not yet: for a preview. */
  readonly also?: ReadonlySet<string>;
  /** Which schools took a case over, by its id. */
  readonly adoptions?: ReadonlyMap<string, readonly Adoption[]>;
  /** Day of the build, `2026-11-24`: a case may carry a later day and waits for it. */
  readonly today: string;
}

const uncategorised = '其他管理';
/** Why a published case may not be shown; empty where its gate holds. */
export const holdReasons = (row: CaseRow, school: SchoolRow | undefined, severe: ReadonlySet<string> | undefined, today: string): string[] => {
  const reasons: string[] = [];
  if (!school) reasons.push('找不到所属学校,请在案例里重新选择学校。');
  reasons.push(...gateReasons(row, severe));
  if (!row.published_on) reasons.push('没有填发布日期,请补填。');
  else if (row.published_on.slice(0, 10) > today) reasons.push(`发布日期 ${row.published_on.slice(0, 10)} 未到。`);
  return reasons;
};

const toShown = (row: CaseRow, school: SchoolRow, adoptions: readonly Adoption[]): ShownCase => ({
  id: row.id,
  title: typeset(cleanLine(row.title)),
  unit: typeset(cleanLine(row.unit) || cleanLine(school.name)),
  authors: row.name_consent === true ? cleanLine(row.authors) : '',
  category: cleanLine(row.category) || uncategorised,
  award: cleanLine(row.award),
  school: { ...school, name: typeset(cleanLine(school.name)), township: typeset(cleanLine(school.township)) },
  summary: printedText(row.summary),
  sections: sections.map(({ field, title }) => ({ title, text: printedText(row[field]) })).filter((section) => section.text !== ''),
  photos: shownPhotos(declaredPhotos(row)).map(({ file, caption }) => ({ file, caption: typeset(cleanLine(caption)) })),
  figures: caseFigures(row.figures).map(({ label, value, unit, month }) => ({ label: cleanLine(label), value: `${value}${cleanLine(unit)}`, month })),
  adoptions,
  publishedOn: (row.published_on ?? '').slice(0, 10),
});

const newestFirst = (a: ShownCase, b: ShownCase): number =>
  a.publishedOn === b.publishedOn ? (a.id < b.id ? -1 : 1) : a.publishedOn < b.publishedOn ? 1 : -1;

/** Splits the cases into those that everybody may read and those that are held back. Only the state 已发布 is considered at all. */
export const selectCases = ({ cases, schools, findings, also, adoptions, today }: SelectionInput): Selection => {
  const schoolOf = new Map(schools.map((school) => [school.code, school]));
  const severe = severeRules(findings);
  const shown: ShownCase[] = [];
  const held: HeldCase[] = [];
  for (const stored of cases) {
    const row = also?.has(stored.id) ? { ...stored, state: '已发布', published_on: stored.published_on || today } : stored;
    if (row.state !== '已发布') continue;
    const school = schoolOf.get(row.school);
    const reasons = holdReasons(row, school, severe.get(row.school), today);
    if (school && reasons.length === 0) shown.push(toShown(row, school, adoptions?.get(row.id) ?? []));
    else held.push({ id: row.id, title: cleanLine(row.title), school: cleanLine(school?.name) || row.school, reasons });
  }
  return { shown: shown.sort(newestFirst), held };
};
