/**
 * The shared folder of workbooks: which files are there, and whose they are.
 * It opens no workbook.
 */
import { readdir } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import type { RawTab } from '../../schema/parsed.ts';
import { plainTabs } from '../../schema/sheets.ts';
import type { WorkbookMeta } from './source.ts';
import { isCompanion } from './workbook-answers.ts';
import { metaKeys } from './workbook-create.ts';

const readable = new Set(['.xlsx', '.xlsm', '.xls', '.ods', '.csv']);

/** Lock files, half-written files and our own companions are no workbooks of a school. */
export const isWorkbook = (name: string): boolean => readable.has(extname(name).toLowerCase()) && !/^[.~]/.test(name) && !isCompanion(name);

/** A workbook's name below the folder, always with forward slashes: the `place` of its source. */
export const placeOf = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');

/** What is below a folder: its workbooks, and the folders that may not be looked into. Both in a stable order. */
export interface FolderTree {
  readonly files: readonly string[];
  readonly closed: readonly string[];
}

/** Throws the error of the file system where the folder itself cannot be read. */
export const readTree = async (folder: string): Promise<FolderTree> => {
  const files: string[] = [];
  const closed: string[] = [];
  const waiting = [folder];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const entries = await readdir(at, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (at === folder || !['EACCES', 'EPERM', 'ENOENT'].includes(error.code ?? '')) throw error;
      // Removed since its parent was listed: nothing to say.
      if (error.code !== 'ENOENT') closed.push(at as string);
      return [];
    });
    for (const entry of entries) {
      if (entry.isDirectory()) waiting.push(join(at, entry.name));
      else if (entry.isFile() && isWorkbook(entry.name)) files.push(join(at, entry.name));
    }
  }
  return { files: files.sort(), closed: closed.sort() };
};

/** All workbooks below a folder, in a stable order. A folder that is not there holds none. */
export const listWorkbooks = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readTree(folder)).files;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** What the very hidden `_kehou` tab says; null for a workbook that is not made from the model. */
export const metaOf = (tabs: readonly RawTab[]): WorkbookMeta | null => {
  const meta = tabs.find((tab) => tab.name === plainTabs.meta);
  if (!meta) return null;
  const values = new Map(meta.rows.map((row) => [String(row[0]?.value ?? ''), String(row[1]?.value ?? '')]));
  return { school: values.get(metaKeys.school) ?? '', term: values.get(metaKeys.term) ?? '', model: Number(values.get(metaKeys.model) ?? 0) };
};

const bare = (name: string): string =>
  name
    .replace(/[((]示例[))]/g, '')
    .replace(/^.{1,4}[县市区]/, '')
    .trim();

/** The one school that a place names, by its code or by its name; null where none or several fit. */
export const schoolNamed = (place: string, schools: readonly { readonly code: string; readonly name: string }[]): string | null => {
  const byCode = schools.filter((school) => place.includes(school.code));
  if (byCode.length === 1) return (byCode[0] as { code: string }).code;
  const file = basename(place, extname(place));
  const fitting = schools.filter((school) => bare(school.name).length > 1 && (place.includes(school.name) || file.includes(bare(school.name))));
  const longest = Math.max(0, ...fitting.map((school) => school.name.length));
  const best = fitting.filter((school) => school.name.length === longest);
  return best.length === 1 ? (best[0] as { code: string }).code : null;
};
