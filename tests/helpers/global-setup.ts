/**
 * Once per test run: a small server, for this machine only, where test files fetch their databases.
 * Nothing is started until one asks.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { testDatabases } from './databases.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databases: string;
  }
}

export default async (project: TestProject): Promise<() => Promise<void>> => {
  const databases = testDatabases();
  const server = createServer((request, response) => {
    databases
      .take(request.url === '/postgres' ? 'postgres' : 'sqlite')
      .then((database) => response.end(JSON.stringify(database)))
      .catch((error: unknown) => response.writeHead(500).end(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('databases', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await databases.stop();
  };
};
