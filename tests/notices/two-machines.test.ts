/** Two clerks at two computers, each with folders of its own, and one Directus: no family gets two valid letters, and each folder is right. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { linkMark } from '../../schema/press.ts';
import { BusyError } from '../../scripts/notices/alone.ts';
import { deliverNotice } from '../../scripts/notices/deliver.ts';
import { isIntact, sha256 } from '../../scripts/notices/files.ts';
import { onePress } from '../../scripts/notices/one-press.ts';
import { type PrintDeps, type PrintOptions, printNotices } from '../../scripts/notices/print-run.ts';
import { collectReplies } from '../../scripts/notices/replies.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { deskFor, temporaryFolder } from './desk.ts';
import { facts, manyStudents, school, storeSchool, term } from './fixture.ts';

// A browser and a server on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const kind = '告家长书';
const wanted: PrintOptions = { kind, school: school.code };

describe.each(databaseKinds)('two machines and one Directus on %s', (database) => {
  const [left, right] = [temporaryFolder(), temporaryFolder()];
  const pupils = manyStudents(8, 4);
  let directus: TestDirectus;
  let a: PrintDeps;
  let b: PrintDeps;

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    await storeSchool(directus.store, pupils);
    a = { ...deskFor(directus.store, left.path), machine: 'a' };
    b = { ...deskFor(directus.store, right.path), machine: 'b' };
  });
  afterAll(async () => {
    await directus?.stop();
    left.remove();
    right.remove();
  });

  const valid = () => directus.store.readRows('notice_copies', { filter: { state: { _eq: '有效' } } });
  const codes = async () => (await valid()).map(({ student, code }) => `${student} ${code}`).sort();
  const folderOf = (deps: PrintDeps) => join(deps.config.folders.notices, `${school.code}_${school.name}`, `${term.id}_${kind}`);
  const manifestOf = (deps: PrintDeps) => JSON.parse(readFileSync(join(folderOf(deps), 'manifest.json'), 'utf8'));

  /** Its manifest lists exactly these letters under the valid codes, and its files are what it says. */
  const isRight = async (deps: PrintDeps, students: readonly string[]): Promise<void> => {
    const { copies, classes } = manifestOf(deps);
    const codeOf = new Map((await valid()).map((copy) => [copy.student, copy.code]));
    expect(copies.map(({ student }: { student: string }) => student).sort()).toEqual([...students].sort());
    for (const { student, code, file, sha256: hash } of copies) {
      expect(code).toBe(codeOf.get(student));
      const bytes = readFileSync(join(folderOf(deps), file));
      expect(sha256(bytes)).toBe(hash);
      expect(bytes.includes(linkMark(code))).toBe(true);
    }
    for (const { file, sha256: hash } of classes) expect(await isIntact(join(folderOf(deps), file), hash)).toBe(true);
  };
  /** One machine cannot see the disk of the other. */
  const print = async (deps: PrintDeps, options: Partial<PrintOptions> = {}) => {
    const other = deps === a ? right.path : left.path;
    renameSync(other, `${other}.away`);
    try {
      return await printNotices(deps, { ...wanted, ...options });
    } finally {
      renameSync(`${other}.away`, other);
    }
  };
  const everybody = pupils.map(({ id }) => id);

  test('at the same time one of them prints; the other is told who does, and has done nothing', async () => {
    const ended = await Promise.allSettled([printNotices(a, wanted), printNotices(b, wanted)]);
    const refused = ended.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
    expect(refused).toEqual([expect.any(BusyError)]);
    expect(refused[0].message).toMatch(new RegExp(`^正在由「.+」上的另一个进程.+印制或发送:${school.name.replace(/[()]/g, '\\$&')}的「告家长书」`));
    expect(await codes()).toHaveLength(8);
    expect(await directus.store.readRows('notice_copies')).toHaveLength(8);
    expect(await directus.store.readRows('notices')).toHaveLength(1);
  });

  test('whoever has not got the letters yet prints them again, under the codes that they have', async () => {
    const before = await codes();
    const rows = await directus.store.readRows('notices');
    const copies = await valid();
    const [first, second] = rows[0]?.machine === 'a' ? [a, b] : [b, a];
    expect(await print(second)).toMatchObject({ printed: 8, reused: 0, superseded: 0, failed: 0 });
    expect(await codes()).toEqual(before);
    // The record still speaks of the files of the first.
    expect(await directus.store.readRows('notices')).toEqual(rows);
    expect(await valid()).toEqual(copies);
    for (const deps of [first, second]) {
      expect(await print(deps)).toMatchObject({ printed: 0, reused: 8, superseded: 0 });
      await isRight(deps, everybody);
    }
  });

  test('the second upload puts nothing there that lies there already', async () => {
    expect(await print(a, { upload: true })).toMatchObject({ uploaded: 10 });
    const folder = (await directus.store.findFolder(['通知', school.name, `${term.id} ${kind}`])) as string;
    const letters = async () => (await directus.store.listFiles(folder)).filter(({ title }) => title?.includes('/'));
    const before = await letters();
    expect(before).toHaveLength(8);
    await print(b, { upload: true });
    await print(a, { upload: true });
    expect(await letters()).toEqual(before);
  });

  test('a letter that one of them has replaced is printed once more by the other, which replaces nothing', async () => {
    const pupil = pupils[2]?.id as string;
    await directus.store.updateRow('students', pupil, { name: '改名生' });
    expect(await print(b)).toMatchObject({ printed: 1, reused: 7, superseded: 1 });
    const before = await codes();
    // Until then its old letter, under the same file name, is nobody's.
    expect(await print(a, { grade: 1, classNo: '2' })).toMatchObject({ copies: 4, printed: 0, reused: 4 });
    await isRight(
      a,
      everybody.filter((id) => id !== pupil),
    );
    expect(await print(a)).toMatchObject({ printed: 1, reused: 7, superseded: 0 });
    expect(await codes()).toEqual(before);
    for (const deps of [a, b]) await isRight(deps, everybody);
    const all = (await directus.store.readRows('notice_copies')).filter(({ student }) => student === pupil);
    expect(all.map(({ state }) => state).sort()).toEqual(['已替换', '有效']);
  });

  test('a letter that one of them has withdrawn goes at the other and in Directus too', async () => {
    const pupil = pupils[5]?.id as string;
    const file = (await valid()).find(({ student }) => student === pupil)?.file as string;
    await directus.store.updateRow('students', pupil, { status: '已离校' });
    expect(existsSync(join(folderOf(a), file))).toBe(true);
    expect(await print(b)).toMatchObject({ copies: 7, withdrawn: 1, printed: 0 });
    const folder = (await directus.store.findFolder(['通知', school.name, `${term.id} ${kind}`])) as string;
    expect((await directus.store.listFiles(folder)).map(({ title }) => title)).not.toContain(file);
    expect(await print(a)).toMatchObject({ copies: 7, withdrawn: 0, printed: 0 });
    for (const deps of [a, b]) {
      expect(existsSync(join(folderOf(deps), file))).toBe(false);
      await isRight(
        deps,
        everybody.filter((id) => id !== pupil),
      );
    }
  });

  test('what is collected and sent out lies on the machine that does it', async () => {
    const there = await directus.store.readRows('notices');
    const other = there[0]?.machine === 'a' ? b : a;
    await directus.store.updateRow('notices', there[0]?.id as string, { folder: join(left.path, 'nowhere') });
    const replies = await collectReplies(other, wanted);
    expect(replies.file.startsWith(other.config.folders.notices)).toBe(true);
    const { linkLists } = await deliverNotice(other, wanted, null);
    for (const list of linkLists) expect(list.startsWith(other.config.folders.notices)).toBe(true);
  });

  test('a machine that is gone keeps the others out for as long as it may still live, and no longer', async () => {
    const place = { beat: 50, silence: 600, machine: 'gone' };
    const gone = { id: 'gone', host: '二楼电脑', machine: 'gone', pid: 1, since: '2026/9/1 09:00:00' };
    await directus.store.call('POST', '/kehou-press/hold', { place: `${school.code} ${term.id} 自愿申请表`, own: gone, instead: null, silence: 600 });
    const work = async () => 'done';
    const try_ = () => onePress(directus.store, facts, '自愿申请表', work, { ...place, machine: 'here' });
    await expect(try_()).rejects.toThrow('二楼电脑');
    await vi.waitFor(async () => expect(await try_()).toBe('done'), { timeout: 20_000, interval: 200 });
    // Given back by whoever had it last.
    expect(await try_()).toBe('done');
  });

  test('nobody without the right to print can take or read a place', async () => {
    const answer = await fetch(`${directus.url}/kehou-press/hold`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBe(403);
  });
});
