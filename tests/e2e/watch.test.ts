import { existsSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Config } from '../../scripts/config.ts';
import { readSecrets } from '../../scripts/directus/secrets.ts';
import { openStore, type Store } from '../../scripts/directus/store.ts';
import { type Handler, handlers } from '../../scripts/jobs/handlers.ts';
import { runStart } from '../../scripts/start.ts';
import { type Clerk, clerkAt, filledWorkbook, workbookPath } from '../helpers/clerk.ts';
import { testWorkspace } from '../helpers/directus.ts';
import { startWebdav, type WebdavServer } from '../helpers/webdav.ts';
import { firstSchool, sampleCounty, secondSchool } from './stories.ts';

const roster = '学生报名';
const patiently = { timeout: 110_000, interval: 100 };
const phone = (index: number): string => `1390000${String(index).padStart(4, '0')}`;

let config: Config;
let store: Store;
let server: WebdavServer;
let path: string;
let clerk: Clerk;
let stop: (word: 'stop') => void = () => undefined;
let running: Promise<void>;
const said: string[] = [];
const syncs = vi.spyOn(handlers as Record<string, Handler>, 'sync');

/** `npm start` in this process, in a workspace of its own whose county is known. */
beforeAll(async () => {
  server = await startWebdav();
  config = { ...(await testWorkspace('sqlite')), webdav: server.account };
  await mkdir(config.sheetsDir, { recursive: true });
  const stopped = new Promise<'stop'>((resolve) => {
    stop = resolve;
  });
  running = runStart(config, (line) => said.push(line), stopped);
  await vi.waitUntil(() => said.some((line) => line.includes('已启动')), patiently);
  store = openStore(`http://127.0.0.1:${config.port}`, readSecrets(config.secretsFile)?.serviceToken ?? null);
  const { settings, terms, schools, providers } = sampleCounty.bureau;
  await store.updateSettings(settings);
  await store.createRows('schools', schools as never);
  await store.createRows('providers', providers as never);
  await store.createRows('terms', terms as never);
  path = workbookPath(config, firstSchool);
  clerk = clerkAt(path);
});
afterAll(async () => {
  stop('stop');
  await running;
  await server?.stop();
  rmSync(config.home, { recursive: true, force: true });
});

const standing = async () => (await store.readRows('jobs', { filter: { schedule: { _eq: 'sync' } } }))[0];
const atRest = () => vi.waitUntil(async () => (await standing())?.state === '定时', patiently);
const stored = async (who: string): Promise<boolean> => (await store.readRows('students', { filter: { guardian_phone: { _eq: who } } })).length > 0;
const answeredIn = async (file: string): Promise<boolean> => (await clerkAt(file).see(roster, 2, '同步状态')) === '已收';

/** Milliseconds until `done`, for the report; a test holds that it happens, not how fast. */
const measured = async (what: string, done: () => Promise<boolean>): Promise<void> => {
  const began = performance.now();
  await expect.poll(done, patiently).toBe(true);
  process.stderr.write(`${what}: ${Math.round(performance.now() - began)} ms\n`);
};

/** The schedule syncs every five minutes too: a test that counts syncs does not begin just before. */
const awayFromSchedule = async (): Promise<void> => {
  const period = 300_000;
  const left = period - (Date.now() % period);
  if (left < 40_000) await pause(left + 2000);
};

/** Waits until nothing is under way any more: our own answers may be looked at once. */
const quiet = async (): Promise<void> => {
  await awayFromSchedule();
  for (let before = -1; before !== syncs.mock.calls.length; ) {
    before = syncs.mock.calls.length;
    await pause(3000);
    await atRest();
  }
};

test('a workbook put into the folder is taken, and its answer is in the file', async () => {
  await writeFile(path, await filledWorkbook(sampleCounty, firstSchool));
  await measured('saved to answered, a whole workbook', () => answeredIn(path));
  expect((await store.readRows('students')).length).toBeGreaterThan(20);
});

test('a changed cell is in Directus and answered while the clerk still looks at the screen', async () => {
  await quiet();
  await clerk.type(roster, 2, '监护人电话', phone(1));
  await measured('saved to stored, one cell', () => stored(phone(1)));
  await expect.poll(() => answeredIn(path), patiently).toBe(true);
});

test('our own answer is looked at at most once more, and then there is rest', async () => {
  await quiet();
  const before = syncs.mock.calls.length;
  await clerk.type(roster, 2, '监护人电话', phone(2));
  await expect.poll(() => stored(phone(2)), patiently).toBe(true);
  await quiet();
  expect(syncs.mock.calls.length - before).toBeLessThanOrEqual(2);
});

test('ten saves in a burst make at most two syncs, and the last one counts', async () => {
  await quiet();
  const before = syncs.mock.calls.length;
  const workbook = await readFile(path);
  for (let save = 0; save < 9; save += 1) {
    await writeFile(path, workbook);
    await pause(20);
  }
  await clerk.type(roster, 2, '监护人电话', phone(3));
  await measured('ten saves to stored', () => stored(phone(3)));
  await quiet();
  expect(syncs.mock.calls.length - before).toBeLessThanOrEqual(2);
});

test('while the workbook is open nothing happens; when it is closed, the sync runs', async () => {
  await quiet();
  const before = syncs.mock.calls.length;
  const lock = join(dirname(path), `~$${path.slice(dirname(path).length + 1)}`);
  await writeFile(lock, 'x');
  await clerk.type(roster, 2, '监护人电话', phone(4));
  await pause(4000);
  expect(syncs.mock.calls.length).toBe(before);
  expect(await stored(phone(4))).toBe(false);
  rmSync(lock);
  await measured('closed to stored', () => stored(phone(4)));
});

test('a long job that runs does not keep the school waiting', async () => {
  await quiet();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const print = vi.spyOn(handlers as Record<string, Handler>, 'digest').mockImplementation(async () => {
    await held;
    return { result: null, message: '印完了' };
  });
  try {
    await store.createRows('jobs', [{ kind: 'digest', state: '排队' }]);
    await expect.poll(() => print.mock.calls.length, patiently).toBe(1);
    await clerk.type(roster, 2, '监护人电话', phone(5));
    await measured('saved to stored, beside a long job', () => stored(phone(5)));
  } finally {
    release();
    print.mockRestore();
  }
});

test('a workbook on WebDAV is noticed too', async () => {
  await quiet();
  const file = join(server.folder, '第二所.xlsx');
  await writeFile(file, await filledWorkbook(sampleCounty, secondSchool));
  await measured('put on WebDAV to answered', () => answeredIn(file));
  const [source] = await store.readRows('sources', { filter: { school: { _eq: secondSchool.code } } });
  expect(source).toMatchObject({ kind: '网盘', place: '网盘:第二所.xlsx' });
});

test('the end ends everything: nothing is watched or written any more', async () => {
  await quiet();
  stop('stop');
  await running;
  const before = syncs.mock.calls.length;
  await clerk.type(roster, 2, '监护人电话', phone(6));
  const calls = server.requests.length;
  await pause(2500);
  expect(syncs.mock.calls.length).toBe(before);
  expect(server.requests.length).toBe(calls);
  expect(await clerk.see(roster, 2, '监护人电话')).toBe(phone(6));
  expect(existsSync(join(config.home, 'directus.json'))).toBe(false);
});
