/** A sheet of which the bureau has said that it is none of ours: nothing is taken, every row is accounted for, nobody is asked again. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leftAlone } from '../../extensions/cockpit-module/src/layout-groups.ts';
import type { Layout } from '../../schema/layout.ts';
import { rememberLayouts } from '../../scripts/intake/layouts.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import type { TestDirectus } from '../helpers/directus.ts';
import { progress, firstSchool as school, startWithCounty } from './stories.ts';

let directus: TestDirectus;
const place = `${school.code}_食谱.csv`;
const sync = () => syncSheets(directus.config, directus.store, progress);
const source = async () => (await directus.store.readRows('sources', { filter: { place: { _eq: place } } }))[0];

beforeAll(async () => {
  directus = await startWithCounty('sqlite');
  await mkdir(directus.config.sheetsDir, { recursive: true });
  await writeFile(
    join(directus.config.sheetsDir, place),
    '孩子大名,年级,班,哪几天来,爸妈手机\n王小明,三年级,2,周一、周三,13800001111\n李小红,三年级,2,周二,13800002222',
  );
});
afterAll(() => directus?.stop());

test('until the bureau has decided, it is asked', async () => {
  await sync();
  expect(await source()).toMatchObject({ state: '读不了', proposals: [{ confirmed: false }] });
});

test('once it is decided, every row is ignored, no problem is open, and no question either', async () => {
  const proposals = (await source())?.proposals as Layout[];
  await rememberLayouts(
    directus.store,
    school.code,
    proposals.map((layout) => ({ ...leftAlone(layout), confirmed: true })),
  );
  const sheet = (await sync()).files.find((one) => one.place === place);
  expect(sheet?.counts).toMatchObject({ read: 2, ignored: 2, taken: 0, refused: 0 });
  expect(sheet).toMatchObject({ state: '已同步', problems: 0, message: null });
  expect(await source()).toMatchObject({ state: '正常', message: null, proposals: [] });
  expect(await directus.store.readRows('students')).toEqual([]);
  expect(await directus.store.readRows('sheet_problems', { filter: { closed_at: { _null: true } } })).toEqual([]);
  expect(await sync()).toMatchObject({ opened: 0 });
});
