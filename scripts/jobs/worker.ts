/**
 * Takes waiting jobs, one after another in each lane, writes progress and result into their rows, and keeps the schedule going.
 * Knows nothing of what a job does: handlers.ts does.
 */
import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { sayUnsaved } from '../text/file-fault.ts';
import { type Handler, handlers, JobArgumentError } from './handlers.ts';
import { type Lane, lanes } from './lanes.ts';
import { rowProgress } from './row-progress.ts';
import { cronTask, type ScheduleEntry, schedule } from './schedule.ts';
import { keepStandingRows, queueStanding } from './standing-rows.ts';

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
      message: short(`失败:${sayUnsaved(error) ?? fault.message}`),
      log: fault.stack ?? fault.message,
      finished_at: new Date().toISOString(),
    });
    log(`任务 ${job.kind} 失败:${fault.stack ?? fault.message}`);
    return false;
  } finally {
    clearInterval(beat);
  }
};

/** The oldest waiting job of these kinds, now this worker's; null where none waits. Without `kinds`: of any kind. */
export const claimJob = (store: Store, worker: string, kinds?: readonly string[]): Promise<Job | null> =>
  store.call<Job | null>('POST', '/kehou-jobs/claim', { worker, stale, ...(kinds ? { kinds } : {}) });

/** A pause that can be cut short; a call to `wake` between two pauses cuts the next one. */
const alarm = () => {
  let woken = false;
  let ring: () => void = () => undefined;
  return {
    wake() {
      woken = true;
      ring();
    },
    async pause(milliseconds: number): Promise<void> {
      if (!woken)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          ring = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      woken = false;
    },
  };
};

interface Runner {
  wake(): void;
  /** Takes no further job; resolves when the one at hand is done. */
  stop(): Promise<void>;
}

/** Does the jobs of one lane until it is stopped. */
const runLane = (lane: Lane, config: Config, store: Store, log: JobLog): Runner => {
  // The end tells workers of one long-named machine apart.
  const name = `${hostname()}:${process.pid}:${lane}`.slice(-60);
  const clock = alarm();
  let running = true;
  const step = async (): Promise<void> => {
    try {
      const job = await claimJob(store, name, lanes[lane]);
      if (job) await runJob(config, store, job, log);
      else await clock.pause(pollEvery);
    } catch (error) {
      log(`领取任务失败:${(error as Error).message}`);
      await clock.pause(pollEvery);
    }
  };
  const loop = async (): Promise<void> => {
    while (running) await step();
  };
  const finished = loop();
  return {
    wake: clock.wake,
    stop() {
      running = false;
      clock.wake();
      return finished;
    },
  };
};

/** Reports that come together make one job. */
const together = 300;
/** How often a report waits for the run at hand to end, so that one more follows. */
const lookAgain = 1000;

/**
 * Puts a standing job into the queue soon, once for all reports that come meanwhile. While it runs, one more follows: what is
 * reported now may be behind what the run has looked at.
 */
const dueSoon = (queue: (entry: ScheduleEntry) => Promise<string | null>, entry: ScheduleEntry) => {
  let timer: NodeJS.Timeout | undefined;
  let at: Promise<void> = Promise.resolve();
  let stopped = false;
  const ask = (after: number): void => {
    if (timer || stopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      at = queue(entry).then((state) => (state === '进行中' ? ask(lookAgain) : undefined));
    }, after);
  };
  return {
    report: () => ask(together),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await at;
    },
  };
};

export interface Worker {
  /** Puts the schedule's entry of this name into the queue now; its time in the schedule stays as it is. */
  due(name: string): void;
  /** Stops the schedule and waits for the jobs at hand, at most `patience` milliseconds; what is left is taken up again later. */
  stop(patience?: number): Promise<void>;
}

const makeTasks = (entries: readonly ScheduleEntry[], config: Config, run: (entry: ScheduleEntry) => Promise<unknown>) =>
  new Map(entries.map((entry) => [entry.name, cronTask(entry, config.timezone, async () => void (await run(entry)))]));

/** Starts the schedule and the lanes. Faults of single jobs are in their rows and in the log. */
export const startWorker = async (config: Config, store: Store, log: JobLog, entries: readonly ScheduleEntry[] = schedule): Promise<Worker> => {
  const runners: Runner[] = [];
  /** The state in which the entry's row is now. */
  const queue = async (entry: ScheduleEntry): Promise<string | null> => {
    try {
      const { queued, state } = await queueStanding(store, entry.name, nextRun(entry));
      if (queued) for (const runner of runners) runner.wake();
      return state;
    } catch (error) {
      log(`定时任务 ${entry.name} 没有排上:${(error as Error).message}`);
      return null;
    }
  };
  const tasks = makeTasks(entries, config, queue);
  const nextRun = (entry: ScheduleEntry): string | null => tasks.get(entry.name)?.getNextRun()?.toISOString() ?? null;
  for (const task of tasks.values()) await task.start();
  await keepStandingRows(store, entries, nextRun);
  runners.push(...(Object.keys(lanes) as Lane[]).map((lane) => runLane(lane, config, store, log)));
  const soon = new Map(entries.map((entry) => [entry.name, dueSoon(queue, entry)]));

  return {
    due: (name) => soon.get(name)?.report(),
    async stop(patience = 10_000) {
      for (const task of tasks.values()) await task.destroy();
      const ends = [...soon.values()].map((one) => one.stop());
      ends.push(...runners.map((runner) => runner.stop()));
      await Promise.race([Promise.all(ends), new Promise((resolve) => setTimeout(resolve, patience).unref())]);
    },
  };
};
