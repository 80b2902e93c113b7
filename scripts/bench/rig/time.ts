/**
 * Small helpers of measuring: how long something took, and a few things at a time as the sync does it.
 */
import { sheetsAtOnce } from '../../intake/run-sync.ts';

/** Milliseconds that `work` took. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** As many at a time as a sync has in hand. */
export const inLanes = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> => {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: sheetsAtOnce }, lane));
};
