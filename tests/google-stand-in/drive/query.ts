/**
 * The language of `files.list?q=`: `name contains '一小' and not trashed = true and '…' in parents`.
 * Gives a test for a file; throws 400 with Drive's "Invalid Value" for anything else.
 */
import { invalidParameter } from '../errors.ts';
import { type DriveFile, folderType, type World } from '../world.ts';

export type Test = (file: DriveFile) => boolean;

interface Token {
  readonly kind: 'word' | 'text' | 'sign';
  readonly text: string;
}

const tokenize = (source: string): Token[] => {
  const pattern = /\s*(?:'((?:[^'\\]|\\.)*)'|([A-Za-z][\w.]*)|(!=|<=|>=|[=<>(){}]))/uy;
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(source);
    if (!match) throw invalidParameter('q');
    if (match[1] !== undefined) tokens.push({ kind: 'text', text: match[1].replaceAll(/\\(.)/g, '$1') });
    else tokens.push(match[2] === undefined ? { kind: 'sign', text: match[3] as string } : { kind: 'word', text: match[2] });
  }
  return tokens;
};

const compare = (one: number | string, operator: string, other: number | string): boolean => {
  const results: Readonly<Record<string, boolean>> = {
    '=': one === other,
    '!=': one !== other,
    '<': one < other,
    '<=': one <= other,
    '>': one > other,
    '>=': one >= other,
  };
  const result = results[operator];
  if (result === undefined) throw invalidParameter('q');
  return result;
};

/** Drive matches the beginnings of words of a name; in Chinese every character begins one. */
const containsWord = (name: string, part: string): boolean => {
  const [text, wanted] = [name.toLowerCase(), part.toLowerCase()];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text[at - 1] ?? ' ';
    if (!/[\p{L}\p{N}]/u.test(before) || /\p{Script=Han}/u.test(`${before}${text[at] ?? ''}`)) return true;
  }
  return false;
};

const timeOf = (text: string): number => {
  const time = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time)) throw invalidParameter('q');
  return time;
};

const textTests: Readonly<Record<string, (operator: string, value: string) => Test>> = {
  name: (operator, value) => {
    if (operator === 'contains') return (file) => containsWord(file.name, value);
    // Names have no order here: only the same or another.
    if (operator !== '=' && operator !== '!=') throw invalidParameter('q');
    return (file) => compare(file.name, operator, value);
  },
  fullText: (_operator, value) => (file) => containsWord(file.name, value),
  mimeType: (operator, value) =>
    operator === 'contains' ? (file) => file.mimeType.startsWith(value) : (file) => compare(file.mimeType, operator, value),
  modifiedTime: (operator, value) => (file) => compare(file.modifiedTime, operator, timeOf(value)),
  createdTime: (operator, value) => (file) => compare(file.createdTime, operator, timeOf(value)),
};

const flagTests: Readonly<Record<string, (file: DriveFile, world: World, caller: string) => boolean>> = {
  trashed: (file) => file.trashed,
  starred: (file) => file.starred,
  sharedWithMe: (file, world, caller) => world.ownerOf(file) !== caller,
};

const people = (world: World, file: DriveFile, roles: readonly string[]): string[] =>
  [...world.usersOf(file)].filter((user) => roles.includes(world.roleOf(file, user) ?? ''));

const listTests: Readonly<Record<string, (file: DriveFile, value: string, world: World, caller: string) => boolean>> = {
  parents: (file, value, world, caller) => file.parents.includes(value === 'root' ? world.rootOf(caller) : value),
  owners: (file, value, world) => people(world, file, ['owner']).includes(value),
  writers: (file, value, world) => people(world, file, ['owner', 'writer']).includes(value),
  readers: (file, value, world) => people(world, file, ['owner', 'writer', 'commenter', 'reader']).includes(value),
};

