import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import * as XLSX from '@e965/xlsx';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noRows, type TabAnswer } from '../../schema/ingest.ts';
import { problem } from '../../schema/problems.ts';
import { drawCounty, sampleDay } from '../../scripts/county/county.ts';
import {
  type Answered,
  type Answers,
  type Known,
  type KnownPlaces,
  type Listing,
  type Opened,
  SheetFault,
  type SheetSource,
} from '../../scripts/sheets/source.ts';
import { openDav } from '../../scripts/sheets/webdav/connection.ts';
import { webdavSource } from '../../scripts/sheets/webdav-source.ts';
import { companionPath } from '../../scripts/sheets/workbook-answers.ts';
import { defaultLimits } from '../../scripts/sync/limits.ts';
import { filledWorkbook } from '../helpers/clerk.ts';
import { startWebdav, type WebdavServer, withoutEtags } from '../helpers/webdav.ts';

const county = drawCounty({ schools: 1, students: 12, seed: 5, today: sampleDay });
const [school] = county.bureau.schools;
if (!school) throw new Error('the county has a school');
const ours = await filledWorkbook(county, school);
const nobody: KnownPlaces = new Map();
const options = { limits: defaultLimits };

const wrongPhone = problem('phone-invalid', { tab: '学生报名', cell: 'I2', row: 2, header: '监护人电话', value: '1380000' });
const students: TabAnswer = {
  tab: '学生报名',
  table: 'students',
  counts: noRows,
  problems: [wrongPhone],
  rows: [{ row: 2, id: 'ABCDEFGHJKLM', status: '有误', outward: {} }],
};
const answers: Answers = { tabs: [students], deadline: '2026-12-01', receivedAt: '2026-11-24 08:00' };

const workbookOf = (tab: string, rows: readonly (readonly (string | number)[])[]): Buffer => {
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(rows.map((row) => [...row])), tab);
  return XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
};
const foreign = workbookOf('学生报名', [
  ['姓名', '年级', '班级', '监护人电话'],
  ['王小明', '一年级', 1, '1380000'],
]);

const secondRow = (file: string): string =>
  XLSX.utils.sheet_to_csv(XLSX.read(readFileSync(file)).Sheets.学生报名 as XLSX.WorkSheet).split('\n')[1] ?? '';

const sentence = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(SheetFault);
  return (error as Error).message;
};

/** What the sync remembers of a sheet once its answers are in it. */
const remembered = (place: string, { version, cursor }: Answered): KnownPlaces =>
  new Map([[place, { id: '1', kind: '网盘', place, school: null, term: null, file_hash: version, cursor } satisfies Known]]);

let server: WebdavServer;
let source: SheetSource;
beforeEach(async () => {
  server = await startWebdav();
  source = webdavSource(server.account);
});
afterEach(() => server.stop());

