import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, describe, expect, test } from 'vitest';
import { newRowId } from '../../schema/row-id.ts';
import { chanceOf } from '../../scripts/county/random.ts';
import { openPressRoom, type Printed } from '../../scripts/notices/press-room.ts';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { openBrowser } from '../../scripts/print/browser.ts';
import { placesOf } from '../../scripts/print/split.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { chromium, deskFor, temporaryFolder } from './desk.ts';
import { manyStudents, rowsWith, school, settings, term } from './fixture.ts';

const wanted = { kind: '告家长书', school: school.code };
const folder = temporaryFolder();
afterAll(() => folder.remove());

test.each(['告家长书', '收费与减免告知'])('a run of %s that is killed is finished by the next one, and nothing is printed twice', async (kind) => {
  const pupils = manyStudents(10, 5);
  const path = join(folder.path, kind);
  mkdirSync(path);
  const enrolments = pupils.map(({ id }) => ({ id: newRowId(), student: id, school: school.code, term: term.id, days: [1], state: '已通过' }));
  writeFileSync(join(path, 'rows.json'), JSON.stringify({ ...rowsWith(pupils), enrolments }));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'killed-run.ts'), path, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const store = fakeStore(JSON.parse(readFileSync(join(path, 'rows.json'), 'utf8')), settings);
  const first = store.rowsOf('notice_copies').map(({ code }) => code);
  expect(first).toHaveLength(4);
  const result = await printNotices(deskFor(store, path), { ...wanted, kind });
  expect(result).toMatchObject({ copies: 10, printed: 6, reused: 4, failed: 0 });
  const copies = store.rowsOf('notice_copies');
  expect(copies).toHaveLength(10);
  expect(new Set(copies.map(({ student }) => student)).size).toBe(10);
  expect(copies.map(({ code }) => code)).toEqual(expect.arrayContaining(first));
  expect(store.rowsOf('notices')).toHaveLength(1);
  expect(
    readdirSync(result.folder, { recursive: true }).filter((name) => String(name).endsWith('.tmp') || String(name).endsWith('.printing')),
  ).toEqual([]);
});

test('a browser that dies is replaced, and every letter is printed', async () => {
  let opened = 0;
  const open = async (config: { chromium?: string | null }) => {
    const browser = await openBrowser(config);
    opened += 1;
    if (opened <= 3) {
      const newPage = browser.newPage.bind(browser);
      browser.newPage = async () => {
        browser.process()?.kill('SIGKILL');
        return newPage();
      };
    }
    return browser;
  };
  const store = fakeStore(rowsWith(manyStudents(6, 6)), settings);
  const result = await printNotices(deskFor(store, join(folder.path, 'crash'), { open }), wanted);
  expect(opened).toBeGreaterThan(3);
  expect(result).toMatchObject({ printed: 6, failed: 0 });
});

test('a browser that hangs is replaced, and every letter is printed', async () => {
  let opened = 0;
  const open = async (config: { chromium?: string | null }) => {
    const browser = await openBrowser(config);
    opened += 1;
    if (opened === 1) {
      const newPage = browser.newPage.bind(browser);
      browser.newPage = async () => {
        const page = await newPage();
        // Stopped, not dead: it keeps its connection and answers nothing.
        browser.process()?.kill('SIGSTOP');
        return page;
      };
    }
    return browser;
  };
  const store = fakeStore(rowsWith(manyStudents(6, 6)), settings);
  const result = await printNotices(deskFor(store, join(folder.path, 'hang'), { open, timeout: 8000 }), wanted);
  expect(opened).toBeGreaterThan(1);
  expect(result).toMatchObject({ printed: 6, failed: 0 });
});

/** The processes in which a browser lays out its pages. */
const renderersOf = (browser: Browser): number[] => {
  const listed = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 1e8 });
  const all = listed
    .trim()
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .map((found) => ({ pid: Number(found?.[1]), parent: Number(found?.[2]), args: found?.[3] ?? '' }));
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => {
    for (let one: number | undefined = pid; one; one = parents.get(one)) if (one === browser.process()?.pid) return true;
    return false;
  };
  return all.filter(({ pid, args }) => args.includes('--type=renderer') && isOurs(pid)).map(({ pid }) => pid);
};

test('the process that lays out a page is killed at random moments, and every letter is printed', async () => {
  const chance = chanceOf(20261126);
  let current: Browser | null = null;
  const open = async (config: { chromium?: string | null }) => {
    current = await openBrowser(config);
    return current;
  };
  let killed = 0;
  const kill = (): void => {
    const pids = current?.connected && killed < 6 ? renderersOf(current) : [];
    const pid = pids[Math.floor(chance.next() * pids.length)];
    if (pid === undefined) return;
    killed += 1;
    process.kill(pid, 'SIGKILL');
  };
  // Names that no model fits: each letter is laid out on its own.
  const pupils = manyStudents(24, 12).map((one, index) => ({ ...one, name: `买买提·${one.name}${index}` }));
  const store = fakeStore(rowsWith(pupils), settings);
  const timer = setInterval(kill, 900);
  try {
    const result = await printNotices(deskFor(store, join(folder.path, 'renderer'), { open, timeout: 20_000 }), wanted);
    expect(result).toMatchObject({ printed: 24, failed: 0 });
  } finally {
    clearInterval(timer);
  }
  expect(killed).toBeGreaterThan(1);
  expect(store.rowsOf('notice_copies')).toHaveLength(24);
}, 240_000);

