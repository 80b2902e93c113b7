/** Ten thousand damaged workbooks: none stops the reader, and each is either one file problem or tabs in which every row is accounted for. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ParsedTab, RawTab } from '../../schema/parsed.ts';
import { problemCodes } from '../../schema/problems.ts';
import { drawCounty, sampleDay } from '../../scripts/county/county.ts';
import type { FileReading } from '../../scripts/sheets/read-file.ts';
import { openReaderPool } from '../../scripts/sheets/read-pool.ts';
import { createWorkbook, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { parseTabs } from '../../scripts/sync/parse-tabs.ts';
import { damage, type Random, randomFrom, type Victim, victimOf } from '../helpers/damage.ts';

/** How many; each takes a hundredth of a second. Any multiple is a longer run with the same beginning. */
const runs = 10_000;
const seed = 20_261_124;

const folder = fileURLToPath(new URL('../fixtures/legacy/', import.meta.url));
const fixture = (name: string): Victim => victimOf(name, readFileSync(folder + name));

const modelWorkbook = async (): Promise<Victim> => {
  const county = drawCounty({ schools: 1, students: 12, seed: 3, today: sampleDay });
  const [school] = county.bureau.schools;
  if (!school) throw new Error('the county has a school');
  const bytes = await createWorkbook({
    school,
    term: { id: '2026-1', name: '2026—2027学年上学期' },
    office: { bureau: '汝南县教育局(示例)', office: '基础教育股', phone: '13800000001', dueDay: 1 },
    rows: { ...county.schoolRows(school.code), providers: county.bureau.providers } as WorkbookRows,
    rowIds: true,
  });
  return victimOf('某校.xlsx', Buffer.from(bytes), 4);
};

const pool = openReaderPool({ size: 2, seconds: 20 });
let victims: readonly Victim[] = [];
beforeAll(async () => {
  victims = [
    fixture('A1_第三小学_报名与课程.xlsx'),
    fixture('A7_滨河小学_收费台账.xlsx'),
    fixture('A3_白杨镇中心小学_人员与社团.xls'),
    fixture('A5_南关小学_报名统计.csv'),
    fixture('A1_第三小学_报名与课程.xlsx'),
    fixture('A7_滨河小学_收费台账.xlsx'),
    await modelWorkbook(),
  ];
});
afterAll(() => pool.close());

const lastFilled = (raw: RawTab): number =>
  raw.rows.reduce((found, row, index) => (row.some((cell) => cell && (cell.error || cell.text.trim() !== '')) ? index + 1 : found), 0);

const numbersIn = (tab: ParsedTab): number[] =>
  [...tab.headerRows, ...tab.rows.map(({ row }) => row), ...tab.ignoredRows.map(({ row }) => row)].sort((a, b) => a - b);

/** Rows that a table has to account for: all of the tab, or those of its own part. */
const rowsOf = (raw: RawTab, { area }: ParsedTab): readonly [from: number, to: number] => {
  const [from = 1, to = lastFilled(raw)] = area?.match(/\d+/g)?.map(Number) ?? [];
  return [from, to];
};

/** What is wrong with how a table was accounted for; null: nothing. */
const unaccounted = (raw: RawTab, tab: ParsedTab): string | null => {
  if (tab.table === null) return null;
  const seen = numbersIn(tab);
  const [from, to] = rowsOf(raw, tab);
  if (seen.length !== to - from + 1 || seen.some((row, index) => row !== from + index)) return `rows ${seen.join(',')} of ${from} to ${to}`;
  const wrong = tab.problems.find(
    ({ cell, code, message }) => !/^[A-Z]{1,3}\d+$/.test(cell) || !problemCodes.includes(code) || !message.endsWith('。'),
  );
  return wrong ? `problem ${JSON.stringify(wrong)}` : null;
};

const complaint = ({ tabs, problem }: FileReading): string | null => {
  if (problem) return problem.fault ?? (problem.message.endsWith('。') ? null : `message ${problem.message}`);
  return tabs.flatMap((raw) => parseTabs(raw).map((tab) => unaccounted(raw, tab))).find((one) => one !== null) ?? null;
};

test(`${runs} damaged workbooks end in one sentence or in rows that are all accounted for`, { timeout: 600_000 }, async () => {
  const random: Random = randomFrom(seed);
  const wrong: string[] = [];
  let [refused, read] = [0, 0];
  const batch = 200;
  for (let start = 0; start < runs; start += batch) {
    const readings = await Promise.all(
      Array.from({ length: Math.min(batch, runs - start) }, (_, index) => {
        const victim = victims[(start + index) % victims.length] as Victim;
        return pool.read(damage(victim, random), victim.name);
      }),
    );
    readings.forEach((reading, index) => {
      const said = complaint(reading);
      if (said !== null) wrong.push(`no. ${start + index}: ${said}`);
      if (reading.problem) refused += 1;
      else read += 1;
    });
  }
  expect(wrong).toEqual([]);
  // Both kinds of ending are met, each by the thousand.
  expect(Math.min(refused, read)).toBeGreaterThan(runs / 5);
});
