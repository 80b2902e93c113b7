import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unknownPhoto } from '../../schema/cases/records.ts';
import { UsageError } from '../../scripts/cli.ts';
import { StoreError } from '../../scripts/directus/store.ts';
import { BrokenLinksError } from '../../scripts/showcase/build.ts';
import { findBrokenLinks } from '../../scripts/showcase/check-links.ts';
import { casesUp } from '../../scripts/showcase/swap.ts';
import { buildShowcase, templatesFolder } from '../../scripts/showcase.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { sampleCase, sampleRows, schools, settings } from './sample-county.ts';

let home: string;
let out: string;
const now = new Date('2026-11-24T04:00:00Z');

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kehou-showcase-'));
  out = join(home, 'showcase');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const config = () => ({ publicUrl: 'http://kehou.example', timezone: 'Asia/Shanghai', folders: { showcase: out } });
const build = (rows = sampleRows(8), options = {}) => buildShowcase(fakeStore(rows, settings), config(), { now, ...options });
const page = (path: string) => readFile(join(out, path), 'utf8');

test('a build yields every kind of page, and its count, size and links are told', async () => {
  const result = await build();
  expect(result).toMatchObject({ cases: 8, withdrawn: 0, brokenLinks: 0, held: [], index: join(out, 'index.html') });
  expect(result.pages).toBe((await readdir(out, { recursive: true })).filter((file) => file.endsWith('.html')).length);
  expect(result.bytes).toBeGreaterThan(100_000);
  for (const path of [
    'index.html',
    'about.html',
    'search.html',
    '404.html',
    'feed.xml',
    'sitemap.xml',
    'category/after-school-service.html',
    'year/2026.html',
    `school/${schools[0]?.code}.html`,
  ])
    expect(existsSync(join(out, path)), path).toBe(true);
  expect((await page('pagefind/pagefind-entry.json')).length).toBeGreaterThan(0);
});

