/** Every figure that the county table shows is followed down to returns, cells, times and people, and comes to the same number. */
import ExcelJS from 'exceljs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TracedReport, totalOf } from '../../extensions/cockpit-module/src/figure-trail.ts';
import { addsOverTime, columns, shareOf, sumOf, type Value } from '../../schema/county-table.ts';
import { isReported } from '../../schema/monthly-return.ts';
import type { Store } from '../../scripts/directus/store.ts';
import { openTrace, type Trace, type TracedSchool, traceFigure, traceWords } from '../../scripts/report/trace.ts';
import { drawWorkbook } from '../../scripts/report/workbook.ts';
import { type FakeRows, fakeStore } from '../helpers/fake-store.ts';
import { month, report, sampleRows, settings } from './sample-month.ts';

const options = { timezone: 'Asia/Shanghai', today: '2026-11-10' };
const heading = { title: '统计表', unit: '汝南县教育局(示例)', office: '基础教育股', madeOn: '2026-11-10' };
const term = { id: '2026-1', name: '2026—2027学年上学期', starts_on: '2026-08-01', ends_on: '2026-10-31', current: true };

const rows = (): FakeRows => {
  const { monthly_reports = [], ...others } = sampleRows();
  const next = [1, 2, 3, 4].map((number) =>
    report(number, {
      id: `OCTO${number}`,
      month: '2026-10',
      participants: 200 + number,
      collected: 100.1 * number,
      first_valid_at: '2026-10-31T08:00:00Z',
    }),
  );
  return {
    ...others,
    terms: [term],
    sources: [{ id: 'W1', place: '柳林镇.xlsx' }] as never,
    monthly_reports: [
      ...monthly_reports,
      ...next,
      report(5, { id: 'OCTO5', month: '2026-10', refunded: null, not_applicable: '退费人数:本月没有退费' }),
    ],
  };
};

/** Every figure of a return came from one cell of its workbook, and the lists give each of them by two rows. */
const storeOf = (held: FakeRows): Store => {
  const store = fakeStore(held, settings);
  const call = async (_method: string, path: string): Promise<unknown> => {
    const [, , kind, ...rest] = path.split('/');
    if (kind === 'origins') return { value: 1, table: 'enrolments', words: '已通过的报名', rows: ['B2CDFGHJKLM3', 'C2CDFGHJKLM4'] };
    const row = (held.monthly_reports ?? []).find((one) => one.id === rest[1]) as unknown as Record<string, unknown>;
    const fields = Object.fromEntries(Object.entries(row).map(([name, value], at) => [name, [null, value, `C${at + 3}`]]));
    return [{ at: '2026-10-01T01:00:00.000Z', action: 'create', actor: '', by: null, channel: 'sheet', source: 'W1', tab: '月报', row: 3, fields }];
  };
  return { ...store, call: call as Store['call'] };
};

const numberOf = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);

