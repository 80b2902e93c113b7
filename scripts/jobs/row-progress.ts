/**
 * Progress of a job written into its row, so that the admin screen shows it. Writes at most once a second.
 */
import type { Progress } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { paceWords } from '../pace.ts';

const between = 1000;

export interface RowProgress extends Progress {
  /** Says that the worker is alive. */
  beat(): void;
  /** Waits for the last write. */
  settled(): Promise<void>;
}

/** A failed write of progress is not a failed job: it is tried again with the next figure. */
export const rowProgress = (store: Store, id: string): RowProgress => {
  let written = 0;
  let pending: Promise<void> = Promise.resolve();
  const log: string[] = [];

  const write = (values: { progress?: number; message?: string }): void => {
    written = Date.now();
    pending = pending
      .then(() => store.updateRow('jobs', id, { ...values, heartbeat_at: new Date().toISOString(), ...(log.length ? { log: log.join('\n') } : {}) }))
      .catch((error: unknown) => void log.push(`进度没有写进去:${(error as Error).message}`));
  };

  return {
    bar(label, total) {
      let all = total;
      let count = 0;
      const begun = Date.now();
      const show = () => {
        const pace = paceWords(count, all, Date.now() - begun);
        write({
          progress: all ? Math.min(100, Math.round((count / all) * 10000) / 100) : 0,
          message: `${label} ${count}/${all}${pace && `,${pace}`}`,
        });
      };
      show();
      return {
        step(by = 1) {
          count += by;
          if (Date.now() - written >= between) show();
        },
        total(next) {
          all = next;
        },
        end: show,
      };
    },
    note(line) {
      log.push(line);
      if (log.length > 500) log.shift();
    },
    beat: () => write({}),
    settled: () => pending,
  };
};
