import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../extensions/showcase-endpoint/src/answer.ts';
import { unknownPhoto } from '../../schema/cases/records.ts';
import { loadConfig, repositoryRoot } from '../../scripts/config.ts';
import type { Store } from '../../scripts/directus/store.ts';
import { doCaseWork } from '../../scripts/showcase/case-work.ts';
import { templatesFolder } from '../../scripts/showcase.ts';
import { accessFaults, launchBrowser, overflow } from '../helpers/browser.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { sampleCase, sampleRows, schools, settings } from './sample-county.ts';

let home: string;
let site: string;
let server: Server;
let base: string;
/** The article for 公众号. */
let article: string;
let browser: Browser;
/** Every address that a page asked for and that was not ours. */
const strangers: string[] = [];

const photo = '0b5a3c52-5a0f-4c0e-9e1e-1f6f5f5b6c7d';

/** Cases of which one has everything that a case can have: a photo, figures, schools that took it over. */
const storeWithPhoto = async (): Promise<Store> => {
  const picture = await sharp({ create: { width: 1600, height: 1000, channels: 3, background: '#886644' } })
    .jpeg()
    .toBuffer();
  const full = sampleCase(0, {
    photos: [{ ...unknownPhoto({ file: photo }), faces: '无', clean: true, caption: '剪纸课' }],
    figures: [{ label: '参与率', value: 96.3, unit: '%', month: '2026-10' }],
    adoptions: [{ school: schools[2]?.code, on: '2026-10-09', note: '先在三年级试行', result: '参加的学生多了' }],
  });
  const rows = sampleRows(14);
  const store = fakeStore({ ...rows, cases: [full, ...(rows.cases ?? []).slice(1)] }, settings);
  const call = async (_method: string, path: string) =>
    path.startsWith('/files') ? [{ id: photo, modified_on: '1', filesize: picture.length }] : new Response(Uint8Array.from(picture));
  return { ...store, call: call as Store['call'] };
};

/** Pictures of the walk, for people to look at. */
const pictures = join(repositoryRoot, 'coverage', 'screenshots');

