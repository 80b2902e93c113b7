/**
 * What happens between a school and the bureau, told once for every place where sheets are kept and for every database.
 * Each story begins with a workbook that has been taken in whole.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import { terminalProgress } from '../../scripts/cli.ts';
import { type DrawnCounty, drawCounty, sampleDay } from '../../scripts/county/county.ts';
import type { SyncOptions } from '../../scripts/intake/desk.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import type { Clerk, Place, School } from '../helpers/clerk.ts';
import { type DatabaseKind, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

export const progress = terminalProgress(true);

export const sampleCounty: DrawnCounty = drawCounty({ schools: 2, students: 60, seed: 7, today: sampleDay });

const schoolAt = (index: number): School => {
  const school = sampleCounty.bureau.schools[index];
  if (!school) throw new Error('the county has two schools');
  return school;
};
export const firstSchool = schoolAt(0);
export const secondSchool = schoolAt(1);

/** A Directus that knows the county: settings, terms, schools, providers, and nothing of what schools report. */
export const startWithCounty = async (database: DatabaseKind): Promise<TestDirectus> => {
  const directus = await startTestDirectus({ database });
  const { settings, terms, schools, providers } = sampleCounty.bureau;
  await directus.store.updateSettings(settings);
  await directus.store.createRows('terms', terms as never);
  await directus.store.createRows('schools', schools as never);
  await directus.store.createRows('providers', providers as never);
  return directus;
};

const roster = '学生报名';

