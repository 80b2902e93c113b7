/**
 * Where each page of the showcase stands inside the site, and how one page names another.
 * Plain ASCII and stable: an address that was printed or shared must not change when a title does.
 */
import { createHash } from 'node:crypto';
import { caseCategories } from '../../schema/vocabulary.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);

const safe = /^[A-Za-z0-9_-]{1,64}$/;
/** A key as a file name: itself where it is plain ASCII, else a hash of it. */
const fileName = (key: string): string => (safe.test(key) ? key : `x${hash(key)}`);

const categorySlugs = new Map(caseCategories.map((category) => [category.value, category.en.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')]));

const paged = (stem: string, page: number): string => (page > 1 ? `${stem}-p${page}.html` : `${stem}.html`);

/** Paths inside the site, from its root. Every list goes on over several pages. */
export const paths = {
  home: 'index.html',
  about: 'about.html',
  search: 'search.html',
  notFound: '404.html',
  feed: 'feed.xml',
  sitemap: 'sitemap.xml',
  style: 'assets/site.css',
  searchScript: 'assets/search.js',
  titles: 'assets/titles.js',
  icon: 'assets/icon.svg',
  robots: 'robots.txt',
  case: (id: string) => `case/${fileName(id)}.html`,
  categories: 'category/index.html',
  category: (name: string, page = 1) => paged(`category/${categorySlugs.get(name) ?? `x${hash(name)}`}`, page),
  townships: 'township/index.html',
  township: (name: string, page = 1) => paged(`township/t${hash(name)}`, page),
  schools: 'school/index.html',
  school: (code: string, page = 1) => paged(`school/${fileName(code)}`, page),
  years: 'year/index.html',
  year: (year: string, page = 1) => paged(`year/${fileName(year)}`, page),
  photo: (name: string) => `photo/${name}`,
  /** Of a category; of the whole site where the name is empty. */
  shareCard: (category: string) => `share/${category === '' ? 'site' : (categorySlugs.get(category) ?? `x${hash(category)}`)}.png`,
  brochure: (name: string) => `brochure/${fileName(name)}.pdf`,
} as const;

/** The way from one page to another, both given from the root of the site: works on a server and from a folder. */
export const relative = (from: string, to: string): string => {
  const up = '../'.repeat(from.split('/').length - 1);
  return `${up}${to}`;
};
