import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { openBrowser, printPdf } from '../../scripts/print/browser.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { chromium, deskFor, temporaryFolder, textOf } from './desk.ts';
import { plan, rowsWith, school, settings, student } from './fixture.ts';

const folder = temporaryFolder();
let listener: Server;
let address: string;
/** Connections, not requests: even a hint to connect must not leave the page. */
let connections = 0;
let browser: Browser;

beforeAll(async () => {
  listener = createServer((_request, response) => response.end('reached'));
  listener.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  browser = await openBrowser({ chromium });
});
beforeEach(() => {
  connections = 0;
});
afterAll(async () => {
  await browser.close();
  listener.close();
  folder.remove();
});

const printed = async (html: string, options = {}): Promise<string> => {
  const path = join(folder.path, 'page.pdf');
  writeFileSync(path, await printPdf(browser, html, options));
  return textOf(path);
};

test('the listener itself works, so that no connection means none was tried', async () => {
  expect(await (await fetch(address)).text()).toBe('reached');
  expect(connections).toBe(1);
});

describe('a page that means harm', () => {
  test('reaches no server, in any of the ways that a page can try', async () => {
    const text = await printed(`<!doctype html><head>
      <link rel="preconnect" href="${address}"><link rel="dns-prefetch" href="${address}"><link rel="prefetch" href="${address}/p">
      <link rel="stylesheet" href="${address}/s.css"><meta http-equiv="refresh" content="0;url=${address}/r">
      <style>@import "${address}/i.css"; @font-face{font-family:x;src:url(${address}/f.woff2)} p{font-family:x;background:url(${address}/b.png)}</style></head>
      <p>stays</p><img src="${address}/i.png"><iframe src="${address}/f"></iframe><object data="${address}/o"></object><embed src="${address}/e">
      <video src="${address}/v" poster="${address}/vp"></video><svg><image href="${address}/si.png"/><use href="${address}/u.svg#a"/></svg>
      <form action="${address}/form"><input></form><script>fetch('${address}/x')</script><img src="x" onerror="fetch('${address}/y')">`);
    expect(text).toContain('stays');
    expect(text).not.toContain('reached');
    expect(connections).toBe(0);
  });

  test('runs no script', async () => {
    expect(await printed('<p id="a">before</p><script>document.getElementById("a").textContent="changed"</script>')).toBe('before');
  });

  test('reads no file of the machine', async () => {
    const text = await printed(
      '<p>stays</p><iframe src="file:///etc/passwd"></iframe><object data="file:///etc/passwd"></object><embed src="file:///etc/passwd"><link rel="stylesheet" href="file:///etc/passwd">',
    );
    expect(text).toBe('stays');
  });

  test('shows files of its own folder, and none outside it', async () => {
    const assets = join(folder.path, 'assets');
    mkdirSync(assets);
    const css = (word: string) => `p::after{content:"${word}"}`;
    writeFileSync(join(assets, 'own.css'), css('own'));
    writeFileSync(join(folder.path, 'outside.css'), css('outside'));
    symlinkSync(join(folder.path, 'outside.css'), join(assets, 'linked.css'));
    const page = (href: string) => printed(`<link rel="stylesheet" href="${href}"><p>page</p>`, { assetsDir: assets });
    expect(await page('own.css')).toBe('pageown');
    expect(await page('../outside.css')).toBe('page');
    expect(await page('%2e%2e/outside.css')).toBe('page');
    expect(await page('..%2foutside.css')).toBe('page');
    expect(await page('linked.css')).toBe('page');
  });
});

/** What the page of a letter shows is made of these tags and nothing else; they carry no style, no address and no handler. */
const expectHarmless = (texts: Iterable<string>): void => {
  const tags = new Set([...texts].flatMap((html) => html.match(/<[^>]*>/g) ?? []));
  const plain =
    /^<\/?(p|br|h2|h3|span|div|strong|b|em|i|u|ol|ul|li|table|thead|tbody|tr|th|td)( (class|data-label|colspan|rowspan)="[^"<>]*")*( \/)?>$/;
  expect([...tags].filter((tag) => !plain.test(tag))).toEqual([]);
  expect(tags.size).toBeGreaterThan(5);
};

