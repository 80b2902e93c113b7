import { Buffer } from 'node:buffer';
import * as XLSX from '@e965/xlsx';
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { noRows, type TabAnswer } from '../../schema/ingest.ts';
import { liveTables } from '../../schema/live-tables.ts';
import { tabs as modelTabs, type Tab, tabOf, tabsOf } from '../../schema/sheets.ts';
import { drawCounty, sampleDay, termId } from '../../scripts/county/county.ts';
import { filterNameReaching, preparedRows, setColumn, setRule } from '../../scripts/sheets/column-xml.ts';
import { readingOf } from '../../scripts/sheets/reading.ts';
import { letterOf, parseSheet, renderSheet, type SheetXml, setCell } from '../../scripts/sheets/sheet-xml.ts';
import { answerBytes } from '../../scripts/sheets/workbook-answers.ts';
import { createWorkbook, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { attribute, openPackage, sheetParts } from '../../scripts/sheets/xlsx-package.ts';
import { resavedByOffice, resavedBySheetJs } from '../helpers/resave.ts';
import { busRoute, changedField, staffField, tabsWith, zh } from '../helpers/staff-fields.ts';

const county = drawCounty({ schools: 4, students: 60, seed: 2, today: sampleDay });
const [school] = county.bureau.schools;
if (!school) throw new Error('the sample county has no school');
const rows = county.schoolRows(school.code);
const make = (tabs: readonly Tab[] = modelTabs) =>
  createWorkbook({ school, term: { id: termId, name: '学期' }, office: { bureau: '局' }, tabs, rows: rows as unknown as WorkbookRows });

const answer = (outward: Record<string, unknown> = {}): TabAnswer => ({
  tab: '学生报名',
  table: 'students',
  counts: noRows,
  problems: [],
  rows: rows.students.map((row, index) => ({ row: index + 2, id: row.id, status: '已收', outward: index === 0 ? outward : {} })),
});

/** The workbook after the next sync; the same bytes where it has nothing to follow and nothing to say. */
const synced = async (bytes: Uint8Array, tabs: readonly Tab[], outward = {}): Promise<Buffer> => {
  const after = await answerBytes(bytes, { tabs: [answer(outward)], model: tabs });
  if (typeof after === 'string') throw new Error(after);
  return after ?? Buffer.from(bytes);
};

const open = async (bytes: Uint8Array): Promise<ExcelJS.Worksheet> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as never);
  const sheet = workbook.getWorksheet('学生报名');
  if (!sheet) throw new Error('no 学生报名');
  return sheet;
};
const headers = (sheet: ExcelJS.Worksheet): string[] => (sheet.getRow(1).values as unknown[]).slice(1).map(String);
const columnOf = (sheet: ExcelJS.Worksheet, header: string): number => headers(sheet).indexOf(header) + 1;
const ruleOf = (sheet: ExcelJS.Worksheet, header: string, row = 3) => sheet.getCell(row, columnOf(sheet, header)).dataValidation;

const last = tabOf('students').columns.length + 3;
/** A school that keeps a column of its own, with a formula, right of 问题说明. */
const withOwnColumn = async (bytes: Uint8Array): Promise<Buffer> => {
  const pkg = await openPackage(bytes);
  const part = (await sheetParts(pkg)).find((one) => one.name === '学生报名');
  const sheet = part && parseSheet(await pkg.read(part.path));
  if (!part || !sheet) throw new Error('no 学生报名');
  setCell(sheet, 1, last + 1, '自用备注', []);
  setCell(sheet, 2, last + 1, '接弟弟', []);
  const row = sheet.rows.get(3);
  if (row) row.cells += `<c r="${letterOf(last + 1)}3"><f>LEN(B3)</f><v>3</v></c>`;
  sheet.head = sheet.head.replace(/<dimension [^>]*>/, '');
  pkg.write(part.path, renderSheet(sheet));
  return pkg.bytes();
};

