/**
 * One Directus per workspace: starts it, makes it ready, finds the one that runs already.
 * Never lets two of them work on one database file, and never leaves one behind.
 */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Progress, UsageError } from '../cli.ts';
import type { Config } from '../config.ts';
import { takeLock } from '../setup/lock.mjs';
import { checkDatabase } from './check-database.ts';
import { ensureAdmin, prepareDirectus, preparedMark } from './prepare.ts';
import { directusLog, ended, freePort, isPortFree, lastLoggedError, runDirectus, stopProcess } from './process.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import { openStore, type Store, StoreError } from './store.ts';

export interface RunningDirectus {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** What `withDirectus` hands over beside the store of the service. */
export interface Session {
  readonly url: string;
  readonly adminToken: string;
  readonly serviceToken: string;
  /** For work on the model itself; everything else uses the service's store. */
  readonly adminStore: Store;
  readonly secrets: Secrets;
}

type Note = (line: string) => void;

const lockFile = (config: Config) => join(config.home, 'directus.lock');
const runningFile = (config: Config) => join(config.home, 'directus.json');
const stateFile = (config: Config) => join(config.home, 'state.json');

const readJson = (file: string): Record<string, unknown> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    // Not there, or cut off by a power failure: the same as not done yet, and doing it again is harmless.
    return {};
  }
};

/** Which database the state speaks of, so that a change of DATABASE_URL is noticed; the address itself holds a password. */
const databaseMark = (config: Config): string =>
  config.database.client === 'pg' ? createHash('sha256').update(config.database.url).digest('hex').slice(0, 16) : 'sqlite';

const isBootstrapped = (config: Config): boolean =>
  readJson(stateFile(config)).bootstrapped === databaseMark(config) && (config.database.client === 'pg' || existsSync(config.database.filename));

const isPrepared = (config: Config): boolean => isBootstrapped(config) && readJson(stateFile(config)).prepared === preparedMark();

const writeState = (config: Config, change: Record<string, unknown>): void =>
  writeFileSync(stateFile(config), `${JSON.stringify({ ...readJson(stateFile(config)), ...change }, null, 2)}\n`);

/** Notes that this workspace's database is a copy of one that is set up already; a restored backup and the tests need it. */
export const adoptDatabase = (config: Config): void => writeState(config, { bootstrapped: databaseMark(config), prepared: preparedMark() });

/** Whether the database has been set up, and holds the model as it is now, as far as this workspace's notes tell. */
export const workspaceState = (config: Config): { readonly bootstrapped: boolean; readonly prepared: boolean } => ({
  bootstrapped: isBootstrapped(config),
  prepared: isPrepared(config),
});

const bootstrap = async (config: Config, secrets: Secrets, note: Note): Promise<void> => {
  note('正在建立数据库(第一次,约十秒)…');
  const { email, password } = secrets.signIn.admin;
  // A new SQLite file gets its name only when it is whole, so that an interrupted first run simply begins again.
  const file = config.database.client === 'sqlite3' && !existsSync(config.database.filename) ? config.database.filename : null;
  const draft = `${file}.new`;
  if (file) for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
  const admin = { ADMIN_EMAIL: email, ADMIN_PASSWORD: password, ADMIN_TOKEN: secrets.adminToken };
  const child = runDirectus(config, secrets, ['bootstrap'], config.port, { ...admin, ...(file ? { DB_FILENAME: draft } : {}) });
  if ((await ended(child)) === 0 && file) renameSync(draft, file);
  else if (child.exitCode !== 0) throw new UsageError(`建立数据库没有成功:${lastLoggedError(config)}。详见 ${directusLog(config)}`);
  writeState(config, { bootstrapped: databaseMark(config), prepared: null });
};

/** Directus tells its parent when it listens. */
const ready = (child: ChildProcess, config: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new UsageError(`Directus 没有启动成功:${lastLoggedError(config)}。详见 ${directusLog(config)}`)));
  });

const prepare = async (config: Config, url: string, secrets: Secrets, note: Note): Promise<void> => {
  const admin = openStore(url, secrets.adminToken);
  if (!(await ensureAdmin(admin, secrets))) {
    throw new UsageError(`${config.secretsFile} 与数据库对不上:数据库是用另一份密钥建立的。请从备份恢复原来的密钥文件。`);
  }
  note('正在套用数据模型、角色和账号…');
  await prepareDirectus(admin, config, secrets, () => undefined);
  writeState(config, { prepared: preparedMark() });
};

const showSignIn = (secrets: Secrets, config: Config, note: Note): void => {
  note(`首次运行:已生成三个账号的密码(只显示这一次,存于 ${config.secretsFile}):`);
  for (const one of Object.values(secrets.signIn)) note(`  ${one.role}  ${one.email}  ${one.password}`);
};

const localUrl = (config: Config, port: number): string => `http://${['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host}:${port}`;

