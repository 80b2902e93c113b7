/**
 * Who calls: access tokens, and the token endpoint of a service account (a signed JWT for an access token, RFC 7523).
 * Never asks a person; `Bearer someone@example.com` names that person directly.
 */
import { createVerify } from 'node:crypto';
import { type Random, randomId } from './random.ts';

export interface Accounts {
  /** The caller of an `Authorization` header; null: 401. */
  callerOf(header: string | undefined): string | null;
  /** The answer of `POST /token` to its form. */
  exchange(form: URLSearchParams): { readonly status: number; readonly body: unknown };
  /** From now on the tokens issued so far (to one account, or to all) are refused. */
  expireTokens(email?: string): void;
  /** The key is gone: no new token for this account, and the old ones are refused. */
  revokeKey(email: string): void;
  /** With a public key (PEM) the signatures of that account are checked; without, only their form. */
  registerKey(email: string, publicKey: string): void;
}

const tokenSeconds = 3600;
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const timeframe =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string;
  readonly iat?: number;
  readonly exp?: number;
}

interface Jwt {
  readonly claims: Claims;
  readonly signed: string;
  readonly signature: string;
}

const readPart = (part: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

const readJwt = (text: string): Jwt | null => {
  const [head = '', body = '', signature = '', ...more] = text.split('.');
  const header = readPart(head);
  const claims = readPart(body);
  if (!header || !claims || !signature || more.length || header.alg !== 'RS256') return null;
  return { claims, signed: `${head}.${body}`, signature };
};

const inTime = ({ iat, exp }: Claims, now: number): boolean =>
  typeof iat === 'number' && typeof exp === 'number' && exp * 1000 > now && iat * 1000 < now + 300_000 && exp - iat <= tokenSeconds;

const refusal = (error: string, description: string) => ({ status: 400, body: { error, error_description: description } });

/** `now` runs the lifetime of tokens; a JWT is judged by the real time, in which its client signed it. */
export const openAccounts = (random: Random, now: () => number): Accounts => {
  const issued = new Map<string, { readonly email: string; readonly until: number }>();
  const refused = new Set<string>();
  const revoked = new Set<string>();
  const keys = new Map<string, string>();

  const isSigned = (jwt: Jwt, email: string): boolean => {
    const key = keys.get(email);
    return !revoked.has(email) && (key === undefined || createVerify('RSA-SHA256').update(jwt.signed).verify(key, jwt.signature, 'base64url'));
  };

  const byJwt = (token: string): string | null => {
    const jwt = readJwt(token);
    const email = jwt?.claims.iss;
    return jwt && email && inTime(jwt.claims, Date.now()) && isSigned(jwt, email) ? email : null;
  };

  return {
    callerOf(header) {
      const token = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
      if (!token || refused.has(token)) return null;
      const known = issued.get(token);
      if (known) return known.until > now() && !revoked.has(known.email) ? known.email : null;
      if (/^[^@\s]+@[^@\s]+$/.test(token)) return revoked.has(token) ? null : token;
      return byJwt(token);
    },
    exchange(form) {
      if (form.get('grant_type') !== grantType) return refusal('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
      const jwt = readJwt(form.get('assertion') ?? '');
      const email = jwt?.claims.iss;
      if (!jwt || !email) return refusal('invalid_grant', 'Invalid JWT: Failed audience check or malformed assertion.');
      if (!jwt.claims.aud?.endsWith('/token')) return refusal('invalid_grant', 'Invalid JWT: Failed audience check.');
      if (!inTime(jwt.claims, Date.now())) return refusal('invalid_grant', timeframe);
      if (!isSigned(jwt, email)) return refusal('invalid_grant', 'Invalid JWT Signature.');
      const token = `ya29.c.${randomId(random, 60)}`;
      issued.set(token, { email: jwt.claims.sub ?? email, until: now() + tokenSeconds * 1000 });
      return { status: 200, body: { access_token: token, expires_in: tokenSeconds - 1, token_type: 'Bearer' } };
    },
    expireTokens(email) {
      for (const [token, account] of issued) if (email === undefined || account.email === email) refused.add(token);
      if (email !== undefined) refused.add(email);
    },
    revokeKey: (email) => void revoked.add(email),
    registerKey: (email, publicKey) => void keys.set(email, publicKey),
  };
};
