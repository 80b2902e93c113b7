/**
 * Watches a place by looking at it: again and again, and at once when somebody says that something may have happened.
 * It reads no sheet, and reports a save only once it is whole.
 */
import { setTimeout as pause } from 'node:timers/promises';

export interface Looking {
  /** Milliseconds to the next look where nobody says anything. */
  every(): number;
  /** Milliseconds for which a change must stay the same before it counts: a save takes a moment, and editors rename. 0: counts at once. */
  readonly settle: number;
  /** What is there, in a form that differs when a sheet has been saved. */
  look(): Promise<string>;
  changed(): void;
  /** Told once until a look succeeds again. */
  failed(message: string): void;
}

export interface Watching {
  /** Something may have happened: look now. */
  nudge(): void;
  /** Ends with the look at hand. */
  stop(): Promise<void>;
}

/** Somebody who writes without end must not keep back what others have saved. */
const mostTries = 10;

/** Looks until two looks in succession agree. */
const settledLook = async ({ look, settle }: Looking, before: string | null, stopped: () => boolean): Promise<string> => {
  let now = await look();
  for (let tries = 0; settle > 0 && now !== before && tries < mostTries && !stopped(); tries += 1) {
    await pause(settle);
    const next = await look();
    if (next === now) break;
    now = next;
  }
  return now;
};

/** Begins at once. The first look is news: something may have been saved while nobody watched. */
export const watchByLooking = (looking: Looking): Watching => {
  let seen: string | null = null;
  let down = false;
  let stopped = false;
  let nudged = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  const once = async (): Promise<void> => {
    try {
      const now = await settledLook(looking, seen, () => stopped);
      if (!stopped && now !== seen) looking.changed();
      seen = now;
      down = false;
    } catch (error) {
      // Told once; the last look stays what the next good one is compared with, so that nothing saved meanwhile is missed.
      if (!down) looking.failed((error as Error).message);
      down = true;
    }
  };

  const run = (): void => {
    if (running || stopped) return;
    clearTimeout(timer);
    nudged = false;
    running = once().finally(() => {
      running = null;
      if (nudged) run();
      else if (!stopped) timer = setTimeout(run, looking.every());
    });
  };

  run();
  return {
    nudge() {
      nudged = true;
      run();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};
