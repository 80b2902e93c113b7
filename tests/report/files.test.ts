import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columns, type ReportRow } from '../../schema/county-table.ts';
import { runCommand, UsageError } from '../../scripts/cli.ts';
import { loadConfig } from '../../scripts/config.ts';
import { buildReport, type ReportResult } from '../../scripts/report/build.ts';
import { participationChart, standingChart, trendChart } from '../../scripts/report/charts.ts';
import { monthFigures, type SchoolRow } from '../../scripts/report/figures.ts';
import { cellTarget } from '../../scripts/report/workbook.ts';
import { reportCommand } from '../../scripts/report.ts';
import { type FakeRows, fakeStore } from '../helpers/fake-store.ts';
import { sampleCase } from '../showcase/sample-county.ts';
import { month, report, sampleRows, settings } from './sample-month.ts';

const silent = { note: () => undefined };
let home: string;
let result: ReportResult;

const config = () => ({ timezone: 'Asia/Shanghai', chromium: loadConfig().chromium, folders: { reports: join(home, 'reports') } });
const make = (rows: FakeRows, out: string) =>
  buildReport(config(), fakeStore(rows, settings), silent, { month, out: join(home, out), now: new Date('2026-10-02T02:00:00Z') });

const open = async (path: string): Promise<ExcelJS.Worksheet> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook.getWorksheet('统计表') as ExcelJS.Worksheet;
};

/** What a cell shows: the stored result of a formula (taken from the model, since `value` drops a zero), else its value. */
const resultOf = (cell: ExcelJS.Cell): unknown => (cell.type === ExcelJS.ValueType.Formula ? (cell.model.result ?? '') : cell.value);

const columnAt = (key: string): number => columns.findIndex((column) => column.key === key) + 5;
const rowWith = (sheet: ExcelJS.Worksheet, words: string): number => {
  for (let row = 1; row <= sheet.rowCount; row += 1) for (const at of [1, 3]) if (String(sheet.getCell(row, at).value).includes(words)) return row;
  throw new Error(`no row with ${words}`);
};

/** The county row of a sheet, by column key; an empty cell and a formula that finds nothing are both null. */
const countyTotals = (sheet: ExcelJS.Worksheet): Record<string, unknown> => {
  const row = rowWith(sheet, '全县合计');
  const shown = (key: string) => resultOf(sheet.getCell(row, columnAt(key)));
  return Object.fromEntries(columns.map((column) => [column.key, shown(column.key) === '' ? null : shown(column.key)]));
};
const wantedTotals = (): Record<string, unknown> => Object.fromEntries(columns.map((column) => [column.key, result.totals[column.key] ?? null]));

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kehou-report-'));
  result = await make(sampleRows(), 'sample');
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('the result names the month, the schools and both files, and leaves nothing half written', async () => {
  expect(result).toMatchObject({ month, expected: 8, reported: 6, onTime: 5, rate: 62.5, missing: ['2141000005', '2141000006'] });
  const files = [result.xlsx, result.pdf, result.brief].map((path) => path.slice(join(home, 'sample').length + 1));
  expect(files[0]).toMatch(/^2026-09_汝南县.*统计表\.xlsx$/);
  expect((await readdir(join(home, 'sample'))).sort()).toEqual(files.sort());
});

