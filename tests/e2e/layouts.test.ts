import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../scripts/cli.ts';
import { layoutsIn, rememberLayouts } from '../../scripts/intake/layouts.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { syncCommand } from '../../scripts/sync.ts';
import { databaseKinds, type TestDirectus } from '../helpers/directus.ts';
import { progress, firstSchool as school, startWithCounty } from './stories.ts';

/** A list as one teacher keeps it: nobody could be sure what its columns are. */
const october = `三年级来的孩子
孩子大名,年级,班,哪几天来,爸妈手机
王小明,三年级,2,周一、周三,13800001111
李小红,三年级,2,周二,13800002222`;
const november = `${october}\n赵小刚,三年级,1,周五,13800003333`;

describe.each(databaseKinds)("a school's own layout on %s", (database) => {
  let directus: TestDirectus;
  const sync = () => syncSheets(directus.config, directus.store, progress);
  const place = (month: string) => `${school.code}_${month}.csv`;
  const file = (month: string) => join(directus.config.sheetsDir, place(month));
  const source = async (month: string) => (await directus.store.readRows('sources', { filter: { place: { _eq: place(month) } } }))[0];
  const names = async () => (await directus.store.readRows('students')).map((one) => one.name).sort();

  beforeAll(async () => {
    directus = await startWithCounty(database);
    await mkdir(directus.config.sheetsDir, { recursive: true });
    await writeFile(file('十月'), october);
  });
  afterAll(() => directus?.stop());

  test('a sheet that nobody is sure of is not guessed at: nothing is taken, and the bureau is asked', async () => {
    const [sheet] = (await sync()).files;
    expect(sheet).toMatchObject({ state: '读不了', school: school.code, counts: { taken: 0 } });
    expect(sheet?.message).toContain('栏目对照');
    expect(await names()).toEqual([]);
    expect(await source('十月')).toMatchObject({ state: '读不了', proposals: [{ table: 'students', confirmed: false }] });
    expect(await sync()).toMatchObject({ opened: 0 });
  });

  test('the command writes the proposal to a file, and keeps it once somebody has put it right', async () => {
    const out = join(directus.config.home, '对照.json');
    const inspected: string[] = [];
    expect(await runCommand(syncCommand, ['--inspect', file('十月'), '--propose', out], (text) => inspected.push(text))).toBe(0);
    expect(inspected.join()).toContain('孩子大名 → 不读');
    const [proposal] = JSON.parse(await readFile(out, 'utf8'));
    const refused: string[] = [];
    await writeFile(out, JSON.stringify([{ ...proposal, confirmed: true, table: '学生' }]));
    const words = ['--inspect', file('十月'), '--layouts', out];
    expect(await runCommand(syncCommand, words, undefined, (text) => refused.push(text))).toBe(2);
    expect(refused.join()).toContain('对照文件有误');
    const columns = proposal.columns.map((one: { header: string }) => (one.header === '孩子大名' ? { ...one, field: '姓名' } : one));
    await writeFile(out, JSON.stringify([{ ...proposal, confirmed: true, columns }]));
    expect(await rememberLayouts(directus.store, school.code, await layoutsIn(out))).toBe(1);
  });

  test('from then on the sheet is read that way, and so is any other with the same headers', async () => {
    expect((await sync()).files).toMatchObject([{ state: '已同步', counts: { taken: 2, refused: 0 } }]);
    expect(await names()).toEqual(['李小红', '王小明']);
    expect(await source('十月')).toMatchObject({ state: '正常', message: null, proposals: [] });
    await writeFile(file('十一月'), november);
    const sheets = (await sync()).files;
    expect(sheets.find((one) => one.place === place('十一月'))).toMatchObject({ state: '已同步', counts: { taken: 1, unchanged: 2 } });
    expect(await names()).toEqual(['李小红', '王小明', '赵小刚']);
  });
});
