import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type PrintResult, printNotices } from '../../scripts/notices/print-run.ts';
import { environmentOf } from '../e2e/faults/start-command.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { chromium } from './desk.ts';
import { manyStudents, school, storeSchool } from './fixture.ts';

// A browser and a server on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const pupils = manyStudents(6, 3);
const quiet = { bar: () => ({ step() {}, total() {}, end() {} }), note() {} };

describe.each(databaseKinds)('letters and their public page on %s', (database) => {
  let directus: TestDirectus;
  let first: PrintResult;
  const run = () =>
    printNotices(
      {
        store: directus.store,
        config: { ...directus.config, chromium, publicUrl: directus.url },
        progress: quiet,
        now: () => new Date('2026-09-01T02:00:00Z'),
      },
      { kind: '告家长书', school: school.code },
    );
  const copyOf = async (studentId: string, state: string) => {
    const [copy] = await directus.store.readRows('notice_copies', {
      filter: {
        _and: [{ student: { _eq: studentId } }, { state: { _eq: state } }],
      },
    });
    return copy as {
      id: string;
      code: string;
      short_code: string;
      notice: string;
    };
  };
  const ask = async (path: string) => {
    const response = await fetch(`${directus.url}${path}`);
    return {
      status: response.status,
      html: await response.text(),
      headers: response.headers,
    };
  };

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    const { store } = directus;
    await storeSchool(store, pupils);
    first = await run();
  });
  afterAll(() => directus?.stop());

  test('a run prints and records every letter, and the next one nothing', async () => {
    expect(first).toMatchObject({
      copies: 6,
      printed: 6,
      failed: 0,
      missing: [],
    });
    expect(await run()).toMatchObject({
      copies: 6,
      printed: 0,
      reused: 6,
      superseded: 0,
    });
    expect(await directus.store.readRows('notice_copies')).toHaveLength(6);
    expect(await directus.store.readRows('notices')).toMatchObject([{ kind: '告家长书', state: '已印', copies: 6, dated: '2026-09-01' }]);
  });

  test('the code of a valid letter says valid, with school and date, and names nobody', async () => {
    const copy = await copyOf(pupils[0]?.id as string, '有效');
    for (const path of [`/notice/${copy.code}`, `/notice?code=${copy.short_code.toLowerCase()}`]) {
      const { status, html, headers } = await ask(path);
      expect(status).toBe(200);
      expect(html).toContain('本通知有效');
      expect(html).toContain(school.name);
      expect(html).toContain('2026年9月1日');
      for (const pupil of pupils) for (const secret of [pupil.name, pupil.id, pupil.guardian_phone as string]) expect(html).not.toContain(secret);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  test('the code of a letter that was replaced says so, the new one is valid', async () => {
    const pupil = pupils[1]?.id as string;
    const old = await copyOf(pupil, '有效');
    await directus.store.updateRow('students', pupil, { name: '改名生' });
    expect(await run()).toMatchObject({
      printed: 1,
      reused: 5,
      superseded: 1,
    });
    expect((await ask(`/notice/${old.code}`)).html).toContain('本通知已被新的一份替换');
    expect((await ask(`/notice/${(await copyOf(pupil, '有效')).code}`)).html).toContain('本通知有效');
  });

  test('an unknown code gets a page in plain words', async () => {
    for (const path of ['/notice/aaaaaaaaaaaaaaaaaaaaaaaaaa', '/notice/%3Cscript%3E', '/notice?code=ABCDEFGH']) {
      const { status, html } = await ask(path);
      expect(status).toBe(404);
      expect(html).toContain('没有查到这份通知');
      expect(html).not.toContain('<script');
    }
    expect((await ask('/notice')).html).toContain('查验码');
  });

  test('a withdrawn notice takes all its letters with it, and a new run starts a new notice', async () => {
    const copy = await copyOf(pupils[2]?.id as string, '有效');
    await directus.store.updateRow('notices', copy.notice, {
      state: '已撤回',
    });
    expect((await ask(`/notice/${copy.code}`)).html).toContain('本通知已撤回');
    expect(await run()).toMatchObject({ printed: 6, reused: 0 });
    expect((await ask(`/notice/${copy.code}`)).html).toContain('本通知已撤回');
  });

  test('whoever asks too often has to wait', async () => {
    let status = 0;
    for (let guess = 0; guess < 20 && status !== 429; guess += 1) ({ status } = await ask(`/notice/${String(guess).padStart(8, 'A')}`));
    expect(status).toBe(429);
  });

  test('the command answers with the account of the print, in one JSON document', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, '../e2e/faults/command-process.ts'),
        ...['notices', '--kind', '自愿申请表', '--school', school.code],
        ...['--out', join(directus.config.home, 'forms'), '--json'],
      ],
      { env: { ...process.env, ...environmentOf(directus.config) } },
    );
    const answer = JSON.parse(stdout);
    expect(Object.keys(answer).slice(0, 9)).toEqual(['copies', 'pages', 'printed', 'reused', 'superseded', 'failed', 'files', 'manifest', 'ms']);
    expect(answer).toMatchObject({ copies: 6, pages: 6, printed: 6, reused: 0, superseded: 0, failed: 0, ms: expect.any(Number) });
    expect(answer.files).toHaveLength(6);
    expect(JSON.parse(readFileSync(answer.manifest, 'utf8')).copies).toHaveLength(6);
  });

  test('files of this workspace lie in its own folder', () => {
    expect(first.folder.startsWith(join(directus.config.home, 'notices'))).toBe(true);
  });
});
