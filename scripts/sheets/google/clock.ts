/**
 * Time and chance as arguments, so that waiting can be tested without waiting.
 * It never decides how long to wait.
 */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  wait(ms: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

export const realClock: Clock = {
  now: Date.now,
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  random: Math.random,
};
