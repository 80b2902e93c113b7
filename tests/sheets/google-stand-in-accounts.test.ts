import { createSign, generateKeyPairSync } from 'node:crypto';
import { auth, sheets } from 'googleapis/build/src/apis/sheets/index.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchAs, refusalOf } from '../google-stand-in/client.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../google-stand-in/index.ts';

const robot = 'kehou@project.iam.gserviceaccount.com';
const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const realTokenAddress = 'https://oauth2.googleapis.com/token';

let google: GoogleStandIn;
let time = 0;
beforeEach(async () => {
  time = Date.now();
  google = await startGoogleStandIn({ quotas: null, clock: () => time });
});
afterEach(() => google.stop());

/** The library's own service account; its fixed token address is turned to the stand-in, as a proxy would. */
const openRobot = () => {
  const client = new auth.JWT({
    email: robot,
    key: pair.privateKey,
    scopes: ['https://www.googleapis.com/auth/spreadsheets'],
  });
  client.transporter.interceptors.request.add({
    resolved: async (options) => (options.url.href === realTokenAddress ? { ...options, url: new URL('/token', google.url) } : options),
  });
  return sheets({ version: 'v4', auth: client, rootUrl: `${google.url}/` });
};

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const sign = (claims: object, key = pair.privateKey): string => {
  const body = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(key, 'base64url')}`;
};
const now = (): number => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({ iss: robot, aud: `${google.url}/token`, scope: 'x', iat: now(), exp: now() + 3600, ...more });
const ask = async (assertion: string, grantType = grant) => {
  const response = await fetch(`${google.url}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: grantType, assertion }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const statusWith = async (token: string): Promise<number> => (await fetchAs(google.url, token, 'GET', '/drive/v3/about?fields=user')).status;

describe('a service account', () => {
  test('signs in with the real library and works as one user', async () => {
    const api = openRobot();
    const { data } = await api.spreadsheets.create({ requestBody: { properties: { title: '一小' } } });
    await api.spreadsheets.get({ spreadsheetId: data.spreadsheetId ?? '' });
    expect(google.requests.map((one) => [one.method, one.path.replace(data.spreadsheetId ?? '', 'ID'), one.user])).toEqual([
      ['POST', '/token', null],
      ['POST', '/v4/spreadsheets', robot],
      ['GET', '/v4/spreadsheets/ID', robot],
    ]);
  });

  test('whose token is refused stays refused in the real library, which keeps it for its hour; a new client gets a new one', async () => {
    const api = openRobot();
    const { data } = await api.spreadsheets.create({ requestBody: {} });
    const spreadsheetId = data.spreadsheetId ?? '';
    google.expireTokens(robot);
    expect(await refusalOf(api.spreadsheets.get({ spreadsheetId }, { retry: false }))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect((await openRobot().spreadsheets.get({ spreadsheetId })).status).toBe(200);
    expect(google.requests.filter((one) => one.path === '/token')).toHaveLength(2);
  });

  test('whose key is revoked gets no token and is refused with the old one', async () => {
    const token = String((await ask(sign(claims()))).body.access_token);
    google.revokeKey(robot);
    expect(await statusWith(token)).toBe(401);
    expect(await ask(sign(claims()))).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } });
  });

  test('a token lives an hour', async () => {
    const { body } = await ask(sign(claims()));
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    time += 59 * 60_000;
    expect(await statusWith(String(body.access_token))).toBe(200);
    time += 2 * 60_000;
    expect(await statusWith(String(body.access_token))).toBe(401);
  });

  test('a registered key is checked', async () => {
    google.registerKey(robot, pair.publicKey);
    expect((await ask(sign(claims()))).status).toBe(200);
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    expect((await ask(sign(claims(), privateKey))).status).toBe(400);
  });

  test('a signed assertion is itself a token, for the length of its life', async () => {
    expect(await statusWith(sign(claims()))).toBe(200);
    expect(await statusWith(sign(claims({ iat: now() - 7200, exp: now() - 3600 })))).toBe(401);
  });
});

describe('the token endpoint refuses', () => {
  test.each([
    ['an assertion that has expired', () => sign(claims({ iat: now() - 7200, exp: now() - 3600 }))],
    ['one that lives longer than an hour', () => sign(claims({ exp: now() + 7200 }))],
    ['one from the future', () => sign(claims({ iat: now() + 3600, exp: now() + 7200 }))],
    ['one for another audience', () => sign(claims({ aud: 'https://example.com' }))],
    ['one without a name', () => sign(claims({ iss: undefined }))],
    ['what is no assertion', () => 'a.b.c'],
    ['one that is not signed', () => `${sign(claims()).split('.').slice(0, 2).join('.')}.`],
  ])('%s', async (_what, assertion) => {
    expect(await ask(assertion())).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('another kind of grant', async () => {
    expect(await ask(sign(claims()), 'password')).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
  });
});

test('a refused token is 401 in the words of Drive too', async () => {
  const response = await fetchAs(google.url, 'ya29.unknown', 'GET', '/drive/v3/about?fields=user');
  expect(await response.json()).toMatchObject({ error: { code: 401, errors: [{ reason: 'authError', location: 'Authorization' }] } });
});

test('the real client tells a refusal as it came', async () => {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: 'ya29.unknown' });
  const api = sheets({ version: 'v4', auth: client, rootUrl: `${google.url}/`, retry: false });
  expect(await refusalOf(api.spreadsheets.get({ spreadsheetId: 'x' }))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
});
