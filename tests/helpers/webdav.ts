/**
 * A real WebDAV server for one test file: a folder of its own, a free port, one account. Ends with `stop`.
 * What real servers do differently (no deep listings, weak ETags, no right to write) is put before it with `twist`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import FileSystemAdapter from '@nephele/adapter-file-system';
import nephele from 'nephele';
import type { DavAccount } from '../../scripts/sheets/webdav/connection.ts';

/** Answers a request itself and says true, or leaves it to the server. */
export type Twist = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface WebdavServer {
  readonly folder: string;
  readonly account: DavAccount;
  /** `PUT /A.xlsx`, decoded, in order. */
  readonly requests: string[];
  /** Puts a habit before the server until the next call; without one it is itself again. */
  twist(habit?: Twist): void;
  stop(): Promise<void>;
}

const user = '基教股';
const password = 'kehou 网盘';
const realm = 'test';
const nonce = 'f00d';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const digestOf = (request: IncomingMessage, account: DavAccount): boolean => {
  const given = Object.fromEntries([...(request.headers.authorization ?? '').matchAll(/(\w+)="?([^",]+)"?/g)].map((match) => [match[1], match[2]]));
  const secret = md5(`${account.user}:${realm}:${account.password}`);
  return given.response === md5(`${secret}:${nonce}:${given.nc}:${given.cnonce}:auth:${md5(`${request.method}:${given.uri}`)}`);
};

const basicOf = (account: DavAccount): string => `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;

const asked = { basic: `Basic realm="${realm}"`, digest: `Digest realm="${realm}", qop="auth", nonce="${nonce}"` };

/** Starts the server; `base` is the path of its folder, as on servers that hold more than WebDAV. */
export const startWebdav = async ({ login = 'basic', base = '/dav/课后/' }: { readonly login?: 'basic' | 'digest'; readonly base?: string } = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'kehou-webdav-'));
  const folder = join(root, base);
  mkdirSync(folder, { recursive: true });
  const requests: string[] = [];
  let habit: Twist | undefined;
  const account = { url: '', user: login === 'digest' ? 'kehou' : user, password: login === 'digest' ? 'secret' : password };
  const files = nephele({
    adapter: new FileSystemAdapter({ root }),
    authenticator: { authenticate: async () => ({ username: 'kehou' }), cleanAuthentication: async () => undefined },
  }) as unknown as RequestListener;
  const server = createServer((request, response) => {
    const known = login === 'digest' ? digestOf(request, account) : request.headers.authorization === basicOf(account);
    if (!known) {
      response.writeHead(401, { 'WWW-Authenticate': asked[login] }).end();
      return;
    }
    requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
    if (!habit?.(request, response)) files(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  account.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${encodeURI(base)}`;
  return {
    folder,
    account,
    requests,
    twist(next?: Twist) {
      habit = next;
    },
    async stop() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true, force: true });
    },
  } satisfies WebdavServer;
};

/** A server that tells versions apart by time only: its listings and files carry no ETag. */
export const withoutEtags: Twist = (request, response) => {
  const setHeader = response.setHeader.bind(response);
  const end = response.end.bind(response);
  const parts: Buffer[] = [];
  response.setHeader = (name, value) => (/^(etag|content-length)$/i.test(name) ? response : setHeader(name, value));
  if (request.method !== 'PROPFIND') return false;
  response.write = ((chunk: Buffer | string) => Boolean(parts.push(Buffer.from(chunk)))) as typeof response.write;
  response.end = ((last?: Buffer | string) => {
    if (typeof last === 'string' || Buffer.isBuffer(last)) parts.push(Buffer.from(last));
    return end(
      Buffer.concat(parts)
        .toString('utf8')
        .replace(/<getetag>[^<]*<\/getetag>/g, ''),
    );
  }) as typeof response.end;
  return false;
};
