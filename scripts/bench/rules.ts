/**
 * All rules and the five-way reconciliation for a county in one night job, as if it were the first night: every finding is new and is
 * written. Schools arrive in stages, so that it shows whether the time grows with the students and no faster. On both databases; then
 * once more as the command, for its memory.
 */
import { testDatabases } from '../../tests/helpers/databases.ts';
import { sampleDay } from '../county/county.ts';
import type { Store } from '../directus/store.ts';
import { syncSheets } from '../intake/run-sync.ts';
import { evaluateRules, type RulesResult } from '../rules/evaluate.ts';
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { handIn, type Sample, sampleCounty } from './rig/sample.ts';
import { runWatched } from './rig/watched-command.ts';
import { openWorkspace, type Workspace } from './rig/workspace.ts';

/** Seconds that a county of this many students may take. */
const allowed = { postgres: 60, sqlite: 120 } as const;
const county = 100_000;
const kinds = ['postgres', 'sqlite'] as const;
type DatabaseKind = (typeof kinds)[number];

const silent = { bar: () => ({ step: () => undefined, total: () => undefined, end: () => undefined }), note: () => undefined };

const forgetFindings = async (store: Store): Promise<void> => {
  const ids = (await store.readRows('findings', { fields: ['id'] })).map((row) => row.id);
  for (let start = 0; start < ids.length; start += 500) await store.deleteRows('findings', ids.slice(start, start + 500));
};

interface Stage {
  readonly schools: number;
  readonly result: RulesResult;
}

const measureStages = async ({ config, store }: Workspace, sample: Sample, stages: readonly number[]): Promise<Stage[]> => {
  const measured: Stage[] = [];
  let there = 0;
  for (const schools of stages) {
    await handIn(sample, config.sheetsDir, sample.names.slice(there, schools));
    there = schools;
    await syncSheets(config, store, silent, {});
    await forgetFindings(store);
    const codes = sample.names.slice(0, schools).map((name) => name.slice(0, 10));
    measured.push({ schools, result: await evaluateRules(store, { timezone: config.timezone, today: sampleDay, schools: codes }) });
  }
  return measured;
};

/** Seconds for each thousand students: the same in every stage where the time is linear. */
const perThousand = ({ result }: Stage): number => result.ms / result.students;

const detailsOf = (kind: DatabaseKind, stages: readonly Stage[]): Record<string, string> =>
  Object.fromEntries(
    stages.map((stage) => [
      `${kind} ${stage.result.students} 人`,
      `${(stage.result.ms / 1000).toFixed(1)} s(每千人 ${perThousand(stage).toFixed(2)} s,预警 ${stage.result.opened})`,
    ]),
  );

/** A student may cost so many times as much in the whole county as in a part of it; schools are not all alike. */
const mostGrowth = 1.5;

const shareOf = (kind: DatabaseKind, stage: Stage): number => ((perThousand(stage) * county) / 1000 / allowed[kind]) * 100;

/** How much slower a student becomes from the smallest stage to the largest. */
const growth = (stages: readonly Stage[]): number => perThousand(stages.at(-1) as Stage) / perThousand(stages[0] as Stage);

export const bar = async (context: BenchContext): Promise<Bar> => {
  const stages = context.full ? [50, 100, 200] : [6, 12];
  const sample = await sampleCounty(context, context.full ? { schools: 200, students: county } : { schools: 12, students: 6000 });
  const databases = testDatabases();
  const details: Record<string, string> = {};
  const shares: number[] = [];
  const growths: number[] = [];
  try {
    for (const kind of kinds) {
      const workspace = await openWorkspace(context, `rules-${kind}`, sample.bureau, await databases.take(kind));
      try {
        const measured = await measureStages(workspace, sample, stages);
        const memory = Object.entries(await runWatched(workspace, 'rules', ['--dry-run']));
        Object.assign(details, detailsOf(kind, measured), {
          [`${kind} 每名学生用时增长`]: `${growth(measured).toFixed(2)} 倍(至多 ${mostGrowth} 倍)`,
          [`${kind} 内存`]: memory.map(([name, peak]) => `${name} ${peak} MB`).join('、'),
        });
        shares.push(shareOf(kind, measured.at(-1) as Stage));
        growths.push(growth(measured));
      } finally {
        await workspace.stop();
      }
    }
  } finally {
    await databases.stop();
  }
  const inTime = atMost({
    name: 'rules',
    what: '一夜核查:全部规则和五方核对,按 10 万学生折算,占限时(PostgreSQL 60 秒、SQLite 120 秒)的百分之几 / all rules and the reconciliation in one night job, scaled to 100,000 students, as a share of the time allowed',
    unit: '%',
    ours: Math.max(...shares),
    against: null,
    bar: 100,
    details,
    note: '每一步都当作第一夜:所有预警都是新开并写入;PostgreSQL 与本进程、Directus 在同一台机器上,不强制刷盘',
  });
  // A part of a county is too small to tell growth from chance.
  return { ...inTime, pass: inTime.pass && (!context.full || Math.max(...growths) <= mostGrowth) };
};
