/**
 * The page of one case.
 * Pure: never decides whether a case may be shown (see select.ts).
 */
import { paths, relative } from './hrefs.ts';
import type { ShownCase } from './select.ts';
import { relatedCases, type Site } from './site.ts';
import { toBlocks } from './text.ts';
import { brochureViews, cardView, crumbViews, dayInWords, frameView, monthInWords, type Page, photoViews, sealOf } from './views.ts';

export const blockView = (block: ReturnType<typeof toBlocks>[number]) =>
  block.kind === 'heading' ? { [`h${block.level}`]: true, text: block.text } : { p: true, lead: block.lead, text: block.text };

const lengthOf = (item: ShownCase): number =>
  // Blanks do not count; neither does the second half of a rare character.
  item.sections.reduce((sum, { text }) => sum + text.length - (text.match(/[\s\udc00-\udfff]/g)?.length ?? 0), 0);

/** Characters that people read in a minute; only for the hint 「约几分钟」. */
const readingSpeed = 400;

const neighbour = (from: string, item: ShownCase | undefined) => (item ? { href: relative(from, paths.case(item.id)), title: item.title } : null);

/** The picture for messengers: the first photo of the case, else the card of its category. */
const shareOf = (site: Site, item: ShownCase): string => {
  const photo = item.photos.map(({ file }) => site.photos.get(file)).find((one) => one !== undefined);
  return photo ? paths.photo(photo.share) : paths.shareCard(item.category);
};

export const renderCase = (site: Site, item: ShownCase, position: number): Page => {
  const path = paths.case(item.id);
  const length = lengthOf(item);
  const sections = item.sections.map((section, index) => ({
    id: `s${index + 1}`,
    title: section.title,
    blocks: toBlocks(section.text).map(blockView),
  }));
  const view = {
    frame: frameView(site, path, 'case', item.title, item.summary || (item.sections[0]?.text ?? ''), shareOf(site, item)),
    crumbs: crumbViews(path, [
      { text: '类别', path: paths.categories },
      { text: item.category, path: paths.category(item.category) },
    ]),
    id: item.id,
    title: item.title,
    seal: sealOf(item.category),
    category: { name: item.category, href: relative(path, paths.category(item.category)) },
    school: { name: item.school.name, type: item.school.type, href: relative(path, paths.school(item.school.code)) },
    township: { name: item.school.township, href: relative(path, paths.township(item.school.township)) },
    year: { name: item.publishedOn.slice(0, 4), href: relative(path, paths.year(item.publishedOn.slice(0, 4))) },
    unit: item.unit,
    authors: item.authors,
    award: item.award,
    day: item.publishedOn,
    dayText: dayInWords(item.publishedOn),
    length,
    minutes: Math.max(1, Math.round(length / readingSpeed)),
    summary: toBlocks(item.summary).map((block) => block.text),
    sections,
    hasContents: sections.length > 1,
    photos: photoViews(site, path, item),
    figures: item.figures.map((figure) => ({ ...figure, month: monthInWords(figure.month) })),
    adoptions: item.adoptions.map((one) => ({ ...one, dayText: dayInWords(one.on) })),
    adopters: item.adoptions.length,
    brochures: brochureViews(
      path,
      site.brochures.filter((one) => one.cases.includes(item.id)),
    ),
    related: relatedCases(site, item, 3).map((other) => cardView(site, path, other, 60)),
    newer: neighbour(path, site.cases[position - 1]),
    older: neighbour(path, site.cases[position + 1]),
  };
  return { path, template: 'case', view };
};
