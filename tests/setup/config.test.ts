import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../scripts/cli.ts';
import { parseConfig, repositoryRoot, settingNames } from '../../scripts/config.ts';

const fault = (env: Record<string, string>): string => {
  try {
    parseConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return '';
};

test('without any setting a county works on SQLite in workspace/', () => {
  const config = parseConfig({});
  expect(config).toMatchObject({
    port: 8055,
    timezone: 'Asia/Shanghai',
    database: { client: 'sqlite3', filename: join(repositoryRoot, 'workspace', 'data.db') },
  });
});

test('all wrong settings are named at once, and none of their values', () => {
  const message = fault({
    KEHOU_PORT: '99999',
    PUBLIC_URL: 'not-an-address',
    KEHOU_TIMEZONE: 'Mars/Base',
    DATABASE_URL: 'mysql://user:geheim@host/db',
    KEHOU_PROT: '1',
  });
  for (const name of ['KEHOU_PORT', 'PUBLIC_URL', 'KEHOU_TIMEZONE', 'DATABASE_URL', 'KEHOU_PROT']) expect(message).toContain(`[${name}]`);
  expect(message).toContain('.env.example');
  expect(message).not.toContain('geheim');
});

test('an empty setting counts as not given', () => {
  expect(parseConfig({ KEHOU_PORT: '', DATABASE_URL: ' ' }).port).toBe(8055);
});

test('a secret may come from a file, but not twice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kehou-config-'));
  const file = join(folder, 'database-url');
  writeFileSync(file, 'postgres://kehou:secret@127.0.0.1:5432/kehou\n');
  expect(parseConfig({ DATABASE_URL_FILE: file }).database).toMatchObject({ client: 'pg' });
  expect(fault({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://a@b/c' })).toContain('只能设一个');
  expect(fault({ DATABASE_URL_FILE: join(folder, 'missing') })).toContain('[DATABASE_URL_FILE]');
  rmSync(folder, { recursive: true });
});

test('.env.example explains every setting, and no other', () => {
  const text = readFileSync(join(repositoryRoot, '.env.example'), 'utf8');
  const named = [...text.matchAll(/^#?\s*([A-Z][A-Z_]+)=/gm)].map((match) => (match[1] as string).replace(/_FILE$/, ''));
  expect([...new Set(named)].sort()).toEqual([...settingNames].sort());
});
