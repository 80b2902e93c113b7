import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { plainTabs, systemHeaders, tabs } from '../../schema/sheets.ts';
import { terminalProgress } from '../../scripts/cli.ts';
import { drawCounty, sampleDay, termId } from '../../scripts/county/county.ts';
import { makeSheets } from '../../scripts/sheets/create-all.ts';
import { formatValue } from '../../scripts/sheets/format-value.ts';
import { createWorkbook, metaKeys, type WorkbookInput, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { inlineList } from '../../scripts/sheets/workbook-validation.ts';
import { openPackage, sheetParts } from '../../scripts/sheets/xlsx-package.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { hasOffice, resavedByOffice, resavedBySheetJs } from '../helpers/resave.ts';

const county = drawCounty({ schools: 6, students: 120, seed: 5, today: sampleDay });
const school = county.bureau.schools[0];
if (!school) throw new Error('the sample county has no school');
const input: WorkbookInput = {
  school,
  term: { id: termId, name: '2026—2027学年上学期' },
  office: { bureau: '汝南县教育局(示例)', office: '基础教育股', phone: '13800000001', dueDay: 1 },
  rows: { ...county.schoolRows(school.code), providers: county.bureau.providers } as WorkbookRows,
};
const made = createWorkbook(input);

const open = async (bytes: Uint8Array): Promise<ExcelJS.Workbook> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as never);
  return workbook;
};

const sheetXml = async (name: string): Promise<string> => {
  const pkg = await openPackage(await made);
  const part = (await sheetParts(pkg)).find((other) => other.name === name);
  return pkg.read(part?.path ?? '');
};

test('the tabs stand in order: instructions, the data tabs, and a very hidden one that says whose workbook it is', async () => {
  const workbook = await open(await made);
  expect(workbook.worksheets.map((sheet) => sheet.name)).toEqual([plainTabs.instructions, ...tabs.map((tab) => tab.name), plainTabs.meta]);
  const meta = workbook.getWorksheet(plainTabs.meta);
  expect(meta?.state).toBe('veryHidden');
  const facts = Object.fromEntries([1, 2, 3, 4].map((row) => [meta?.getCell(row, 1).value, meta?.getCell(row, 2).value]));
  expect(facts).toEqual({ [metaKeys.model]: 1, [metaKeys.school]: school.code, [metaKeys.schoolName]: school.name, [metaKeys.term]: termId });
});

test('headers and system columns are locked, data cells are open, and sorting and rows stay usable', async () => {
  const workbook = await open(await made);
  for (const tab of tabs) {
    const sheet = workbook.getWorksheet(tab.name);
    const headers = ((sheet?.getRow(1).values ?? []) as unknown[]).slice(1);
    expect(headers).toEqual([systemHeaders.id, ...tab.columns.map((column) => column.header), systemHeaders.status, systemHeaders.message]);
    headers.forEach((_header, index) => {
      const column = tab.columns[index - 1];
      expect(sheet?.getCell(1, index + 1).protection?.locked).not.toBe(false);
      expect(sheet?.getCell(500, index + 1).protection?.locked === false).toBe(column !== undefined && !column.readOnly);
    });
    const xml = await sheetXml(tab.name);
    expect(xml).toMatch(/<sheetProtection sheet="1"(?![^>]*password)[^>]*insertRows="0"[^>]*deleteRows="0"[^>]*sort="0"[^>]*autoFilter="0"/);
    expect(xml.indexOf('<protectedRanges>')).toBeGreaterThan(xml.indexOf('<sheetProtection'));
    expect(xml.indexOf('<protectedRanges>')).toBeLessThan(xml.indexOf('<autoFilter'));
  }
});

test('choice columns have dropdowns, courses are offered from their own tab, and nobody types into a system column', async () => {
  const xml = await sheetXml('考勤');
  expect(xml).toContain('<formula1>&apos;课程安排&apos;!$B$2:$B$300</formula1>');
  expect(xml).toContain('<formula1>&quot;第一段,第二段&quot;</formula1>');
  expect(await sheetXml('学生报名')).toContain('城市低保,农村低保');
  expect(await sheetXml('课程安排')).toContain(`<formula1>${plainTabs.meta}!$D$1:$D$`);
  expect(xml.match(/<formula1>FALSE<\/formula1>/g)?.length).toBe(3);
});

test('a list too long for a rule is put into cells instead', () => {
  expect(inlineList(['是', '否'])).toBe('"是,否"');
  expect(inlineList(Array.from({ length: 60 }, (_none, index) => `第${index}个选项`))).toBeNull();
  expect(inlineList(['一,二'])).toBeNull();
});

test('required columns are tinted, dates and texts have their formats, and every header explains itself', async () => {
  const sheet = (await open(await made)).getWorksheet('学生报名');
  const at = (header: string): number => ((sheet?.getRow(1).values ?? []) as unknown[]).indexOf(header);
  expect(sheet?.getCell(400, at('姓名')).fill).toMatchObject({ fgColor: { argb: 'FFFFF8E1' } });
  expect(sheet?.getCell(400, at('减免审核')).fill).toMatchObject({ fgColor: { argb: 'FFF2F2F2' } });
  expect(sheet?.getCell(2, at('申请日')).numFmt).toBe('yyyy-mm-dd');
  for (const header of ['监护人电话', '班级', systemHeaders.id]) expect(sheet?.getCell(400, at(header)).numFmt).toBe('@');
  expect(JSON.stringify(sheet?.getCell(1, at('星期')).note)).toContain('顿号');
  expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
});

