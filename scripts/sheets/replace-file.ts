/**
 * Replaces a file that other people also write: never while an editor has it open, never over newer content, never half.
 * It never looks at what the file holds.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What a file was when it was read. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads a file together with its stamp. */
export const readStamped = async (path: string): Promise<{ bytes: Buffer; stamp: FileStamp }> => {
  const { size, mtimeMs } = await stat(path);
  const bytes = await readFile(path);
  return { bytes, stamp: { size, mtimeMs, sha256: hashOf(bytes) } };
};

/** Lock files of Excel and WPS (`~$name`), of LibreOffice (`.~lock.name#`) and of older WPS (`.~name`). */
export const lockFiles = (path: string): string[] =>
  ['~$', '.~lock.', '.~'].map((mark) => join(dirname(path), `${mark}${basename(path)}${mark === '.~lock.' ? '#' : ''}`));

/** The lock file of whoever has the file open, or null. */
export const openedBy = (path: string): string | null => lockFiles(path).find((lock) => existsSync(lock)) ?? null;

/** Folder scans must pass over this name: it exists only for moments, or after a power cut. */
export const temporaryName = (path: string): string => join(dirname(path), `.${basename(path)}.kehou-tmp`);

/** Shares, and Windows, know no flushing of a folder. By now the file is in its place. */
const cannotFlush = new Set(['EINVAL', 'EISDIR', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'EBADF', 'ENOSYS']);

const syncFolder = async (path: string): Promise<void> => {
  try {
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!cannotFlush.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
};

const unchangedSince = async (path: string, stamp: FileStamp): Promise<boolean> => {
  const now = await stat(path);
  return now.size === stamp.size && now.mtimeMs === stamp.mtimeMs;
};

export type Replaced = { readonly written: true; readonly stamp: FileStamp } | { readonly written: false; readonly reason: 'locked' | 'changed' };

/**
 * Writes `bytes` in place of the file, whole or not at all: beside it, flushed, then renamed. With `since`, only if the
 * file still has that size and time; its content was compared by whoever read it.
 */
export const replaceFile = async (path: string, bytes: Uint8Array, since?: FileStamp): Promise<Replaced> => {
  if (openedBy(path)) return { written: false, reason: 'locked' };
  const temporary = temporaryName(path);
  const mode = existsSync(path) ? (await stat(path)).mode & 0o777 : 0o644;
  try {
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (openedBy(path)) return { written: false, reason: 'locked' };
    if (since && !(await unchangedSince(path, since))) return { written: false, reason: 'changed' };
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(path);
  const { size, mtimeMs } = await stat(path);
  return { written: true, stamp: { size, mtimeMs, sha256: hashOf(bytes) } };
};
