/**
 * The cases of a choice and its words: a year, a category, all, or some that were chosen. Pure.
 */
import type { Choice } from '../../schema/cases/request.ts';
import type { ShownCase } from './select.ts';

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
