/**
 * A very small reckoner for formulas: literals, + - * / & and comparisons, references, SUM COUNT COUNTA AVERAGE MIN MAX CONCATENATE.
 * It is no engine: everything else is stored as written and evaluates to #NAME?, as an unknown function does at Google.
 */
import { findRange } from './a1.ts';
import { cellAt, placesIn, usedPart } from './grid.ts';
import type { Book, ExtendedValue, Sheet } from './model.ts';

export type Value = ExtendedValue;
type Plain = number | string | boolean | null;
type ErrorType = 'NAME' | 'REF' | 'DIVIDE_BY_ZERO' | 'VALUE' | 'ERROR';

const shown: Readonly<Record<ErrorType, string>> = { NAME: '#NAME?', REF: '#REF!', DIVIDE_BY_ZERO: '#DIV/0!', VALUE: '#VALUE!', ERROR: '#ERROR!' };

class FormulaError extends Error {
  readonly type: ErrorType;
  constructor(type: ErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

/** `#NAME?` and its like, as a cell shows them. */
export const spellError = (value: Value): string => shown[(value.errorValue?.type ?? 'ERROR') as ErrorType] ?? '#ERROR!';

interface Place {
  readonly book: Book;
  readonly sheet: Sheet;
  /** Cells on the way here: a formula that leads back to itself is refused. */
  readonly trail: readonly string[];
}

const tokenPattern =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?%?)|"((?:[^"]|"")*)"|((?:'(?:[^']|'')+'|[\p{L}_][\p{L}\w]*)!\$?[A-Za-z]{0,3}\$?\d*(?::\$?[A-Za-z]{0,3}\$?\d*)?|\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d*)?(?![\w(])|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w(]))|([\p{L}_][\p{L}\w.]*)|(<>|<=|>=|[-+*/&(),;=<>^]))/uy;

interface Token {
  readonly kind: 'number' | 'text' | 'reference' | 'name' | 'sign';
  readonly text: string;
}

const tokenize = (source: string): Token[] => {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  const end = source.trimEnd().length;
  while (tokenPattern.lastIndex < end) {
    const match = tokenPattern.exec(source);
    if (!match) throw new FormulaError('ERROR', 'Formula parse error.');
    const kinds = ['number', 'text', 'reference', 'name', 'sign'] as const;
    const at = match.slice(1).findIndex((part) => part !== undefined);
    tokens.push({ kind: kinds[at] as Token['kind'], text: match[at + 1] as string });
  }
  return tokens;
};

const toNumber = (value: Plain): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || value === '') return 0;
  const number = Number(value);
  if (Number.isNaN(number)) throw new FormulaError('VALUE', `'${value}' is a text and cannot be coerced to a number.`);
  return number;
};

const toText = (value: Plain): string => (value === null ? '' : typeof value === 'boolean' ? String(value).toUpperCase() : String(value));

const plain = (value: Value): Plain => {
  if (value.errorValue) throw new FormulaError((value.errorValue.type ?? 'ERROR') as ErrorType, value.errorValue.message ?? '');
  return value.numberValue ?? value.stringValue ?? value.boolValue ?? null;
};

const divide = (one: number, other: number): number => {
  if (other === 0) throw new FormulaError('DIVIDE_BY_ZERO', 'Function DIVIDE parameter 2 cannot be zero.');
  return one / other;
};

const operators: Readonly<Record<string, (a: Plain, b: Plain) => Plain>> = {
  '+': (a, b) => toNumber(a) + toNumber(b),
  '-': (a, b) => toNumber(a) - toNumber(b),
  '*': (a, b) => toNumber(a) * toNumber(b),
  '/': (a, b) => divide(toNumber(a), toNumber(b)),
  '^': (a, b) => toNumber(a) ** toNumber(b),
  '&': (a, b) => toText(a) + toText(b),
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => toNumber(a) < toNumber(b),
  '>': (a, b) => toNumber(a) > toNumber(b),
  '<=': (a, b) => toNumber(a) <= toNumber(b),
  '>=': (a, b) => toNumber(a) >= toNumber(b),
};
const levels: readonly (readonly string[])[] = [['=', '<>', '<', '>', '<=', '>='], ['&'], ['+', '-'], ['*', '/'], ['^']];

const numbersIn = (values: readonly Plain[]): number[] => values.filter((value): value is number => typeof value === 'number');

