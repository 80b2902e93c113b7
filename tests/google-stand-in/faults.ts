/**
 * Faults on demand: which requests go wrong, and how. `429:p=0.2`, `lost-response:n=3,match=batchUpdate`, `slow=500:method=GET`.
 * Chance has a seed; nothing here answers requests.
 */
import type { Random } from './random.ts';

export const faultKinds = ['403', '429', '500', '503', 'html-502', 'timeout', 'slow', 'lost-response', 'drop'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** `403`: Drive's userRateLimitExceeded. `lost-response`: the write is applied, its answer is not sent. `drop`: not applied. */
  readonly kind: FaultKind;
  /** From 0 to 1; absent: always. */
  readonly probability?: number;
  /** Only the first so many matching requests. */
  readonly count?: number;
  /** A part of the path (encoded or not), `batchUpdate`; absent: every request of the two services. */
  readonly match?: string;
  /** `POST`; absent: every method. */
  readonly method?: string;
  /** Only of `slow`. */
  readonly milliseconds?: number;
}

export class FaultSpecError extends Error {
  override name = 'FaultSpecError';
}

const readNumber = (text: string, name: string, most: number): number => {
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || number < 0 || number > most)
    throw new FaultSpecError(`${name} must be a number from 0 to ${most}, not "${text}"`);
  return number;
};

const conditions: Readonly<Record<string, (value: string) => Partial<Fault>>> = {
  p: (value) => ({ probability: readNumber(value, 'p', 1) }),
  n: (value) => ({ count: Math.floor(readNumber(value, 'n', 1_000_000)) }),
  match: (value) => ({ match: value }),
  method: (value) => ({ method: value.toUpperCase() }),
};

const readCondition = (text: string): Partial<Fault> => {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  const read = conditions[name];
  if (!read) throw new FaultSpecError(`Unknown condition "${name}"; known: ${Object.keys(conditions).join(', ')}`);
  return read(value);
};

/** One `--fault`. Throws FaultSpecError with what is wrong. */
export const parseFault = (spec: string): Fault => {
  const [head = '', rest = ''] = spec.split(/:(.*)/s);
  const [name = '', amount] = head.split('=');
  const kind = faultKinds.find((one) => one === name);
  if (!kind) throw new FaultSpecError(`Unknown fault "${name}"; known: ${faultKinds.join(', ')}`);
  if ((amount !== undefined) !== (kind === 'slow')) throw new FaultSpecError('slow is written slow=MILLISECONDS, and no other fault takes an amount');
  let fault: Fault = { kind, ...(amount === undefined ? {} : { milliseconds: readNumber(amount, 'slow', 600_000) }) };
  for (const condition of rest.split(',').filter(Boolean)) fault = { ...fault, ...readCondition(condition) };
  return fault;
};

export interface Faults {
  set(faults: readonly (Fault | string)[]): void;
  /** The faults that strike this request: at most one that ends it, and any slowness. */
  pick(method: string, path: string): readonly Fault[];
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
};

const serves = (path: string): boolean => /^\/(v4|drive)\//.test(path);

const meets = (fault: Fault, method: string, path: string): boolean =>
  (fault.method === undefined || fault.method === method) &&
  (fault.match === undefined ? serves(path) : path.includes(fault.match) || decoded(path).includes(fault.match)) &&
  (fault.kind !== '403' || path.startsWith('/drive/'));

export const openFaults = (random: Random, first: readonly (Fault | string)[]): Faults => {
  let armed: { readonly fault: Fault; left: number }[] = [];
  const set = (faults: readonly (Fault | string)[]): void => {
    armed = faults
      .map((one) => (typeof one === 'string' ? parseFault(one) : one))
      .map((fault) => ({ fault, left: fault.count ?? Number.POSITIVE_INFINITY }));
  };
  set(first);
  return {
    set,
    pick(method, path) {
      const struck: Fault[] = [];
      for (const one of armed) {
        if (one.left <= 0 || !meets(one.fault, method, path)) continue;
        if (one.fault.kind !== 'slow' && struck.some((other) => other.kind !== 'slow')) continue;
        if (one.fault.probability !== undefined && random() >= one.fault.probability) continue;
        one.left -= 1;
        struck.push(one.fault);
      }
      return struck;
    },
  };
};
