/**
 * How long to wait before a call is made again, and when to give up.
 * It never makes a call, and never decides whether one may be repeated.
 */
import type { Clock } from './clock.ts';

/** Google's advice: double each time, with a random part drawn anew, up to about a minute. */
const longestWait = 64_000;

/** A quota refills each minute: seven waits (2 + 4 + … + 64 s) outlast more than two of them. */
export const tries = { busy: 8, failing: 5 } as const;

/**
 * Milliseconds before try number `attempt + 1` (`attempt` counts from 1). `retryAfter` is what the answer asked for, if it did: never
 * less than that, but no more than two minutes, whatever it says.
 */
export const waitBefore = (attempt: number, retryAfter: number | null, clock: Pick<Clock, 'random'>): number => {
  const backoff = Math.min(2 ** attempt * 1000 + Math.floor(clock.random() * 1000), longestWait);
  return Math.max(backoff, Math.min(retryAfter ?? 0, 2 * longestWait));
};

/** `Retry-After` in milliseconds: seconds, or a date. Null where there is none that can be read. */
export const retryAfterOf = (header: string | null | undefined, now: number): number | null => {
  if (!header) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
};