const dropdown = '"一号线,二号线"';

test('a field that staff add becomes a column with header, note, dropdown and tint, and no other cell moves', async () => {
  const before = await withOwnColumn(await make());
  const after = await synced(before, tabsWith(busRoute()), { 乘车路线: 'one' });
  const [old, sheet] = [await open(before), await open(after)];
  expect(headers(sheet)).toEqual([...headers(old), '乘车路线']);
  const at = last + 2;
  expect(sheet.getCell(1, at).note).toBe('必填。从下拉列表中选。\n坐校车的填');
  expect(sheet.getCell(1, at).fill).toEqual(sheet.getCell(1, columnOf(sheet, '姓名')).fill);
  expect(ruleOf(sheet, '乘车路线')).toMatchObject({ type: 'list', formulae: [dropdown], showErrorMessage: true });
  expect(sheet.getColumn(at).style.fill).toEqual(sheet.getColumn(columnOf(sheet, '姓名')).style.fill);
  expect(sheet.getColumn(at).protection?.locked).toBe(false);
  expect(sheet.getCell(2, at).value).toBe('一号线');
  expect(sheet.getCell(3, last + 1).value).toEqual({ formula: 'LEN(B3)', result: 3 });
  old.eachRow((row, number) =>
    row.eachCell((cell, column) => {
      if (number > 1 && [1, last - 1, last].includes(column)) return;
      expect(sheet.getCell(number, column).value, cell.address).toEqual(cell.value);
      expect(sheet.getCell(number, column).style, cell.address).toEqual(cell.style);
    }),
  );
});

test('the new column is sorted with its rows, turns red with them, and may be typed into', async () => {
  const after = await synced(await make(), tabsWith(busRoute()));
  const pkg = await openPackage(after);
  const part = (await sheetParts(pkg)).find((one) => one.name === '学生报名');
  const xml = await pkg.read(part?.path ?? '');
  const letter = letterOf(last + 1);
  expect(xml).toMatch(new RegExp(`<autoFilter ref="A1:${letter}\\d+"`));
  expect(xml).toMatch(new RegExp(`<protectedRange [^>]*sqref="A2:${letter}20000"`));
  expect(xml).toMatch(new RegExp(`<conditionalFormatting sqref="B2:[A-Z]+\\d+ ${letter}2:${letter}\\d+">`));
  const name = (right: string, sheet: number) =>
    `<definedName name="_xlnm._FilterDatabase" localSheetId="${sheet}" hidden="1">'学生报名'!$A$1:$${right}$133</definedName>`;
  expect(filterNameReaching(name('Y', 4) + name('Y', 5), 4, last + 1)).toBe(name(letter, 4) + name('Y', 5));
});

test('a workbook that has followed keeps its bytes', async () => {
  const once = await synced(await make(), tabsWith(busRoute()));
  expect(await answerBytes(once, { tabs: [answer()], model: tabsWith(busRoute()) })).toBeNull();
  const fresh = await synced(await make(tabsWith(busRoute())), tabsWith(busRoute()));
  expect(headers(await open(fresh)).filter((header) => header === '乘车路线')).toHaveLength(1);
  expect(headers(await open(fresh)).slice(-2)).toEqual(['同步状态', '问题说明']);
});

test('what was typed into the new column is read by its field, the text of a choice as its value', async () => {
  const tabs = tabsWith(busRoute());
  const bytes = await synced(await make(), tabs, { 乘车路线: 'one' });
  const { tabs: parsed } = await readingOf(bytes, 'a.xlsx', { tabs });
  const sheet = parsed.find((tab) => tab.table === 'students');
  expect(sheet?.rows[0]?.values.乘车路线).toBe('one');
  expect(sheet?.problems.filter((one) => one.header === '乘车路线')[0]).toMatchObject({ cell: `${letterOf(last + 1)}3`, code: 'required-missing' });
});

