/**
 * A sync of workbooks that were all saved again with nothing changed in them, beside merely parsing the same files the same way.
 */
import { openDesk } from '../intake/desk.ts';
import { syncSheets } from '../intake/run-sync.ts';
import { folderSource } from '../sheets/folder-source.ts';
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { handIn, sampleCounty, saveAgain } from './rig/sample.ts';
import { inLanes, timed } from './rig/time.ts';
import { openWorkspace, type Workspace } from './rig/workspace.ts';

/** Through the very reader that the sync uses, as many files at a time. */
const parseAll = async ({ config, store }: Workspace): Promise<void> => {
  const source = folderSource(config.sheetsDir);
  const { parse } = await openDesk(config, store, {});
  await inLanes(await source.list(new Map()), async (listing) => (await source.open(listing)).read(parse));
};

/** Others at work on the machine only ever add time: the best of so many turns is nearest to what the work itself takes. */
const turns = 5;

/** The two take turns, so that both have the same machine. */
export const bar = async (context: BenchContext): Promise<Bar> => {
  const sample = await sampleCounty(context, context.full ? { schools: 50, students: 25_000 } : { schools: 12, students: 6000 });
  const workspace = await openWorkspace(context, 'second-sync-touched', sample.bureau);
  try {
    const { config, store } = workspace;
    const sync = () => syncSheets(config, store, context.progress);
    await handIn(sample, config.sheetsDir);
    const first = await timed(sync);
    let rows = 0;
    const [ours, against]: [number[], number[]] = [[], []];
    for (let turn = 1; turn <= turns; turn += 1) {
      await saveAgain(config.sheetsDir, sample.names, String(turn));
      against.push(await timed(() => parseAll(workspace)));
      const ms = await timed(async () => {
        const summary = await sync();
        rows = summary.read;
        if (summary.unchanged !== summary.read || summary.opened !== sample.names.length)
          throw new Error(`not a sync of unchanged rows: ${JSON.stringify({ ...summary, files: undefined })}`);
      });
      ours.push(ms);
    }
    return atMost({
      name: 'second-sync-touched',
      what: '每个文件都重新保存过、内容没变的同步,对只解析同样的文件 / sync of files saved again unchanged, against merely parsing them',
      unit: '毫秒 ms',
      ours: Math.min(...ours),
      against: Math.min(...against),
      bar: 1.5,
      details: { workbooks: sample.names.length, rows, turns, firstSyncMs: Math.round(first) },
    });
  } finally {
    await workspace.stop();
  }
};