/** The endpoint's own code behind a bare server, mounted as Directus mounts it. */
const serve = (folder: string): Server =>
  createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    answer({ method: request.method ?? 'GET', path: path.slice('/showcase'.length), headers: request.headers, base: '/showcase' }, folder).then(
      ({ status, headers, body }) => {
        response.writeHead(status, headers);
        if (body === null || typeof body === 'string') response.end(body ?? '');
        else body.pipe(response);
      },
      (error: unknown) => response.destroy(error as Error),
    );
  });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kehou-browser-'));
  site = join(home, 'showcase');
  const folders = { showcase: site, preview: join(home, 'showcase-preview'), caseFiles: join(home, 'files') };
  const work = {
    store: await storeWithPhoto(),
    templates: templatesFolder,
    now: new Date('2026-11-24T04:00:00Z'),
    config: { publicUrl: 'http://kehou.example', timezone: 'Asia/Shanghai', chromium: loadConfig().chromium, folders },
  };
  await doCaseWork(work, { do: 'brochure', choice: { kind: 'year', value: '2026' } });
  const { result } = await doCaseWork(work, { do: 'wechat', choice: { kind: 'chosen', value: '', cases: ['CASE00000000'] } });
  article = join(folders.caseFiles, (result.product as { file: string }).file);
  server = serve(site);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/showcase/`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  await rm(home, { recursive: true, force: true });
});

const search = async (page: Page, words: string): Promise<string> => {
  await page.goto(`${base}search.html`);
  await page.fill('#q', words);
  await page.click('button[type=submit]');
  await page.waitForFunction(() => /找到|没有/.test(document.getElementById('status')?.textContent ?? ''));
  return (await page.textContent('#status')) ?? '';
};

const windows = [
  { name: 'a phone', key: 'phone', viewport: { width: 390, height: 844 } },
  { name: 'a desktop', key: 'desktop', viewport: { width: 1280, height: 900 } },
];

describe.each(windows)('on $name', ({ key, viewport }) => {
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    page = await browser.newPage({ viewport });
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => !request.url().startsWith(base) && !request.url().startsWith('blob:') && strangers.push(request.url()));
  });
  afterAll(() => page.close());

  test('one walks from the first page to a case, its category, its school and back', async () => {
    await page.goto(base);
    await page.click('.card-title a >> nth=0');
    const title = await page.textContent('h1');
    expect(title).toContain('剪纸社团');
    await page.click('.story-head .card-top a');
    expect(await page.textContent('h1')).toBe('课后服务');
    expect(await page.textContent('main')).toContain(title as string);
    await page.goBack();
    await page.click('.byline-small a >> nth=1');
    expect(await page.textContent('h1')).toContain('小学');
    await page.click('.brand');
    expect(page.url()).toBe(`${base}index.html`);
    expect(complaints).toEqual([]);
  });

  test('one walks from the first page through the search to a case and to the collection that it stands in', async () => {
    await mkdir(pictures, { recursive: true });
    const keep = (step: string) => page.screenshot({ path: join(pictures, `showcase-${key}-${step}.png`), fullPage: true });
    await page.goto(base);
    await keep('1-home');
    await page.fill('#q', '剪纸社团');
    await page.click('.search-form button');
    await page.waitForFunction(() => document.querySelectorAll('#results li').length > 0);
    await keep('2-search');
    await page.click('#results a[href*="CASE00000000"]');
    expect(await page.textContent('h1')).toContain('剪纸社团');
    expect(await page.textContent('.adoptions')).toContain('先在三年级试行');
    await page.locator('.photos img').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => (document.querySelector('.photos img') as HTMLImageElement).naturalWidth > 0);
    await keep('3-case');
    const address = await page.locator('.brochures a').evaluate((link) => (link as HTMLAnchorElement).href);
    const answer = await page.request.get(address);
    expect(answer.headers()['content-type']).toBe('application/pdf');
    expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-');
    expect(complaints).toEqual([]);
  });

  test.each([
    '',
    'case/CASE00000000.html',
    'category/index.html',
    'category/after-school-service.html',
    'township/index.html',
    'school/index.html',
    'year/2026.html',
    'about.html',
    'search.html?q=%E5%89%AA%E7%BA%B8',
    'not/there',
  ])('axe finds nothing wrong with /%s and nothing sticks out at the side', async (path) => {
    await page.goto(base + path);
    expect(await accessFaults(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    complaints.length = 0;
  });

  test('the whole text is searched, not only the titles', async () => {
    expect(await search(page, '退休教师')).toMatch(/^找到 14 个案例。$/);
    expect(await search(page, '手机进箱')).toMatch(/^找到 2 个案例。$/);
    await page.click('#results a >> nth=0');
    expect(await page.textContent('h1')).toContain('手机进箱');
    expect(complaints).toEqual([]);
  });

  test('the search can be narrowed to a category', async () => {
    await search(page, '退休教师');
    await page.selectOption('#category', '考试管理');
    await page.waitForFunction(() => document.querySelectorAll('#results li').length === 2);
    expect(await page.textContent('#results')).not.toContain('作业减负');
  });
});

test('the keyboard reaches the text first', async () => {
  const page = await browser.newPage();
  await page.goto(base);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('跳到正文');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.close();
});

test('opened from a folder, the pages hold together and the search looks through titles and says so', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(site, 'index.html')).href);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(250, 247, 240)');
  await page.fill('#q', '剪纸');
  await page.press('#q', 'Enter');
  await page.waitForFunction(() => document.querySelectorAll('#results li').length > 0);
  expect(await page.textContent('#status')).toMatch(/找到 3 个案例.*按标题/);
  await page.click('#results a >> nth=0');
  expect(await page.textContent('h1')).toContain('剪纸');
  await page.close();
});

/** What a reader sees of every piece of text: its letters, its colour, its size, its weight, its indent. */
const looks = (root: string) => `[...document.querySelectorAll('${root} p, ${root} span, ${root} strong')]
  .filter((one) => one.textContent.trim() !== '')
  .map((one) => { const style = getComputedStyle(one); return [one.textContent.trim(), style.color, style.fontSize, style.fontWeight, style.textIndent, style.textAlign].join('|'); })`;

test('an article that is copied and pasted into an editor looks there as it did', async () => {
  const context = await browser.newContext({ viewport: { width: 800, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(pathToFileURL(article).href);
  const before = (await page.evaluate(looks('body'))) as string[];
  expect(before.length).toBeGreaterThan(15);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
  const editor = await context.newPage();
  await editor.setContent('<style>p{color:red;font-size:11px}</style><div id="editor" contenteditable style="width:677px;min-height:200px"></div>');
  await editor.click('#editor');
  await editor.keyboard.press('Control+V');
  await editor.waitForFunction(() => (document.querySelector('#editor')?.textContent ?? '').includes('经验与启示'));
  expect(await editor.evaluate(looks('#editor'))).toEqual(before);
  const picture = editor.locator('#editor img');
  expect(await picture.evaluate((image) => [(image as HTMLImageElement).naturalWidth, getComputedStyle(image).width])).toEqual([960, '677px']);
  await context.close();
});

test('no page asks another site for anything', () => {
  expect(strangers).toEqual([]);
});
