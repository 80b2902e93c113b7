/**
 * How often Google is called when 3 of 300 spreadsheets have changed, beside one call for each tab.
 * Against the stand-in of tests/google-stand-in; Google itself is never called.
 */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawTab } from '../../schema/parsed.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../../tests/google-stand-in/index.ts';
import { syncSheets } from '../intake/run-sync.ts';
import type { Clock } from '../sheets/google/clock.ts';
import { googleSource } from '../sheets/google-source.ts';
import { readBytesOf } from '../sheets/read-file.ts';
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { type Sample, sampleCounty } from './rig/sample.ts';
import { openWorkspace } from './rig/workspace.ts';

const clerk = 'clerk@example.com';
const account = 'sync@county.iam.gserviceaccount.com';

/** Waits for quotas pass at once: calls are counted here, not minutes. */
const hurriedClock = (): Clock => {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    async wait(ms) {
      ahead += ms;
    },
    random: Math.random,
  };
};

/** What a clerk would type to get the same rows: numbers as numbers, days and times as text. */
const typed = (tab: RawTab): unknown[][] =>
  tab.rows.map((row) => row.map((cell) => (!cell ? '' : cell.format ? cell.text : (cell.value ?? cell.text))));

const share = (google: GoogleStandIn, folder: string, sample: Sample, name: string): string => {
  const { tabs } = readBytesOf(readFileSync(join(sample.workbooks, name)), name);
  const id = google.people.createSpreadsheet(clerk, name.replace('.xlsx', ''), { titles: tabs.map((tab) => tab.name), parents: [folder] });
  // A new tab is 26 columns wide.
  const sheets = google.world.files.get(id)?.book?.sheets ?? [];
  const wider = sheets.map(({ properties: { sheetId } }) => ({ appendDimension: { sheetId, dimension: 'COLUMNS', length: 74 } }));
  google.people.change(id, clerk, wider);
  for (const tab of tabs) {
    const values = typed(tab);
    if (values.length) google.people.editCells(id, clerk, `'${tab.name}'!A1`, values, true);
  }
  google.people.share(id, account, 'writer');
  return id;
};

const keyFile = async (context: BenchContext, google: GoogleStandIn): Promise<string> => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const path = join(context.folder, 'google-key.json');
  const key = { type: 'service_account', client_email: account, private_key: privateKey, token_uri: `${google.url}/token` };
  await writeFile(path, JSON.stringify(key), { mode: 0o600 });
  return path;
};

const changed = 3;
const tabsEach = 9;

export const bar = async (context: BenchContext): Promise<Bar> => {
  const sample = await sampleCounty(context, { schools: 300, students: 600 });
  const google = await startGoogleStandIn({ quotas: null });
  const workspace = await openWorkspace(context, 'google-calls', sample.bureau);
  try {
    const folder = google.people.createFolder(clerk, '课后服务');
    google.people.share(folder, account, 'writer');
    const ids = sample.names.map((name) => share(google, folder, sample, name));
    const settings = { keyFile: await keyFile(context, google), rootUrl: `${google.url}/`, folder };
    const sync = () => syncSheets(workspace.config, workspace.store, context.progress, {}, [googleSource(settings, hurriedClock())]);
    const first = await sync();
    // The answers have moved the spreadsheets on: what Drive lists of that is read once and found to be ours.
    await sync();
    for (const id of ids.slice(0, changed)) google.people.editCells(id, clerk, "'学生报名'!C2", [['李彤']], true);
    const second = await sync();
    if (second.opened !== changed) throw new Error(`${second.opened} spreadsheets were opened instead of ${changed}`);
    const measured = atMost({
      name: 'google-calls',
      what: '300 份谷歌表格改了 3 份:调用谷歌的次数,对每个标签页一次 / calls to Google for 300 spreadsheets of which 3 changed, against one per tab',
      unit: '次 calls',
      ours: second.apiCalls,
      against: null,
      bar: 10,
      details: { spreadsheets: ids.length, changed, firstSyncCalls: first.apiCalls, firstSyncRows: first.read },
    });
    const perTab = ids.length * tabsEach;
    return { ...measured, against: perTab, ratio: second.apiCalls / perTab };
  } finally {
    await workspace.stop();
    await google.stop();
  }
};
