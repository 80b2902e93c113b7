import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rowProgress } from '../../scripts/jobs/row-progress.ts';
import { fakeStore } from '../helpers/fake-store.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-09-01T02:00:00Z'), toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

test('the row of a print job shows how far it is, how fast it goes and how long it will take; not more often than once a second', async () => {
  const store = fakeStore({ jobs: [{ id: 'J', kind: 'notices', state: '进行中' }] });
  const progress = rowProgress(store, 'J');
  const row = () => store.rowsOf('jobs')[0];
  const bar = progress.bar('告家长书', 1000);
  for (let step = 0; step < 40; step += 1) {
    vi.setSystemTime(Date.now() + 250);
    bar.step(5);
  }
  await progress.settled();
  expect(row()).toMatchObject({ progress: 20, message: '告家长书 200/1000,每秒 20,还需 40 秒' });
  expect(store.writes.length).toBeLessThanOrEqual(11);
  bar.end();
  await progress.settled();
  expect(row()?.heartbeat_at).toBe('2026-09-01T02:00:10.000Z');
});