test('the instructions name the due day, the office and every tab, without source ids of the policy list', async () => {
  const words: string[] = [];
  (await open(await made)).getWorksheet(plainTabs.instructions)?.eachRow((row) => row.eachCell((cell) => words.push(cell.text)));
  const all = words.join('\n');
  expect(all).toContain('每月 1 号前');
  expect(all).toContain('汝南县教育局(示例) 基础教育股 13800000001');
  for (const tab of tabs) expect(all).toContain(tab.name);
  expect(all).not.toMatch(/[((][SRP]\d+/);
});

test('the same rows give the same bytes, and other rows other bytes', async () => {
  expect((await createWorkbook(input)).equals(await made)).toBe(true);
  expect((await createWorkbook({ ...input, school: { ...school, name: '别的学校(示例)' } })).equals(await made)).toBe(false);
});

test('a text that no cell can hold is refused, not cut', () => {
  const field = tabs.find((tab) => tab.table === 'cases')?.columns.find((column) => column.header === '主要做法')?.field;
  expect(() => formatValue(field as never, '长'.repeat(32_768))).toThrow(RangeError);
});

test('protection, dropdowns and the hidden tab are still there after another program has saved the workbook', { timeout: 180_000 }, async () => {
  const office = await openPackage(resavedByOffice(await made));
  const parts = await sheetParts(office);
  expect(parts.map((part) => part.name)).toContain(plainTabs.meta);
  expect(parts.find((part) => part.name === plainTabs.meta)?.state).not.toBe('visible');
  const roster = await office.read(parts.find((part) => part.name === '学生报名')?.path ?? '');
  // SheetJS, which stands in where there is no LibreOffice, keeps values only.
  const kept = ['<sheetProtection', '<protectedRange', '<conditionalFormatting', '<dataValidation'].filter((tag) => roster.includes(tag));
  expect(kept).toHaveLength(hasOffice ? 4 : kept.length);
  expect(roster).toContain('<cols>');
  const sheetJs = await sheetParts(await openPackage(resavedBySheetJs(await made)));
  expect(sheetJs.map((part) => part.name)).toEqual(parts.map((part) => part.name));
});

const quiet = terminalProgress(true);
const storeOf = () => {
  const rows = county.schoolRows(school.code);
  const store = fakeStore(
    {
      schools: [school],
      terms: county.bureau.terms,
      providers: county.bureau.providers,
      students: rows.students,
      enrolments: rows.enrolments,
    } as never,
    county.bureau.settings as never,
  );
  return { ...store, call: async () => ({ tabs, mark: '' }) as never };
};

test('npm run sheets makes a workbook with the rows of Directus and notes it at the school', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kehou-make-'));
  const store = storeOf();
  const dry = await makeSheets(store, folder, { dryRun: true }, quiet);
  expect([dry.workbooks[0]?.state, existsSync(join(folder, dry.workbooks[0]?.file ?? ''))]).toEqual(['新建', false]);
  const { workbooks, created } = await makeSheets(store, folder, {}, quiet);
  const file = workbooks[0]?.file ?? '';
  expect([created, file]).toEqual([1, `${school.code}_${school.name}.xlsx`]);
  expect(store.rowsOf('schools')[0]?.workbook).toBe(file);
  const workbook = await open(readFileSync(join(folder, file)));
  const sheet = workbook.getWorksheet('学生报名');
  expect(sheet?.getCell('A2').text).toHaveLength(12);
  const names = (tab: string): string[] => {
    const found: string[] = [];
    workbook.getWorksheet(tab)?.eachRow((row, number) => number > 1 && found.push(row.getCell(2).text));
    return found;
  };
  const paying = names('收费');
  expect(paying).toEqual(names('学生报名').filter((name) => paying.includes(name)));
  expect(sheet?.actualRowCount).toBe(county.schoolRows(school.code).students.length + 1);
});

test('a file that is there is left alone, unless it is ours and a refresh is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kehou-make-'));
  const store = storeOf();
  const path = join(folder, `${school.code}_${school.name}.xlsx`);
  writeFileSync(path, '学校自己的文件');
  expect((await makeSheets(store, folder, { refresh: true }, quiet)).workbooks[0]?.state).toBe('不是系统模板');
  expect(readFileSync(path, 'utf8')).toBe('学校自己的文件');
  writeFileSync(path, await made);
  expect((await makeSheets(store, folder, {}, quiet)).workbooks[0]?.state).toBe('已有');
  expect(readFileSync(path).equals(await made)).toBe(true);
  expect((await makeSheets(store, folder, { refresh: true }, quiet)).workbooks[0]?.state).toBe('重做');
  writeFileSync(join(folder, `~$${school.code}_${school.name}.xlsx`), '');
  expect((await makeSheets(store, folder, { refresh: true }, quiet)).workbooks[0]?.state).toBe('占用中');
});

test('an unknown school or term is named in one sentence', async () => {
  await expect(makeSheets(storeOf(), tmpdir(), { schools: ['2141999999'], dryRun: true }, quiet)).rejects.toThrow('没有学校 2141999999');
  await expect(makeSheets(storeOf(), tmpdir(), { term: '1999-1', dryRun: true }, quiet)).rejects.toThrow('没有学期 1999-1');
});
