/**
 * Puts the sample county into a workspace: the bureau's rows into Directus, the schools' workbooks into the shared folder.
 * Adds what is missing and touches nothing that is there.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableName } from '../../schema/index.ts';
import type { Progress } from '../cli.ts';
import type { Config } from '../config.ts';
import type { BureauRows } from '../county/county.ts';
import { writeCounty } from '../county/write.ts';
import type { Store } from '../directus/store.ts';

/** The demo's size (issue: 12 schools, 720 students, about twenty honest mistakes). */
export const demoCounty = { schools: 12, students: 720, seed: 5, mistakes: 20 } as const;

/** In the order in which rows may point to each other. */
const bureauTables = ['terms', 'schools', 'providers', 'safety_checks', 'complaints', 'inspections'] as const satisfies readonly TableName[];

const keyOf = (table: TableName, row: Readonly<Record<string, unknown>>): string => String(table === 'schools' ? row.code : row.id);

const addMissing = async (
  store: Store,
  table: (typeof bureauTables)[number],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<number> => {
  const there = new Set((await store.readRows(table, { fields: [table === 'schools' ? 'code' : 'id'] })).map((row) => keyOf(table, row)));
  const missing = rows.filter((row) => !there.has(keyOf(table, row)));
  if (missing.length) await store.createRows(table, missing as never);
  return missing.length;
};

/** Settings that nobody has filled in yet take the sample's words; the others stay. */
const fillSettings = async (store: Store, wanted: BureauRows['settings']): Promise<number> => {
  const current = (await store.readSettings()) as Readonly<Record<string, unknown>> | null;
  const change = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== null && (current?.[name] === null || current?.[name] === undefined)),
  );
  if (Object.keys(change).length) await store.updateSettings(change);
  return Object.keys(change).length;
};

/** Copies workbooks that the shared folder lacks, each whole or not at all. */
const shareWorkbooks = async (from: string, to: string): Promise<number> => {
  await mkdir(to, { recursive: true });
  let copied = 0;
  for (const name of (await readdir(from)).sort()) {
    const target = join(to, name);
    if (existsSync(target)) continue;
    await copyFile(join(from, name), join(to, `.${name}.part`));
    await rename(join(to, `.${name}.part`), target);
    copied += 1;
  }
  return copied;
};

export interface Seeded {
  readonly rows: number;
  readonly workbooks: number;
}

/** Seeds the sample county. A second call finds everything there and adds nothing. */
export const seedCounty = async (config: Config, store: Store, progress: Progress, today: string): Promise<Seeded> => {
  const folder = join(config.home, '示例县');
  const county = join(folder, 'county.json');
  if (!existsSync(county)) {
    const bar = progress.bar('生成示例县', demoCounty.schools);
    const building = `${folder}.part`;
    await writeCounty({ ...demoCounty, today, out: building, step: () => bar.step() });
    await rename(building, folder);
    bar.end();
  }
  const bureau = JSON.parse(await readFile(county, 'utf8')) as BureauRows;
  let rows = await fillSettings(store, bureau.settings);
  for (const table of bureauTables) rows += await addMissing(store, table, bureau[table] as unknown as readonly Readonly<Record<string, unknown>>[]);
  return { rows, workbooks: await shareWorkbooks(join(folder, 'workbooks'), config.sheetsDir) };
};
