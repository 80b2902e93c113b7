/**
 * Compares the 合计 and 小计 rows of a tab with the rows above them.
 * A column in which some cell cannot be read has no sum to compare with.
 */
import type { RawTab } from '../../schema/parsed.ts';
import { add, type DraftRow, type Findings } from './draft-row.ts';
import type { Slot } from './match-headers.ts';
import { readMoney, readWhole } from './read-number.ts';

export interface TotalRow {
  /** Index in `rows` of the tab. */
  readonly index: number;
  readonly kind: 'sub' | 'all';
  /** How many data rows stand above it. */
  readonly after: number;
}

const sumOf = (rows: readonly DraftRow[], header: string): number | null => {
  let sum = 0;
  for (const row of rows) {
    if (row.unread.has(header)) return null;
    const value = row.values[header];
    if (typeof value === 'number') sum += value;
  }
  return Math.round(sum * 100) / 100;
};

/** Persons are counted by rows or by names: both are right where a name is missing. */
const countsOf = (rows: readonly DraftRow[], header: string): number[] => [
  rows.length,
  rows.filter((row) => row.values[header] !== undefined).length,
  new Set(rows.map((row) => row.values[header])).size,
];

const addable = new Set(['whole', 'money']);
/** Rates and figures of one row are never added up. */
const neverAdded = new Set(['标准', '收费标准', '补助标准', '每周开展天数']);

/** Adds a problem for each total that its column does not give. */
export const checkTotals = (
  raw: RawTab,
  slots: readonly Slot[],
  keyColumn: number,
  rows: readonly DraftRow[],
  totals: readonly TotalRow[],
  findings: Findings,
): void => {
  let since = 0;
  for (const total of totals) {
    const scopes = total.kind === 'sub' ? [rows.slice(since, total.after)] : [rows.slice(0, total.after), rows.slice(since, total.after)];
    for (const { at, role } of slots) {
      if (role.kind !== 'field') continue;
      const cell = raw.rows[total.index]?.[at];
      const { header, field } = role.column;
      if (!cell || cell.error || neverAdded.has(header)) continue;
      const counts = at === keyColumn;
      if (!counts && !addable.has(field.kind)) continue;
      const { value } = counts
        ? readWhole(cell, { kind: 'whole', label: header, en: '' })
        : readMoney({ ...cell, text: cell.text.replace(/人$/, '') }, { kind: 'money', label: header, en: '' });
      if (typeof value !== 'number') continue;
      const sums = scopes.flatMap((scope) => (counts ? countsOf(scope, header) : [sumOf(scope, header)]));
      if (sums.some((sum) => sum === null || Math.abs(sum - value) < 0.005)) continue;
      add(findings, 'inconsistent-sum/total-row', { row: total.index + 1, at, header, value: cell.text, detail: String(sums[0]) });
    }
    since = total.after;
  }
};