const put = (path: string, bytes: Uint8Array = ours): string => {
  const file = join(server.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
};
const only = async (known: KnownPlaces = nobody): Promise<Listing> => {
  const [listing, ...more] = await source.list(known);
  if (!listing || more.length) throw new Error(`${more.length + 1} sheets, not one`);
  return listing;
};
const openOnly = async (): Promise<Opened> => {
  const opened = await source.open(await only());
  await opened.read(options);
  return opened;
};
const refusing = (method: string, status: number): void =>
  server.twist((request, response) => {
    if (request.method !== method) return false;
    response.writeHead(status).end();
    return true;
  });
const files = (): string[] => readdirSync(server.folder).sort();

describe('what is in the folder', () => {
  test('workbooks of all folders in one request, without lock files, companions and half uploads', async () => {
    for (const path of ['A 1.xlsx', '城关镇/第二 小学.xls', '城关镇/深/B.ods']) put(path);
    for (const path of ['~$B.xlsx', '.~lock.B.xlsx#', '.A 1.xlsx.kehou-tmp', 'A 1-反馈.xlsx', '说明.docx']) put(path);
    expect((await source.list(nobody)).map((one) => [one.place, one.title, one.changed])).toEqual([
      ['网盘:A 1.xlsx', 'A 1.xlsx', true],
      ['网盘:城关镇/深/B.ods', '城关镇/深/B.ods', true],
      ['网盘:城关镇/第二 小学.xls', '城关镇/第二 小学.xls', true],
    ]);
    expect(server.requests).toHaveLength(1);
    // The first call asked how to sign in.
    expect(source.calls()).toBe(2);
    await source.list(nobody);
    expect(source.calls()).toBe(3);
  });

  test('suddenly nothing at all: that is said once for the whole place, and no school is told that its workbook is gone', async () => {
    const place = (name: string): [string, Known] => [`网盘:${name}`, { kind: '网盘', place: `网盘:${name}` } as Known];
    expect(await sentence(source.list(new Map([place('A.xlsx'), place('B.xlsx')])))).toMatch(/一份填报表也没有了\(原来有 2 份\):网盘账号多半换了/);
    expect(await source.list(new Map([place('A.xlsx')]))).toEqual([]);
  });

  test('names with %, #, ?, & and brackets are read as they are', async () => {
    const names = ['50%.xlsx', 'a#b.xlsx', 'c?d.xlsx', 'e&f.xlsx', 'x%2Fy.xlsx', '三(2)班 [新].xlsx', '%41.xlsx'];
    for (const name of names) put(name, foreign);
    const listings = await source.list(nobody);
    expect(listings.map((one) => one.title).sort()).toEqual([...names].sort());
    for (const listing of listings) expect((await (await source.open(listing)).read(options)).tabs).toHaveLength(1);
  });

  test('names that lead out of the folder are none', async () => {
    server.twist((_request, response) => {
      const row = (href: string, kind = '') =>
        `<response><href>${href}</href><propstat><prop><resourcetype>${kind}</resourcetype><getcontentlength>9</getcontentlength></prop><status>HTTP/1.1 200 OK</status></propstat></response>`;
      const rows = [
        '/dav/课后/',
        '/dav/课后/../../etc/passwd.xlsx',
        '/dav/课后/%2e%2e/oben.xlsx',
        '/dav/课后/a%2f..%2fb.xlsx',
        '/dav/课后/gut/c.xlsx',
      ];
      const body = rows.map((href, index) => row(href, index === 0 ? '<collection/>' : '')).join('');
      response.writeHead(207, { 'Content-Type': 'application/xml' }).end(`<?xml version="1.0"?><multistatus xmlns="DAV:">${body}</multistatus>`);
      return true;
    });
    expect((await source.list(nobody)).map((one) => one.title)).toEqual(['gut/c.xlsx']);
  });

  test.each([
    ['refuses a request for everything', 403],
    ['knows only single levels', 501],
  ])('a server that %s is asked folder by folder', async (_words, status) => {
    for (const path of ['A.xlsx', '镇/B.xlsx', '镇/村/C.xlsx']) put(path);
    server.twist((request, response) => {
      if (request.headers.depth !== 'infinity') return false;
      response.writeHead(status).end();
      return true;
    });
    expect((await source.list(nobody)).map((one) => one.title)).toEqual(['A.xlsx', '镇/B.xlsx', '镇/村/C.xlsx']);
    const before = server.requests.length;
    await source.list(nobody);
    // It is not asked for everything again: root, 镇, 镇/村.
    expect(server.requests.length - before).toBe(3);
  });

  test('a server that answers everything with the first level, as Nextcloud does, is asked on', async () => {
    for (const path of ['A.xlsx', '镇/村/C.xlsx']) put(path);
    server.twist((request) => {
      if (request.headers.depth === 'infinity') request.headers.depth = '1';
      return false;
    });
    expect((await source.list(nobody)).map((one) => one.title)).toEqual(['A.xlsx', '镇/村/C.xlsx']);
  });

  test('a folder that the account may not see is named, and the others are listed', async () => {
    for (const path of ['A.xlsx', '密/B.xlsx']) put(path);
    server.twist((request, response) => {
      if (request.headers.depth !== 'infinity' && !decodeURIComponent(request.url ?? '').includes('密')) return false;
      response.writeHead(403).end();
      return true;
    });
    expect(await source.list(nobody)).toMatchObject([{ title: 'A.xlsx' }, { place: '网盘:密/', fault: { state: '读不了' } }]);
  });

  test('five thousand names are read', async () => {
    const row = (name: string, kind: string) =>
      `<d:response><d:href>/dav/${name}</d:href><d:propstat><d:prop><d:getetag>&quot;${name || 'root'}&quot;</d:getetag><d:resourcetype>${kind}</d:resourcetype><d:getcontentlength>9</d:getcontentlength></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
    const names = Array.from({ length: 5000 }, (_none, index) => row(`x/${index}.xlsx`, ''));
    server.twist((_request, response) => {
      response
        .writeHead(207)
        .end(`<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">${row('', '<d:collection/>')}${names.join('')}</d:multistatus>`);
      return true;
    });
    expect(await source.list(nobody)).toHaveLength(5000);
  });
});

