/**
 * Which cases go into a printed collection, an article or a brief: a year, a category, all, or some that were chosen. Pure.
 */
import { caseCategories } from '../../schema/vocabulary.ts';
import type { ShownCase } from './select.ts';

export type Choice =
  | { readonly kind: 'all' }
  | { readonly kind: 'year'; readonly value: string }
  | { readonly kind: 'category'; readonly value: string }
  | { readonly kind: 'chosen'; readonly value: string; readonly cases: readonly string[] };

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** Reads a choice as a job or a command names it; a Chinese sentence where it names none. */
export const readChoice = (given: Readonly<Record<string, unknown>>): Choice | string => {
  const cases = Array.isArray(given.cases) ? given.cases.filter(isText) : [];
  if (cases.length > 0) return { kind: 'chosen', value: isText(given.title) ? given.title.trim().slice(0, 40) : '选编', cases };
  if (isText(given.year)) return /^\d{4}$/.test(given.year.trim()) ? { kind: 'year', value: given.year.trim() } : '年份应是四位数字,如 2026。';
  if (isText(given.category))
    return caseCategories.some(({ value }) => value === given.category)
      ? { kind: 'category', value: given.category }
      : `没有“${given.category}”这一类;可选:${caseCategories.map(({ value }) => value).join('、')}。`;
  return given.all === true ? { kind: 'all' } : '请说明选哪些案例:年份、类别、全部,或勾选案例。';
};

const inChoice = (choice: Choice, item: ShownCase): boolean =>
  choice.kind === 'all' ||
  (choice.kind === 'year' && item.publishedOn.startsWith(choice.value)) ||
  (choice.kind === 'category' && item.category === choice.value) ||
  (choice.kind === 'chosen' && choice.cases.includes(item.id));

/** The published cases of a choice, newest first; chosen ones in the order in which they were chosen. */
export const casesOf = (choice: Choice, shown: readonly ShownCase[]): ShownCase[] => {
  const found = shown.filter((item) => inChoice(choice, item));
  return choice.kind === 'chosen' ? found.sort((a, b) => choice.cases.indexOf(a.id) - choice.cases.indexOf(b.id)) : found;
};

/** As it stands on a cover: `2026年`. */
export const choiceInWords = (choice: Choice): string =>
  ({
    all: '全部',
    year: choice.kind === 'year' ? `${choice.value}年` : '',
    category: choice.kind === 'category' ? choice.value : '',
    chosen: choice.kind === 'chosen' ? choice.value : '',
  })[choice.kind];

/** The same for the same choice, whatever its cases are: `year-2026`. */
export const choiceName = (choice: Choice): string => (choice.kind === 'all' ? 'all' : `${choice.kind}-${choice.value}`);