/** Runs all stories. `open` makes the place for a running Directus and says how to close it. */
export const tellStories = (
  database: DatabaseKind,
  title: string,
  open: (directus: TestDirectus, county: DrawnCounty) => Promise<{ readonly place: Place; close(): Promise<void> }>,
): void => {
  describe(`${title} on ${database}`, () => {
    let directus: TestDirectus;
    let place: Place;
    let close: () => Promise<void> = async () => undefined;
    let clerk: Clerk;
    const sync = (options: SyncOptions = {}) => syncSheets(directus.config, directus.store, progress, options, place.sources());
    const openProblems = () => directus.store.readRows('sheet_problems', { filter: { closed_at: { _null: true } } });
    const idOf = (row: number) => clerk.see(roster, row, '行号');
    const student = async (row: number) => directus.store.readRow('students', await idOf(row));
    const pupils = () => directus.store.readRows('students', { filter: { school: { _eq: firstSchool.code } } });
    const active = async () => (await pupils()).filter((one) => one.status === '在册').length;

    beforeAll(async () => {
      directus = await startWithCounty(database);
      ({ place, close } = await open(directus, sampleCounty));
      clerk = await place.handOut(firstSchool);
      await place.handOut(secondSchool);
    });
    afterAll(async () => {
      await close();
      await directus?.stop();
    });

    test('a dry run counts everything and stores nothing', async () => {
      const summary = await sync({ dryRun: true });
      expect(summary.taken).toBeGreaterThan(60);
      expect(await directus.store.readRows('students')).toEqual([]);
      expect(await directus.store.readRows('sources')).toEqual([]);
    });

    test('the first sync takes every row, and the sum of all fates is the number of rows read', async () => {
      const summary = await sync();
      const rows = sampleCounty.bureau.schools.map((school) => sampleCounty.schoolRows(school.code));
      expect(summary).toMatchObject({ sources: 2, opened: 2, refused: 0, conflicts: 0, answersWritten: 2 });
      expect(summary.read).toBe(summary.taken + summary.unchanged + summary.refused + summary.ignored + summary.conflicts);
      const stored = await directus.store.readRows('students');
      expect(stored.map((one) => one.name).sort()).toEqual(rows.flatMap((one) => one.students.map((child) => child.name)).sort());
      expect(await directus.store.readRows('enrolments')).toHaveLength(stored.length);
      expect(await directus.store.readRows('fees')).toHaveLength(rows.flatMap((one) => one.fees).length);
    });

    test('what is stored is what the school wrote: dates, times, lists and money', async () => {
      const [report] = await directus.store.readRows('monthly_reports', { filter: { school: { _eq: firstSchool.code }, month: { _eq: '2026-10' } } });
      const wanted = sampleCounty.schoolRows(firstSchool.code).monthly_reports.find((one) => one.month === '2026-10');
      for (const name of ['participants', 'due', 'start', 'content', 'filled_on'] as const) expect(report?.[name]).toEqual(wanted?.[name]);
      expect(report?.rate).toBeCloseTo(((wanted?.participants ?? 0) / (wanted?.enrolled ?? 1)) * 100, 1);
    });

    test('each row carries its 行号 and 已收 afterwards', async () => {
      expect(await idOf(2)).toMatch(/^[2-9B-Z]{12}$/);
      expect(await clerk.see(roster, 2, '同步状态')).toBe('已收');
    });

    test('a second sync finds nothing to do, and a forced one finds nothing new', async () => {
      // A place that cannot tell our own answers from a person's edit may look once more.
      await sync();
      expect(await sync()).toMatchObject({ opened: 0, read: 0, answersWritten: 0 });
      const forced = await sync({ force: true });
      expect(forced).toMatchObject({ taken: 0, refused: 0, conflicts: 0, archived: 0 });
      expect(forced.unchanged).toBe(forced.read - forced.ignored);
    });

    test('a changed phone goes in with its history, to the cell', async () => {
      const id = await idOf(2);
      await clerk.type(roster, 2, '监护人电话', '13800009999');
      expect(await sync()).toMatchObject({ opened: 1, taken: 1 });
      expect((await directus.store.readRow('students', id)).guardian_phone).toBe('13800009999');
      const revisions = await directus.adminStore.call<{ delta: object }[]>(
        'GET',
        `/revisions?filter[collection][_eq]=students&filter[item][_eq]=${id}&sort=-id&limit=1`,
      );
      expect(revisions[0]?.delta).toEqual({ guardian_phone: '13800009999' });
      const [change] = await directus.store.call<RowChange[]>('GET', `/kehou-ingest/changes/students/${id}`);
      expect(change).toMatchObject({ action: 'update', channel: 'sheet', tab: roster, row: 2 });
      expect(change?.fields).toEqual({
        guardian_phone: [expect.stringMatching(/^1380000\d{4}$/), '13800009999', expect.stringMatching(/^[A-Z]+2$/)],
      });
    });

    test('a wrong cell is refused with its address, told in the sheet and in Directus, and closed once it is mended', async () => {
      const good = await clerk.see(roster, 3, '监护人电话');
      await clerk.type(roster, 3, '监护人电话', '1380000');
      expect(await sync()).toMatchObject({ refused: 1, taken: 0 });
      expect(await clerk.see(roster, 3, '同步状态')).toBe('有误');
      expect(await clerk.see(roster, 3, '问题说明')).toContain('1380000');
      expect(await openProblems()).toMatchObject([{ school: firstSchool.code, tab: roster, header: '监护人电话', value: '1380000', kind: '有误' }]);
      expect((await student(3)).guardian_phone).toBe(good);
      await clerk.type(roster, 3, '监护人电话', good);
      expect(await sync()).toMatchObject({ refused: 0 });
      expect(await clerk.see(roster, 3, '问题说明')).toBe('');
      expect(await openProblems()).toEqual([]);
    });

    test('the school sorts the tab: no row changes, and none is taken for another', async () => {
      const before = await pupils();
      await clerk.sort(roster, '监护人电话');
      expect(await sync()).toMatchObject({ taken: 0, refused: 0, conflicts: 0, archived: 0 });
      expect(await pupils()).toEqual(before);
    });

    test('a row put in the middle is one new child; the rows that moved down stay who they are', async () => {
      const before = await active();
      const below = await idOf(5);
      const values = { 姓名: '新来的', 年级: '一年级', 班级: 1, 性别: '女', 监护人姓名: '新家长', 监护人电话: '13800005555', 星期: '周一、周三' };
      await clerk.insertRow(roster, 5, values);
      await sync();
      expect(await active()).toBe(before + 1);
      expect(await idOf(6)).toBe(below);
      expect((await student(5)).name).toBe('新来的');
    });

    test('a row copied with its 行号 to enter a sister is a second child, not a second name for the first', async () => {
      const before = await active();
      const original = await student(5);
      await clerk.copyRow(roster, 5);
      const last = await clerk.lastRow(roster);
      await clerk.type(roster, last, '姓名', '新来的妹妹');
      await sync();
      expect(await active()).toBe(before + 1);
      expect(await directus.store.readRow('students', original.id)).toEqual(original);
      expect(await student(last)).toMatchObject({ name: '新来的妹妹', guardian_phone: '13800005555' });
      expect(await idOf(last)).not.toBe(original.id);
    });

    test('two people edit at once: the bureau corrects the name, the school the phone; both stand, and the sheet shows both', async () => {
      const id = await idOf(7);
      await directus.store.updateRow('students', id, { name: '更正名' });
      await clerk.type(roster, 7, '监护人电话', '13800008888');
      await sync();
      expect(await directus.store.readRow('students', id)).toMatchObject({ name: '更正名', guardian_phone: '13800008888' });
      expect(await clerk.see(roster, 7, '姓名')).toBe('更正名');
    });

    test('the bureau corrects a name and the school touches nothing: the next sync brings it into the sheet all the same', async () => {
      const id = await idOf(6);
      await directus.store.updateRow('students', id, { name: '县局更正' });
      expect(await sync()).toMatchObject({ taken: 0, conflicts: 0 });
      expect(await clerk.see(roster, 6, '姓名')).toBe('县局更正');
      await sync();
      expect(await sync()).toMatchObject({ opened: 0 });
    });

    test('both change the same phone: a conflict that overwrites neither, and ends when the sheet agrees', async () => {
      const id = await idOf(8);
      await directus.store.updateRow('students', id, { guardian_phone: '13800007771' });
      await clerk.type(roster, 8, '监护人电话', '13800007772');
      expect(await sync()).toMatchObject({ conflicts: 1 });
      expect((await directus.store.readRow('students', id)).guardian_phone).toBe('13800007771');
      expect(await clerk.see(roster, 8, '监护人电话')).toBe('13800007772');
      expect(await clerk.see(roster, 8, '同步状态')).toBe('冲突');
      await clerk.type(roster, 8, '监护人电话', '13800007771');
      expect(await sync()).toMatchObject({ conflicts: 0 });
      expect(await openProblems()).toEqual([]);
    });

    test('one child leaves the list: archived, not deleted, and back in service when the row comes back', async () => {
      const before = await active();
      const gone = await student(9);
      await clerk.removeRows(roster, 9, 1);
      expect(await sync()).toMatchObject({ archived: 1 });
      expect(await active()).toBe(before - 1);
      expect(await directus.store.readRow('students', gone.id)).toEqual({ ...gone, status: '已离校' });
      const values = { 行号: gone.id, 姓名: gone.name, 年级: gone.grade, 班级: gone.class_no, 监护人电话: gone.guardian_phone ?? null, 星期: '周一' };
      await clerk.insertRow(roster, 9, values);
      await sync();
      expect((await directus.store.readRow('students', gone.id)).status).toBe('在册');
    });

    test('a clerk deletes half the tab by accident and saves: nobody is archived, and the school is asked', async () => {
      const before = await active();
      const rows = await clerk.lastRow(roster);
      const away = Math.floor(rows / 2);
      await clerk.removeRows(roster, 2, away);
      expect(await sync()).toMatchObject({ archived: 0 });
      expect(await active()).toBe(before);
      expect(await openProblems()).toEqual(expect.arrayContaining([expect.objectContaining({ tab: roster, code: 'vanished' })]));
    });
  });
};
