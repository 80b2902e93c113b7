/**
 * Guesses what a column with an unknown header may hold, by words in its header or by what stands in its cells.
 * A guess is only ever proposed to a person: nothing is read by it.
 */
import type { RawCell } from '../../schema/parsed.ts';
import { type KnownColumn, type Words, withoutBrackets } from './known-columns.ts';
import type { Found } from './match-headers.ts';
import { readCell } from './read-cell.ts';

const surroundings = { date1904: false };

/** Words that stand in headers of every kind and tell nothing. */
const common = /^(名称|名字|情况|内容|信息|时间|日期|人数|电话|金额|方式|类别|类型|其他|备注|数|学生|教师|家长|孩子)$/;

/** The field of whose header words the longest stands inside the header, or the other way round. */
const byWords = (words: Words, key: string): Found => {
  let best: { found: Found; length: number } | null = null;
  for (const [word, { role }] of words.index) {
    const plain = withoutBrackets(word);
    if (role.kind === 'ordinal' || role.kind === 'system' || plain.length < 2 || common.test(plain)) continue;
    const inside = key.includes(plain) ? plain.length : plain.includes(key) && key.length >= 2 && !common.test(key) ? key.length : 0;
    if (inside > (best?.length ?? 0)) best = { found: { role, rank: 0.4 }, length: inside };
  }
  return best?.found ?? null;
};

/** Kinds whose cells look like nothing else. */
const telling = new Set(['phone', 'weekdays', 'classNo', 'month']);
const sampled = 40;

const looksLike = ({ field }: KnownColumn, cells: readonly RawCell[]): boolean => {
  if (!telling.has(field.kind)) return false;
  if (field.kind === 'classNo' && !cells.some((cell) => /班/.test(cell.text))) return false;
  const read = cells.filter((cell) => readCell(cell, field, surroundings).code === undefined);
  return read.length >= cells.length * 0.8;
};

/** The only field whose kind all these cells fit; several telephones tell nothing. */
const byContent = (words: Words, cells: readonly RawCell[]): Found => {
  if (cells.length < 2) return null;
  const fitting = words.tab.columns.filter((column) => looksLike(column, cells));
  const [only] = fitting;
  return only && fitting.length === 1 ? { role: { kind: 'field', column: only }, rank: 0.3 } : null;
};

/** What a column may be; `cells` are those below its header. */
export const guessColumn = (words: Words, parts: readonly string[], cells: readonly (RawCell | null)[]): Found => {
  const filled = cells.filter((cell) => cell !== null && !cell.error && cell.text.trim() !== '').slice(0, sampled) as RawCell[];
  return byWords(words, parts.join('')) ?? byContent(words, filled);
};
