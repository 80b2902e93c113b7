/**
 * Opens any file that a school may send and says what tabs it holds, whatever its ending claims.
 * It never writes, never runs a formula or a macro, and answers a file that cannot be read with one clear problem.
 */
import { readFile as readBytes } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RawTab } from '../../schema/parsed.ts';
import { type ProblemCode, wording } from '../../schema/problems.ts';
import { decodeText, readCsv } from './read-csv.ts';
import { readWorkbook } from './read-workbook.ts';

export interface FileProblem {
  readonly code: ProblemCode;
  /** Chinese: what is wrong with the file and what to do. */
  readonly message: string;
}

/** The tabs of a file, or the one reason why there are none. */
export type FileReading =
  | { readonly tabs: readonly RawTab[]; readonly problem?: undefined }
  | { readonly tabs: readonly []; readonly problem: FileProblem };

/** A school's year of returns is under 2 MB; what is larger is pictures, or a sheet blown up by stray formats. */
const largest = 40_000_000;

const fails = (code: ProblemCode, name: string, detail?: string): FileReading => ({
  tabs: [],
  problem: { code, message: wording[code]({ tab: '', cell: '', row: 0, header: '', value: name, ...(detail ? { detail } : {}) }) },
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

/** What a zip holds shows in its file names, which stand uncompressed near its end. */
const zipKind = (bytes: Uint8Array): 'workbook' | 'text' | 'slides' | 'other' => {
  const names = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (names.includes('xl/workbook') || names.includes('content.xml'))
    return names.includes('application/vnd.oasis.opendocument.text') ? 'text' : 'workbook';
  if (names.includes('word/document')) return 'text';
  return names.includes('ppt/presentation') ? 'slides' : 'other';
};

const looksBinary = (bytes: Uint8Array): boolean => {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return false;
  return bytes.subarray(0, 4096).includes(0);
};

const workbook = (content: Uint8Array | string, name: string): FileReading => {
  try {
    return { tabs: readWorkbook(content) };
  } catch (error) {
    // SheetJS has no error classes; a password is the only case that its message alone tells apart from damage.
    return fails(/password|encrypt/i.test((error as Error).message) ? 'unreadable/encrypted' : 'unreadable/damaged', name);
  }
};

/** Reads the bytes of a file. `name` only serves the message. */
export const readBytesOf = (bytes: Uint8Array, name: string): FileReading => {
  if (bytes.length === 0) return fails('unreadable/empty', name);
  if (bytes.length > largest) return fails('unreadable/too-large', name, `${largest / 1_000_000} MB`);
  const stranger = strangers.find(([mark]) => begins(bytes, mark));
  if (stranger) return fails('unreadable/not-a-workbook', name, `是${stranger[1]}`);
  if (begins(bytes, 'PK')) {
    const kind = zipKind(bytes);
    if (kind === 'workbook') return workbook(bytes, name);
    return fails(
      begins(bytes, 'PK\x03\x04') && kind === 'other' && /\.(xlsx|xlsm|ods)$/i.test(name) ? 'unreadable/damaged' : 'unreadable/not-a-workbook',
      name,
      kind === 'text' ? '是文字稿' : kind === 'slides' ? '是演示文稿' : '是压缩包',
    );
  }
  if (begins(bytes, '\xd0\xcf\x11\xe0')) return workbook(bytes, name);
  // An early .xls without a container begins with its own record number.
  if (bytes[0] === 0x09 && (bytes[1] ?? 99) <= 8) return workbook(bytes, name);
  if (looksBinary(bytes)) return fails('unreadable/not-a-workbook', name);
  const text = decodeText(bytes);
  // Many school systems export a web page or plain XML under the name .xls.
  if (/^\s*(<\?xml|<!doctype html|<html|<table|<meta|<head)/i.test(text)) return workbook(text, name);
  return { tabs: [readCsv(bytes)] };
};

/** Reads one file. A missing or unreadable file is an answer, not an exception. */
export const readFile = async (path: string): Promise<FileReading> => {
  const name = basename(path);
  try {
    return readBytesOf(await readBytes(path), name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fails('unreadable/missing', name);
    if (code) return fails('unreadable', name, code === 'EACCES' || code === 'EPERM' || code === 'EBUSY' ? '文件正被占用或没有读取权限' : code);
    throw error;
  }
};
