import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import JSZip from 'jszip';
import { expect, test } from 'vitest';
import { noRows, type TabAnswer } from '../../schema/ingest.ts';
import { problem } from '../../schema/problems.ts';
import { plainTabs } from '../../schema/sheets.ts';
import { drawCounty, sampleDay, termId } from '../../scripts/county/county.ts';
import { readStamped } from '../../scripts/sheets/replace-file.ts';
import { parseSheet, renderSheet, setCell } from '../../scripts/sheets/sheet-xml.ts';
import type { Answers } from '../../scripts/sheets/source.ts';
import { answerBytes, companionPath, isCompanion, writeAnswers } from '../../scripts/sheets/workbook-answers.ts';
import { writeCompanion } from '../../scripts/sheets/workbook-companion.ts';
import { createWorkbook, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { openPackage, sheetParts } from '../../scripts/sheets/xlsx-package.ts';
import { resavedByOffice, resavedBySheetJs } from '../helpers/resave.ts';

const county = drawCounty({ schools: 4, students: 60, seed: 2, today: sampleDay });
const school = county.bureau.schools[0];
if (!school) throw new Error('the sample county has no school');
const rows = county.schoolRows(school.code);
const made = createWorkbook({
  school,
  term: { id: termId, name: '学期' },
  office: { bureau: '局' },
  rows: rows as unknown as WorkbookRows,
  rowIds: false,
});

const phone = problem('phone-invalid', { tab: '学生报名', cell: 'I4', row: 4, header: '监护人电话', value: '1380000' });
const cap = problem('out-of-range/fee-cap', { tab: '收费', cell: 'F3', row: 3, header: '标准', value: '80', detail: '60' }, 'R-F1');

const students = (bad: boolean): TabAnswer => ({
  tab: '学生报名',
  table: 'students',
  counts: noRows,
  problems: bad ? [phone] : [],
  rows: rows.students.map((row, index) => ({
    row: index + 2,
    id: row.id,
    status: bad && index === 2 ? '有误' : index === 0 ? '未变' : '已收',
    outward: index === 0 ? { 减免审核: '已认定', 申请日: '2026-09-03' } : {},
  })),
});
const feesTab = (bad: boolean): TabAnswer => ({
  tab: '收费',
  table: 'fees',
  counts: noRows,
  problems: bad ? [cap] : [],
  rows: rows.fees.map((row, index) => ({ row: index + 2, id: row.id, status: '已收', outward: {} })),
});
const answers = (bad: boolean, receivedAt = '2026-11-24 08:00'): Answers => ({
  tabs: [students(bad), feesTab(bad)],
  deadline: '2026-12-01',
  receivedAt,
});

const place = (bytes: Uint8Array, name = '2141990001_示例.xlsx'): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'kehou-answer-')), name);
  writeFileSync(path, bytes);
  return path;
};
const answer = async (path: string, what: Answers) => writeAnswers(path, what, (await readStamped(path)).stamp);

const open = async (path: string): Promise<ExcelJS.Workbook> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook;
};
const texts = (workbook: ExcelJS.Workbook, tab: string): string[][] => {
  const found: string[][] = [];
  workbook.getWorksheet(tab)?.eachRow((row) => found.push(Array.from({ length: row.cellCount }, (_none, index) => row.getCell(index + 1).text)));
  return found;
};

test('a row gets its 行号, its state, the words of its problem and the values of Directus', async () => {
  const path = place(await made);
  expect((await answer(path, answers(true))).written).toBe(true);
  const sheet = (await open(path)).getWorksheet('学生报名');
  const at = (header: string): number => ((sheet?.getRow(1).values ?? []) as unknown[]).indexOf(header);
  expect([sheet?.getCell('A2').text, sheet?.getCell(2, at('同步状态')).text, sheet?.getCell(4, at('同步状态')).text]).toEqual([
    rows.students[0]?.id,
    '已收',
    '有误',
  ]);
  expect(sheet?.getCell(4, at('问题说明')).text).toBe('【监护人电话】填的是“1380000”,不是有效电话号码。请填 11 位手机号,或带区号的座机号。');
  expect(sheet?.getCell(2, at('减免审核')).text).toBe('已认定');
  expect(sheet?.getCell(2, at('申请日')).value).toEqual(new Date(Date.UTC(2026, 8, 3)));
});

