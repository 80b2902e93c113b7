import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runStages, SetupError, type Stage } from '../../scripts/setup/stages.mjs';

let tools: string;
const done: string[] = [];
const said: string[] = [];
const stream = { write: (text: string) => said.push(text) };

beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), 'kehou-stages-'));
  done.length = 0;
  said.length = 0;
});
afterEach(() => rmSync(tools, { recursive: true }));

const stage = (name: string, more: Partial<Stage> = {}): Stage => ({
  name,
  label: name,
  key: () => 'inputs',
  present: () => done.includes(name),
  async run() {
    done.push(name);
  },
  ...more,
});

test('every stage is done once, in order, and a second run does nothing', async () => {
  const stages = [stage('first'), stage('second')];
  expect(await runStages(tools, stages, stream)).toBe(false);
  expect(await runStages(tools, stages, stream)).toBe(true);
  expect(done).toEqual(['first', 'second']);
});

test('a stage that was cut off is done again, those before it are not', async () => {
  let cut = true;
  const broken = stage('second', {
    async run() {
      if (cut) throw new Error('the power failed');
      done.push('second');
    },
  });
  const stages = [stage('first'), broken, stage('third')];
  await expect(runStages(tools, stages, stream)).rejects.toThrow('the power failed');
  cut = false;
  expect(await runStages(tools, stages, stream)).toBe(false);
  expect(done).toEqual(['first', 'second', 'third']);
});

test('a stage whose inputs changed, or whose result is gone, is done again', async () => {
  let key = 'old lock file';
  let there = true;
  const stages = [stage('packages', { key: () => key, present: () => there && done.length > 0 })];
  await runStages(tools, stages, stream);
  key = 'new lock file';
  await runStages(tools, stages, stream);
  expect(done).toHaveLength(2);
  there = false;
  await runStages(tools, stages, stream);
  expect(done).toHaveLength(3);
});

test('what was set up by hand is taken over', async () => {
  expect(await runStages(tools, [stage('packages', { present: () => true, adopt: () => true })], stream)).toBe(false);
  expect(done).toEqual([]);
});

test('a failure says what to do and where the whole record is', async () => {
  const stages = [
    stage('packages', {
      async run() {
        throw new SetupError('依赖包没有装好');
      },
    }),
  ];
  await expect(runStages(tools, stages, stream)).rejects.toThrow(/依赖包没有装好\n.*packages\.log/);
  expect(said.join('')).toContain('没有成功');
});

test('two set-ups at once wait for each other, and the work is done once', async () => {
  const slow = () =>
    stage('packages', {
      async run() {
        await new Promise((resolve) => setTimeout(resolve, 300));
        done.push('packages');
      },
    });
  await Promise.all([runStages(tools, [slow()], stream), runStages(tools, [slow()], stream)]);
  expect(done).toEqual(['packages']);
});
