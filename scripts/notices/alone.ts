/**
 * One at a time in a folder, also where clerks at several machines share it: a lock file whose holder keeps it warm.
 * A lock is told dead by its process on this machine, else by its silence as the folder's own clock has it; never by comparing the clocks
 * of two machines. Whoever was taken for dead and wakes up again finds out before it writes the next thing.
 */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Holder } from '../../schema/press.ts';
import { UsageError } from '../cli.ts';
import { isAlive } from '../setup/lock.mjs';
import { readIfThere } from './files.ts';

/** Throws UsageError when the folder belongs to somebody else by now; ask before writing what must not be there twice. */
export type Hold = () => Promise<void>;

export interface LockTimes {
  /** Milliseconds between signs of life. */
  readonly beat: number;
  /** Milliseconds of silence after which a holder on another machine counts as dead. */
  readonly silence: number;
  /** Tells this machine from others that may have the same name. */
  readonly machine: string;
}

/** Somebody else prints or sends the same; worth another try later. */
export class BusyError extends UsageError {
  override name = 'BusyError';
}

const addressesOf = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ mac }) => mac)
    .filter((mac) => mac !== '00:00:00:00:00:00');

/** Names are given twice (copied images, `localhost`); network cards are not. */
export const thisMachine = (): string =>
  createHash('sha256')
    .update([hostname(), ...new Set(addressesOf().sort())].join(' '))
    .digest('hex')
    .slice(0, 16);

const lockName = '.printing';

/** What this process holds: its own number in a lock says nothing, numbers come back. */
const held = new Set<string>();

/** This process as a holder; it counts as alive from now on. */
export const newHolder = (machine: string): Holder => {
  const id = randomUUID();
  held.add(id);
  return { id, host: hostname(), machine, pid: process.pid, since: new Date().toLocaleString('zh-CN') };
};

/** Whether this machine can see that the holder is no more. */
export const hasEnded = (holder: Holder, machine: string): boolean =>
  !held.has(holder.id) && holder.machine === machine && (holder.pid === process.pid || !isAlive(holder.pid));

/** Null for a lock whose writer was killed before it had said who it is, or of an older version. */
const holderIn = (bytes: Buffer | null): Holder | null => {
  try {
    const found = JSON.parse(bytes?.toString() ?? '') as Holder;
    return typeof found?.id === 'string' ? found : null;
  } catch {
    return null;
  }
};

/** Milliseconds since the last sign of life, both moments taken from the folder's own clock. Null when there is no lock any more. */
const silenceOf = async (folder: string, lock: string): Promise<number | null> => {
  const probe = join(folder, `${lockName}.${randomUUID()}`);
  try {
    await writeFile(probe, '', { mode: 0o600 });
    const [now, last] = await Promise.all([stat(probe), stat(lock)]);
    return now.mtimeMs - last.mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    await rm(probe, { force: true });
  }
};

const waitWords = (ms: number): string => (ms < 60_000 ? `${Math.ceil(ms / 1000)} 秒` : `${Math.ceil(ms / 60_000)} 分钟`);

/** `what` is the notice or the folder that somebody else is at work on. */
export const inUse = (what: string, holder: Holder | null, silence: number): BusyError =>
  new BusyError(
    `正在由${holder ? `「${holder.host}」上的另一个进程(${holder.pid},${holder.since} 开始)` : '另一个进程'}印制或发送:${what}。请等它完成再办。如果那台机器已经关机或断网,过 ${waitWords(silence)}再试,会自动接着办。`,
  );

const isDead = async (folder: string, lock: string, holder: Holder | null, { machine, silence }: LockTimes): Promise<boolean> => {
  if (holder && held.has(holder.id)) return false;
  if (holder && hasEnded(holder, machine)) return true;
  const quiet = await silenceOf(folder, lock);
  return quiet === null || quiet > silence;
};

