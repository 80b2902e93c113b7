/**
 * A county's Google for a test: the stand-in, a service account with its key file, a Drive folder shared with it, and a clock on
 * which waiting takes no time. It never speaks to Google.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableName } from '../../schema/index.ts';
import { noRows, type TabAnswer } from '../../schema/ingest.ts';
import { newRowId } from '../../schema/row-id.ts';
import { tabs } from '../../schema/sheets.ts';
import type { DrawnCounty } from '../../scripts/county/county.ts';
import { openGoogle } from '../../scripts/sheets/google/client.ts';
import type { Clock } from '../../scripts/sheets/google/clock.ts';
import { spreadsheetTitle } from '../../scripts/sheets/google/create-all.ts';
import { makeSpreadsheet } from '../../scripts/sheets/google/create-spreadsheet.ts';
import { type GoogleSourceSettings, googleSource } from '../../scripts/sheets/google-source.ts';
import { type Answers, type Known, type Listing, type Reading, SheetFault, type SheetSource } from '../../scripts/sheets/source.ts';
import type { WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { columnName } from '../../scripts/sync/plain-text.ts';
import { type GoogleStandIn, type StandInOptions, startGoogleStandIn } from '../google-stand-in/index.ts';
import type { Clerk, Entry, Place, School } from './clerk.ts';

const termOfCounty = { id: '2026-1', name: '2026—2027学年上学期' };

export const account = 'kehou@kehou-test.iam.gserviceaccount.com';
export const bureau = 'jijiao@edu.example.cn';

/** Waits at once; the time moves on by as much. */
export interface SkippingClock extends Clock {
  /** Milliseconds that were waited in all. */
  readonly waited: () => number;
  skip(ms: number): void;
}

export const skippingClock = (): SkippingClock => {
  let [ahead, waited] = [0, 0];
  return {
    now: () => Date.now() + ahead,
    async wait(ms) {
      ahead += ms;
      waited += ms;
    },
    random: () => 0.5,
    waited: () => waited,
    skip(ms) {
      ahead += ms;
    },
  };
};

export interface TestGoogle {
  readonly standIn: GoogleStandIn;
  readonly settings: GoogleSourceSettings;
  readonly clock: SkippingClock;
  /** Drive folder of the bureau, shared with the service account. */
  readonly folder: string;
  /** Calls to Sheets and Drive since the last time this was asked. */
  newCalls(): string[];
  stop(): Promise<void>;
}

/** One key for all tests: making it takes a while. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const keyFileText = (tokenUri: string): string =>
  JSON.stringify({ type: 'service_account', client_email: account, private_key: privateKey, private_key_id: 'k1', token_uri: tokenUri });

export const startTestGoogle = async (options: StandInOptions = {}): Promise<TestGoogle> => {
  const clock = skippingClock();
  const standIn = await startGoogleStandIn({ clock: () => clock.now(), locale: 'zh_CN', firstTitle: '工作表1', ...options });
  standIn.registerKey(account, publicKey);
  const home = mkdtempSync(join(tmpdir(), 'kehou-google-'));
  const keyFile = join(home, 'google-key.json');
  writeFileSync(keyFile, keyFileText(`${standIn.url}/token`), { mode: 0o600 });
  const folder = standIn.people.createFolder(bureau, '课后服务填报表');
  standIn.people.share(folder, account, 'writer');
  let seen = 0;
  return {
    standIn,
    clock,
    folder,
    settings: { keyFile, folder, rootUrl: `${standIn.url}/` },
    newCalls() {
      const calls = standIn.requests.slice(seen).map((one) => `${one.method} ${one.path}`);
      seen = standIn.requests.length;
      return calls.filter((call) => !call.includes('/token'));
    },
    async stop() {
      await standIn.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

/** Address of a school, as its spreadsheet is shared with. */
export const addressOf = (school: { readonly code: string }): string => `${school.code}@school.example.cn`;

type Grid = readonly (readonly string[])[];

const columnIn = (grid: Grid, header: string): number => {
  const found = grid[0]?.findIndex((cell) => cell.replace(/\s/g, '') === header) ?? -1;
  if (found < 0) throw new Error(`no column ${header}`);
  return found;
};

