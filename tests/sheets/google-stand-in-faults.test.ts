import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../../scripts/config.ts';
import { fetchAs, openClients, refusalOf } from '../google-stand-in/client.ts';
import { FaultSpecError, parseFault } from '../google-stand-in/faults.ts';
import { type GoogleStandIn, type StandInOptions, startGoogleStandIn } from '../google-stand-in/index.ts';

const office = 'office@kehou.example.com';
const started: GoogleStandIn[] = [];
const start = async (options: StandInOptions = {}): Promise<GoogleStandIn> => {
  const google = await startGoogleStandIn(options);
  started.push(google);
  return google;
};
afterEach(async () => {
  for (const google of started.splice(0)) await google.stop();
});

const append = (google: GoogleStandIn, spreadsheetId: string, retry = false) =>
  openClients(google.url, office, retry).sheets.spreadsheets.values.append({
    spreadsheetId,
    range: 'Sheet1',
    valueInputOption: 'RAW',
    requestBody: { values: [['a']] },
  });
const read = (google: GoogleStandIn, spreadsheetId: string, retry = false) =>
  openClients(google.url, office, retry).sheets.spreadsheets.values.get({ spreadsheetId, range: 'Sheet1' });
const book = (google: GoogleStandIn): string => google.people.createSpreadsheet(office, '一小');
const statusOf = async (google: GoogleStandIn, path: string, method = 'GET'): Promise<number> =>
  (await fetchAs(google.url, office, method, path)).status;
const shown = (google: GoogleStandIn, id: string): string[][] => google.people.shown(id, 'Sheet1');

