/**
 * A county of 300 spreadsheets: what a pass costs when three of them have changed, and columns that staff add.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { drawCounty, sampleDay } from '../../scripts/county/county.ts';
import { googleSource } from '../../scripts/sheets/google-source.ts';
import { addressOf, answersTo, bureau, fillSpreadsheet, googleClerk, memoryDesk, startTestGoogle, type TestGoogle } from '../helpers/google.ts';
import { busRoute, tabsWith } from '../helpers/staff-fields.ts';

const county = drawCounty({ schools: 1, students: 6, seed: 7, today: sampleDay });
const [school] = county.bureau.schools;
if (!school) throw new Error('the county has a school');
const roster = '学生报名';

let google: TestGoogle;
let first: string;

beforeAll(async () => {
  google = await startTestGoogle();
  first = await fillSpreadsheet(google, county, school);
});
afterAll(() => google?.stop());

test('a column that staff add comes to a spreadsheet that is out already: once, right of everything, with its dropdown', async () => {
  const tabs = tabsWith(busRoute());
  const answer = async () => {
    const source = googleSource(google.settings, google.clock);
    const listing = (await source.list(new Map())).find((one) => one.place === first);
    const opened = await source.open(listing as never);
    const reading = await opened.read({ tabs });
    return opened.answer({ ...answersTo(reading), model: tabs });
  };
  expect((await answer()).fate).toBe('answered');
  const shown = () => google.standIn.people.shown(first, roster)[0] ?? [];
  expect(shown().slice(-2)).toEqual(['问题说明', '乘车路线']);
  const sheet = google.standIn.world.files.get(first)?.book?.sheets.find((one) => one.properties.title === roster);
  const at = shown().indexOf('乘车路线');
  expect(sheet?.rows[1]?.[at]?.dataValidation).toMatchObject({
    condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: '一号线' }, { userEnteredValue: '二号线' }] },
    strict: true,
  });
  expect(sheet?.rows[0]?.[at]?.note).toContain('坐校车的填');
  await googleClerk(google.standIn, first, addressOf(school)).type(roster, 2, '乘车路线', '一号线');
  const source = googleSource(google.settings, google.clock);
  const listing = (await source.list(new Map())).find((one) => one.place === first);
  const reading = await (await source.open(listing as never)).read({ tabs });
  expect(reading.tabs.find((tab) => tab.table === 'students')?.rows[0]?.values.乘车路线).toBe('one');
  await answer();
  expect(shown().filter((header) => header === '乘车路线')).toHaveLength(1);
});

test('300 spreadsheets, three changed: at most ten calls, and a quiet pass is one', async () => {
  const { world, people } = google.standIn;
  const desk = memoryDesk(() => googleSource(google.settings, google.clock));
  await desk.pass();
  await desk.pass();
  const taken = desk.known.get(first);
  const book = world.files.get(first)?.book;
  if (!taken || !book) throw new Error('not taken');
  const copies = Array.from({ length: 299 }, (_, index) => {
    const name = `第${index}小学`;
    const properties = { ...book.properties, title: name };
    const own = (id: string) => ({
      ...structuredClone({ ...book, sheets: [] }),
      spreadsheetId: id,
      properties,
      sheets: book.sheets.map((sheet) => ({ ...sheet })),
    });
    return world.addFile(addressOf(school), { name, mimeType: 'application/vnd.google-apps.spreadsheet', parents: [google.folder], book: own }).id;
  });
  // As if each had been read and answered before; one of them carries the page token for all.
  for (const id of copies)
    desk.known.set(id, { ...taken, id, place: id, cursor: { ...(taken.cursor as object), token: undefined, tokenAt: undefined } });
  await desk.pass();
  google.newCalls();
  expect(new Set(Object.values(await desk.pass()))).toEqual(new Set(['未变']));
  expect(google.newCalls()).toHaveLength(1);
  for (const id of copies.slice(0, 3)) people.editCells(id, addressOf(school), `'${roster}'!B2`, [['']]);
  const said = Object.values(await desk.pass());
  expect(said).toHaveLength(300);
  expect(said.filter((word) => word === 'answered')).toHaveLength(3);
  expect(google.newCalls().length).toBeLessThanOrEqual(10);
});

test('seventy new spreadsheets at once: the quota of a minute is kept by waiting, not by being refused', async () => {
  const other = await startTestGoogle();
  for (let number = 0; number < 70; number += 1) other.standIn.people.createSpreadsheet(bureau, `表${number}`, { parents: [other.folder] });
  const before = other.clock.now();
  const source = googleSource(other.settings, other.clock);
  for (const listing of await source.list(new Map())) await source.open(listing);
  expect(other.standIn.requests.filter((one) => one.status === 429)).toEqual([]);
  expect(other.standIn.requests.filter((one) => one.path.startsWith('/v4/'))).toHaveLength(70);
  expect(other.clock.now() - before).toBeGreaterThanOrEqual(60_000);
  await other.stop();
});

test('a watch tells of a change at the next look, and of nothing once it is stopped', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let told = 0;
    let tell: () => void = () => undefined;
    const watching = await googleSource(google.settings, google.clock).watch(
      () => {
        told += 1;
        tell();
      },
      (message) => expect.unreachable(message),
    );
    const heard = new Promise<void>((done) => {
      tell = done;
    });
    google.standIn.people.editCells(first, addressOf(school), `'${roster}'!B2`, [['改名']]);
    vi.advanceTimersByTime(60_000);
    await heard;
    await watching.stop();
    google.standIn.people.editCells(first, addressOf(school), `'${roster}'!B2`, [['又改名']]);
    vi.advanceTimersByTime(600_000);
    expect(told).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
