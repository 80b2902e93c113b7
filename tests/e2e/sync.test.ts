import { cp, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as XLSX from '@e965/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import { terminalProgress } from '../../scripts/cli.ts';
import { drawCounty, sampleDay } from '../../scripts/county/county.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { createWorkbook, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { workbookName } from '../../scripts/sheets/workbook-place.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

const progress = terminalProgress(true);
const county = drawCounty({ schools: 2, students: 60, seed: 7, today: sampleDay });
const [first, second] = county.bureau.schools;
if (!first || !second) throw new Error('the county has two schools');

const bookOf = (school: typeof first) =>
  createWorkbook({
    school,
    term: { id: '2026-1', name: '2026—2027学年上学期' },
    office: { bureau: '汝南县教育局(示例)', office: '基础教育股', phone: '13800000001', dueDay: 1 },
    rows: { ...county.schoolRows(school.code), providers: county.bureau.providers } as WorkbookRows,
    rowIds: false,
  });

/** Changes cells of a workbook as a clerk does, through a spreadsheet library, keeping everything else. */
const edit = async (path: string, change: (cell: (tab: string, header: string, row: number) => XLSX.CellObject) => void): Promise<void> => {
  const book = XLSX.read(await readFile(path), { cellStyles: true });
  change((tab, header, row) => {
    const sheet = book.Sheets[tab] as XLSX.WorkSheet;
    const range = XLSX.utils.decode_range(sheet['!ref'] as string);
    for (let column = 0; column <= range.e.c; column += 1) {
      if (String(sheet[XLSX.utils.encode_cell({ r: 0, c: column })]?.v ?? '').replace(/\s/g, '') !== header) continue;
      const address = XLSX.utils.encode_cell({ r: row - 1, c: column });
      sheet[address] ??= { t: 's', v: '' };
      return sheet[address] as XLSX.CellObject;
    }
    throw new Error(`no ${header} in ${tab}`);
  });
  await writeFile(path, XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
};

const cellText = async (path: string, tab: string, header: string, row: number): Promise<string> => {
  const sheet = XLSX.read(await readFile(path)).Sheets[tab] as XLSX.WorkSheet;
  const rows = XLSX.utils.sheet_to_json<string[]>(sheet, { header: 1, raw: false, blankrows: true });
  const column = (rows[0] as string[]).findIndex((word) => String(word).replace(/\s/g, '') === header);
  return String(rows[row - 1]?.[column] ?? '');
};

describe.each(databaseKinds)("a county's workbooks on %s", (database) => {
  let directus: TestDirectus;
  let path: string;
  const sync = (options = {}) => syncSheets(directus.config, directus.store, progress, options);

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    const { store, config } = directus;
    await store.updateSettings(county.bureau.settings);
    await store.createRows('terms', county.bureau.terms as never);
    await store.createRows('schools', county.bureau.schools as never);
    await store.createRows('providers', county.bureau.providers as never);
    await mkdir(config.sheetsDir, { recursive: true });
    path = join(config.sheetsDir, workbookName(first));
    await writeFile(path, await bookOf(first));
    await writeFile(join(config.sheetsDir, workbookName(second)), await bookOf(second));
  });
  afterAll(() => directus?.stop());

  test('a dry run counts everything and stores nothing', async () => {
    const summary = await sync({ dryRun: true });
    expect(summary.taken).toBeGreaterThan(60);
    expect(await directus.store.readRows('students')).toEqual([]);
    expect(await directus.store.readRows('sources')).toEqual([]);
  });

  test('the first sync takes every row, and the sum of all fates is the number of rows read', async () => {
    const summary = await sync();
    const students = county.bureau.schools.flatMap((school) => county.schoolRows(school.code).students);
    expect(summary).toMatchObject({ sources: 2, opened: 2, refused: 0, conflicts: 0, answersWritten: 2 });
    expect(summary.read).toBe(summary.taken + summary.unchanged + summary.refused + summary.ignored + summary.conflicts);
    const stored = await directus.store.readRows('students');
    expect(stored.map((one) => one.name).sort()).toEqual(students.map((one) => one.name).sort());
    expect(await directus.store.readRows('enrolments')).toHaveLength(students.length);
    const fees = county.bureau.schools.flatMap((school) => county.schoolRows(school.code).fees);
    expect(await directus.store.readRows('fees')).toHaveLength(fees.length);
  });

  test('what is stored is what the school wrote: dates, times, lists and money', async () => {
    const wanted = county.schoolRows(first.code);
    const [report] = await directus.store.readRows('monthly_reports', { filter: { school: { _eq: first.code }, month: { _eq: '2026-10' } } });
    const same = wanted.monthly_reports.find((one) => one.month === '2026-10');
    expect(report).toMatchObject({
      participants: same?.participants,
      due: same?.due,
      start: same?.start,
      content: same?.content,
      filled_on: same?.filled_on,
    });
    expect(report?.rate).toBeCloseTo(((same?.participants ?? 0) / (same?.enrolled ?? 1)) * 100, 1);
  });

  test('each row carries its 行号 and 已收 afterwards', async () => {
    expect(await cellText(path, '学生报名', '行号', 2)).toMatch(/^[2-9B-Z]{12}$/);
    expect(await cellText(path, '学生报名', '同步状态', 2)).toBe('已收');
  });

  test('a second sync opens nothing, and a forced one finds nothing new', async () => {
    const before = await readFile(path);
    expect(await sync()).toMatchObject({ opened: 0, read: 0 });
    expect(await readFile(path)).toEqual(before);
    const forced = await sync({ force: true });
    expect(forced).toMatchObject({ taken: 0, refused: 0, conflicts: 0, archived: 0 });
    expect(forced.unchanged).toBe(forced.read - forced.ignored);
  });

  test('a changed phone goes in with its history, to the cell', async () => {
    const id = await cellText(path, '学生报名', '行号', 2);
    await edit(path, (cell) => Object.assign(cell('学生报名', '监护人电话', 2), { t: 's', v: '13800009999' }));
    expect(await sync()).toMatchObject({ opened: 1, taken: 1 });
    expect((await directus.store.readRow('students', id)).guardian_phone).toBe('13800009999');
    const revisions = await directus.adminStore.call<{ delta: object }[]>(
      'GET',
      `/revisions?filter[collection][_eq]=students&filter[item][_eq]=${id}&sort=-id&limit=1`,
    );
    expect(revisions[0]?.delta).toEqual({ guardian_phone: '13800009999' });
    const [change] = await directus.store.call<RowChange[]>('GET', `/kehou-ingest/changes/students/${id}`);
    expect(change).toMatchObject({ action: 'update', channel: 'sheet', tab: '学生报名', row: 2 });
    expect(change?.fields).toEqual({ guardian_phone: [expect.stringMatching(/^1380000\d{4}$/), '13800009999', expect.stringMatching(/^[A-Z]+2$/)] });
  });

  test('a wrong cell is refused with its address, told in the sheet and in Directus, and closed once it is mended', async () => {
    const good = await cellText(path, '学生报名', '监护人电话', 3);
    await edit(path, (cell) => Object.assign(cell('学生报名', '监护人电话', 3), { t: 's', v: '1380000' }));
    expect(await sync()).toMatchObject({ refused: 1, taken: 0 });
    expect(await cellText(path, '学生报名', '同步状态', 3)).toBe('有误');
    expect(await cellText(path, '学生报名', '问题说明', 3)).toContain('1380000');
    const open = await directus.store.readRows('sheet_problems', { filter: { closed_at: { _null: true } } });
    expect(open).toMatchObject([{ school: first.code, tab: '学生报名', header: '监护人电话', value: '1380000', kind: '有误' }]);
    expect((await directus.store.readRows('students', { filter: { guardian_phone: { _eq: good } } })).length).toBeGreaterThan(0);
    await edit(path, (cell) => Object.assign(cell('学生报名', '监护人电话', 3), { t: 's', v: good }));
    expect(await sync()).toMatchObject({ refused: 0 });
    expect(await cellText(path, '学生报名', '问题说明', 3)).toBe('');
    expect(await directus.store.readRows('sheet_problems', { filter: { closed_at: { _null: true } } })).toEqual([]);
  });

  test('the bureau corrects the name while the school changes the phone: both stand, and the sheet shows both', async () => {
    const id = await cellText(path, '学生报名', '行号', 4);
    await directus.store.updateRow('students', id, { name: '更正名' });
    await edit(path, (cell) => Object.assign(cell('学生报名', '监护人电话', 4), { t: 's', v: '13800008888' }));
    await sync();
    expect(await directus.store.readRow('students', id)).toMatchObject({ name: '更正名', guardian_phone: '13800008888' });
    expect(await cellText(path, '学生报名', '姓名', 4)).toBe('更正名');
  });

  test('both change the same phone: a conflict that overwrites neither, and ends when the sheet agrees', async () => {
    const id = await cellText(path, '学生报名', '行号', 5);
    await directus.store.updateRow('students', id, { guardian_phone: '13800007771' });
    await edit(path, (cell) => Object.assign(cell('学生报名', '监护人电话', 5), { t: 's', v: '13800007772' }));
    expect(await sync()).toMatchObject({ conflicts: 1 });
    expect((await directus.store.readRow('students', id)).guardian_phone).toBe('13800007771');
    expect(await cellText(path, '学生报名', '监护人电话', 5)).toBe('13800007772');
    expect(await cellText(path, '学生报名', '同步状态', 5)).toBe('冲突');
    await edit(path, (cell) => Object.assign(cell('学生报名', '监护人电话', 5), { t: 's', v: '13800007771' }));
    expect(await sync()).toMatchObject({ conflicts: 0 });
    expect(await directus.store.readRows('sheet_problems', { filter: { closed_at: { _null: true } } })).toEqual([]);
  });

  test('while somebody has the workbook open it is left alone, and taken afterwards', async () => {
    await edit(path, (cell) => Object.assign(cell('学生报名', '监护人电话', 6), { t: 's', v: '13800006666' }));
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

  test('a file of an unknown school waits for the bureau, and is taken once a school is chosen', async () => {
    await cp(join(import.meta.dirname, '../fixtures/legacy/A7_滨河小学_收费台账.xlsx'), join(directus.config.sheetsDir, '收费台账.xlsx'));
    const state = async () => (await sync()).files.find((file) => file.place === '收费台账.xlsx')?.state;
    expect(await state()).toBe('不知是哪所学校');
    const [source] = await directus.store.readRows('sources', { filter: { place: { _eq: '收费台账.xlsx' } } });
    await directus.store.updateRow('sources', source?.id as string, { school: second.code });
    expect(await state()).toBe('已同步');
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

  test('communications may not hand in rows, and may not read what sheets hold', async () => {
    const communications = await directus.signIn(directus.users.communications);
    const request = {
      source: { kind: '工作簿', place: 'x.xlsx', own: '系统模板', fileHash: '', school: first.code, term: '2026-1' },
      dryRun: false,
      tabs: [],
    };
    await expect(communications.call('POST', '/kehou-ingest/workbook', request)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(communications.call('GET', '/kehou-ingest/changes/students/X')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(communications.readRows('students')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(communications.readRows('sheet_problems')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