describe('hostile text in a record', () => {
  test('stays text in the letter, reads nothing, calls nobody, and leaves the neighbours alone', async () => {
    const names = [
      '<img src=file:///etc/passwd>',
      '{{stamp.url}}{{#each letters}}',
      `<script src=${address}/x></script>`,
      '</p></article><style>*{display:none}',
      '普通学生',
    ];
    const store = fakeStore(
      {
        ...rowsWith(names.map((name) => student({ name }))),
        plans: [{ ...plan, refund_rule: `按天退费 <img src="${address}/a.png"> {{settings}}`, late_contact: `<iframe src="${address}"></iframe>` }],
      },
      settings,
    );
    const result = await printNotices(deskFor(store, folder.path), { kind: '告家长书', school: school.code });
    expect(result).toMatchObject({ printed: names.length, failed: 0 });
    for (const [index, pupil] of store.rowsOf('students').entries()) {
      const text = textOf(join(result.folder, `3年级2班/${pupil.id}.pdf`));
      expect(text).toContain(`尊敬的${(names[index] as string).replace(/\s/g, '')}同学家长`);
      expect(text).toContain('{{settings}}');
      expect(text).not.toContain('root:');
      expect(text).toContain('家长签名');
    }
    expectHarmless(store.texts.values());
    const onPhones = [...store.texts.values()].join();
    for (const shown of ['&lt;img src', '&lt;script src', '&lt;/p&gt;&lt;/article&gt;&lt;style&gt;', '{{stamp.url}}{{#each'])
      expect(onPhones).toContain(shown);
    expect(connections).toBe(0);
  });
});

describe('hostile text in an edited paragraph', () => {
  const hostile = (words: string) => ({ ...settings, words_parent_notice: words });

  test('loses its tags, styles and addresses; its words stay words, and the letters around it are whole', async () => {
    const words = `<p>根据{{依据}},尊敬的{{学生姓名}}家长。<img src="${address}/i.png"><a href="${address}">点这里</a></p>
      <style>.letter{display:none}</style><script>fetch('${address}')</script><iframe src="file:///etc/passwd"></iframe>
      <p style="position:fixed;top:0;left:0;width:100vw;height:100vh;background:#fff" class="letter">盖住</p></article></body><article class="letter"><h1>假信</h1>
      <svg><image href="${address}/s.png"/></svg><link rel=stylesheet href="${address}/s.css"><object data="file:///etc/passwd"></object>`;
    const pupils = [student({ name: '王小明' }), student({ name: '李小红' }), student({ name: '欧阳买买提·吐尔逊' })];
    const store = fakeStore(rowsWith(pupils), hostile(words));
    const result = await printNotices(deskFor(store, join(folder.path, 'words')), { kind: '告家长书', school: school.code });
    expect(result).toMatchObject({ printed: 3, failed: 0, missing: [] });
    for (const pupil of pupils) {
      const text = textOf(join(result.folder, `3年级2班/${pupil.id}.pdf`));
      expect(text).toContain(`尊敬的${pupil.name}家长`);
      expect(text).toContain('盖住');
      expect(text).toContain('点这里');
      expect(text).toContain('家长签名');
      expect(text).not.toMatch(/root:|reached|fetch|display/);
      for (const other of pupils) if (other !== pupil) expect(text).not.toContain(other.name);
    }
    expectHarmless(store.texts.values());
    expect(connections).toBe(0);
  });

  test('a placeholder that nobody knows stops the press and is named, with those that may be used', async () => {
    const store = fakeStore(rowsWith([student()]), hostile('<p>根据{{依据}}{{stamp.url}}{{constructor}}</p>'));
    const { printed: count, missing } = await printNotices(deskFor(store, folder.path), { kind: '告家长书', school: school.code });
    expect(count).toBe(0);
    expect(missing).toHaveLength(2);
    expect(missing[0]).toMatch(/^N03 正文里有不认识的占位符「\{\{stamp\.url\}\}」:.*可用:学生姓名、/);
    expect(missing[1]).toContain('constructor');
  });

  test('words that have lost the basis of the letter are not printed', async () => {
    const store = fakeStore(rowsWith([student()]), hostile('<p>请参加课后服务。</p>'));
    const { missing } = await printNotices(deskFor(store, folder.path), { kind: '告家长书', school: school.code });
    expect(missing).toEqual([expect.stringMatching(/^N03 正文里没有占位符「\{\{依据\}\}」/)]);
  });
});
