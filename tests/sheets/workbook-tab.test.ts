import * as XLSX from '@e965/xlsx';
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { noRows, type TabAnswer } from '../../schema/ingest.ts';
import { filledTabs, tabs as modelTabs, type Tab, tabOf } from '../../schema/sheets.ts';
import { drawCounty, sampleDay, termId } from '../../scripts/county/county.ts';
import { comingColumns } from '../../scripts/sheets/column-records.ts';
import { readingOf } from '../../scripts/sheets/reading.ts';
import { answerBytes } from '../../scripts/sheets/workbook-answers.ts';
import { createWorkbook, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { openPackage } from '../../scripts/sheets/xlsx-package.ts';
import { resavedByOffice } from '../helpers/resave.ts';

const county = drawCounty({ schools: 4, students: 60, seed: 2, today: sampleDay });
const [school] = county.bureau.schools;
if (!school) throw new Error('the sample county has no school');
const rows = county.schoolRows(school.code) as unknown as WorkbookRows;
const make = (tabs: readonly Tab[]) => createWorkbook({ school, term: { id: termId, name: '学期' }, office: { bureau: '局' }, tabs, rows });

const finding = tabOf('findings');
const shown = { 状态: '未办', 级别: '禁', 规则编号: 'R-F1', 内容: '2026-10 多收 30 元', 所在行: '「收费」第 3 行', 说明期限: '2026-12-01' };
const answer = (outward: Record<string, unknown> = shown): TabAnswer => ({
  tab: finding.name,
  table: 'findings',
  counts: noRows,
  problems: [],
  rows: [{ row: 2, id: 'A1B2C3D4E5F6', status: '待确认', outward }],
});
const answered = async (bytes: Uint8Array, tabs: readonly TabAnswer[], coming: ReadonlyMap<string, ReadonlySet<string>> = new Map()) => {
  const after = await answerBytes(bytes, { tabs, model: modelTabs, coming });
  if (typeof after === 'string') throw new Error(after);
  return after;
};
const read = async (bytes: Uint8Array, table: string) => (await readingOf(bytes, '柳林.xlsx', {})).tabs.find((tab) => tab.table === table);

test('a workbook from before there were findings is read as if it had the tab, and gets it with the first finding', async () => {
  const old = await make(filledTabs(modelTabs));
  expect(await read(old, 'findings')).toMatchObject({ tab: '预警', rows: [], problems: [] });
  const silent = { ...answer(), rows: [] };
  expect(XLSX.read((await answered(old, [silent])) as Buffer).SheetNames).toEqual(XLSX.read(old).SheetNames);

  const bytes = (await answered(old, [answer()])) as Buffer;
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(bytes as never);
  const sheet = book.getWorksheet('预警') as ExcelJS.Worksheet;
  expect((sheet.getRow(1).values as unknown[]).slice(1)).toEqual(['行号', ...finding.columns.map((column) => column.header), '同步状态', '问题说明']);
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', xSplit: 2, ySplit: 1 });
  const cell = (header: string) => sheet.getCell(2, (sheet.getRow(1).values as unknown[]).indexOf(header));
  expect([cell('行号').value, cell('内容').value, cell('同步状态').value]).toEqual(['A1B2C3D4E5F6', '2026-10 多收 30 元', '待确认']);
  expect(cell('说明期限').value).toEqual(new Date('2026-12-01'));
  // The bureau's columns are closed, the school's is open.
  expect([cell('内容').protection?.locked ?? true, cell('学校说明').protection?.locked]).toEqual([true, false]);
  expect(cell('状态').dataValidation).toMatchObject({ type: 'custom', formulae: ['FALSE'] });
  const xml = await (await openPackage(bytes)).read('xl/worksheets/sheet11.xml');
  expect(xml.match(/<cfRule/g)).toHaveLength(6);
  // The other tabs are as they were.
  const [before, after] = [XLSX.read(old), XLSX.read(bytes)];
  expect(after.SheetNames).toEqual([...before.SheetNames, '预警']);
  expect(after.Sheets.学生报名).toEqual(before.Sheets.学生报名);
  expect(after.Workbook?.Names).toEqual(before.Workbook?.Names);
});

test('the tab is read back, keeps its bytes while nothing is new, and survives LibreOffice', async () => {
  const bytes = (await answered(await make(filledTabs(modelTabs)), [answer()])) as Buffer;
  expect((await read(bytes, 'findings'))?.rows).toEqual([{ row: 2, id: 'A1B2C3D4E5F6', values: { ...shown } }]);
  expect(await answered(bytes, [answer()])).toBeNull();
  const resaved = await resavedByOffice(bytes);
  expect((await read(resaved, 'findings'))?.rows[0]).toMatchObject({ id: 'A1B2C3D4E5F6', values: shown });
});

test('columns that the model did not have yet are added once, behind everything, and read from then on', async () => {
  const newer = new Set(['核对确认', '更正理由', '延期至']);
  const older = modelTabs.map((tab) =>
    tab.table === 'monthly_reports' ? { ...tab, columns: tab.columns.filter((column) => !newer.has(column.header)) } : tab,
  );
  const old = await make(older);
  const parsed = await read(old, 'monthly_reports');
  if (!parsed) throw new Error('no 月报');
  expect([...comingColumns(parsed)].sort()).toEqual([...newer].sort());
  expect(parsed.problems.filter((one) => one.code === 'required-missing/column')).toEqual([]);
  const coming = new Map([[parsed.tab, comingColumns(parsed)]]);
  const { id } = parsed.rows[0] as { id: string };
  const told: TabAnswer = {
    tab: '月报',
    table: 'monthly_reports',
    counts: noRows,
    problems: [],
    rows: [{ row: 2, id, status: '已收', outward: { 延期至: '2026-12-03' } }],
  };
  const bytes = (await answered(old, [told], coming)) as Buffer;
  const again = await read(bytes, 'monthly_reports');
  expect([...comingColumns(again as never)]).toEqual([]);
  expect(again?.rows[0]?.values).toMatchObject({ 延期至: '2026-12-03' });
  const [head] = XLSX.utils.sheet_to_json(XLSX.read(bytes).Sheets.月报 as XLSX.WorkSheet, { header: 1 }) as string[][];
  expect(new Set(head?.slice(-3))).toEqual(newer);
  // The other columns have not moved.
  const [headBefore] = XLSX.utils.sheet_to_json(XLSX.read(old).Sheets.月报 as XLSX.WorkSheet, { header: 1 }) as string[][];
  expect(head?.slice(0, -3)).toEqual(headBefore);
  expect(await answered(bytes, [told], new Map())).toBeNull();
});

test('a column that the school must fill in and has taken away is missed in words, and not added', async () => {
  const older = modelTabs.map((tab) =>
    tab.table === 'monthly_reports' ? { ...tab, columns: tab.columns.filter((column) => column.header !== '参加学生数') } : tab,
  );
  const parsed = await read(await make(older), 'monthly_reports');
  expect(comingColumns(parsed as never).has('参加学生数')).toBe(false);
  expect(parsed?.problems.map((one) => one.code)).toContain('required-missing/column');
});
