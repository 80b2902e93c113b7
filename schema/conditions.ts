/**
 * What staff ask of a field beyond its kind, as they set it under 验证 in Settings → Data model: comparisons, lists of words, beginnings and
 * ends, patterns, alone or joined by 与 and 或. Pure. What names the present moment or another row is not judged, and stops nobody.
 */
import type { Rule } from './fields.ts';

type Test = (value: unknown, wanted: unknown) => boolean;

const text = (value: unknown): string => String(value);
const both = (value: unknown, wanted: unknown): readonly [number, number] | readonly [string, string] => {
  const [a, b] = [Number(value), Number(wanted)];
  return Number.isNaN(a) || Number.isNaN(b) || value === '' ? [text(value), text(wanted)] : [a, b];
};
const same: Test = (value, wanted) => {
  const [a, b] = both(value, wanted);
  return a === b;
};
const parts = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const listed = (wanted: unknown): readonly unknown[] => (Array.isArray(wanted) ? wanted : String(wanted).split(','));
const below: Test = (value, wanted) => {
  const [a, b] = both(value, wanted);
  return a < b;
};
const within: Test = (value, wanted) => {
  const [from, to] = listed(wanted);
  return !below(value, from) && !below(to, value);
};
const holds: Test = (value, wanted) => parts(value).some((one) => text(one).includes(text(wanted)));
const lower = (value: unknown): string => text(value).toLowerCase();

/** `/…/` as people write it, or the bare pattern. A pattern that is none stops nothing: Directus refuses it when it is set. */
const pattern = (wanted: unknown): RegExp | null => {
  const bare = text(wanted).replace(/^\/([\s\S]*)\/$/, '$1');
  try {
    return new RegExp(bare);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

/** Named as in Directus; `null` stands for what a blank value is asked. */
const tests: Readonly<Record<string, Test>> = {
  _eq: same,
  _neq: (value, wanted) => !same(value, wanted),
  _lt: below,
  _lte: (value, wanted) => !below(wanted, value),
  _gt: (value, wanted) => below(wanted, value),
  _gte: (value, wanted) => !below(value, wanted),
  _in: (value, wanted) => listed(wanted).some((one) => same(value, one)),
  _nin: (value, wanted) => !listed(wanted).some((one) => same(value, one)),
  _between: within,
  _nbetween: (value, wanted) => !within(value, wanted),
  _contains: holds,
  _ncontains: (value, wanted) => !holds(value, wanted),
  _icontains: (value, wanted) => parts(value).some((one) => lower(one).includes(lower(wanted))),
  _starts_with: (value, wanted) => text(value).startsWith(text(wanted)),
  _nstarts_with: (value, wanted) => !text(value).startsWith(text(wanted)),
  _istarts_with: (value, wanted) => lower(value).startsWith(lower(wanted)),
  _nistarts_with: (value, wanted) => !lower(value).startsWith(lower(wanted)),
  _ends_with: (value, wanted) => text(value).endsWith(text(wanted)),
  _nends_with: (value, wanted) => !text(value).endsWith(text(wanted)),
  _iends_with: (value, wanted) => lower(value).endsWith(lower(wanted)),
  _niends_with: (value, wanted) => !lower(value).endsWith(lower(wanted)),
  _regex: (value, wanted) => pattern(wanted)?.test(text(value)) ?? true,
  _null: () => false,
  _nnull: () => true,
  _empty: () => false,
  _nempty: () => true,
  _submitted: () => true,
};

const isDynamic = (wanted: unknown): boolean => parts(wanted).some((one) => typeof one === 'string' && one.startsWith('$'));
const isObject = (value: unknown): value is Rule => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Leaf {
  readonly field: string;
  readonly operator: string;
  readonly wanted: unknown;
}

/** The single comparisons of `{ field: { _op: … } }`. */
const leavesOf = (field: string, asked: unknown): Leaf[] =>
  isObject(asked) ? Object.entries(asked).map(([operator, wanted]): Leaf => ({ field, operator, wanted })) : [];

const judges = ({ operator, wanted }: Leaf): boolean => operator in tests && !isDynamic(wanted);

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

/** A blank cell is a matter of 必填, not of a rule. */
const leafHolds = (leaf: Leaf, values: Readonly<Record<string, unknown>>): boolean => {
  const value = values[leaf.field];
  return !judges(leaf) || isBlank(value) || (tests[leaf.operator] as Test)(value, leaf.wanted);
};

/** Whether the values of a row keep a rule. What the row does not say, and what cannot be judged, breaks none. */
export const keeps = (rule: Rule, values: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(rule).every(([key, asked]) => {
    if (key === '_and') return (asked as readonly Rule[]).every((one) => keeps(one, values));
    if (key === '_or') return (asked as readonly Rule[]).length === 0 || (asked as readonly Rule[]).some((one) => keeps(one, values));
    return leavesOf(key, asked).every((leaf) => leafHolds(leaf, values));
  });

const words: Readonly<Record<string, string>> = {
  _eq: '须是“@”',
  _neq: '不能是“@”',
  _lt: '须小于 @',
  _lte: '不能大于 @',
  _gt: '须大于 @',
  _gte: '不能小于 @',
  _in: '只能是:@',
  _nin: '不能是:@',
  _between: '须在 @ 之间',
  _nbetween: '不能在 @ 之间',
  _contains: '须含有“@”',
  _icontains: '须含有“@”',
  _ncontains: '不能含有“@”',
  _starts_with: '须以“@”开头',
  _istarts_with: '须以“@”开头',
  _nstarts_with: '不能以“@”开头',
  _nistarts_with: '不能以“@”开头',
  _ends_with: '须以“@”结尾',
  _iends_with: '须以“@”结尾',
  _nends_with: '不能以“@”结尾',
  _niends_with: '不能以“@”结尾',
  _regex: '格式不对,须符合县局设定的格式“@”',
};

const shownWanted = (operator: string, wanted: unknown): string =>
  /between/.test(operator) ? listed(wanted).join(' 和 ') : /_n?in$/.test(operator) ? listed(wanted).join('、') : text(wanted);

/** The first comparison that is broken, in words for a clerk: `不能小于 3`. */
export const breach = (rule: Rule, values: Readonly<Record<string, unknown>>): string => {
  for (const [key, asked] of Object.entries(rule)) {
    const below = key === '_and' || key === '_or' ? (asked as readonly Rule[]).map((one) => breach(one, values)).filter(Boolean) : [];
    if (below.length > 0 && !keeps(rule, values)) return key === '_or' ? below.join(',或') : (below[0] as string);
    const leaf = leavesOf(key, asked).find((one) => !leafHolds(one, values));
    if (leaf) return (words[leaf.operator] ?? '不符合县局的要求').replace('@', shownWanted(leaf.operator, leaf.wanted));
  }
  return '';
};
