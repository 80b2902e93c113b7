/**
 * The whole site as pages: home, cases, lists, about, search, feed, sitemap and the page for a wrong address.
 * Pure: nothing is read or written here.
 */

import { typeset } from '../text/typeset.ts';
import { paths, relative } from './hrefs.ts';
import { renderCase } from './render-case.ts';
import { renderCategory, renderIndexes, renderSchool, renderTownship, renderYear, yearsInWords } from './render-lists.ts';
import { indexCount } from './search-index.ts';
import type { ShownCase } from './select.ts';
import type { Site } from './site.ts';
import { excerpt } from './text.ts';
import { brochureViews, cardView, crumbViews, frameView, groupViews, type Page, say } from './views.ts';

/** Cases on the first page, the leading one included. */
const onHome = 9;
/** Cases in the feed. */
const inFeed = 30;

const awardRank: Readonly<Record<string, number>> = { 一等奖: 3, 二等奖: 2, 三等奖: 1 };

/** The case that leads the first page: the best award among the newest; the newest where none has an award. */
const leadingCase = (site: Site): ShownCase | undefined =>
  [...site.cases.slice(0, onHome)].sort((a, b) => (awardRank[b.award] ?? 0) - (awardRank[a.award] ?? 0))[0];

const renderHome = (site: Site): Page => {
  const path = paths.home;
  const leading = leadingCase(site);
  const view = {
    frame: frameView(site, path, 'home', '', `${site.county.name}各学校课后服务和“双减”工作的典型案例。`),
    counts: { cases: site.cases.length, schools: site.schools.length, townships: site.townships.length },
    leading: leading ? cardView(site, path, leading, 150) : null,
    cards: site.cases
      .filter((item) => item !== leading)
      .slice(0, onHome - 1)
      .map((item) => cardView(site, path, item)),
    categories: groupViews(path, site.categories, (key) => paths.category(key)),
    townships: groupViews(path, site.townships.slice(0, 12), (key) => paths.township(key)),
    townshipsHref: relative(path, paths.townships),
    years: groupViews(path, yearsInWords(site), (key) => paths.year(key)),
    yearsHref: relative(path, paths.years),
    brochures: brochureViews(path, site.brochures),
  };
  return { path, template: 'home', view };
};

const renderAbout = (site: Site): Page => ({
  path: paths.about,
  template: 'about',
  view: {
    frame: frameView(site, paths.about, 'about', '关于本站', '案例从哪里来,怎样选出,个人信息怎样保护。'),
    crumbs: crumbViews(paths.about, []),
    feedHref: relative(paths.about, paths.feed),
  },
});

const renderSearch = (site: Site): Page => ({
  path: paths.search,
  template: 'search',
  view: {
    frame: frameView(site, paths.search, 'search', '搜索案例', '在全县案例中搜索。'),
    crumbs: crumbViews(paths.search, []),
    scriptHref: relative(paths.search, paths.searchScript),
    titlesHref: relative(paths.search, paths.titles),
    indexes: indexCount(site.cases.length),
    categories: site.categories.map((group) => group.name),
    townships: site.townships.map((group) => group.name),
    years: site.years.map((group) => group.name),
    lists: [
      { text: '按类别浏览', href: relative(paths.search, paths.categories) },
      { text: '按乡镇浏览', href: relative(paths.search, paths.townships) },
      { text: '按学校浏览', href: relative(paths.search, paths.schools) },
      { text: '年度目录', href: relative(paths.search, paths.years) },
    ],
  },
});

/** A wrong address may lie at any depth, so this page alone carries its style and no relative links but the given base. */
const renderNotFound = (site: Site): Page => ({
  path: paths.notFound,
  template: 'not-found',
  view: { frame: frameView(site, paths.notFound, 'none', '没有找到这一页', '地址可能有误,或这篇案例已经撤下。') },
});

const absolute = (site: Site, path: string): string => `${site.county.address}${path}`;

const renderFeed = (site: Site): Page => ({
  path: paths.feed,
  template: 'feed',
  view: {
    title: say(`${site.county.name}课后服务典型案例`),
    author: site.county.bureau,
    self: absolute(site, paths.feed),
    home: absolute(site, paths.home),
    updated: `${site.updatedOn || '1970-01-01'}T00:00:00+08:00`,
    entries: site.cases.slice(0, inFeed).map((item) => ({
      title: item.title,
      link: absolute(site, paths.case(item.id)),
      updated: `${item.publishedOn}T00:00:00+08:00`,
      school: item.school.name,
      category: item.category,
      summary: excerpt(item.summary || (item.sections[0]?.text ?? ''), 200),
    })),
  },
});

/** Titles and beginnings as a script, for the search page when no server answers (site opened from a folder). */
const renderTitles = (site: Site): Page => {
  const rows = site.cases.map((item) => [
    paths.case(item.id),
    item.title,
    item.school.name,
    item.school.township,
    item.category,
    excerpt(item.summary || (item.sections[0]?.text ?? ''), 80),
    item.publishedOn.slice(0, 4),
  ]);
  // `<` and the two line separators are the only characters of JSON that are not safe inside a script.
  const json = JSON.stringify(rows).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return { path: paths.titles, content: `window.kehouTitles = ${json};\n` };
};

/** Pages that people read, one after another: none need be kept once it is written. */
function* readPages(site: Site): Generator<Page> {
  yield renderHome(site);
  yield* renderIndexes(site);
  for (const group of site.categories) yield* renderCategory(site, group);
  for (const group of site.townships) yield* renderTownship(site, group);
  for (const group of site.schools) yield* renderSchool(site, group);
  for (const group of site.years) yield* renderYear(site, group);
  for (const [position, item] of site.cases.entries()) yield renderCase(site, item, position);
  yield renderAbout(site);
  yield renderSearch(site);
}

const renderSitemap = (site: Site, read: readonly string[]): Page => {
  const days = new Map(site.cases.map((item) => [paths.case(item.id), item.publishedOn]));
  return {
    path: paths.sitemap,
    template: 'sitemap',
    view: { pages: read.map((path) => ({ address: absolute(site, path), day: days.get(path) ?? null })) },
  };
};

/** Every page of the site. The sitemap names all of them that people read. */
export function* renderSite(site: Site): Generator<Page> {
  const read: string[] = [];
  for (const page of readPages(site)) {
    read.push(page.path);
    yield page;
  }
  yield renderNotFound(site);
  yield renderFeed(site);
  yield renderSitemap(site, read);
  yield renderTitles(site);
  yield { path: paths.robots, content: `User-agent: *\nAllow: /\nSitemap: ${absolute(site, paths.sitemap)}\n` };
}

/** The county's words for the site, in printed punctuation. `publicUrl` is the address of Directus. */
export const countyOf = (
  settings: { county_name: string; bureau_name: string; office_name: string | null; bureau_phone: string | null },
  publicUrl: string,
) => ({
  name: typeset(settings.county_name),
  bureau: typeset(settings.bureau_name),
  office: typeset(settings.office_name ?? ''),
  phone: settings.bureau_phone ?? '',
  address: `${publicUrl.replace(/\/+$/, '')}/showcase/`,
});
