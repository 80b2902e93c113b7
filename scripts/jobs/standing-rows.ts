/**
 * The rows of `jobs` that stand for the schedule: one for each entry, kept as the table says, put into the queue when their time has come.
 */
import type { Store } from '../directus/store.ts';
import type { ScheduleEntry } from './schedule.ts';

/** One row for each entry of the schedule; rows of entries that are no more are marked cancelled. */
export const keepStandingRows = async (
  store: Store,
  entries: readonly ScheduleEntry[],
  nextRun: (entry: ScheduleEntry) => string | null,
): Promise<void> => {
  const rows = await store.readRows('jobs', { filter: { schedule: { _nnull: true } } });
  for (const entry of entries) {
    const found = rows.find((row) => row.schedule === entry.name);
    const facts = { kind: entry.kind, cron: entry.cron, next_at: nextRun(entry) };
    // A row left 进行中 is some worker's: it is put back by the claim once its heartbeat is old.
    if (found) await store.updateRow('jobs', found.id, { ...facts, ...(found.state === '已取消' ? { state: '定时' } : {}) });
    else await store.createRows('jobs', [{ ...facts, schedule: entry.name, state: '定时', arguments: entry.arguments, message: entry.note }]);
  }
  for (const row of rows)
    if (!entries.some((entry) => entry.name === row.schedule)) await store.updateRow('jobs', row.id, { state: '已取消', next_at: null });
};

/** Whether the entry waits in the queue now; else the state it is in, null where it has no row. */
export const queueStanding = (store: Store, schedule: string, nextAt: string | null = null): Promise<{ queued: boolean; state: string | null }> =>
  store.call('POST', '/kehou-jobs/queue', { schedule, next_at: nextAt });
