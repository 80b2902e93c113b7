/** The eight workbooks that schools kept before anyone gave them a template, scored as tests/fixtures/legacy/README.md says. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { kindOf } from '../../schema/problems.ts';
import { readFile } from '../../scripts/sheets/read-file.ts';
import { type InspectedProblem, type InspectedTab, inspectFiles } from '../../scripts/sync/inspect.ts';

const folder = fileURLToPath(new URL('../fixtures/legacy/', import.meta.url));

interface ExpectedProblem {
  readonly cell: string;
  readonly kind: string;
  readonly value: string;
  readonly or?: readonly string[];
  readonly orCell?: readonly string[];
  readonly twin?: string;
  readonly optional?: boolean;
}

interface ExpectedTab {
  readonly tab: string;
  readonly table: string | null;
  readonly headerRow?: number;
  readonly rowCount?: number;
  readonly optionalRows?: readonly number[];
  readonly ignoredRows?: readonly number[];
  readonly rows?: readonly { readonly row: number; readonly values: Readonly<Record<string, unknown>>; readonly optional?: boolean }[];
  readonly problems?: readonly ExpectedProblem[];
}

const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as { files: { file: string; tabs: ExpectedTab[] }[] };

/** Order does not matter in lists. */
const comparable = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);

const isHit = (wanted: ExpectedProblem, found: InspectedProblem, alsoTwin: boolean): boolean =>
  [wanted.cell, ...(wanted.orCell ?? []), ...(alsoTwin && wanted.twin ? [wanted.twin] : [])].includes(found.cell) &&
  [wanted.kind, ...(wanted.or ?? [])].includes(kindOf(found.code));

const rowOf = (problem: InspectedProblem): number => Number(/\d+$/.exec(problem.cell)?.[0]);

for (const { file, tabs } of expected.files)
  describe(file, async () => {
    const [inspected] = await inspectFiles([folder + file], readFile);
    const found = new Map<string, InspectedTab>(inspected?.tabs.map((tab) => [tab.tab, tab]));

    test('every tab of the file is read', () => {
      expect([...found.keys()]).toEqual(tabs.map(({ tab }) => tab));
    });

    for (const wanted of tabs)
      describe(wanted.tab || 'the file', () => {
        const tab = found.get(wanted.tab) as InspectedTab;
        const optional = new Set(wanted.optionalRows);

        test(`it is recognised as ${wanted.table ?? 'none of our tables'}`, () => {
          expect(tab.table).toBe(wanted.table);
        });
        if (wanted.table === null) return;

        test('its header and every row that is no data are found', () => {
          expect(tab.headerRow).toBe(wanted.headerRow);
          expect(tab.ignoredRows.map(({ row }) => row)).toEqual(wanted.ignoredRows);
          expect(tab.ignoredRows.every(({ reason }) => reason !== '')).toBe(true);
          expect(tab.rows).toHaveLength(wanted.rowCount as number);
        });

        test('every row reads as a careful clerk reads it', () => {
          const rows = new Map(tab.rows.map(({ row, values }) => [row, values]));
          for (const { row, values, optional: either } of wanted.rows ?? []) {
            if (either || optional.has(row)) continue;
            const read = Object.fromEntries(Object.keys(values).map((header) => [header, comparable(rows.get(row)?.[header])]));
            expect({ row, ...read }).toEqual({
              row,
              ...Object.fromEntries(Object.entries(values).map(([header, value]) => [header, comparable(value)])),
            });
          }
        });

        test('every problem is reported, in its cell, as displayed', () => {
          for (const problem of wanted.problems ?? []) {
            const hit = tab.problems.find((one) => isHit(problem, one, false));
            if (!problem.optional) expect({ problem, hit }).toEqual({ problem, hit: expect.anything() });
            if (hit && hit.cell === problem.cell) expect(hit.value.trim()).toBe(problem.value.trim());
          }
        });

        test('nothing is reported that is no problem', () => {
          const alarms = tab.problems.filter(
            (one) => !optional.has(rowOf(one)) && !(wanted.problems ?? []).some((problem) => isHit(problem, one, true)),
          );
          expect(alarms).toEqual([]);
        });

        test('no sensitive column is kept', () => {
          for (const { values } of tab.rows) expect(Object.keys(values).filter((header) => /身份证|学籍号|序号/.test(header))).toEqual([]);
        });
      });
  });
