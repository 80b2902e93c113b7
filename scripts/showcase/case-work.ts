/**
 * One press of a button of communications staff, from beginning to end: preview, publish, update, withdraw, a collection, an article, a brief.
 * Every one may be stopped anywhere and done again. Withdrawing ends with the case gone from the site, its index, feed and collections, from
 * the preview and from every file made for it.
 */
import { readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser } from 'puppeteer';
import type { CaseRequest, Choice } from '../../schema/cases/request.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { dayIn } from '../jobs/months.ts';
import { type BrowserConfig, openBrowser, printPdf } from '../print/browser.ts';
import { printBrochure } from './brochure.ts';
import { buildShowcase, readMaterial, type ShowcaseConfig, type ShowcaseOptions, type ShowcaseResult } from './build.ts';
import { casesOf, choiceInWords, choiceName } from './choice.ts';
import { paths } from './hrefs.ts';
import { briefHtml, wechatHtml } from './print-views.ts';
import { asFileName, dropProducts, type Product, saveProducts } from './products.ts';
import type { HeldCase, ShownCase } from './select.ts';
import { arrangeSite, type Site, type SitePhoto } from './site.ts';
import { markUp } from './site-folder.ts';
import { withSiteLock } from './site-lock.ts';
import { loadTemplates } from './templates.ts';

export interface CaseWorkConfig extends ShowcaseConfig, BrowserConfig {
  readonly folders: ShowcaseConfig['folders'] & { readonly preview: string; readonly caseFiles: string };
}

export interface CaseWork {
  readonly store: Store;
  readonly config: CaseWorkConfig;
  /** Folder of the templates. */
  readonly templates: string;
  readonly now?: Date;
  readonly step?: (what: string) => void;
}

export interface CaseOutcome {
  readonly result: Readonly<Record<string, unknown>>;
  /** One Chinese sentence. */
  readonly message: string;
}

