/** Builds that are killed at any moment: the site that is up is always a whole one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { markUp } from '../../scripts/showcase/site-folder.ts';
import { buildShowcase } from '../../scripts/showcase.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { sampleRows, settings } from './sample-county.ts';

const program = fileURLToPath(new URL('build-again.ts', import.meta.url));

test('whenever a build is killed, one whole site is up, and the next build goes through and leaves nothing behind', async () => {
  const home = await mkdtemp(join(tmpdir(), 'kehou-kill-'));
  const out = join(home, 'showcase');
  const build = (count: number) =>
    buildShowcase(fakeStore(sampleRows(count), settings), {
      publicUrl: 'http://kehou.example',
      timezone: 'Asia/Shanghai',
      folders: { showcase: out },
    });
  await build(2);
  const states = new Set<number>();
  for (let round = 0; round < 8; round += 1) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, out], { stdio: ['ignore', 'pipe', 'inherit'] });
    // It says when it begins; the time until the end is another one in every round.
    await once(child.stdout, 'data');
    await setTimeout(60 * round + 7);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const mark = await markUp(out);
    const pages = Object.keys(mark?.files ?? {});
    expect(pages.length).toBeGreaterThan(20);
    for (const path of pages) expect(existsSync(join(out, path)), path).toBe(true);
    expect(await readFile(join(out, 'index.html'), 'utf8')).toContain(`<dd>${mark?.cases.length}</dd>`);
    states.add(mark?.cases.length ?? 0);
  }
  expect([...states].every((count) => count >= 2 && count <= 6)).toBe(true);
  await build(3);
  expect((await markUp(out))?.cases).toHaveLength(3);
  expect((await readdir(home)).filter((name) => name.startsWith('.'))).toHaveLength(1);
  await rm(home, { recursive: true, force: true });
}, 120_000);