describe('a workbook of ours', () => {
  test('is read as from a folder, answered in its place, and not opened again until somebody saves it', async () => {
    const file = put('城关镇/第一 小学 50%.xlsx');
    const listing = await only();
    const opened = await source.open(listing);
    const reading = await opened.read(options);
    expect(reading.meta?.school).toBe(school.code);
    expect(reading.tabs.find((tab) => tab.table === 'students')?.rows.length).toBeGreaterThan(5);

    const answered = await opened.answer(answers);
    expect(answered.fate).toBe('answered');
    expect(secondRow(file)).toContain('有误');
    expect(readdirSync(dirname(file))).toEqual(['第一 小学 50%.xlsx']);

    const known = remembered(listing.place, answered);
    expect(await only(known)).toMatchObject({ changed: false });
    const calls = source.calls();
    await source.list(known);
    expect(source.calls() - calls).toBe(1);

    writeFileSync(file, ours);
    expect(await only(known)).toMatchObject({ changed: true });
  });

  test('that says all this already keeps its bytes', async () => {
    const file = put('A.xlsx');
    await (await openOnly()).answer(answers);
    const before = readFileSync(file);
    expect((await (await openOnly()).answer(answers)).fate).toBe('unchanged');
    expect(readFileSync(file)).toEqual(before);
  });

  test('that was saved while it was read keeps what was saved', async () => {
    const file = put('A.xlsx');
    const opened = await openOnly();
    writeFileSync(file, foreign);
    expect((await opened.answer(answers)).fate).toBe('changed');
    expect(readFileSync(file)).toEqual(foreign);
  });

  test('that is saved between our last look and our upload keeps what was saved', async () => {
    const file = put('A.xlsx');
    const opened = await openOnly();
    server.twist((request) => {
      if (request.method === 'MOVE') writeFileSync(file, foreign);
      return false;
    });
    expect((await opened.answer(answers)).fate).toBe('changed');
    expect(readFileSync(file)).toEqual(foreign);
    expect(files()).toEqual(['A.xlsx']);
  });

  test.each(['~$A.xlsx', '.~lock.A.xlsx#', '.~A.xlsx'])('beside which lies %s is left alone', async (lock) => {
    const file = put('A.xlsx');
    const opened = await openOnly();
    put(lock, new Uint8Array([1]));
    expect(await only()).toMatchObject({ fault: { state: '占用中' } });
    expect((await opened.answer(answers)).fate).toBe('locked');
    expect(readFileSync(file)).toEqual(Buffer.from(ours));
    const yesterday = new Date(Date.now() - 25 * 3600_000);
    utimesSync(join(server.folder, lock), yesterday, yesterday);
    expect(await only()).toMatchObject({ fault: { state: '读不了', message: expect.stringContaining(`旁边有「${lock}」`) } });
  });

  test('on which an editor holds a WebDAV lock is left alone until it is given back', async () => {
    const file = put('A.xlsx');
    const opened = await openOnly();
    const editor = openDav(server.account);
    const body =
      '<?xml version="1.0"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner><href>Excel</href></owner></lockinfo>';
    const lock = await editor.send('LOCK', 'A.xlsx', {
      data: body,
      headers: { 'Content-Type': 'application/xml', Depth: '0', Timeout: 'Second-600' },
    });
    expect(await only()).toMatchObject({ fault: { state: '占用中' } });
    expect((await opened.answer(answers)).fate).toBe('locked');
    expect(readFileSync(file)).toEqual(Buffer.from(ours));
    await editor.send('UNLOCK', 'A.xlsx', { headers: { 'Lock-Token': lock.header('lock-token') ?? '' } });
    expect((await (await openOnly()).answer(answers)).fate).toBe('answered');
  });

  test('that an editor opens after our last look is left alone, and no half upload stays behind', async () => {
    const file = put('A.xlsx');
    const opened = await openOnly();
    refusing('MOVE', 423);
    expect((await opened.answer(answers)).fate).toBe('locked');
    expect(readFileSync(file)).toEqual(Buffer.from(ours));
    expect(files()).toEqual(['A.xlsx']);
  });

  test('is written under a lock of ours where the server has no ETags that can be trusted', async () => {
    const file = put('A.xlsx');
    server.twist(withoutEtags);
    const opened = await openOnly();
    expect((await opened.answer(answers)).fate).toBe('answered');
    expect(server.requests.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['LOCK', 'MOVE', 'UNLOCK']));
    expect(secondRow(file)).toContain('有误');
    const again = await openOnly();
    writeFileSync(file, foreign);
    expect((await again.answer(answers)).fate).toBe('changed');
    expect(readFileSync(file)).toEqual(foreign);
  });
});