const functions: Readonly<Record<string, (values: readonly Plain[]) => Plain>> = {
  SUM: (values) => numbersIn(values).reduce((sum, value) => sum + value, 0),
  COUNT: (values) => numbersIn(values).length,
  COUNTA: (values) => values.filter((value) => value !== null).length,
  AVERAGE: (values) =>
    divide(
      numbersIn(values).reduce((sum, value) => sum + value, 0),
      numbersIn(values).length,
    ),
  MIN: (values) => Math.min(...numbersIn(values), ...(numbersIn(values).length ? [] : [0])),
  MAX: (values) => Math.max(...numbersIn(values), ...(numbersIn(values).length ? [] : [0])),
  CONCATENATE: (values) => values.map(toText).join(''),
  TRUE: () => true,
  FALSE: () => false,
};

const readReference = (text: string, place: Place): Plain[] => {
  const qualified = text.includes('!') ? text : `'${place.sheet.properties.title.replaceAll("'", "''")}'!${text}`;
  let found: ReturnType<typeof findRange>;
  try {
    found = findRange(place.book, qualified);
  } catch (error) {
    throw new FormulaError('REF', `Unresolved reference: ${(error as Error).message}`);
  }
  const area = found.single ? found.area : usedPart(found.sheet, found.area);
  return [...placesIn(area)].map(([row, column]) => plain(evaluateCell({ ...place, sheet: found.sheet }, row, column)));
};

/** Recursive descent over the tokens; a range is a list, everything else a list of one. */
const reckon = (tokens: readonly Token[], place: Place): Plain => {
  let at = 0;
  const isSign = (text: string): boolean => tokens[at]?.kind === 'sign' && tokens[at]?.text === text;
  const expect = (text: string): void => {
    if (!isSign(text)) throw new FormulaError('ERROR', 'Formula parse error.');
    at += 1;
  };
  const single = (values: Plain[]): Plain => values[0] ?? null;
  const list = (): Plain[] => {
    const values: Plain[] = [];
    while (!isSign(')')) {
      values.push(...level(0));
      if (isSign(',') || isSign(';')) at += 1;
      else if (!isSign(')')) throw new FormulaError('ERROR', 'Formula parse error.');
    }
    return values;
  };
  const atom = (): Plain[] => {
    const token = tokens[at];
    at += 1;
    if (!token) throw new FormulaError('ERROR', 'Formula parse error.');
    if (token.kind === 'number') return [token.text.endsWith('%') ? Number(token.text.slice(0, -1)) / 100 : Number(token.text)];
    if (token.kind === 'text') return [token.text.replaceAll('""', '"')];
    if (token.kind === 'reference') return readReference(token.text, place);
    if (token.text === '-') return [-toNumber(single(atom()))];
    if (token.text === '+') return atom();
    if (token.text === '(') {
      const inner = level(0);
      expect(')');
      return inner;
    }
    return call(token.text);
  };
  const call = (name: string): Plain[] => {
    const work = functions[name.toUpperCase()];
    if (!work) throw new FormulaError('NAME', `Unknown function or name: '${name}'.`);
    if (!isSign('(')) return [work([])];
    at += 1;
    const values = list();
    expect(')');
    return [work(values)];
  };
  const level = (depth: number): Plain[] => {
    const signs = levels[depth];
    if (!signs) return atom();
    let left = level(depth + 1);
    while (tokens[at]?.kind === 'sign' && signs.includes(tokens[at]?.text ?? '')) {
      const work = operators[tokens[at]?.text ?? ''] as (a: Plain, b: Plain) => Plain;
      at += 1;
      left = [work(single(left), single(level(depth + 1)))];
    }
    return left;
  };
  const result = single(level(0));
  if (at < tokens.length) throw new FormulaError('ERROR', 'Formula parse error.');
  return result;
};

const asValue = (result: Plain): Value =>
  typeof result === 'string' ? { stringValue: result } : typeof result === 'boolean' ? { boolValue: result } : { numberValue: result ?? 0 };

const evaluateCell = (place: Place, row: number, column: number): Value => {
  const stored = cellAt(place.sheet, row, column)?.userEnteredValue;
  const formula = stored?.formulaValue;
  if (!formula) return stored ?? {};
  const here = `${place.sheet.properties.sheetId}/${row}/${column}`;
  try {
    if (place.trail.includes(here)) throw new FormulaError('REF', 'Circular dependency detected.');
    return asValue(reckon(tokenize(formula.slice(1)), { ...place, trail: [...place.trail, here] }));
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return { errorValue: { type: error.type, message: error.message } };
  }
};

/** The effective value of a cell: a formula reckoned, everything else as it is; {} where empty. */
export const effectiveValue = (book: Book, sheet: Sheet, row: number, column: number): Value => evaluateCell({ book, sheet, trail: [] }, row, column);
