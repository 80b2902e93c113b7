/**
 * One WebDAV server: sends requests with the account, in bounded time, and waits and retries where that is safe.
 * It never repeats the password in a message, and never writes anything by itself.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { AuthType, createClient, type Response, type WebDAVClient } from 'webdav';

export interface DavAccount {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** The server refused (`status`), or was not reached (`status` 0, `code` of the network). */
export class DavError extends Error {
  override name = 'DavError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, options?: ErrorOptions) {
    super(status ? `HTTP ${status}` : code, options);
    this.status = status;
    this.code = code;
  }
}

export interface DavAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly body: Buffer;
}

export interface DavRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: Buffer | string;
  /** Bytes of the answer above which it is not fetched: a DavError `TOO_LARGE`. */
  readonly largest?: number;
}

export interface Dav {
  /** The folder's address without account and password. */
  readonly where: string;
  /** `path` is below the folder, not encoded: `城关镇/A 1.xlsx`. Throws DavError. */
  send(method: string, path: string, request?: DavRequest): Promise<DavAnswer>;
  /** The whole address of `path`, encoded, as it stands in headers. */
  address(path: string): string;
  calls(): number;
}

/** Milliseconds for one request with its body: a workbook over a slow line, but not a night. */
const patience = 60_000;

/** Reading again does no harm; a write that may have happened is for the next sync. */
const repeatable = new Set(['GET', 'PROPFIND', 'OPTIONS']);
const passing = new Set([429, 502, 503, 504]);
const pauses = [1000, 3000];

const addressOf = (url: string): URL => {
  const address = new URL(url);
  address.username = address.password = address.search = address.hash = '';
  if (!address.pathname.endsWith('/')) address.pathname += '/';
  return address;
};

/** Account names and passwords travel as UTF-8, which the library's own encoding of bytes does not know. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const clientFor = ({ url, user, password }: DavAccount): WebDAVClient => {
  const inside = new URL(url);
  return createClient(addressOf(url).href, {
    // Basic first, Digest where the server asks for it.
    authType: AuthType.Auto,
    username: asBytes(user || decodeURIComponent(inside.username)),
    password: asBytes(password || decodeURIComponent(inside.password)),
  });
};

const networkCode = (error: unknown): string => {
  const fault = error as { name?: string; code?: string; cause?: unknown };
  if (fault.name === 'AbortError' || fault.name === 'TimeoutError') return 'ETIMEDOUT';
  return fault.code ?? (fault.cause ? networkCode(fault.cause) : 'NETWORK');
};

const asDavError = (error: unknown): DavError => {
  if (error instanceof DavError) return error;
  const status = (error as { status?: number }).status ?? 0;
  return new DavError(status, status ? `HTTP_${status}` : networkCode(error), { cause: error });
};

const receive = async (response: Response, largest: number | undefined): Promise<DavAnswer> => {
  // With Digest the library hands a refusal over as if it were an answer.
  if (response.status >= 400) throw new DavError(response.status, `HTTP_${response.status}`);
  if (largest !== undefined && Number(response.headers.get('content-length') ?? 0) > largest) throw new DavError(0, 'TOO_LARGE');
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, header: (name) => response.headers.get(name), body };
};

/** No call is made before the first `send`. */
export const openDav = (account: DavAccount): Dav => {
  const client = clientFor(account);
  const root = addressOf(account.url);
  let calls = 0;

  const attempt = async (method: string, path: string, { headers, data, largest }: DavRequest): Promise<DavAnswer> => {
    calls += 1;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    try {
      const response = await client.customRequest(path, {
        method,
        // Some servers mark a compressed answer with another ETag than the one that they compare with.
        headers: { 'Accept-Encoding': 'identity', ...headers },
        signal: stop.signal,
        ...(data === undefined ? {} : { data }),
      });
      return await receive(response, largest);
    } catch (error) {
      // What is left of an answer that is not wanted must not keep the connection.
      stop.abort();
      throw asDavError(error);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    where: root.href,
    async send(method, path, request = {}) {
      for (const pause of repeatable.has(method) ? pauses : []) {
        try {
          return await attempt(method, path, request);
        } catch (error) {
          const { status, code } = error as DavError;
          if (!passing.has(status) && code !== 'ECONNRESET') throw error;
          await wait(pause);
        }
      }
      return attempt(method, path, request);
    },
    address: (path) => `${root.href}${path.split('/').map(encodeURIComponent).join('/')}`,
    calls: () => calls,
  };
};
