/**
 * Builds the showcase site from what is in Directus: choose, render, index, check the links, then put it up in one step.
 * A build that fails or is stopped anywhere leaves the site that is up as it is. Never reads a table of children or staff.
 * Whatever has not changed is taken over from the site that is up: an edit of one case costs seconds, whatever the county has published.
 */
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Choice } from '../../schema/cases/request.ts';
import type { Store } from '../directus/store.ts';
import { dayIn } from '../jobs/months.ts';
import { type AdoptingPlan, readAdoptions, type StrayTitle } from './adoptions.ts';
import type { Printed } from './brochure.ts';
import { type BrokenLink, type LinkCheck, openLinkCheck, type WrittenPage } from './check-links.ts';
import { casesOf, choiceInWords, choiceName } from './choice.ts';
import { paths } from './hrefs.ts';
import { collectPhotos } from './photos.ts';
import { brochureHtml, brochureTitle } from './print-views.ts';
import { countyOf, renderSite } from './render-site.ts';
import { addSearchIndex } from './search-index.ts';
import { type CaseRow, type FindingRow, type HeldCase, type SchoolRow, type Selection, selectCases } from './select.ts';
import { addShareCards } from './share-cards.ts';
import { arrangeSite, type County, type Site, type SiteBrochure } from './site.ts';
import { casesUp, checkTarget, dropSite, hashOf, markUp, openSite, type SiteFolder } from './site-folder.ts';
import { withSiteLock } from './site-lock.ts';
import { loadTemplates, type Templates } from './templates.ts';
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
  /** Cases to be taken as published although they are not yet: for a preview. */
  readonly also?: ReadonlySet<string>;
  /** Printed collections that are to lie in the site from now on. */
  readonly brochures?: readonly Choice[];
  /** Prints a collection; without it those that are out of date are left out, and told in `waiting`. */
  readonly print?: (html: string, site: string) => Promise<Printed>;
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
  /** Printed collections in the site. */
  readonly brochures: readonly SiteBrochure[];
  /** Collections that are to be in the site and have to be printed anew first. */
  readonly waiting: readonly string[];
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
  'photo_names',
  'photo_consent',
  'photo_consented',
  'photo_faceless',
  'names_settled',
  'name_consent',
  'state',
  'award',
  'published_on',
  'figures',
  'adoptions',
] as const;

const planFields = ['id', 'school', 'adopted_cases', 'adopted_note', 'adopted_result', 'published_on', 'approval'] as const;

interface Published {
  readonly selection: Selection;
  readonly stray: readonly StrayTitle[];
}

export interface Material extends Published {
  readonly county: County;
}

const published = { state: { _eq: '已发布' } };

/** The published cases, already sorted into what everybody may see and what not, with where each has gone. */
export const readPublished = async (
  store: Store,
  timezone: string,
  { also = new Set(), now }: Pick<ShowcaseOptions, 'also' | 'now'> = {},
): Promise<Published> => {
  const [cases, schools, findings, plans] = await Promise.all([
    store.readRows('cases', { filter: also.size > 0 ? { _or: [published, { id: { _in: [...also] } }] } : published, fields: caseFields }),
    store.readRows('schools', { fields: ['code', 'name', 'type', 'township'] }),
    store.readRows('findings', { filter: { severity: { _eq: '禁' } }, fields: ['id', 'school', 'rule', 'severity', 'state'] }),
    store.readRows('plans', { filter: { adopted_cases: { _nnull: true } }, fields: planFields }),
  ]);
  const adoptions = readAdoptions(cases, plans as readonly AdoptingPlan[], schools);
  const rows = { cases: cases as CaseRow[], schools: schools as SchoolRow[], findings: findings as FindingRow[] };
  return { selection: selectCases({ ...rows, also, adoptions: adoptions.byCase, today: dayIn(timezone, now) }), stray: adoptions.stray };
};

