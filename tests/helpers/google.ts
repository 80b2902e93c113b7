/**
 * A county's Google for a test: the stand-in, a service account with its key file, a Drive folder shared with it, and a clock on
 * which waiting takes no time. It never speaks to Google.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../scripts/sheets/google/clock.ts';
import type { GoogleSourceSettings } from '../../scripts/sheets/google-source.ts';
import { type GoogleStandIn, type StandInOptions, startGoogleStandIn } from '../google-stand-in/index.ts';

export const account = 'kehou@kehou-test.iam.gserviceaccount.com';
export const bureau = 'jijiao@edu.example.cn';

/** Waits at once; the time moves on by as much. */
export interface SkippingClock extends Clock {
  /** Milliseconds that were waited in all. */
  readonly waited: () => number;
  skip(ms: number): void;
}

export const skippingClock = (): SkippingClock => {
  let [ahead, waited] = [0, 0];
  return {
    now: () => Date.now() + ahead,
    async wait(ms) {
      ahead += ms;
      waited += ms;
    },
    random: () => 0.5,
    waited: () => waited,
    skip(ms) {
      ahead += ms;
    },
  };
};

export interface TestGoogle {
  readonly standIn: GoogleStandIn;
  readonly settings: GoogleSourceSettings;
  readonly clock: SkippingClock;
  /** Drive folder of the bureau, shared with the service account. */
  readonly folder: string;
  /** Calls to Sheets and Drive since the last time this was asked. */
  newCalls(): string[];
  stop(): Promise<void>;
}

/** One key for all tests: making it takes a while. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const keyFileText = (tokenUri: string): string =>
  JSON.stringify({ type: 'service_account', client_email: account, private_key: privateKey, private_key_id: 'k1', token_uri: tokenUri });

export const startTestGoogle = async (options: StandInOptions = {}): Promise<TestGoogle> => {
  const clock = skippingClock();
  const standIn = await startGoogleStandIn({ clock: () => clock.now(), locale: 'zh_CN', firstTitle: '工作表1', ...options });
  standIn.registerKey(account, publicKey);
  const home = mkdtempSync(join(tmpdir(), 'kehou-google-'));
  const keyFile = join(home, 'google-key.json');
  writeFileSync(keyFile, keyFileText(`${standIn.url}/token`), { mode: 0o600 });
  const folder = standIn.people.createFolder(bureau, '课后服务填报表');
  standIn.people.share(folder, account, 'writer');
  let seen = 0;
  return {
    standIn,
    clock,
    folder,
    settings: { keyFile, folder, rootUrl: `${standIn.url}/` },
    newCalls() {
      const calls = standIn.requests.slice(seen).map((one) => `${one.method} ${one.path}`);
      seen = standIn.requests.length;
      return calls.filter((call) => !call.includes('/token'));
    },
    async stop() {
      await standIn.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
