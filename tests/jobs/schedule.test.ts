import { expect, test } from 'vitest';
import { tables } from '../../schema/index.ts';
import { handlers } from '../../scripts/jobs/handlers.ts';
import { lanes } from '../../scripts/jobs/lanes.ts';
import { cronTask, schedule, scheduleFaults } from '../../scripts/jobs/schedule.ts';

test('the schedule of the product is sound and each of its jobs has a handler', () => {
  expect(scheduleFaults(schedule)).toEqual([]);
  for (const entry of schedule) expect(Object.keys(handlers)).toContain(entry.kind);
});

test('every kind of job is done in exactly one lane, and a sync waits for nothing long', () => {
  expect([...lanes.short, ...lanes.long].sort()).toEqual(Object.keys(handlers).sort());
  expect(lanes.short).toEqual(['sync']);
});

test('every kind of job that staff can choose in Directus is one that the worker can do', () => {
  expect(tables.jobs.fields.kind.choices.map((one) => one.value).sort()).toEqual(Object.keys(handlers).sort());
});

test('a name that stands twice and a time that is none are named', () => {
  const [first] = schedule;
  if (!first) throw new Error('the schedule is empty');
  expect(scheduleFaults([first, first])).toEqual([`定时任务 ${first.name} 出现了两次`]);
  expect(scheduleFaults([{ ...first, cron: '61 * * * *' }])[0]).toContain('61 * * * *');
});

test("times are the county's own", () => {
  const [first] = schedule;
  if (!first) throw new Error('the schedule is empty');
  const task = cronTask({ ...first, cron: '0 9 25 * *' }, 'Asia/Shanghai', async () => undefined);
  // The next run of a task is known once it is started; it must not keep the process alive.
  task.start();
  const next = task.getNextRun();
  task.destroy();
  expect(next?.getUTCHours()).toBe(1);
});
