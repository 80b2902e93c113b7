/**
 * A sync when nobody has touched any of 200 workbooks: the one that runs every few minutes, all day.
 */
import { syncSheets } from '../intake/run-sync.ts';
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { handIn, sampleCounty } from './rig/sample.ts';
import { timed } from './rig/time.ts';
import { openWorkspace } from './rig/workspace.ts';

export const bar = async (context: BenchContext): Promise<Bar> => {
  const sample = await sampleCounty(context, { schools: 200, students: context.full ? 100_000 : 2000 });
  const workspace = await openWorkspace(context, 'second-sync-untouched', sample.bureau);
  try {
    const sync = () => syncSheets(workspace.config, workspace.store, context.progress);
    await handIn(sample, workspace.config.sheetsDir);
    const first = await timed(sync);
    const opened: number[] = [];
    const ms = await timed(async () => opened.push((await sync()).opened));
    if (opened[0] !== 0) throw new Error(`the second sync opened ${opened[0]} workbooks`);
    return atMost({
      name: 'second-sync-untouched',
      what: '200 个工作簿都没动过时的同步 / sync of 200 untouched workbooks',
      unit: '毫秒 ms',
      ours: ms,
      against: null,
      bar: 1000,
      details: { workbooks: sample.names.length, firstSyncMs: Math.round(first) },
    });
  } finally {
    await workspace.stop();
  }
};
