/**
 * Watches how much memory processes hold, from outside, through Linux' /proc.
 * It never slows them down by more than a few reads a second.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { UsageError } from '../../cli.ts';

const megabyte = 2 ** 20;

/** A file of /proc; null where the process has ended meanwhile. */
const procFile = (pid: number, name: string): string | null => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
};

/** Resident memory now, in megabytes. */
const residentMb = (pid: number): number => {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(procFile(pid, 'status') ?? '')?.[1];
  return (Number(kilobytes ?? 0) * 1024) / megabyte;
};

const parentOf = (pid: number): number =>
  Number(
    procFile(pid, 'stat')
      ?.replace(/^.*\) \S /s, '')
      .split(' ')[0] ?? 0,
  );

/** A process and everything that it has started. */
const familyOf = (root: number): number[] => {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
  const family = [root];
  for (const member of family) family.push(...all.filter((pid) => parents.get(pid) === member));
  return family;
};

export interface MemoryWatch {
  /** The largest single process of each family since the watch began, in megabytes. */
  stop(): Record<string, number>;
}

/** Ten looks a second. Throws UsageError on systems without /proc. */
export const watchMemory = (families: Readonly<Record<string, number>>): MemoryWatch => {
  if (!existsSync('/proc/self/status')) throw new UsageError('内存这一项只能在 Linux 上量 / memory can only be measured on Linux');
  const peaks: Record<string, number> = {};
  const look = (): void => {
    for (const [name, root] of Object.entries(families)) {
      for (const pid of familyOf(root)) peaks[name] = Math.max(peaks[name] ?? 0, residentMb(pid));
    }
  };
  look();
  const timer = setInterval(look, 100);
  return {
    stop() {
      look();
      clearInterval(timer);
      return Object.fromEntries(Object.entries(peaks).map(([name, peak]) => [name, Math.round(peak)]));
    },
  };
};
