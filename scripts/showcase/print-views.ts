/**
 * The cases of a choice as they are printed: a collection with contents, an article for 公众号, a brief for the press.
 * Pure: cases in, HTML out, with the same templates for everybody.
 */
import type { Choice } from '../../schema/cases/request.ts';
import { casesOf, choiceInWords } from './choice.ts';
import { paths } from './hrefs.ts';
import { blockView } from './render-case.ts';
import type { ShownCase } from './select.ts';
import type { County, Site } from './site.ts';
import type { Templates } from './templates.ts';
import { excerpt, toBlocks } from './text.ts';
import { dayInWords, monthInWords, photoViews } from './views.ts';

const caseView = (site: Site, item: ShownCase, position: number) => ({
  id: `c${position}`,
  title: item.title,
  category: item.category,
  award: item.award,
  school: item.school.name,
  unit: item.unit,
  authors: item.authors,
  summary: toBlocks(item.summary).map((block) => block.text),
  sections: item.sections.map(({ title, text }) => ({ title, blocks: toBlocks(text).map(blockView) })),
  figures: item.figures.map((figure) => ({ ...figure, month: monthInWords(figure.month) })),
  photos: photoViews(site, paths.home, item),
});

/** `2026-11-05` -> `二〇二六年十一月`, as on a cover. */
const monthOnCover = (day: string): string => {
  const [year = '', month = ''] = day.split('-');
  const digits = [...year].map((digit) => '〇一二三四五六七八九'[Number(digit)]).join('');
  const names = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二'];
  return year && month ? `${digits}年${names[Number(month) - 1]}月` : '';
};

export const brochureTitle = (county: County, choice: Choice): string =>
  `${county.name}课后服务典型案例集${choice.kind === 'all' ? '' : `（${choiceInWords(choice)}）`}`;

/** A printed collection; its photos are named from the root of the site. */
export const brochureHtml = (templates: Templates, site: Site, choice: Choice): string => {
  const cases = casesOf(choice, site.cases);
  const categories = [...new Set(site.categories.map(({ key }) => key))].filter((key) => cases.some((item) => item.category === key));
  const order = new Map(cases.map((item, index) => [item.id, index + 1]));
  return templates.fill('brochure', {
    title: brochureTitle(site.county, choice),
    county: site.county,
    choice: choice.kind === 'all' ? '' : choiceInWords(choice),
    month: monthOnCover(
      cases
        .map((item) => item.publishedOn)
        .sort()
        .at(-1) ?? '',
    ),
    groups: categories.map((key) => ({
      name: key,
      cases: cases.filter((item) => item.category === key).map((item) => caseView(site, item, order.get(item.id) ?? 0)),
    })),
  });
};

/** Where the editor of a 公众号 gets the pictures: the site's address, or the picture itself where the site is not on the net. */
export type PictureSource = (name: string) => string;

export const wechatHtml = (templates: Templates, site: Site, cases: readonly ShownCase[], source: PictureSource): string =>
  templates.fill('wechat', {
    title: cases.length === 1 ? cases[0]?.title : `${site.county.name}课后服务典型案例`,
    county: site.county,
    cases: cases.map((item, index) => ({
      ...caseView(site, item, index + 1),
      photos: photoViews(site, paths.home, item).map((photo) => ({ ...photo, source: source(photo.plain) })),
    })),
  });

export interface BriefWords {
  /** 「第3期」; empty where it has no number. */
  readonly issue: string;
  /** 编者按 */
  readonly note: string;
  /** 「报:…」, 「发:…」: whom it goes to. */
  readonly to: string;
  /** Day that stands on it, `2026-11-26`. */
  readonly day: string;
}

const sectionText = (item: ShownCase, title: string): string => item.sections.find((section) => section.title === title)?.text ?? '';

/** The headings of 主要做法, without their numbers; else how it begins. */
const stepsOf = (item: ShownCase): string[] => {
  const text = sectionText(item, '主要做法');
  const headings = toBlocks(text).flatMap((block) => (block.kind === 'heading' && block.level === 3 ? [block.text] : []));
  return headings.length > 0
    ? headings.map((heading) => heading.replace(/^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)/, ''))
    : text
      ? [excerpt(text, 160).replace(/。$/, '')]
      : [];
};

const numbers = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
const inChinese = (number: number): string =>
  number <= 10
    ? (numbers[number - 1] as string)
    : number < 20
      ? `十${numbers[number - 11]}`
      : `${numbers[Math.floor(number / 10) - 1]}十${number % 10 ? numbers[(number % 10) - 1] : ''}`;

/** Names in a brief: the first few stand for all. */
const namedAdopters = 5;

const adopterNames = ({ adoptions }: ShownCase): string =>
  `${adoptions
    .slice(0, namedAdopters)
    .map(({ school }) => school)
    .join('、')}${adoptions.length > namedAdopters ? '等' : ''}`;

export const briefHtml = (templates: Templates, site: Site, cases: readonly ShownCase[], words: BriefWords): string =>
  templates.fill('brief', {
    head: '课后服务工作简报',
    issue: `（${words.day.slice(0, 4)}年${words.issue ? words.issue.replace(/^(\d+)$/, '第$1期') : ''}）`.replace(/^（\d+年）$/, ''),
    county: site.county,
    day: dayInWords(words.day),
    title: cases.length === 1 ? cases[0]?.title : '课后服务典型案例选登',
    note: words.note,
    to: words.to,
    many: cases.length > 1,
    cases: cases.map((item, index) => ({
      number: inChinese(index + 1),
      title: item.title,
      unit: item.unit,
      authors: item.authors,
      summary: toBlocks(item.summary).map((block) => block.text),
      steps: stepsOf(item),
      adopters: item.adoptions.length,
      adopterNames: adopterNames(item),
      results: excerpt(sectionText(item, '成效'), cases.length > 1 ? 220 : 500),
      lessons: excerpt(sectionText(item, '经验与启示'), 300),
    })),
  });
