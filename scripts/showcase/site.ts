/**
 * The county's cases in the orders in which people look for them: by category, township, school and year.
 * Pure; knows nothing of pages or addresses.
 */
import { caseCategories } from '../../schema/vocabulary.ts';
import type { SchoolRow, ShownCase } from './select.ts';

/** What the site says about the county itself. */
export interface County {
  readonly name: string;
  readonly bureau: string;
  readonly office: string;
  /** Telephone of the bureau, empty where none is set. */
  readonly phone: string;
  /** Address under which the site stands on the net, ending in `/`; feed and sitemap need it. */
  readonly address: string;
}

export interface CaseGroup {
  readonly key: string;
  readonly name: string;
  readonly cases: readonly ShownCase[];
}

export interface SchoolGroup extends CaseGroup {
  readonly school: SchoolRow;
}

/** A photo as it stands in the site: sizes in pixels, names of files in `photo/`. */
export interface SitePhoto {
  /** JPEG, for old browsers and for paper; of this width and height. */
  readonly plain: string;
  readonly width: number;
  readonly height: number;
  /** WebP, each with its nominal width. */
  readonly scaled: readonly (readonly [name: string, width: number])[];
  /** JPEG of the shape that messengers show. */
  readonly share: string;
}

/** A printed collection that lies in the site. */
export interface SiteBrochure {
  readonly path: string;
  readonly title: string;
  readonly pages: number;
  readonly bytes: number;
  /** Ids of the cases in it. */
  readonly cases: readonly string[];
}

export interface Site {
  readonly county: County;
  /** Newest first. */
  readonly cases: readonly ShownCase[];
  readonly categories: readonly CaseGroup[];
  readonly townships: readonly CaseGroup[];
  readonly schools: readonly SchoolGroup[];
  readonly years: readonly CaseGroup[];
  /** Day of the newest case, empty where there is none: the same cases always give the same site. */
  readonly updatedOn: string;
  readonly photos: ReadonlyMap<string, SitePhoto>;
  readonly brochures: readonly SiteBrochure[];
}

/** Groups that keep the order of the cases inside, in the order given by `compare`. */
const groupBy = (cases: readonly ShownCase[], keyOf: (item: ShownCase) => string, compare: (a: CaseGroup, b: CaseGroup) => number): CaseGroup[] => {
  const groups = new Map<string, ShownCase[]>();
  for (const item of cases) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].map(([key, members]) => ({ key, name: key, cases: members })).sort(compare);
};

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Most cases first, then by name: a fixed order of code points, the same on every machine. */
const largestFirst = (a: CaseGroup, b: CaseGroup): number => b.cases.length - a.cases.length || byCode(a.key, b.key);

const categoryOrder = new Map<string, number>(caseCategories.map((category, index) => [category.value, index]));
const inFormOrder = (a: CaseGroup, b: CaseGroup): number =>
  (categoryOrder.get(a.key) ?? 99) - (categoryOrder.get(b.key) ?? 99) || byCode(a.key, b.key);

/** Arranges the shown cases (newest first) into the site. */
export const arrangeSite = (
  cases: readonly ShownCase[],
  county: County,
  photos: ReadonlyMap<string, SitePhoto> = new Map(),
  brochures: readonly SiteBrochure[] = [],
): Site => ({
  county,
  cases,
  categories: groupBy(cases, (item) => item.category, inFormOrder),
  townships: groupBy(cases, (item) => item.school.township, largestFirst),
  schools: groupBy(cases, (item) => item.school.code, largestFirst).map((group) => {
    const school = (group.cases[0] as ShownCase).school;
    return { ...group, name: school.name, school };
  }),
  years: groupBy(
    cases,
    (item) => item.publishedOn.slice(0, 4),
    (a, b) => byCode(b.key, a.key),
  ),
  updatedOn: cases[0]?.publishedOn ?? '',
  photos,
  brochures,
});

/** Up to `count` cases worth reading next: same category first, then same township; never the case itself, nor one of its school. */
export const relatedCases = (site: Site, item: ShownCase, count: number): readonly ShownCase[] => {
  const near = [site.categories.find((group) => group.key === item.category), site.townships.find((group) => group.key === item.school.township)];
  const found = new Set<ShownCase>();
  for (const group of near)
    for (const other of group?.cases ?? []) {
      if (found.size === count) return [...found];
      if (other.id !== item.id && other.school.code !== item.school.code) found.add(other);
    }
  return [...found];
};
