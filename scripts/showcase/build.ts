/**
 * Builds the showcase site from what is in Directus: choose, render, index, check every link, then swap.
 * A build that fails at any step leaves the site that is up as it is. Never reads a table of children or staff.
 */
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Store } from '../directus/store.ts';
import { dayIn } from '../jobs/months.ts';
import { type BrokenLink, findBrokenLinks } from './check-links.ts';
import { collectPhotos } from './photos.ts';
import { countyOf, renderSite } from './render-site.ts';
import { buildSearchIndex } from './search-index.ts';
import { type CaseRow, type FindingRow, type HeldCase, type SchoolRow, selectCases } from './select.ts';
import { arrangeSite, type County } from './site.ts';
import { casesUp, checkTarget, openWorkshop, swapIn, writeMark } from './swap.ts';
import { loadTemplates } from './templates.ts';
import type { Page } from './views.ts';

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
  /** Cases that were up before this build and are no longer. */
  readonly withdrawn: number;
  readonly brokenLinks: number;
  /** 已发布, but not shown: with the reasons. */
  readonly held: readonly HeldCase[];
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
] as const;

interface Material {
  readonly cases: CaseRow[];
  readonly schools: SchoolRow[];
  readonly findings: FindingRow[];
  readonly county: County;
}

const readMaterial = async (store: Store, publicUrl: string): Promise<Material> => {
  const [cases, schools, findings, settings] = await Promise.all([
    store.readRows('cases', { filter: { state: { _eq: '已发布' } }, fields: caseFields }),
    store.readRows('schools', { fields: ['code', 'name', 'type', 'township'] }),
    store.readRows('findings', { filter: { severity: { _eq: '禁' } }, fields: ['id', 'school', 'rule', 'severity', 'state'] }),
    store.readSettings(),
  ]);
  return { cases, schools, findings, county: countyOf(settings, publicUrl) };
};

type Files = ReadonlyMap<string, string | Uint8Array>;

const writeFiles = async (folder: string, files: Files): Promise<void> => {
  for (const path of new Set([...files.keys()].map((file) => dirname(file)))) await mkdir(join(folder, path), { recursive: true });
  const waiting = [...files];
  const writer = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await writeFile(join(folder, next[0]), next[1]);
  };
  await Promise.all(Array.from({ length: 8 }, writer));
};

const sizeOf = (content: string | Uint8Array): number => (typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength);

interface Drawn {
  readonly pages: readonly Page[];
  readonly shown: readonly string[];
  readonly held: readonly HeldCase[];
  readonly photoFiles: readonly string[];
  readonly address: string;
}

const photoReason = '照片文件读不到,请重新上传照片或移除。';

/** Chooses the cases, fetches their photos into `folder` and renders all pages. */
const drawPages = async (
  store: Store,
  config: ShowcaseConfig,
  options: ShowcaseOptions,
  folder: string,
): Promise<Drawn & { assets: ReadonlyMap<string, Buffer> }> => {
  const [templates, material] = await Promise.all([loadTemplates(options.templates), readMaterial(store, config.publicUrl)]);
  const selection = selectCases({ ...material, today: dayIn(config.timezone, options.now) });
  const { photos, unreadable } = await collectPhotos(store, selection.shown, folder);
  const whole = selection.shown.filter((item) => !item.photos.some((id) => unreadable.has(id)));
  const torn = selection.shown.filter((item) => !whole.includes(item));
  const site = arrangeSite(whole, material.county, photos);
  options.step?.(`案例 ${whole.length} 个,正在生成页面…`);
  return {
    pages: renderSite(templates, site),
    shown: whole.map((item) => item.id),
    held: [...selection.held, ...torn.map((item) => ({ id: item.id, title: item.title, school: item.school.name, reasons: [photoReason] }))],
    photoFiles: [...photos.values()].flatMap((photo) => [`photo/${photo.small}`, `photo/${photo.large}`]),
    address: material.county.address,
    assets: templates.assets,
  };
};

const isHtml = (page: Page): boolean => page.path.endsWith('.html');

/**
 * Builds the site and puts it up.
 * Throws UsageError where `out` holds foreign files, BrokenLinksError where a page points to nothing; the former site then stays.
 */
export const buildShowcase = async (store: Store, config: ShowcaseConfig, options: ShowcaseOptions): Promise<ShowcaseResult> => {
  const started = performance.now();
  const out = resolve(options.out ?? config.folders.showcase);
  await checkTarget(out);
  const folder = await openWorkshop(out);
  try {
    const drawn = await drawPages(store, config, options, folder);
    options.step?.('正在建立搜索索引…');
    const index = await buildSearchIndex(drawn.pages.filter((page) => page.path.startsWith('case/')));
    const files: Files = new Map<string, string | Uint8Array>([
      ...drawn.assets,
      ...index,
      ...drawn.pages.map((page) => [page.path, page.content] as const),
    ]);
    const broken = findBrokenLinks(drawn.pages, [...files.keys(), ...drawn.photoFiles], drawn.address);
    if (broken.length > 0) throw new BrokenLinksError(broken);
    await writeFiles(folder, files);
    await writeMark(folder, { cases: drawn.shown });
    await chmod(folder, 0o755);
    const photoBytes = (await Promise.all(drawn.photoFiles.map((path) => stat(join(folder, path))))).reduce((sum, file) => sum + file.size, 0);
    const before = await casesUp(out);
    await swapIn(folder, out);
    return {
      out,
      index: join(out, 'index.html'),
      cases: drawn.shown.length,
      pages: drawn.pages.filter(isHtml).length,
      bytes: [...files.values()].reduce((sum, content) => sum + sizeOf(content), 0) + photoBytes,
      withdrawn: before.filter((id) => !drawn.shown.includes(id)).length,
      brokenLinks: 0,
      held: drawn.held,
      ms: Math.round(performance.now() - started),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
