/** One press of a button of communications staff, from beginning to end, with a real Chromium for what is printed. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CaseRequest } from '../../schema/cases/request.ts';
import { loadConfig } from '../../scripts/config.ts';
import { type CaseWork, doCaseWork } from '../../scripts/showcase/case-work.ts';
import { casesUp } from '../../scripts/showcase/site-folder.ts';
import { templatesFolder } from '../../scripts/showcase.ts';
import { type FakeStore, fakeStore } from '../helpers/fake-store.ts';
import { sampleCase, sampleRows, settings } from './sample-county.ts';

let home: string;
let store: FakeStore;
const now = new Date('2026-11-24T04:00:00Z');

const at = (...path: string[]) => join(home, ...path);
const workOn = (rows: FakeStore): CaseWork => ({
  store: { ...rows, call: async () => [] as never },
  templates: templatesFolder,
  now,
  config: {
    publicUrl: 'http://kehou.example',
    timezone: 'Asia/Shanghai',
    chromium: loadConfig().chromium,
    folders: { showcase: at('showcase'), preview: at('showcase-preview'), caseFiles: at('files') },
  },
});
const press = (request: CaseRequest) => doCaseWork(workOn(store), request);
const year: CaseRequest = { do: 'brochure', choice: { kind: 'year', value: '2026' } };
const rowOf = (id: string) => store.rowsOf('cases').find((row) => row.id === id);

/** Every file below the workspace that holds these words, in its name or its text; PDFs are read as text. */
const holding = async (words: string): Promise<string[]> => {
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const found: string[] = [];
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    const text = path.endsWith('.pdf') ? execFileSync('pdftotext', ['-enc', 'UTF-8', path, '-'], { encoding: 'utf8' }) : await readFile(path, 'utf8');
    if (path.includes(words) || text.replaceAll(/\s/g, '').includes(words)) found.push(path.slice(home.length + 1));
  }
  return found;
};

const pagesOf = (path: string): string[] => execFileSync('pdftotext', ['-enc', 'UTF-8', '-layout', path, '-'], { encoding: 'utf8' }).split('\f');

describe('publishing and withdrawing', () => {
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'kehou-cases-'));
    const waiting = [
      sampleCase(6, { state: '通过', published_on: null }),
      sampleCase(7, { state: '评审中', published_on: null }),
      sampleCase(8, { state: '通过', published_on: null, lessons: '找王老师13800001234。' }),
    ];
    store = fakeStore({ ...sampleRows(3), cases: [...(sampleRows(3).cases ?? []), ...waiting] }, settings);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  test('what has passed goes up with today as its day; what has not, or carries a telephone number, does not, and it is said why', async () => {
    const { result, message } = await press({ do: 'publish', cases: ['CASE00000006', 'CASE00000007', 'CASE00000008'] });
    expect(result).toMatchObject({ cases: 4, published: ['CASE00000006'] });
    expect(message).toMatch(/已发布 1 篇,网站现有 4 篇;没有发布 2 篇/);
    expect(message).toContain('还没有评审通过');
    expect(message).toContain('手机号');
    expect(rowOf('CASE00000006')).toMatchObject({ state: '已发布', published_on: '2026-11-24' });
    expect(rowOf('CASE00000007')).toMatchObject({ state: '评审中' });
    expect(rowOf('CASE00000008')).toMatchObject({ state: '通过' });
    expect(existsSync(at('showcase', 'case', 'CASE00000006.html'))).toBe(true);
  });

  test('where nothing may go up, nothing changes', async () => {
    await press({ do: 'update' });
    await expect(press({ do: 'publish', cases: ['CASE00000007'] })).rejects.toThrow('还没有评审通过');
    expect(await casesUp(at('showcase'))).toHaveLength(3);
  });

  test('a preview is for staff: the site that is up does not know of it, and it goes once the case is published', async () => {
    await press({ do: 'update' });
    const { result } = await press({ do: 'preview', cases: ['CASE00000006'] });
    expect(result.previewed).toEqual([{ id: 'CASE00000006', title: expect.any(String), page: 'case/CASE00000006.html' }]);
    const seen = await readFile(at('showcase-preview', 'case', 'CASE00000006.html'));
    expect(existsSync(at('showcase', 'case', 'CASE00000006.html'))).toBe(false);
    await press({ do: 'publish', cases: ['CASE00000006'] });
    expect(await readFile(at('showcase', 'case', 'CASE00000006.html'))).toEqual(seen);
    expect(existsSync(at('showcase-preview'))).toBe(false);
  });

  test('a withdrawn case is in no file any more: site, index, feed, collection, preview, article, brief', async () => {
    await press(year);
    await press({ do: 'wechat', choice: { kind: 'all' } });
    await press({ do: 'brief', choice: { kind: 'all' }, issue: '3', note: '', to: '' });
    await press({ do: 'preview', cases: ['CASE00000006'] });
    const words = '作业公示墙';
    expect((await holding(words)).map((path) => path.split('/')[0])).toEqual(expect.arrayContaining(['files']));
    expect((await holding(words)).some((path) => path.endsWith('year-2026.pdf'))).toBe(true);
    const { message } = await press({ do: 'withdraw', cases: ['CASE00000001'], reason: '学校要求' });
    expect(message).toMatch(/已撤下 1 篇.*删去含有它的文件 3 个/);
    expect(rowOf('CASE00000001')).toMatchObject({ state: '已撤回', withdrawn_on: '2026-11-24', withdrawn_reason: '学校要求' });
    expect(await holding(words)).toEqual([]);
    expect(await holding('CASE00000001')).toEqual([]);
    expect(existsSync(at('showcase', 'brochure', 'year-2026.pdf'))).toBe(true);
    expect(await holding('四十分钟的减法')).toEqual([]);
    expect((await holding('剪纸社团')).some((path) => path.endsWith('year-2026.pdf'))).toBe(true);
  }, 120_000);
});