test('before the column is there nobody is told that it is missing, and Directus may fill it', async () => {
  const { tabs: parsed } = await readingOf(await make(), 'a.xlsx', { tabs: tabsWith(busRoute()) });
  const sheet = parsed.find((tab) => tab.table === 'students');
  expect(sheet?.problems).toEqual([]);
  expect(sheet?.columns).toHaveProperty('乘车路线', []);
});

test('a new label, new choices and a lifted obligation are followed once; the old header is read meanwhile', async () => {
  const first = await synced(await make(), tabsWith(busRoute()), { 乘车路线: 'one' });
  const changed = tabsWith(
    busRoute({
      translations: zh('校车线路'),
      required: false,
      options: {
        choices: [
          { text: '一号线', value: 'one' },
          { text: '三号线', value: '三号线' },
        ],
      },
    }),
  );
  const { tabs: parsed } = await readingOf(first, 'a.xlsx', { tabs: changed });
  expect(parsed.find((tab) => tab.table === 'students')?.rows[0]?.values.校车线路).toBe('one');
  const sheet = await open(await synced(first, changed));
  expect(headers(sheet)).not.toContain('乘车路线');
  expect(ruleOf(sheet, '校车线路')).toMatchObject({ formulae: ['"一号线,三号线"'] });
  expect(sheet.getCell(1, columnOf(sheet, '校车线路')).fill).toEqual(sheet.getCell(1, columnOf(sheet, '性别')).fill);
  expect(sheet.getColumn(columnOf(sheet, '校车线路')).style.fill).not.toEqual(sheet.getColumn(columnOf(sheet, '姓名')).style.fill);
});

test('a hidden column goes out of sight with its values, and comes back with them; what the school hides is its own affair', async () => {
  const shown = await synced(await make(), tabsWith(busRoute()), { 乘车路线: 'one' });
  const hidden = await synced(shown, tabsWith(busRoute({ hidden: true })));
  const at = columnOf(await open(shown), '乘车路线');
  expect((await open(hidden)).getColumn(at).hidden).toBe(true);
  expect((await open(hidden)).getCell(2, at).value).toBe('一号线');
  const back = await open(await synced(hidden, tabsWith(busRoute())));
  expect([back.getColumn(at).hidden, back.getCell(2, at).value]).toEqual([false, '一号线']);
  expect(headers(await open(await make(tabsWith(busRoute({ hidden: true })))))).not.toContain('乘车路线');
});

test('a column of the model is renamed, required and hidden in place', async () => {
  const renamed = tabsOf(liveTables(changedField('students.gender', { translations: zh('男或女'), required: true })));
  const sheet = await open(await synced(await make(), renamed));
  expect(headers(sheet).indexOf('男或女')).toBe(headers(await open(await make())).indexOf('性别'));
  expect(sheet.getCell(2, columnOf(sheet, '男或女')).fill).toEqual(sheet.getCell(2, columnOf(sheet, '姓名')).fill);
  const hidden = await open(await synced(await make(), tabsOf(liveTables(changedField('students.gender', { hidden: true })))));
  expect(hidden.getColumn(columnOf(hidden, '性别')).hidden).toBe(true);
});

test('columns that reader and checks know by name may be renamed: the class still gives the grade, and the sentence says the new name', async () => {
  const renamed = tabsOf(
    liveTables(
      changedField('students.class_no', { translations: zh('所在班') }).map((one) =>
        one.collection === 'students' && one.field === 'guardian_phone' ? { ...one, meta: { ...one.meta, translations: zh('家长手机') } } : one,
      ),
    ),
  );
  const bytes = await synced(await make(), renamed, { 家长手机: '1380000' });
  const { tabs: parsed } = await readingOf(bytes, 'a.xlsx', { tabs: renamed });
  const sheet = parsed.find((tab) => tab.table === 'students');
  expect(sheet?.rows[1]?.values).toHaveProperty('所在班');
  expect(sheet?.problems.map((one) => [one.header, one.code])).toEqual([['家长手机', 'phone-invalid']]);
  expect(sheet?.problems[0]?.message).toContain('“家长手机”');
});