/** A clerk who works in the browser, with the rights that the sharing gives. */
export const googleClerk = ({ people, world }: GoogleStandIn, id: string, user: string): Clerk => {
  const grid = (tab: string): Grid => people.shown(id, tab);
  const lastRow = (tab: string): number => grid(tab).findLastIndex((row) => row.some((cell) => cell !== '')) + 1;
  const put = (tab: string, row: number, header: string, value: Entry): void =>
    people.editCells(id, user, `'${tab}'!${columnName(columnIn(grid(tab), header))}${row}`, [[value ?? '']]);
  const sheetId = (tab: string): number => {
    const sheet = world.files.get(id)?.book?.sheets.find((one) => one.properties.title === tab);
    if (!sheet) throw new Error(`no tab ${tab}`);
    return sheet.properties.sheetId;
  };
  const rows = (tab: string, first: number, count: number) => ({
    range: { sheetId: sheetId(tab), dimension: 'ROWS', startIndex: first - 1, endIndex: first - 1 + count },
  });
  return {
    see: async (tab, row, header) => grid(tab)[row - 1]?.[columnIn(grid(tab), header)] ?? '',
    lastRow: async (tab) => lastRow(tab),
    type: async (tab, row, header, value) => put(tab, row, header, value),
    sort: async (tab, header) => people.sortTab(id, user, tab, columnIn(grid(tab), header), true),
    removeRows: async (tab, first, count) => people.change(id, user, [{ deleteDimension: rows(tab, first, count) }]),
    async insertRow(tab, before, values) {
      people.change(id, user, [{ insertDimension: { ...rows(tab, before, 1), inheritFromBefore: before > 2 } }]);
      const headers = grid(tab)[0] ?? [];
      const typed = headers.map((header) => values[header.replace(/\s/g, '')] ?? null);
      people.editCells(id, user, `'${tab}'!A${before}`, [typed]);
    },
    async copyRow(tab, from) {
      const range = (row: number) => ({ sheetId: sheetId(tab), startRowIndex: row - 1, endRowIndex: row });
      people.change(id, user, [{ copyPaste: { source: range(from), destination: range(lastRow(tab) + 1), pasteType: 'PASTE_NORMAL' } }]);
    },
  };
};

/** Makes a school's spreadsheet as its clerk has filled it in: no 行号 yet. Its id. */
export const fillSpreadsheet = async (google: TestGoogle, county: DrawnCounty, school: School, term = termOfCounty): Promise<string> => {
  const client = await openGoogle(google.settings, google.clock);
  const { id } = await makeSpreadsheet(
    client,
    google.folder,
    { title: spreadsheetTitle(school), email: addressOf(school), known: null },
    async () => ({
      school,
      term,
      office: { bureau: '汝南县教育局(示例)', office: '基础教育股', phone: '13800000001', dueDay: 1 },
      rows: { ...county.schoolRows(school.code), providers: county.bureau.providers } as WorkbookRows,
      timezone: 'Asia/Shanghai',
      account,
    }),
  );
  for (const tab of tabs) {
    const ids = google.standIn.people.shown(id, tab.name).slice(1);
    if (ids.length > 0)
      google.standIn.people.editCells(
        id,
        addressOf(school),
        `'${tab.name}'!A2`,
        ids.map(() => ['']),
      );
  }
  return id;
};

/** The bureau's folder on Drive. */
export const googlePlace = (google: TestGoogle, county: DrawnCounty): Place => ({
  name: 'Google Sheets',
  handOut: async (school) => googleClerk(google.standIn, await fillSpreadsheet(google, county, school), addressOf(school)),
  sources: () => [googleSource(google.settings, google.clock)],
});

/** Answers as the ingest endpoint gives them to a county without memory: what is without an error is taken. */
export const answersTo = (reading: Reading, receivedAt = '2026-11-24 08:00'): Answers => ({
  receivedAt,
  deadline: '2026-12-01',
  tabs: reading.tabs.map((tab): TabAnswer => {
    const wrong = new Set(tab.problems.flatMap((problem) => (problem.severity === 'error' ? [problem.row] : [])));
    return {
      tab: tab.tab,
      table: tab.table as TableName,
      rows: tab.rows.map(({ row, id }) => ({
        row,
        id: id ?? (wrong.has(row) ? null : newRowId()),
        status: wrong.has(row) ? '有误' : '已收',
        outward: {},
      })),
      problems: tab.problems,
      counts: noRows,
    };
  }),
});

/** A desk that remembers as `sources` does, and takes what is listed as a sync does. */
export const memoryDesk = (source: () => SheetSource) => {
  const known = new Map<string, Known>();
  const note = (place: string, values: Partial<Known>): void => {
    const before = known.get(place) ?? { id: place, kind: '谷歌表格' as const, place, school: null, term: null, file_hash: '', cursor: null };
    known.set(place, { ...before, ...values });
  };
  const take = async (from: SheetSource, listing: Listing): Promise<string> => {
    if (!listing.changed) return '未变';
    try {
      if (listing.fault) throw new SheetFault(listing.fault.message);
      const opened = await from.open(listing);
      if (known.get(listing.place)?.file_hash === opened.version) {
        note(listing.place, { cursor: opened.cursor });
        return '没有新内容';
      }
      const reading = await opened.read({});
      note(listing.place, { file_hash: '' });
      const { fate, version, cursor, message } = await opened.answer(answersTo(reading));
      if (fate === 'answered' || fate === 'unchanged') note(listing.place, { file_hash: version, cursor });
      return message ?? fate;
    } catch (error) {
      if (!(error instanceof SheetFault)) throw error;
      note(listing.place, { file_hash: '' });
      return error.message;
    }
  };
  return {
    known,
    /** What became of each spreadsheet, by its title. */
    async pass(): Promise<Record<string, string>> {
      const from = source();
      const said: Record<string, string> = {};
      for (const listing of await from.list(known)) said[listing.title] = await take(from, listing);
      for (const { place, cursor } of (await from.settled?.()) ?? []) if (known.has(place)) note(place, { cursor });
      return said;
    },
  };
};
