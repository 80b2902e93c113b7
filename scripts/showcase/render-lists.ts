/**
 * The lists: one category, township, school or year with its cases, and the four pages that list those lists.
 * Pure.
 */
import { paths, relative } from './hrefs.ts';
import type { ShownCase } from './select.ts';
import type { CaseGroup, SchoolGroup, Site, SiteBrochure } from './site.ts';
import { brochureViews, type Crumb, cardView, crumbViews, frameView, groupViews, type MainSection, type Page, say, sealOf } from './views.ts';

/** Cases on one page of a list: short enough for an old phone. */
export const perPage = 40;

interface ListInput {
  readonly section: MainSection;
  readonly title: string;
  readonly intro: string;
  readonly seal: string;
  readonly crumbs: readonly Crumb[];
  readonly cases: readonly ShownCase[];
  readonly pathOf: (page: number) => string;
  /** Links from the list to its neighbourhood: the township of a school, the schools of a township. */
  readonly links?: readonly { readonly text: string; readonly path: string }[];
  readonly brochures?: readonly SiteBrochure[];
  /** Picture for messengers, where it is not the site's. */
  readonly share?: string;
}

const renderListPage = (site: Site, input: ListInput, page: number, last: number): Page => {
  const path = input.pathOf(page);
  const title = page > 1 ? say(`${input.title}(第${page}页)`) : input.title;
  const view = {
    frame: frameView(site, path, input.section, title, input.intro, input.share),
    crumbs: crumbViews(path, input.crumbs),
    brochures: brochureViews(path, input.brochures ?? []),
    title: input.title,
    seal: input.seal,
    intro: input.intro,
    count: input.cases.length,
    links: (input.links ?? []).map((link) => ({ text: link.text, href: relative(path, link.path) })),
    cards: input.cases.slice((page - 1) * perPage, page * perPage).map((item) => cardView(site, path, item)),
    pager:
      last > 1
        ? {
            page,
            last,
            previous: page > 1 ? relative(path, input.pathOf(page - 1)) : null,
            next: page < last ? relative(path, input.pathOf(page + 1)) : null,
          }
        : null,
  };
  return { path, template: 'list', view };
};

const renderList = (site: Site, input: ListInput): Page[] => {
  const last = Math.max(1, Math.ceil(input.cases.length / perPage));
  return Array.from({ length: last }, (_, index) => renderListPage(site, input, index + 1, last));
};

const schoolsOf = (group: CaseGroup) =>
  [...new Map(group.cases.map((item) => [item.school.code, item.school.name]))].map(([code, name]) => ({ text: name, path: paths.school(code) }));

/** The printed collections that hold nothing but cases of the group. */
const brochuresOf = (site: Site, group: CaseGroup): readonly SiteBrochure[] => {
  const ids = new Set(group.cases.map((item) => item.id));
  return site.brochures.filter((one) => one.cases.every((id) => ids.has(id)));
};

export const renderCategory = (site: Site, group: CaseGroup): Page[] =>
  renderList(site, {
    section: 'category',
    title: group.name,
    intro: say(`全县${group.name}类案例,共${group.cases.length}个,按发布日期排列。`),
    seal: sealOf(group.name),
    crumbs: [{ text: '类别', path: paths.categories }],
    cases: group.cases,
    pathOf: (page) => paths.category(group.key, page),
    brochures: brochuresOf(site, group),
    share: paths.shareCard(group.key),
  });

export const renderTownship = (site: Site, group: CaseGroup): Page[] =>
  renderList(site, {
    section: 'township',
    title: group.name,
    intro: say(`${group.name}各学校的案例,共${group.cases.length}个。`),
    seal: [...group.name][0] ?? '乡',
    crumbs: [{ text: '乡镇', path: paths.townships }],
    cases: group.cases,
    pathOf: (page) => paths.township(group.key, page),
    links: schoolsOf(group),
  });

export const renderSchool = (site: Site, group: SchoolGroup): Page[] =>
  renderList(site, {
    section: 'school',
    title: group.name,
    intro: say(`${group.school.township} · ${group.school.type},已发布案例${group.cases.length}个。`),
    seal: '校',
    crumbs: [{ text: '学校', path: paths.schools }],
    cases: group.cases,
    pathOf: (page) => paths.school(group.key, page),
    links: [{ text: `${group.school.township}的全部案例`, path: paths.township(group.school.township) }],
  });

export const renderYear = (site: Site, group: CaseGroup): Page[] =>
  renderList(site, {
    section: 'year',
    title: `${group.name}年`,
    intro: say(`${group.name}年发布的案例,共${group.cases.length}个。`),
    seal: '年',
    crumbs: [{ text: '年度', path: paths.years }],
    cases: group.cases,
    pathOf: (page) => paths.year(group.key, page),
    brochures: brochuresOf(site, group),
  });

interface IndexInput {
  readonly path: string;
  readonly section: MainSection;
  readonly title: string;
  readonly intro: string;
  readonly sections: readonly { readonly title: string; readonly groups: ReturnType<typeof groupViews> }[];
}

const renderIndex = (site: Site, input: IndexInput): Page => ({
  path: input.path,
  template: 'index',
  view: {
    frame: frameView(site, input.path, input.section, input.title, input.intro),
    crumbs: crumbViews(input.path, []),
    title: input.title,
    intro: input.intro,
    sections: input.sections.map((section, index) => ({ ...section, id: `g${index + 1}` })),
  },
});

const schoolsByTownship = (site: Site) =>
  site.townships.map((township) => ({
    title: township.name,
    groups: groupViews(
      paths.schools,
      site.schools.filter((group) => group.school.township === township.key),
      (key) => paths.school(key),
    ),
  }));

/** The years with their unit: `2026年`. */
export const yearsInWords = (site: Site): readonly CaseGroup[] => site.years.map((group) => ({ ...group, name: `${group.name}年` }));

/** The four pages that list the categories, townships, schools and years. */
export const renderIndexes = (site: Site): Page[] => [
  renderIndex(site, {
    path: paths.categories,
    section: 'category',
    title: '按类别浏览',
    intro: say('案例按工作内容归为几类,点进去看各校怎么做。'),
    sections: [{ title: '', groups: groupViews(paths.categories, site.categories, (key) => paths.category(key)) }],
  }),
  renderIndex(site, {
    path: paths.townships,
    section: 'township',
    title: '按乡镇浏览',
    intro: say('各乡镇、学区已发布的案例。'),
    sections: [{ title: '', groups: groupViews(paths.townships, site.townships, (key) => paths.township(key)) }],
  }),
  renderIndex(site, {
    path: paths.schools,
    section: 'school',
    title: '按学校浏览',
    intro: say(`已有${site.schools.length}所学校的案例在全县推广。`),
    sections: schoolsByTownship(site),
  }),
  renderIndex(site, {
    path: paths.years,
    section: 'year',
    title: '年度目录',
    intro: say('按发布年份存档。'),
    sections: [{ title: '', groups: groupViews(paths.years, yearsInWords(site), (key) => paths.year(key)) }],
  }),
];