test('the column of a deleted field stays, is not read, and the school is told why', async () => {
  const bytes = await synced(await make(), tabsWith(busRoute()), { 乘车路线: 'one' });
  const { tabs: parsed } = await readingOf(bytes, 'a.xlsx', { tabs: modelTabs });
  const sheet = parsed.find((tab) => tab.table === 'students');
  expect(sheet?.rows[0]?.values).not.toHaveProperty('乘车路线');
  expect(sheet?.problems.map((one) => [one.code, one.cell, one.severity])).toEqual([['column-gone', `${letterOf(last + 1)}1`, 'warning']]);
  expect(sheet?.problems[0]?.message).toContain('“乘车路线”一栏');
});

test.each([
  ['LibreOffice', resavedByOffice],
  ['SheetJS', resavedBySheetJs],
])('a workbook that %s has saved again follows as well', async (_program, resaved) => {
  const tabs = tabsWith(busRoute(), staffField('height', 'decimal', { interface: 'input', translations: zh('身高') }, { numeric_scale: 1 }));
  const first = await synced(resaved(await withOwnColumn(await make())), tabs, { 乘车路线: 'one', 身高: 131.5 });
  const again = resaved(first);
  const sheet = await open(again);
  expect(headers(sheet).slice(last)).toEqual(['自用备注', '乘车路线', '身高']);
  expect(sheet.getCell(2, last + 2).value).toBe('一号线');
  expect(sheet.getCell(2, last + 3).value).toBe(131.5);
  expect(await answerBytes(again, { tabs: [answer()], model: tabs })).toBeNull();
  const { tabs: parsed } = await readingOf(again, 'a.xlsx', { tabs });
  expect(parsed.find((tab) => tab.table === 'students')?.rows[0]?.values).toMatchObject({ 乘车路线: 'one', 身高: 131.5 });
  const cells = XLSX.read(again).Sheets.学生报名;
  expect(cells?.[`${letterOf(last + 1)}3`]?.f).toBe('LEN(B3)');
});

/** As LibreOffice writes columns and rules: every attribute, rules of like neighbours in one range. */
const byLibreOffice = (): SheetXml => {
  const rule = `<dataValidation allowBlank="true" errorStyle="stop" operator="equal" showDropDown="false" showErrorMessage="true" showInputMessage="false" sqref="B2:D60 B62:D90" type="list"><formula1>"是,否"</formula1><formula2>0</formula2></dataValidation>`;
  const sheet = parseSheet(
    `<worksheet><cols><col collapsed="false" customWidth="true" hidden="false" outlineLevel="0" max="1024" min="2" style="7" width="12"/></cols>` +
      `<sheetData/><dataValidations count="1">${rule}</dataValidations></worksheet>`,
  );
  if (!sheet) throw new Error('no rows');
  return sheet;
};

test('one column of a range of columns is changed alone', () => {
  const sheet = byLibreOffice();
  setColumn(sheet, 3, { hidden: true, style: '9' });
  const columns = [...sheet.head.matchAll(/<col\s[^>]*>/g)].map(([tag]) => ['min', 'max', 'style', 'hidden'].map((name) => attribute(tag, name)));
  expect(columns).toEqual([
    ['2', '2', '7', 'false'],
    ['3', '3', '9', '1'],
    ['4', '1024', '7', 'false'],
  ]);
  expect(preparedRows(sheet, 2)).toBe(90);
  setRule(sheet, 3, { type: 'list', formulae: ['"甲,乙"'], allowBlank: true }, 90);
  expect([...sheet.tail.matchAll(/sqref="([^"]*)"/g)].map(([, range]) => range)).toEqual(['B2:B60 D2:D60 B62:B90 D62:D90', 'C2:C90']);
  setRule(sheet, 3, null, 90);
  expect(sheet.tail).toContain('<dataValidations count="1">');
});
