/**
 * What may be asked for with published cases, as a row of `jobs` (kind `showcase`) names it, and which cases a collection, an article or a
 * brief is made of. Pure; the endpoint that queues, the worker that does it and the command all read it here.
 */
import { caseCategories } from '../vocabulary.ts';

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

export type CaseRequest =
  | { readonly do: 'update' }
  | { readonly do: 'preview' | 'publish'; readonly cases: readonly string[] }
  | { readonly do: 'withdraw'; readonly cases: readonly string[]; readonly reason: string }
  | { readonly do: 'brochure' | 'wechat'; readonly choice: Choice }
  | { readonly do: 'brief'; readonly choice: Choice; readonly issue: string; readonly note: string; readonly to: string };

type Given = Readonly<Record<string, unknown>>;

const words = (given: Given, name: string, longest: number): string =>
  typeof given[name] === 'string' ? (given[name] as string).trim().slice(0, longest) : '';
const idsOf = (given: Given): string[] =>
  Array.isArray(given.cases) ? given.cases.filter((id): id is string => typeof id === 'string' && id !== '') : [];

/** `{"do":"publish","cases":["…"]}`, `{"do":"brochure","year":"2026"}`; nothing at all is an update. A Chinese sentence where it cannot be done. */
export const readCaseRequest = (given: Given): CaseRequest | string => {
  const what = given.do ?? 'update';
  if (what === 'update') return { do: 'update' };
  if (what === 'preview' || what === 'publish' || what === 'withdraw') {
    const cases = idsOf(given);
    if (cases.length === 0) return '请先勾选案例。';
    return what === 'withdraw' ? { do: what, cases, reason: words(given, 'reason', 200) } : { do: what, cases };
  }
  if (what !== 'brochure' && what !== 'wechat' && what !== 'brief') return `不会做“${String(what).slice(0, 20)}”。`;
  const choice = readChoice(given);
  if (typeof choice === 'string') return choice;
  return what === 'brief'
    ? { do: what, choice, issue: words(given, 'issue', 20), note: words(given, 'note', 1000), to: words(given, 'to', 300) }
    : { do: what, choice };
};
