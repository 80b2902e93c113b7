/**
 * Runs Directus' own program as a child: its environment, its log, its start and its end.
 * Never talks to its API.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../cli.ts';
import { type Config, inheritedEnvironment, repositoryRoot } from '../config.ts';
import type { Secrets } from './secrets.ts';

const program = fileURLToPath(new URL('serve.mjs', import.meta.url));

/** What an administrator may choose differently in `.env`, under Directus' own names. */
const defaults: Readonly<Record<string, string>> = {
  // Requests are logged at "info" with their address, and an address may hold a parent's phone number that somebody searched for.
  LOG_LEVEL: 'warn',
  LOG_STYLE: 'raw',
  RATE_LIMITER_ENABLED: 'false',
  CACHE_ENABLED: 'false',
  WEBSOCKETS_ENABLED: 'false',
  // Children's data goes to no assistant unless the office decides so.
  AI_ENABLED: 'false',
  MCP_ENABLED: 'false',
  // One call of the ingest endpoint carries a whole tab of a school.
  MAX_PAYLOAD_SIZE: '100mb',
  QUERY_LIMIT_DEFAULT: '100',
  ROOT_REDIRECT: './admin/cockpit',
  // Set-up answers the owner's questions itself (see prepare.ts); the screen need not ask every administrator again.
  PROJECT_OWNER_ENABLED: 'false',
  STORAGE_LOCATIONS: 'local',
  STORAGE_LOCAL_DRIVER: 'local',
};

const databaseEnvironment = (config: Config): Record<string, string> =>
  config.database.client === 'pg'
    ? { DB_CLIENT: 'pg', DB_CONNECTION_STRING: config.database.url }
    : { DB_CLIENT: 'sqlite3', DB_FILENAME: config.database.filename };

/** The environment of a Directus of this workspace. */
export const directusEnvironment = (config: Config, secrets: Secrets, port: number): Record<string, string> => ({
  ...defaults,
  ...inheritedEnvironment(),
  ...databaseEnvironment(config),
  // Directus' own file of settings; the repository's .env has been read already.
  CONFIG_PATH: join(config.home, 'directus.env'),
  KEY: secrets.key,
  SECRET: secrets.secret,
  HOST: config.host,
  PORT: String(port),
  PUBLIC_URL: config.publicUrl,
  TZ: config.timezone,
  EXTENSIONS_PATH: join(repositoryRoot, 'extensions'),
  STORAGE_LOCAL_ROOT: config.folders.uploads,
  TEMP_PATH: config.folders.temporary,
  SESSION_COOKIE_SECURE: String(config.publicUrl.startsWith('https:')),
  REFRESH_TOKEN_COOKIE_SECURE: String(config.publicUrl.startsWith('https:')),
  // Our extensions find the county's outputs by these.
  KEHOU_HOME: config.home,
  KEHOU_SHOWCASE_DIR: config.folders.showcase,
  KEHOU_COUNTY: config.county,
  KEHOU_TIMEZONE: config.timezone,
});

const largestLog = 20_000_000;

/** Where Directus writes; one older log is kept. */
export const directusLog = (config: Config): string => join(config.folders.logs, 'directus.log');

const openLog = (config: Config): number => {
  for (const folder of [config.folders.logs, config.folders.uploads, config.folders.temporary]) mkdirSync(folder, { recursive: true });
  const file = directusLog(config);
  if (existsSync(file) && statSync(file).size > largestLog) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
};

/**
 * How Node runs Directus (`npm run bench -- --only memory --only first-sync`). A workbook leaves much behind that is of no more use, and
 * Node would let it grow to several times what is in use before it clears up: half as much again is soon enough. The first sheets of a
 * day meet code that has hardly run yet: observed from its first call on, it is compiled sooner, a tenth of a first sync.
 */
const nodeFlags = ['--heap-growing-percent=50', '--no-lazy-feedback-allocation'];

/** Starts Directus' program with its output in the log. Its own process group: Ctrl-C reaches it only through us. */
export const runDirectus = (
  config: Config,
  secrets: Secrets,
  args: readonly string[],
  port: number,
  extra: Readonly<Record<string, string>> = {},
): ChildProcess => {
  const log = openLog(config);
  try {
    return spawn(process.execPath, ['--no-warnings', ...nodeFlags, program, ...args], {
      // Directus looks for extensions among the packages of the folder it runs in.
      cwd: repositoryRoot,
      env: { ...directusEnvironment(config, secrets, port), ...extra },
      stdio: ['ignore', log, log, 'ipc'],
      detached: process.platform !== 'win32',
    });
  } finally {
    closeSync(log);
  }
};

/** The last error that Directus wrote, in its own words. */
export const lastLoggedError = (config: Config): string => {
  const lines = existsSync(directusLog(config)) ? readFileSync(directusLog(config), 'utf8').trimEnd().split('\n').slice(-40).reverse() : [];
  for (const line of lines) {
    const words = line.match(/"level":(?:50|60).*"msg":"((?:[^"\\]|\\.)*)"/)?.[1] ?? line.match(/^\w*Error(?: \[\w+\])?: (.*)/)?.[1];
    if (words) return words.slice(0, 300);
  }
  return '没有留下原因';
};

/** Waits for the child's end; resolves with its exit code (null after a signal). */
export const ended = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
};

/** Asks the child to end, and insists after eight seconds. */
export const stopProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 8000);
  await ended(child);
  clearTimeout(insist);
};

/** Listens for a moment: false when somebody else has the port. `port` 0 asks for any free one. */
const tryPort = (host: string, port: number): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });

export const isPortFree = async (host: string, port: number): Promise<boolean> => (await tryPort(host, port)) !== null;

/** A port that nobody uses right now. */
export const freePort = async (host: string): Promise<number> => {
  const port = await tryPort(host, 0);
  if (port === null) throw new UsageError(`监听地址 ${host} 用不了。请检查 KEHOU_HOST。`);
  return port;
};
