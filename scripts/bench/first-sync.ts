/**
 * First sync of rows, with history: what our endpoint stores, beside Directus' own CSV import of the very same rows.
 * Both begin with rows in hand and end with rows, activity, revisions and kehou_changes in the database.
 */
import type { Fields } from '../../schema/fields.ts';
import { type TableName, tables } from '../../schema/index.ts';
import type { IngestRequest } from '../../schema/ingest.ts';
import { openHandOver } from '../intake/hand-over.ts';
import { folderSource } from '../sheets/folder-source.ts';
import { atLeast, type Bar, type BenchContext } from './rig/bar.ts';
import { handIn, type Sample, sampleCounty } from './rig/sample.ts';
import { inLanes, timed } from './rig/time.ts';
import { openWorkspace, type Workspace } from './rig/workspace.ts';

/** In an order in which rows may point to each other. */
const fed = [
  'plans',
  'staff',
  'activities',
  'students',
  'enrolments',
  'fees',
  'attendance',
  'monthly_reports',
  'cases',
] as const satisfies readonly TableName[];

type StoredRows = ReadonlyMap<(typeof fed)[number], readonly Readonly<Record<string, unknown>>[]>;

/** What the sync hands over for each workbook. */
const requestsOf = async ({ config }: Workspace): Promise<IngestRequest[]> => {
  const source = folderSource(config.sheetsDir);
  const requests: IngestRequest[] = [];
  for (const listing of await source.list(new Map())) {
    const { meta, tabs } = await (await source.open(listing)).read({});
    const { school, term } = meta ?? { school: '', term: '' };
    requests.push({
      source: { kind: '工作簿', place: listing.place, own: '系统模板', fileHash: '', school, term },
      dryRun: false,
      model: '',
      tabs,
    });
  }
  return requests;
};

const storedRows = async (store: Workspace['store']): Promise<StoredRows> => {
  const found = new Map<(typeof fed)[number], Readonly<Record<string, unknown>>[]>();
  for (const table of fed) found.set(table, await store.readRows(table));
  return found;
};

const countOf = (rows: StoredRows): number => [...rows.values()].reduce((sum, some) => sum + some.length, 0);

interface Ours {
  readonly ms: number;
  readonly rows: StoredRows;
}

/** Workbooks that go ahead unmeasured: a Directus that has just started is slow with anything, and of a county's two hundred they are few. */
const ahead = 3;

const measureOurs = async (context: BenchContext, sample: Sample, name: string): Promise<Ours> => {
  const workspace = await openWorkspace(context, name, sample.bureau);
  try {
    await handIn(sample, workspace.config.sheetsDir);
    const requests = await requestsOf(workspace);
    const { take } = openHandOver(workspace.store);
    await inLanes(requests.slice(0, ahead), take);
    const before = countOf(await storedRows(workspace.store));
    const ms = await timed(() => inLanes(requests.slice(ahead), take));
    const rows = await storedRows(workspace.store);
    return { ms: (ms * countOf(rows)) / (countOf(rows) - before), rows };
  } finally {
    await workspace.stop();
  }
};

const cell = (value: unknown): string =>
  value === null || value === undefined ? '' : `"${(typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll('"', '""')}"`;

/** Directus 12.4 reads a file in pieces of 64 kB, and breaks a Chinese character that lies across two: larger imports lose letters. */
const largestFile = 60_000;

/** The rows as CSV files that Directus can read. */
const csvFiles = (table: TableName, rows: readonly Readonly<Record<string, unknown>>[]): string[] => {
  const names = ['id', ...Object.keys(tables[table].fields as Fields)];
  const head = `${names.join(',')}\n`;
  const files: string[][] = [];
  let size = largestFile;
  for (const row of rows) {
    const line = `${names.map((name) => cell(row[name])).join(',')}\n`;
    const bytes = Buffer.byteLength(line);
    if (size + bytes > largestFile) {
      files.push([head]);
      size = Buffer.byteLength(head);
    }
    files.at(-1)?.push(line);
    size += bytes;
  }
  return files.map((lines) => lines.join(''));
};

const importCsv = async ({ url, token }: Workspace, table: TableName, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> => {
  for (const file of csvFiles(table, rows)) {
    const form = new FormData();
    form.append('file', new Blob([file], { type: 'text/csv' }), `${table}.csv`);
    const answer = await fetch(`${url}/utils/import/${table}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form });
    if (!answer.ok) throw new Error(`CSV import of ${table}: ${await answer.text()}`);
  }
};

/** A few rows go ahead here too. */
const measureImport = async (context: BenchContext, sample: Sample, rows: StoredRows): Promise<number> => {
  const workspace = await openWorkspace(context, 'first-sync-csv', sample.bureau);
  try {
    const staff = rows.get('staff') ?? [];
    const early = staff.slice(0, Math.ceil(staff.length / 4));
    await importCsv(workspace, 'staff', early);
    const ms = await timed(async () => {
      for (const [table, some] of rows) await importCsv(workspace, table, table === 'staff' ? some.slice(early.length) : some);
    });
    const stored = countOf(await storedRows(workspace.store));
    if (stored !== countOf(rows)) throw new Error(`the CSV import stored ${stored} of ${countOf(rows)} rows`);
    return (ms * stored) / (stored - early.length);
  } finally {
    await workspace.stop();
  }
};

/** Rows a second: ours is measured before and after the import, so that a machine that grows busier favours neither. */
export const bar = async (context: BenchContext): Promise<Bar> => {
  const sample = await sampleCounty(context, context.full ? { schools: 50, students: 25_000 } : { schools: 20, students: 5000 });
  const before = await measureOurs(context, sample, 'first-sync-a');
  const importMs = await measureImport(context, sample, before.rows);
  const after = await measureOurs(context, sample, 'first-sync-b');
  const rows = countOf(before.rows);
  return atLeast({
    name: 'first-sync',
    what: '首次收表(含留痕)对 Directus 自带 CSV 导入同样的行 / first sync of rows with history, against the CSV import of the same rows',
    unit: '行/秒 rows/s',
    ours: rows / ((before.ms + after.ms) / 2000),
    against: rows / (importMs / 1000),
    bar: 25,
    details: { rows, ourMs: Math.round((before.ms + after.ms) / 2), importMs: Math.round(importMs) },
  });
};
