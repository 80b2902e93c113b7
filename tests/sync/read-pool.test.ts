/** Reader processes: the same answers as in this one, and a file that hangs or eats memory ends alone. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readBytesOf } from '../../scripts/sheets/read-file.ts';
import { openReaderPool, parseInWorker, readInWorker } from '../../scripts/sheets/read-pool.ts';
import { parseWorkbook } from '../../scripts/sheets/read-tables.ts';
import { defaultLimits } from '../../scripts/sync/limits.ts';
import { pupilRows, workbookOf, worksheet } from '../helpers/attack-zip.ts';

const folder = fileURLToPath(new URL('../fixtures/legacy/', import.meta.url));
const samples = readdirSync(folder)
  .filter((name) => /\.(xlsx?|ods|csv)$/.test(name))
  .map((name) => ({ name, bytes: readFileSync(folder + name) }));

const pool = openReaderPool({ size: 2 });
afterAll(() => pool.close());

/** Small to store, and without end to read: a column that is as wide as all of memory. */
const hungry = workbookOf([worksheet(pupilRows, '<cols><col min="1" max="300000000" width="9"/></cols>')]);

/** Every cell is held against every array formula: three thousand million comparisons. */
const endless = (): Uint8Array => {
  const formulas = Array.from({ length: 30_000 }, (_, index) => `<c r="A${index + 1}"><f t="array" ref="A1:A1">1</f><v>1</v></c>`);
  const cells = '<c><v>1</v></c>'.repeat(10);
  return workbookOf([worksheet(formulas.map((cell, index) => `<row r="${index + 1}">${cell}${cells}</row>`).join(''))]);
};

describe('a reader process', () => {
  test('gives the same tabs as reading in this process', async () => {
    for (const { name, bytes } of samples) expect(await pool.read(bytes, name)).toEqual(readBytesOf(bytes, name));
  });

  test('gives the same rows and problems as parsing in this process, many files at once', async () => {
    const options = { limits: { ...defaultLimits, feeCapPrimary: 40 } };
    const read = await Promise.all(samples.map(({ name, bytes }) => pool.parse(bytes, name, options)));
    expect(read).toEqual(samples.map(({ name, bytes }) => parseWorkbook(readBytesOf(bytes, name), options)));
  });

  test('takes other limits for the next file', async () => {
    const { name, bytes } = samples.find((one) => one.name.startsWith('A7')) as (typeof samples)[number];
    const overCap = async (cap: number): Promise<number> => {
      const { tabs } = await pool.parse(bytes, name, { limits: { ...defaultLimits, feeCapPrimary: cap } });
      return tabs.flatMap(({ parsed }) => parsed.flatMap(({ problems }) => problems)).filter(({ code }) => code === 'out-of-range/fee-cap').length;
    };
    expect(await overCap(10)).toBeGreaterThan(await overCap(60));
  });

  test('opens a path itself, and answers a missing file', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'kehou-pool-')), '某校.xlsx');
    writeFileSync(path, workbookOf());
    expect(await readInWorker(path, '某校.xlsx')).toEqual(readBytesOf(workbookOf(), '某校.xlsx'));
    expect(await readInWorker('/nowhere/某校.xlsx', '某校.xlsx')).toMatchObject({ problem: { code: 'unreadable/missing' } });
    expect((await parseInWorker(path, '某校.xlsx')).tabs[0]?.parsed[0]?.rows).toHaveLength(1);
  });

  test('leaves the bytes with their owner', async () => {
    const bytes = workbookOf();
    const before = Buffer.from(bytes);
    await pool.read(bytes, 'a');
    expect(bytes.equals(before)).toBe(true);
  });
});

describe('a file that would stop everything', () => {
  test('eats memory: it alone is reported, and the files around it are read', async () => {
    const small = openReaderPool({ size: 2, megabytes: 128 });
    const [first, eater, last] = await Promise.all([small.read(workbookOf(), 'a'), small.read(hungry, '某校.xlsx'), small.read(workbookOf(), 'b')]);
    expect(first).toEqual(readBytesOf(workbookOf(), 'a'));
    expect(last).toEqual(first);
    expect(eater.problem).toMatchObject({ code: 'unreadable/stopped' });
    expect(eater.problem?.message).toContain('「某校.xlsx」读不完(占用内存过多),已停止读取,其他文件不受影响');
    small.close();
  });

  test('never ends: it is stopped, and the same pool reads on', async () => {
    const hasty = openReaderPool({ size: 1, seconds: 3 });
    const [stopped, next] = await Promise.all([hasty.parse(endless(), '某校.xlsx'), hasty.parse(workbookOf(), 'b')]);
    expect(stopped).toMatchObject({ tabs: [], meta: null, problem: { code: 'unreadable/stopped' } });
    expect(stopped.problem?.message).toContain('读了 3 秒还没有读完');
    expect(next.tabs[0]?.parsed[0]?.rows).toHaveLength(1);
    hasty.close();
  });

  test('is answered when the pool is closed in the middle of it, and no more are taken', async () => {
    const closing = openReaderPool({ size: 1 });
    const answers = Promise.all([closing.read(endless(), 'a'), closing.read(workbookOf(), 'b')]);
    closing.close();
    expect((await answers).map(({ problem }) => problem?.code)).toEqual(['unreadable/stopped', 'unreadable/stopped']);
    await expect(closing.read(workbookOf(), 'c')).rejects.toThrow('closed');
  });
});
