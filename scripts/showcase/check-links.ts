/**
 * Follows every link of the site that stays inside it, down to the place on the page.
 * Pure: never opens a file.
 */
import { posix } from 'node:path';
import type { Page } from './views.ts';

export interface BrokenLink {
  readonly page: string;
  readonly link: string;
}

const linkPattern = /\b(?:href|src|srcset|action|data-titles)="([^"]*)"/g;
const idPattern = /\bid="([^"]*)"/g;

const unescapeHtml = (text: string): string =>
  text.replaceAll(
    /&(?:amp|lt|gt|quot|#x27|#x3D|#x60);/g,
    (entity) => ({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&#x3D;': '=', '&#x60;': '`' })[entity] ?? entity,
  );

/** The addresses in a page; a `srcset` holds several. */
const linksOf = (content: string): string[] =>
  [...content.matchAll(linkPattern)].flatMap(([whole, value]) =>
    whole.startsWith('srcset') ? (value ?? '').split(',').map((part) => part.trim().split(/\s+/)[0] ?? '') : [unescapeHtml(value ?? '')],
  );

const isOutside = (link: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('//');

/** Links that lead nowhere. `others` are the files of the site that are not pages; `address` is where the site stands on the net. */
export const findBrokenLinks = (pages: readonly Page[], others: Iterable<string>, address: string): BrokenLink[] => {
  const files = new Set([...pages.map((page) => page.path), ...others]);
  const ids = new Map(pages.map((page) => [page.path, new Set([...page.content.matchAll(idPattern)].map(([, id]) => id))]));
  const leadsSomewhere = (page: Page, link: string): boolean => {
    const inside = link.startsWith(address) ? link.slice(address.length) : link;
    if (isOutside(inside)) return true;
    // A leading slash leaves the folder as soon as the site is opened from one.
    if (inside.startsWith('/')) return false;
    const [whole = '', fragment] = inside.split('#');
    const path = whole.split('?')[0] ?? '';
    const target = path === '' ? page.path : posix.normalize(posix.join(link === inside ? posix.dirname(page.path) : '.', path));
    if (!files.has(target)) return false;
    return fragment === undefined || fragment === '' || (ids.get(target)?.has(fragment) ?? false);
  };
  return pages.flatMap((page) =>
    linksOf(page.content)
      .filter((link) => !leadsSomewhere(page, link))
      .map((link) => ({ page: page.path, link })),
  );
};
