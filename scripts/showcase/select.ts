/**
 * Decides which cases may be seen by everybody, and says why the others may not (DESIGN section 7).
 * Pure: rows in, a selection out. Consent that is not recorded is consent not given.
 */
import { mayBeSeen, shownPhotos } from '../../schema/cases/records.ts';
import type { Row, tables } from '../../schema/index.ts';
import { cleanLine, cleanText } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import { personalNumbers } from './text.ts';

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
  | 'name_consent'
  | 'state'
  | 'award'
  | 'published_on'
> & { readonly id: string };
export type SchoolRow = Pick<Row<typeof tables.schools>, 'code' | 'name' | 'type' | 'township'>;
export type FindingRow = Pick<Row<typeof tables.findings>, 'school' | 'rule' | 'severity' | 'state'>;

/** The headings of a case, in the order of the form (DOMAIN section 4). */
export const sections = [
  { field: 'background', title: '背景与问题' },
  { field: 'practice', title: '主要做法' },
  { field: 'results', title: '成效' },
  { field: 'lessons', title: '经验与启示' },
] as const;

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
  /** Ids of Directus files. */
  readonly photos: readonly string[];
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
  /** Day of the build, `2026-11-24`: a case may carry a later day and waits for it. */
  readonly today: string;
}

const uncategorised = '其他管理';
const settled: ReadonlySet<string> = new Set(['已办结', '误报', '已消除']);

/** Schools with a severe finding (禁) that nobody has closed yet, each with the rules concerned. */
const severeRules = (findings: readonly FindingRow[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  for (const finding of findings) {
    if (finding.severity !== '禁' || settled.has(finding.state ?? '未办')) continue;
    found.set(finding.school, (found.get(finding.school) ?? new Set()).add(finding.rule));
  }
  return found;
};

const bodyOf = (row: CaseRow): string =>
  [row.title, row.summary, ...sections.map(({ field }) => row[field])].map((text) => cleanText(text)).join('\n');

/** Why a published case may not be shown; empty where its gate holds. */
export const holdReasons = (row: CaseRow, school: SchoolRow | undefined, severe: ReadonlySet<string> | undefined, today: string): string[] => {
  const reasons: string[] = [];
  if (!school) reasons.push('找不到所属学校,请在案例里重新选择学校。');
  const photos = shownPhotos(row.photos);
  const unagreed = photos.filter((photo) => !mayBeSeen(photo)).length;
  if (unagreed > 0) reasons.push(`有 ${unagreed} 张照片有学生面孔(或没有写明)而未记录监护人同意,请补记同意或不用这些照片。`);
  const raw = photos.filter((photo) => !photo.clean).length;
  if (raw > 0) reasons.push(`有 ${raw} 张照片还没有去掉拍摄地点等信息,请先审查案例。`);
  if (severe && severe.size > 0) reasons.push(`学校有未办结的“禁”级预警(${[...severe].sort().join('、')}),请先办结。`);
  if (!row.published_on) reasons.push('没有填发布日期,请补填。');
  else if (row.published_on.slice(0, 10) > today) reasons.push(`发布日期 ${row.published_on.slice(0, 10)} 未到。`);
  if (cleanLine(row.title) === '') reasons.push('标题是空的,请补填。');
  if (sections.every(({ field }) => cleanText(row[field]) === '') && cleanText(row.summary) === '') reasons.push('没有正文,请补写。');
  const numbers = personalNumbers(bodyOf(row));
  if (numbers.length > 0) reasons.push(`正文里有疑似${numbers.join('、')}的数字,请删去后再发布。`);
  return reasons;
};

const toShown = (row: CaseRow, school: SchoolRow): ShownCase => ({
  id: row.id,
  title: typeset(cleanLine(row.title)),
  unit: typeset(cleanLine(row.unit) || cleanLine(school.name)),
  authors: row.name_consent === true ? cleanLine(row.authors) : '',
  category: cleanLine(row.category) || uncategorised,
  award: cleanLine(row.award),
  school: { ...school, name: typeset(cleanLine(school.name)), township: typeset(cleanLine(school.township)) },
  summary: cleanText(row.summary),
  sections: sections.map(({ field, title }) => ({ title, text: cleanText(row[field]) })).filter((section) => section.text !== ''),
  photos: shownPhotos(row.photos).map((photo) => photo.file),
  publishedOn: (row.published_on ?? '').slice(0, 10),
});

const newestFirst = (a: ShownCase, b: ShownCase): number =>
  a.publishedOn === b.publishedOn ? (a.id < b.id ? -1 : 1) : a.publishedOn < b.publishedOn ? 1 : -1;

/** Splits the cases into those that everybody may read and those that are held back. Only the state 已发布 is considered at all. */
export const selectCases = ({ cases, schools, findings, today }: SelectionInput): Selection => {
  const schoolOf = new Map(schools.map((school) => [school.code, school]));
  const severe = severeRules(findings);
  const shown: ShownCase[] = [];
  const held: HeldCase[] = [];
  for (const row of cases) {
    if (row.state !== '已发布') continue;
    const school = schoolOf.get(row.school);
    const reasons = holdReasons(row, school, severe.get(row.school), today);
    if (school && reasons.length === 0) shown.push(toShown(row, school));
    else held.push({ id: row.id, title: cleanLine(row.title), school: cleanLine(school?.name) || row.school, reasons });
  }
  return { shown: shown.sort(newestFirst), held };
};
