import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unknownPhoto } from '../../schema/cases/records.ts';
import { UsageError } from '../../scripts/cli.ts';
import { StoreError } from '../../scripts/directus/store.ts';
import { BrokenLinksError } from '../../scripts/showcase/build.ts';
import { openLinkCheck } from '../../scripts/showcase/check-links.ts';
import { paths } from '../../scripts/showcase/hrefs.ts';
import { casesUp, markUp, siteMark } from '../../scripts/showcase/site-folder.ts';
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
/** What lies beside the site, but for the folder that its link leads to. */
const leftOver = async () => {
  const folder = basename(await realpath(out));
  return (await readdir(home)).filter((name) => name !== 'showcase' && name !== folder);
};
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
  for (const link of links) expect(link).toMatch(/^(#main|[\w./-]+\.(html|css|svg|xml|js)|http:\/\/kehou\.example\/showcase\/)$/);
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
  expect(await leftOver()).toEqual([]);
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
  const check = openLinkCheck('http://kehou.example/showcase/');
  for (const one of pages) check.read(one);
  const files = new Set([...pages.map(({ path }) => path), 'p.jpg']);
  expect(check.broken(files).map(({ link }) => link)).toEqual(['/b.html', '../b.html#gone', '../q.jpg', 'http://kehou.example/showcase/a/y.html']);
});

test('a folder with other files is never replaced', async () => {
  await mkdir(out);
  await writeFile(join(out, 'letter.docx'), 'mine');
  await expect(build()).rejects.toThrow(UsageError);
  expect(await page('letter.docx')).toBe('mine');
});

test('after a crash in the middle of the swap the former site is known, and the next build goes up', async () => {
  await build(sampleRows(4));
  const folder = await realpath(out);
  await rm(out);
  await rename(folder, `${out}.previous`);
  expect(await casesUp(out)).toHaveLength(4);
  expect(await build(sampleRows(3))).toMatchObject({ cases: 3, withdrawn: 1 });
  expect(await leftOver()).toEqual([]);
});

test('a site that an older version left as a plain folder gives way to the new one', async () => {
  await mkdir(out);
  await writeFile(join(out, siteMark), '{"cases":["CASE00000099"]}');
  await writeFile(join(out, 'index.html'), 'old');
  expect(await build(sampleRows(3))).toMatchObject({ cases: 3, withdrawn: 1 });
  expect(await page('index.html')).not.toBe('old');
  expect(await leftOver()).toEqual([]);
});

test('an edit writes the pages that show the case and one part of the index; all else is taken over and keeps its time', async () => {
  const rows = sampleRows(300);
  await build(rows);
  const before = await stat(join(out, 'case/CASE00000007.html'));
  const changed = (rows.cases ?? []).map((row) => (row.id === 'CASE00000200' ? { ...row, lessons: '又添了一条经验。' } : row));
  const result = await build({ ...rows, cases: changed });
  expect(result.written).toBeGreaterThan(1);
  expect(result.written).toBeLessThan(20);
  expect((await stat(join(out, 'case/CASE00000007.html'))).mtimeMs).toBe(before.mtimeMs);
  expect(await page('case/CASE00000200.html')).toContain('又添了一条经验');
  expect(await build({ ...rows, cases: changed })).toMatchObject({ written: 0 });
});

test('the mark names every file that is there and no other', async () => {
  await build(sampleRows(140));
  const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1)).filter((path) => path !== siteMark);
  expect(Object.keys((await markUp(out))?.files ?? {}).sort()).toEqual(paths.sort());
});

test('builds that are asked for at the same time come one after the other, and the last one asked for stays', async () => {
  const results = await Promise.all([build(sampleRows(5)), build(sampleRows(3))]);
  expect(results.map(({ cases }) => cases)).toEqual([5, 3]);
  expect(await casesUp(out)).toHaveLength(3);
  expect(await leftOver()).toEqual([]);
});

test('what is previewed is what goes up, byte for byte', async () => {
  const waiting = sampleCase(4, { state: '通过', published_on: null });
  const rows = sampleRows(4);
  const before = { ...rows, cases: [...(rows.cases ?? []), waiting] };
  const after = { ...rows, cases: [...(rows.cases ?? []), { ...waiting, state: '已发布', published_on: '2026-11-24' }] };
  await build(before);
  const preview = join(home, 'showcase-preview');
  expect(await build(before, { out: preview, also: new Set([waiting.id]) })).toMatchObject({ cases: 5 });
  expect(existsSync(join(out, 'case/CASE00000004.html'))).toBe(false);
  expect(await build(after)).toMatchObject({ cases: 5 });
  const files = Object.keys((await markUp(out))?.files ?? {});
  expect(files).toContain('case/CASE00000004.html');
  for (const file of files) expect(await readFile(join(preview, file)), file).toEqual(await readFile(join(out, file)));
  expect((await markUp(preview))?.files).toEqual((await markUp(out))?.files);
});

