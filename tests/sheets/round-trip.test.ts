import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ParsedTab } from '../../schema/parsed.ts';
import { type Column, type Tab, tabs } from '../../schema/sheets.ts';
import { drawCounty, sampleDay, termId } from '../../scripts/county/county.ts';
import { readFile } from '../../scripts/sheets/read-file.ts';
import { createWorkbook, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';
import { resavedByOffice, resavedBySheetJs } from '../helpers/resave.ts';

const county = drawCounty({ schools: 6, students: 240, seed: 7, today: sampleDay });
const school = county.bureau.schools.find((other) => other.type === '小学') ?? county.bureau.schools[0];
if (!school) throw new Error('the sample county has no school');
const rows: WorkbookRows = { ...county.schoolRows(school.code), providers: county.bureau.providers };
const made = createWorkbook({ school, term: { id: termId, name: '2026—2027学年上学期' }, office: { bureau: '汝南县教育局(示例)' }, rows });

const parsed = async (bytes: Uint8Array): Promise<ParsedTab[]> => {
  const path = join(mkdtempSync(join(tmpdir(), 'kehou-trip-')), 'a.xlsx');
  writeFileSync(path, bytes);
  return (await readFile(path)).tabs.map((tab) => parseTab(tab));
};

type Values = Readonly<Record<string, unknown>>;

const cellValue = (tab: Tab, column: Column, row: Values): unknown => {
  const via = column.via;
  if (via) return (rows[via.to] as readonly Values[]).find((other) => other.id === row[via.link])?.[column.name];
  if (column.table === tab.table) return row[column.name];
  return (rows[column.table] as readonly Values[]).find((other) => other.student === row.id)?.[column.name];
};

/** What the parser should give back: 班级 as a number where it is one, and nothing for empty cells. */
const expected = (tab: Tab, row: Values): Record<string, unknown> =>
  Object.fromEntries(
    tab.columns.flatMap((column) => {
      const value = cellValue(tab, column, row);
      if (value === null || value === undefined || value === '') return [];
      return [[column.header, column.field.kind === 'classNo' && /^\d+$/.test(String(value)) ? Number(value) : value]];
    }),
  );

const firstDifference = (all: ParsedTab[]): unknown => {
  for (const tab of tabs) {
    const found = all.find((other) => other.tab === tab.name);
    const wanted = ((rows[tab.table] ?? []) as readonly Values[]).map((row) => expected(tab, row));
    if (found?.rows.length !== wanted.length)
      return { tab: tab.name, rows: found?.rows.length, wanted: wanted.length, ignored: found?.ignoredRows.slice(0, 3) };
    for (const [index, values] of wanted.entries()) {
      const read = found.rows[index]?.values ?? {};
      for (const header of new Set([...Object.keys(values), ...Object.keys(read)])) {
        if (JSON.stringify(read[header]) !== JSON.stringify(values[header]))
          return { tab: tab.name, row: index + 2, header, read: read[header], wanted: values[header] };
      }
    }
  }
  return null;
};

test('every value of a school comes back from its workbook as it went in', async () => {
  const all = await parsed(await made);
  expect(firstDifference(all)).toBeNull();
  expect(all.flatMap((tab) => tab.problems.map((problem) => problem.message))).toEqual([]);
  expect(all.find((tab) => tab.tab === '学生报名')?.rows[0]?.id).toBe((rows.students as readonly Values[])[0]?.id);
});

test('the values come back from a workbook that another spreadsheet program has saved again', { timeout: 180_000 }, async () => {
  expect(firstDifference(await parsed(resavedBySheetJs(await made)))).toBeNull();
  expect(firstDifference(await parsed(resavedByOffice(await made)))).toBeNull();
});

test('a text that begins like a formula stays a text and comes back as it was', async () => {
  const words = ['=1+1', '+86 转 8001', '-3 分', '@所有人', '=HYPERLINK("http://127.0.0.1","点我")'];
  const bytes = await createWorkbook({
    school,
    term: { id: termId, name: '学期' },
    office: { bureau: '局' },
    rows: { cases: words.map((title, index) => ({ id: null, title, summary: `=${index}`, unit: '\t制表', authors: '\r回车' })) },
  });
  for (const variant of [bytes, resavedBySheetJs(bytes)]) {
    const cases = (await parsed(variant)).find((tab) => tab.table === 'cases');
    expect(cases?.rows.map((row) => row.values.标题)).toEqual(words);
    expect(cases?.rows.map((row) => row.values.摘要)).toEqual(words.map((_word, index) => `=${index}`));
  }
  const raw = (await readFile(writeTemporary(bytes))).tabs.find((tab) => tab.name === '典型案例');
  expect(raw?.rows.flat().filter((cell) => cell?.formula)).toEqual([]);
});

const writeTemporary = (bytes: Uint8Array): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'kehou-trip-')), 'a.xlsx');
  writeFileSync(path, bytes);
  return path;
};
