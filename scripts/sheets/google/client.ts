/**
 * The only code that calls Google: Sheets v4 and Drive v3 through `googleapis`, with a service account. Here calls wait for their quota
 * and are made again; a write whose outcome is not known is never repeated here, because only its writer can look and decide.
 */
import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { tries, waitBefore } from './backoff.ts';
import { type Clock, realClock } from './clock.ts';
import { faultOf, GoogleFault } from './fault.ts';
import { readKeyFile, type ServiceKey } from './key-file.ts';
import { documented, openQuota, type QuotaName } from './quota.ts';

export interface GoogleSettings {
  readonly keyFile: string;
  readonly rootUrl: string | null;
}

/** Calls by name; each is one request. All throw GoogleFault. */
export interface GoogleClient {
  /** Address of the service account. */
  readonly account: string;
  /** Calls to Sheets and Drive since it was made, repeated ones too. Tokens do not count. */
  calls(): number;
  readonly clock: Clock;
  /** Reads and searches: made again until they succeed or it is hopeless. */
  read<T>(quota: QuotaName, call: (api: Apis) => Promise<{ readonly data: T }>): Promise<T>;
  /** Made again only where Google surely has not done it. Kind `failing`: it may have been done. */
  write<T>(quota: QuotaName, call: (api: Apis) => Promise<{ readonly data: T }>): Promise<T>;
}

export interface Apis {
  readonly sheets: sheets_v4.Sheets;
  readonly drive: drive_v3.Drive;
}

const scopes = ['https://www.googleapis.com/auth/spreadsheets', 'https://www.googleapis.com/auth/drive'];

/** Google cuts a request off after 180 seconds. */
const longestCall = 185_000;

/** Where the library asks for tokens, whatever the key file says. */
const libraryTokenUri = 'https://oauth2.googleapis.com/token';

interface Connection extends Apis {
  forgetToken(): void;
}

/** The two modules take 0.15 s and 25 MB; the whole package takes 1.4 s and 125 MB. */
const connect = async ({ email, key, keyId, tokenUri }: ServiceKey, rootUrl: string | null): Promise<Connection> => {
  const [{ sheets, auth }, { drive }] = await Promise.all([
    import('googleapis/build/src/apis/sheets/index.js'),
    import('googleapis/build/src/apis/drive/index.js'),
  ]);
  const account = new auth.JWT({ email, key, keyId, scopes, ...(tokenUri === libraryTokenUri ? {} : { additionalClaims: { aud: tokenUri } }) });
  account.transporter.interceptors.request.add({
    resolved: async (request) => {
      if (request.url.href === libraryTokenUri) request.url = new URL(tokenUri);
      return request;
    },
  });
  const options = { auth: account, retry: false, timeout: longestCall, ...(rootUrl ? { rootUrl } : {}) };
  return {
    sheets: sheets({ version: 'v4', ...options }),
    drive: drive({ version: 'v3', ...options }),
    forgetToken: () => account.setCredentials({ refresh_token: 'jwt-placeholder', expiry_date: 1 }),
  };
};

const quotas = (clock: Clock) => ({
  sheetsReads: openQuota(documented.sheetsReads, clock),
  sheetsWrites: openQuota(documented.sheetsWrites, clock),
  drive: openQuota(documented.drive, clock),
});

/** Reads the key and loads the library; nothing is called yet. Throws SheetFault where the key file is not usable. */
export const openGoogle = async (settings: GoogleSettings, clock: Clock = realClock): Promise<GoogleClient> => {
  const key = await readKeyFile(settings.keyFile);
  const connection = await connect(key, settings.rootUrl);
  const allowed = quotas(clock);
  let calls = 0;

  const once = async <T>(quota: QuotaName, call: (api: Apis) => Promise<{ readonly data: T }>): Promise<T> => {
    await allowed[quota].take();
    calls += 1;
    try {
      return (await call(connection)).data;
    } catch (error) {
      throw faultOf(error, clock.now());
    }
  };

  const until = async <T>(quota: QuotaName, call: (api: Apis) => Promise<{ readonly data: T }>, repeatable: boolean): Promise<T> => {
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(quota, call);
      } catch (error) {
        if (!(error instanceof GoogleFault)) throw error;
        const renewable: boolean = error.kind === 'token' && !renewed;
        const again = error.kind === 'busy' ? attempt < tries.busy : error.kind === 'failing' && repeatable && attempt < tries.failing;
        if (!renewable && !again) throw error;
        if (renewable) connection.forgetToken();
        else await clock.wait(waitBefore(attempt, error.retryAfter, clock));
        renewed ||= renewable;
      }
    }
  };

  return {
    account: key.email,
    clock,
    calls: () => calls,
    read: (quota, call) => until(quota, call, true),
    write: (quota, call) => until(quota, call, false),
  };
};
