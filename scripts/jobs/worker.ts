/**
 * Takes waiting jobs one after another, writes progress and result into their rows, and keeps the schedule going.
 * Knows nothing of what a job does: handlers.ts does.
 */
import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { type Handler, handlers, JobArgumentError } from './handlers.ts';
import { rowProgress } from './row-progress.ts';
import { cronTask, type ScheduleEntry, schedule } from './schedule.ts';

/** A claimed row of `jobs`. */
interface Job {
  readonly id: string;
  readonly kind: string;
  readonly arguments: Readonly<Record<string, unknown>> | null;
  readonly schedule: string | null;
}

export type JobLog = (line: string) => void;

/** Seconds without a heartbeat after which a job counts as abandoned. */
const stale = 120;
const heartbeatEvery = 20_000;
const pollEvery = 2000;

const short = (text: string): string => (text.length > 480 ? `${text.slice(0, 480)}…` : text);

/** Does one job and writes how it went into its row. A job that fails is a row that says why, never a worker that stops. */
export const runJob = async (config: Config, store: Store, job: Job, log: JobLog): Promise<boolean> => {
  const progress = rowProgress(store, job.id);
  const beat = setInterval(() => progress.beat(), heartbeatEvery);
  const standing = job.schedule ? '定时' : null;
  try {
    const handler = (handlers as Partial<Record<string, Handler>>)[job.kind];
    if (!handler) throw new JobArgumentError(`没有“${job.kind}”这种任务`);
    const outcome = await handler({ config, store, progress, arguments: job.arguments ?? {} });
    await progress.settled();
    await store.updateRow('jobs', job.id, {
      state: standing ?? '完成',
      progress: 100,
      message: short(outcome.message),
      result: outcome.result,
      finished_at: new Date().toISOString(),
    });
    log(`任务 ${job.kind} 完成:${outcome.message}`);
    return true;
  } catch (error) {
    const fault = error as Error;
    await progress.settled();
    await store.updateRow('jobs', job.id, {
      state: standing ?? '失败',
      message: short(`失败:${fault.message}`),
      log: fault.stack ?? fault.message,
      finished_at: new Date().toISOString(),
    });
    log(`任务 ${job.kind} 失败:${fault.stack ?? fault.message}`);
    return false;
  } finally {
    clearInterval(beat);
  }
};

export const claimJob = (store: Store, worker: string): Promise<Job | null> => store.call<Job | null>('POST', '/kehou-jobs/claim', { worker, stale });

/** One row of `jobs` for each entry of the schedule; rows of entries that are no more are marked cancelled. */
const keepStandingRows = async (
  store: Store,
  entries: readonly ScheduleEntry[],
  nextRun: (name: string) => Date | null,
): Promise<Map<string, string>> => {
  const rows = await store.readRows('jobs', { filter: { schedule: { _nnull: true } } });
  const ids = new Map<string, string>();
  for (const entry of entries) {
    const found = rows.find((row) => row.schedule === entry.name);
    const next = nextRun(entry.name)?.toISOString() ?? null;
    const facts = { kind: entry.kind, cron: entry.cron, next_at: next };
    if (found) {
      // A row left 进行中 is some worker's: it is put back by the claim once its heartbeat is old.
      await store.updateRow('jobs', found.id, { ...facts, ...(found.state === '已取消' ? { state: '定时' } : {}) });
      ids.set(entry.name, found.id);
    } else {
      await store.createRows('jobs', [{ ...facts, schedule: entry.name, state: '定时', arguments: entry.arguments, message: entry.note }]);
    }
  }
  for (const row of rows)
    if (!entries.some((entry) => entry.name === row.schedule)) await store.updateRow('jobs', row.id, { state: '已取消', next_at: null });
  if (ids.size === entries.length) return ids;
  const made = await store.readRows('jobs', { filter: { schedule: { _nnull: true } }, fields: ['id', 'schedule'] });
  return new Map(made.flatMap((row) => (row.schedule ? [[row.schedule, row.id]] : [])));
};

export interface Worker {
  /** Stops the schedule and waits for the job at hand, at most `patience` milliseconds; what is left is taken up again later. */
  stop(patience?: number): Promise<void>;
}

/** Starts the schedule and the loop. Faults of single jobs are in their rows and in the log. */
export const startWorker = async (config: Config, store: Store, log: JobLog): Promise<Worker> => {
  const name = `${hostname()}:${process.pid}`;
  let running = true;
  let wake: () => void = () => undefined;
  const ids = new Map<string, string>();

  const queue = async (entry: ScheduleEntry): Promise<void> => {
    const id = ids.get(entry.name);
    if (!id) return;
    const row = await store.readRow('jobs', id);
    if (row.state === '定时')
      await store.updateRow('jobs', id, {
        state: '排队',
        requested_at: new Date().toISOString(),
        next_at: tasks.get(entry.name)?.getNextRun()?.toISOString() ?? null,
      });
    wake();
  };
  const tasks = new Map(
    schedule.map((entry) => [
      entry.name,
      cronTask(entry, config.timezone, () => queue(entry).catch((error) => log(`定时任务 ${entry.name} 没有排上:${(error as Error).message}`))),
    ]),
  );
  for (const task of tasks.values()) await task.start();
  for (const [entry, id] of await keepStandingRows(store, schedule, (entry) => tasks.get(entry)?.getNextRun() ?? null)) ids.set(entry, id);

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollEvery);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const loop = async (): Promise<void> => {
    while (running) {
      try {
        const job = await claimJob(store, name);
        if (job) await runJob(config, store, job, log);
        else await pause();
      } catch (error) {
        log(`领取任务失败:${(error as Error).message}`);
        await pause();
      }
    }
  };
  const finished = loop();

  return {
    async stop(patience = 10_000) {
      running = false;
      for (const task of tasks.values()) await task.destroy();
      wake();
      await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
    },
  };
};
