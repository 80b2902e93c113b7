// A lock that is a file with the holder's process id: one set-up, or one database, is worked on by one process at a time.
// Plain JavaScript without dependencies, because the launcher needs it before anything is installed.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error.code === 'EPERM';
  }
};

const holderOf = (file) => {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // A file without a number was left by a process that died while writing it, unless it is being written right now.
    if (!Number.isInteger(pid) || pid <= 0) return Date.now() - statSync(file).mtimeMs > 5000 ? null : -1;
    return pid === process.pid || isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
};

const tryTake = (file) => {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (holderOf(file) === null) rmSync(file, { force: true });
    return false;
  }
};

/**
 * Takes the lock, waiting while another living process holds it; a dead holder's lock is taken over.
 * `onWait` is told once whom we wait for; `giveUp` is asked now and then, and ends the waiting with null.
 * Returns the function that gives the lock back.
 */
export const takeLock = async (file, { onWait = () => {}, giveUp = async () => false } = {}) => {
  let told = false;
  while (!tryTake(file)) {
    const holder = holderOf(file);
    if (holder !== null && holder > 0 && !told) {
      told = true;
      onWait(holder);
    }
    await new Promise((resolve) => setTimeout(resolve, holder === null ? 5 : 200));
    if (holder !== null && (await giveUp())) return null;
  }
  return () => rmSync(file, { force: true });
};
