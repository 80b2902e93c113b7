/**
 * Puts a finished folder in the place of the one that is up, in one step that readers do not notice.
 * Never replaces a folder that this program has not made itself.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../cli.ts';

/** Stands in every site that we have built; a dot file, so no server hands it out. */
export const siteMark = '.kehou-showcase.json';

/** Where the former site waits for the length of a rename; after a crash it is the one to serve. */
export const previousOf = (out: string): string => `${out}.previous`;

/** Throws UsageError where `out` holds something that is not a showcase. */
export const checkTarget = async (out: string): Promise<void> => {
  if (!existsSync(out) || existsSync(join(out, siteMark))) return;
  const entries = await readdir(out).catch((error: unknown) => {
    throw new UsageError(`${out} 不是文件夹,请用 --out 另选一个。`, { cause: error });
  });
  if (entries.length > 0) throw new UsageError(`${out} 里有别的文件,不能在这里建站。请用 --out 另选一个空文件夹。`);
};

/** A new folder beside `out`, on the same disk, so that the swap is a mere rename. */
export const openWorkshop = async (out: string): Promise<string> => {
  await mkdir(dirname(out), { recursive: true });
  return mkdtemp(join(dirname(out), `.${basename(out)}-`));
};

export const writeMark = (folder: string, mark: { readonly cases: readonly string[] }): Promise<void> =>
  writeFile(join(folder, siteMark), JSON.stringify(mark));

/** Ids of the cases of the site that is up; none where there is none. */
export const casesUp = async (out: string): Promise<string[]> => {
  const file = [out, previousOf(out)].map((folder) => join(folder, siteMark)).find((path) => existsSync(path));
  return file ? ((JSON.parse(await readFile(file, 'utf8')) as { cases?: string[] }).cases ?? []) : [];
};

/** The new site goes up, the former one goes away. A crash in between leaves the former one at `previousOf(out)`. */
export const swapIn = async (folder: string, out: string): Promise<void> => {
  const previous = previousOf(out);
  if (existsSync(out)) {
    await rm(previous, { recursive: true, force: true });
    await rename(out, previous);
  }
  try {
    await rename(folder, out);
  } catch (error) {
    if (existsSync(previous)) await rename(previous, out);
    throw error;
  }
  await rm(previous, { recursive: true, force: true });
};