describe('the workbook', () => {
  test('holds sums as formulas whose stored results are our own figures', async () => {
    const sheet = await open(result.xlsx);
    expect(sheet.getCell(rowWith(sheet, '三里店镇小计'), columnAt('enrolled')).formula).toMatch(/SUM\(E\d+:E\d+\)/);
    expect(countyTotals(sheet)).toEqual(wantedTotals());
  });

  test('keeps a blank blank and a zero zero', async () => {
    const sheet = await open(result.xlsx);
    const row = rowWith(sheet, '第2小学');
    expect(sheet.getCell(row, columnAt('participants')).value).toBeNull();
    expect(sheet.getCell(row, columnAt('safety_checks')).value).toBeNull();
    expect(sheet.getCell(row, columnAt('collected')).value).toBe(0);
    expect(resultOf(sheet.getCell(row, columnAt('rate')))).toBe('');
    const county = rowWith(sheet, '全县合计');
    expect(resultOf(sheet.getCell(county, columnAt('refunded')))).toBe(0);
    expect(resultOf(sheet.getCell(county, columnAt('external_provider')))).toBe('');
  });

  test('names every expected school once, says 未报 where nothing came, and leaves out the closed one', async () => {
    const sheet = await open(result.xlsx);
    const status = columns.length + 5;
    const line = (words: string) => sheet.getCell(rowWith(sheet, words), status).value;
    expect(['第1小学', '第4小学', '第5小学', '第6小学'].map(line)).toEqual(['按时', '逾期', '未报', '未报']);
    expect(() => rowWith(sheet, '第7小学')).toThrow();
  });

  test('prints in landscape, one page wide, with its header on every page', async () => {
    const sheet = await open(result.xlsx);
    expect(sheet.pageSetup).toMatchObject({
      orientation: 'landscape',
      paperSize: 8,
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '3:4',
    });
    expect(sheet.headerFooter.oddFooter).toContain('&P');
  });

  test('is recalculated to the same figures by another program', async () => {
    // LibreOffice where the machine has it; else the formulas are worked out here, cell by cell.
    const soffice = ['/usr/bin/soffice', '/usr/bin/libreoffice'].find((path) => existsSync(path));
    const sheet = await open(result.xlsx);
    if (soffice) {
      const out = join(home, 'recalculated');
      execFileSync(
        soffice,
        [
          '--headless',
          `-env:UserInstallation=file://${join(home, 'office')}`,
          '--convert-to',
          'xlsx:Calc MS Excel 2007 XML',
          '--outdir',
          out,
          result.xlsx,
        ],
        { stdio: 'ignore', timeout: 100_000 },
      );
      expect(countyTotals(await open(join(out, (await readdir(out))[0] as string)))).toEqual(wantedTotals());
      return;
    }
    const county = rowWith(sheet, '全县合计');
    for (const column of columns.filter((one) => one.kind === 'sum' || one.kind === 'money')) {
      const cells = [...(sheet.getCell(county, columnAt(column.key)).formula?.match(/COUNT\(([^)]*)\)/)?.[1] ?? '').split(',')];
      const ranges = cells.map((cell) => sheet.getCell(cell).formula?.match(/COUNT\(([A-Z]+)(\d+):[A-Z]+(\d+)\)/) as RegExpMatchArray);
      const values = ranges.flatMap(([, letter, from, to]) =>
        Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => sheet.getCell(`${letter}${Number(from) + index}`).value),
      );
      const sum = values.reduce<number>((all, value) => all + Math.round(Number(value ?? 0) * 100), 0) / 100;
      expect(values.every((value) => value === null) ? null : sum, column.key).toBe(wantedTotals()[column.key]);
    }
  });
});

const pdfText = (path: string): string => execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });

describe('the PDF', () => {
  test('holds the table with the figures of the JSON', () => {
    const county =
      pdfText(result.pdf)
        .split('\n')
        .find((line) => line.includes('全县合计')) ?? '';
    for (const shown of ['2,799', '2,175', '77.71%', '151,020.00', '127,500.50']) expect(county).toContain(shown);
  });

  test('carries TrueType outlines only', () => {
    const fonts = execFileSync('pdffonts', [result.pdf], { encoding: 'utf8' });
    expect(fonts).toContain('TrueType');
    expect(fonts).not.toContain('Type 3');
  });
});

describe('the brief', () => {
  test('is one page of figures, charts and words, without a script', async () => {
    const pages = pdfText(result.brief)
      .split('\f')
      .filter((page) => page.trim() !== '');
    expect(pages).toHaveLength(1);
    for (const words of ['62.50%', '77.71%', '第5小学', '各乡镇参与率', '梁祝镇', '按时报送率']) expect(pages[0]).toContain(words);
  });

  test('says where the cases went: within the period with note and result, and in all, on one page still', async () => {
    const taker = (code: string, change: object = {}) => ({
      id: `P${code}`,
      school: code,
      adopted_cases: ['作业公示墙让书面作业减下来'],
      adopted_note: '三年级先试。',
      adopted_result: '作业在校内写完的多了。',
      published_on: '2026-09-10',
      approval: '已同意',
      ...change,
    });
    const paper = sampleCase(1, { school: '2141000009', published_on: '2026-09-02' });
    const rows = {
      ...sampleRows(),
      cases: [paper, sampleCase(2, { school: '2141000009', state: '通过' })],
      plans: [
        taker('2141000001'),
        taker('2141000002', { published_on: '2026-03-01', adopted_note: '上学期的做法' }),
        taker('2141000003', { approval: '待审核', adopted_note: '没有审核' }),
      ],
    };
    const text = pdfText((await make(rows as FakeRows, 'spread')).brief);
    expect(text.split('\f').filter((page) => page.trim() !== '')).toHaveLength(1);
    const words = text.replaceAll(/\s/g, '');
    expect(words).toContain('新发布典型案例1篇，全县已发布1篇；2所学校采用过，共2次');
    expect(words).toContain('第1小学（示例）采用《作业公示墙让书面作业减下来》（梁祝镇');
    expect(words).toContain('做法：三年级先试，效果：作业在校内写完的多了。');
    for (const hidden of ['上学期的做法', '没有审核']) expect(words).not.toContain(hidden);
  });

  test('draws its charts as SVG that holds no script and no markup of a name', () => {
    const evil = '<script>alert(1)</script>';
    const figures = monthFigures({
      month,
      schools: [{ ...(sampleRows().schools?.[0] as SchoolRow), township: evil }],
      reports: [report(1) as ReportRow],
      settings,
      timezone: 'Asia/Shanghai',
    });
    for (const svg of [
      participationChart(figures, 400, 200),
      standingChart(figures, 400, 200),
      trendChart([{ month, participation: 80, onTime: null }], 400, 200),
    ]) {
      expect(svg).toMatch(/^<svg /);
      expect(svg).not.toContain('<script');
    }
  });
});

