/**
 * A real Directus for one test file: the whole model, the roles, the built extensions, no rows.
 * On SQLite or PostgreSQL, in a folder and on a port of its own; it ends with `stop`, or with the test's process.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Config, loadConfig, parseConfig } from '../../scripts/config.ts';
import { freePort } from '../../scripts/directus/process.ts';
import { readSecrets, type Secrets, type SignIn } from '../../scripts/directus/secrets.ts';
import { adoptDatabase, startDirectus } from '../../scripts/directus/server.ts';
import { openStore, type Store } from '../../scripts/directus/store.ts';
import type { TestDatabase } from './databases.ts';

export interface TestDirectus {
  readonly url: string;
  readonly config: Config;
  /** With the token of 同步服务, as commands and the worker use it. */
  readonly store: Store;
  readonly adminStore: Store;
  readonly secrets: Secrets;
  /** The three people who can sign in. */
  readonly users: Secrets['signIn'];
  /** A store with the rights of one of them. */
  signIn(person: SignIn): Promise<Store>;
  stop(): Promise<void>;
}

export const databaseKinds = ['sqlite', 'postgres'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

const takeDatabase = async (kind: DatabaseKind): Promise<TestDatabase> => {
  const answer = await fetch(`${inject('databases')}/${kind}`);
  if (!answer.ok) throw new Error(`no database for the test: ${await answer.text()}`);
  return (await answer.json()) as TestDatabase;
};

/** Copies a set-up workspace into a folder of its own, without starting anything. `settings` are those of `.env.example`. */
export const testWorkspace = async (kind: DatabaseKind = 'sqlite', settings: Readonly<Record<string, string>> = {}): Promise<Config> => {
  const { template, url } = await takeDatabase(kind);
  const home = mkdtempSync(join(tmpdir(), 'kehou-test-'));
  for (const file of ['secrets.json', 'data.db']) if (existsSync(join(template, file))) copyFileSync(join(template, file), join(home, file));
  const port = await freePort('127.0.0.1');
  const config = parseConfig({ KEHOU_HOME: home, KEHOU_PORT: String(port), ...(url ? { DATABASE_URL: url } : {}), ...settings });
  adoptDatabase(config);
  return { ...config, chromium: config.chromium ?? loadConfig().chromium };
};

/** Starts Directus on a copy of the set-up database. Call `stop` in afterAll. */
export const startTestDirectus = async (
  options: { readonly database?: DatabaseKind; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<TestDirectus> => {
  const config = await testWorkspace(options.database ?? 'sqlite', options.settings);
  const server = await startDirectus(config);
  const secrets = readSecrets(config.secretsFile) as Secrets;
  return {
    url: server.url,
    config,
    store: openStore(server.url, secrets.serviceToken),
    adminStore: openStore(server.url, secrets.adminToken),
    secrets,
    users: secrets.signIn,
    async signIn({ email, password }) {
      const { access_token } = await openStore(server.url, null).call<{ access_token: string }>('POST', '/auth/login', { email, password });
      return openStore(server.url, access_token);
    },
    async stop() {
      await server.stop();
      rmSync(config.home, { recursive: true, force: true });
    },
  };
};
