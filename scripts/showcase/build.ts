/**
 * Builds the showcase site from what is in Directus: choose, render, index, check every link, then put it up in one step.
 * A build that fails or is stopped anywhere leaves the site that is up as it is. Never reads a table of children or staff.
 * Whatever has not changed is taken over from the site that is up: an edit of one case costs seconds, whatever the county has published.
 */
import { dirname, join, resolve } from 'node:path';
import type { Store } from '../directus/store.ts';
import { dayIn } from '../jobs/months.ts';
import { type AdoptingPlan, readAdoptions, type StrayTitle } from './adoptions.ts';
import { type BrokenLink, openLinkCheck } from './check-links.ts';
import { collectPhotos } from './photos.ts';
import { countyOf, renderSite } from './render-site.ts';
import { addSearchIndex } from './search-index.ts';
import { type CaseRow, type FindingRow, type HeldCase, type SchoolRow, type Selection, selectCases } from './select.ts';
import { addShareCards } from './share-cards.ts';
import { arrangeSite, type County, type Site } from './site.ts';
import { casesUp, checkTarget, dropSite, openSite, type SiteFolder } from './site-folder.ts';
import { withSiteLock } from './site-lock.ts';
import { loadTemplates, type Templates } from './templates.ts';

export interface ShowcaseConfig {
  readonly publicUrl: string;
  readonly timezone: string;
  readonly folders: { readonly showcase: string };
}

export interface ShowcaseOptions {
  /** Folder of the site; default `folders.showcase`. */
  readonly out?: string;
  readonly templates: string;
  readonly now?: Date;
  /** Cases to be taken as published although they are not yet: for a preview. */
  readonly also?: ReadonlySet<string>;
  readonly step?: (what: string) => void;
}

export interface ShowcaseResult {
  readonly out: string;
  readonly index: string;
  /** Cases in the site. */
  readonly cases: number;
  /** HTML pages. */
  readonly pages: number;
  /** Size of the whole site. */
  readonly bytes: number;
  /** Files that had to be made anew; the others were taken over. */
  readonly written: number;
  /** Cases that were up before this build and are no longer. */
  readonly withdrawn: number;
  readonly brokenLinks: number;
  /** 已发布, but not shown: with the reasons. */
  readonly held: readonly HeldCase[];
  /** Titles that schools named as taken over, and that no published case has. */
  readonly stray: readonly StrayTitle[];
  readonly ms: number;
}

/** The build stopped because pages point to nothing; the site that is up was not touched. */
export class BrokenLinksError extends Error {
  override name = 'BrokenLinksError';
  readonly links: readonly BrokenLink[];
  constructor(links: readonly BrokenLink[]) {
    super(
      `${links.length} 个站内链接无效,没有更换网站:${links
        .slice(0, 5)
        .map(({ page, link }) => `${page} → ${link}`)
        .join(';')}`,
    );
    this.links = links;
  }
}

const caseFields = [
  'id',
  'school',
  'title',
  'unit',
  'authors',
  'category',
  'summary',
  'background',
  'practice',
  'results',
  'lessons',
  'photos',
  'formal',
  'name_consent',
  'state',
  'award',
  'published_on',
  'figures',
  'adoptions',
] as const;

const planFields = ['id', 'school', 'adopted_cases', 'adopted_note', 'adopted_result', 'published_on', 'approval'] as const;

export interface Material {
  readonly selection: Selection;
  readonly stray: readonly StrayTitle[];
  readonly county: County;
}

const published = { state: { _eq: '已发布' } };