test('every page names the picture that messengers show of it', async () => {
  await build();
  expect(await page('index.html')).toContain('<meta property="og:image" content="http://kehou.example/showcase/share/site.png">');
  expect(await page('case/CASE00000001.html')).toContain(`content="http://kehou.example/showcase/${paths.shareCard('作业减负')}"`);
  const { width, height } = await sharp(join(out, 'share/site.png')).metadata();
  expect([width, height]).toEqual([1200, 630]);
});

test('no table with personal data is read', async () => {
  const read: string[] = [];
  const store = fakeStore(sampleRows(2), settings);
  const watched = { ...store, readRows: (table: never, query: never) => read.push(table) && store.readRows(table, query) };
  await buildShowcase(watched as never, config(), { now });
  expect(read.sort()).toEqual(['cases', 'findings', 'plans', 'schools']);
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

const photo = '0b5a3c52-5a0f-4c0e-9e1e-1f6f5f5b6c7d';
const photoRows = () =>
  sampleRows(0, {
    cases: [sampleCase(0, { photos: [{ ...unknownPhoto({ file: photo }), faces: '无', clean: true, caption: '剪纸课' }] }), sampleCase(1)],
  });

/** A camera's picture: lying on its side, with the place in it. */
const camera = (colour: string) =>
  sharp({ create: { width: 1600, height: 1200, channels: 3, background: colour } })
    .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitude: '33/1 0/1 0/1', GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();

/** A store with one file of Directus. */
const withFile = (picture: Buffer, modified: string, asked: string[] = []) => ({
  ...fakeStore(photoRows(), settings),
  call: async (_method: string, path: string) => {
    asked.push(path.split('?')[0] as string);
    return path.startsWith('/files') ? [{ id: photo, modified_on: modified, filesize: picture.length }] : new Response(Uint8Array.from(picture));
  },
});

test('a photo comes in several sizes, upright, without what the camera wrote, with its size and caption on the page', async () => {
  await buildShowcase(withFile(await camera('#886644'), '1') as never, config(), { now });
  const html = await page('case/CASE00000000.html');
  expect(html).toMatch(new RegExp(`<img src="../photo/${photo}-960.jpg" width="960" height="1280" alt="剪纸课" loading="lazy"`));
  expect(html).toContain(`srcset="../photo/${photo}-480.webp 480w, ../photo/${photo}-960.webp 960w"`);
  expect(html).toContain(`/photo/${photo}-share.jpg`);
  for (const name of [`${photo}-960.jpg`, `${photo}-480.webp`, `${photo}-share.jpg`]) {
    const { exif, orientation } = await sharp(join(out, 'photo', name)).metadata();
    expect([exif, orientation ?? 1], name).toEqual([undefined, 1]);
  }
});

test('a photo is drawn once, and anew when its file is replaced', async () => {
  const asked: string[] = [];
  const build = async (colour: string, modified: string) =>
    buildShowcase(withFile(await camera(colour), modified, asked) as never, config(), { now });
  await build('#886644', '1');
  await build('#886644', '1');
  expect(asked.filter((path) => path.startsWith('/assets'))).toHaveLength(1);
  const before = await readFile(join(out, `photo/${photo}-960.jpg`));
  await build('#224466', '2');
  expect(asked.filter((path) => path.startsWith('/assets'))).toHaveLength(2);
  expect(await readFile(join(out, `photo/${photo}-960.jpg`))).not.toEqual(before);
});

test('a photo that is not there or is none holds its case back; a server that is gone stops the build', async () => {
  const missing = { ...fakeStore(photoRows(), settings), call: async () => [] };
  const held = [{ id: 'CASE00000000', reasons: [expect.stringContaining('照片文件读不到')] }];
  expect(await buildShowcase(missing as never, config(), { now })).toMatchObject({ cases: 1, held });
  expect(await buildShowcase(withFile(Buffer.from('no picture'), '1') as never, config(), { now })).toMatchObject({ cases: 1, held });
  const gone = { ...fakeStore(photoRows(), settings), call: () => Promise.reject(new StoreError('files', 'UNREACHABLE')) };
  await expect(buildShowcase(gone as never, config(), { now })).rejects.toThrow(StoreError);
});

test('schools that took a case over stand on its page', async () => {
  const [writer, other] = [sampleCase(0).school as string, schools.find(({ code }) => code !== sampleCase(0).school)];
  const rows = sampleRows(1, {
    cases: [
      sampleCase(0, {
        adoptions: [
          { school: other?.code, on: '2026-10-09', note: '先在三年级试行', result: '' },
          { school: writer, on: '', note: '', result: '' },
        ],
      }),
    ],
  });
  await build(rows);
  const html = await page('case/CASE00000000.html');
  expect(html).toContain('已有1所学校采用');
  expect(html).toContain('先在三年级试行');
  expect(html).toContain('2026年10月9日');
});
