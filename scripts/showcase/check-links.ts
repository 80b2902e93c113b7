/**
 * Follows every link of the site that stays inside it, down to the place on the page.
 * Pure, and keeps of each page only its links and places: never opens a file.
 */
import { posix } from 'node:path';

/** A page as it is written. */
export interface WrittenPage {
  readonly path: string;
  readonly content: string;
}

export interface BrokenLink {
  readonly page: string;
  readonly link: string;
}

const linkPattern = /\b(?:href|src|srcset|action|data-titles)="([^"]*)"/g;
const idPattern = /\bid="([^"]*)"/g;
/** Addresses that stand in an attribute of another name: the picture that is shown where the page is shared. */
const sharedPattern = /<meta property="og:(?:image|url)" content="([^"]*)"/g;

const unescapeHtml = (text: string): string =>
  text.replaceAll(
    /&(?:amp|lt|gt|quot|#x27|#x3D|#x60);/g,
    (entity) => ({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&#x3D;': '=', '&#x60;': '`' })[entity] ?? entity,
  );

/** The addresses in a page; a `srcset` holds several. */
const linksOf = (content: string): string[] => [
  ...[...content.matchAll(linkPattern)].flatMap(([whole, value]) =>
    whole.startsWith('srcset') ? (value ?? '').split(',').map((part) => part.trim().split(/\s+/)[0] ?? '') : [unescapeHtml(value ?? '')],
  ),
  ...[...content.matchAll(sharedPattern)].map(([, value]) => unescapeHtml(value ?? '')),
];

const isOutside = (link: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('//');

export interface LinkCheck {
  read(page: WrittenPage): void;
  /** Links that lead nowhere, once all pages have been read. `files` are all files of the site. */
  broken(files: ReadonlySet<string>): BrokenLink[];
}

/** `address` is where the site stands on the net. */
export const openLinkCheck = (address: string): LinkCheck => {
  const ids = new Map<string, ReadonlySet<string>>();
  /** Target inside the site -> the first page that names it, with the link as it stands there. Most links are on every page. */
  const wanted = new Map<string, BrokenLink>();
  const astray: BrokenLink[] = [];
  const follow = (page: string, link: string): void => {
    const inside = link.startsWith(address) ? link.slice(address.length) : link;
    if (isOutside(inside)) return;
    // A leading slash leaves the folder as soon as the site is opened from one.
    if (inside.startsWith('/')) return void astray.push({ page, link });
    const [whole = '', fragment = ''] = inside.split('#');
    const path = whole.split('?')[0] ?? '';
    const target =
      path === '' && link === inside ? page : posix.normalize(posix.join(link === inside ? posix.dirname(page) : '.', path || 'index.html'));
    const key = `${target}#${fragment}`;
    if (!wanted.has(key)) wanted.set(key, { page, link });
  };
  return {
    read(page) {
      ids.set(page.path, new Set([...page.content.matchAll(idPattern)].map(([, id]) => id as string)));
      for (const link of new Set(linksOf(page.content))) follow(page.path, link);
    },
    broken(files) {
      const lost = [...wanted].filter(([key]) => {
        const [target = '', fragment = ''] = key.split('#');
        return !files.has(target) || (fragment !== '' && !(ids.get(target)?.has(fragment) ?? false));
      });
      return [...astray, ...lost.map(([, link]) => link)];
    },
  };
};
