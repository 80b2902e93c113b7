/** Started by interruptions.test.ts, which kills it: prints with a store that keeps its rows in a file. `node killed-run.ts FOLDER KIND` */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { deskFor } from './desk.ts';
import { settings } from './fixture.ts';

const [, , folder, kind] = process.argv as [string, string, string, string];
const rows = JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8'));
const store = fakeStore(rows, settings);
const createRows: typeof store.createRows = async (table, list) => {
  await store.createRows(table, list);
  writeFileSync(
    join(folder, 'rows.json'),
    JSON.stringify({ ...rows, notices: store.rowsOf('notices'), notice_copies: store.rowsOf('notice_copies') }),
  );
  if (table === 'notice_copies') {
    process.stdout.write('recorded\n');
    // Stands still, so that the kill always comes before the next batch is recorded.
    await new Promise(() => setInterval(() => undefined, 1000));
  }
};
await printNotices(deskFor({ ...store, createRows }, folder), { kind, school: rows.schools[0].code });
