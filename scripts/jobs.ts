/**
 * `npm run jobs`: what is waiting and scheduled, one job done now, or a worker without Directus beside it.
 */

import { newRowId } from '../schema/row-id.ts';
import { type Command, main, type Outcome, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import type { Store } from './directus/store.ts';
import { handlers } from './jobs/handlers.ts';
import { dayIn, monthFault } from './jobs/months.ts';
import { schedule, scheduleFaults } from './jobs/schedule.ts';
import { claimJob, runJob } from './jobs/worker.ts';

const list = async (store: Store): Promise<Outcome> => {
  const rows = await store.readRows('jobs', { filter: { state: { _in: ['定时', '排队', '进行中', '失败'] } }, sort: ['schedule', 'requested_at'] });
  const lines = rows.map(
    (row) => `${row.state}\t${row.kind}\t${row.schedule ? `${row.cron},下次 ${row.next_at ?? '—'}` : (row.requested_at ?? '')}\t${row.message ?? ''}`,
  );
  return { json: { schedule, jobs: rows }, text: lines.length ? lines.join('\n') : '没有任务。' };
};

const readArguments = (text: string | undefined): Record<string, unknown> => {
  if (!text) return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`--arguments 不是 JSON:${(error as Error).message}`, { cause: error });
  }
};

const options = {
  list: { help: '列出定时、排队、进行中和失败的任务 / list jobs and the schedule' },
  run: { value: 'KIND', help: `现在就做一个任务 / do one now: ${Object.keys(handlers).join(', ')}` },
  arguments: { value: 'JSON', help: '任务参数 / its arguments, e.g. {"month":"2026-10"}' },
  'dry-run': { help: '与 --run prefill 合用:只看会备多少份,不写 / with --run prefill: change nothing' },
  once: { help: '做完所有排队的任务就退出 / work off the queue, then exit' },
} as const;

export const jobsCommand: Command<typeof options> = {
  name: 'jobs',
  summary: '任务:查看、执行 / jobs: look at them, do them',
  options,
  examples: ['npm run jobs -- --list', 'npm run jobs -- --run digest --arguments \'{"month":"2026-10"}\'', 'npm run jobs -- --run prefill --dry-run'],
  async run(flags, _words, progress): Promise<Outcome> {
    const faults = scheduleFaults(schedule);
    if (faults.length) throw new UsageError(faults.join('\n'));
    const { run: kind } = flags;
    if ([flags.list, kind, flags.once].filter(Boolean).length !== 1)
      throw new UsageError('请在 --list、--run、--once 中选一个 / choose one of --list, --run, --once');
    if (kind && !(kind in handlers)) throw new UsageError(`没有“${kind}”这种任务;可选:${Object.keys(handlers).join('、')}`);
    const config = loadConfig();
    if (flags['dry-run'] && kind !== 'prefill') throw new UsageError('--dry-run 只与 --run prefill 合用');
    const wanted = { ...readArguments(flags.arguments), ...(flags['dry-run'] ? { dry_run: true } : {}) };
    const fault = 'month' in wanted ? monthFault(String(wanted.month), dayIn(config.timezone)) : null;
    if (fault) throw new UsageError(fault);
    return withDirectus(config, progress, async (store) => {
      if (flags.list) return list(store);
      const worker = `jobs:${process.pid}`;
      const note = (line: string) => progress.note(line);
      if (kind) {
        const id = newRowId();
        const now = new Date().toISOString();
        await store.createRows('jobs', [
          { id, kind, arguments: wanted, state: '进行中', worker, requested_at: now, started_at: now, heartbeat_at: now },
        ]);
        const good = await runJob(config, store, { id, kind, arguments: wanted, schedule: null }, note);
        const row = await store.readRow('jobs', id);
        return { json: row, text: row.message ?? '', problems: !good };
      }
      let done = 0;
      let failed = 0;
      for (let job = await claimJob(store, worker); job; job = await claimJob(store, worker)) {
        if (await runJob(config, store, job, note)) done += 1;
        else failed += 1;
      }
      return { json: { done, failed }, text: `完成 ${done} 个任务,失败 ${failed} 个。`, problems: failed > 0 };
    });
  },
};

await main(import.meta, jobsCommand);