/** Opens Chromium when something is printed, and only then. */
const withPress = async <T>(config: BrowserConfig, work: (browser: () => Promise<Browser>) => Promise<T>): Promise<T> => {
  let opened: Promise<Browser> | undefined;
  try {
    return await work(() => {
      opened ??= openBrowser(config);
      return opened;
    });
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
};

/** Builds the site, printing whatever collections are to be in it. */
export const buildWithPress = (work: CaseWork, options: Partial<ShowcaseOptions> = {}): Promise<ShowcaseResult> =>
  withPress(work.config, (browser) =>
    buildShowcase(work.store, work.config, {
      templates: work.templates,
      ...(work.now ? { now: work.now } : {}),
      ...(work.step ? { step: work.step } : {}),
      print: async (html, site) => printBrochure(await browser(), html, site),
      ...options,
    }),
  );

const counted = ({ cases, pages, withdrawn, written, held, stray, brochures, ms }: ShowcaseResult) => ({
  cases,
  pages,
  withdrawn,
  written,
  held,
  stray,
  brochures: brochures.map(({ path, title, pages: count }) => ({ path, title, pages: count })),
  ms,
});

const because = (held: readonly HeldCase[]): string => held.map(({ title, reasons }) => `《${title}》:${reasons.join('')}`).join(' ');

/** Taken down as well as passed and published ones may go up; what nobody has passed may not. */
const mayGoUp: ReadonlySet<string> = new Set(['通过', '已发布', '已撤回']);

interface Weighed {
  readonly sound: readonly ShownCase[];
  readonly held: readonly HeldCase[];
}

/** Which of these cases may go up now, and why the others may not. */
const weigh = async ({ store, config, now }: CaseWork, ids: readonly string[]): Promise<Weighed> => {
  const rows = await store.readRows('cases', { filter: { id: { _in: [...ids] } }, fields: ['id', 'title', 'school', 'state'] });
  const unpassed = rows.filter(({ state }) => !mayGoUp.has(state ?? ''));
  const also = new Set(rows.filter((row) => !unpassed.includes(row)).map(({ id }) => id));
  const { selection } = await readMaterial(store, config, { also, ...(now ? { now } : {}) });
  return {
    sound: selection.shown.filter(({ id }) => also.has(id)),
    held: [
      ...unpassed.map(({ id, title, school, state }) => ({ id, title, school, reasons: [`现在是“${state ?? '未定'}”,还没有评审通过。`] })),
      ...selection.held.filter(({ id }) => also.has(id)),
    ],
  };
};

const dropPreview = async ({ config }: CaseWork): Promise<void> => {
  await withSiteLock(join(dirname(config.folders.preview), '.kehou-showcase.lock'), async () => {
    const folder = await realpath(config.folders.preview).catch(() => null);
    await rm(config.folders.preview, { recursive: true, force: true });
    if (folder) await rm(folder, { recursive: true, force: true });
  });
};

const preview = async (work: CaseWork, ids: readonly string[]): Promise<CaseOutcome> => {
  const { sound, held } = await weigh(work, ids);
  if (sound.length === 0) throw new UsageError(`没有可以预览的案例。${because(held)}`);
  const also = new Set(sound.map(({ id }) => id));
  const brochures = (await markUp(work.config.folders.showcase))?.brochures ?? [];
  const result = await buildWithPress(work, { out: work.config.folders.preview, also, brochures });
  const pages = sound.map(({ id, title }) => ({ id, title, page: paths.case(id) }));
  return {
    result: { ...counted(result), previewed: pages, held },
    message: `预览已备好:${sound.length} 篇${held.length ? `;不能发布 ${held.length} 篇:${because(held)}` : ''}`,
  };
};

const publish = async (work: CaseWork, ids: readonly string[]): Promise<CaseOutcome> => {
  const { sound, held } = await weigh(work, ids);
  if (sound.length === 0) throw new UsageError(`没有发布。${because(held)}`);
  for (const { id, publishedOn } of sound)
    await work.store.updateRow('cases', id, { state: '已发布', published_on: publishedOn, withdrawn_on: null, withdrawn_reason: null });
  const result = await buildWithPress(work);
  await dropPreview(work);
  return {
    result: { ...counted(result), published: sound.map(({ id }) => id), refused: held },
    message: `已发布 ${sound.length} 篇,网站现有 ${result.cases} 篇${held.length ? `;没有发布 ${held.length} 篇:${because(held)}` : ''}`,
  };
};

const withdraw = async (work: CaseWork, ids: readonly string[], reason: string): Promise<CaseOutcome> => {
  const today = dayIn(work.config.timezone, work.now);
  await work.store.updateRows('cases', ids, { state: '已撤回', withdrawn_on: today, withdrawn_reason: reason || null });
  const files = await dropProducts(work.config.folders.caseFiles, new Set(ids));
  await dropPreview(work);
  const result = await buildWithPress(work);
  return {
    result: { ...counted(result), files },
    message: `已撤下 ${ids.length} 篇:网站、搜索、订阅、案例集里都没有了${files.length ? `,删去含有它的文件 ${files.length} 个` : ''}`,
  };
};

const update = async (work: CaseWork): Promise<CaseOutcome> => {
  const result = await buildWithPress(work);
  return {
    result: counted(result),
    message: `网站已更新:案例 ${result.cases} 篇,共 ${result.pages} 页${result.held.length ? `;没有刊登 ${result.held.length} 篇:${because(result.held)}` : ''}`,
  };
};

const brochure = async (work: CaseWork, choice: Choice): Promise<CaseOutcome> => {
  const result = await buildWithPress(work, { brochures: [choice] });
  const made = result.brochures.find(({ path }) => path === paths.brochure(choiceName(choice)));
  if (!made) throw new UsageError(`“${choiceInWords(choice)}”里没有已发布的案例,没有印。`);
  return { result: { ...counted(result), made }, message: `案例集已印好并放到网站上:${made.title},${made.pages} 页` };
};

interface Chosen {
  readonly site: Site;
  readonly cases: readonly ShownCase[];
  /** The folder of the site that is up: its photos are used. */
  readonly folder: string;
}

/** The cases of a choice as they stand on the site that is up, which is brought up to date first. */
const choose = async (work: CaseWork, choice: Choice): Promise<Chosen> => {
  const { held } = await buildWithPress(work);
  const { selection, county } = await readMaterial(work.store, work.config, work.now ? { now: work.now } : {});
  const mark = await markUp(work.config.folders.showcase);
  const out = new Set(held.map(({ id }) => id));
  const shown = selection.shown.filter(({ id }) => !out.has(id));
  const photos = new Map(
    Object.entries(mark?.parts ?? {}).flatMap(([name, part]): [string, SitePhoto][] =>
      name.startsWith('photo-') ? [[name.slice('photo-'.length), part.facts as SitePhoto]] : [],
    ),
  );
  const site = arrangeSite(shown, county, photos);
  const cases = casesOf(choice, shown);
  if (cases.length === 0) throw new UsageError(`“${choiceInWords(choice)}”里没有已发布的案例。`);
  return { site, cases, folder: await realpath(work.config.folders.showcase) };
};

/** True where the world can reach the address: then a platform can fetch pictures from it. */
const isOnTheNet = (address: string): boolean => {
  const { hostname } = new URL(address);
  return (
    !/^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)|\.(local|internal|example|invalid|test)$/.test(hostname) &&
    hostname.includes('.')
  );
};

