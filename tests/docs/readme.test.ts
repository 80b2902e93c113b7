import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../../scripts/config.ts';
import { handlers } from '../../scripts/jobs/handlers.ts';

const read = (name: string): string => readFileSync(join(repositoryRoot, name), 'utf8');
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);

test('every command of package.json is in the README, and the README names none that is not there', () => {
  const readme = read('README.md');
  const named = new Set([...`${readme}${read('README.zh-CN.md')}`.matchAll(/npm (?:run (?:-s )?)?([a-z-]+)/g)].map((match) => match[1] as string));
  named.delete('run');
  for (const name of scripts) expect([...named], `README lacks ${name}`).toContain(name);
  for (const name of named) expect(scripts, `README names ${name}`).toContain(name);
});

test.each(scripts)('npm run %s explains itself, in one frame with the others', async (name) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    join(repositoryRoot, 'scripts', `${name}.ts`),
    '--help',
  ]);
  expect(stdout).toContain(`npm run ${name}`);
  expect(stdout).toContain('--json');
  expect(stdout).toContain('退出码 / exit');
});

test('a flag that does not exist is named, with exit code 2 and no stack trace', async () => {
  const failed = await promisify(execFile)(process.execPath, [join(repositoryRoot, 'scripts', 'sync.ts'), '--dryrun']).then(
    () => null,
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed?.code).toBe(2);
  expect(failed?.stderr).toContain('--dryrun');
  expect(failed?.stderr).not.toMatch(/\n\s+at /);
});

test('pictures and files that the READMEs point to are there', () => {
  for (const file of ['README.md', 'README.zh-CN.md']) {
    for (const [, target] of read(file).matchAll(/\]\(([^)#]+)\)/g)) {
      if (!/^https?:/.test(target as string)) expect(existsSync(join(repositoryRoot, target as string)), `${file}: ${target}`).toBe(true);
    }
  }
});

test('every kind of job is a command too, or described in the README', () => {
  expect(Object.keys(handlers).length).toBeGreaterThan(5);
  for (const kind of Object.keys(handlers))
    expect(existsSync(join(repositoryRoot, 'scripts', `${kind}.ts`)) || existsSync(join(repositoryRoot, 'scripts/jobs', `${kind}.ts`)), kind).toBe(
      true,
    );
});
