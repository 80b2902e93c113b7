/**
 * A stand-in of Google Sheets v4 and Drive v3 on this machine, for tests: `startGoogleStandIn()`, or `npm run google-stand-in`.
 * Keeps everything in memory, and never speaks to Google.
 */
import type { AddressInfo } from 'node:net';
import { openAccounts } from './accounts.ts';
import { controlCalls } from './control.ts';
import { type Fault, openFaults } from './faults.ts';
import { createStandInServer, type Noted } from './http/server.ts';
import { openPeople, type People } from './people.ts';
import { type Limits, openQuotas } from './quotas.ts';
import { seeded } from './random.ts';
import { World } from './world.ts';

export type { Fault } from './faults.ts';
export type { Noted } from './http/server.ts';

export interface StandInOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly faults?: readonly (Fault | string)[];
  /** Absent: as Google's. null: none. */
  readonly quotas?: Partial<Limits> | null;
  /** Milliseconds since 1970; absent: the real time. */
  readonly clock?: () => number;
  readonly seed?: number;
  /** What new spreadsheets of every account start with. */
  readonly locale?: string;
  readonly timeZone?: string;
  readonly firstTitle?: string;
}

export interface GoogleStandIn {
  /** `http://127.0.0.1:PORT`, without a slash at the end; the token endpoint is `${url}/token`. */
  readonly url: string;
  /** What people and administrators do besides the API. */
  readonly people: People;
  /** Everything remembered; for looking. */
  readonly world: World;
  /** All requests to the two services and the token endpoint, in their order. */
  readonly requests: Noted[];
  /** Time goes by: quotas are new the next minute, tokens grow old. */
  advanceClock(milliseconds: number): void;
  setFaults(faults: readonly (Fault | string)[]): void;
  setQuotas(limits: Partial<Limits> | null): void;
  /** Tokens issued so far are refused; of one account, or of all. */
  expireTokens(email?: string): void;
  revokeKey(email: string): void;
  registerKey(email: string, publicKey: string): void;
  stop(): Promise<void>;
}

/** Starts listening on this machine only. */
export const startGoogleStandIn = async (options: StandInOptions = {}): Promise<GoogleStandIn> => {
  const clock = options.clock ?? Date.now;
  let ahead = 0;
  const now = (): number => clock() + ahead;
  const advanceClock = (milliseconds: number): void => {
    ahead += milliseconds;
  };
  const random = seeded(options.seed ?? 1);
  const account = { locale: options.locale ?? 'en_US', timeZone: options.timeZone ?? 'Asia/Shanghai', firstTitle: options.firstTitle ?? 'Sheet1' };
  const world = new World({ now, random, account });
  const parts = {
    world,
    accounts: openAccounts(random, now),
    // Chance of its own: how many ids were given out must not decide which requests are struck.
    faults: openFaults(seeded((options.seed ?? 1) + 1), options.faults ?? []),
    quotas: openQuotas(now, options.quotas === undefined ? {} : options.quotas),
    people: openPeople(world),
    requests: [] as Noted[],
  };
  const server = createStandInServer({ ...parts, control: controlCalls({ ...parts, advanceClock }) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    people: parts.people,
    world,
    requests: parts.requests,
    advanceClock,
    setFaults: parts.faults.set,
    setQuotas: parts.quotas.set,
    expireTokens: parts.accounts.expireTokens,
    revokeKey: parts.accounts.revokeKey,
    registerKey: parts.accounts.registerKey,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