test('the cell of a problem is coloured by a rule that reads its header in 问题说明', async () => {
  const pkg = await openPackage(await made);
  const part = (await sheetParts(pkg)).find((other) => other.name === '学生报名');
  expect(await pkg.read(part?.path ?? '')).toMatch(/ISNUMBER\(FIND\(&quot;【&quot;&amp;B\$1&amp;&quot;】&quot;,\$[A-Z]{1,2}2\)\)/);
});

test('the first tab lists every problem with a link to its cell, the remedy and the deadline; a clean sync clears it all', async () => {
  const path = place(await made);
  await answer(path, answers(true));
  const front = texts(await open(path), plainTabs.instructions);
  const list = front.slice(front.findIndex((row) => row[0] === '问题清单') + 2);
  expect(list.map((row) => row.slice(0, 5))).toEqual([
    ['1', '学生报名', 'I4', '监护人电话', '1380000'],
    ['2', '收费', 'F3', '标准', '80'],
  ]);
  expect(list[1]?.[5]).toMatch(/^提示:.*请核对收费标准/);
  expect(front.find((row) => row[0] === '收取情况')?.[1]).toContain('2026-11-24 08:00 收取:已收');
  expect(front.find((row) => row[0] === '收取情况')?.[1]).toContain('请在 2026-12-01 前改好');
  const links = async (): Promise<string> => {
    const pkg = await openPackage(readFileSync(path));
    return pkg.read((await sheetParts(pkg))[0]?.path ?? '');
  };
  expect(await links()).toMatch(/<hyperlink ref="C\d+" location="'学生报名'!I4"\/>/);
  expect((await answer(path, answers(false))).written).toBe(true);
  const clean = texts(await open(path), plainTabs.instructions);
  expect(
    clean
      .slice(clean.findIndex((row) => row[0] === '问题清单') + 2)
      .flat()
      .filter(Boolean),
  ).toEqual(['没有问题。']);
  expect(clean.find((row) => row[0] === '收取情况')?.[1]).toMatch(/没有问题。$/);
  expect(await links()).not.toContain("'学生报名'!I4");
  expect(await links()).toContain('location="&apos;学生报名&apos;!A1"');
  expect(
    texts(await open(path), '学生报名')
      .flat()
      .join(),
  ).not.toContain('【');
});

test('answers that say nothing new leave the bytes of the file alone, whatever the time', async () => {
  const path = place(await made);
  await answer(path, answers(true));
  const before = readFileSync(path);
  expect(await answer(path, answers(true, '2026-11-24 09:30'))).toEqual({ written: false, reason: 'unchanged' });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(join(path, '..'))).toHaveLength(1);
});

test('a row that is blank now loses the words of its former problem', async () => {
  const path = place(await made);
  await answer(path, answers(true));
  const [tab, fees] = answers(false).tabs as [TabAnswer, TabAnswer];
  await answer(path, { tabs: [{ ...tab, rows: tab.rows.filter((row) => row.row !== 4) }, fees] });
  const row = texts(await open(path), '学生报名')[3];
  expect(row?.slice(-2).filter((text) => /有误|监护人/.test(text))).toEqual([]);
});

test('a workbook that an editor has open is not written', async () => {
  for (const lock of ['~$2141990001_示例.xlsx', '.~lock.2141990001_示例.xlsx#', '.~2141990001_示例.xlsx']) {
    const path = place(await made);
    writeFileSync(join(path, '..', lock), '');
    expect(await answer(path, answers(true))).toEqual({ written: false, reason: 'locked' });
    expect(readFileSync(path).equals(await made)).toBe(true);
  }
});