describe("a workbook of the school's own", () => {
  test('stays as it is; the answers go into a companion beside it, which is no sheet', async () => {
    const file = put('镇/我校报名.xlsx', foreign);
    const listing = await only();
    const opened = await source.open(listing);
    expect((await opened.read(options)).meta).toBeNull();
    const answered = await opened.answer(answers);
    expect(answered.fate).toBe('answered');
    expect(readFileSync(file)).toEqual(foreign);
    expect(readdirSync(dirname(file)).sort()).toEqual(['我校报名-反馈.xlsx', '我校报名.xlsx']);
    expect(XLSX.read(readFileSync(companionPath(file))).SheetNames).toEqual(['问题清单']);
    expect(await only(remembered(listing.place, answered))).toMatchObject({ changed: false });
    expect((await (await openOnly()).answer(answers)).fate).toBe('unchanged');
  });

  test('without a problem gets no companion', async () => {
    const file = put('我校报名.xlsx', foreign);
    expect((await (await openOnly()).answer({ tabs: [{ ...students, problems: [] }] })).fate).toBe('unchanged');
    expect(existsSync(companionPath(file))).toBe(false);
  });
});

describe('Nextcloud and ownCloud', () => {
  test('get the answers straight at the name, with If-Match, so that versions and shares stay with the file', async () => {
    await server.stop();
    server = await startWebdav({ base: '/remote.php/dav/files/kehou/' });
    source = webdavSource(server.account);
    const file = put('A.xlsx');
    const opened = await openOnly();
    const tags: unknown[] = [];
    server.twist((request) => {
      if (request.method === 'PUT') tags.push(request.headers['if-match']);
      return false;
    });
    expect((await opened.answer(answers)).fate).toBe('answered');
    expect(tags).toEqual([expect.stringMatching(/^".+"$/)]);
    expect(server.requests.some((line) => line.startsWith('MOVE'))).toBe(false);
    expect(secondRow(file)).toContain('有误');

    const again = await openOnly();
    server.twist((request) => {
      if (request.method === 'PUT') writeFileSync(file, foreign);
      return false;
    });
    expect(
      (await again.answer({ ...answers, tabs: [{ ...students, problems: [], rows: [{ row: 2, id: 'ABCDEFGHJKLM', status: '已收', outward: {} }] }] }))
        .fate,
    ).toBe('changed');
    expect(readFileSync(file)).toEqual(foreign);
  });
});

