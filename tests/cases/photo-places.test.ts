/** Where schools keep the photos of their cases: a real WebDAV server, and Drive as the stand-in plays it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cleanPhoto } from '../../scripts/cases/clean-photo.ts';
import { type FoundPhoto, photoPlaces } from '../../scripts/cases/photo-places.ts';
import { openGoogle } from '../../scripts/sheets/google/client.ts';
import { account, bureau, startTestGoogle, type TestGoogle } from '../helpers/google.ts';
import { largePicture, phonePicture } from '../helpers/phone-picture.ts';
import { startWebdav, type WebdavServer } from '../helpers/webdav.ts';

const megabyte = 1_000_000;
const faultOf = (found: FoundPhoto): string => ('fault' in found ? found.fault : '');
const bytesOf = (found: FoundPhoto): Buffer => {
  if ('fault' in found) throw new Error(found.fault);
  return Buffer.from(found.bytes);
};

describe('beside a workbook on WebDAV', () => {
  let server: WebdavServer;
  const workbook = { kind: '网盘', place: '网盘:城关镇 小学/2141000001_东关小学.xlsx' };
  const find = (name: string, largest = megabyte) =>
    photoPlaces({ sheetsDir: '/nowhere', webdav: server.account }, () => null).find(name, workbook, largest);
  const put = (path: string, bytes: Buffer): void => {
    mkdirSync(dirname(join(server.folder, path)), { recursive: true });
    writeFileSync(join(server.folder, path), bytes);
  };
  beforeAll(async () => {
    server = await startWebdav();
    put('城关镇 小学/2141000001_东关小学.xlsx', Buffer.from('x'));
  });
  afterEach(() => server.twist());
  afterAll(() => server?.stop());

  test.each(['城关镇 小学/2141000001_东关小学', '城关镇 小学/2141000001_东关小学/照片', '城关镇 小学/照片/2141000001_东关小学', '城关镇 小学'])(
    'a photo in “%s” is found, however its name is capitalised',
    async (folder) => {
      const name = `走廊 ${folder.length}.JPG`;
      put(`${folder}/${name}`, await phonePicture());
      expect(bytesOf(await find(name.toLowerCase()))).toEqual(await phonePicture());
      expect(bytesOf(await find(name.slice(0, -4))).length).toBeGreaterThan(100);
    },
  );

  test('a folder is listed once, however many photos are looked for', async () => {
    const places = photoPlaces({ sheetsDir: '/nowhere', webdav: server.account }, () => null);
    server.requests.length = 0;
    for (const name of ['没有一.jpg', '没有二.jpg', '没有三.jpg'])
      expect(faultOf(await places.find(name, workbook, megabyte))).toContain('没有找到照片');
    expect(server.requests.filter((request) => request.startsWith('PROPFIND')).length).toBeLessThanOrEqual(4 * 2);
  });

  test('one that is too large is not taken, whether the server says beforehand how large it is or not', async () => {
    put('城关镇 小学/大.png', await largePicture());
    expect(faultOf(await find('大.png'))).toBe('照片“大.png”超过 1 MB,请压缩后重新放入。');
    server.twist((request, response) => {
      if (request.method !== 'GET') return false;
      response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
      response.write(Buffer.alloc(megabyte));
      response.end(Buffer.alloc(megabyte));
      return true;
    });
    expect(faultOf(await find('大.png'))).toContain('超过 1 MB');
  });

  test('a server that fails is told apart from a photo that is not there; no name leads out of the folder', async () => {
    expect(faultOf(await find('../外面.jpg'))).toContain('请只写文件名');
    server.twist((_request, response) => {
      response.writeHead(500).end();
      return true;
    });
    expect(faultOf(await find('走廊.jpg'))).toContain('网盘没有应答');
  });
});

describe('on Drive', () => {
  let google: TestGoogle;
  let shared: string;
  const find = (name: string, workbook: { kind: string; place: string } | null = null, largest = megabyte) =>
    photoPlaces({ sheetsDir: '/nowhere', webdav: null }, () => openGoogle(google.settings, google.clock)).find(name, workbook, largest);
  const link = (id: string): string => `https://drive.google.com/file/d/${id}/view?usp=sharing`;
  beforeAll(async () => {
    google = await startTestGoogle();
    shared = google.standIn.people.uploadFile(bureau, 'IMG_1.jpg', 'image/jpeg', await phonePicture());
    google.standIn.people.share(shared, account, 'reader');
  });
  afterAll(() => google?.stop());

  test.each([link, (id: string) => `https://drive.google.com/open?id=${id}`, (id: string) => `https://drive.google.com/uc?export=view&id=${id}`])(
    'a link to a photo that is shared brings its bytes; kept, it stands upright and does not say where it was taken',
    async (form) => {
      const bytes = bytesOf(await find(form(shared)));
      expect(bytes).toEqual(await phonePicture());
      const made = await cleanPhoto(bytes, 'x');
      if ('fault' in made) throw new Error(made.fault);
      const kept = await sharp(made.bytes).metadata();
      expect([kept.exif, kept.orientation, kept.width, kept.height]).toEqual([undefined, undefined, 300, 400]);
    },
  );

  test('one that nobody shared with the account says with whom to share it; one that is too large is not fetched', async () => {
    const secret = google.standIn.people.uploadFile(bureau, 'IMG_2.jpg', 'image/jpeg', await phonePicture());
    expect(faultOf(await find(link(secret)))).toContain(`请把这个文件共享给 ${account}`);
    const large = google.standIn.people.uploadFile(bureau, '大.png', 'image/png', await largePicture());
    google.standIn.people.share(large, account, 'reader');
    google.newCalls();
    expect(faultOf(await find(link(large)))).toBe('照片“大.png”超过 1 MB,请压缩后重新放入。');
    expect(google.newCalls()).toHaveLength(1);
  });

  test('a name means the photo beside the spreadsheet; the same name elsewhere does not', async () => {
    const { people, world } = google.standIn;
    const sheet = people.createSpreadsheet(bureau, '东关小学', { parents: [google.folder] });
    people.uploadFile(bureau, "小明's 走廊.jpg", 'image/jpeg', await phonePicture(), [google.folder]);
    const elsewhere = people.uploadFile(bureau, '别处.jpg', 'image/jpeg', await phonePicture());
    people.share(elsewhere, account, 'reader');
    const workbook = { kind: '谷歌表格', place: sheet };
    expect(bytesOf(await find("小明's 走廊.jpg", workbook))).toEqual(await phonePicture());
    expect(faultOf(await find('别处.jpg', workbook))).toContain('没有找到照片');
    expect(world.files.get(sheet)?.parents).toEqual([google.folder]);
  });

  test('without an account at Google a link says what to do instead', async () => {
    const places = photoPlaces({ sheetsDir: '/nowhere', webdav: null }, () => null);
    expect(faultOf(await places.find(link(shared), null, megabyte))).toContain('请把照片放进填报表旁边的文件夹');
  });
});
