/**
 * A county's letters from the rows in Directus to the files on disk, in three sizes: whether the cost of a letter stays the same, and how
 * much memory the largest process holds. Invented schools of five hundred; what is printed is thrown away.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newRowId } from '../../schema/row-id.ts';
import { inheritedEnvironment, repositoryRoot } from '../config.ts';
import { termId } from '../county/bureau.ts';
import { type BureauRows, sampleDay } from '../county/county.ts';
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { watchMemory } from './rig/memory.ts';
import { sampleCounty } from './rig/sample.ts';
import { openWorkspace, type Workspace } from './rig/workspace.ts';
import { benchFacts, benchStudents } from './sample-school.ts';

const perSchool = 500;

interface Stage {
  readonly letters: number;
  readonly seconds: number;
  readonly memory: Readonly<Record<string, number>>;
}

const schoolsFor = (letters: number) =>
  Array.from({ length: letters / perSchool }, (_, index) => {
    const code = `214199${String(index).padStart(4, '0')}`;
    return { ...benchFacts.school, id: code, code, name: `示例第${index + 1}小学`, township: `第${1 + (index % 20)}乡` };
  });

/** The bureau's settings and terms; schools of one size in place of those that the sample draws. */
const bureauFor = async (context: BenchContext, letters: number): Promise<BureauRows> => {
  const { bureau } = await sampleCounty(context, { schools: 2, students: 10 });
  const schools = schoolsFor(letters).map(({ id: _same, ...row }) => row);
  return { ...bureau, schools: schools as BureauRows['schools'], providers: [] };
};

type Values = Readonly<Record<string, string | number | null>>;

/** Straight into the database: what is measured begins with the rows that are there. */
const insert = (database: DatabaseSync, table: string, rows: readonly Values[]): void => {
  const fields = Object.keys(rows[0] ?? {});
  const statement = database.prepare(`insert into ${table} (${fields.join(', ')}) values (${fields.map(() => '?').join(', ')})`);
  for (const row of rows) statement.run(...fields.map((field) => row[field] ?? null));
};

const asColumn = (value: unknown): string | number | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
};
const asColumns = (row: object): Values => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asColumn(value)]));

const fillDatabase = (file: string, letters: number): void => {
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma busy_timeout = 10000; begin immediate');
    for (const { code } of schoolsFor(letters)) {
      const here = { school: code, term: termId };
      insert(database, 'plans', [asColumns({ ...benchFacts.plan, id: newRowId(), ...here })]);
      insert(
        database,
        'activities',
        benchFacts.activities.map((one) => asColumns({ ...one, id: newRowId(), ...here })),
      );
      insert(
        database,
        'students',
        benchStudents(perSchool).map((one) =>
          asColumns({ ...one, waiver_kind: one.waiver_kind ?? null, waiver_state: one.waiver_state ?? null, school: code }),
        ),
      );
    }
    database.exec('commit');
  } finally {
    database.close();
  }
};

interface Account {
  readonly copies: number;
  readonly printed: number;
  readonly reused: number;
  readonly failed: number;
}

/** Runs our own command on the workspace; gives what it says and the peak of each family of processes. */
const print = async ({ config, pid }: Workspace): Promise<{ account: Account; memory: Record<string, number> }> => {
  const args = ['--county', '--kind', '告家长书', '--date', sampleDay, '--json'];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(repositoryRoot, 'scripts', 'notices.ts'), ...args], {
    env: { ...inheritedEnvironment(), KEHOU_HOME: config.home, KEHOU_PORT: String(config.port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const watch = watchMemory({ directus: pid, printing: child.pid as number });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const memory = watch.stop();
  if (code !== 0) throw new Error(`notices ended with ${code}: ${said.slice(0, 1000)}`);
  return { account: JSON.parse(said) as Account, memory };
};

/** Prints a county of this many letters, then once more, when nothing may be printed again. */
const stageOf = async (context: BenchContext, letters: number): Promise<Stage & { readonly again: number }> => {
  const workspace = await openWorkspace(context, `notices-${letters}`, await bureauFor(context, letters));
  try {
    fillDatabase(join(workspace.config.home, 'data.db'), letters);
    const began = performance.now();
    const first = await print(workspace);
    const seconds = (performance.now() - began) / 1000;
    if (first.account.printed !== letters || first.account.failed > 0) throw new Error(`${first.account.printed} of ${letters} letters were printed`);
    const later = performance.now();
    const second = await print(workspace);
    if (second.account.printed > 0 || second.account.reused !== letters) throw new Error(`${second.account.printed} letters were printed twice`);
    return { letters, seconds, memory: first.memory, again: (performance.now() - later) / 1000 };
  } finally {
    await workspace.stop();
    await rm(workspace.config.home, { recursive: true, force: true });
  }
};

export const bar = async (context: BenchContext): Promise<Bar> => {
  const details: Record<string, number> = {};
  for (const letters of context.full ? [1000, 10_000, 100_000] : [500, 2000]) {
    context.progress.note(`${letters} 份…`);
    const { seconds, again, memory } = await stageOf(context, letters);
    details[`${letters}: s`] = Math.round(seconds * 10) / 10;
    details[`${letters}: ms/letter`] = Math.round((seconds * 10_000) / letters) / 10;
    details[`${letters}: again, s`] = Math.round(again * 10) / 10;
    for (const [name, peak] of Object.entries(memory)) details[`${letters}: ${name}, MB`] = peak;
  }
  return atMost({
    name: 'notices-county',
    what: '全县印告家长书,我方任何一个进程的最大内存;份数分几步增加 / peak memory of any process of ours, as letters are added',
    unit: 'MB',
    ours: Math.max(...Object.entries(details).flatMap(([name, value]) => (name.endsWith('MB') ? [value] : []))),
    against: null,
    bar: 700,
    details,
  });
};
