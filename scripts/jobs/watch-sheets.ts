/**
 * Listens to all places where schools keep their sheets at once. A place that cannot be watched is said in the log; the others are
 * watched all the same, and the schedule looks at every place in any case.
 */
import type { SheetSource } from '../sheets/source.ts';
import type { JobLog } from './worker.ts';

/** Milliseconds that the end waits for a place that hangs. */
const patience = 5000;

/** Begins at once and without waiting for any place. `changed` is a hint: the sync itself decides what to open. */
export const watchSheets = (sources: readonly SheetSource[], changed: () => void, log: JobLog): { stop(): Promise<void> } => {
  const watches = sources.map((source) => {
    const failed = (message: string) => log(`${source.kind} ${source.where}:${message}`);
    return source.watch(changed, failed).catch((error: unknown) => {
      failed(`不能随时发现改动,改按定时表查看:${(error as Error).message}`);
      return null;
    });
  });
  return {
    async stop() {
      const ends = Promise.all(watches.map(async (watch) => (await watch)?.stop()));
      await Promise.race([ends, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
    },
  };
};