describe('answers that go wrong', () => {
  test.each([
    ['429', 429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for quota metric'],
    ['500', 500, 'INTERNAL', 'Internal error encountered.'],
    ['503', 503, 'UNAVAILABLE', 'The service is currently unavailable.'],
  ])('%s is answered in the words of Sheets, and nothing is written', async (fault, status, code, words) => {
    const google = await start({ faults: [fault] });
    const id = book(google);
    const refused = await refusalOf(append(google, id));
    expect(refused).toMatchObject({ status, code });
    expect(refused.message).toContain(words);
    expect(shown(google, id)).toEqual([]);
  });

  test('Drive has its own form, and 403 userRateLimitExceeded, which is no fault of permission', async () => {
    const google = await start({ faults: ['403'] });
    const { drive } = openClients(google.url, office);
    expect(await refusalOf(drive.files.list())).toMatchObject({ status: 403, code: undefined, reason: 'userRateLimitExceeded' });
    google.setFaults(['429']);
    expect(await refusalOf(drive.files.list())).toMatchObject({ status: 429, reason: 'rateLimitExceeded' });
  });

  test('a front end answers a page of HTML in place of JSON', async () => {
    const google = await start({ faults: ['html-502'] });
    const response = await fetchAs(google.url, office, 'GET', `/v4/spreadsheets/${book(google)}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html; charset=UTF-8']);
    expect(await response.text()).toContain('<!DOCTYPE html>');
  });

  test('a lost response: the write is done, and its answer never comes', async () => {
    const google = await start({ faults: ['lost-response:n=1,match=:append'] });
    const id = book(google);
    await expect(append(google, id)).rejects.toThrow();
    expect(shown(google, id)).toEqual([['a']]);
    await append(google, id);
    expect(shown(google, id)).toEqual([['a'], ['a']]);
    expect(google.requests.map((one) => one.status)).toEqual([0, 200]);
  });

  test('a dropped connection: nothing is done', async () => {
    const google = await start({ faults: ['drop:n=1'] });
    const id = book(google);
    await expect(append(google, id)).rejects.toThrow();
    expect(shown(google, id)).toEqual([]);
  });

  test('a request that is never answered ends when its caller gives up', async () => {
    const google = await start({ faults: ['timeout'] });
    const call = fetch(`${google.url}/v4/spreadsheets/x`, { headers: { authorization: `Bearer ${office}` }, signal: AbortSignal.timeout(100) });
    await expect(call).rejects.toThrow(/timeout/i);
    expect(google.requests).toHaveLength(1);
  });

  test('a slow answer is an answer', async () => {
    const google = await start({ faults: ['slow=20'] });
    expect((await read(google, book(google))).status).toBe(200);
  });
});

describe('which requests are struck', () => {
  test('the first so many, by path and by method', async () => {
    const google = await start({ faults: ['503:n=2,match=/values/,method=GET'] });
    const id = book(google);
    const statuses = [];
    for (const path of [`/v4/spreadsheets/${id}`, ...Array(3).fill(`/v4/spreadsheets/${id}/values/A1`)]) statuses.push(await statusOf(google, path));
    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  test('a title in Chinese is matched though it is encoded', async () => {
    const google = await start({ faults: ['503:match=客户'] });
    const path = (title: string) => `/v4/spreadsheets/${id}/values/${encodeURIComponent(`'${title}'!A1`)}`;
    const id = google.people.createSpreadsheet(office, '一小', { titles: ['客户', '学生'] });
    expect([await statusOf(google, path('客户')), await statusOf(google, path('学生'))]).toEqual([503, 200]);
  });

  test('by chance, and the same ones each time with the same seed', async () => {
    const struck = async (seed: number): Promise<number[]> => {
      const google = await start({ faults: ['500:p=0.5'], seed, quotas: null });
      const id = book(google);
      const statuses: number[] = [];
      for (let number = 0; number < 24; number += 1) statuses.push(await statusOf(google, `/v4/spreadsheets/${id}?fields=spreadsheetId`));
      return statuses;
    };
    const first = await struck(7);
    expect(first).toEqual(await struck(7));
    expect(first).not.toEqual(await struck(8));
    expect(new Set(first)).toEqual(new Set([200, 500]));
  });

  test('the token endpoint only when it is named', async () => {
    const google = await start({ faults: ['503'] });
    expect((await fetch(`${google.url}/token`, { method: 'POST' })).status).toBe(400);
    google.setFaults(['503:match=/token']);
    expect((await fetch(`${google.url}/token`, { method: 'POST' })).status).toBe(503);
  });

  test.each(['teapot', '429:p=2', '429:x=1', 'slow', '500=3', 'slow=-1'])('%s is no fault', (spec) => {
    expect(() => parseFault(spec)).toThrow(FaultSpecError);
  });

  test('the real client repeats a GET by itself, and never a POST', async () => {
    const google = await start({ faults: ['503:n=1,method=GET', '503:n=1,method=POST'] });
    const id = book(google);
    expect((await read(google, id, true)).status).toBe(200);
    await refusalOf(append(google, id, true));
    expect(google.requests.map((one) => [one.method, one.status])).toEqual([
      ['GET', 503],
      ['GET', 200],
      ['POST', 503],
    ]);
  });
});

describe('quotas', () => {
  const minute = 60_000;

  test('60 reads a minute for one user, writes counted apart, and all new the next minute', async () => {
    let time = 0;
    const google = await start({ clock: () => time });
    const id = book(google);
    const path = `/v4/spreadsheets/${id}?fields=spreadsheetId`;
    for (let number = 0; number < 60; number += 1) expect(await statusOf(google, path)).toBe(200);
    const refused = await refusalOf(read(google, id));
    expect(refused.message).toBe(
      "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:1046'.",
    );
    expect(refused.details).toMatchObject([{ reason: 'RATE_LIMIT_EXCEEDED' }]);
    await append(google, id);
    time += minute;
    expect(await statusOf(google, path)).toBe(200);
  });

  test('time can be let go by from outside, over HTTP', async () => {
    const google = await start({ clock: () => 0, quotas: { read: { user: 1, project: 9 } } });
    const path = `/v4/spreadsheets/${book(google)}`;
    expect([await statusOf(google, path), await statusOf(google, path)]).toEqual([200, 429]);
    await fetch(`${google.url}/_control/advanceClock`, { method: 'POST', body: JSON.stringify({ milliseconds: minute }) });
    expect(await statusOf(google, path)).toBe(200);
  });

  test('the project has a limit of its own, over all users', async () => {
    const google = await start({ clock: () => 0, quotas: { read: { user: 2, project: 3 } } });
    const id = book(google);
    google.people.share(id, 'other@kehou.example.com', 'reader');
    const by = async (user: string) => (await fetchAs(google.url, user, 'GET', `/v4/spreadsheets/${id}`)).status;
    expect([await by(office), await by(office), await by('other@kehou.example.com')]).toEqual([200, 200, 200]);
    const response = await fetchAs(google.url, 'other@kehou.example.com', 'GET', `/v4/spreadsheets/${id}`);
    expect(await response.text()).toContain("limit 'Read requests per minute' of");
  });

  test('a batch counts as one, whatever it holds', async () => {
    const google = await start({ clock: () => 0, quotas: { write: { user: 1, project: 9 } } });
    const requests = Array.from({ length: 50 }, (_, number) => ({ addSheet: { properties: { title: `${number}` } } }));
    const { spreadsheets } = openClients(google.url, office).sheets;
    await spreadsheets.batchUpdate({ spreadsheetId: book(google), requestBody: { requests } });
    expect((await refusalOf(append(google, book(google)))).message).toContain('Write requests');
  });

  test('a search of metadata is a read, though it is a POST', async () => {
    const google = await start({ clock: () => 0, quotas: { write: { user: 0, project: 0 } } });
    const { developerMetadata } = openClients(google.url, office).sheets.spreadsheets;
    const requestBody = { dataFilters: [{ developerMetadataLookup: { metadataKey: 'k' } }] };
    expect((await developerMetadata.search({ spreadsheetId: book(google), requestBody })).data).toEqual({});
  });

  test('Drive over its quota is 403', async () => {
    const google = await start({ clock: () => 0, quotas: { drive: { user: 1, project: 9 } } });
    const { drive } = openClients(google.url, office);
    await drive.files.list();
    expect(await refusalOf(drive.files.list())).toMatchObject({ status: 403, reason: 'userRateLimitExceeded' });
    google.setQuotas(null);
    expect((await drive.files.list()).status).toBe(200);
  });
});

test('every request is noted with its method, path, user and answer', async () => {
  const google = await start();
  const id = book(google);
  await read(google, id);
  expect(google.requests).toMatchObject([{ method: 'GET', path: `/v4/spreadsheets/${id}/values/Sheet1`, user: office, status: 200 }]);
});

describe('the command', () => {
  const run = (...args: string[]) =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(repositoryRoot, 'scripts', 'google-stand-in.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  test('prints its address in one line, can be controlled over HTTP, and ends with a signal', async () => {
    const child = run('--port', '0', '--json', '--fault', '503:n=1');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const control = async (name: string, args: object = {}): Promise<unknown> =>
      (await fetch(`${url}/_control/${name}`, { method: 'POST', body: JSON.stringify(args) })).json();

    const { id } = (await control('createSpreadsheet', { user: office, name: '一小', titles: ['学生'] })) as { id: string };
    await control('editCells', { fileId: id, user: office, range: "'学生'!A1", values: [['姓名'], ['b'], ['a']] });
    await control('sortTab', { fileId: id, user: office, title: '学生', column: 0 });
    await control('renameTab', { fileId: id, user: office, title: '学生', to: '名册' });
    const get = async (): Promise<number> => (await fetchAs(url, office, 'GET', `/v4/spreadsheets/${id}`)).status;
    expect([await get(), await get()]).toEqual([503, 200]);
    expect(await control('shown', { fileId: id, title: '名册' })).toEqual({ rows: [['姓名'], ['a'], ['b']] });
    expect(await control('setQuotas', { limits: { read: { user: 0, project: 0 } } })).toEqual({});
    expect(await get()).toBe(429);
    expect(await control('requests')).toMatchObject({ requests: [503, 200, 429].map((status) => ({ status })) });
    expect(await control('editCells', { fileId: id })).toEqual({ error: '"user" must be a text' });
    expect(await control('nothing')).toMatchObject({ error: 'no control call "nothing"' });

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('a fault that does not exist is wrong use', async () => {
    const child = run('--fault', 'teapot');
    const errors: string[] = [];
    child.stderr.on('data', (text) => errors.push(String(text)));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(errors.join('')).toContain('Unknown fault "teapot"');
  });
});
