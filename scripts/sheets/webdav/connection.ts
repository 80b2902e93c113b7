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

/** A part of an address as people see it. Where a % is just a %, it cannot be decoded and is the text itself. */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
};

type Login = AuthType.Digest | AuthType.Password;

/** Basic sends bytes: as UTF-8, which the library's own encoding does not know. Digest hashes the text itself. */
const clientFor = ({ url, user, password }: DavAccount, login: Login): WebDAVClient => {
  const inside = new URL(url);
  const form = (text: string): string => (login === AuthType.Password ? Buffer.from(text, 'utf8').toString('latin1') : text);
  return createClient(addressOf(url).href, {
    authType: login,
    username: form(user || decoded(inside.username)),
    password: form(password || decoded(inside.password)),
  });
};

/** The password is sent as it is only to a server that asks for just that. */
const wantsBasic = (response: Response): boolean => response.status === 401 && /\bbasic\b/i.test(response.headers.get('www-authenticate') ?? '');

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
  // Not every server says beforehand how much is coming.
  if (largest !== undefined && body.length > largest) throw new DavError(0, 'TOO_LARGE');
  return { status: response.status, header: (name) => response.headers.get(name), body };
};

/** No call is made before the first `send`. */
export const openDav = (account: DavAccount): Dav => {
  let login: Login = AuthType.Digest;
  let client = clientFor(account, login);
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
      if (login === AuthType.Digest && wantsBasic(response)) {
        login = AuthType.Password;
        client = clientFor(account, login);
        stop.abort();
        return await attempt(method, path, { headers, data, largest });
      }
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
