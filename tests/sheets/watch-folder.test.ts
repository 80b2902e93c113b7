import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportsReach, watchFolder } from '../../scripts/sheets/watch-folder.ts';
import { watchByLooking } from '../../scripts/sheets/watch-poll.ts';

const patiently = { timeout: 60_000 };

let folder: string;
let ends: (() => Promise<void>)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kehou-watch-'));
  ends = [];
});
afterEach(async () => {
  for (const end of ends) await end();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);

/** Counts reports from when the first look is over. */
const watched = async (poll: boolean, target = folder) => {
  const news = { count: 0, faults: [] as string[] };
  const watching = await watchFolder(
    target,
    () => {
      news.count += 1;
    },
    (message) => news.faults.push(message),
    { poll },
  );
  ends.push(() => watching.stop());
  await expect.poll(() => news.count, patiently).toBe(1);
  news.count = 0;
  return news;
};

describe.each([
  ['told by the system', false],
  ['looked at every few seconds', true],
])('a folder %s', (_words, poll) => {
  /** Longer than a save takes to be noticed where nothing else keeps the machine busy; only for what must not happen. */
  const quietFor = poll ? 4500 : 1500;

  test('a saved workbook is news, also deep below and in a folder that is new', async () => {
    const news = await watched(poll);
    writeFileSync(at('A.xlsx'), 'one');
    await expect.poll(() => news.count, patiently).toBe(1);
    mkdirSync(at('新/深'), { recursive: true });
    writeFileSync(at('新/深/B.ods'), 'two');
    await expect.poll(() => news.count, patiently).toBe(2);
  });

  test('what Excel does to save, write aside and rename, is one piece of news', async () => {
    writeFileSync(at('A.xlsx'), 'one');
    const news = await watched(poll);
    writeFileSync(at('4F2A11B0'), 'two, longer');
    renameSync(at('A.xlsx'), at('7C01.tmp'));
    renameSync(at('4F2A11B0'), at('A.xlsx'));
    rmSync(at('7C01.tmp'));
    await expect.poll(() => news.count, patiently).toBe(1);
    await pause(quietFor);
    expect(news.count).toBe(1);
  });

  test('an open workbook is news once it is closed, and none if nothing was saved', async () => {
    writeFileSync(at('A.xlsx'), 'one');
    const news = await watched(poll);
    writeFileSync(at('~$A.xlsx'), 'x');
    writeFileSync(at('A.xlsx'), 'saved while it is open');
    await pause(quietFor);
    expect(news.count).toBe(0);
    rmSync(at('~$A.xlsx'));
    await expect.poll(() => news.count, patiently).toBe(1);
    writeFileSync(at('.~lock.A.xlsx#'), 'x');
    await pause(quietFor);
    rmSync(at('.~lock.A.xlsx#'));
    await pause(quietFor);
    expect(news.count).toBe(1);
  });

  test('notes, pictures, companions and half uploads are no news', async () => {
    const news = await watched(poll);
    for (const name of ['说明.docx', 'A-反馈.xlsx', '.A.xlsx.kehou-tmp', '照片.png']) writeFileSync(at(name), 'x');
    await pause(quietFor);
    expect(news.count).toBe(0);
  });
});

test('a save that takes its time is told once, when two looks in succession agree', async () => {
  const looks = ['empty', 'empty', 'a third', 'two thirds', 'whole', 'whole'];
  const seen: string[] = [];
  let last = '';
  const watching = watchByLooking({
    every: () => 5,
    settle: 5,
    look: async () => {
      last = looks.shift() ?? last;
      return last;
    },
    changed: () => seen.push(last),
    failed: (message) => seen.push(message),
  });
  await expect.poll(() => looks.length, patiently).toBe(0);
  await expect.poll(() => seen, patiently).toEqual(['empty', 'whole']);
  await watching.stop();
});

test('a folder that comes to be later is watched too', async () => {
  const later = at('填报表');
  const news = await watched(false, later);
  mkdirSync(later);
  writeFileSync(join(later, 'A.xlsx'), 'x');
  await expect.poll(() => news.count, patiently).toBe(1);
  expect(news.faults).toEqual([]);
});

test('the system is relied on for a disk of our own, not for one that is not there', async () => {
  expect(await reportsReach(folder)).toBe(true);
  expect(await reportsReach(at('nowhere'))).toBe(false);
  expect(await reportsReach('\\\\server\\share')).toBe(false);
});

test('a place out of reach is said once; what was saved meanwhile is news when it is back', async () => {
  const told: string[] = [];
  let content: string | null = 'a';
  let reports = 0;
  const watching = watchByLooking({
    every: () => 20,
    settle: 0,
    look: async () => {
      if (content === null) throw new Error('断了');
      return content;
    },
    changed: () => {
      reports += 1;
    },
    failed: (message) => told.push(message),
  });
  await expect.poll(() => reports, patiently).toBe(1);
  content = null;
  await expect.poll(() => told, patiently).toEqual(['断了']);
  await pause(200);
  expect(told).toEqual(['断了']);
  content = 'b';
  await expect.poll(() => reports, patiently).toBe(2);
  await watching.stop();
  content = 'c';
  await pause(100);
  expect(reports).toBe(2);
});
