/** Counts per address and minute, in memory: enough against guessing codes, forgotten on restart. Knows nothing of codes. */

export interface RateLimit {
  /** Whether this address may ask once more; counts the question. */
  allows(address: string, now: number): boolean;
  /** Counts a wrong answer against the address. */
  miss(address: string, now: number): void;
}

interface Window {
  begun: number;
  asked: number;
  missed: number;
}

const minute = 60_000;

export const rateLimit = (perMinute: number, missesPerMinute: number, remembered = 20_000): RateLimit => {
  const windows = new Map<string, Window>();
  const windowOf = (address: string, now: number): Window => {
    const open = windows.get(address);
    if (open && now - open.begun < minute) return open;
    // Oldest first: a Map keeps the order of writing.
    if (windows.size >= remembered) for (const [key] of windows) if (windows.delete(key) && windows.size < remembered / 2) break;
    const fresh = { begun: now, asked: 0, missed: 0 };
    windows.delete(address);
    windows.set(address, fresh);
    return fresh;
  };
  return {
    allows(address, now) {
      const window = windowOf(address, now);
      window.asked += 1;
      return window.asked <= perMinute && window.missed < missesPerMinute;
    },
    miss(address, now) {
      windowOf(address, now).missed += 1;
    },
  };
};
