/**
 * How much memory the largest of our processes holds while a county hands in for the first time and is read again as a whole.
 * Schools arrive in three stages, so that it shows whether memory grows with them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnvironment, repositoryRoot } from '../config.ts';
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { watchMemory } from './rig/memory.ts';
import { handIn, sampleCounty } from './rig/sample.ts';
import { openWorkspace, type Workspace } from './rig/workspace.ts';

/** Runs one of our commands on the workspace and gives the largest process of it, and of Directus meanwhile. */
const runWatched = async ({ config, pid }: Workspace, command: string, args: readonly string[]): Promise<Record<string, number>> => {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(repositoryRoot, 'scripts', `${command}.ts`), '--json', ...args],
    {
      env: { ...inheritedEnvironment(), KEHOU_HOME: config.home, KEHOU_PORT: String(config.port), KEHOU_SHEETS_DIR: config.sheetsDir },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const watch = watchMemory({ directus: pid, [command]: child.pid as number });
  const [code] = (await once(child, 'exit')) as [number | null];
  const peaks = watch.stop();
  // 1: the sheets hold problems, which is no matter here.
  if (code !== 0 && code !== 1) throw new Error(`${command} ended with ${code}`);
  return peaks;
};

/** Stages of a run: how many workbooks are there, and who reads them. The worker is what reads them every day. */
const stagesOf = (schools: number): { readonly schools: number; readonly command: string; readonly args: readonly string[] }[] => [
  ...[schools / 4, schools / 2, schools].map((some) => ({ schools: some, command: 'jobs', args: ['--run', 'sync'] })),
  { schools, command: 'sync', args: ['--force'] },
];

export const bar = async (context: BenchContext): Promise<Bar> => {
  const size = context.full ? { schools: 200, students: 100_000 } : { schools: 20, students: 8000 };
  const sample = await sampleCounty(context, size);
  const workspace = await openWorkspace(context, 'memory', sample.bureau);
  const details: Record<string, number> = {};
  try {
    let there = 0;
    for (const stage of stagesOf(size.schools)) {
      await handIn(sample, workspace.config.sheetsDir, sample.names.slice(there, stage.schools));
      there = stage.schools;
      const peaks = await runWatched(workspace, stage.command, stage.args);
      for (const [name, peak] of Object.entries(peaks)) details[`${name} (${stage.schools}${stage.command === 'sync' ? ', force' : ''})`] = peak;
    }
  } finally {
    await workspace.stop();
  }
  return atMost({
    name: 'memory',
    what: '全县收表时,我方任何一个进程的最大内存;学校数分三步增加 / peak memory of any process of ours, as schools are added',
    unit: 'MB',
    ours: Math.max(...Object.values(details)),
    against: null,
    bar: 700,
    details,
  });
};