const pictureSource = async ({ site, cases, folder }: Chosen): Promise<(name: string) => string> => {
  if (isOnTheNet(site.county.address)) return (name) => `${site.county.address}${name}`;
  const names = cases.flatMap((item) => item.photos.flatMap(({ file }) => site.photos.get(file)?.plain ?? []));
  const bytes = new Map(
    await Promise.all(names.map(async (name) => [paths.photo(name), (await readFile(join(folder, paths.photo(name)))).toString('base64')] as const)),
  );
  return (name) => `data:image/jpeg;base64,${bytes.get(name) ?? ''}`;
};

const productOf = (work: CaseWork, kind: Product['kind'], ending: string, title: string, cases: readonly ShownCase[]): Product => {
  const now = work.now ?? new Date();
  return {
    file: `${dayIn(work.config.timezone, now)}_${kind}_${asFileName(title)}.${ending}`,
    kind,
    title,
    cases: cases.map(({ id }) => id),
    at: now.toISOString(),
  };
};

const titleOf = ({ cases }: Chosen, choice: Choice): string => (cases.length === 1 ? (cases[0]?.title ?? '') : choiceInWords(choice));

const wechat = async (work: CaseWork, choice: Choice): Promise<CaseOutcome> => {
  const chosen = await choose(work, choice);
  const html = wechatHtml(await loadTemplates(work.templates), chosen.site, chosen.cases, await pictureSource(chosen));
  const product = productOf(work, '公众号', 'html', titleOf(chosen, choice), chosen.cases);
  await saveProducts(work.config.folders.caseFiles, [{ product, content: html }]);
  return { result: { product }, message: `公众号文章已备好:${product.file},打开后全选复制,粘贴到公众号编辑器` };
};

const brief = async (work: CaseWork, request: Extract<CaseRequest, { do: 'brief' }>): Promise<CaseOutcome> => {
  const chosen = await choose(work, request.choice);
  const html = briefHtml(await loadTemplates(work.templates), chosen.site, chosen.cases, { ...request, day: dayIn(work.config.timezone, work.now) });
  const pdf = await withPress(work.config, async (browser) => printPdf(await browser(), html, { tagged: true }));
  const title = titleOf(chosen, request.choice);
  const [paper, words] = [productOf(work, '简报', 'pdf', title, chosen.cases), productOf(work, '简报', 'html', title, chosen.cases)];
  await saveProducts(work.config.folders.caseFiles, [
    { product: paper, content: pdf },
    { product: words, content: html },
  ]);
  return { result: { product: paper, editable: words }, message: `简报已备好:${paper.file};要改字的,用 WPS 或 Word 打开 ${words.file}` };
};

/** Does what was asked for. Throws UsageError with what is in the way, in words for the office. */
export const doCaseWork = (work: CaseWork, request: CaseRequest): Promise<CaseOutcome> => {
  switch (request.do) {
    case 'update':
      return update(work);
    case 'preview':
      return preview(work, request.cases);
    case 'publish':
      return publish(work, request.cases);
    case 'withdraw':
      return withdraw(work, request.cases, request.reason);
    case 'brochure':
      return brochure(work, request.choice);
    case 'wechat':
      return wechat(work, request.choice);
    case 'brief':
      return brief(work, request);
  }
};
