import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { casePhotos } from '../../schema/cases/records.ts';
import { workOnCases } from '../../scripts/cases.ts';
import type { DrawnCounty } from '../../scripts/county/county.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { describeSync } from '../../scripts/intake/summary.ts';
import { sheetSources } from '../../scripts/sheets/sources.ts';
import { webdavSource } from '../../scripts/sheets/webdav-source.ts';
import { workbookName } from '../../scripts/sheets/workbook-place.ts';
import { clerkAt, filledWorkbook, type Place, type School } from '../helpers/clerk.ts';
import { databaseKinds, type TestDirectus } from '../helpers/directus.ts';
import { largePicture, phonePicture } from '../helpers/phone-picture.ts';
import { startWebdav, type WebdavServer } from '../helpers/webdav.ts';
import { firstSchool, progress, sampleCounty, secondSchool, startWithCounty, tellStories } from './stories.ts';

/** Where the server keeps a school's workbook: clerks reach it as a synchronised folder, Kehou only through the server. */
const pathOf = (server: WebdavServer, school: School): string => join(server.folder, '城关镇 小学', workbookName(school));

const handOut = async (server: WebdavServer, county: DrawnCounty, school: School): Promise<string> => {
  const path = pathOf(server, school);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await filledWorkbook(county, school));
  return path;
};

const webdavPlace = (server: WebdavServer, county: DrawnCounty): Place => ({
  name: 'WebDAV',
  handOut: async (school) => clerkAt(await handOut(server, county, school)),
  sources: () => [webdavSource(server.account)],
});

for (const database of databaseKinds)
  tellStories(database, 'workbooks on WebDAV', async (_directus, county) => {
    const server = await startWebdav();
    return { place: webdavPlace(server, county), close: () => server.stop() };
  });

describe('a WebDAV server that does not do as it should', () => {
  let directus: TestDirectus;
  let server: WebdavServer;
  let path: string;
  const sync = () => syncSheets(directus.config, directus.store, progress, {}, [webdavSource(server.account)]);
  const row = async () => (await directus.store.readRows('sources'))[0];

  beforeAll(async () => {
    directus = await startWithCounty('sqlite');
    server = await startWebdav();
    path = await handOut(server, sampleCounty, firstSchool);
  });
  afterAll(async () => {
    await server?.stop();
    await directus?.stop();
  });

  test('no right to write: the rows are taken, and the bureau is told that the answers are not in the sheet', async () => {
    const before = readFileSync(path);
    server.twist((request, response) => {
      if (request.method !== 'PUT') return false;
      response.writeHead(403).end();
      return true;
    });
    const summary = await sync();
    expect(summary.taken).toBeGreaterThan(30);
    expect(summary.read).toBe(summary.taken + summary.unchanged + summary.refused + summary.ignored + summary.conflicts);
    expect(describeSync(summary, false)).toContain('答复写不进去:网盘账号对这个文件夹只能读');
    expect((await row())?.message).toContain('只能读');
    expect(readFileSync(path)).toEqual(before);
  });

  test('once it may be written, the next sync answers what was taken before', async () => {
    server.twist();
    expect(await sync()).toMatchObject({ taken: 0, answersWritten: 1 });
    expect(await clerkAt(path).see('学生报名', 2, '同步状态')).toBe('已收');
    expect((await row())?.message ?? null).toBeNull();
  });

  test('killed in the middle of a sync: the others go on, and nothing is lost', async () => {
    await handOut(server, sampleCounty, secondSchool);
    let gone = false;
    server.twist((request) => {
      gone ||= request.method === 'GET';
      if (gone) request.socket.destroy();
      return gone;
    });
    const summary = await sync();
    expect(summary.files.find((file) => file.state === '读不了')?.message).toContain('中途断开');
    server.twist();
    expect(await sync()).toMatchObject({ answersWritten: 1 });
    expect((await directus.store.readRows('students')).length).toBeGreaterThan(50);
  });

  test('out of reach: one sentence for the place, and the folder is synced all the same', async () => {
    const folderPath = join(directus.config.sheetsDir, '我校.xlsx');
    await mkdir(directus.config.sheetsDir, { recursive: true });
    writeFileSync(folderPath, await readFile(path));
    const account = { ...server.account, password: 'wrong' };
    const summary = await syncSheets(directus.config, directus.store, progress, {}, sheetSources({ ...directus.config, webdav: account }));
    expect(summary.unreached).toEqual([{ where: account.url, message: expect.stringContaining('账号或密码不对') }]);
    expect(summary.files.map((file) => file.place)).toContain('我校.xlsx');
    expect(summary.files.map((file) => file.state)).not.toContain('不见了');
  });
});

describe('photos of a case beside its workbook on WebDAV', () => {
  let directus: TestDirectus;
  let server: WebdavServer;
  let path: string;
  const tab = '典型案例';
  const sync = () => syncSheets(directus.config, directus.store, progress, {}, [webdavSource(server.account)]);
  const check = () => workOnCases({ ...directus.config, webdav: server.account }, directus.store, progress, { check: true });
  const stored = async () => (await directus.store.readRows('cases'))[0];

  beforeAll(async () => {
    directus = await startWithCounty('sqlite');
    server = await startWebdav();
    path = await handOut(server, sampleCounty, firstSchool);
    await directus.adminStore.updateSettings({ case_photo_megabytes: 1 });
    await sync();
  });
  afterAll(async () => {
    await server?.stop();
    await directus?.stop();
  });

  test('one is taken, clean and upright; one that is too large is refused with a sentence in the sheet of the school', async () => {
    const folder = path.replace(/\.xlsx$/, '');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '走廊.JPG'), await phonePicture());
    await writeFile(join(folder, '大.png'), await largePicture());
    await clerkAt(path).type(tab, 2, '照片文件名', '走廊.jpg、大.png');
    await sync();
    // The check that the worker does next.
    await vi.waitFor(async () =>
      expect(await directus.store.readRows('jobs', { filter: { kind: { _eq: 'cases' }, state: { _eq: '排队' } } })).toHaveLength(1),
    );
    await check();
    const [corridor, large] = casePhotos((await stored())?.photos);
    expect(corridor).toMatchObject({ name: '走廊.jpg', clean: true, width: 300, height: 400, fault: null });
    expect(large).toMatchObject({ file: null });
    const kept = await directus.adminStore.call<Response>('GET', `/assets/${corridor?.file}`);
    const { exif, orientation } = await sharp(Buffer.from(await kept.arrayBuffer())).metadata();
    expect([exif, orientation]).toEqual([undefined, undefined]);
    await sync();
    expect(await clerkAt(path).see(tab, 2, '形式审查意见')).toContain('照片“大.png”超过 1 MB,请压缩后重新放入。');
  });

  test('once it is mended, the next check says so in the sheet, and rows that nobody touched are not written again', async () => {
    await clerkAt(path).type(tab, 2, '照片文件名', '走廊.jpg');
    await sync();
    await check();
    await sync();
    expect(await clerkAt(path).see(tab, 2, '形式审查意见')).not.toContain('照片');
    expect((await check()).check?.cases.map((line) => line.changed)).toEqual([false]);
    expect(await sync()).toMatchObject({ opened: 0 });
  });
});
