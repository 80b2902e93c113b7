import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, answer } from '../../extensions/showcase-endpoint/src/answer.ts';

let home: string;
let site: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kehou-endpoint-'));
  site = join(home, 'showcase');
  await mkdir(join(site, 'case'), { recursive: true });
  await mkdir(join(site, 'pagefind'), { recursive: true });
  await writeFile(join(site, 'index.html'), '<html><head></head>home</html>');
  await writeFile(join(site, '404.html'), '<html><head></head>lost <a href="index.html">x</a></html>');
  await writeFile(join(site, 'case/A.html'), 'case A');
  await writeFile(join(site, 'search.html'), 'search');
  await writeFile(join(site, 'feed.xml'), '<feed/>');
  await writeFile(join(site, 'pagefind/pagefind-worker.js'), '1');
  await writeFile(join(site, '.kehou-showcase.json'), '{"cases":["A"]}');
  await writeFile(join(home, 'secrets.json'), 'secret');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  answer({ method, path, headers, base: '/showcase' }, site);
const bodyOf = async (given: Answer): Promise<string> => (given.body === null ? '' : typeof given.body === 'string' ? given.body : text(given.body));

test('the first page and a case are served with their type', async () => {
  const first = await ask('/');
  expect(first).toMatchObject({ status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  expect(await bodyOf(first)).toContain('home');
  expect(await bodyOf(await ask('/case/A.html'))).toBe('case A');
  expect((await ask('/feed.xml')).headers['Content-Type']).toMatch(/^application\/atom\+xml/);
});

test.each([
  '/../secrets.json',
  '/..%2fsecrets.json',
  '/%2e%2e/secrets.json',
  '/case/../../secrets.json',
  '/case/..%5c..%5csecrets.json',
  '/%2e%2e%2fsecrets.json',
  '/.kehou-showcase.json',
  '/case/%00A.html',
  '/%E0%A4%A',
  '//etc/passwd',
  '/case/A.html/',
  '/case',
  '/a/very/wrong/address',
  `/${'x'.repeat(5000)}`,
])('%s answers that there is no such page, and nothing else', async (path) => {
  const given = await ask(path);
  expect(given.status).toBe(404);
  expect(await bodyOf(given)).not.toMatch(/secret|root:|cases/);
});

test('a link out of the folder is not followed', async () => {
  await symlink(join(home, 'secrets.json'), join(site, 'case/B.html'));
  expect((await ask('/case/B.html')).status).toBe(404);
});

test('the page for a wrong address keeps its links right at any depth', async () => {
  expect(await bodyOf(await ask('/a/b/c'))).toContain('<base href="/showcase/">');
});

test('a copy that is still good is not sent again', async () => {
  const { headers } = await ask('/case/A.html');
  expect(await ask('/case/A.html', { 'if-none-match': headers.ETag as string })).toMatchObject({ status: 304, body: null });
  expect(await ask('/case/A.html', { 'if-none-match': `"other", W/${headers.ETag}` })).toMatchObject({ status: 304 });
  expect(await ask('/case/A.html', { 'if-modified-since': headers['Last-Modified'] as string })).toMatchObject({ status: 304 });
  expect((await ask('/case/A.html', { 'if-none-match': '"other"', 'if-modified-since': headers['Last-Modified'] as string })).status).toBe(200);
  expect((await ask('/case/A.html', { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status).toBe(200);
});

test('HEAD tells the same without the page, other methods are refused', async () => {
  const full = await ask('/case/A.html');
  expect(await ask('/case/A.html', {}, 'HEAD')).toEqual({ status: 200, headers: full.headers, body: null });
  expect(full.headers['Content-Length']).toBe('6');
  expect(await ask('/nowhere', {}, 'HEAD')).toMatchObject({ status: 404, body: null });
  expect(await ask('/', {}, 'POST')).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
});

test('only the search may run WebAssembly, and no other page any script', async () => {
  const policy = async (path: string) => (await ask(path)).headers['Content-Security-Policy'];
  expect(await policy('/search.html')).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(await policy('/pagefind/pagefind-worker.js')).toContain("'wasm-unsafe-eval'");
  for (const path of ['/', '/case/A.html', '/nowhere']) {
    expect(await policy(path)).toContain("default-src 'none'");
    expect(await policy(path)).not.toContain('script-src');
  }
});

test('before the first build the endpoint says what to do', async () => {
  for (const folder of [undefined, join(home, 'nothing')]) {
    const given = await answer({ method: 'GET', path: '/', headers: {}, base: '/showcase' }, folder);
    expect(given.status).toBe(404);
    expect(await bodyOf(given)).toContain('npm run showcase');
  }
});

test('in the instant of a swap the former site answers', async () => {
  await rename(site, `${site}.previous`);
  expect(await bodyOf(await ask('/case/A.html'))).toBe('case A');
});

test('a case that the new site no longer has is not taken from the former one', async () => {
  await mkdir(join(`${site}.previous`, 'case'), { recursive: true });
  await writeFile(join(`${site}.previous`, 'index.html'), 'old');
  await writeFile(join(`${site}.previous`, 'case/GONE.html'), 'withdrawn');
  expect((await ask('/case/GONE.html')).status).toBe(404);
});

test('Directus is told where the site stands', async () => {
  expect(await readFile(new URL('../../scripts/directus/process.ts', import.meta.url), 'utf8')).toContain(
    'KEHOU_SHOWCASE_DIR: config.folders.showcase',
  );
});
