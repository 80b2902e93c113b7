/**
 * Opens any file that a school may send and says what tabs it holds, whatever its ending claims.
 * It never writes, never runs a formula or a macro, and answers a file that cannot be read with one clear problem.
 */
import { readFile as readBytes, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RawTab } from '../../schema/parsed.ts';
import { type ProblemCode, wording } from '../../schema/problems.ts';
import { decodeText, readCsv } from './read-csv.ts';
import { Refusal, readingLimits } from './read-limits.ts';
import { shownName } from './read-name.ts';
import { kindOfZip, type ZipKind } from './read-parts.ts';
import { readWorkbook } from './read-workbook.ts';
import { zipEntries } from './read-zip.ts';

export interface FileProblem {
  readonly code: ProblemCode;
  /** Chinese: what is wrong with the file and what to do. */
  readonly message: string;
  /** For the log, where the program failed and not the file: what it stumbled over. Holds nothing of the file. */
  readonly fault?: string;
}

/** The tabs of a file, or the one reason why there are none. */
export type FileReading =
  | { readonly tabs: readonly RawTab[]; readonly problem?: undefined }
  | { readonly tabs: readonly []; readonly problem: FileProblem };

/** A file that is not read: its one sentence. `name` may be any text; it is made fit to be shown. */
export const fails = (code: ProblemCode, name: string, detail?: string): FileReading & { readonly problem: FileProblem } => ({
  tabs: [],
  problem: { code, message: wording[code]({ tab: '', cell: '', row: 0, header: '', value: shownName(name), ...(detail ? { detail } : {}) }) },
});

const begins = (bytes: Uint8Array, text: string): boolean => [...text].every((character, index) => bytes[index] === character.charCodeAt(0));

/** Kinds of files that get attached by mistake, by their first bytes. */
const strangers: readonly (readonly [string, string])[] = [
  ['%PDF', 'PDF 文件'],
  ['\x89PNG', '图片'],
  ['\xff\xd8\xff', '图片'],
  ['GIF8', '图片'],
  ['Rar!', '压缩包'],
  ['7z\xbc\xaf', '压缩包'],
  ['{\\rtf', '文字稿'],
];

const zipWords: Readonly<Partial<Record<ZipKind, string>>> = { text: '是文字稿', slides: '是演示文稿', other: '是压缩包' };

/** A zip whose list is cut off can only be a damaged one; of a whole zip the list says what it is. */
const readZip = (bytes: Uint8Array, name: string): FileReading => {
  try {
    const word = zipWords[kindOfZip(bytes, zipEntries(bytes))];
    return word ? fails('unreadable/not-a-workbook', name, word) : { tabs: readWorkbook(bytes) };
  } catch (error) {
    return refused(error, name);
  }
};

const looksBinary = (bytes: Uint8Array): boolean => {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return false;
  return bytes.subarray(0, 4096).includes(0);
};

const refused = (error: unknown, name: string): FileReading => {
  if (error instanceof Refusal) return fails(error.code, name, error.detail);
  // SheetJS has no error classes; a password is the only case that its message alone tells apart from damage.
  return fails(error instanceof Error && /password|encrypt/i.test(error.message) ? 'unreadable/encrypted' : 'unreadable/damaged', name);
};

const attempt = (name: string, read: () => readonly RawTab[]): FileReading => {
  try {
    return { tabs: read() };
  } catch (error) {
    return refused(error, name);
  }
};

const workbook = (content: Uint8Array | string, name: string): FileReading => attempt(name, () => readWorkbook(content));

/** Reads the bytes of a file. `name` only serves the message. */
export const readBytesOf = (bytes: Uint8Array, name: string): FileReading => {
  if (bytes.length === 0) return fails('unreadable/empty', name);
  if (bytes.length > readingLimits.file) return fails('unreadable/too-large', name, `${readingLimits.file / 1_000_000} MB`);
  const stranger = strangers.find(([mark]) => begins(bytes, mark));
  if (stranger) return fails('unreadable/not-a-workbook', name, `是${stranger[1]}`);
  if (begins(bytes, 'PK')) return readZip(bytes, name);
  if (begins(bytes, '\xd0\xcf\x11\xe0')) return workbook(bytes, name);
  // An early .xls without a container begins with its own record number.
  if (bytes[0] === 0x09 && (bytes[1] ?? 99) <= 8) return workbook(bytes, name);
  if (looksBinary(bytes)) return fails('unreadable/not-a-workbook', name);
  const text = decodeText(bytes);
  // Many school systems export a web page or plain XML under the name .xls.
  if (/^\s*(<\?xml|<!doctype html|<html|<table|<meta|<head)/i.test(text)) return workbook(text, name);
  return attempt(name, () => [readCsv(bytes)]);
};

const readPath = async (path: string, name: string): Promise<FileReading> => {
  const { size } = await stat(path);
  // Asked before the file is read: what is too large shall not be in memory first.
  return size > readingLimits.file
    ? fails('unreadable/too-large', name, `${readingLimits.file / 1_000_000} MB`)
    : readBytesOf(await readBytes(path), name);
};

const words: Readonly<Record<string, string>> = { EISDIR: '是文件夹,不是文件', ENAMETOOLONG: '文件名太长', EIO: '磁盘或共享盘读不出来' };
const inUse = new Set(['EACCES', 'EPERM', 'EBUSY']);

/** Reads one file. A missing or unreadable file is an answer, not an exception. */
export const readFile = async (path: string, name = basename(path)): Promise<FileReading> => {
  try {
    return await readPath(path, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fails('unreadable/missing', name);
    if (code) return fails('unreadable', name, inUse.has(code) ? '文件正被占用或没有读取权限' : (words[code] ?? code));
    throw error;
  }
};
