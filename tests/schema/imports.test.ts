import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** What a file imports: paths from the root of the project, or package names. */
const importsOf = (file: string): string[] => {
  const code = readFileSync(file, 'utf8');
  return [...code.matchAll(/^(?:import|export)\s[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => {
    const path = (match[1] ?? match[2] ?? match[3]) as string;
    return path.startsWith('.') ? normalize(join(dirname(file), path)) : path;
  });
};

const files = globSync('{schema,scripts,extensions}/**/*.ts', { exclude: (name) => /node_modules|dist/.test(String(name)) });

/** Folder -> what it may import; the first that fits a file counts. */
const allowed: readonly [RegExp, RegExp][] = [
  [/^schema\/tables\//, /^schema\/(fields|vocabulary)\.ts$/],
  [/^schema\/(fields|vocabulary|row-id|merge|derive)\.ts$/, /^schema\/fields\.ts$/],
  [/^schema\/(rows|layout)\.ts$/, /^(schema\/|zod$)/],
  [/^schema\//, /^schema\//],
  [/^extensions\/shared\//, /^(schema\/|extensions\/shared\/|knex$|node:|@directus\/)/],
  // A value that staff type to settle a conflict is read by the very readers of the sheet; they are pure and small.
  [/^extensions\/row-check-hook\/src\/third-value\.ts$/, /^(schema\/|extensions\/|knex$|scripts\/sync\/read-cell\.ts$)/],
  [/^extensions\//, /^(schema\/|extensions\/|knex$|node:|@directus\/|vue$|express$|qrcode$)/],
  [/^scripts\/sync\//, /^(schema\/|scripts\/sync\/|scripts\/sheets\/read|node:path$|chinese-days$)/],
  [/^scripts\/sheets\//, /^(?!scripts\/directus\/)/],
  [/^scripts\/directus\//, /^(?!scripts\/sheets\/)/],
];

test('the import rules of the tree hold', () => {
  expect(files.length).toBeGreaterThan(40);
  const broken = files.flatMap((file) => {
    const rule = allowed.find(([from]) => from.test(file));
    return rule
      ? importsOf(file)
          .filter((path) => !rule[1].test(path))
          .map((path) => `${file} imports ${path}`)
      : [];
  });
  expect(broken).toEqual([]);
});

test('only scripts/config.ts and the launcher read the environment', () => {
  const readers = files.filter((file) => file !== 'scripts/config.ts' && /process\.env\b/.test(readFileSync(file, 'utf8')));
  expect(readers).toEqual([]);
});

test('only scripts/directus calls the Directus API', () => {
  const callers = files.filter((file) => !file.startsWith('scripts/directus/') && importsOf(file).includes('@directus/sdk'));
  expect(callers).toEqual([]);
});
