import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rememberLayouts } from '../../scripts/intake/layouts.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { describeSync } from '../../scripts/intake/summary.ts';
import { linkOf, spreadsheetTitle } from '../../scripts/sheets/google/create-all.ts';
import { googleSource } from '../../scripts/sheets/google-source.ts';
import { sheetSources } from '../../scripts/sheets/sources.ts';
import { fingerprintOf } from '../../scripts/sync/propose-layout.ts';
import { filledWorkbook, workbookPath } from '../helpers/clerk.ts';
import type { TestDirectus } from '../helpers/directus.ts';
import { account, addressOf, bureau, fillSpreadsheet, googleClerk, googlePlace, startTestGoogle, type TestGoogle } from '../helpers/google.ts';
import { firstSchool, progress, sampleCounty, secondSchool, startWithCounty, tellStories } from './stories.ts';

tellStories('sqlite', 'Google Sheets', async (_directus, county) => {
  const google = await startTestGoogle();
  return { place: googlePlace(google, county), close: () => google.stop() };
});

describe('a Google that does not do as it should, beside a folder that does', () => {
  let directus: TestDirectus;
  let google: TestGoogle;
  let id: string;
  const roster = '学生报名';
  const sync = () => {
    const { keyFile, folder, rootUrl } = google.settings;
    return syncSheets(directus.config, directus.store, progress, {}, [
      ...sheetSources(directus.config),
      googleSource({ keyFile, folder, rootUrl }, google.clock),
    ]);
  };
  const fate = async () => (await sync()).files.find((file) => file.place === id);

  beforeAll(async () => {
    directus = await startWithCounty('sqlite');
    google = await startTestGoogle();
    id = await fillSpreadsheet(google, sampleCounty, firstSchool);
    await mkdir(directus.config.sheetsDir, { recursive: true });
    await writeFile(workbookPath(directus.config, secondSchool), await filledWorkbook(sampleCounty, secondSchool));
  });
  afterAll(async () => {
    await google?.stop();
    await directus?.stop();
  });

  test('both places are taken in one run; a copy that somebody made is left alone; the calls are counted', async () => {
    await directus.store.updateRow('schools', firstSchool.code, { workbook: linkOf(id) });
    const { world, people } = google.standIn;
    const original = world.files.get(id);
    const copy = world.addFile(addressOf(firstSchool), {
      id: '0-sorts-before-all-others',
      name: '副本',
      mimeType: 'application/vnd.google-apps.spreadsheet',
      parents: [google.folder],
      book: () => structuredClone(original?.book as never),
    });
    const summary = await sync();
    expect(summary.files.find((file) => file.place === copy.id)).toMatchObject({ state: '未收', school: firstSchool.code, answers: 'answered' });
    // Whoever filled in the copy finds in it why it was not taken.
    expect(people.shown(copy.id, '系统反馈').flat().join()).toMatch(/同一所学校同一学期的表,只收那一份/);
    people.deleteFile(copy.id);
    expect(summary).toMatchObject({ sources: 3, opened: 3, refused: 0, answersWritten: 3, unreached: [] });
    expect(summary.apiCalls).toBeGreaterThan(3);
    const rows = await directus.store.readRows('sources', { filter: { place: { _eq: id } } });
    expect(rows).toMatchObject([{ kind: '谷歌表格', school: firstSchool.code, own: '系统模板' }]);
  });

  test('after its own answers were seen once, a quiet run is one call to Google and no write to Directus', async () => {
    expect((await sync()).files.find((file) => file.place.startsWith('0-sorts'))).toMatchObject({ message: expect.stringContaining('找不到') });
    await sync();
    const before = await directus.store.readRows('sources');
    google.newCalls();
    expect(await sync()).toMatchObject({ opened: 0, answersWritten: 0, apiCalls: 1 });
    expect(google.newCalls()).toEqual(['GET /drive/v3/changes']);
    expect(await directus.store.readRows('sources')).toEqual(before);
  });

  test('the answer to our write is lost: nothing is written twice, nothing is taken twice', async () => {
    await googleClerk(google.standIn, id, addressOf(firstSchool)).type(roster, 2, '监护人电话', '138');
    google.standIn.setFaults(['lost-response:n=1,match=batchUpdate']);
    expect(await fate()).toMatchObject({ state: '已同步', answers: 'answered', counts: { refused: 1 } });
    await googleClerk(google.standIn, id, addressOf(firstSchool)).type(roster, 2, '监护人电话', '13800001111');
    expect(await fate()).toMatchObject({ state: '已同步', counts: { refused: 0 } });
    await sync();
  });

  test("last term's spreadsheet lies in the folder too: nothing of it is taken, and it says so on a tab of its own", async () => {
    const { people } = google.standIn;
    const students = await directus.store.readRows('students');
    const old = await fillSpreadsheet(google, sampleCounty, secondSchool, { id: '2025-2', name: '2025—2026学年下学期' });
    const left = (await sync()).files.find((file) => file.place === old);
    expect(left).toMatchObject({ state: '未收', message: expect.stringContaining('2025-2') });
    expect(left?.counts.read).toBeGreaterThan(30);
    expect(left?.counts.ignored).toBe(left?.counts.read);
    expect(await directus.store.readRows('students')).toEqual(students);
    expect(people.shown(old, '系统反馈').flat().join()).toContain('2025-2');
    await sync();
    expect((await sync()).files.find((file) => file.place === old)).toMatchObject({ state: '未变' });
    people.deleteFile(old);
    await sync();
  });

  test("a school's own spreadsheet of which nothing is understood says so, and is read once the bureau has said what its columns are", async () => {
    const { people } = google.standIn;
    const own = people.createSpreadsheet(bureau, `${secondSchool.code} 名册`, { titles: ['名册'], parents: [google.folder] });
    people.editCells(own, bureau, "'名册'!A1", [
      ['娃', '班', '哪天'],
      ['新甲', '三(1)班', '周一、周三'],
      ['新乙', '三(2)班', '每天'],
    ]);
    const state = async () => (await sync()).files.find((file) => file.place === own);
    expect(await state()).toMatchObject({ state: '读不了', school: secondSchool.code, answers: 'answered' });
    expect(people.shown(own, '系统反馈').flat().join()).toMatch(/没有认出这张表.*请改用系统发的填报表/);
    const words = ['娃', '班', '哪天'];
    const columns = ['姓名', '班级', '星期'].map((field, at) => ({ header: words[at] as string, nth: 1, field, sure: 'certain' as const }));
    const layout = { label: '名册', confirmed: true, shape: 'table', table: 'students', headerRows: 1, columns, constants: {} } as const;
    await rememberLayouts(directus.store, secondSchool.code, [{ ...layout, version: 1, fingerprint: fingerprintOf('table', words) }]);
    expect(await state()).toMatchObject({ state: '已同步', counts: { taken: 2, refused: 0 } });
    const stored = await directus.store.readRows('students', { filter: { name: { _in: ['新甲', '新乙'] } } });
    expect(stored.map(({ name, grade, class_no }) => [name, grade, class_no]).sort()).toEqual([
      ['新乙', 3, '2'],
      ['新甲', 3, '1'],
    ]);
    expect(people.shown(own, '系统反馈').flat().join()).toMatch(/已收 2 行/);
    people.deleteFile(own);
    await sync();
    await sync();
  });

  test('a renamed spreadsheet goes on as the one that it was', async () => {
    const { people, world } = google.standIn;
    const name = world.files.get(id)?.name as string;
    const [before] = await directus.store.readRows('sources', { filter: { place: { _eq: id } } });
    people.renameFile(id, addressOf(firstSchool), '三年级组交的表');
    await googleClerk(google.standIn, id, addressOf(firstSchool)).type(roster, 2, '监护人电话', '13800002222');
    expect(await fate()).toMatchObject({ state: '已同步', school: firstSchool.code, counts: { taken: 1, refused: 0, archived: 0 } });
    expect(await directus.store.readRows('sources', { filter: { place: { _eq: id } } })).toMatchObject([
      { id: before?.id, school: firstSchool.code },
    ]);
    people.renameFile(id, addressOf(firstSchool), name);
    expect((await fate())?.counts).toMatchObject({ taken: 0, refused: 0, archived: 0 });
    await sync();
  });

  test('the share is taken away: one sentence at this school, the folder goes on, the rows stay', async () => {
    const before = await directus.store.readRows('students', { filter: { school: { _eq: firstSchool.code } } });
    const file = google.standIn.world.files.get(id);
    if (!file) throw new Error('no file');
    const { parents, permissions } = file;
    file.parents = [];
    google.standIn.people.revokeShare(id, account);
    const summary = await sync();
    expect(summary.files.find((one) => one.place === id)).toMatchObject({
      state: '读不了',
      message: expect.stringContaining(spreadsheetTitle(firstSchool)),
    });
    expect(summary.files.find((one) => one.place !== id)).toMatchObject({ state: '未变' });
    expect(await directus.store.readRows('students', { filter: { school: { _eq: firstSchool.code } } })).toEqual(before);
    Object.assign(file, { parents, permissions });
    google.standIn.people.share(id, account, 'writer');
    expect((await fate())?.state).toMatch(/已同步|未变/);
    await sync();
  });

  test('the key is deleted: one sentence for the whole place, and the folder is synced all the same', async () => {
    await writeFile(workbookPath(directus.config, secondSchool), await filledWorkbook(sampleCounty, secondSchool));
    google.standIn.revokeKey(account);
    const summary = await sync();
    expect(summary.unreached).toMatchObject([{ where: expect.stringContaining('drive.google.com'), message: expect.stringContaining('密钥') }]);
    expect(summary.files.find((one) => one.school === secondSchool.code)).toMatchObject({ state: '已同步' });
    expect(describeSync(summary, false)).not.toMatch(/PRIVATE|Bearer|ya29/);
  });
});
