import { mkdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newRowId } from '../../schema/row-id.ts';
import { freezeMonths } from '../../scripts/jobs/freeze.ts';
import { type Handler, handlers } from '../../scripts/jobs/handlers.ts';
import { lanes } from '../../scripts/jobs/lanes.ts';
import { schedule } from '../../scripts/jobs/schedule.ts';
import { queueStanding } from '../../scripts/jobs/standing-rows.ts';
import { claimJob, startWorker } from '../../scripts/jobs/worker.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

const until = async <T>(look: () => Promise<T | null>): Promise<T> => {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

describe.each(databaseKinds)('jobs on %s', (database) => {
  let directus: TestDirectus;
  const log: string[] = [];

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    await directus.store.createRows('schools', [{ code: '2141990001', name: '柳林镇中心小学(示例)', type: '小学', township: '柳林镇' }]);
    await directus.store.updateSettings({ county_name: '汝南县(示例)', bureau_name: '汝南县教育局(示例)' });
    await mkdir(directus.config.folders.reports, { recursive: true });
  });
  afterAll(() => directus?.stop());

  const queue = async (kind: string, wanted: object = {}): Promise<string> => {
    const id = newRowId();
    const office = await directus.signIn(directus.users.office);
    await office.createRows('jobs', [{ id, kind, arguments: wanted, state: '排队' }]);
    return id;
  };
  const finished = (id: string) =>
    until(async () => {
      const row = await directus.store.readRow('jobs', id);
      return row.state === '完成' || row.state === '失败' ? row : null;
    });

  test('of many workers that ask at once, each waiting job goes to exactly one', async () => {
    const ids = [await queue('digest'), await queue('digest'), await queue('digest')];
    const claimed = await Promise.all(Array.from({ length: 8 }, (_, index) => claimJob(directus.store, `worker ${index}`)));
    expect(claimed.flatMap((job) => (job ? [job.id] : [])).sort()).toEqual([...ids].sort());
    for (const id of ids) await directus.store.updateRow('jobs', id, { state: '已取消' });
  });

  test('a lane is given its own kinds only, whoever has waited longer', async () => {
    const print = await queue('notices');
    const sync = await queue('sync');
    expect((await claimJob(directus.store, 'short', lanes.short))?.id).toBe(sync);
    expect(await claimJob(directus.store, 'short', lanes.short)).toBeNull();
    expect((await claimJob(directus.store, 'long', lanes.long))?.id).toBe(print);
    for (const id of [print, sync]) await directus.store.updateRow('jobs', id, { state: '已取消' });
  });

  test('a job whose worker died is put back and done by the next', async () => {
    const id = await queue('digest', { month: '2026-10' });
    const job = await claimJob(directus.store, 'a worker that dies');
    expect(job?.id).toBe(id);
    expect(await claimJob(directus.store, 'another')).toBeNull();
    await directus.store.updateRow('jobs', id, { heartbeat_at: '2026-01-01T00:00:00.000Z' });
    expect((await claimJob(directus.store, 'another'))?.id).toBe(id);
    await directus.store.updateRow('jobs', id, { state: '已取消' });
  });

  test('the worker does what staff ask for, and says in the row how it went', async () => {
    const worker = await startWorker(directus.config, directus.store, (line) => log.push(line));
    try {
      const done = await finished(await queue('digest', { month: '2026-10' }));
      expect(done).toMatchObject({
        state: '完成',
        progress: 100,
        message: '2026-10 简报已生成',
        result: { month: '2026-10', report: { expected: 1, reported: 0 }, mail: null },
      });
      expect(await readFile((done.result as { file: string }).file, 'utf8')).toContain('应报 1 所,已报 0 所');

      const failed = await finished(await queue('notices'));
      expect(failed).toMatchObject({ state: '失败', message: '失败:参数里缺“school”(学校标识码)' });
    } finally {
      await worker.stop();
    }
  });

  test('a month is frozen in the database itself, once', async () => {
    await directus.store.createRows('monthly_reports', [
      { id: 'R8', school: '2141990001', month: '2026-08', enrolled: 100, participants: 80, filled_by: '周敏' },
    ]);
    expect(await freezeMonths(directus.store, '2026-11-02')).toEqual({ months: ['2026-08'], frozen: 1 });
    expect(await freezeMonths(directus.store, '2026-11-02')).toEqual({ months: [], frozen: 0 });
  });

  test('a long job does not hold up a short one, and one after the other is done in each lane', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const order: string[] = [];
    const does = (kind: 'notices' | 'report' | 'sync', work: Promise<void> | null) =>
      vi.spyOn(handlers as Record<string, Handler>, kind).mockImplementation(async () => {
        order.push(`${kind} begins`);
        await work;
        order.push(`${kind} ends`);
        return { result: null, message: kind };
      });
    const spies = [does('notices', held), does('report', null), does('sync', null)];
    const worker = await startWorker(directus.config, directus.store, (line) => log.push(line));
    try {
      const [print, report] = [await queue('notices'), await queue('report')];
      await expect.poll(() => order, { timeout: 30_000 }).toContain('notices begins');
      expect((await finished(await queue('sync'))).state).toBe('完成');
      expect(order).toEqual(['notices begins', 'sync begins', 'sync ends']);
      release();
      expect((await finished(print)).state).toBe('完成');
      expect((await finished(report)).state).toBe('完成');
      expect(order.slice(3)).toEqual(['notices ends', 'report begins', 'report ends']);
    } finally {
      release();
      await worker.stop();
      for (const spy of spies) spy.mockRestore();
    }
  });

  test('many reports make one job; what is reported while it runs makes one more', async () => {
    const releases: (() => void)[] = [];
    const spy = vi.spyOn(handlers as Record<string, Handler>, 'sync').mockImplementation(async () => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return { result: null, message: 'done' };
    });
    // Its own time must not come in the middle of the test.
    const seldom = schedule.map((entry) => ({ ...entry, cron: '0 0 1 1 *' }));
    const worker = await startWorker(directus.config, directus.store, (line) => log.push(line), seldom);
    const standing = async () => (await directus.store.readRows('jobs', { filter: { schedule: { _eq: 'sync' } } }))[0]?.state;
    try {
      for (let report = 0; report < 20; report += 1) worker.due('sync');
      await expect.poll(() => releases.length, { timeout: 30_000 }).toBe(1);
      for (let report = 0; report < 20; report += 1) worker.due('sync');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(releases).toHaveLength(1);
      releases[0]?.();
      await expect.poll(() => releases.length, { timeout: 30_000 }).toBe(2);
      releases[1]?.();
      await expect.poll(standing, { timeout: 30_000 }).toBe('定时');
      expect(spy).toHaveBeenCalledTimes(2);
    } finally {
      for (const release of releases) release();
      await worker.stop();
      spy.mockRestore();
    }
  });

  test('however many machines report at once, the scheduled job stands in the queue once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => queueStanding(directus.store, 'digest')));
    expect(answers).toEqual(answers.map(() => ({ queued: true, state: '排队' })));
    const claimed = await Promise.all(Array.from({ length: 6 }, (_, index) => claimJob(directus.store, `machine ${index}`, ['digest'])));
    expect(claimed.filter(Boolean)).toHaveLength(1);
    expect(await queueStanding(directus.store, 'digest')).toEqual({ queued: false, state: '进行中' });
    expect(await queueStanding(directus.store, 'no such entry')).toEqual({ queued: false, state: null });
    await directus.store.updateRow('jobs', claimed.find(Boolean)?.id ?? '', { state: '定时' });
  });

  test('the schedule stands in Directus, one row for each entry, and a restart adds none', async () => {
    const worker = await startWorker(directus.config, directus.store, (line) => log.push(line));
    await worker.stop();
    const rows = await directus.store.readRows('jobs', { filter: { schedule: { _nnull: true } }, sort: ['schedule'] });
    expect(rows.map((row) => [row.schedule, row.cron])).toEqual(schedule.map((entry) => [entry.name, entry.cron]).sort());
    for (const row of rows) expect(Date.parse(row.next_at ?? '')).toBeGreaterThan(Date.now());
  });

  test('communications may not take or queue jobs', async () => {
    const communications = await directus.signIn(directus.users.communications);
    await expect(communications.call('POST', '/kehou-jobs/claim', { worker: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(communications.call('POST', '/kehou-jobs/queue', { schedule: 'sync' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