describe.each([
  ['a month', { month }, 1],
  ['a term', { term: term.id }, 3],
] as const)('the table of %s', (_what, wanted, monthsInAll) => {
  let opened: Awaited<ReturnType<typeof openTrace>>;
  let book: ExcelJS.Workbook;
  beforeAll(async () => {
    opened = await openTrace(storeOf(rows()), options, wanted);
    book = new ExcelJS.Workbook();
    await book.xlsx.load(await drawWorkbook(opened.period.figures, heading).xlsx.writeBuffer());
  });

  const shownIn = (sheet: string, place: string): Value => {
    const cell = (book.getWorksheet(sheet) as ExcelJS.Worksheet).getCell(place);
    const value = cell.type === ExcelJS.ValueType.Formula ? cell.model.result : cell.value;
    return value === undefined || value === '' ? null : (value as Value);
  };

  /** What returns of one school come to: added where it flows, else what the last one says. */
  const overReturns = (trace: Trace, { returns }: TracedSchool): Value => {
    const said = returns.filter((one) => one.status !== '未报' || trace.field === null).map((one) => one.value);
    if (trace.field !== null && !addsOverTime.has(trace.field)) return said.findLast((value) => value !== null) ?? null;
    return sumOf(said) ?? said.findLast((value) => value !== null) ?? null;
  };

  /** Each figure of a return is the last thing that its cell said. */
  const leadsToCells = (trace: Trace, school: TracedSchool): void => {
    for (const one of school.returns) {
      if (trace.field === null || typeof one.value !== 'number') continue;
      const where = `${school.name} ${one.month} ${trace.column}`;
      expect(one, where).toMatchObject({ report: expect.any(String), firstValidAt: expect.stringMatching(/^2026-/) });
      const cell = expect.stringMatching(/^C\d+$/);
      expect(one.steps[0], where).toMatchObject({ place: '柳林镇.xlsx', tab: '月报', cell, by: '王老师', new: one.value });
    }
  };

  /** Down to the cells: whatever stands above is the arithmetic of what stands below. */
  const holds = (trace: Trace, isSchool: boolean): void => {
    const where = `${trace.of} ${trace.column}`;
    if (trace.parts.length) {
      expect(trace.parts, where).toHaveLength(2);
      const [part, whole] = trace.parts.map((one) => one.value);
      if (trace.column !== '报送情况') expect(trace.value, where).toBe(shareOf(numberOf(part), numberOf(whole)));
      else if (!isSchool) expect(trace.value, where).toBe(`${part}/${whole}`);
      for (const one of trace.parts) holds(one, isSchool);
      return;
    }
    const values = trace.schools.map((one) => one.value);
    expect(trace.value, where).toBe(isSchool ? values[0] : trace.value === null ? null : sumOf(values));
    for (const school of trace.schools) {
      if (!['应报学校', '已报学校'].includes(trace.column)) expect(school.value, `${where} ${school.name}`).toBe(overReturns(trace, school));
      leadsToCells(trace, school);
    }
  };

  test('each cell of 统计表 is traced to the same number: of a school, of a township, of the county, shares by both their parts', async () => {
    const { figures } = opened.period;
    const lines = figures.townships.flatMap((group) => [...group.lines.map(() => true), false]);
    let walked = 0;
    for (const [at, isSchool] of [...lines, false].entries())
      for (let column = 5; column <= 5 + columns.length; column += 1) {
        const place = `${(book.getWorksheet('统计表') as ExcelJS.Worksheet).getColumn(column).letter}${at + 5}`;
        const trace = await opened.trace(place);
        const isTotal = !isSchool && columns[column - 5]?.kind === 'words';
        if (!isTotal) expect(trace.value, `${place} ${trace.of} ${trace.column}`).toBe(shownIn('统计表', place));
        holds(trace, isSchool);
        walked += 1;
      }
    expect(walked).toBe((lines.length + 1) * (columns.length + 1));
  });

  test('so is each cell of 报送情况: by township, by type, by month, of the county', async () => {
    const sheet = book.getWorksheet('报送情况') as ExcelJS.Worksheet;
    for (let row = 2; row <= sheet.rowCount; row += 1)
      for (const letter of ['C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']) {
        const trace = await opened.trace(`报送情况!${letter}${row}`);
        expect(trace.value, `${letter}${row} ${trace.of} ${trace.column}`).toBe(shownIn('报送情况', `${letter}${row}`));
        holds(trace, false);
      }
    expect(sheet.rowCount).toBeGreaterThan(6);
  });

  test('a share names both its parts and the returns of every month behind them', async () => {
    const trace = await opened.trace('教师/参与率', { township: '汝宁街道' });
    expect(trace.parts.map((one) => one.column)).toEqual(['教师/参与教师数', '教师/教职工数']);
    expect(trace.parts[0]?.schools[0]?.returns).toHaveLength(monthsInAll);
    expect(traceWords(trace)).toContain('= 教师/参与教师数');
    expect(traceWords(trace)).toContain('柳林镇.xlsx「月报」C');
  });
});

test('one school gives the rows of its lists too; a figure of many schools asks for one to be named', async () => {
  const one = await traceFigure(storeOf(rows()), options, { month }, '参加学生数', { school: '2141000001' });
  expect(one.schools[0]?.returns[0]?.lists).toMatchObject({ table: 'enrolments', rows: ['B2CDFGHJKLM3', 'C2CDFGHJKLM4'] });
  expect(traceWords(one)).toContain('台账:报名,已通过的报名,当时 空白,现在 1,行号 B2CDFGHJKLM3、C2CDFGHJKLM4');
});

test('what is no figure of the table is refused with what may be written', async () => {
  const { trace } = await openTrace(storeOf(rows()), options, { month });
  for (const word of ['A1', '报送情况!A2', 'ZZ99', '没有的栏']) expect(() => trace(word), word).toThrow(/看不出要追溯哪一个数.*报送情况!H3/);
  expect(() => trace('参加学生数', { township: '没有的镇' })).toThrow('统计表里没有没有的镇');
});

test.each([
  ['a month', { month }],
  ['a term', { term: term.id }],
] as const)('the page 数字来历 comes to the same totals as the table of %s, of the county and of each township', async (_what, wanted) => {
  const { period } = await openTrace(storeOf(rows()), options, wanted);
  const all = ((rows().monthly_reports ?? []) as unknown as TracedReport[])
    .filter((one) => isReported(one) && period.months.includes(one.month))
    .sort((a, b) => (a.month < b.month ? -1 : 1));
  for (const group of [{ lines: period.figures.townships.flatMap((one) => one.lines), totals: period.figures.totals }, ...period.figures.townships]) {
    const returns = group.lines.map((line) => all.filter((one) => one.school === line.school.code));
    for (const column of columns) if (column.kind !== 'words') expect(totalOf(column.key, returns), column.key).toBe(group.totals[column.key]);
  }
});

test('the brief counts what concerns the month, and what concerns its whole term; nothing of another', async () => {
  const finding = (id: string, more: object) => ({ id, rule: 'R-F1', severity: '禁', state: '未办', month: null, cause: '2026-1/周末', ...more });
  const findings = [
    finding('term', {}),
    finding('month', { month, cause: month }),
    finding('later', { month: '2026-10', cause: '2026-10' }),
    finding('before', { cause: '2025-2' }),
    finding('closed', { state: '已办结' }),
    finding('question', { rule: 'R-X5', severity: '参', month, cause: month }),
    finding('answered', { severity: '须', state: '学校已说明' }),
  ];
  const { period } = await openTrace(storeOf({ ...rows(), findings } as never), options, { month });
  expect(period.matters).toMatchObject({ forbidden: 2, required: 1, outliers: 1 });
});
