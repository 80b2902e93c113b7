// Builds the extensions whose sources have changed, with Directus' own builder.
// Plain JavaScript, so that the launcher can run it in its own process.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]));

/** One hash over names and contents: what has been built is known by what went in. */
export const hashOf = (paths, root) => {
  const hash = createHash('sha256');
  for (const path of paths.filter((one) => existsSync(one))) {
    for (const file of statSync(path).isDirectory() ? filesUnder(path) : [path]) {
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 24);
};

/** The folders that Directus would load: a manifest that says so, and sources. */
export const extensionFolders = (root) => {
  const folder = join(root, 'extensions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => {
      const manifest = join(path, 'package.json');
      return existsSync(manifest) && existsSync(join(path, 'src')) && 'directus:extension' in JSON.parse(readFileSync(manifest, 'utf8'));
    });
};

/** What one extension is made of: its own sources, the model, the shared helpers, and the builder's version. */
export const extensionHash = (root, folder) =>
  hashOf([folder, join(root, 'schema'), join(root, 'extensions', 'shared'), join(root, 'package-lock.json')], root);

/** Runs the builder in the extension's folder; rejects with its own words. */
export const buildExtension = (node, root, folder, env) =>
  new Promise((resolve, reject) => {
    const cli = join(root, 'node_modules', '@directus', 'extensions-sdk', 'cli.js');
    // Only what a browser loads is worth shrinking, which takes a third of the time.
    const { type } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))['directus:extension'];
    const shrink = ['hook', 'endpoint', 'operation'].includes(type) ? ['--no-minify'] : [];
    const child = spawn(node, ['--no-warnings', cli, 'build', ...shrink], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    // The builder exits 0 after some faults; a missing result tells.
    child.on('close', (code) => (code === 0 && existsSync(join(folder, 'dist')) ? resolve(output) : reject(new Error(output))));
  });
