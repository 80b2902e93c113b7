/**
 * Watches the shared folder: tells that a workbook has been saved, moved in or taken away. A workbook that is open in an editor is
 * news only once it is closed. It reads no workbook.
 */
import { stat, statfs } from 'node:fs/promises';
import { watch } from 'chokidar';
import { listWorkbooks, placeOf } from './folder.ts';
import { openedBy } from './replace-file.ts';
import { watchByLooking } from './watch-poll.ts';

/** Milliseconds. A save by an editor takes a fraction of this; it is what a school waits for at least. */
const settle = 500;
/** Where the system tells nothing of what others do on the share. */
const everyPolled = 3000;
/** Beside the system's own reports: some get lost when very much happens at once. */
const everyTold = 60_000;

/** File systems that somebody else writes to behind our back: NFS, SMB and CIFS, FUSE, 9P, VirtualBox, AFS, Ceph (statfs(2), Linux). */
const remote = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x786f4256, 0x5346414f, 0x00c36400]);

/** Whether the system's reports can be relied on. Without a folder there is nothing that it could watch. */
export const reportsReach = async (folder: string): Promise<boolean> => {
  // Windows shares, and on a Mac everything that is mounted.
  if (folder.startsWith('\\\\') || (process.platform === 'darwin' && folder.startsWith('/Volumes/'))) return false;
  try {
    const { type } = await statfs(folder);
    return process.platform !== 'linux' || !remote.has(type);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
};

type Stamps = ReadonlyMap<string, string>;

const stampOf = async (path: string): Promise<string | null> => {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** An open workbook counts as what it was when it was last closed: saves in between are for later, and closing without one is no news. */
const lookAt = async (folder: string, before: Stamps): Promise<Stamps> => {
  const now = new Map<string, string>();
  for (const path of await listWorkbooks(folder)) {
    const place = placeOf(folder, path);
    const stamp = openedBy(path) ? (before.get(place) ?? null) : await stampOf(path);
    if (stamp !== null) now.set(place, stamp);
  }
  return now;
};

const folderLook = (folder: string): (() => Promise<string>) => {
  let stamps: Stamps = new Map();
  return async () => {
    stamps = await lookAt(folder, stamps);
    return JSON.stringify([...stamps]);
  };
};

/** What a person may want to know of a folder that cannot be read. */
const sayFault = (folder: string, error: NodeJS.ErrnoException): string =>
  error.code === 'EACCES' || error.code === 'EPERM' ? `没有读取填报表文件夹 ${folder} 的权限` : `填报表文件夹 ${folder} 看不了:${error.message}`;

/** Reported on by the system where that can be relied on, else looked at every few seconds; `poll` looks in any case. */
export const watchFolder = async (
  folder: string,
  changed: () => void,
  failed: (message: string) => void,
  options: { readonly poll?: boolean } = {},
): Promise<{ stop(): Promise<void> }> => {
  let told = !options.poll && (await reportsReach(folder));
  const look = folderLook(folder);
  const watching = watchByLooking({
    every: () => (told ? everyTold : everyPolled),
    settle,
    look: () =>
      look().catch((error: unknown) => {
        throw new Error(sayFault(folder, error as NodeJS.ErrnoException), { cause: error });
      }),
    changed,
    failed,
  });
  const watcher = told ? watch(folder, { ignoreInitial: true }) : null;
  watcher?.on('all', () => watching.nudge());
  watcher?.on('error', (error) => {
    if (told) failed(`系统不再通知填报表文件夹的变动(${(error as NodeJS.ErrnoException).code ?? '原因不明'}),改为每隔几秒查看`);
    told = false;
    watching.nudge();
  });
  return {
    async stop() {
      await watcher?.close();
      await watching.stop();
    },
  };
};
