/** Two clerks and one folder: on one machine, on two, with a lock that nobody holds any more. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { alone, type Hold } from '../../scripts/notices/alone.ts';
import { sweep } from '../../scripts/notices/files.ts';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { deskFor, temporaryFolder } from './desk.ts';
import { manyStudents, rowsWith, school, settings } from './fixture.ts';

const home = temporaryFolder();
afterAll(() => home.remove());

let folders = 0;
const newFolder = (): string => {
  folders += 1;
  const path = join(home.path, String(folders));
  mkdirSync(path);
  return path;
};
const lockOf = (folder: string): string => join(folder, '.printing');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Times that a test can wait for. */
const here = { beat: 40, silence: 400, machine: 'here' };
const elsewhere = { ...here, machine: 'elsewhere' };

/** Work that goes on until it is told to end. */
const hold = (folder: string, times = here) => {
  let end = (): void => undefined;
  let begun = (_hold: Hold): void => undefined;
  const started = new Promise<Hold>((resolve) => {
    begun = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = alone(
    folder,
    async (ask) => {
      begun(ask);
      await ended;
    },
    times,
  );
  return { started, end, work };
};
/** Writes the lock of a process that is not there any more. */
const leave = (folder: string, holder: object | string, seconds = 0): void => {
  writeFileSync(
    lockOf(folder),
    typeof holder === 'string' ? holder : JSON.stringify({ id: 'gone', host: '二楼电脑', since: '2026/9/1 09:00:00', ...holder }),
  );
  const then = statSync(lockOf(folder)).mtimeMs / 1000 - seconds;
  utimesSync(lockOf(folder), then, then);
};
const enter = (folder: string, times = here) => alone(folder, async () => 'done', times);

describe('a folder that somebody works in', () => {
  test('is closed to the same machine and to any other, for as long as the work takes, however long', async () => {
    const folder = newFolder();
    const first = hold(folder);
    await first.started;
    await pause(2 * here.silence);
    await expect(enter(folder)).rejects.toThrow('请等它完成');
    await expect(enter(folder, elsewhere)).rejects.toThrow(`「${hostname()}」上的另一个进程(${process.pid}`);
    first.end();
    await first.work;
    expect(await enter(folder, elsewhere)).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of many who come at once one gets in', async () => {
    const folder = newFolder();
    let inside = 0;
    let most = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        alone(
          folder,
          async () => {
            inside += 1;
            most = Math.max(most, inside);
            await pause(100);
            inside -= 1;
          },
          { ...here, machine: String(index) },
        ),
      ),
    );
    expect(most).toBe(1);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a second print run says who is there and prints nothing', async () => {
    const store = fakeStore(rowsWith(manyStudents(2, 2)), settings);
    const out = newFolder();
    const first = hold(out, { beat: 5000, silence: 120_000, machine: 'elsewhere' });
    await first.started;
    await expect(printNotices(deskFor(store, out), { kind: '告家长书', school: school.code, out })).rejects.toThrow('过 2 分钟再试,会自动接着办');
    expect(store.writes).toEqual([]);
    first.end();
    await first.work;
  });
});

describe('a lock that nobody holds any more', () => {
  test('of a killed process on this machine is taken over at once', async () => {
    const folder = newFolder();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    leave(folder, { machine: 'here', pid: child.pid });
    await expect(enter(folder)).rejects.toThrow('「二楼电脑」');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await enter(folder)).toBe('done');
  });

  test('with the number of this very process, from before a restart, is taken over too', async () => {
    const folder = newFolder();
    leave(folder, { machine: 'here', pid: process.pid });
    expect(await enter(folder)).toBe('done');
  });

  test('of another machine is respected while it may be alive, and taken over when it has been silent', async () => {
    const folder = newFolder();
    // The number means nothing here: on this machine no such process is there.
    leave(folder, { machine: 'elsewhere', pid: 999_999_999 });
    await expect(enter(folder)).rejects.toThrow('已经关机或断网');
    await pause(here.silence + 100);
    expect(await enter(folder)).toBe('done');
  });

  test('without a name, cut short or of an older version, waits for its silence too', async () => {
    for (const words of ['', '4711', '{"id":']) {
      const folder = newFolder();
      leave(folder, words);
      await expect(enter(folder)).rejects.toThrow('另一个进程');
      leave(folder, words, 1);
      expect(await enter(folder)).toBe('done');
    }
  });

  test('many who find it at once: one takes it over', async () => {
    const folder = newFolder();
    leave(folder, { machine: 'elsewhere', pid: 1 }, 5);
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => alone(folder, () => pause(300), here)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(existsSync(lockOf(folder))).toBe(false);
  });
});

test('whoever was taken for dead finds out before the next write, stops, and leaves the new lock alone', async () => {
  const folder = newFolder();
  // Asleep for longer than the others wait: it gives no sign of life.
  const asleep = hold(folder, { ...here, beat: 60_000 });
  const ask = await asleep.started;
  await ask();
  leave(folder, { id: 'the next one', machine: 'elsewhere', pid: 1 });
  const now = performance.now.bind(performance);
  performance.now = () => now() + 600_000;
  try {
    await expect(ask()).rejects.toThrow('已由别的机器接着办');
  } finally {
    performance.now = now;
  }
  asleep.end();
  await asleep.work;
  expect(JSON.parse(readFileSync(lockOf(folder), 'utf8')).id).toBe('the next one');
});

test('half-written files of killed runs are removed after an hour, others stay', async () => {
  const folder = newFolder();
  const left = ['.0b5a3c52-5a0f-4c0e-9e1e-1f6f5f5b6c7d.tmp', '.printing.0b5a3c52-5a0f-4c0e-9e1e-1f6f5f5b6c7d'];
  const kept = ['manifest.json', '.1b5a3c52-5a0f-4c0e-9e1e-1f6f5f5b6c7d.tmp'];
  for (const name of [...left, ...kept]) writeFileSync(join(folder, name), 'x');
  for (const name of [...left, 'manifest.json']) utimesSync(join(folder, name), 1, 1);
  await sweep(folder);
  expect(readdirSync(folder).sort()).toEqual([...kept].sort());
});