test('links are relative and name their page, so that the folder opens without a server', async () => {
  await build();
  const home = await page('index.html');
  const links = [...home.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link as string);
  expect(links.length).toBeGreaterThan(20);
  for (const link of links) expect(link).toMatch(/^(#main|[\w./-]+\.(html|css|svg|xml|js))$/);
});

test('the first page is light and runs no script', async () => {
  await build(sampleRows(200));
  const html = await page('index.html');
  expect(html).not.toContain('<script');
  expect(Buffer.byteLength(html) + Buffer.byteLength(await page('assets/site.css'))).toBeLessThan(100_000);
});

test('the same cases give the same bytes', async () => {
  await build();
  const first = await page('index.html');
  const feed = await page('feed.xml');
  await build();
  expect(await page('index.html')).toBe(first);
  expect(await page('feed.xml')).toBe(feed);
});

test('hostile text stays text on pages, in the feed and in the list of titles', async () => {
  const evil = '</title><script>alert(1)</script><img src=x onerror=alert(1)>"\'{{county.name}}';
  const rows = sampleRows(0, {
    cases: [
      sampleCase(0, {
        title: evil,
        authors: evil,
        unit: evil,
        summary: evil,
        practice: `一、${evil}\n${evil}`,
        category: evil as never,
        name_consent: true,
      }),
    ],
  });
  await build(rows);
  const files = (await readdir(out, { recursive: true })).filter((file) => /\.(html|xml)$|titles\.js$/.test(file));
  for (const file of files) {
    const content = await page(file);
    expect(content, file).not.toMatch(/<script>alert|<img src=x/);
  }
  const html = await page('case/CASE00000000.html');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('{{county.name}}');
  expect(await page('assets/titles.js')).not.toContain('</');
});

test('a case that may not be shown leaves no trace on the site, and the reason is told', async () => {
  const rows = sampleRows(3, {
    findings: [{ id: 'F1', school: sampleCase(1).school as string, rule: 'R-V1', severity: '禁', state: '未办' } as never],
  });
  const result = await build(rows);
  expect(result.held).toEqual([
    { id: 'CASE00000001', title: '作业公示墙让书面作业减下来', school: expect.any(String), reasons: [expect.stringContaining('R-V1')] },
  ]);
  for (const file of await readdir(out, { recursive: true }))
    if (/\.(html|xml|js)$/.test(file)) expect(await page(file), file).not.toMatch(/作业公示墙|CASE00000001/);
});

test('a withdrawn case is gone from every file with the next build, and counted', async () => {
  await build(sampleRows(4));
  const rows = sampleRows(4, { cases: [0, 1, 2].map((number) => sampleCase(number)).concat(sampleCase(3, { state: '已撤回' })) });
  expect(await build(rows)).toMatchObject({ cases: 3, withdrawn: 1 });
  expect(existsSync(join(out, 'case/CASE00000003.html'))).toBe(false);
  for (const file of await readdir(out, { recursive: true }))
    if (/\.(html|xml|js)$/.test(file)) expect(await page(file), file).not.toContain('CASE00000003');
});

test('a failed build leaves the site that is up, and nothing beside it', async () => {
  await build();
  const before = await page('index.html');
  const store = fakeStore(sampleRows(3), settings);
  const broken = { ...store, readRows: () => Promise.reject(new StoreError('cases: down', 'UNREACHABLE')) };
  await expect(buildShowcase(broken as never, config(), { now })).rejects.toThrow('down');
  expect(await page('index.html')).toBe(before);
  expect(await readdir(home)).toEqual(['showcase']);
});

test('a page that points to nothing stops the build before the swap', async () => {
  await build();
  const templates = join(home, 'templates');
  const { cp } = await import('node:fs/promises');
  await cp(templatesFolder, templates, { recursive: true });
  await writeFile(join(templates, 'about.hbs'), '<a href="nowhere.html">x</a>');
  const before = await page('about.html');
  await expect(build(sampleRows(3), { templates })).rejects.toThrow(BrokenLinksError);
  expect(await page('about.html')).toBe(before);
});

test('links are followed down to the place on the page', () => {
  const pages = [
    {
      path: 'a/x.html',
      content:
        '<a href="../b.html#here"></a><a href="../b.html#gone"></a><a href="/b.html"></a><a href="https://other.example/"></a><img srcset="../p.jpg 480w, ../q.jpg 960w">',
    },
    {
      path: 'b.html',
      content: '<p id="here"></p><a href="http://kehou.example/showcase/a/x.html"></a><a href="http://kehou.example/showcase/a/y.html"></a>',
    },
  ];
  expect(findBrokenLinks(pages, ['p.jpg'], 'http://kehou.example/showcase/').map(({ link }) => link)).toEqual([
    '../b.html#gone',
    '/b.html',
    '../q.jpg',
    'http://kehou.example/showcase/a/y.html',
  ]);
});

test('a folder with other files is never replaced', async () => {
  await mkdir(out);
  await writeFile(join(out, 'letter.docx'), 'mine');
  await expect(build()).rejects.toThrow(UsageError);
  expect(await page('letter.docx')).toBe('mine');
});

test('after a crash in the middle of the swap the former site is known, and the next build goes up', async () => {
  await build(sampleRows(4));
  await rename(out, `${out}.previous`);
  expect(await casesUp(out)).toHaveLength(4);
  expect(await build(sampleRows(3))).toMatchObject({ cases: 3, withdrawn: 1 });
  expect(await readdir(home)).toEqual(['showcase']);
});

test('no table with personal data is read', async () => {
  const read: string[] = [];
  const store = fakeStore(sampleRows(2), settings);
  const watched = { ...store, readRows: (table: never, query: never) => read.push(table) && store.readRows(table, query) };
  await buildShowcase(watched as never, config(), { now });
  expect(read.sort()).toEqual(['cases', 'findings', 'schools']);
});

test('a long list goes on over several pages that all hold together', async () => {
  await build(sampleRows(260));
  expect(await page('category/after-school-service.html')).toContain('第 1 页，共 2 页');
  expect(existsSync(join(out, 'category/after-school-service-p2.html'))).toBe(true);
});

test('a county without cases has a site that says so', async () => {
  expect(await build(sampleRows(0))).toMatchObject({ cases: 0, brokenLinks: 0 });
  expect(await page('index.html')).toContain('还没有发布的案例');
});

/** The start of a JPEG of 960 × 640: all that the site looks at. */
const jpeg = Uint8Array.from([
  0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0x02, 0x80, 0x03, 0xc0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
]);
const photo = '0b5a3c52-5a0f-4c0e-9e1e-1f6f5f5b6c7d';
const photoRows = () =>
  sampleRows(0, { cases: [sampleCase(0, { photos: [{ ...unknownPhoto({ file: photo }), faces: '无', clean: true }] }), sampleCase(1)] });

test('photos come scaled by Directus, with their size on the page', async () => {
  const asked: string[] = [];
  const store = { ...fakeStore(photoRows(), settings), call: async (_method: string, path: string) => asked.push(path) && new Response(jpeg) };
  await buildShowcase(store as never, config(), { now });
  expect(asked).toEqual([480, 960].map((width) => expect.stringContaining(`/assets/${photo}?width=${width}`)));
  expect(await page('case/CASE00000000.html')).toMatch(new RegExp(`<img src="../photo/${photo}-960.jpg"[^>]*width="960" height="640"`));
  expect(existsSync(join(out, `photo/${photo}-480.jpg`))).toBe(true);
});

test('a photo that is not there holds its case back; a server that is gone stops the build', async () => {
  const failing = (code: string) => ({ ...fakeStore(photoRows(), settings), call: () => Promise.reject(new StoreError('assets', code)) });
  const result = await buildShowcase(failing('FORBIDDEN') as never, config(), { now });
  expect(result).toMatchObject({ cases: 1, held: [{ id: 'CASE00000000', reasons: [expect.stringContaining('照片文件读不到')] }] });
  await expect(buildShowcase(failing('UNREACHABLE') as never, config(), { now })).rejects.toThrow(StoreError);
});
