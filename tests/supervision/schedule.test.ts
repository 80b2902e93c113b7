import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Store } from '../../scripts/directus/store.ts';
import { handlers } from '../../scripts/jobs/handlers.ts';
import { type ScheduleEntry, schedule } from '../../scripts/jobs/schedule.ts';
import { keepStandingRows, queueStanding } from '../../scripts/jobs/standing-rows.ts';
import { claimJob, runJob, startWorker } from '../../scripts/jobs/worker.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

const schools = Array.from({ length: 8 }, (_none, index) => `214199000${index + 1}`);
const entry = schedule.find((one) => one.name === 'inspect') as ScheduleEntry;
/** The county proposes three schools on the 5th. */
const [onDay, each] = [5, 3];

describe.each(databaseKinds)('the monthly proposal of inspections by the schedule on %s', (database) => {
  let directus: TestDirectus;
  let store: Store;
  const said: string[] = [];
  const log = (line: string): void => void said.push(line);

  const proposed = () => store.readRows('inspections', { sort: ['id'] });
  const standing = async () => {
    const [row] = await store.readRows('jobs', { filter: { schedule: { _eq: 'inspect' } } });
    if (!row) throw new Error('the schedule has no row for inspections');
    return row;
  };
  /** Four o'clock in the morning of a day in the county: the schedule queues its job, and a worker does it. Gives what its row says. */
  const runOn = async (day: string): Promise<string | null> => {
    vi.setSystemTime(new Date(`${day}T04:00:00+08:00`));
    expect(await queueStanding(store, 'inspect')).toMatchObject({ queued: true });
    const job = await claimJob(store, 'a worker', ['inspect']);
    expect(await runJob(directus.config, store, job as NonNullable<typeof job>, log)).toBe(true);
    return (await standing()).message;
  };
  const decide = async (): Promise<void> => {
    const ids = (await proposed()).map((one) => one.id);
    await store.updateRows('inspections', ids, { state: '已安排' });
  };

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    store = directus.store;
    await store.updateSettings({ inspections_each: each, inspections_day: onDay });
    await store.createRows('terms', [{ id: '2026-1', name: '2026—2027学年上学期', starts_on: '2026-09-01', ends_on: '2027-01-22', current: true }]);
    await store.createRows(
      'schools',
      schools.map((code, index) => ({ code, name: `示例小学${index + 1}`, type: '小学', township: '柳林镇' })),
    );
    await keepStandingRows(store, [entry], () => null);
  });
  afterAll(() => directus?.stop());
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const old = (await proposed()).map((one) => one.id);
    if (old.length) await store.deleteRows('inspections', old);
  });
  afterEach(() => void vi.useRealTimers());

  test('it waits for its day, proposes on it, and not a second time in that month', async () => {
    expect(await runOn('2026-11-04')).toBe('本月 5 号建议督导学校');
    expect(await proposed()).toEqual([]);
    expect(await runOn('2026-11-05')).toBe('建议督导 3 所,此前待安排 0 所;逾期未复查 0 项');
    const first = await proposed();
    expect(first).toHaveLength(each);
    await decide();
    for (const day of ['2026-11-05', '2026-11-06', '2026-11-30', '2026-12-04']) await runOn(day);
    expect((await proposed()).map((one) => one.id)).toEqual(first.map((one) => one.id));
  });

  test('the next month has its own proposals, of other schools; a day on which the machine was off is made up for', async () => {
    await runOn('2026-11-05');
    await decide();
    expect(await runOn('2026-12-09')).toContain('建议督导 3 所');
    const rows = await proposed();
    expect(rows).toHaveLength(2 * each);
    expect(new Set(rows.map((one) => one.school)).size).toBe(2 * each);
  });

  test('proposals that nobody has decided are not added to', async () => {
    await runOn('2026-11-05');
    expect(await runOn('2026-12-05')).toBe('建议督导 0 所,此前待安排 3 所;逾期未复查 0 项');
    expect(await proposed()).toHaveLength(each);
  });

  test.each([
    ['before it has written anything', 0],
    ['when all is written and its row does not know it yet', each],
  ])('a worker that is killed %s leaves all or nothing, and the next one ends with the same', async (_when, left) => {
    vi.setSystemTime(new Date('2026-11-05T04:00:00+08:00'));
    await queueStanding(store, 'inspect');
    const job = await claimJob(store, 'a worker that dies', ['inspect']);
    const dying: Store = {
      ...store,
      createRows: async (...call) => {
        if (left) await store.createRows(...call);
        throw new Error('killed');
      },
    };
    const context = {
      config: directus.config,
      store: dying,
      progress: { bar: () => ({}) as never, note: () => undefined },
      arguments: job?.arguments ?? {},
    };
    await expect(handlers.inspect(context)).rejects.toThrow('killed');
    expect(await proposed()).toHaveLength(left);
    const row = await standing();
    expect(row.state).toBe('进行中');
    await store.updateRow('jobs', row.id, { heartbeat_at: '2026-01-01T00:00:00.000Z' });
    const again = await claimJob(store, 'the next', ['inspect']);
    expect(again?.id).toBe(row.id);
    await runJob(directus.config, store, again as NonNullable<typeof again>, log);
    expect(await proposed()).toHaveLength(each);
    expect((await standing()).state).toBe('定时');
  });

  test('proposals are one call, which Directus does as a whole', async () => {
    const row = { school: schools[0] as string, state: '建议' as const };
    await expect(store.createRows('inspections', [row, row, { ...row, school: '9999999999' }])).rejects.toThrow();
    expect(await proposed()).toEqual([]);
  });

  test('a complaint that comes while its school waits for a visit goes with that visit', async () => {
    await runOn('2026-11-05');
    const [visit] = await proposed();
    const complaint = { id: `C-${database}`, school: visit?.school ?? '', received_on: '2026-11-10', matter: '安全', details: '接送无人看护' };
    await store.createRows('complaints', [{ ...complaint, matter: '安全', state: '待办' }]);
    expect(await runOn('2026-11-11')).toBe('2026-11 已建议过督导学校;挂上投诉 1 件');
    expect((await store.readRow('complaints', complaint.id)).inspection).toBe(visit?.id);
    await store.deleteRows('complaints', [complaint.id]);
  });

  test('the worker that runs with Directus reaches it by the clock, again and again, and proposes once', async () => {
    vi.useRealTimers();
    await store.updateSettings({ inspections_day: 1 });
    const worker = await startWorker(directus.config, store, log, [{ ...entry, cron: '* * * * * *' }]);
    const runs = new Set<string | null>();
    try {
      await expect
        .poll(
          async () => {
            const row = await standing();
            if (row.state === '定时') runs.add(row.finished_at);
            return runs.size;
          },
          { timeout: 60_000, interval: 100 },
        )
        .toBeGreaterThan(3);
    } finally {
      await worker.stop();
      await store.updateSettings({ inspections_day: onDay });
    }
    expect(await proposed()).toHaveLength(each);
    expect(said.filter((line) => line.includes(`建议督导 ${each} 所`)).length).toBeGreaterThan(0);
  });
});
