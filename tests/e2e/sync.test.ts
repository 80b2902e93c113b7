import { cp, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as XLSX from '@e965/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyncOptions } from '../../scripts/intake/desk.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { temporaryName } from '../../scripts/sheets/replace-file.ts';
import { workbookName } from '../../scripts/sheets/workbook-place.ts';
import { type Clerk, clerkAt, filledWorkbook, folderPlace, workbookPath } from '../helpers/clerk.ts';
import { databaseKinds, type TestDirectus } from '../helpers/directus.ts';
import { runReal } from '../helpers/real-command.ts';
import { sampleCounty as county, firstSchool as first, progress, secondSchool as second, startWithCounty, tellStories } from './stories.ts';

for (const database of databaseKinds) {
  tellStories(database, "a county's workbooks in a folder", async ({ config }, drawn) => ({
    place: folderPlace(config, drawn),
    close: async () => undefined,
  }));
}

const roster = '学生报名';

describe.each(databaseKinds)('files in the folder on %s', (database) => {
  let directus: TestDirectus;
  let path: string;
  let clerk: Clerk;
  const sync = (options: SyncOptions = {}) => syncSheets(directus.config, directus.store, progress, options);
  const fate = async (place: string) => (await sync()).files.find((file) => file.place === place);
  const inFolder = (name: string) => join(directus.config.sheetsDir, name);
  const wordsIn = async (file: string) =>
    Object.values(XLSX.read(await readFile(file)).Sheets)
      .map((sheet) => XLSX.utils.sheet_to_csv(sheet))
      .join('\n');

  beforeAll(async () => {
    directus = await startWithCounty(database);
    path = workbookPath(directus.config, first);
    const place = folderPlace(directus.config, county);
    clerk = await place.handOut(first);
    await place.handOut(second);
    await sync();
  });
  afterAll(() => directus?.stop());

  test('a workbook that was only touched is read and found the same, and left closed the next time', async () => {
    await utimes(path, new Date(), new Date());
    const before = await readFile(path);
    expect(await fate(workbookName(first))).toMatchObject({ state: '未变', answers: 'none' });
    expect(await readFile(path)).toEqual(before);
    expect(await sync()).toMatchObject({ opened: 0, read: 0 });
  });

  test('the same workbook arrives under another name: it is left alone as a copy, and every row of it is accounted for', async () => {
    const copy = `副本 ${workbookName(first)}`;
    await cp(path, inFolder(copy));
    await clerkAt(inFolder(copy)).type(roster, 2, '监护人电话', '13800001212');
    const rows = (await directus.store.readRows('students')).map((one) => one.guardian_phone);
    const left = await fate(copy);
    expect(left).toMatchObject({ state: '未收', school: first.code });
    expect(left?.message).toContain(workbookName(first));
    // Whoever filled it in finds beside it why it was not taken.
    expect(left?.answers).toBe('answered');
    expect(await wordsIn(inFolder(copy.replace('.xlsx', '-反馈.xlsx')))).toContain(workbookName(first));
    expect(left?.counts.read).toBeGreaterThan(30);
    expect(left?.counts.ignored).toBe(left?.counts.read);
    expect((await directus.store.readRows('students')).map((one) => one.guardian_phone)).toEqual(rows);
    const [source] = await directus.store.readRows('sources', { filter: { place: { _eq: copy } } });
    expect(source).toMatchObject({ state: '未收', message: left?.message });
    await rm(inFolder(copy));
    expect(await fate(copy)).toMatchObject({ state: '不见了' });
  });

  test('a renamed workbook goes on as the one that it was', async () => {
    const before = await directus.store.readRows('sources', { filter: { place: { _eq: workbookName(first) } } });
    const renamed = '三年级组 交 课后服务表.xlsx';
    await rename(path, inFolder(renamed));
    await clerkAt(inFolder(renamed)).type(roster, 2, '监护人电话', '13800003434');
    expect(await fate(renamed)).toMatchObject({ state: '已同步', school: first.code, counts: { taken: 1, archived: 0 } });
    const [after] = await directus.store.readRows('sources', { filter: { place: { _eq: renamed } } });
    expect(after?.id).toBe(before[0]?.id);
    await rename(inFolder(renamed), path);
    expect(await fate(workbookName(first))).toMatchObject({ school: first.code });
  });

  test("last term's workbook is sent again: nothing of it is taken, and the school is told which one counts", async () => {
    const before = await readFile(path);
    const students = await directus.store.readRows('students');
    await writeFile(path, await filledWorkbook(county, first, { id: '2025-2', name: '2025—2026学年下学期' }));
    const left = await fate(workbookName(first));
    expect(left).toMatchObject({ state: '未收' });
    expect(left?.message).toContain('2025-2');
    expect(left?.counts.ignored).toBe(left?.counts.read);
    expect(await directus.store.readRows('students')).toEqual(students);
    await writeFile(path, before);
    expect(await fate(workbookName(first))).toMatchObject({ state: '已同步', counts: { taken: 0, archived: 0 } });
  });

  test('a workbook that is gone is said once; its rows stay, and it is taken up again when it comes back', async () => {
    const students = await directus.store.readRows('students');
    const away = join(directus.config.home, 'away.xlsx');
    await rename(path, away);
    expect(await fate(workbookName(first))).toMatchObject({ state: '不见了' });
    expect(await fate(workbookName(first))).toBeUndefined();
    expect(await directus.store.readRows('students')).toEqual(students);
    await rename(away, path);
    expect(await fate(workbookName(first))).toMatchObject({ state: '已同步', counts: { taken: 0, archived: 0 } });
  });

  test('the power fails between the write and the rename: the half-written file is passed over, and the answers come again', async () => {
    await clerk.type(roster, 4, '监护人电话', '1380000');
    const half = temporaryName(path);
    await writeFile(half, (await readFile(path)).subarray(0, 2000));
    expect(await sync()).toMatchObject({ sources: 2, refused: 1, answersWritten: 1 });
    expect(await clerk.see(roster, 4, '同步状态')).toBe('有误');
    await expect(stat(half)).rejects.toMatchObject({ code: 'ENOENT' });
    await clerk.type(roster, 4, '监护人电话', '13800004545');
    expect(await sync()).toMatchObject({ refused: 0, taken: 1 });
  });

  test('while somebody has the workbook open it is left alone, and taken afterwards', async () => {
    await clerk.type(roster, 6, '监护人电话', '13800006666');
    const lock = join(directus.config.sheetsDir, `~$${workbookName(first)}`);
    await writeFile(lock, '');
    const before = await readFile(path);
    expect((await sync()).files.find((file) => file.school === first.code)?.state).toBe('占用中');
    expect(await readFile(path)).toEqual(before);
    await rename(lock, `${lock}.gone`);
    expect(await sync()).toMatchObject({ taken: 1 });
  });

  test("a school's own layout is taken too, and answered in a companion; the file itself keeps its bytes", async () => {
    const own = join(directus.config.sheetsDir, `${second.code}_自有花名册.csv`);
    await cp(join(import.meta.dirname, '../fixtures/legacy/A5_南关小学_报名统计.csv'), own);
    const before = await readFile(own);
    const summary = await sync();
    const file = summary.files.find((one) => one.place.endsWith('自有花名册.csv'));
    expect(file).toMatchObject({ school: second.code, state: '已同步', answers: 'answered' });
    expect(file?.counts.taken).toBeGreaterThan(30);
    expect(await readFile(own)).toEqual(before);
    expect(XLSX.read(await readFile(own.replace('.csv', '-反馈.xlsx'))).SheetNames.length).toBeGreaterThan(0);
  });

  test('the class of 三(1)班 in one cell, or in the title alone, is stored with its grade', async () => {
    const own = inFolder(`${second.code}_三2班.csv`);
    await writeFile(own, '三（2）班课后服务报名表,,,\n姓名,星期,家长,电话\n新甲,1-5,新大,13800001111\n新乙,周一、三,新二,13800001112\n');
    await writeFile(inFolder(`${second.code}_四年级.csv`), '姓名,班级,星期,家长,电话\n新丙,四(1)班,1-5,新三,13800001113\n');
    const summary = await sync();
    const file = (end: string) => summary.files.find((one) => one.place.endsWith(end));
    expect(file('三2班.csv')).toMatchObject({ counts: { taken: 2, refused: 0 }, problems: 0 });
    expect(file('四年级.csv')).toMatchObject({ counts: { taken: 1, refused: 0 }, problems: 0 });
    const stored = await directus.store.readRows('students', { filter: { name: { _starts_with: '新' }, school: { _eq: second.code } } });
    expect(stored.map(({ name, grade, class_no }) => [name, grade, class_no]).sort()).toEqual([
      ['新丙', 4, '1'],
      ['新乙', 3, '2'],
      ['新甲', 3, '2'],
    ]);
  });

  test('a sheet of which nothing is understood: the bureau is asked, and the school finds beside it what to do', async () => {
    const own = inFolder(`${second.code}_器材清单.csv`);
    await writeFile(own, '器材,数量,存放处\n足球,12,器材室\n跳绳,30,器材室\n');
    expect(await fate(`${second.code}_器材清单.csv`)).toMatchObject({ state: '读不了', school: second.code, answers: 'answered' });
    expect(await wordsIn(own.replace('.csv', '-反馈.xlsx'))).toMatch(/没有认出这张表.*请改用系统发的填报表/);
    expect((await sync()).files.find((one) => one.place.includes('器材'))).toMatchObject({ state: '未变' });
  });

  test('the shared disk is not mounted: no school is told that its workbook is gone, nobody is archived, and it goes on afterwards', async () => {
    const [students, sources] = [await directus.store.readRows('students'), await directus.store.readRows('sources')];
    const away = `${directus.config.sheetsDir}-away`;
    await rename(directus.config.sheetsDir, away);
    await mkdir(directus.config.sheetsDir);
    const summary = await sync();
    expect(summary).toMatchObject({ files: [], archived: 0, unreached: [{ message: expect.stringMatching(/多半没有挂上/) }] });
    expect(await directus.store.readRows('sources')).toEqual(sources);
    expect(await directus.store.readRows('students')).toEqual(students);
    await rm(directus.config.sheetsDir, { recursive: true });
    await rename(away, directus.config.sheetsDir);
    expect(await sync()).toMatchObject({ taken: 0, archived: 0, unreached: [] });
  });

  test('a file of an unknown school waits for the bureau, and is taken once a school is chosen', async () => {
    await cp(join(import.meta.dirname, '../fixtures/legacy/A7_滨河小学_收费台账.xlsx'), join(directus.config.sheetsDir, '收费台账.xlsx'));
    const fate = async () => (await sync()).files.find((file) => file.place === '收费台账.xlsx');
    const waits = await fate();
    expect(waits?.state).toBe('不知是哪所学校');
    expect(waits?.counts.read).toBeGreaterThan(0);
    expect(waits?.counts.ignored).toBe(waits?.counts.read);
    const [source] = await directus.store.readRows('sources', { filter: { place: { _eq: '收费台账.xlsx' } } });
    await directus.store.updateRow('sources', source?.id as string, { school: second.code });
    expect((await fate())?.state).toBe('已同步');
  });

  test('a broken file is reported in one sentence and the other schools go on', async () => {
    await writeFile(join(directus.config.sheetsDir, '坏文件.xlsx'), 'PK\u0003\u0004 not a workbook');
    await utimes(path, new Date(), new Date());
    const broken = (await sync()).files.find((file) => file.place === '坏文件.xlsx');
    expect(broken?.state).toBe('读不了');
    expect(broken?.message).toMatch(/坏文件/);
    const [source] = await directus.store.readRows('sources', { filter: { place: { _eq: '坏文件.xlsx' } } });
    expect(source).toMatchObject({ state: '读不了' });
  });

  test('the command refuses a school that is not there, and reads nothing', async () => {
    const before = await directus.store.readRows('sources');
    const { code, out, err } = await runReal(directus, 'sync', ['--school', '0000000000', '--force']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('没有标识码为 0000000000 的学校');
    expect(await directus.store.readRows('sources')).toEqual(before);
  });

  test('communications may not hand in rows, and may not read what sheets hold', async () => {
    const communications = await directus.signIn(directus.users.communications);
    const request = {
      source: { kind: '工作簿', place: 'x.xlsx', own: '系统模板', fileHash: '', school: first.code, term: '2026-1' },
      dryRun: false,
      tabs: [],
    };
    await expect(communications.call('POST', '/kehou-ingest/workbooks', [request])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(communications.call('GET', '/kehou-ingest/changes/students/X')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(communications.readRows('students')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(communications.readRows('sheet_problems')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
