/**
 * Keeps the calls below what Google allows in a minute, by waiting before the call instead of being refused after it.
 * It knows nothing of what is called.
 */
import type { Clock } from './clock.ts';

export interface Allowance {
  readonly calls: number;
  readonly withinMs: number;
}

const minute = 60_000;

/**
 * Documented by Google for Sheets: 300 a minute for the Cloud project and 60 for each user of it, writes counted apart. All jobs behind
 * one service account are one user. Drive counts queries of both kinds together.
 */
export const documented = {
  sheetsReads: [
    { calls: 60, withinMs: minute },
    { calls: 300, withinMs: minute },
  ],
  sheetsWrites: [
    { calls: 60, withinMs: minute },
    { calls: 300, withinMs: minute },
  ],
  drive: [{ calls: 12_000, withinMs: minute }],
} as const satisfies Record<string, readonly Allowance[]>;

export type QuotaName = keyof typeof documented;

/**
 * Lets at most so many calls pass in any span of that length. A bucket that refills drop by drop would let nearly twice as many
 * pass in the minute after a pause; Google counts whole minutes.
 */
export const openQuota = (allowances: readonly Allowance[], clock: Clock): { take(): Promise<void> } => {
  const longest = Math.max(...allowances.map((one) => one.calls));
  const granted: number[] = [];
  const earliest = (now: number): number =>
    allowances.reduce((at, { calls, withinMs }) => Math.max(at, (granted[granted.length - calls] ?? -Infinity) + withinMs), now);
  return {
    async take() {
      const now = clock.now();
      const at = earliest(now);
      granted.push(at);
      if (granted.length > longest) granted.shift();
      if (at > now) await clock.wait(at - now);
    },
  };
};
