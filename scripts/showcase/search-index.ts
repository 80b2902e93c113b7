/**
 * Builds the index that the search page asks, with Pagefind's own program from its npm package.
 * Pagefind has no index that grows, and takes a gigabyte for a county's archive at once: so the cases are dealt into small indexes, which
 * the search page joins. A case that changes or goes away costs only the index that it stands in.
 */
import { createHash } from 'node:crypto';
import { close, createIndex, type PagefindIndex } from 'pagefind';
import { paths } from './hrefs.ts';
import type { ShownCase } from './select.ts';
import { hashOf, type Part, type SiteFolder } from './site-folder.ts';

/** Cases in one index at most, on average. */
const perIndex = 128;

/** What people search: also the mark by which an index is known to be still right. */
export interface SearchRecord {
  readonly url: string;
  readonly content: string;
  readonly language: string;
  readonly meta: Record<string, string>;
  readonly filters: Record<string, string[]>;
  readonly sort: Record<string, string>;
}

export const searchRecord = (item: ShownCase): SearchRecord => ({
  url: `/${paths.case(item.id)}`,
  content: [item.title, item.unit, item.authors, item.summary, ...item.sections.flatMap(({ title, text }) => [title, text])]
    .filter(Boolean)
    .join('\n'),
  language: 'zh',
  meta: { title: item.title, school: item.school.name, township: item.school.township, category: item.category },
  filters: { 类别: [item.category], 乡镇: [item.school.township], 年度: [item.publishedOn.slice(0, 4)] },
  sort: { day: item.publishedOn },
});

/** How many indexes: a power of two, so that it seldom changes while the county goes on publishing. */
export const indexCount = (cases: number): number => 2 ** Math.max(0, Math.ceil(Math.log2(cases / perIndex)));

const indexOf = (id: string, count: number): number => createHash('sha256').update(id).digest().readUInt32BE(0) % count;

/** Deals cases to indexes by their ids alone: what is published or withdrawn moves no other case. */
export const dealCases = <T extends { readonly id: string }>(cases: readonly T[]): T[][] => {
  const count = indexCount(cases.length);
  const dealt: T[][] = Array.from({ length: count }, () => []);
  for (const item of cases) dealt[indexOf(item.id, count)]?.push(item);
  for (const some of dealt) some.sort((a, b) => (a.id < b.id ? -1 : 1));
  return dealt;
};

/** The first one stands in `pagefind/` with Pagefind's program; the search page adds the others to it. */
const folderOf = (position: number): string => (position === 0 ? 'pagefind' : `pagefind/${position}`);

const failOn = (what: string, errors: readonly string[]): void => {
  if (errors.length > 0) throw new Error(`Pagefind, ${what}: ${errors.join('; ')}`);
};

/** Its ready-made screens are not used here; its program is needed once. */
const isWanted = (path: string, position: number): boolean =>
  !/pagefind-(ui|modular|component|highlight)/.test(path) && (position === 0 || !/(^pagefind(-worker)?\.js|^wasm\.)/.test(path));

const addAll = async (index: PagefindIndex, records: readonly SearchRecord[]): Promise<void> => {
  const answers = await Promise.all(records.map((record) => index.addCustomRecord(record)));
  failOn(
    'adding',
    answers.flatMap(({ errors }) => errors),
  );
};

const makeIndex = async (records: readonly SearchRecord[], position: number): Promise<Part<null>> => {
  const { index, errors } = await createIndex({ forceLanguage: 'zh', keepIndexUrl: true });
  failOn('start', errors);
  if (!index) throw new Error('Pagefind did not start');
  await addAll(index, records);
  const { files, errors: faults } = await index.getFiles();
  failOn('writing', faults);
  await index.deleteIndex();
  const wanted = files.filter((file) => isWanted(file.path, position));
  return { files: new Map(wanted.map((file) => [`${folderOf(position)}/${file.path}`, file.content])), facts: null };
};

/** Adds the indexes of all cases to the site; those whose cases are as they were are taken over. Returns how many there are. */
export const addSearchIndex = async (site: SiteFolder, cases: readonly ShownCase[]): Promise<number> => {
  const dealt = dealCases(cases);
  try {
    for (const [position, some] of dealt.entries()) {
      const records = some.map(searchRecord);
      await site.part(`search-${position}`, hashOf(JSON.stringify(records)), () => makeIndex(records, position));
    }
  } finally {
    await close();
  }
  return dealt.length;
};
