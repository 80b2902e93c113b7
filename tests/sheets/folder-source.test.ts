/** The folder when it does not do as it should: a share that is gone, no rights, a full disk, files that vanish under the hand. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TabAnswer } from '../../schema/ingest.ts';
import { folderSource } from '../../scripts/sheets/folder-source.ts';
import { temporaryName } from '../../scripts/sheets/replace-file.ts';
import type { Known, KnownPlaces, Listing } from '../../scripts/sheets/source.ts';
import { createWorkbook } from '../../scripts/sheets/workbook-create.ts';

let home: string;
let folder: string;
let workbook: Buffer;
const [one, two] = ['2141990001_一小.xlsx', '2141990002_二小.xlsx'];

const known = (...places: string[]): KnownPlaces =>
  new Map(
    places.map((place, at): [string, Known] => [
      place,
      { id: String(at), kind: '工作簿', place, school: null, term: null, file_hash: 'x', cursor: null },
    ]),
  );
const list = (places: KnownPlaces = new Map()) => folderSource(folder).list(places);
const listing = async (place: string): Promise<Listing> => (await list()).find((each) => each.place === place) as Listing;
const said = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => '',
    (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
  );

/** One wrong row, so that there is something to write. */
const answer: TabAnswer = {
  tab: '学生报名',
  table: 'students',
  rows: [{ row: 2, id: 'BCDFGHJKLMNP', status: '已收', outward: {} }],
  problems: [],
  counts: { read: 1, taken: 1, unchanged: 0, refused: 0, ignored: 0, conflicts: 0, archived: 0 },
};
const opened = async (place = one) => {
  const sheet = await folderSource(folder).open(await listing(place));
  await sheet.read({});
  return sheet;
};

/** Rights bind everybody but root: where the tests run as root, they step down for a moment. */
const asSomebody = async <T>(work: () => Promise<T>): Promise<T> => {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kehou-folder-'));
  workbook = await createWorkbook({
    school: { code: '2141990001', name: '一小' },
    term: { id: '2026-1', name: '2026—2027学年上学期' },
    office: { bureau: '示例县教育局' },
    rows: { students: [{ id: 'BCDFGHJKLMNP', name: '张三', grade: 3, class_no: '1', guardian_phone: '13800000001' }] },
  } as never);
});
afterAll(() => rm(home, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(home, '填报表-'));
  await writeFile(join(folder, one), workbook);
  await writeFile(join(folder, two), workbook);
});

describe('a share that is gone', () => {
  test('its mount point is empty: that is said once for the whole place, and no school is told that its workbook is gone', async () => {
    for (const name of await readdir(folder)) await rm(join(folder, name));
    expect(await said(list(known(one, two)))).toMatch(
      /SheetFault: 填报表文件夹 .* 里一份填报表也没有了\(原来有 2 份\):共享盘多半没有挂上.*已收的数据都还在/,
    );
  });

  test('its mount point is not even there', async () => {
    await rename(folder, `${folder}-away`);
    expect(await said(list(known(one)))).toMatch(/SheetFault: 填报表文件夹 .* 不在:共享盘可能没有挂上/);
  });

  test('before the first workbook there need not be a folder, and the only workbook may be taken away', async () => {
    await rm(folder, { recursive: true });
    expect(await list()).toEqual([]);
    await mkdir(folder);
    expect(await list(known(one))).toEqual([]);
  });

  test('a file that vanishes between the look and the opening is one sentence', async () => {
    const gone = await listing(one);
    await rm(join(folder, one));
    expect(await said(folderSource(folder).open(gone))).toBe('SheetFault: 文件刚被移走或改名,下次同步再看');
  });
});

describe('a lock file beside a workbook', () => {
  test.each([`~$${one}`, `.~lock.${one}#`])(
    '%s says that it is open; after a day it was left behind, and the bureau is told which file to delete',
    async (name) => {
      const lock = join(folder, name);
      await writeFile(lock, 'x');
      expect((await listing(one)).fault).toEqual({ state: '占用中', message: '文件正被打开,关闭后再同步' });
      const yesterday = new Date(Date.now() - 25 * 3600_000);
      await utimes(lock, yesterday, yesterday);
      expect((await listing(one)).fault).toEqual({ state: '读不了', message: expect.stringContaining(`旁边有「${name}」`) });
      expect((await listing(two)).fault).toBeUndefined();
      await rm(lock);
      expect((await listing(one)).fault).toBeUndefined();
    },
  );
});