/** What the site is made of. */
export const readMaterial = async (
  store: Store,
  config: Pick<ShowcaseConfig, 'publicUrl' | 'timezone'>,
  options: Pick<ShowcaseOptions, 'also' | 'now'> = {},
): Promise<Material> => {
  const [cases, settings] = await Promise.all([readPublished(store, config.timezone, options), store.readSettings()]);
  return { ...cases, county: countyOf(settings, config.publicUrl) };
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

/** A page whose template and words are as they were is taken over; the others are filled. Keeps none of them. */
const writePage = async (templates: Templates, folder: SiteFolder, page: Page, read: (page: WrittenPage) => void): Promise<boolean> => {
  const { path } = page;
  if ('content' in page) {
    read(page);
    await folder.put(path, page.content);
    return false;
  }
  const [name, key] = [`page-${path}`, hashOf(`${templates.mark}${page.template}${JSON.stringify(page.view)}`)];
  if (await folder.takeOver(name, key)) return true;
  const content = templates.fill(page.template, page.view);
  read({ path, content });
  await folder.part(name, key, async () => ({ files: new Map([[path, content]]), facts: null }));
  return false;
};

interface Pages {
  readonly html: number;
  /** Pages of which the links are known; the others are those that were taken over. */
  readonly links: LinkCheck;
  readonly taken: readonly string[];
}

const writePages = async (templates: Templates, site: Site, folder: SiteFolder): Promise<Pages> => {
  const links = openLinkCheck(site.county.address);
  const taken: string[] = [];
  let html = 0;
  let waiting: Promise<void>[] = [];
  for (const page of renderSite(site)) {
    if (page.path.endsWith('.html')) html += 1;
    waiting.push(writePage(templates, folder, page, links.read).then((was) => void (was && taken.push(page.path))));
    if (waiting.length < atOnce) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
  return { html, links, taken };
};

/** The pieces of the index have other names after each change; pages only know the search. */
const isLinkedTo = (path: string): boolean => !path.startsWith('pagefind/');

/**
 * Throws BrokenLinksError. What a page that was taken over points to was there when it was made; only where something has gone since
 * are its links followed again. No link leads into the middle of another page.
 */
const checkLinks = async ({ links, taken }: Pages, folder: SiteFolder): Promise<void> => {
  if (folder.gone().some(isLinkedTo)) for (const path of taken) links.read({ path, content: await readFile(join(folder.folder, path), 'utf8') });
  const broken = links.broken(folder.paths);
  if (broken.length > 0) throw new BrokenLinksError(broken);
};

/** Printed already in this build, by their key. */
type Press = Map<string, Printed>;

interface Sheet {
  readonly choice: Choice;
  readonly key: string;
  readonly html: string;
}

/** Takes over the collections that are still right; the others are for the press. */
const addBrochures = async (templates: Templates, site: Site, folder: SiteFolder, wanted: readonly Choice[], press: Press) => {
  const brochures: SiteBrochure[] = [];
  const waiting: Sheet[] = [];
  for (const choice of wanted) {
    const cases = casesOf(choice, site.cases);
    if (cases.length === 0) continue;
    const html = brochureHtml(templates, site, choice);
    const photos = cases.flatMap((item) => item.photos.map(({ file }) => folder.keyOf(`photo-${file}`)));
    const [name, key] = [`brochure-${choiceName(choice)}`, hashOf(JSON.stringify([html, photos]))];
    const path = paths.brochure(choiceName(choice));
    const printed = press.get(key);
    const kept = printed
      ? {
          facts: await folder.part(name, key, async () => ({
            files: new Map([[path, printed.bytes]]),
            facts: { pages: printed.pages, bytes: printed.bytes.length },
          })),
        }
      : await folder.takeOver<{ pages: number; bytes: number }>(name, key);
    if (kept) brochures.push({ path, title: brochureTitle(site.county, choice), ...kept.facts, cases: cases.map((item) => item.id) });
    else waiting.push({ choice, key, html });
  }
  return { brochures, waiting };
};

type Parts = Omit<ShowcaseResult, 'ms' | 'out' | 'index' | 'waiting'> & { readonly waiting: readonly Sheet[] };

const wantedBrochures = async (out: string, added: readonly Choice[]): Promise<Choice[]> => {
  const all = [...((await markUp(out))?.brochures ?? []), ...added];
  return [...new Map(all.map((choice) => [choiceName(choice), choice])).values()];
};

const fill = async (
  store: Store,
  config: ShowcaseConfig,
  options: ShowcaseOptions,
  folder: SiteFolder,
  out: string,
  press: Press,
): Promise<Parts> => {
  const [templates, material] = await Promise.all([loadTemplates(options.templates), readMaterial(store, config, options)]);
  const { photos, shown, held } = await withPhotos(store, folder, material.selection);
  const bare = arrangeSite(shown, material.county, photos);
  const wanted = await wantedBrochures(out, options.brochures ?? []);
  const { brochures, waiting } = await addBrochures(templates, bare, folder, wanted, press);
  const site = { ...bare, brochures };
  for (const [path, content] of templates.assets) await folder.put(path, content);
  await addShareCards(folder, site);
  options.step?.(`案例 ${shown.length} 个,正在生成页面和搜索索引…`);
  // Pagefind is a program of its own: it works while the pages are filled. Both have ended before the folder may be dropped.
  const [pages, index] = await Promise.allSettled([writePages(templates, site, folder), addSearchIndex(folder, shown)]);
  if (pages.status === 'rejected') throw pages.reason;
  if (index.status === 'rejected') throw index.reason;
  await checkLinks(pages.value, folder);
  const before = await casesUp(out);
  const up = shown.map((item) => item.id);
  await folder.goUp(up, wanted);
  const now = new Set(up);
  return {
    cases: up.length,
    pages: pages.value.html,
    bytes: folder.bytes,
    written: folder.written,
    withdrawn: before.filter((id) => !now.has(id)).length,
    brokenLinks: 0,
    held,
    stray: material.stray,
    brochures,
    waiting,
  };
};

/** The site is up with what can be had at once; then whatever has to be printed, then the site again with it. */
const buildAll = async (store: Store, config: ShowcaseConfig, options: ShowcaseOptions, out: string): Promise<Parts> => {
  const press: Press = new Map();
  const once = async (): Promise<Parts> => {
    const folder = await openSite(out, out === config.folders.showcase ? [] : [config.folders.showcase]);
    try {
      return await fill(store, config, options, folder, out, press);
    } finally {
      await dropSite(folder, out);
    }
  };
  const first = await once();
  if (first.waiting.length === 0 || !options.print) return first;
  for (const { choice, key, html } of first.waiting) {
    options.step?.(`正在印制案例集:${choiceInWords(choice)}…`);
    press.set(key, await options.print(html, await realpath(out)));
  }
  const last = await once();
  return { ...last, withdrawn: first.withdrawn, written: first.written + last.written };
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
    const parts = await buildAll(store, config, options, out);
    const waiting = parts.waiting.map(({ choice }) => choiceInWords(choice));
    return { ...parts, waiting, out, index: join(out, 'index.html'), ms: Math.round(performance.now() - started) };
  });
};
