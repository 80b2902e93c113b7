import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../extensions/showcase-endpoint/src/answer.ts';
import { loadConfig } from '../../scripts/config.ts';
import { buildShowcase } from '../../scripts/showcase.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { sampleRows, settings } from './sample-county.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let home: string;
let site: string;
let server: Server;
let base: string;
let browser: Browser;
/** Every address that a page asked for and that was not ours. */
const strangers: string[] = [];

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
  await buildShowcase(
    fakeStore(sampleRows(14), settings),
    { publicUrl: 'http://kehou.example', timezone: 'Asia/Shanghai', folders: { showcase: site } },
    { now: new Date('2026-11-24T04:00:00Z') },
  );
  server = serve(site);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/showcase/`;
  const executablePath = loadConfig().chromium;
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  await rm(home, { recursive: true, force: true });
});

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** The violations that axe finds on the page, each with the first element concerned. `evaluate` is not bound by the page's policy. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const found = await (globalThis as unknown as { axe: Axe }).axe.run();
    return found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
  });
};

const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

const search = async (page: Page, words: string): Promise<string> => {
  await page.goto(`${base}search.html`);
  await page.fill('#q', words);
  await page.click('button[type=submit]');
  await page.waitForFunction(() => /找到|没有/.test(document.getElementById('status')?.textContent ?? ''));
  return (await page.textContent('#status')) ?? '';
};

const windows = [
  { name: 'a phone', viewport: { width: 390, height: 844 } },
  { name: 'a desktop', viewport: { width: 1280, height: 900 } },
];

describe.each(windows)('on $name', ({ viewport }) => {
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
    expect(await violations(page)).toEqual([]);
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

test('no page asks another site for anything', () => {
  expect(strangers).toEqual([]);
});