describe('rights', () => {
  test('a file that may not be read is one sentence, and the others are read', async () => {
    await writeFile(join(folder, one), workbook, { mode: 0o644 });
    const each = await listing(one);
    const { chmod } = await import('node:fs/promises');
    await chmod(home, 0o755);
    await chmod(folder, 0o755);
    await chmod(join(folder, one), 0o000);
    expect(await asSomebody(() => said(folderSource(folder).open(each)))).toMatch(/SheetFault: 没有读这个文件的权限:请让管理员/);
    expect(await asSomebody(() => said(folderSource(folder).open({ ...each, place: two })))).toBe('');
  });

  test('a folder that may only be read: the answers are not written, and that is said; the file is whole', async () => {
    const sheet = await opened();
    const { chmod } = await import('node:fs/promises');
    await chmod(home, 0o755);
    await chmod(folder, 0o555);
    const written = await asSomebody(() => sheet.answer({ tabs: [answer] }));
    expect(written).toMatchObject({ fate: 'unreadable', message: expect.stringMatching(/没有写这个文件夹的权限/) });
    expect(await readFile(join(folder, one))).toEqual(workbook);
    await chmod(folder, 0o755);
  });

  test('a folder below that may not be looked into is named, and the rest is listed', async () => {
    const { chmod } = await import('node:fs/promises');
    await mkdir(join(folder, '城关镇'));
    await chmod(home, 0o755);
    await chmod(folder, 0o755);
    await chmod(join(folder, '城关镇'), 0o000);
    const all = await asSomebody(() => list());
    await chmod(join(folder, '城关镇'), 0o755);
    expect(all.map(({ place, fault }) => [place, fault?.message ?? ''])).toEqual([
      ['城关镇/', expect.stringMatching(/没有看这个子文件夹的权限/)],
      [one, ''],
      [two, ''],
    ]);
  });

  test('the folder itself may not be read', async () => {
    const { chmod } = await import('node:fs/promises');
    await chmod(home, 0o755);
    await chmod(folder, 0o000);
    const words = await asSomebody(() => said(list()));
    await chmod(folder, 0o755);
    expect(words).toMatch(/SheetFault: 没有读取填报表文件夹 .* 的权限/);
  });
});

test('the disk is full: the answers are not written, that is said, and the workbook is whole', async () => {
  const sheet = await opened();
  // Whatever is written there meets a full disk.
  await symlink('/dev/full', temporaryName(join(folder, one)));
  expect(await sheet.answer({ tabs: [answer] })).toMatchObject({ fate: 'unreadable', message: expect.stringMatching(/磁盘满了.*腾出空间/) });
  expect(await readFile(join(folder, one))).toEqual(workbook);
  expect((await sheet.answer({ tabs: [answer] })).fate).toBe('answered');
});

describe('a sheet of which nothing is taken', () => {
  const refusal = '系统没有认出这张表里是哪一种台账,一行也没有收。请改用系统发的填报表填写';

  test('gets a companion that says so; the sheet keeps its bytes, and the same words are not written twice', async () => {
    await writeFile(join(folder, '自己的表.csv'), '甲,乙\n1,2\n');
    const sheet = await opened('自己的表.csv');
    expect(await sheet.answer({ tabs: [], refusal })).toMatchObject({ fate: 'answered' });
    const companion = await readFile(join(folder, '自己的表-反馈.xlsx'));
    expect(await sheet.answer({ tabs: [], refusal })).toMatchObject({ fate: 'unchanged' });
    expect(await readFile(join(folder, '自己的表-反馈.xlsx'))).toEqual(companion);
    expect(await readFile(join(folder, '自己的表.csv'), 'utf8')).toBe('甲,乙\n1,2\n');
  });

  test('once our own workbook is taken after all, its companion no longer says that it is not', async () => {
    const sheet = await opened();
    await sheet.answer({ tabs: [], refusal });
    expect(await readFile(join(folder, one))).toEqual(workbook);
    const before = await readFile(join(folder, one.replace('.xlsx', '-反馈.xlsx')));
    expect((await sheet.answer({ tabs: [answer] })).fate).toBe('answered');
    expect(await readFile(join(folder, one.replace('.xlsx', '-反馈.xlsx')))).not.toEqual(before);
  });
});
