import { expect, test } from 'vitest';
import { atLeast, atMost } from '../../scripts/bench/rig/bar.ts';
import { watchMemory } from '../../scripts/bench/rig/memory.ts';
import { barNames, benchCommand, describeBars, machine } from '../../scripts/bench.ts';
import { runCommand } from '../../scripts/cli.ts';

const measured = { name: 'first-sync', what: '首次收表', unit: '行/秒', ours: 9000, against: 300, bar: 25 };

test('a promise to be many times faster is kept where the ratio reaches it, and missed where it does not', () => {
  expect(atLeast(measured)).toMatchObject({ ratio: 30, pass: true });
  expect(atLeast({ ...measured, ours: 6000 })).toMatchObject({ ratio: 20, pass: false });
});

test('a promise to cost little more holds up to its ratio; a limit without comparison is held to its own figure', () => {
  expect(atMost({ ...measured, ours: 450, bar: 1.5 })).toMatchObject({ ratio: 1.5, pass: true });
  expect(atMost({ ...measured, ours: 480, bar: 1.5 })).toMatchObject({ ratio: 1.6, pass: false });
  expect(atMost({ ...measured, ours: 690, against: null, bar: 700 })).toMatchObject({ ratio: null, pass: true });
  expect(atMost({ ...measured, ours: 710, against: null, bar: 700 })).toMatchObject({ ratio: null, pass: false });
});

test('all promises of DESIGN section 10 can be measured', () => {
  expect(barNames).toEqual([
    'first-sync',
    'second-sync-touched',
    'second-sync-untouched',
    'google-calls',
    'memory',
    'notices',
    'showcase',
    'notices-county',
    'rules',
  ]);
});

test('a bar that does not exist is refused by name, before anything is measured', async () => {
  let said = '';
  const code = await runCommand(
    benchCommand,
    ['--only', 'fist-sync'],
    () => undefined,
    (text) => {
      said += text;
    },
  );
  expect(code).toBe(2);
  expect(said).toContain('fist-sync');
  expect(said).toContain('first-sync');
});

test('the table for people shows both sides, the ratio and the bar, and marks what is missed', () => {
  const text = describeBars(machine(), [atLeast(measured), atMost({ ...measured, name: 'memory', unit: 'MB', ours: 812, against: null, bar: 700 })]);
  expect(text).toContain(`Node ${process.version}`);
  expect(text).toMatch(/✓ first-sync .*\n.*9,000 .*300 .*30 .*25/);
  expect(text).toMatch(/✗ memory .*\n.*812 .*— MB .*700/);
});

test.runIf(process.platform === 'linux')('memory is watched over a process and everything that it has started', () => {
  const watch = watchMemory({ tests: process.pid });
  expect(watch.stop().tests).toBeGreaterThan(10);
});