describe('a press room', () => {
  const sheet = (key: string, pages = 1) => ({
    key,
    pages,
    mark: `https://kehou.example/notice/${key}`,
    html: `<p><a href="https://kehou.example/notice/${key}">letter ${key}</a></p>`,
    blanks: null,
  });
  const assemble = (fragments: readonly string[]) => `<!doctype html><style>p{break-before:page}</style>${fragments.join('')}`;

  test('a letter that cannot be printed is reported, and its neighbours are printed', async () => {
    const room = openPressRoom({ chromium }, { batchSize: 5, assemble });
    const done: Printed[] = [];
    const bad = { ...sheet('bad'), html: '<p>a letter without its mark</p>' };
    const failures = await room.print([sheet('a'), sheet('b'), bad, sheet('c'), sheet('d')], async (batch) => void done.push(...batch));
    await room.close();
    expect(failures.map(({ key }) => key)).toEqual(['bad']);
    expect(done.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a letter that eats all memory is reported in the office’s words, and its neighbours are printed', async () => {
    /** Each process that lays out pages gets so much beyond what it has at its start; then the system refuses it. */
    const spare = 60_000_000;
    const limited = new Set<number>();
    const open = async (config: { chromium?: string | null }) => {
      const browser = await openBrowser(config);
      const newPage = browser.newPage.bind(browser);
      browser.newPage = async () => {
        const page = await newPage();
        for (const pid of renderersOf(browser)) {
          if (limited.has(pid)) continue;
          limited.add(pid);
          const used = Number(/VmData:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
          execFileSync('prlimit', ['--pid', String(pid), `--data=${used + spare}`]);
        }
        return page;
      };
      return browser;
    };
    const room = openPressRoom({ chromium }, { batchSize: 4, assemble, open, timeout: 60_000 });
    const done: Printed[] = [];
    const glutton = { ...sheet('glutton'), html: `${sheet('glutton').html}<p>${'<i>x</i>'.repeat(600_000)}</p>` };
    const failures = await room.print([sheet('a'), sheet('b'), glutton, sheet('c')], async (batch) => void done.push(...batch));
    await room.close();
    expect(failures).toEqual([{ key: 'glutton', reason: expect.stringContaining('可能是内存不够') }]);
    expect(done.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c']);
  }, 300_000);

  test('a letter is not given up for what those beside it do to the browser', async () => {
    const open = async (config: { chromium?: string | null }) => {
      const browser = await openBrowser(config);
      const newPage = browser.newPage.bind(browser);
      browser.newPage = async () => {
        const page = await newPage();
        const pdf = page.pdf.bind(page);
        page.pdf = async (options) => {
          if (await page.$('b')) browser.process()?.kill('SIGKILL');
          return pdf(options);
        };
        return page;
      };
      return browser;
    };
    const room = openPressRoom({ chromium }, { batchSize: 1, assemble, open, timeout: 60_000 });
    const done: Printed[] = [];
    const deadly = (key: string) => ({ ...sheet(key), html: `${sheet(key).html}<b>x</b>` });
    // Whenever one of a, b, c is printed again, a deadly one has just been started beside it.
    const sheets = [deadly('1'), sheet('a'), deadly('2'), deadly('3'), sheet('b'), deadly('4'), deadly('5'), sheet('c')];
    const failures = await room.print(sheets, async (batch) => void done.push(...batch));
    await room.close();
    expect(failures.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5']);
    expect(done.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  }, 120_000);

  test('a letter longer than expected is printed again with its like, so that page numbers are right', async () => {
    const room = openPressRoom({ chromium }, { batchSize: 5, assemble });
    const done: Printed[] = [];
    const long = { ...sheet('long'), html: `${sheet('long').html}<p>second page</p>` };
    expect(await room.print([sheet('a'), long, sheet('b')], async (batch) => void done.push(...batch))).toEqual([]);
    await room.close();
    expect(Object.fromEntries(done.map(({ key, model }) => [key, model.pages]))).toEqual({ a: 1, long: 2, b: 1 });
  });

  test('pages that carry marks out of order are never cut', () => {
    expect(placesOf([['a'], [], ['b']], ['a', 'b'])).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 3 },
    ]);
    expect(() => placesOf([['b'], ['a']], ['a', 'b'])).toThrow(/mark of another letter/);
    expect(() => placesOf([['a'], []], ['a', 'b'])).toThrow(/does not hold the letters/);
    expect(() => placesOf([[], ['a'], ['b']], ['a', 'b'])).toThrow(/does not hold the letters/);
  });
});
