/**
 * Field masks: `a.b.c`, `a/b/c`, `a(b,c)`, `*`. One half cuts an answer down, the other lays a request's fields over what is there.
 * Never knows what the fields mean.
 */
import { invalid } from '../errors.ts';

/** Names to what is wanted of them; 'all' wants the whole. */
export type Mask = ReadonlyMap<string, Mask> | 'all';
type Tree = Map<string, Tree | 'all'>;

const add = (tree: Tree, path: readonly string[], end: Tree | 'all'): void => {
  const [name, ...rest] = path;
  if (name === undefined) return;
  const there = tree.get(name);
  if (there === 'all') return;
  if (!rest.length && end === 'all') {
    tree.set(name, 'all');
    return;
  }
  const child: Tree = there ?? new Map();
  tree.set(name, child);
  if (rest.length) add(child, rest, end);
  else for (const [key, value] of end as Tree) add(child, [key], value);
};

const readList = (text: string, start: number): { tree: Tree; end: number } => {
  const tree: Tree = new Map();
  let path: string[] = [];
  let name = '';
  let group: Tree | 'all' = 'all';
  const closeName = () => {
    if (name.trim()) path.push(name.trim());
    name = '';
  };
  const closePath = () => {
    closeName();
    add(tree, path, group);
    path = [];
    group = 'all';
  };
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '(') {
      closeName();
      const inner = readList(text, at + 1);
      group = inner.tree;
      at = inner.end;
    } else if (letter === ')') {
      closePath();
      return { tree, end: at };
    } else if (letter === ',') closePath();
    else if (letter === '.' || letter === '/') closeName();
    else name += letter;
  }
  closePath();
  return { tree, end: text.length };
};

const simplify = (tree: Tree): Mask =>
  tree.has('*') && tree.get('*') === 'all' ? 'all' : new Map([...tree].map(([key, value]) => [key, value === 'all' ? value : simplify(value)]));

/** `sheets(properties(title))` as a tree. */
export const parseMask = (text: string): Mask => simplify(readList(text, 0).tree);

const childOf = (mask: Mask, name: string): Mask | undefined => (mask === 'all' ? 'all' : (mask.get(name) ?? mask.get('*')));

/** True when the mask wants anything of `path`. */
export const wants = (mask: Mask, ...path: readonly string[]): boolean => {
  let at: Mask | undefined = mask;
  for (const name of path) {
    at = childOf(at, name);
    if (at === undefined) return false;
    if (at === 'all') return true;
  }
  return true;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An answer cut down to a mask. What the mask does not meet leaves empty shells: `{"sheets":[{"properties":{}}]}`. */
export const cut = (value: unknown, mask: Mask): unknown => {
  if (mask === 'all') return value;
  if (Array.isArray(value)) return value.map((item) => cut(item, mask));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => {
      const child = childOf(mask, key);
      return child === undefined ? [] : [[key, cut(part, child)]];
    }),
  );
};

/** The other spelling of a colour, `backgroundColor` and `backgroundColorStyle`: whoever sets or clears one means both. */
const twin = (name: string): string | null => (/olor$/.test(name) ? `${name}Style` : /olorStyle$/.test(name) ? name.slice(0, -'Style'.length) : null);

/** `source` laid over `target` where the mask says so; a field in the mask that the source lacks is cleared. */
export const overlay = <T extends object>(target: T, source: object, mask: Mask): T => {
  const result = { ...target } as Record<string, unknown>;
  const from = source as Record<string, unknown>;
  const names = mask === 'all' ? new Set([...Object.keys(result), ...Object.keys(from)]) : mask.keys();
  for (const name of names) {
    const child = mask === 'all' ? 'all' : mask.get(name);
    const other = twin(name);
    if (mask !== 'all' && other && !mask.has(other)) delete result[other];
    const part = from[name] ?? undefined;
    if (child === 'all' || child === undefined) {
      if (part === undefined) delete result[name];
      else result[name] = structuredClone(part);
    } else result[name] = overlay(isObject(result[name]) ? result[name] : {}, isObject(part) ? part : {}, child);
    if (isObject(result[name]) && !Object.keys(result[name]).length && part === undefined) delete result[name];
  }
  return result as T;
};

/** The `fields` of a request, which must be there; `root` may be written before every path. */
export const writeMask = (fields: string | null | undefined, root?: string): Mask => {
  if (!fields?.trim()) throw invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)");
  const mask = parseMask(fields);
  return (root && mask !== 'all' && mask.size === 1 && mask.get(root)) || mask;
};
