/** Whatever stands in the cells of a sheet, reading it ends, accounts for every row, and puts each problem in a cell of its own. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ParsedTab, RawCell, RawTab } from '../../schema/parsed.ts';
import { problemCodes } from '../../schema/problems.ts';
import { readBytesOf } from '../../scripts/sheets/read-file.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';
import { parseTabs } from '../../scripts/sync/parse-tabs.ts';

const folder = fileURLToPath(new URL('../fixtures/legacy/', import.meta.url));
const samples = [
  'A1_第三小学_报名与课程.xlsx',
  'A2_城东实验小学_月报与收费.xlsx',
  'A3_白杨镇中心小学_人员与社团.xls',
  'A7_滨河小学_收费台账.xlsx',
].flatMap((name) => readBytesOf(readFileSync(folder + name), name).tabs);

const words = [
  '',
  ' ',
  '　',
  '—',
  '合计',
  '小计',
  '同上',
  '〃',
  '注:',
  '姓名',
  '三(1)班',
  '周一至周五',
  '1-5',
  '16:30-18:30',
  '下午',
  '约30',
  '60元',
  '2026年9月',
  '-',
  '(',
  '[',
  '\\',
  '#N/A',
  '√',
  '￥',
  '负',
  '万',
  '十',
  '一二三四五六七八九十',
  '=1+1',
  '\u0000',
  '\ufffd',
  '😀',
  '１２３',
  '1e5',
  'NaN',
  '至',
  '半',
];
const anyText = fc.oneof(
  fc.constantFrom(...words),
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.tuple(fc.constantFrom(...words), fc.constantFrom(...words)).map(([a, b]) => a + b),
);
const anyCell: fc.Arbitrary<RawCell | null> = fc.oneof(
  fc.constant(null),
  anyText.map((text) => ({ text, value: text })),
  fc.double({ noNaN: true }).map((value) => ({ text: String(value), value })),
  fc
    .tuple(fc.integer({ min: -10, max: 100_000 }), fc.constantFrom('yyyy/m/d', 'h:mm', '0.00', '0.00E+00', 'm"月"d"日"'))
    .map(([value, format]) => ({ text: String(value), value, format })),
  fc.constantFrom('#N/A', '#REF!').map((text) => ({ text, value: null, error: true as const })),
);

/** A sample with some of its cells exchanged. */
const damaged = fc
  .tuple(fc.constantFrom(...samples.filter((tab) => tab.rows.length > 5)), fc.array(fc.tuple(fc.nat(200), fc.nat(30), anyCell), { maxLength: 60 }))
  .map(([tab, changes]): RawTab => {
    const rows = tab.rows.map((row) => [...row]);
    for (const [row, column, cell] of changes) {
      const cells = rows[row % rows.length] as (RawCell | null)[];
      cells[column % Math.max(1, cells.length)] = cell;
    }
    return { ...tab, rows };
  });

const says = (cell: RawCell | null): boolean => cell !== null && (cell.error === true || cell.text.trim() !== '');
const lastFilled = (rows: RawTab['rows']): number => rows.reduce((found, row, index) => (row.some(says) ? index + 1 : found), 0);

/** Rows of the sheet that a table has to account for: all, or those of its own part. */
const rowsToAccount = (raw: RawTab, { area }: ParsedTab): number[] => {
  const [from = 1, to = lastFilled(raw.rows)] = area?.match(/\d+/g)?.map(Number) ?? [];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
};

const accounted = (tab: ParsedTab): number[] =>
  [...tab.headerRows, ...tab.rows.map(({ row }) => row), ...tab.ignoredRows.map(({ row }) => row)].sort((a, b) => a - b);

const check = (raw: RawTab, tab: ParsedTab): void => {
  if (tab.table === null) return;
  expect(accounted(tab)).toEqual(rowsToAccount(raw, tab));
  for (const problem of tab.problems) {
    expect(problem.cell).toMatch(/^[A-Z]{1,3}\d+$/);
    expect(problemCodes).toContain(problem.code);
    expect(problem.message).toMatch(/。$/);
  }
};

test('a damaged sheet is read to its end and every row is accounted for', () => {
  fc.assert(
    fc.property(damaged, (raw) => check(raw, parseTab(raw))),
    { numRuns: 300 },
  );
});

const pick = fc.constantFrom(...samples.filter((tab) => tab.rows.length > 5 && tab.rows.length < 60));
const height = 12;

/** Two samples beside each other, below each other, or one laid on its side as a form. */
const composed = fc.tuple(pick, pick, fc.constantFrom('beside', 'below', 'turned'), fc.nat(2)).map(([first, second, how, gap]): RawTab => {
  const [top, other] = [first.rows.slice(0, height), second.rows.slice(0, height)];
  const width = Math.max(...top.map((row) => row.length)) + gap;
  if (how === 'below') return { ...first, rows: [...top, ...Array.from({ length: gap }, () => []), ...other], merges: [] };
  if (how === 'turned')
    return { ...first, rows: Array.from({ length: width }, (_, at) => top.slice(0, 4).map((row) => row[at] ?? null)), merges: [] };
  return {
    ...first,
    rows: top.map((row, index) => [...Array.from({ length: width }, (_, at) => row[at] ?? null), ...(other[index] ?? [])]),
    merges: [],
  };
});

test('however tables stand together on a tab, each accounts for its rows, and together for all that they share', () => {
  let several = 0;
  fc.assert(
    fc.property(composed, (raw) => {
      const tabs = parseTabs(raw);
      for (const tab of tabs) check(raw, tab);
      if (tabs.length > 1) several += 1;
      if (tabs[0]?.table === null) return;
      const seen = new Set(tabs.flatMap(accounted));
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: lastFilled(raw.rows) }, (_, index) => index + 1));
    }),
    { numRuns: 300 },
  );
  expect(several).toBeGreaterThan(20);
});
