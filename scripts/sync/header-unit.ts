/**
 * Units that stand in a header, or on a line above the table, and make the plain numbers below them mean another amount: 应缴(万元).
 * A number that carries a unit of its own there contradicts the header and is asked about.
 */
import type { Kind } from '../../schema/fields.ts';
import type { RawCell, RawTab } from '../../schema/parsed.ts';
import type { Heading } from './find-table.ts';
import { fold } from './plain-text.ts';
import { fault, numberIn, type Reading } from './reading.ts';

const money: Readonly<Record<string, number>> = { 亿元: 1e8, 百万元: 1e6, 万元: 1e4, 万: 1e4, 千元: 1000, 百元: 100, 角: 0.1, 分: 0.01 };
const counts: Readonly<Record<string, number>> = { 万人: 1e4, 万人次: 1e4, 万: 1e4, 千人: 1000, 千: 1000, 百人: 100, 百: 100 };
const scales: Partial<Record<Kind, Readonly<Record<string, number>>>> = { money, whole: counts, minutes: { 小时: 60, h: 60 } };

/** What one of our numbers is worth under a header with such a unit: sheet column -> factor. */
export type HeaderUnits = ReadonlyMap<number, { readonly factor: number; readonly unit: string }>;

const inBrackets = (part: string): string | undefined => /[([（【](?:单位:?)?([^)\]）】]{1,4})[)\]）】]/.exec(part)?.[1];

/** 单位：万元 above the table. */
const unitAbove = (raw: RawTab, top: number): string | undefined => {
  for (const row of raw.rows.slice(0, top))
    for (const cell of row) {
      const found = cell && /^\(?(?:金额)?单位:?([百千万亿]+元)\)?$/.exec(fold(cell.text))?.[1];
      if (found) return found;
    }
  return undefined;
};

export const headerUnits = (raw: RawTab, heading: Heading): HeaderUnits => {
  const above = unitAbove(raw, heading.top);
  const units = new Map<number, { factor: number; unit: string }>();
  for (const { at, role } of heading.match.slots) {
    if (role.kind !== 'field') continue;
    const known = scales[role.column.field.kind] ?? {};
    const own = (heading.headers[at] ?? []).map(inBrackets).filter((word) => word !== undefined);
    const unit = own.find((word) => word in known) ?? (role.column.field.kind === 'money' && own.length === 0 ? above : undefined);
    const factor = unit === undefined ? undefined : known[unit];
    if (unit !== undefined && factor !== undefined) units.set(at, { factor, unit });
  }
  return units;
};

/** The number that a cell under such a header means, as a cell; a reading where it cannot be told; null where it holds no number. */
export const inHeaderUnit = (cell: RawCell, { factor, unit }: { factor: number; unit: string }): RawCell | Reading | null => {
  const folded = fold(cell.text).replace(/,/g, '');
  const number = numberIn(cell) ?? (/^-?\d+(\.\d+)?$/.test(folded) ? Number(folded) : null);
  // 2小时 under 每天时长(小时) says the same once more.
  if (number === null) return /\d/.test(folded) && !folded.endsWith(unit) ? fault('ambiguous/header-unit', unit) : null;
  const value = Math.round(number * factor * 1e6) / 1e6;
  return { text: String(value), value };
};
