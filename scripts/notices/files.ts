/** Files of a print run: names and whole-or-nothing writes. No child's name ever becomes a file name. */
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { className } from '../../schema/vocabulary.ts';
import type { Facts } from './facts.ts';

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

export const classFileEnd = '_打印.pdf';

/** Path of the print-ready document of a class. */
export const classFile = (grade: number, classNo: string): string => `${classFolder(grade, classNo)}${classFileEnd}`;

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

const isLeftover = (name: string): boolean => /(^|[/\\])\.(printing\.)?[0-9a-f-]{36}(\.tmp)?$/.test(name);
/** Nobody writes one file for longer than this. */
const hour = 3_600_000;

/** Removes what killed runs have left half written; not what somebody may be writing this very moment. */
export const sweep = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!isLeftover(name)) continue;
    const path = join(folder, name);
    const there = await stat(path).catch(() => null);
    if (there && Date.now() - there.mtimeMs > hour) await rm(path, { force: true });
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

export const hashIfThere = async (path: string): Promise<string | null> => {
  const bytes = await readIfThere(path);
  return bytes && sha256(bytes);
};

/** Whether the file is there with exactly this content. */
export const isIntact = async (path: string, hash: string | null): Promise<boolean> => hash !== null && (await hashIfThere(path)) === hash;

/** Where this run's letters lie: the folder that is named, else one of its own for school, term and kind. */
export const runFolder = (notices: string, { school, term, matter }: Facts, kind: string): string => {
  const day = matter?.from_on ? `_${matter.from_on}` : '';
  return join(notices, pathPart(`${school.code}_${school.name}`), `${term.id}_${kind}${day}`);
};

export const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export const copyWhole = async (from: string, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(to), `.${randomUUID()}.tmp`);
  await copyFile(from, temporary);
  await rename(temporary, to);
};
