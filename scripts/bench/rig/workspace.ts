/**
 * Workspaces to measure in: each with a Directus and a database of its own, below the folder of the run.
 * Never touches the workspace of this installation.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, parseConfig } from '../../config.ts';
import type { BureauRows } from '../../county/county.ts';
import { freePort } from '../../directus/process.ts';
import { readSecrets, type Secrets } from '../../directus/secrets.ts';
import { adoptDatabase, startDirectus, withDirectus } from '../../directus/server.ts';
import { openStore, type Store } from '../../directus/store.ts';
import type { BenchContext } from './bar.ts';

export interface Workspace {
  readonly config: Config;
  /** As commands and the worker use it. */
  readonly store: Store;
  readonly url: string;
  readonly token: string;
  /** Process of Directus. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** A set-up workspace without rows, made once in a run. */
const template = async ({ folder }: BenchContext): Promise<string> => {
  const home = join(folder, 'template');
  // Its passwords are gone with the run: nobody need read them.
  if (!existsSync(home)) await withDirectus(parseConfig({ KEHOU_HOME: home }), { note: () => undefined }, async () => undefined);
  return home;
};

/** A set-up database: the folder of its secrets (and of data.db), and on PostgreSQL its address. */
export interface SetUpDatabase {
  readonly template: string;
  readonly url: string | null;
}

/** Copies the set-up workspace and starts its Directus, with what the bureau enters before the first sheet arrives. */
export const openWorkspace = async (context: BenchContext, name: string, bureau: BureauRows, database?: SetUpDatabase): Promise<Workspace> => {
  const from = database?.template ?? (await template(context));
  const url = database?.url ?? null;
  const home = join(context.folder, name);
  mkdirSync(home, { recursive: true });
  for (const file of ['secrets.json', ...(url ? [] : ['data.db'])]) copyFileSync(join(from, file), join(home, file));
  const config = parseConfig({ KEHOU_HOME: home, KEHOU_PORT: String(await freePort('127.0.0.1')), ...(url ? { DATABASE_URL: url } : {}) });
  mkdirSync(config.sheetsDir, { recursive: true });
  adoptDatabase(config);
  const server = await startDirectus(config);
  const secrets = readSecrets(config.secretsFile) as Secrets;
  const store = openStore(server.url, secrets.serviceToken);
  await store.updateSettings(bureau.settings);
  await store.createRows('terms', bureau.terms);
  await store.createRows('schools', bureau.schools as never);
  await store.createRows('providers', bureau.providers);
  return { config, store, url: server.url, token: secrets.serviceToken, pid: server.pid, stop: () => server.stop() };
};
