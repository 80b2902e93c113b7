/**
 * Watches a place that reports nothing by itself: looks again and again, and says when it looks different.
 * It reads no sheet.
 */

export interface Polled {
  /** Milliseconds between two looks. */
  readonly every: number;
  /** What is there, in a form that differs when something has changed. */
  look(): Promise<string>;
  changed(): void;
  /** Told once until a look succeeds again. */
  failed(message: string): void;
}

/** The first look is what the later ones are compared with. `stop` waits for the look at hand. */
export const pollForChanges = ({ every, look, changed, failed }: Polled): { stop(): Promise<void> } => {
  let before: string | null = null;
  let down = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const once = async (): Promise<void> => {
    try {
      const now = await look();
      // What changed while the place was out of reach counts too.
      if (!stopped && before !== null && now !== before) changed();
      before = now;
      down = false;
    } catch (error) {
      if (!down) failed((error as Error).message);
      down = true;
    }
  };
  const loop = async (): Promise<void> => {
    await once();
    if (!stopped) timer = setTimeout(next, every);
  };
  let at: Promise<void> = Promise.resolve();
  const next = (): void => {
    at = loop();
  };
  next();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await at;
    },
  };
};