describe('a figure of the table', () => {
  test('is found by its cell: the school, the township or the county of its row', async () => {
    const figures = monthFigures({
      month,
      schools: sampleRows().schools as SchoolRow[],
      reports: sampleRows().monthly_reports as ReportRow[],
      settings,
      timezone: 'Asia/Shanghai',
    });
    const sheet = await open(result.xlsx);
    const cell = (words: string) => sheet.getCell(rowWith(sheet, words), columnAt('participants')).address;
    expect(cellTarget(figures, cell('第4小学'))).toEqual({ figure: 'participants', school: '2141000004' });
    expect(cellTarget(figures, cell('三里店镇小计'))).toEqual({ figure: 'participants', township: '三里店镇' });
    expect(cellTarget(figures, cell('全县合计'))).toEqual({ figure: 'participants' });
    expect(cellTarget(figures, 'A1')).toBeNull();
  });
});

test('how returns came in stands by township and type, with shares as formulas', async () => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(result.xlsx);
  const sheet = workbook.getWorksheet('报送情况') as ExcelJS.Worksheet;
  const row = rowWith(sheet, '全县');
  expect([3, 4, 5].map((at) => sheet.getCell(row, at).value)).toEqual([8, 6, 5]);
  expect(sheet.getCell(row, 8).formula).toContain('ROUND');
  expect(sheet.getCell(row, 8).model.result).toBe(0.625);
  expect(result.standings.types).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: '教学点', expected: 2, reported: 2, onTime: 1, rate: 50 })]),
  );
});

test('hostile text is text in both files', async () => {
  const rows = sampleRows();
  const evil = '=HYPERLINK("http://x.example","点")<script>alert(1)</script>';
  const schools = (rows.schools ?? []).map((school) => (school.code === '2141000001' ? { ...school, name: evil, township: '+镇<b>' } : school));
  const reports = (rows.monthly_reports ?? []).map((row) => (row.school === '2141000001' ? { ...row, filled_by: '@SUM(A1)\u0000\u0007' } : row));
  const hostile = await make({ schools, monthly_reports: reports }, 'hostile');
  const sheet = await open(hostile.xlsx);
  const cell = sheet.getCell(rowWith(sheet, 'HYPERLINK'), 3);
  expect([cell.type, cell.value, cell.numFmt]).toEqual([ExcelJS.ValueType.String, evil, '@']);
  expect(sheet.getCell(cell.fullAddress.row, columnAt('filled_by')).value).toBe('@SUM(A1)');
  expect(pdfText(hostile.pdf).replaceAll(/\s/g, '')).toContain('<script>');
});

test('a month in which nobody reported still gives a table', async () => {
  const empty = await make({ schools: sampleRows().schools as never, monthly_reports: [] }, 'empty');
  expect(empty).toMatchObject({ expected: 8, reported: 0, rate: 0 });
  expect(empty.missing).toHaveLength(8);
});

test.each([
  ['--month', '9月', '写法不对'],
  ['--month', '2026-13', '写法不对'],
  ['--month', '9998-12', '还没有到'],
  [null, '', '请用 --month 指明统计月'],
])('%s %s is wrong use, told in one sentence before anything is started', async (flag, month, words) => {
  const said: string[] = [];
  const none = () => undefined;
  expect(await runCommand(reportCommand, flag ? [flag, month] : [], none, (line) => said.push(line))).toBe(2);
  expect(said.join('')).toContain(words);
});

test('a month that is none, or that lies before the first term, gives no table', async () => {
  await expect(buildReport(config(), fakeStore({}, settings), silent, { month: '2026-13' })).rejects.toThrow(UsageError);
  const terms = [{ id: '2026-1', name: '本学期', starts_on: '2026-09-01', ends_on: '2027-01-22' }];
  const early = buildReport(config(), fakeStore({ terms } as never, settings), silent, { month: '2026-08' });
  await expect(early).rejects.toThrow('2026-08 在登记的第一个学期(本学期,2026-09-01 起)之前');
});
