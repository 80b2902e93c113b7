/**
 * The small views that several pages share: a card, a link with a count, the frame around a page.
 * Pure: a site in, plain data for the templates out, every address already relative to the page it stands on.
 */

import { typeset } from '../text/typeset.ts';
import { paths, relative } from './hrefs.ts';
import type { ShownCase } from './select.ts';
import type { CaseGroup, Site, SiteBrochure, SitePhoto } from './site.ts';
import type { TemplateName } from './templates.ts';
import { excerpt } from './text.ts';

/** One page of the site: what a template is to be filled with, or a content as it stands. */
export type Page = { readonly path: string } & ({ readonly template: TemplateName; readonly view: object } | { readonly content: string });

/** One character that stands for each category, as on a seal. */
const seals: Readonly<Record<string, string>> = { 课后服务: '课', 作业减负: '减', 考试管理: '考', 其他管理: '管', 课堂提质: '质', 家校社联动: '联' };

export const sealOf = (category: string): string => seals[category] ?? [...category][0] ?? '例';

/** `2026-11-05` -> `2026年11月5日` (GB/T 9704: no leading zeros). */
export const dayInWords = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return year && month && date ? `${year}年${month}月${date}日` : '';
};

/** `2026-10` -> `2026年10月`; anything else as it is. */
export const monthInWords = (month: string): string => {
  const [year, number] = month.split('-').map(Number);
  return year && number ? `${year}年${number}月` : month;
};

const photoView = (from: string, photo: SitePhoto, alt: string, caption: string) => ({
  plain: relative(from, paths.photo(photo.plain)),
  scaled: photo.scaled.map(([name, width]) => `${relative(from, paths.photo(name))} ${width}w`).join(', '),
  width: photo.width,
  height: photo.height,
  alt,
  caption,
});

/** The photos of a case that are in the site. */
export const photoViews = (site: Site, from: string, item: ShownCase) =>
  item.photos.flatMap(({ file, caption }, index) => {
    const photo = site.photos.get(file);
    return photo ? [photoView(from, photo, caption || `${item.title} · 照片${index + 1}`, caption)] : [];
  });

/** A size of a file as people say it. */
const sizeInWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** The printed collections among `brochures`, as links. */
export const brochureViews = (from: string, brochures: readonly SiteBrochure[]) =>
  brochures.map(({ path, title, pages, bytes }) => ({ href: relative(from, path), title, note: `PDF，${pages}页，${sizeInWords(bytes)}` }));

/** A case as it stands in a list. */
export const cardView = (site: Site, from: string, item: ShownCase, summaryLength = 88) => ({
  href: relative(from, paths.case(item.id)),
  title: item.title,
  seal: sealOf(item.category),
  category: item.category,
  school: item.school.name,
  township: item.school.township,
  award: item.award,
  day: item.publishedOn,
  dayText: dayInWords(item.publishedOn),
  summary: excerpt(item.summary || (item.sections[0]?.text ?? ''), summaryLength),
  photo: photoViews(site, from, item)[0] ?? null,
});

/** A link to a group with its number of cases; `share` is its width in a bar, in per cent of the largest group. */
export const groupViews = (from: string, groups: readonly CaseGroup[], pathOf: (key: string) => string) => {
  const largest = Math.max(1, ...groups.map((group) => group.cases.length));
  return groups.map((group) => ({
    href: relative(from, pathOf(group.key)),
    name: group.name,
    seal: sealOf(group.name),
    count: group.cases.length,
    share: Math.max(4, Math.round((group.cases.length / largest) * 100)),
  }));
};

const mainSections = [
  { key: 'home', text: '首页', path: paths.home },
  { key: 'category', text: '类别', path: paths.categories },
  { key: 'township', text: '乡镇', path: paths.townships },
  { key: 'school', text: '学校', path: paths.schools },
  { key: 'year', text: '年度', path: paths.years },
  { key: 'about', text: '关于', path: paths.about },
] as const;

export type MainSection = (typeof mainSections)[number]['key'] | 'case' | 'search' | 'none';

/** What the frame of every page needs. `section` is the entry of the main navigation that the page belongs to; `share` the path of the picture for messengers. */
export const frameView = (
  site: Site,
  path: string,
  section: MainSection,
  title: string,
  description: string,
  share: string = paths.shareCard(''),
) => ({
  path,
  title: title === '' ? `${site.county.name}课后服务典型案例` : `${title} · ${site.county.name}课后服务典型案例`,
  description: excerpt(typeset(description), 120),
  address: `${site.county.address}${path === paths.home ? '' : path}`,
  shareAddress: `${site.county.address}${share}`,
  isArticle: section === 'case',
  county: site.county,
  updated: dayInWords(site.updatedOn),
  homeHref: relative(path, paths.home),
  searchHref: relative(path, paths.search),
  styleHref: relative(path, paths.style),
  iconHref: relative(path, paths.icon),
  feedHref: relative(path, paths.feed),
  aboutHref: relative(path, paths.about),
  isSearch: section === 'search',
  nav: mainSections.map((entry) => ({ href: relative(path, entry.path), text: entry.text, current: entry.key === section })),
});

export interface Crumb {
  readonly text: string;
  readonly path: string;
}

/** The way from the first page down to this one. */
export const crumbViews = (from: string, crumbs: readonly Crumb[]) =>
  [{ text: '首页', path: paths.home }, ...crumbs].map((crumb) => ({ text: crumb.text, href: relative(from, crumb.path) }));

/** Puts the Chinese marks into words that the site itself makes up. */
export const say = typeset;
