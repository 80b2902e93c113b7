/**
 * How much memory the largest of our processes holds while a county hands in for the first time and is read again as a whole.
 * Schools arrive in three stages, so that it shows whether memory grows with them.
 */
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { handIn, sampleCounty } from './rig/sample.ts';
import { runWatched } from './rig/watched-command.ts';
import { openWorkspace } from './rig/workspace.ts';

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