test('a workbook that changed since it was read is not written', async () => {
  const path = place(await made);
  const { stamp } = await readStamped(path);
  const newer = await createWorkbook({ school: { ...school, name: '改过的(示例)' }, term: { id: termId, name: '学期' }, office: { bureau: '局' } });
  writeFileSync(path, newer);
  expect(await writeAnswers(path, answers(true), stamp)).toEqual({ written: false, reason: 'changed' });
  expect(readFileSync(path).equals(newer)).toBe(true);
});

test('a copied file with another time but the same content still gets its answers', async () => {
  const path = place(await made);
  const { stamp } = await readStamped(path);
  utimesSync(path, new Date(), new Date(Date.UTC(2026, 0, 1)));
  expect((await writeAnswers(path, answers(true), stamp)).written).toBe(true);
});

/** A workbook of ours in which the school has put things of its own. */
const lived = async (): Promise<string> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load((await made) as never);
  const sheet = workbook.getWorksheet('学生报名');
  if (!sheet) throw new Error('no roster');
  const extra = sheet.columnCount + 1;
  sheet.getCell(1, extra).value = '我们的备注';
  sheet.getCell(2, extra).value = { formula: 'COUNTA(B2:B9)', result: 8 };
  sheet.getCell(3, extra).fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FF00FF00' } };
  sheet.getCell('B3').note = '这孩子由奶奶接';
  sheet.getCell('B3').fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FF00B0F0' } };
  sheet.addConditionalFormatting({
    ref: 'D2:D20',
    rules: [{ type: 'cellIs', operator: 'greaterThan', formulae: [5], priority: 9, style: { font: { bold: true } } }],
  });
  const own = workbook.addWorksheet('我们自己的表');
  own.getCell('A1').value = { formula: "SUM('收费'!G2:G9)", result: 480 };
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  own.addImage(workbook.addImage({ buffer: png as never, extension: 'png' }), 'B2:C4');
  return place(new Uint8Array(await workbook.xlsx.writeBuffer()));
};

test('formulas, comments, pictures, colours, own columns and own tabs of the school stay byte for byte', async () => {
  const path = await lived();
  const before = await JSZip.loadAsync(readFileSync(path));
  expect((await answer(path, answers(true))).written).toBe(true);
  const after = await JSZip.loadAsync(readFileSync(path));
  const changed: string[] = [];
  for (const name of Object.keys(before.files).filter((entry) => !before.files[entry]?.dir)) {
    const [one, two] = await Promise.all([before.file(name)?.async('string'), after.file(name)?.async('string')]);
    if (one !== two) changed.push(name);
  }
  expect(changed.every((name) => name.startsWith('xl/worksheets/sheet'))).toBe(true);
  expect(changed).toHaveLength(3);
  const workbook = await open(path);
  const sheet = workbook.getWorksheet('学生报名');
  const extra = ((sheet?.getRow(1).values ?? []) as unknown[]).indexOf('我们的备注');
  expect(sheet?.getCell(2, extra).value).toMatchObject({ formula: 'COUNTA(B2:B9)' });
  expect(sheet?.getCell(3, extra).fill).toMatchObject({ fgColor: { argb: 'FF00FF00' } });
  expect(sheet?.getCell('B3').fill).toMatchObject({ fgColor: { argb: 'FF00B0F0' } });
  expect(JSON.stringify(sheet?.getCell('B3').note)).toContain('这孩子由奶奶接');
  expect(workbook.getWorksheet('我们自己的表')?.getImages()).toHaveLength(1);
});

test('a formula that gives way to a value takes the list of calculations with it', async () => {
  const pkg = await openPackage(readFileSync(await lived()));
  const part = (await sheetParts(pkg)).find((other) => other.name === '学生报名');
  const xml = await pkg.read(part?.path ?? '');
  pkg.write(part?.path ?? '', xml.replace(/<c r="A2"[^>]*\/>|<c r="A2"[^>]*>.*?<\/c>|(?=<c r="B2")/, '<c r="A2"><f>ROW()</f><v>2</v></c>'));
  pkg.write('xl/calcChain.xml', '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A2" i="1"/></calcChain>');
  pkg.write(
    '[Content_Types].xml',
    (await pkg.read('[Content_Types].xml')).replace(
      '</Types>',
      '<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>',
    ),
  );
  const path = place(await pkg.bytes());
  expect((await answer(path, answers(true))).written).toBe(true);
  const after = await openPackage(readFileSync(path));
  expect(after.has('xl/calcChain.xml')).toBe(false);
  expect(await after.read('[Content_Types].xml')).not.toContain('calcChain');
});

