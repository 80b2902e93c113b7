/** What holds for every sheet: what Kehou writes it reads back, and neither order, names nor blank rows change what is read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Field, type Kind, words } from '../../schema/fields.ts';
import type { NormalValue, ParsedTab, RawCell, RawTab } from '../../schema/parsed.ts';
import { type Column, tabOf, tabs } from '../../schema/sheets.ts';
import { formatValue } from '../../scripts/sheets/format-value.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';
import { readCell } from '../../scripts/sync/read-cell.ts';

const label = { label: '栏', en: 'column' };
const choices = words({ 文艺: 'Arts', 体育: 'Sports', 阅读: 'Reading', 学有余力拓展: 'More' });
const day = fc.date({ min: new Date('1991-01-01'), max: new Date('2098-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const two = (number: number): string => String(number).padStart(2, '0');
const line = fc.stringMatching(/^[\u4e00-\u9fa5A-Za-z][\u4e00-\u9fa5A-Za-z·()-]{0,20}[\u4e00-\u9fa5A-Za-z]$/);
const cents = fc.integer({ min: 0, max: 100_000_000 }).map((number) => number / 100);
const subset = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });

interface Law {
  readonly field: Field;
  readonly values: fc.Arbitrary<NormalValue>;
}

/** A field of each kind that a sheet may hold, and any of its values. A new kind breaks the build here. */
const laws = {
  text: { field: { kind: 'text', ...label }, values: line },
  longText: { field: { kind: 'longText', ...label }, values: fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n')) },
  whole: { field: { kind: 'whole', ...label }, values: fc.integer({ min: 0, max: 1_000_000 }) },
  money: { field: { kind: 'money', ...label }, values: cents },
  decimal: { field: { kind: 'decimal', ...label }, values: cents },
  percent: { field: { kind: 'percent', ...label }, values: fc.integer({ min: 0, max: 10_000 }).map((number) => number / 100) },
  minutes: { field: { kind: 'minutes', ...label }, values: fc.integer({ min: 13, max: 600 }) },
  date: { field: { kind: 'date', ...label }, values: day },
  month: { field: { kind: 'month', ...label }, values: day.map((date) => date.slice(0, 7)) },
  time: {
    field: { kind: 'time', ...label },
    values: fc.tuple(fc.integer({ min: 7, max: 23 }), fc.nat(59)).map(([hour, minute]) => `${two(hour)}:${two(minute)}`),
  },
  yesNo: { field: { kind: 'yesNo', ...label }, values: fc.boolean() },
  choice: { field: { kind: 'choice', ...label, choices }, values: fc.constantFrom(...choices.map(({ value }) => value)) },
  choices: { field: { kind: 'choices', ...label, choices }, values: subset(choices.map(({ value }) => value)) },
  list: { field: { kind: 'list', ...label }, values: fc.uniqueArray(line, { minLength: 1, maxLength: 5 }) },
  weekdays: { field: { kind: 'weekdays', ...label }, values: subset([1, 2, 3, 4, 5, 6, 7]) },
  grade: { field: { kind: 'grade', ...label }, values: fc.integer({ min: 1, max: 9 }) },
  grades: { field: { kind: 'grades', ...label }, values: subset([1, 2, 3, 4, 5, 6, 7, 8, 9]) },
  classNo: { field: { kind: 'classNo', ...label }, values: fc.integer({ min: 1, max: 20 }) },
  phone: {
    field: { kind: 'phone', ...label },
    values: fc.oneof(
      fc.integer({ min: 0, max: 99_999_999 }).map((number) => `138${String(number).padStart(8, '0')}`),
      fc.integer({ min: 2_000_000, max: 8_999_999 }).map((number) => `0396-${number}`),
    ),
  },
  code: { field: { kind: 'code', ...label }, values: fc.stringMatching(/^[0-9A-Z]{4,20}$/).filter((text) => !/^\d(\.\d+)?E\d+$/.test(text)) },
  link: { field: { kind: 'link', ...label, to: 'students' }, values: line },
} satisfies { [K in Exclude<Kind, 'html' | 'json' | 'photos' | 'timestamp'>]: Law };

/** The number formats of the workbook that Kehou makes (workbook-styles.ts), and how Excel shows them. */
const formats: Partial<Record<Kind, string>> = { date: 'yyyy-mm-dd', time: 'hh:mm', percent: '0.00', money: '#,##0.00' };

const cellFor = (field: Field, value: NormalValue): RawCell | null => {
  const content = formatValue(field, value);
  if (content === null) return null;
  const format = typeof content === 'number' ? formats[field.kind] : undefined;
  return { text: String(content), value: content, ...(format ? { format } : {}) };
};
const typed = (text: string): RawCell => ({ text, value: text });

describe('a value that Kehou writes into a cell is read back as it was', () => {
  for (const [kind, { field, values }] of Object.entries(laws) as [string, Law][])
    test(kind, () => {
      fc.assert(
        fc.property(values, (value) => {
          const reading = readCell(cellFor(field, value), field, { date1904: false });
          expect(reading).toEqual({ value });
          // Reading what is written for what was read changes nothing more.
          expect(readCell(cellFor(field, reading.value as NormalValue), field, { date1904: false })).toEqual(reading);
        }),
        { numRuns: 200 },
      );
    });
});

const header = (columns: readonly Column[]): RawCell[] => columns.map((column) => typed(column.header));
const tabFrom = (name: string, rows: readonly (readonly (RawCell | null)[])[]): RawTab => ({
  name,
  rows,
  merges: [],
  hiddenRows: { byHand: [], byFilter: [] },
  hiddenColumns: [],
  date1904: false,
});

const students = tabOf('students');
const wanted = ['姓名', '年级', '班级', '星期', '监护人姓名', '监护人电话', '申请日', '接送方式', '服务项目'];
const columns = wanted.map((name) => students.columns.find((column) => column.header === name) as Column);

const anyWord = fc.constantFrom(
  '张三',
  '三',
  '1',
  '三(2)班',
  '1-5',
  '周一',
  '13800001234',
  '2026-09-01',
  '家长接',
  '书法、篮球',
  '',
  '约30',
  '#N/A',
  '—',
  '16:30',
);
const anyRows = fc.array(fc.tuple(...wanted.map(() => anyWord)), { minLength: 1, maxLength: 8 });
const cellsOf = (row: readonly string[]): (RawCell | null)[] => row.map((word) => (word === '' ? null : typed(word)));

/** What was read, without where it stood. */
const content = (tab: ParsedTab): unknown => ({
  rows: tab.rows.map(({ values }) => values),
  problems: tab.problems.map(({ header: name, code, value }) => `${name} ${code} ${value}`).sort(),
});

describe('what does not matter', () => {
  test('the order of the columns', () => {
    const order = fc.shuffledSubarray([...wanted.keys()], { minLength: wanted.length });
    fc.assert(
      fc.property(anyRows, order, (rows, places) => {
        // A row is told from a note by where its words stand; here all rows are rows.
        const full = rows.map((row) => ['李四', ...row.slice(1)]);
        const inOrder = parseTab(tabFrom('学生报名', [header(columns), ...full.map(cellsOf)]));
        const moved = (cells: readonly (RawCell | null)[]): (RawCell | null)[] => places.map((place) => cells[place] ?? null);
        const shuffled = parseTab(tabFrom('学生报名', [moved(header(columns)), ...full.map((row) => moved(cellsOf(row)))]));
        const known = (tab: ParsedTab) => ({ ...(content(tab) as object), count: tab.rows.length + tab.ignoredRows.length });
        expect(known(shuffled)).toEqual(known(inOrder));
      }),
      { numRuns: 150 },
    );
  });

  test('by which of its names a column is called', () => {
    for (const tab of tabs)
      for (const column of tab.columns)
        for (const alias of column.aliases) {
          const others = tab.columns.filter((other) => other !== column);
          if (others.some((other) => [other.header, ...other.aliases].includes(alias))) continue;
          const read = parseTab(
            tabFrom(tab.name, [
              [...header(others.slice(0, 40)), typed(alias)],
              [...others.slice(0, 40).map(() => null), null],
            ]),
          );
          expect({ tab: tab.name, alias, at: read.columns[column.header] ?? 'not found' }).toEqual({
            tab: tab.name,
            alias,
            at: [Math.min(40, others.length)],
          });
        }
  });

  test('blank rows: they only move what stands below them', () => {
    const gaps = fc.array(fc.tuple(fc.nat(8), fc.integer({ min: 1, max: 3 })), { maxLength: 3 });
    fc.assert(
      fc.property(anyRows, gaps, (rows, blanks) => {
        const full = rows.map((row) => cellsOf(['李四', ...row.slice(1)]));
        const tight = parseTab(tabFrom('x', [header(columns), ...full]));
        const loose = full.flatMap((row, index) => [
          ...blanks.flatMap(([at, count]) => (at === index ? Array.from({ length: count }, () => []) : [])),
          row,
        ]);
        const spread = parseTab(tabFrom('x', [[], header(columns), ...loose]));
        const shift = (row: number): number => loose.indexOf(full[row - 2] as (RawCell | null)[]) + 3;
        expect(spread.rows.map(({ row, values }) => [row, values])).toEqual(tight.rows.map(({ row, values }) => [shift(row), values]));
        const codes = (tab: ParsedTab) =>
          tab.problems.filter(({ row }) => row > (tab.headerRow ?? 0)).map(({ header: name, code }) => `${name} ${code}`);
        expect(codes(spread)).toEqual(codes(tight));
      }),
      { numRuns: 150 },
    );
  });

  test('reading twice gives the same twice', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const raw = tabFrom('x', [header(columns), ...rows.map(cellsOf)]);
        expect(parseTab(raw)).toEqual(parseTab(structuredClone(raw)));
      }),
      { numRuns: 50 },
    );
  });
});