describe('what is printed and pasted', () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'kehou-cases-'));
    store = fakeStore(sampleRows(14), settings);
    await press(year);
  }, 120_000);
  afterAll(() => rm(home, { recursive: true, force: true }));

  test('the contents of a collection name the page on which each case begins', async () => {
    const pages = pagesOf(at('showcase', 'brochure', 'year-2026.pdf'));
    const contents = pages.slice(1, 3).join('\n');
    for (const title of ['作业公示墙让书面作业减下来', '手机进箱、书本出箱']) {
      // A long entry takes two lines, its number stands on the last one.
      const number = Number(new RegExp(`${title}[^0-9]*(\\d+)`).exec(contents)?.[1]);
      expect(pages[number - 1]?.replaceAll(/\s/g, ''), title).toContain(title);
      expect(pages[number - 1], title).toMatch(new RegExp(`—\\s*${number}\\s*—`));
    }
  });

  test('it is linked on the first page, on its year and on the pages of its cases, and printed only when it has changed', async () => {
    for (const path of ['index.html', 'year/2026.html', 'case/CASE00000001.html'])
      expect(await readFile(at('showcase', path), 'utf8'), path).toContain('brochure/year-2026.pdf');
    const before = await readFile(at('showcase', 'brochure', 'year-2026.pdf'));
    // No font goes in whole: it is read on telephones too.
    expect(before.length).toBeLessThan(1_500_000);
    expect((await press({ do: 'update' })).result.written).toBe(0);
    expect(await readFile(at('showcase', 'brochure', 'year-2026.pdf'))).toEqual(before);
  });

  test('an article for 公众号 holds inline styles and nothing that the platform takes out', async () => {
    const { result } = await press({ do: 'wechat', choice: { kind: 'chosen', value: '', cases: ['CASE00000000'] } });
    const html = await readFile(at('files', (result.product as { file: string }).file), 'utf8');
    const body = html.slice(html.indexOf('<body'));
    expect(body).not.toMatch(/<(script|style|link|div|iframe)|\s(class|id|on\w+)=/);
    for (const [tag] of body.matchAll(/<(section|p|img)\b[^>]*>/g)) expect(tag).toContain('style="');
  });

  test('a brief says who made it, when, which number, and what the schools did', async () => {
    const { result } = await press({
      do: 'brief',
      choice: { kind: 'chosen', value: '', cases: ['CASE00000000'] },
      issue: '3',
      note: '请各校借鉴。',
      to: '',
    });
    const words = pagesOf(at('files', (result.product as { file: string }).file))
      .join('')
      .replaceAll(/\s/g, '');
    for (const part of ['课后服务工作简报', '2026年第3期', '2026年11月24日', '编者按:请各校借鉴。', '主要做法:健全机制,分清责任;课程分层,各有去处。'])
      expect(words).toContain(part.replaceAll(':', '\uff1a').replaceAll(',', '\uff0c').replaceAll(';', '\uff1b'));
  });

  test('a collection without a case is not printed', async () => {
    await expect(press({ do: 'brochure', choice: { kind: 'year', value: '2019' } })).rejects.toThrow('没有已发布的案例');
  });
});

test('files that were not made here stay when a case is withdrawn', async () => {
  home = await mkdtemp(join(tmpdir(), 'kehou-cases-'));
  store = fakeStore(sampleRows(2), settings);
  await press({ do: 'wechat', choice: { kind: 'chosen', value: '', cases: ['CASE00000000'] } });
  await writeFile(at('files', '我的稿子.docx'), 'mine');
  await press({ do: 'withdraw', cases: ['CASE00000001'], reason: '' });
  expect((await readdir(at('files'))).sort()).toEqual(expect.arrayContaining(['list.json', '我的稿子.docx']));
  expect(await readdir(at('files'))).toHaveLength(3);
  await rm(home, { recursive: true, force: true });
});