test('answers reach a workbook that LibreOffice or SheetJS has saved, and hide its hidden tab again', { timeout: 180_000 }, async () => {
  for (const bytes of [resavedByOffice(await made), resavedBySheetJs(await made)]) {
    const path = place(bytes);
    expect((await answer(path, answers(true))).written).toBe(true);
    expect(await answer(path, answers(true))).toEqual({ written: false, reason: 'unchanged' });
    const found = texts(await open(path), '学生报名');
    expect(found[3]?.join()).toContain('【监护人电话】');
    expect(found[1]?.[0]).toBe(rows.students[0]?.id);
    expect((await sheetParts(await openPackage(readFileSync(path)))).find((part) => part.name === plainTabs.meta)?.state).toBe('veryHidden');
  }
});

test('words that begin like a formula are written as text', async () => {
  const tab: TabAnswer = {
    tab: '一校一案',
    table: 'plans',
    counts: noRows,
    problems: [],
    rows: [{ row: 2, id: 'X', status: '已收', outward: { 审核意见: '=HYPERLINK("http://127.0.0.1")' } }],
  };
  const path = place(await made);
  await answer(path, { tabs: [tab] });
  expect((await open(path)).getWorksheet('一校一案')?.getRow(2).values).toContain('=HYPERLINK("http://127.0.0.1")');
});

test("a workbook of the school's own is never written; it gets a companion with the list of problems", async () => {
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet('学生报名').addRow(['姓名', '年级']);
  const bytes = Buffer.from(await workbook.xlsx.writeBuffer());
  const path = place(bytes, '第三小学_报名.xlsx');
  expect(await answer(path, answers(true))).toEqual({ written: false, reason: 'foreign' });
  expect(await answerBytes(bytes, answers(true))).toBe('foreign');
  const companion = companionPath(path);
  expect([companion.endsWith('第三小学_报名-反馈.xlsx'), isCompanion(companion), isCompanion(path)]).toEqual([true, true, false]);
  expect((await writeCompanion(path, answers(true))).written).toBe(true);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  const list = texts(await open(companion), '问题清单');
  expect(list.at(-2)?.slice(0, 5)).toEqual(['1', '学生报名', 'I4', '监护人电话', '1380000']);
  expect(await writeCompanion(path, answers(true))).toEqual({ written: false, reason: 'unchanged' });
  expect((await writeCompanion(path, answers(false))).written).toBe(true);
  expect(
    texts(await open(companion), '问题清单')
      .flat()
      .join(),
  ).toContain('没有问题。');
});

test('a school without problems gets no companion', async () => {
  const path = place(Buffer.from('x'), '第四小学.csv');
  expect(await writeCompanion(path, answers(false))).toEqual({ written: false, reason: 'unchanged' });
  expect(readdirSync(join(path, '..'))).toEqual(['第四小学.csv']);
});

test('cells are found where a writer leaves out addresses, and new ones stand in their place', () => {
  const sheet = parseSheet(
    '<worksheet><sheetData><row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1</v></c></row><row r="5"><c r="A5"/><c r="D5"><v>4</v></c></row></sheetData></worksheet>',
  );
  if (!sheet) throw new Error('not parsed');
  expect(setCell(sheet, 1, 2, 2, [])).toBe(true);
  expect(setCell(sheet, 5, 3, 'r="D5" <b>', [])).toBe(true);
  expect(setCell(sheet, 3, 1, null, [])).toBe(false);
  const xml = renderSheet(sheet);
  expect(xml).toContain('<c r="B1"><v>2</v></c>');
  expect(xml.indexOf('r="C5"')).toBeLessThan(xml.indexOf('<c r="D5">'));
  expect(parseSheet('<x:worksheet><x:sheetData></x:sheetData></x:worksheet>')).toBeNull();
});
