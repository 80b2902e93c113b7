/**
 * The server: notes every request, lets the faults strike, asks who calls, counts the quota, routes, answers.
 * Only one request at a time changes the world: handlers do not wait.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Accounts } from '../accounts.ts';
import {
  ApiError,
  badGatewayPage,
  driveQuotaExceeded,
  errorBody,
  internalError,
  type Service,
  sheetsQuotaExceeded,
  unauthenticated,
  unavailable,
} from '../errors.ts';
import type { Fault, FaultKind, Faults } from '../faults.ts';
import type { Quotas } from '../quotas.ts';
import type { World } from '../world.ts';
import { type Answer, jsonAnswer, parseJson, readBytes, send } from './message.ts';
import { findRoute, type Matched } from './routes.ts';

/** One request as tests count it. `status` 0: no answer was sent. */
export interface Noted {
  readonly method: string;
  /** Still encoded, without what stands after `?`. */
  readonly path: string;
  readonly query: string;
  readonly user: string | null;
  readonly at: number;
  status: number;
}

export interface ServerParts {
  readonly world: World;
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly quotas: Quotas;
  readonly requests: Noted[];
  readonly control: (method: string, path: string, body: Buffer) => Answer;
}

const serviceOf = (path: string): Service => (path.startsWith('/drive/') ? 'drive' : 'sheets');

/** What a struck request is told in place of an answer; the other kinds of faults are done by the connection. */
const struckBy: { readonly [K in FaultKind]?: (service: Service, method: string) => ApiError } = {
  403: () => driveQuotaExceeded(403),
  429: (service, method) => (service === 'drive' ? driveQuotaExceeded(429) : sheetsQuotaExceeded(method === 'GET' ? 'Read' : 'Write', 'user')),
  500: internalError,
  503: unavailable,
};

const faultAnswer = (fault: Fault, path: string, method: string): Answer | null => {
  if (fault.kind === 'html-502') return { status: 502, type: 'text/html; charset=UTF-8', bytes: Buffer.from(badGatewayPage) };
  const service = serviceOf(path);
  const error = struckBy[fault.kind]?.(service, method);
  return error ? jsonAnswer(error.status, errorBody(error, service)) : null;
};

const notFoundPage = (path: string): Answer => ({
  status: 404,
  type: 'text/html; charset=UTF-8',
  bytes: Buffer.from(
    `<!DOCTYPE html>\n<title>Error 404 (Not Found)!!1</title>\n<p>The requested URL <code>${path.replaceAll(/[<>&]/g, '')}</code> was not found on this server.\n`,
  ),
});

const answerRoute = (
  { world, accounts, quotas }: ServerParts,
  { route, parts }: Matched,
  request: IncomingMessage,
  query: URLSearchParams,
  bytes: Buffer,
): Answer => {
  try {
    const caller = accounts.callerOf(request.headers.authorization);
    if (!caller) throw unauthenticated();
    quotas.take(route.metric, caller);
    return route.answer({ world, caller, query, parts, body: parseJson(bytes) });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return jsonAnswer(error.status, errorBody(error, route.service));
  }
};

const answerOf = (parts: ServerParts, request: IncomingMessage, path: string, query: URLSearchParams, bytes: Buffer): Answer => {
  const method = request.method ?? 'GET';
  if (method === 'POST' && path === '/token') {
    const { status, body } = parts.accounts.exchange(new URLSearchParams(bytes.toString('utf8')));
    return jsonAnswer(status, body);
  }
  const matched = findRoute(method, path);
  return matched ? answerRoute(parts, matched, request, query, bytes) : notFoundPage(path);
};

const serve = async (parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const method = request.method ?? 'GET';
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const bytes = await readBytes(request);
  if (path.startsWith('/_control')) {
    send(request, response, parts.control(method, path, bytes));
    return;
  }
  const noted: Noted = {
    method,
    path,
    query: search,
    user: parts.accounts.callerOf(request.headers.authorization),
    at: parts.world.options.now(),
    status: 0,
  };
  parts.requests.push(noted);
  const struck = parts.faults.pick(method, path);
  const slow = struck.find((fault) => fault.kind === 'slow');
  if (slow) await wait(slow.milliseconds ?? 0);
  const fault = struck.find((one) => one.kind !== 'slow');
  if (fault?.kind === 'timeout') return;
  if (fault?.kind === 'drop') {
    request.socket.destroy();
    return;
  }
  const answer = (fault && faultAnswer(fault, path, method)) ?? answerOf(parts, request, path, new URLSearchParams(search), bytes);
  if (fault?.kind === 'lost-response') {
    request.socket.destroy();
    return;
  }
  noted.status = answer.status;
  send(request, response, answer);
};

/** A server that is not listening yet. A fault in the stand-in itself is a 500 with its stack: it must not look like Google's. */
export const createStandInServer = (parts: ServerParts): Server =>
  createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain; charset=UTF-8' });
      response.end(`The stand-in itself failed.\n${text}\n`);
    });
  });
