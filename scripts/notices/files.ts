/** Files of a print run: names, whole-or-nothing writes, and one run at a time. No child's name ever becomes a file name. */
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../cli.ts';
import { className } from './wording.ts';

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** A class or school name as one safe part of a path. */
export const pathPart = (text: string): string =>
  text
    .replace(/[\p{Cc}/\\:*?"<>|]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 80) || '_';

/** `3年级2班` */
export const classFolder = (grade: number, classNo: string): string => pathPart(`${grade}年级${className(classNo)}`);

/** Path of a letter below the folder of its run. */
export const letterFile = (grade: number, classNo: string, studentId: string): string =>
  join(classFolder(grade, classNo), `${pathPart(studentId)}.pdf`);

/** Path of the print-ready document of a class. */
export const classFile = (grade: number, classNo: string): string => `${classFolder(grade, classNo)}_打印.pdf`;

/** Writes beside the target and renames: a reader sees the old file or the new one, never half of one. Only the owner may read it. */
export const writeWhole = async (path: string, content: Uint8Array | string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

export const readIfThere = async (path: string): Promise<Buffer | null> => {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** Whether the file is there with exactly this content. */
export const isIntact = async (path: string, hash: string | null): Promise<boolean> => {
  const bytes = await readIfThere(path);
  return bytes !== null && sha256(bytes) === hash;
};

export const copyWhole = async (from: string, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(to), `.${randomUUID()}.tmp`);
  await copyFile(from, temporary);
  await rename(temporary, to);
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Keeps a second run out of the folder for as long as `work` takes. A lock left by a killed run is taken over. */
export const alone = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  const lock = join(folder, '.printing');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const holder = Number((await readIfThere(lock))?.toString() ?? Number.NaN);
  if (Number.isInteger(holder) && holder !== process.pid && isAlive(holder))
    throw new UsageError(`这个文件夹正在由另一个进程(${holder})印制:${folder}。请等它完成,或换一个 --out。`);
  await writeFile(lock, String(process.pid), { mode: 0o600 });
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
};
