import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../../scripts/config.ts';
import { sampleDay } from '../../../scripts/county/county.ts';
import { chanceOf } from '../../../scripts/county/random.ts';
import { writeCounty } from '../../../scripts/county/write.ts';
import { readSecrets, type Secrets } from '../../../scripts/directus/secrets.ts';
import { type RunningDirectus, startDirectus } from '../../../scripts/directus/server.ts';
import { openStore, type Store } from '../../../scripts/directus/store.ts';
import { syncSheets } from '../../../scripts/intake/run-sync.ts';
import { listWorkbooks } from '../../../scripts/sheets/folder.ts';
import { parseSharedStrings, parseSheet, readRow, renderSheet, type SheetXml, setCell } from '../../../scripts/sheets/sheet-xml.ts';
import { openPackage, type SheetPart, sheetParts } from '../../../scripts/sheets/xlsx-package.ts';
import { type DatabaseKind, testWorkspace } from '../../helpers/directus.ts';
import { progress } from '../stories.ts';
import { countyState } from './county-state.ts';
import { pause, startCommand } from './start-command.ts';

/** How often the sync and Directus are killed; together 100 and 20. */
const rounds: readonly { readonly database: DatabaseKind; readonly sync: number; readonly directus: number }[] = [
  { database: 'sqlite', sync: 60, directus: 12 },
  { database: 'postgres', sync: 40, directus: 8 },
];

/** The undisturbed office syncs after so many edits: when a change is taken makes no difference to what it leaves. */
const calmEvery = 6;

/** Rows that the smaller of the two schools surely has. */
const smallRows = 8;

const roster = '学生报名';

/** A workspace with a county's workbooks in its folder, and the Directus beside it. */
interface Office {
  readonly config: Config;
  readonly secrets: Secrets;
  directus: RunningDirectus;
  store(): Store;
}

const openOffice = async (database: DatabaseKind, drawn: string): Promise<Office> => {
  const config = await testWorkspace(database);
  await cp(join(drawn, 'workbooks'), config.sheetsDir, { recursive: true });
  const secrets = readSecrets(config.secretsFile) as Secrets;
  const directus = await startDirectus(config);
  const office: Office = { config, secrets, directus, store: () => openStore(office.directus.url, secrets.serviceToken) };
  const bureau = JSON.parse(await readFile(join(drawn, 'county.json'), 'utf8'));
  await office.store().updateSettings(bureau.settings);
  for (const table of ['terms', 'schools', 'providers'] as const) await office.store().createRows(table, bureau[table]);
  return office;
};

const stateOf = ({ config, directus, secrets, store }: Office) => countyState(store(), openStore(directus.url, secrets.adminToken), config.sheetsDir);

/** One edit that nobody undoes: another row each time, so that it makes one change whenever it is taken. */
const edit = async ({ config }: Office, round: number): Promise<void> => {
  const [large, small] = await listWorkbooks(config.sheetsDir);
  const path = (round < smallRows ? small : large) as string;
  const row = 2 + (round < smallRows ? round : round - smallRows);
  const pkg = await openPackage(await readFile(path));
  const part = (await sheetParts(pkg)).find((one) => one.name === roster) as SheetPart;
  const sheet = parseSheet(await pkg.read(part.path)) as SheetXml;
  const strings = parseSharedStrings(await pkg.read('xl/sharedStrings.xml'));
  const column = [...readRow(sheet, 1, strings)].find(([, header]) => header === '监护人姓名')?.[0] as number;
  // Every seventh edit is a mistake that stays.
  setCell(sheet, row, column, round % 7 === 3 ? '长'.repeat(70) : `第${round}次`, strings);
  pkg.write(part.path, renderSheet(sheet));
  await writeFile(path, await pkg.bytes());
};

describe.each(rounds)('killed at any moment on $database', ({ database, sync: syncs, directus: crashes }) => {
  const chance = chanceOf(20261124).branch(database);
  const all = syncs + crashes;
  let drawn: string;
  let calm: Office;
  let stormy: Office;
  /** Milliseconds that the first sync and a later one take here and now: kills fall anywhere in them. */
  const takes = { first: 0, later: 0 };

  beforeAll(async () => {
    drawn = await mkdtemp(join(tmpdir(), 'kehou-faults-'));
    await writeCounty({ out: drawn, schools: 2, students: 100, seed: 11, mistakes: 9, today: sampleDay });
    calm = await openOffice(database, drawn);
    stormy = await openOffice(database, drawn);
    for (let round = -1; round < all; round += 1) {
      if (round >= 0) await edit(calm, round);
      if (round % calmEvery !== 0 && round >= 0 && round < all - 1) continue;
      const began = performance.now();
      await syncSheets(calm.config, calm.store(), progress);
      takes[round < 0 ? 'first' : 'later'] = performance.now() - began;
    }
  }, 600_000);
  afterAll(async () => {
    for (const office of [calm, stormy]) {
      await office?.directus.stop();
      await rm(office?.config.home, { recursive: true, force: true });
    }
    await rm(drawn, { recursive: true, force: true });
  });

  test(`the sync is killed ${syncs} times and Directus ${crashes} times; what they leave equals an undisturbed run`, async () => {
    let killed = 0;
    const first = Math.floor(syncs / 4);
    for (let round = 0; round < syncs; round += 1) {
      // The first sync of all is interrupted too, before any edit.
      if (round === first) await syncSheets(stormy.config, stormy.store(), progress);
      if (round >= first) await edit(stormy, round - first);
      const { child, ended } = await startCommand(stormy.config, 'sync', []);
      await pause(chance.next() * (round < first ? takes.first : takes.later));
      if (child.exitCode === null) killed += 1;
      child.kill('SIGKILL');
      await ended;
    }
    for (let round = syncs - first; round < all; round += 1) {
      await edit(stormy, round);
      if (round >= all - first) continue;
      const { ended, words } = await startCommand(stormy.config, 'sync', []);
      await pause(chance.next() * takes.later);
      process.kill(stormy.directus.pid, 'SIGKILL');
      await ended;
      expect(words.join('')).not.toMatch(/\n\s+at /);
      await stormy.directus.ended;
      stormy.directus = await startDirectus(stormy.config);
    }
    // Most kills must have met the sync at work, or this test would show nothing.
    expect(killed).toBeGreaterThan(syncs / 2);
    await syncSheets(stormy.config, stormy.store(), progress);
    expect(await stateOf(stormy)).toEqual(await stateOf(calm));
    expect(await syncSheets(stormy.config, stormy.store(), progress)).toMatchObject({ opened: 0 });
  }, 900_000);
});
