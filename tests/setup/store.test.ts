import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openStore } from '../../scripts/directus/store.ts';

let server: Server | null = null;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** A Directus that gives these answers, one a call, and counts the calls. */
const answering = async (answers: readonly { readonly status: number; readonly body: unknown }[]) => {
  let calls = 0;
  server = createServer((_request, response) => {
    const { status, body } = answers[Math.min(calls, answers.length - 1)] as (typeof answers)[number];
    calls += 1;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls: () => calls };
};

const busy = { status: 503, body: { errors: [{ message: 'Under pressure', extensions: { code: 'SERVICE_UNAVAILABLE', service: 'api' } }] } };

test('a call that a busy Directus turned away is made again, also one that writes', async () => {
  const directus = await answering([busy, busy, { status: 200, body: { data: { done: true } } }]);
  expect(await openStore(directus.url, 'token').call('POST', '/kehou-rules/school', {})).toEqual({ done: true });
  expect(directus.calls()).toBe(3);
});

test('a refusal is not asked for twice', async () => {
  const directus = await answering([{ status: 403, body: { errors: [{ message: '无权', extensions: { code: 'FORBIDDEN' } }] } }]);
  await expect(openStore(directus.url, 'token').call('GET', '/items/students')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(directus.calls()).toBe(1);
});