/** What stands in Directus, already sorted into what everybody may see and what not. */
export const readMaterial = async (
  store: Store,
  config: Pick<ShowcaseConfig, 'publicUrl' | 'timezone'>,
  { also = new Set(), now }: Pick<ShowcaseOptions, 'also' | 'now'> = {},
): Promise<Material> => {
  const [cases, schools, findings, plans, settings] = await Promise.all([
    store.readRows('cases', { filter: also.size > 0 ? { _or: [published, { id: { _in: [...also] } }] } : published, fields: caseFields }),
    store.readRows('schools', { fields: ['code', 'name', 'type', 'township'] }),
    store.readRows('findings', { filter: { severity: { _eq: '禁' } }, fields: ['id', 'school', 'rule', 'severity', 'state'] }),
    store.readRows('plans', { filter: { adopted_cases: { _nnull: true } }, fields: planFields }),
    store.readSettings(),
  ]);
  const adoptions = readAdoptions(cases, plans as readonly AdoptingPlan[], schools);
  const rows = { cases: cases as CaseRow[], schools: schools as SchoolRow[], findings: findings as FindingRow[] };
  return {
    selection: selectCases({ ...rows, also, adoptions: adoptions.byCase, today: dayIn(config.timezone, now) }),
    stray: adoptions.stray,
    county: countyOf(settings, config.publicUrl),
  };
};

const photoReason = '照片文件读不到,请重新上传照片或移除。';

/** Brings the photos in; a case with a photo that cannot be read is held back. */
const withPhotos = async (store: Store, folder: SiteFolder, { shown, held }: Selection) => {
  const { photos, unreadable } = await collectPhotos(store, shown, folder);
  const isWhole = (item: Selection['shown'][number]) => !item.photos.some(({ file }) => unreadable.has(file));
  const torn = shown.filter((item) => !isWhole(item));
  return {
    photos,
    shown: shown.filter(isWhole),
    held: [...held, ...torn.map((item) => ({ id: item.id, title: item.title, school: item.school.name, reasons: [photoReason] }))],
  };
};

/** Files written at a time. */
const atOnce = 8;

/** Renders page after page into the folder; keeps none of them. Returns the number of HTML pages. Throws BrokenLinksError. */
const writePages = async (templates: Templates, site: Site, folder: SiteFolder): Promise<number> => {
  const links = openLinkCheck(site.county.address);
  let pages = 0;
  let waiting: Promise<void>[] = [];
  for (const page of renderSite(templates, site)) {
    links.read(page);
    if (page.path.endsWith('.html')) pages += 1;
    waiting.push(folder.put(page.path, page.content));
    if (waiting.length < atOnce) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
  const broken = links.broken(folder.paths);
  if (broken.length > 0) throw new BrokenLinksError(broken);
  return pages;
};

type Parts = Omit<ShowcaseResult, 'ms' | 'out' | 'index'>;

const fill = async (store: Store, config: ShowcaseConfig, options: ShowcaseOptions, folder: SiteFolder, out: string): Promise<Parts> => {
  const [templates, material] = await Promise.all([loadTemplates(options.templates), readMaterial(store, config, options)]);
  const { photos, shown, held } = await withPhotos(store, folder, material.selection);
  const site = arrangeSite(shown, material.county, photos);
  for (const [path, content] of templates.assets) await folder.put(path, content);
  await addShareCards(folder, site);
  await addSearchIndex(folder, shown, (done, all) => options.step?.(`正在建立搜索索引 ${done}/${all}…`));
  options.step?.(`案例 ${shown.length} 个,正在生成页面…`);
  const pages = await writePages(templates, site, folder);
  const before = await casesUp(out);
  const up = shown.map((item) => item.id);
  await folder.goUp(up);
  const now = new Set(up);
  return {
    cases: up.length,
    pages,
    bytes: folder.bytes,
    written: folder.written,
    withdrawn: before.filter((id) => !now.has(id)).length,
    brokenLinks: 0,
    held,
    stray: material.stray,
  };
};

/**
 * Builds the site and puts it up.
 * Throws UsageError where `out` holds foreign files, BrokenLinksError where a page points to nothing; the former site then stays.
 */
export const buildShowcase = async (store: Store, config: ShowcaseConfig, options: ShowcaseOptions): Promise<ShowcaseResult> => {
  const started = performance.now();
  const out = resolve(options.out ?? config.folders.showcase);
  await checkTarget(out);
  return withSiteLock(join(dirname(out), '.kehou-showcase.lock'), async () => {
    const folder = await openSite(out, out === config.folders.showcase ? [] : [config.folders.showcase]);
    try {
      const parts = await fill(store, config, options, folder, out);
      return { ...parts, out, index: join(out, 'index.html'), ms: Math.round(performance.now() - started) };
    } finally {
      await dropSite(folder, out);
    }
  });
};
