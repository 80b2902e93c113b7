/** Directus dies while letters are put into it, or taken out of it: the run says so and ends, and the next one leaves every file there once, and whole, and nothing else. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config } from '../../../scripts/config.ts';
import { chanceOf } from '../../../scripts/county/random.ts';
import { readSecrets, type Secrets } from '../../../scripts/directus/secrets.ts';
import { type RunningDirectus, startDirectus } from '../../../scripts/directus/server.ts';
import { openStore, type Store } from '../../../scripts/directus/store.ts';
import { sha256 } from '../../../scripts/notices/files.ts';
import { printNotices } from '../../../scripts/notices/print-run.ts';
import { testWorkspace } from '../../helpers/directus.ts';
import { manyStudents, school, storeSchool, term } from '../../notices/fixture.ts';
import { progress } from '../stories.ts';
import { pause, startCommand } from './start-command.ts';

const kind = '告家长书';
const pupils = manyStudents(40, 10);
const everything = pupils.length + 4;
/** While new files are put there, while files are replaced, and while files are removed. */
const deaths = { first: 6, later: 10, leaving: 5 };
const chance = chanceOf(20261127);

let config: Config;
let secrets: Secrets;
let directus: RunningDirectus;
/** Deaths that left a file in pieces. */
let found = 0;
const store = (): Store => openStore(directus.url, secrets.serviceToken);
const print = (upload: boolean) => printNotices({ store: store(), config, progress }, { kind, school: school.code, upload });

beforeAll(async () => {
  config = await testWorkspace();
  secrets = readSecrets(config.secretsFile) as Secrets;
  directus = await startDirectus(config);
  await storeSchool(store(), pupils);
}, 240_000);
afterAll(async () => {
  await directus?.stop();
  await rm(config.home, { recursive: true, force: true });
});

interface Row {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly filename_disk: string;
  readonly filesize: number;
}
const rows = (): Promise<Row[]> =>
  openStore(directus.url, secrets.adminToken).call<Row[]>('GET', '/files?limit=-1&fields=id,title,description,filename_disk,filesize');
const onDisk = (): string[] => (existsSync(config.folders.uploads) ? readdirSync(config.folders.uploads) : []);

/**
 * Kills Directus within so many milliseconds of the moment in which one of the files of an upload appears on the disk: its row is there by
 * then, and not all of its content. True where the run was still going on.
 */
const dieWhileUploading = async (ms: number): Promise<boolean> => {
  const seen = new Set(onDisk());
  const wait = Math.floor(chance.next() * 8);
  const { child, ended, words } = await startCommand(config, 'notices', ['--school', school.code, '--upload']);
  let over = false;
  ended.then(() => {
    over = true;
  });
  for (let count = 0; !over && count <= wait; ) {
    const fresh = onDisk().find((name) => !seen.has(name));
    if (fresh) {
      seen.add(fresh);
      count += 1;
    } else await new Promise((resolve) => setImmediate(resolve));
  }
  if (ms > 0) await pause(chance.next() * ms);
  const working = child.exitCode === null && !over;
  process.kill(directus.pid, 'SIGKILL');
  await Promise.all([ended, directus.ended]);
  if (working && child.exitCode !== 0) {
    expect(child.exitCode).toBe(2);
    expect(words.join('')).toContain('管理平台(Directus)中途连不上了:它停了,或网络断了。已写入的数据是完整的,恢复后再运行一次,会接着做完。');
  }
  expect(words.join('')).not.toMatch(/\n\s+at /);
  directus = await startDirectus(config);
  // A new file whose size nobody has noted, one that is being replaced, or what was to take its place: what the next run has to find.
  const torn =
    (await rows()).some(({ filesize, description }) => filesize === null || !description) || onDisk().some((name) => name.startsWith('temp_'));
  if (torn) found += 1;
  return working && child.exitCode !== 0;
};