describe('what goes wrong', () => {
  test.each(['basic', 'digest'] as const)('a wrong password with %s is said without repeating it', async (login) => {
    await server.stop();
    server = await startWebdav({ login });
    put('A.xlsx');
    source = webdavSource(server.account);
    expect(await source.list(nobody)).toHaveLength(1);
    const message = await sentence(webdavSource({ ...server.account, password: 'geheim-falsch' }).list(nobody));
    expect(message).toContain('账号或密码不对');
    expect(message).not.toContain('geheim');
  });

  test('an account inside the address is used and never shown', async () => {
    await server.stop();
    server = await startWebdav({ login: 'digest' });
    const { user, password, url } = server.account;
    source = webdavSource({ url: url.replace('http://', `http://${user}:${password}@`), user: '', password: '' });
    expect(await source.list(nobody)).toEqual([]);
    expect(source.where).toBe(url);
  });

  test.each([
    [404, '没有这个文件夹'],
    [403, '不让这个账号读'],
    [500, '出错了(500)'],
    [405, '不是 WebDAV'],
  ])('a folder answered with %i is one Chinese sentence', async (status, words) => {
    refusing('PROPFIND', status);
    expect(await sentence(source.list(nobody))).toContain(words);
  });

  test('a page that is no WebDAV is said to be none', async () => {
    server.twist((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>请登录</body></html>');
      return true;
    });
    expect(await sentence(source.list(nobody))).toContain('不是 WebDAV 的格式');
  });

  test('a server that is too busy is asked again, and then taken', async () => {
    put('A.xlsx');
    let busy = 1;
    server.twist((_request, response) => {
      if (busy-- <= 0) return false;
      response.writeHead(503).end();
      return true;
    });
    expect(await source.list(nobody)).toHaveLength(1);
    expect(source.calls()).toBe(3);
  });

  test('a server that is down, and a name that does not exist', async () => {
    await server.stop();
    expect(await sentence(source.list(nobody))).toContain('没有应答');
    expect(await sentence(webdavSource({ ...server.account, url: 'http://kehou.invalid/' }).list(nobody))).toContain('域名');
  });

  test('a certificate that nobody has signed, and a server that speaks no https', async () => {
    const at = async (front: Server) => {
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
      const url = `https://127.0.0.1:${(front.address() as AddressInfo).port}/`;
      const message = await sentence(webdavSource({ ...server.account, url }).list(nobody));
      await new Promise((resolve) => front.close(resolve));
      return message;
    };
    // Made for tests of mail by those who wrote that package: signed by itself.
    const selfSigned = createRequire(import.meta.url)('smtp-server/lib/tls-options') as () => object;
    expect(await at(createTlsServer(selfSigned()))).toContain('证书有问题');
    expect(await at(createServer())).toContain('http:// 还是 https://');
  });

  test.each([
    [403, '只能读'],
    [507, '空间满了'],
    [500, '出错了'],
  ])('an upload answered with %i leaves the workbook as it was, and says why', async (status, words) => {
    const file = put('A.xlsx');
    const opened = await openOnly();
    refusing('PUT', status);
    const answered = await opened.answer(answers);
    expect(answered).toMatchObject({ fate: 'unreadable', message: expect.stringContaining(words) });
    expect(answered.message).toContain('数据已收');
    expect(readFileSync(file)).toEqual(Buffer.from(ours));
  });

  test('a line that breaks in the middle of the upload leaves the workbook whole', async () => {
    const file = put('A.xlsx');
    const opened = await openOnly();
    server.twist((request) => {
      if (request.method === 'PUT') request.once('data', () => request.socket.destroy());
      return false;
    });
    expect(await opened.answer(answers)).toMatchObject({ fate: 'unreadable', message: expect.stringContaining('中途断开') });
    expect(readFileSync(file)).toEqual(Buffer.from(ours));
    server.twist();
    expect((await source.list(nobody)).map((one) => one.title)).toEqual(['A.xlsx']);
    expect((await (await openOnly()).answer(answers)).fate).toBe('answered');
    expect(files()).toEqual(['A.xlsx']);
  });

  test('a server killed between the reading and the answer: the next one answers', async () => {
    put('A.xlsx');
    const opened = await openOnly();
    await server.stop();
    expect(await opened.answer(answers)).toMatchObject({ fate: 'unreadable', message: expect.stringContaining('没有应答') });
  });

  test('a file that is gone between the listing and its opening, and one that is too large', async () => {
    const file = put('A.xlsx');
    const listing = await only();
    rmSync(file);
    expect(await sentence(source.open(listing))).toContain('移走');
    put('B.xlsx', Buffer.alloc(41_000_000));
    expect(await sentence(source.open(await only()))).toContain('太大');
    expect(server.requests.filter((line) => line.startsWith('GET'))).toHaveLength(1);
  });
});
