/**
 * Chance with a seed (mulberry32): the same seed gives the same ids and the same faults.
 * Never used for anything secret.
 */
export type Random = () => number;

export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** An id that looks like Google's: letters, digits, `_` and `-`. */
export const randomId = (random: Random, length: number): string =>
  Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');

/** A number as Google gives to sheets, protected ranges and metadata: positive, 31 bits. */
export const randomNumber = (random: Random): number => 1 + Math.floor(random() * 2_147_483_646);
