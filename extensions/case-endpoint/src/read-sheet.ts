/** Reads a posted marking sheet. Small ones only; what is missing or out of range is told in Chinese. */
import { type Conventions, fullMarks } from '../../../schema/cases/conventions.ts';
import type { Sealed } from './round.ts';

/** Bytes of a marking sheet at the most. */
export const largestSheet = 60_000;
const verdicts: ReadonlySet<string> = new Set(['通过', '修改', '不采用']);
const longestAdvice = 2000;

const two = (value: number): number => Math.round(value * 100) / 100;

export type ReadSheet = { readonly sealed: Sealed } | { readonly faults: readonly string[] };

/** `mark0`, `mark1` … by criterion; `verdict`; `advice`. */
export const readSheet = (form: URLSearchParams, { rubric }: Conventions): ReadSheet => {
  const faults: string[] = [];
  const marks: Record<string, number> = {};
  for (const [index, { name, weight }] of rubric.entries()) {
    const text = (form.get(`mark${index}`) ?? '').normalize('NFKC').trim();
    const mark = Number(text);
    if (text === '' || !Number.isFinite(mark) || mark < 0 || mark > weight) faults.push(`“${name}”请打 0 到 ${weight} 分。`);
    else marks[name] = two(mark);
  }
  const verdict = form.get('verdict') ?? '';
  if (!verdicts.has(verdict)) faults.push('请选结论:通过、修改或不采用。');
  const advice = (form.get('advice') ?? '').trim();
  if (advice.length > longestAdvice) faults.push(`意见请控制在 ${longestAdvice} 字以内。`);
  if (verdict !== '通过' && verdicts.has(verdict) && advice === '') faults.push(`结论是“${verdict}”的,请写明意见,学校要看。`);
  if (faults.length) return { faults };
  const sum = Object.values(marks).reduce((all, mark) => all + mark, 0);
  return { sealed: { marks, total: two((sum / fullMarks(rubric)) * 100), verdict, advice } };
};
