/**
 * npm run sheets -- --create --google: spreadsheets for three schools, whatever happens on the way.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tabs } from '../../schema/sheets.ts';
import { terminalProgress } from '../../scripts/cli.ts';
import { drawCounty, sampleDay } from '../../scripts/county/county.ts';
import { type GoogleSheetsReport, makeGoogleSheets } from '../../scripts/sheets/google/create-all.ts';
import { inBatches } from '../../scripts/sheets/google/create-spreadsheet.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { account, addressOf, bureau, startTestGoogle, type TestGoogle } from '../helpers/google.ts';
import { modelSetups } from '../helpers/staff-fields.ts';

const county = drawCounty({ schools: 3, students: 30, seed: 7, today: sampleDay });
const schools = county.bureau.schools;
const [first] = schools;
if (!first) throw new Error('the county has schools');

let google: TestGoogle;
let store: ReturnType<typeof fakeStore>;

beforeEach(async () => {
  google = await startTestGoogle();
  const withAddress = schools.map((school, index) => ({ ...school, email: index < 2 ? addressOf(school) : null }));
  const rows = schools.flatMap((school) => Object.entries(county.schoolRows(school.code)).map(([table, list]) => ({ table, school, list })));
  const tables: Record<string, object[]> = { schools: withAddress, terms: county.bureau.terms as never, providers: county.bureau.providers as never };
  for (const { table, school, list } of rows)
    tables[table] = [...(tables[table] ?? []), ...(list as object[]).map((row) => ({ ...row, school: school.code, term: '2026-1' }))];
  // Staff have added no fields.
  store = { ...fakeStore(tables as never, county.bureau.settings as never), call: async () => modelSetups as never };
});
afterEach(() => google?.stop());

const create = (options: object = {}): Promise<GoogleSheetsReport> =>
  makeGoogleSheets(store, { ...google.settings, timezone: 'Asia/Shanghai' }, options, terminalProgress(true), google.clock);
const states = (report: GoogleSheetsReport): string[] => report.spreadsheets.map((one) => one.state);
const idIn = (link: string | null | undefined): string => /\/d\/([^/]+)\//.exec(link ?? '')?.[1] ?? '';
const sheetsOf = (id: string) => google.standIn.world.files.get(id)?.book?.sheets ?? [];
const spreadsheets = () => [...google.standIn.world.files.values()].filter((file) => file.book);

test('three schools get theirs: the tabs of the model, the rows that are known, the link at the school', async () => {
  const report = await create();
  expect(states(report)).toEqual(['新建', '新建', '新建']);
  const [made] = report.spreadsheets;
  const id = idIn(made?.link);
  expect(sheetsOf(id).map((sheet) => sheet.properties.title)).toEqual(['填表说明', '_kehou', ...tabs.map((tab) => tab.name)]);
  expect(
    sheetsOf(id)
      .filter((sheet) => sheet.properties.hidden)
      .map((sheet) => sheet.properties.title),
  ).toEqual(['_kehou']);
  const roster = google.standIn.people.shown(id, '学生报名');
  expect(roster[0]?.[0]).toBe('行号');
  expect(roster[0]?.slice(-2)).toEqual(['同步状态', '问题说明']);
  const names = county.schoolRows(first.code).students.map((child) => child.name);
  expect(
    roster
      .slice(1)
      .flatMap((row) => row[1] || [])
      .sort(),
  ).toEqual([...names].sort());
  expect(store.rowsOf('schools').map((school) => school.workbook)).toEqual(report.spreadsheets.map((one) => one.link));
});

test('the grid is as large as it must be, the header stands still, and only the system may change it', async () => {
  const report = await create({ schools: [first.code] });
  const roster = sheetsOf(idIn(report.spreadsheets[0]?.link)).find((sheet) => sheet.properties.title === '学生报名');
  const width = (tabs.find((tab) => tab.name === '学生报名')?.columns.length ?? 0) + 3;
  expect(roster?.properties.gridProperties).toMatchObject({ columnCount: width, frozenRowCount: 1, frozenColumnCount: 2 });
  expect(roster?.protections.map((one) => one.range)).toMatchObject([
    { range: { startRowIndex: 0, endRowIndex: 1 }, warningOnly: false, editors: { users: [account] } },
  ]);
  const id = idIn(report.spreadsheets[0]?.link);
  const school = addressOf(first);
  expect(() => google.standIn.people.editCells(id, school, "'学生报名'!B1", [['名字']])).toThrow(/protected/);
  expect(() => google.standIn.people.editCells(id, school, "'_kehou'!B2", [['1']])).toThrow(/protected/);
});

test('a school can sort and delete its rows, and a phone keeps its digits', async () => {
  const id = idIn((await create({ schools: [first.code] })).spreadsheets[0]?.link);
  google.standIn.people.sortTab(id, addressOf(first), '学生报名', 1);
  google.standIn.people.change(id, addressOf(first), [
    { deleteDimension: { range: { sheetId: 104, dimension: 'ROWS', startIndex: 1, endIndex: 2 } } },
  ]);
  google.standIn.people.editCells(id, addressOf(first), "'学生报名'!C2", [['0123']]);
  expect(google.standIn.people.shown(id, '学生报名')[1]?.[2]).toBe('0123');
});

test("it is shared with the school's address; a school without one is named, and served once it has one", async () => {
  const report = await create();
  const [one, , three] = report.spreadsheets;
  const writers = (link: string | null | undefined) =>
    google.standIn.world.files.get(idIn(link))?.permissions.flatMap((right) => (right.role === 'writer' ? right.emailAddress : []));
  expect(writers(one?.link)).toEqual([addressOf(first)]);
  expect(writers(three?.link)).toEqual([]);
  expect(three?.message).toMatch(/没有填邮箱/);
  await store.updateRow('schools', three?.school ?? '', { email: 'late@school.example.cn' } as never);
  const again = await create();
  expect(again.spreadsheets.map((made) => made.message)).toEqual([null, null, null]);
  expect(writers(three?.link)).toEqual(['late@school.example.cn']);
});

test('a second run makes nothing, shares nothing and asks for two things only', async () => {
  await create();
  await store.updateRow('schools', schools[2]?.code ?? '', { email: null } as never);
  google.newCalls();
  expect(states(await create())).toEqual(['已有', '已有', '已有']);
  expect(google.newCalls().map((call) => call.split('/').slice(0, 4).join('/'))).toEqual(['GET /drive/v3/files', 'GET /drive/v3/files']);
  expect(spreadsheets()).toHaveLength(3);
});

test('a dry run says what would be done and does none of it', async () => {
  expect(states(await create({ dryRun: true }))).toEqual(['新建', '新建', '新建']);
  expect(spreadsheets()).toEqual([]);
});

test.each([
  ['the answer to the creation is lost', ['lost-response:n=1,match=/drive/v3/files,method=POST']],
  ['the answer to the filling is lost', ['lost-response:n=1,match=batchUpdate']],
  ['the answer to the sharing is lost', ['lost-response:n=1,match=permissions']],
  ['every third call is refused with 503', ['503:p=0.33']],
  ['calls go over the quota', ['429:p=0.3']],
])('%s: each school still has exactly one, complete and shared once', async (_name, faults) => {
  google.standIn.setFaults(faults);
  const report = await create();
  google.standIn.setFaults([]);
  const after = await create();
  expect(states(after).filter((state) => state === '没建成')).toEqual([]);
  expect(spreadsheets()).toHaveLength(3);
  for (const { link } of after.spreadsheets) {
    expect(sheetsOf(idIn(link))).toHaveLength(tabs.length + 2);
    expect(sheetsOf(idIn(link)).flatMap((sheet) => sheet.protections)).toHaveLength(tabs.length + 2);
  }
  const rights = google.standIn.world.files.get(idIn(report.spreadsheets[0]?.link ?? after.spreadsheets[0]?.link))?.permissions ?? [];
  expect(rights.filter((right) => right.emailAddress === addressOf(first))).toHaveLength(1);
});

test.each([1, 2, 3, 4, 5])('killed after its call number %i: the next run goes on, and nothing is made twice', async (number) => {
  let calls = 0;
  const dying = await makeGoogleSheets(store, { ...google.settings, timezone: 'Asia/Shanghai' }, { schools: [first.code] }, terminalProgress(true), {
    ...google.clock,
    now() {
      // Each call asks for the time before it goes out.
      calls += 1;
      if (calls > number + 2) throw new Error('killed');
      return google.clock.now();
    },
  }).catch((error: Error) => error.message);
  expect(['killed', expect.anything()]).toContainEqual(dying);
  const report = await create({ schools: [first.code] });
  expect(report.spreadsheets[0]?.state).toMatch(/新建|续建|已有/);
  expect(spreadsheets()).toHaveLength(1);
  expect(sheetsOf(idIn(report.spreadsheets[0]?.link))).toHaveLength(tabs.length + 2);
});

test('a half-drawn spreadsheet is drawn anew', async () => {
  const id = idIn((await create({ schools: [first.code] })).spreadsheets[0]?.link);
  const file = google.standIn.world.files.get(id);
  if (!file?.book) throw new Error('no file');
  file.book.developerMetadata = [];
  file.book.sheets = file.book.sheets.slice(0, 4);
  file.appProperties = { kehou_school: first.code, kehou_term: '2026-1' };
  expect((await create({ schools: [first.code] })).spreadsheets[0]).toMatchObject({ state: '续建', message: null });
  expect(sheetsOf(id)).toHaveLength(tabs.length + 2);
});

test('a blank spreadsheet that the bureau has put there under the right name is used; one with content is left alone', async () => {
  const [, second] = schools;
  if (!second) throw new Error('the county has schools');
  const blank = google.standIn.people.createSpreadsheet(bureau, `${first.code}_${first.name}`, { parents: [google.folder] });
  const full = google.standIn.people.createSpreadsheet(bureau, `${second.code}_${second.name}`, { parents: [google.folder] });
  google.standIn.people.editCells(full, bureau, "'工作表1'!A1", [['别的东西']]);
  const report = await create();
  expect(report.spreadsheets[0]).toMatchObject({ state: '新建', link: expect.stringContaining(blank) });
  expect(report.spreadsheets[1]).toMatchObject({ state: '不是系统模板', message: expect.stringContaining('移走') });
  expect(google.standIn.people.shown(full, '工作表1')).toEqual([['别的东西']]);
});

test('a folder that is not shared, and a wrong key, are one sentence each', async () => {
  google.standIn.people.revokeShare(google.folder, account);
  await expect(create()).rejects.toMatchObject({ name: 'SheetFault', message: expect.stringContaining(`共享给 ${account}`) });
  google.standIn.people.share(google.folder, account, 'writer');
  google.standIn.revokeKey(account);
  await expect(create()).rejects.toMatchObject({ name: 'SheetFault', message: expect.stringContaining('密钥') });
});

test('long requests are cut into pieces of bearable size, in their order', () => {
  const requests = Array.from({ length: 40 }, (_, index) => ({ addSheet: { properties: { title: `${index}`.padEnd(100_000, 'x') } } }));
  const batches = inBatches(requests);
  expect(batches.flat()).toEqual(requests);
  expect(Math.max(...batches.map((batch) => Buffer.byteLength(JSON.stringify(batch))))).toBeLessThan(2_000_000);
});