const launch = async (config: Config, port: number, note: Note): Promise<RunningDirectus> => {
  await checkDatabase(config.database);
  if (!(await isPortFree(config.host, port)))
    throw new UsageError(`端口 ${port} 已被别的程序占用。请关掉那个程序,或在 .env 里用 KEHOU_PORT 换一个端口。`);
  const { secrets, fresh } = ensureSecrets(config.secretsFile);
  if (!isBootstrapped(config)) {
    await bootstrap(config, secrets, note);
    await checkDatabase(config.database);
  }

  const child = runDirectus(config, secrets, ['start'], port);
  const url = localUrl(config, port);
  try {
    await ready(child, config);
    if (!isPrepared(config)) await prepare(config, url, secrets, note);
  } catch (error) {
    await stopProcess(child);
    throw error;
  }
  if (fresh) showSignIn(secrets, config, note);
  return { url, pid: child.pid ?? 0, ended: ended(child), stop: () => stopProcess(child) };
};

/** The address of the Directus that runs for this workspace, or null. A file left by a crash, or another's server on that port, does not count. */
export const findRunning = async (config: Config): Promise<string | null> => {
  const { url } = readJson(runningFile(config));
  if (typeof url !== 'string' || !existsSync(config.secretsFile)) return null;
  const { secrets } = ensureSecrets(config.secretsFile);
  try {
    // Only our own server knows the service's token.
    await openStore(url, secrets.serviceToken).call('GET', '/users/me?fields=id');
    return url;
  } catch {
    // Nobody there, or not ours: to the caller both mean that none is running.
    return null;
  }
};

const waiting = '另一个命令正在使用这个工作文件夹,等它结束…';

/**
 * Starts the workspace's Directus for good (until `stop`), setting up its database on the first run, and waits until it answers.
 * Commands that run meanwhile use this one. Throws UsageError with one sentence when the port is taken, the database
 * cannot be used, or one runs already.
 */
export const startDirectus = async (config: Config, options: { readonly port?: number; readonly log?: Note } = {}): Promise<RunningDirectus> => {
  const note = options.log ?? (() => undefined);
  mkdirSync(config.home, { recursive: true });
  const already = async () => (await findRunning(config)) !== null;
  const release = (await already()) ? null : await takeLock(lockFile(config), { onWait: () => note(waiting), giveUp: already });
  if (!release) throw new UsageError(`这个工作文件夹(${config.home})的 Directus 已经在运行,不必再启动。`);
  try {
    const server = await launch(config, options.port ?? config.port, note);
    writeFileSync(runningFile(config), JSON.stringify({ pid: server.pid, url: server.url }));
    const over = server.ended.finally(() => {
      rmSync(runningFile(config), { force: true });
      release();
    });
    return { ...server, ended: over, stop: async () => void (await Promise.all([server.stop(), over])) };
  } catch (error) {
    release();
    throw error;
  }
};

interface Shared {
  readonly url: string;
  stop(): Promise<void>;
}

/** Uses the Directus that `npm start` keeps running, else starts one for us; waits while another command has one of its own. */
const joinOrStart = async (config: Config, note: Note): Promise<Shared> => {
  let url = await findRunning(config);
  const giveUp = async () => {
    url = await findRunning(config);
    return url !== null;
  };
  const release = url ? null : await takeLock(lockFile(config), { onWait: () => note(waiting), giveUp });
  if (url) return { url, stop: async () => undefined };
  try {
    const server = await launch(config, await freePort(config.host), note);
    return { url: server.url, stop: () => server.stop().finally(() => release?.()) };
  } catch (error) {
    release?.();
    throw error;
  }
};

/** Workspaces that this process has open: a command within a command shares the server instead of waiting for itself. */
const open = new Map<string, { readonly server: Promise<Shared>; users: number }>();

const enter = async (config: Config, note: Note): Promise<string> => {
  const entry = open.get(config.home) ?? { server: joinOrStart(config, note), users: 0 };
  open.set(config.home, entry);
  entry.users += 1;
  try {
    return (await entry.server).url;
  } catch (error) {
    open.delete(config.home);
    throw error;
  }
};

const leave = async (config: Config): Promise<void> => {
  const entry = open.get(config.home);
  if (!entry) return;
  entry.users -= 1;
  if (entry.users > 0) return;
  open.delete(config.home);
  await (await entry.server).stop();
};

/** A Directus that goes away is no fault of the command that was using it: what is stored is whole, and the next run goes on. */
const inWords = (error: unknown): unknown =>
  error instanceof StoreError && error.code === 'UNREACHABLE'
    ? new UsageError('管理平台(Directus)中途连不上了:它停了,或网络断了。已写入的数据是完整的,恢复后再运行一次,会接着做完。', { cause: error })
    : error;

/**
 * Runs `work` against this workspace's Directus: the one that `npm start` keeps running, else one of its own that ends with the work.
 * Sets the workspace up when that has not been done. Throws UsageError when Directus cannot be had.
 */
export const withDirectus = async <T>(
  config: Config,
  progress: Pick<Progress, 'note'>,
  work: (store: Store, session: Session) => Promise<T>,
): Promise<T> => {
  mkdirSync(config.home, { recursive: true });
  const note: Note = (line) => progress.note(line);
  const url = await enter(config, note);
  try {
    const { secrets } = ensureSecrets(config.secretsFile);
    if (!isPrepared(config)) await prepare(config, url, secrets, note);
    return await work(openStore(url, secrets.serviceToken), {
      url,
      secrets,
      adminToken: secrets.adminToken,
      serviceToken: secrets.serviceToken,
      adminStore: openStore(url, secrets.adminToken),
    });
  } catch (error) {
    throw inWords(error);
  } finally {
    await leave(config);
  }
};