/** After one more run every letter and every set of a class lies in Directus once, and whole. */
const expectWhole = async (): Promise<Row[]> => {
  const { folder, files, classFiles } = await print(true);
  const [there, disk] = [await rows(), onDisk()];
  expect(there).toHaveLength(everything);
  expect(there.map(({ title }) => join(folder, title)).sort()).toEqual([...files, ...classFiles].sort());
  // Nothing on the disk that no row speaks of, and no row without its file.
  expect(disk.sort()).toEqual(there.map(({ filename_disk }) => filename_disk).sort());
  for (const { title, description, filename_disk, filesize } of there) {
    const bytes = readFileSync(join(config.folders.uploads, filename_disk));
    expect({ title, sum: sha256(bytes), size: bytes.byteLength }).toEqual({ title, sum: description, size: Number(filesize) });
    expect(sha256(readFileSync(join(folder, title)))).toBe(description);
  }
  return there;
};

test(`Directus dies ${deaths.first + deaths.later} times in the middle of an upload; then every file lies there once, and whole`, async () => {
  let died = 0;
  // Printed beforehand, so that nearly all of a run is the upload.
  await print(false);
  for (let round = 0; round < deaths.first; round += 1) if (await dieWhileUploading(round % 2 ? 15 : 0)) died += 1;
  await expectWhole();
  expect(found).toBeGreaterThan(0);
  found = 0;
  for (let round = 0; round < deaths.later; round += 1) {
    for (const pupil of pupils.slice(round * 3, round * 3 + 12))
      await store().updateRow('students', pupil.id, { name: `改名${'甲乙丙丁戊己庚辛壬癸'[round]}` });
    await print(false);
    if (await dieWhileUploading(round % 2 ? 15 : 0)) died += 1;
  }
  // Most deaths must have met the upload, and some a file in pieces, or this test would show nothing.
  expect(died).toBeGreaterThan((deaths.first + deaths.later) / 2);
  expect(found).toBeGreaterThan(0);

  const there = await expectWhole();
  const copies = await store().readRows('notice_copies');
  const valid = copies.filter(({ state }) => state === '有效');
  expect(valid.map(({ student }) => student).sort()).toEqual(pupils.map(({ id }) => id).sort());
  expect(new Set(copies.map(({ code }) => code)).size).toBe(copies.length);
  // Once more changes nothing.
  await print(true);
  expect(await rows()).toEqual(there);
  expect(await store().findFolder(['通知', school.name, `${term.id} ${kind}`])).not.toBeNull();
}, 900_000);

test(`Directus dies ${deaths.leaving} times while it removes letters of children who have left; then nothing of them is left on its disk`, async () => {
  const leaving = pupils.slice(0, 14);
  const set = (status: '在册' | '已离校') =>
    store().updateRows(
      'students',
      leaving.map(({ id }) => id),
      { status },
    );
  let torn = 0;
  for (let round = 0; round < deaths.leaving; round += 1) {
    await set('在册');
    await print(true);
    const theirs = (await rows()).filter(({ title }) => leaving.some(({ id }) => title.includes(id))).map(({ filename_disk }) => filename_disk);
    expect(theirs).toHaveLength(leaving.length);
    await set('已离校');
    const { ended } = await startCommand(config, 'notices', ['--school', school.code, '--upload']);
    let over = false;
    ended.then(() => {
      over = true;
    });
    const allThere = () => {
      const disk = new Set(onDisk());
      return theirs.every((name) => disk.has(name));
    };
    while (!over && allThere()) await new Promise((resolve) => setImmediate(resolve));
    process.kill(directus.pid, 'SIGKILL');
    await Promise.all([ended, directus.ended]);
    directus = await startDirectus(config);
    const known = new Set((await rows()).map(({ filename_disk }) => filename_disk));
    if (onDisk().some((name) => theirs.includes(name) && !known.has(name))) torn += 1;
    await print(true);
    const [there, disk] = [await rows(), onDisk()];
    expect(disk.filter((name) => theirs.includes(name))).toEqual([]);
    expect(disk.sort()).toEqual(there.map(({ filename_disk }) => filename_disk).sort());
    expect(there).toHaveLength(pupils.length - leaving.length + 3);
  }
  // Some deaths must have left content without a row, or this test would show nothing.
  expect(torn).toBeGreaterThan(0);
}, 600_000);
