/**
 * Lets one build after another touch the sites of a folder, across processes. A lock whose owner has died counts for nothing.
 * Never waits for ever: after `patience` it says who is in the way.
 */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { UsageError } from '../cli.ts';
import { isAlive } from '../setup/lock.mjs';

const patience = 600_000;
const pause = 100;

const ownerOf = async (file: string): Promise<number | null> => {
  try {
    return Number((await readFile(file, 'utf8')).trim()) || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

const take = async (file: string): Promise<boolean> => {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** Builds of this very process wait for each other here: to the file they all look like one owner. */
const queues = new Map<string, Promise<unknown>>();

const waitFor = async (file: string): Promise<void> => {
  const until = Date.now() + patience;
  await mkdir(dirname(file), { recursive: true });
  while (!(await take(file))) {
    const owner = await ownerOf(file);
    if (owner !== null && owner !== process.pid && isAlive(owner)) {
      if (Date.now() > until) throw new UsageError(`另一个程序(进程 ${owner})一直在更新案例网站。等它做完再试。`);
      await setTimeout(pause);
    } else if (owner !== null) await rm(file, { force: true });
    // Made this very moment and not yet signed: its owner signs at once, or has died in between.
    else {
      await setTimeout(pause);
      if ((await ownerOf(file)) === null) await rm(file, { force: true });
    }
  }
};

const locked = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  await waitFor(file);
  try {
    return await work();
  } finally {
    if ((await ownerOf(file)) === process.pid) await rm(file, { force: true });
  }
};

/** Does `work` while no other build that names the same lock file is at work. */
export const withSiteLock = <T>(file: string, work: () => Promise<T>): Promise<T> => {
  const before = queues.get(file) ?? Promise.resolve();
  const mine = before.then(
    () => locked(file, work),
    () => locked(file, work),
  );
  queues.set(file, mine);
  return mine;
};
