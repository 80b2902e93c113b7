import { read as readXlsx, utils } from '@e965/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchAs, openClients, refusalOf } from '../google-stand-in/client.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../google-stand-in/index.ts';

const office = 'office@kehou.example.com';
const school = 'school@kehou.example.com';
const spreadsheetType = 'application/vnd.google-apps.spreadsheet';
const folderType = 'application/vnd.google-apps.folder';
let google: GoogleStandIn;

beforeAll(async () => {
  google = await startGoogleStandIn({ quotas: null });
});
afterAll(() => google.stop());

const drive = (user = office) => openClients(google.url, user).drive;
const sheets = (user = office) => openClients(google.url, user).sheets;
const book = (name = '一小', user = office, parents: string[] = []): string => google.people.createSpreadsheet(user, name, { parents });
const file = async (fileId: string, fields: string, user = office) => (await drive(user).files.get({ fileId, fields })).data;

describe('files', () => {
  test('a spreadsheet made in a folder can be filled by Sheets at once', async () => {
    const folder = (await drive().files.create({ requestBody: { name: '课后', mimeType: folderType } })).data.id ?? '';
    const made = await drive().files.create({ requestBody: { name: '一小', mimeType: spreadsheetType, parents: [folder] }, fields: 'id,parents' });
    expect(made.data.parents).toEqual([folder]);
    expect((await sheets().spreadsheets.get({ spreadsheetId: made.data.id ?? '' })).data.properties?.title).toBe('一小');
  });

  test('without fields only kind, id, name and mimeType are answered', async () => {
    const id = book();
    expect((await drive().files.get({ fileId: id })).data).toEqual({ kind: 'drive#file', id, name: '一小', mimeType: spreadsheetType });
  });

  test('the time of the last change moves with every write and with no read, and so does the version', async () => {
    const id = book();
    const at = async () => Object.values(await file(id, 'modifiedTime,version'));
    const before = await at();
    await sheets().spreadsheets.values.get({ spreadsheetId: id, range: 'A1' });
    await sheets().spreadsheets.get({ spreadsheetId: id });
    expect(await at()).toEqual(before);
    await sheets().spreadsheets.values.update({ spreadsheetId: id, range: 'A1', valueInputOption: 'RAW', requestBody: { values: [['a']] } });
    const after = await at();
    expect(Date.parse(String(after[1]))).toBeGreaterThan(Date.parse(String(before[1])));
    expect(Number(after[0])).toBeGreaterThan(Number(before[0]));
    expect(after[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('a refused write moves nothing', async () => {
    const id = book();
    const before = await file(id, 'modifiedTime,version');
    await refusalOf(
      sheets().spreadsheets.values.update({ spreadsheetId: id, range: 'Nope!A1', valueInputOption: 'RAW', requestBody: { values: [['a']] } }),
    );
    expect(await file(id, 'modifiedTime,version')).toEqual(before);
  });

  test('a file is renamed, moved and put into the bin', async () => {
    const [from, to] = [google.people.createFolder(office, '甲'), google.people.createFolder(office, '乙')];
    const id = book('一小', office, [from]);
    const { data } = await drive().files.update({
      fileId: id,
      addParents: to,
      removeParents: from,
      requestBody: { name: '二小', trashed: true },
      fields: 'name,parents,trashed',
    });
    expect(data).toEqual({ name: '二小', parents: [to], trashed: true });
    expect((await sheets().spreadsheets.get({ spreadsheetId: id })).data.properties?.title).toBe('二小');
  });

  test('a copy is another file with the same cells', async () => {
    const id = book();
    google.people.editCells(id, office, 'A1', [['a']]);
    const { data } = await drive().files.copy({ fileId: id, requestBody: { name: '副本' } });
    google.people.editCells(id, office, 'A1', [['b']]);
    expect(data.id).not.toBe(id);
    expect(google.people.shown(data.id ?? '', 'Sheet1')).toEqual([['a']]);
  });

  test('deleting answers 204 with an empty body, and the file is gone from both services', async () => {
    const id = book();
    const response = await fetchAs(google.url, office, 'DELETE', `/drive/v3/files/${id}`);
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(await refusalOf(drive().files.get({ fileId: id }))).toMatchObject({ status: 404, reason: 'notFound' });
    expect(await refusalOf(sheets().spreadsheets.get({ spreadsheetId: id }))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  test('a missing file is told in the older form of errors, without a status', async () => {
    const response = await fetchAs(google.url, office, 'GET', '/drive/v3/files/nope');
    expect(await response.json()).toEqual({
      error: {
        code: 404,
        message: 'File not found: nope.',
        errors: [{ domain: 'global', reason: 'notFound', message: 'File not found: nope.', location: 'fileId', locationType: 'parameter' }],
      },
    });
  });

  test('a file that is not shared cannot be told from one that is missing', async () => {
    expect(await refusalOf(drive(school).files.get({ fileId: book() }))).toMatchObject({ status: 404, reason: 'notFound' });
  });

  test('about tells who one is, and wants fields', async () => {
    expect((await drive().about.get({ fields: 'user' })).data.user).toMatchObject({ emailAddress: office, me: true });
    expect((await refusalOf(drive().about.get({}))).status).toBe(400);
  });
});

describe('searching', () => {
  const names = async (q: string, more: object = {}, user = 'finder@kehou.example.com') =>
    (await drive(user).files.list({ q, orderBy: 'name', ...more })).data.files?.map((one) => one.name);

  test('by name, kind, folder, bin and time, with and, or, not and parentheses', async () => {
    const finder = 'finder@kehou.example.com';
    const folder = google.people.createFolder(finder, '学校');
    book('第一小学 课后', finder, [folder]);
    const second = book('第二小学 课后', finder, [folder]);
    book("it's \\ here", finder);
    google.people.trashFile(second);
    expect(await names(`'${folder}' in parents`)).toEqual(['第一小学 课后', '第二小学 课后']);
    expect(await names(`'${folder}' in parents and trashed = false`)).toEqual(['第一小学 课后']);
    expect(await names(`mimeType = '${folderType}'`)).toEqual(['学校']);
    expect(await names(`not (trashed = true or mimeType != '${spreadsheetType}') and name contains '课后'`)).toEqual(['第一小学 课后']);
    expect(await names(`name = 'it\\'s \\\\ here'`)).toEqual(["it's \\ here"]);
    expect(await names(`'root' in parents and mimeType = '${spreadsheetType}'`)).toEqual(["it's \\ here"]);
    expect(await names(`modifiedTime > '2000-01-01T00:00:00' and modifiedTime < '2001-01-01T00:00:00'`)).toEqual([]);
    expect(await names(`name contains 'her'`)).toEqual(["it's \\ here"]);
    expect(await names(`name contains 'ere'`)).toEqual([]);
  });

  test.each(["name ~ 'x'", 'name = ', "colour = 'red'", "name = 'a' and", "(name = 'a'"])('%s is an invalid value', async (q) => {
    expect(await refusalOf(drive().files.list({ q }))).toMatchObject({ status: 400, message: 'Invalid Value', reason: 'invalid' });
  });

  test('goes page by page, newest first', async () => {
    const many = 'many@kehou.example.com';
    for (const number of [1, 2, 3, 4, 5]) google.people.editCells(book(`校${number}`, many), many, 'A1', [[number]]);
    google.people.editCells((await drive(many).files.list({ q: "name = '校2'" })).data.files?.[0]?.id ?? '', many, 'A1', [['later']]);
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const { data } = await drive(many).files.list({ pageSize: 2, pageToken, orderBy: 'modifiedTime desc', fields: 'nextPageToken,files(name)' });
      seen.push(...(data.files ?? []).map((one) => one.name ?? ''));
      pageToken = data.nextPageToken ?? undefined;
    } while (pageToken);
    expect(seen.toSorted()).toEqual(['校1', '校2', '校3', '校4', '校5']);
    expect(await names('', { orderBy: 'name desc', pageSize: 1 }, many)).toEqual(['校5']);
  });

  test('me is whoever asks; names have no order in a query; a misspelt field is refused', async () => {
    const [one, other] = ['q1@kehou.example.com', 'q2@kehou.example.com'];
    const id = book('甲', one);
    google.people.share(id, other, 'writer');
    const owned = (user: string) => names("'me' in owners", {}, user);
    expect([await owned(one), await owned(other), await names("'me' in writers", {}, other)]).toEqual([['甲'], [], ['甲']]);
    expect(await refusalOf(names("name > 'a'", {}, one))).toMatchObject({ status: 400, message: 'Invalid Value', reason: 'invalid' });
    const misspelt = { status: 400, message: 'Invalid field selection nmae', reason: 'invalidParameter' };
    expect(await refusalOf(drive(one).files.list({ fields: 'files(id,nmae)' }))).toMatchObject(misspelt);
    expect(await refusalOf(drive(one).changes.list({ pageToken: '1', fields: 'changes/file/nmae' }))).toMatchObject(misspelt);
  });

  test('finds files by properties of an application', async () => {
    const id = book();
    await drive().files.update({ fileId: id, requestBody: { appProperties: { school: 'S001' } } });
    const { data } = await drive().files.list({ q: "appProperties has { key='school' and value='S001' }" });
    expect(data.files?.map((one) => one.id)).toEqual([id]);
  });
});

describe('sharing', () => {
  const share = (fileId: string, role: string, more: object = {}) =>
    drive().permissions.create({ fileId, requestBody: { type: 'user', role, emailAddress: school }, ...more });

  test('lets another person in, and a mail is sent unless it is declined', async () => {
    const [loud, silent] = [book(), book()];
    await share(loud, 'writer', { emailMessage: '请填写' });
    await share(silent, 'reader', { sendNotificationEmail: false });
    expect(google.world.notices.filter((one) => [loud, silent].includes(one.fileId))).toEqual([{ to: school, fileId: loud, message: '请填写' }]);
    expect(await file(loud, 'ownedByMe,capabilities(canEdit)', school)).toEqual({ ownedByMe: false, capabilities: { canEdit: true } });
    expect(await file(silent, 'capabilities(canEdit)', school)).toEqual({ capabilities: { canEdit: false } });
  });

  test('rights are listed, changed and taken away', async () => {
    const id = book();
    const permissionId = (await share(id, 'reader')).data.id ?? '';
    await drive().permissions.update({ fileId: id, permissionId, requestBody: { role: 'writer' } });
    const { data } = await drive().permissions.list({ fileId: id, fields: 'permissions(emailAddress,role)' });
    expect(data.permissions).toEqual([
      { emailAddress: office, role: 'owner' },
      { emailAddress: school, role: 'writer' },
    ]);
    expect((await drive().permissions.get({ fileId: id, permissionId })).data).toMatchObject({ type: 'user', role: 'writer' });
    await drive().permissions.delete({ fileId: id, permissionId });
    expect((await refusalOf(drive(school).files.get({ fileId: id }))).status).toBe(404);
  });

  test('a shared folder shares what is in it', async () => {
    const folder = google.people.createFolder(office, '学校');
    const id = book('一小', office, [folder]);
    await share(folder, 'writer');
    expect((await file(id, 'parents', school)).parents).toEqual([folder]);
  });

  test('whoever may only read shares nothing, and only the owner deletes', async () => {
    const id = book();
    await share(id, 'reader');
    const more = drive(school).permissions.create({ fileId: id, requestBody: { type: 'user', role: 'reader', emailAddress: 'x@kehou.example.com' } });
    expect(await refusalOf(more)).toMatchObject({ status: 403, reason: 'insufficientFilePermissions' });
    expect(await refusalOf(drive(school).files.delete({ fileId: id }))).toMatchObject({ status: 403 });
  });
});

describe('changes', () => {
  const start = async (user = school) => (await drive(user).changes.getStartPageToken({})).data.startPageToken ?? '';
  const since = async (pageToken: string, more: object = {}, user = school) => (await drive(user).changes.list({ pageToken, ...more })).data;
  const shared = (name = '一小'): string => {
    const id = book(name);
    google.people.share(id, school, 'writer');
    return id;
  };

  test('nothing new: no changes, and a token to go on from', async () => {
    const token = await start();
    expect(await since(token)).toEqual({ kind: 'drive#changeList', newStartPageToken: token, changes: [] });
  });

  test('an edited file is told once, however often it was edited', async () => {
    const id = shared();
    const token = await start();
    google.people.editCells(id, office, 'A1', [['a']]);
    google.people.editCells(id, office, 'A1', [['b']]);
    const answer = await since(token, { fields: 'newStartPageToken,changes(fileId,removed,file(name,modifiedTime))' });
    expect(answer.changes).toMatchObject([{ fileId: id, removed: false, file: { name: '一小' } }]);
    expect((await since(answer.newStartPageToken ?? '')).changes).toEqual([]);
  });

  test('a read is no change', async () => {
    const id = shared();
    const token = await start();
    await sheets(school).spreadsheets.values.get({ spreadsheetId: id, range: 'A1' });
    expect((await since(token)).changes).toEqual([]);
  });

  test('removed stands for a deleted file and for one that is shared no more', async () => {
    const [deleted, revoked] = [shared(), shared()];
    const token = await start();
    google.people.deleteFile(deleted);
    google.people.revokeShare(revoked, school);
    const answer = await since(token);
    expect(answer.changes?.map((one) => [one.fileId, one.removed, one.file])).toEqual([
      [deleted, true, undefined],
      [revoked, true, undefined],
    ]);
    expect((await since(token, { includeRemoved: false })).changes).toEqual([]);
  });

  test('what lies in a folder comes into sight and out of it with the folder', async () => {
    const folder = google.people.createFolder(office, '学校');
    const id = book('一小', office, [folder]);
    const before = await start();
    google.people.share(folder, school, 'writer');
    expect((await since(before)).changes?.map((one) => [one.fileId, one.removed])).toEqual([
      [folder, false],
      [id, false],
    ]);
    const between = await start();
    google.people.revokeShare(folder, school);
    expect((await since(between)).changes?.map((one) => [one.fileId, one.removed])).toEqual([
      [folder, true],
      [id, true],
    ]);
  });

  test('a file in the bin is no removed one: it says that it is in the bin', async () => {
    const id = shared();
    const token = await start();
    google.people.trashFile(id);
    expect((await since(token, { fields: 'changes(removed,file(trashed))' })).changes).toEqual([{ removed: false, file: { trashed: true } }]);
  });

  test('nobody is told of files that are not theirs to see', async () => {
    const token = await start();
    google.people.editCells(book('秘密'), office, 'A1', [['a']]);
    expect((await since(token)).changes).toEqual([]);
  });

  test('comes page by page, and the last page has the token for the next time', async () => {
    const ids = [shared('甲'), shared('乙'), shared('丙')];
    const token = await start();
    for (const id of ids) google.people.editCells(id, office, 'A1', [['a']]);
    const first = await since(token, { pageSize: 2 });
    expect([first.changes?.length, first.newStartPageToken]).toEqual([2, undefined]);
    const second = await since(first.nextPageToken ?? '', { pageSize: 2 });
    expect([second.changes?.map((one) => one.fileId), second.nextPageToken]).toEqual([[ids[2]], undefined]);
    expect((await since(second.newStartPageToken ?? '')).changes).toEqual([]);
  });

  test('a token that was never given is an invalid value', async () => {
    expect(await refusalOf(since('99999999'))).toMatchObject({ status: 400, reason: 'invalid' });
  });
});

describe('export', () => {
  const filled = (): string => {
    const id = book();
    google.people.editCells(id, office, 'A1', [
      ['姓名', '金额', '日期'],
      ['李雷, "三"', '=1+1', '2026-09-01'],
    ]);
    return id;
  };

  test('as a workbook, with values, formulas and formats', async () => {
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const { data } = await drive().files.export({ fileId: filled(), mimeType }, { responseType: 'arraybuffer' });
    const sheet = readXlsx(Buffer.from(data as unknown as ArrayBuffer)).Sheets.Sheet1 ?? {};
    expect(utils.sheet_to_json(sheet, { header: 1, raw: false })).toEqual([
      ['姓名', '金额', '日期'],
      ['李雷, "三"', '2', '2026-09-01'],
    ]);
    expect(sheet.B2?.f).toBe('1+1');
  });

  test('as CSV, the first tab', async () => {
    const { data } = await drive().files.export({ fileId: filled(), mimeType: 'text/csv' }, { responseType: 'text' });
    expect(data).toBe('姓名,金额,日期\r\n"李雷, ""三""",2,2026-09-01');
  });

  test('as an OpenDocument spreadsheet, and as text between tabs', async () => {
    const ods = { fileId: filled(), mimeType: 'application/vnd.oasis.opendocument.spreadsheet' };
    const { data } = await drive().files.export(ods, { responseType: 'arraybuffer' });
    expect(utils.sheet_to_json(readXlsx(Buffer.from(data as unknown as ArrayBuffer)).Sheets.Sheet1 ?? {}, { header: 1 })[0]).toEqual([
      '姓名',
      '金额',
      '日期',
    ]);
    const tabs = await drive().files.export({ fileId: filled(), mimeType: 'text/tab-separated-values' }, { responseType: 'text' });
    expect(tabs.data).toBe('姓名\t金额\t日期\r\n李雷, "三"\t2\t2026-09-01');
  });

  test('not as anything else, and no folder at all', async () => {
    expect((await refusalOf(drive().files.export({ fileId: filled(), mimeType: 'image/png' }, { responseType: 'json' }))).status).toBe(400);
    const folder = google.people.createFolder(office, '夹');
    expect(await refusalOf(drive().files.export({ fileId: folder, mimeType: 'text/csv' }, { responseType: 'json' }))).toMatchObject({
      reason: 'fileNotExportable',
    });
  });
});