/** A test for files. `q` as Drive takes it. */
export const parseQuery = (q: string, world: World, caller: string): Test => {
  const tokens = tokenize(q);
  let at = 0;
  const next = (kind?: Token['kind'], text?: string): Token => {
    const token = tokens[at];
    if (!token || (kind && token.kind !== kind) || (text && token.text !== text)) throw invalidParameter('q');
    at += 1;
    return token;
  };
  const isWord = (text: string): boolean => tokens[at]?.kind === 'word' && tokens[at]?.text === text;
  const isSign = (text: string): boolean => tokens[at]?.kind === 'sign' && tokens[at]?.text === text;

  const has = (field: string): Test => {
    next('sign', '{');
    const pair: Record<string, string> = {};
    for (const key of ['key', 'value']) {
      next('word', key);
      next('sign', '=');
      pair[key] = next('text').text;
      if (key === 'key') next('word', 'and');
    }
    next('sign', '}');
    const bag = field as 'properties' | 'appProperties';
    return (file) => file[bag][pair.key ?? ''] === pair.value;
  };
  const term = (): Test => {
    if (isSign('(')) {
      next();
      const inner = either();
      next('sign', ')');
      return inner;
    }
    const first = next();
    if (first.kind === 'text') {
      next('word', 'in');
      const test = listTests[next('word').text];
      if (!test) throw invalidParameter('q');
      const whose = first.text === 'me' ? caller : first.text;
      return (file) => test(file, whose, world, caller);
    }
    const flag = flagTests[first.text];
    if (flag) {
      if (!isSign('=') && !isSign('!=')) return (file) => flag(file, world, caller);
      const operator = next().text;
      const wanted = next('word').text === 'true';
      return (file) => (operator === '=') === (flag(file, world, caller) === wanted);
    }
    if ((first.text === 'properties' || first.text === 'appProperties') && isWord('has')) {
      next();
      return has(first.text);
    }
    const test = textTests[first.text];
    if (!test) throw invalidParameter('q');
    const operator = next().text;
    return test(operator, next('text').text);
  };
  const negated = (): Test => {
    if (!isWord('not')) return term();
    next();
    const inner = negated();
    return (file) => !inner(file);
  };
  const both = (): Test => {
    let left = negated();
    while (isWord('and')) {
      next();
      const [one, other] = [left, negated()];
      left = (file) => one(file) && other(file);
    }
    return left;
  };
  const either = (): Test => {
    let left = both();
    while (isWord('or')) {
      next();
      const [one, other] = [left, both()];
      left = (file) => one(file) || other(file);
    }
    return left;
  };
  const test = either();
  if (at < tokens.length) throw invalidParameter('q');
  return test;
};

type Key = (file: DriveFile) => string | number;

const keys: Readonly<Record<string, Key>> = {
  name: (file) => file.name.toLowerCase(),
  name_natural: (file) => file.name.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0')),
  modifiedTime: (file) => file.modifiedTime,
  createdTime: (file) => file.createdTime,
  recency: (file) => file.modifiedTime,
  // Nobody opens files here: what a person last did with one is its last change.
  modifiedByMeTime: (file) => file.modifiedTime,
  viewedByMeTime: (file) => file.modifiedTime,
  sharedWithMeTime: (file) => file.createdTime,
  quotaBytesUsed: (file) => file.content?.length ?? 0,
  folder: (file) => (file.mimeType === folderType ? 0 : 1),
  starred: (file) => (file.starred ? 0 : 1),
};

/** An order of files: `folder,name,modifiedTime desc`; without words the newest first. */
export const parseOrder = (orderBy: string | null): ((one: DriveFile, other: DriveFile) => number) => {
  const parts = (orderBy || 'modifiedTime desc').split(',').map((part) => {
    const [name = '', direction] = part.trim().split(/\s+/);
    const key = keys[name];
    if (!key || (direction && direction !== 'desc')) throw invalidParameter('orderBy');
    return { key, sign: direction ? -1 : 1 };
  });
  return (one, other) => {
    for (const { key, sign } of parts) {
      const [a, b] = [key(one), key(other)];
      if (a !== b) return (a < b ? -1 : 1) * sign;
    }
    return 0;
  };
};