/** Writes the lock where none is; false where one is. */
const create = async (lock: string, holder: Holder): Promise<boolean> => {
  try {
    await writeFile(lock, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** Takes a dead lock away. Its holder may have woken up and made room for a live one: that one is left, or put back. */
const clear = async (folder: string, lock: string, dead: Holder | null, silence: number): Promise<void> => {
  const bytes = await readIfThere(lock);
  if (bytes === null) return;
  const present = holderIn(bytes);
  if (present?.id !== dead?.id) throw inUse(folder, present, silence);
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = holderIn(await readIfThere(aside));
  if (moved?.id !== dead?.id) {
    // Where its place is taken already, whoever took it has won, and the one put aside finds out at its next beat.
    await copyFile(aside, lock, constants.COPYFILE_EXCL).catch((error: unknown) => error);
    await rm(aside, { force: true });
    throw inUse(folder, moved, silence);
  }
  await rm(aside, { force: true });
};

/** One at a time decides about a dead lock; whoever was killed while deciding is in the way no longer than a dead lock is. */
const decide = async (folder: string, lock: string, own: Holder, dead: Holder | null, { silence }: LockTimes): Promise<void> => {
  const deciding = `${lock}.deciding`;
  if (!(await create(deciding, own))) {
    if (((await silenceOf(folder, deciding)) ?? 0) > silence) await rm(deciding, { force: true });
    throw inUse(folder, dead, silence);
  }
  try {
    await clear(folder, lock, dead, silence);
  } finally {
    await rm(deciding, { force: true });
  }
};

const take = async (folder: string, lock: string, own: Holder, times: LockTimes): Promise<void> => {
  // Each turn either wins, or finds somebody alive, or clears one dead lock away.
  for (let turn = 0; turn < 5; turn += 1) {
    if (await create(lock, own)) return;
    const holder = holderIn(await readIfThere(lock));
    if (!(await isDead(folder, lock, holder, times))) throw inUse(folder, holder, times.silence);
    await decide(folder, lock, own, holder, times);
  }
  throw inUse(folder, null, times.silence);
};

/** Writing is the sign of life: the folder's server stamps it with its own time. Never makes the file anew. */
const beat = async (lock: string, own: Holder): Promise<void> => {
  const file = await open(lock, 'r+');
  try {
    await file.write(JSON.stringify(own), 0);
  } finally {
    await file.close();
  }
};

/** Does the work while `confirm` says every now and then that it goes on; `confirm` throws where the place is somebody else's by now. */
export const keepWarm = async <T>(own: Holder, confirm: () => Promise<void>, every: number, work: (hold: Hold) => Promise<T>): Promise<T> => {
  let confirmed = performance.now();
  const again = async (): Promise<void> => {
    await confirm();
    confirmed = performance.now();
  };
  const timer = setInterval(() => {
    // A sign of life that fails is noticed by the next `hold`, which does not trust an old one.
    again().catch((error: unknown) => error);
  }, every);
  try {
    return await work(async () => {
      if (performance.now() - confirmed > 2 * every) await again();
    });
  } finally {
    clearInterval(timer);
    held.delete(own.id);
  }
};

export const usual = (): LockTimes => ({ beat: 5000, silence: 120_000, machine: thisMachine() });

/**
 * Keeps everybody else out of the folder for as long as `work` takes; a dead lock is taken over. Throws UsageError where somebody alive
 * works there.
 */
export const alone = async <T>(folder: string, work: (hold: Hold) => Promise<T>, times: LockTimes = usual()): Promise<T> => {
  const lock = join(folder, lockName);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = newHolder(times.machine);
  await take(folder, lock, own, times);
  const isMine = async (): Promise<boolean> => holderIn(await readIfThere(lock))?.id === own.id;
  const confirm = async (): Promise<void> => {
    if (!(await isMine())) throw new UsageError(`这个文件夹已由别的机器接着办,本机停下,没有写完的由它写完:${folder}。`);
    await beat(lock, own);
  };
  try {
    return await keepWarm(own, confirm, times.beat, work);
  } finally {
    if (await isMine()) await rm(lock, { force: true });
  }
};
