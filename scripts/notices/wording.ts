/** How days, hours, sums and names stand on paper. Pure: text in, text out. */
import { weekdayNames } from '../../schema/vocabulary.ts';

/** `2026-09-01` → `2026年9月1日` (GB/T 9704: Arabic figures, no leading zeros). */
export const zhDate = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};

/** `05-01` → `5月1日`. */
export const zhMonthDay = (monthDay: string): string => {
  const [month, date] = monthDay.split('-').map(Number);
  return `${month}月${date}日`;
};

/** `16:30:00` and `18:30` → `16:30—18:30`. */
export const hours = (start: string, end: string): string => `${start.slice(0, 5)}—${end.slice(0, 5)}`;

/** Yuan rounded to the cent. */
export const inCents = (sum: number): number => Math.round(sum * 100) / 100;

/** Yuan without idle zeros: 60 → `60`, 1.8 → `1.80`. */
export const yuan = (sum: number): string => (Number.isInteger(sum) ? String(sum) : sum.toFixed(2));

/** [1,2,3,4,5] → `周一至周五`, [1,3] → `周一、周三`. */
export const weekdaysText = (days: readonly number[]): string => {
  const sorted = [...days].sort((a, b) => a - b);
  const name = (day: number) => weekdayNames[day - 1] ?? '';
  const inARow = sorted.every((day, index) => index === 0 || day === (sorted[index - 1] as number) + 1);
  return sorted.length > 2 && inARow ? `${name(sorted[0] as number)}至${name(sorted.at(-1) as number)}` : sorted.map(name).join('、');
};

/** The day `days` later. */
export const addDays = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The day before or after a `MM-DD`, for the season that the other one leaves over. */
export const neighbourDay = (monthDay: string, step: 1 | -1): string => addDays(`2025-${monthDay}`, step).slice(5);

/** Text from a form as paragraphs: one for each line that says something. */
export const paragraphs = (text: string | null | undefined): string[] =>
  (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const wide: Readonly<Record<string, string>> = { ',': '，', ';': '；', ':': '：', '!': '！', '?': '？' };
const chinese = '[\\p{Script=Han}《》〔〕（）“”、。，；：]';
const besideChinese = new RegExp(`(?<=${chinese})[,;:!?]|[,;:!?](?=${chinese})`, 'gu');
const brackets = /\(([^()]*)\)/gu;
const hasChinese = new RegExp(chinese, 'u');

/** Chinese text with the full-width marks that print wants: people type `,` and `(` beside Chinese characters. Figures and times stay. */
export const typeset = (text: string): string =>
  text
    .replace(brackets, (all: string, inside: string, at: number) =>
      hasChinese.test(inside) || hasChinese.test(text[at - 1] ?? '') ? `（${inside}）` : all,
    )
    .replace(besideChinese, (mark) => wide[mark] ?? mark);

/** Ends a sentence that its writer left open. */
export const sentence = (text: string): string => {
  const set = typeset(text.trim());
  return /[。！？；：…”!?;:.]$/.test(set) ? set.replace(/[;:.；：]$/, '。') : `${set}。`;
};

/** `2026-10-08` and null → `2026年10月8日起`; the same day twice → that day; else a span. */
export const spanText = (from: string | null, to: string | null): string => {
  if (!from) return '';
  if (!to) return `${zhDate(from)}起`;
  if (from === to) return zhDate(from);
  return `${zhDate(from)}至${from.slice(0, 4) === to.slice(0, 4) ? zhMonthDay(to.slice(5)) : zhDate(to)}`;
};
