/**
 * What went wrong with a call to Google, told apart by what can be done about it.
 * It never keeps the request: headers and bodies hold tokens and children's data.
 */
import { retryAfterOf } from './backoff.ts';

/**
 * `busy`: over quota, surely not done. `failing`: no clear answer, a write may have been done. `token`: access token gone. `key`: the
 * key or its account is not accepted. `clock`: this machine's time is off. `range`: a tab is not there. `grid`: outside the tab. `taken`:
 * a tab of this name is there already.
 */
export type FaultKind =
  | 'busy'
  | 'failing'
  | 'token'
  | 'key'
  | 'clock'
  | 'api-off'
  | 'denied'
  | 'missing'
  | 'range'
  | 'grid'
  | 'taken'
  | 'cells'
  | 'protected'
  | 'storage'
  | 'sharing'
  | 'request';

export class GoogleFault extends Error {
  override name = 'GoogleFault';
  readonly kind: FaultKind;
  readonly status: number | null;
  /** Milliseconds, where the answer says how long to wait. */
  readonly retryAfter: number | null;

  /** `words`: Google's own, English. */
  constructor(kind: FaultKind, words: string, status: number | null = null, retryAfter: number | null = null) {
    super(words);
    this.kind = kind;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** The parts of the client's error that are looked at. */
interface ClientError {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly response?: { readonly status?: number; readonly headers?: Headers; readonly data?: unknown };
}

interface Answer {
  readonly words: string;
  /** `error.status` of Sheets, `errors[0].reason` of Drive, `details[].reason` of both. */
  readonly reasons: readonly string[];
  /** `error` of the token's address. */
  readonly token: string | null;
}

const objectOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(objectOf) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A page of HTML from a front end gives an answer without words. */
const answerOf = (data: unknown): Answer => {
  const body = objectOf(typeof data === 'string' && data.startsWith('{') ? parsed(data) : data);
  if (typeof body.error === 'string') return { words: textOf(body.error_description) || body.error, reasons: [], token: body.error };
  const error = objectOf(body.error);
  const reasons = [
    textOf(error.status),
    ...listOf(error.errors).map((one) => textOf(one.reason)),
    ...listOf(error.details).map((one) => textOf(one.reason)),
  ];
  return { words: textOf(error.message), reasons: reasons.filter(Boolean), token: null };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const busyReasons = ['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED', 'RESOURCE_EXHAUSTED', 'sharingRateLimitExceeded'];
const offReasons = ['accessNotConfigured', 'SERVICE_DISABLED'];
const storageReasons = ['storageQuotaExceeded', 'teamDriveFileLimitExceeded', 'numChildrenInNonRootLimitExceeded'];
const sharingReasons = [
  'invalidSharingRequest',
  'publishOutNotPermitted',
  'shareOutNotPermitted',
  'shareOutWarning',
  'domainPolicy',
  'cannotInviteNonGoogleUser',
];

/** 403 is not always a matter of permission. */
const forbidden = (reasons: readonly string[], words: string): FaultKind => {
  const has = (all: readonly string[]): boolean => reasons.some((reason) => all.includes(reason));
  if (has(busyReasons)) return 'busy';
  if (has(offReasons) || /has not been used in project|it is disabled/.test(words)) return 'api-off';
  if (has(storageReasons)) return 'storage';
  return has(sharingReasons) ? 'sharing' : 'denied';
};

const badRequests: readonly (readonly [RegExp, FaultKind])[] = [
  [/Unable to parse range/, 'range'],
  [/exceeds grid limits/, 'grid'],
  [/sheet with .*already exists/i, 'taken'],
  [/above the limit of \d+ cells/, 'cells'],
  [/protected cell or object/, 'protected'],
];

const bad = (reasons: readonly string[], words: string): FaultKind =>
  badRequests.find(([pattern]) => pattern.test(words))?.[1] ?? (reasons.some((reason) => sharingReasons.includes(reason)) ? 'sharing' : 'request');

const tokenKind = (words: string): FaultKind => (/short-lived|reasonable timeframe/.test(words) ? 'clock' : 'key');

const kindOf = (status: number, { words, reasons, token }: Answer): FaultKind => {
  if (status === 408 || status >= 500) return 'failing';
  if (status === 429) return 'busy';
  if (token) return tokenKind(words);
  if (status === 401) return 'token';
  if (status === 403) return forbidden(reasons, words);
  if (status === 404 || status === 410) return 'missing';
  return status === 400 ? bad(reasons, words) : 'request';
};

/** Errors of the network have no status; whatever is not an answer may have been done. Throws what no request has caused: a bug. */
export const faultOf = (error: unknown, now: number): GoogleFault => {
  if (!objectOf(error).config) throw error;
  const { response, message, code, status } = objectOf(error) as ClientError;
  const number = response?.status ?? (typeof status === 'number' ? status : null);
  const answer = answerOf(response?.data);
  if (number === null) return new GoogleFault('failing', textOf(code) || textOf(message) || 'no answer');
  const retryAfter = retryAfterOf(response?.headers?.get?.('retry-after'), now);
  return new GoogleFault(kindOf(number, answer), answer.words || `HTTP ${number}`, number, retryAfter);
};
