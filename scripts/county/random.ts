/**
 * Chance that repeats itself: the same seed draws the same things for ever, on every machine.
 * Never used for anything secret.
 */
import { newRowId } from '../../schema/row-id.ts';

export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** Whole number from low to high, both included. */
  whole(low: number, high: number): number;
  /** True in `share` of all cases. */
  happens(share: number): boolean;
  pick<T>(all: readonly T[]): T;
  /** One of the entries, each as often as its weight says. */
  weighted<T>(all: readonly (readonly [T, number])[]): T;
  /** `count` different entries, in the order of the list. */
  some<T>(all: readonly T[], count: number): T[];
  shuffled<T>(all: readonly T[]): T[];
  rowId(): string;
  /** A new chance of its own for a part: what is drawn there does not shift what is drawn here. */
  branch(name: string): Chance;
}

/** mulberry32: 32 bits of state, good enough to deal names. */
const mulberry32 = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const hash = (text: string, seed: number): number => {
  let value = (2166136261 ^ seed) >>> 0;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) as number), 16777619) >>> 0;
  return value;
};

/** Opens the chance of a seed. */
export const chanceOf = (seed: number): Chance => {
  const next = mulberry32(seed);
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
  const shuffled = <T>(all: readonly T[]): T[] => {
    const result = [...all];
    for (let at = result.length - 1; at > 0; at--) {
      const other = whole(0, at);
      [result[at], result[other]] = [result[other] as T, result[at] as T];
    }
    return result;
  };
  return {
    next,
    whole,
    pick,
    shuffled,
    happens: (share) => next() < share,
    weighted(all) {
      let rest = next() * all.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of all) {
        rest -= weight;
        if (rest < 0) return value;
      }
      return (all.at(-1) as (typeof all)[number])[0];
    },
    some(all, count) {
      const chosen = new Set(shuffled(all.map((_entry, index) => index)).slice(0, count));
      return all.filter((_entry, index) => chosen.has(index));
    },
    rowId: () => newRowId((count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256))),
    branch: (name) => chanceOf(hash(name, seed)),
  };
};
