import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { UsageError } from '../../scripts/cli.ts';
import { type Config, parseConfig } from '../../scripts/config.ts';
import { ensureSecrets, isPrivate } from '../../scripts/directus/secrets.ts';
import { examine } from '../../scripts/doctor.ts';
import { runStart } from '../../scripts/start.ts';
import { testWorkspace } from '../helpers/directus.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});
const workspace = async (): Promise<Config> => {
  const config = await testWorkspace('sqlite');
  homes.push(config.home);
  return config;
};
const sentence = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
};

test('npm start brings up Directus and the worker, says where they are, and ends both when asked', async () => {
  const config = await workspace();
  const said: string[] = [];
  let stop: (word: 'stop') => void = () => undefined;
  const running = runStart(
    config,
    (line) => said.push(line),
    new Promise((resolve) => {
      stop = resolve;
    }),
  );
  await expect.poll(() => said.join('\n'), { timeout: 90_000 }).toContain('已启动');
  expect(said.join('\n')).toContain(`${config.publicUrl}/admin`);
  expect((await fetch(`http://127.0.0.1:${config.port}/server/ping`)).ok).toBe(true);
  stop('stop');
  await running;
  await expect(fetch(`http://127.0.0.1:${config.port}/server/ping`)).rejects.toThrow();
  expect(readFileSync(join(config.folders.logs, 'directus.log'), 'utf8').length).toBeGreaterThan(0);
});

test('a taken port is one clear sentence', async () => {
  const config = await workspace();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(config.port, '127.0.0.1', resolve));
  const message = await sentence(runStart(config, () => undefined, Promise.resolve('stop')));
  expect(message).toContain(`端口 ${config.port} 已被`);
  expect(message).not.toContain('\n    at ');
  await new Promise((resolve) => other.close(resolve));
});

test('a broken database file is one clear sentence, and the file is left as it is', async () => {
  const config = await workspace();
  const file = join(config.home, 'data.db');
  writeFileSync(file, 'this is no database, but something that somebody put here');
  const message = await sentence(runStart(config, () => undefined, Promise.resolve('stop')));
  expect(message).toContain('数据库');
  expect(message).not.toContain('\n    at ');
  expect(readFileSync(file, 'utf8')).toContain('this is no database');
});

test('a database server that is not there is one clear sentence without its password', async () => {
  const config = await workspace();
  const message = await sentence(
    runStart({ ...config, database: { client: 'pg', url: 'postgres://kehou:geheim@127.0.0.1:1/kehou' } }, () => undefined, Promise.resolve('stop')),
  );
  expect(message).toMatch(/PostgreSQL|数据库/);
  expect(message).not.toContain('geheim');
});

test('passwords are made at random, differ between workspaces, and only their owner can read them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kehou-secrets-'));
  homes.push(folder);
  const [one, two] = [ensureSecrets(join(folder, 'a.json')), ensureSecrets(join(folder, 'b.json'))];
  expect(one.fresh).toBe(true);
  const words = [one, two].flatMap(({ secrets }) => [
    secrets.adminToken,
    secrets.serviceToken,
    ...Object.values(secrets.signIn).map((person) => person.password),
  ]);
  expect(new Set(words).size).toBe(words.length);
  for (const word of words) expect(word.length).toBeGreaterThanOrEqual(16);
  expect(statSync(join(folder, 'a.json')).mode & 0o777).toBe(0o600);
  expect(isPrivate(join(folder, 'a.json'))).toBe(true);
  expect(ensureSecrets(join(folder, 'a.json'))).toEqual({ secrets: one.secrets, fresh: false });
});

test('the doctor tells a new workspace from one that is set up, and names what mends it', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'kehou-doctor-'));
  homes.push(empty);
  const before = await examine(parseConfig({ KEHOU_HOME: empty }));
  const database = before.find((one) => one.name === '数据库');
  expect(database).toMatchObject({ ok: false, needed: true, mend: 'npm run setup' });
  const after = await examine(await workspace());
  expect(after.find((one) => one.name === '数据库')?.ok).toBe(true);
  expect(after.find((one) => one.name === '数据模型')?.ok).toBe(true);
  expect(after.find((one) => one.name === '依赖包')?.ok).toBe(true);
});
