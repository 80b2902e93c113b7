/**
 * The folder of a site in the making: what has not changed is taken over from a site that is there, the rest is written; then the
 * whole goes up in one step. `out` is a link to a folder beside it, and a link is replaced at once: whenever the program is stopped,
 * either the former site is up or the new one. Never touches a folder that this program has not made itself.
 */
import { createHash } from 'node:crypto';
import { existsSync, linkSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Choice } from '../../schema/cases/request.ts';
import { UsageError } from '../cli.ts';

/** Stands in every site that we have built; a dot file, so no server hands it out. */
export const siteMark = '.kehou-showcase.json';

export type Content = string | Uint8Array;

/** Files that follow from a key alone (the index of some cases, the sizes of a photo), with what must be known of them. */
export interface Part<F> {
  readonly files: ReadonlyMap<string, Content>;
  readonly facts: F;
}

interface KeptPart {
  readonly key: string;
  readonly files: readonly string[];
  readonly facts: unknown;
}

export interface Mark {
  /** Ids of the cases in the site. */
  readonly cases: readonly string[];
  /** Path -> sha256 and size. */
  readonly files: Readonly<Record<string, readonly [string, number]>>;
  readonly parts: Readonly<Record<string, KeptPart>>;
  /** Printed collections that are to lie in the site. */
  readonly brochures: readonly Choice[];
}

export interface SiteFolder {
  readonly folder: string;
  /** Adds a file; one with the same content is taken over and keeps its time, so readers' copies stay good. */
  put(path: string, content: Content): Promise<void>;
  /** Adds the files of a part: taken over where a former site has it under the same key, else made. */
  part<F>(name: string, key: string, make: () => Promise<Part<F>>): Promise<F>;
  /** Takes a part over as it stands in a former site; null where there is none with this key. */
  takeOver<F>(name: string, key: string): Promise<{ readonly facts: F } | null>;
  /** The key of a part that is in. */
  keyOf(name: string): string | null;
  readonly paths: ReadonlySet<string>;
  /** Files of the former sites that are not in this one. */
  gone(): string[];
  readonly bytes: number;
  /** Files that had to be written anew. */
  readonly written: number;
  /** Puts the site up in the place of the one that is there. */
  goUp(cases: readonly string[], brochures: readonly Choice[]): Promise<void>;
}

/** By name: what was ready first is another one each time, and the same site is to be the same to the byte. */
const inOrder = <T>(entries: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));

export const hashOf = (content: Content): string => createHash('sha256').update(content).digest('base64url');

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const readMark = async (folder: string): Promise<Mark | null> => {
  try {
    const { cases = [], files = {}, parts = {}, brochures = [] } = JSON.parse(await readFile(join(folder, siteMark), 'utf8')) as Partial<Mark>;
    return { cases, files, parts, brochures };
  } catch (error) {
    // A damaged mark is a site of which nothing can be taken over.
    if (isGone(error) || error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
};

/** Where the former site waits while a plain folder, as older versions left it, gives way to a link. */
export const previousOf = (out: string): string => `${out}.previous`;

/** The mark of the site that is up, null where there is none. */
export const markUp = async (out: string): Promise<Mark | null> => (await readMark(out)) ?? (await readMark(previousOf(out)));

/** Ids of the cases of the site that is up; none where there is none. */
export const casesUp = async (out: string): Promise<readonly string[]> => (await markUp(out))?.cases ?? [];

/** A folder that we made beside `out`: `.showcase-x1Y2z3`. */
const isWorkshop = (out: string, name: string): boolean =>
  name.startsWith(`.${basename(out)}-`) && /^[A-Za-z0-9]{6}(\.link)?$/.test(name.slice(basename(out).length + 2));

const linkTarget = async (out: string): Promise<string | null> => {
  try {
    return (await lstat(out)).isSymbolicLink() ? await readlink(out) : null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
};

/** Throws UsageError where `out` holds something that is not a showcase. */
export const checkTarget = async (out: string): Promise<void> => {
  const target = await linkTarget(out);
  if (target !== null && !isWorkshop(out, basename(target))) throw new UsageError(`${out} 是一个链接,请用 --out 写它所指的文件夹。`);
  if (target !== null || !existsSync(out) || existsSync(join(out, siteMark))) return;
  const entries = await readdir(out).catch((error: unknown) => {
    throw new UsageError(`${out} 不是文件夹,请用 --out 另选一个。`, { cause: error });
  });
  if (entries.length > 0) throw new UsageError(`${out} 里有别的文件,不能在这里建站。请用 --out 另选一个空文件夹。`);
};

/** What builds that were stopped have left behind. Only while no other build is at work. */
const clearAway = async (out: string): Promise<void> => {
  const target = await linkTarget(out);
  for (const name of await readdir(dirname(out)))
    if (isWorkshop(out, name) && name !== (target && basename(target))) await rm(join(dirname(out), name), { recursive: true, force: true });
};

const putUp = async (folder: string, out: string): Promise<void> => {
  const former = await linkTarget(out);
  const sign = `${folder}.link`;
  await symlink(basename(folder), sign, 'junction');
  const isPlain = former === null && existsSync(out);
  if (isPlain) {
    await rm(previousOf(out), { recursive: true, force: true });
    await rename(out, previousOf(out));
  }
  await rename(sign, out);
  if (former !== null) await rm(join(dirname(out), basename(former)), { recursive: true, force: true });
  await rm(previousOf(out), { recursive: true, force: true });
};

interface Donor {
  readonly folder: string;
  readonly mark: Mark;
}

const donorsOf = async (outs: readonly string[]): Promise<Donor[]> => {
  const found = await Promise.all(
    outs.map(async (out): Promise<Donor[]> => {
      const mark = await readMark(out);
      // The link may be turned meanwhile; the folder behind it stays until the lock is given back.
      return mark ? [{ folder: await realpath(out), mark }] : [];
    }),
  );
  return found.flat();
};

const noSecondNames = ['EPERM', 'EXDEV', 'ENOTSUP', 'EMLINK', 'EOPNOTSUPP'];

/** A second name for the same file; a copy where the disk knows no such thing. False where the file is gone. */
const takeFile = async (from: string, to: string): Promise<boolean> => {
  try {
    // Thousands of them: waiting for each costs ten times the name itself.
    linkSync(from, to);
  } catch (error) {
    if (isGone(error)) return false;
    if (!noSecondNames.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(from, to);
  }
  return true;
};

/** Opens a new folder beside `out`, on the same disk. `donors` are further sites to take files over from. The caller holds the lock. */
export const openSite = async (out: string, donors: readonly string[] = []): Promise<SiteFolder> => {
  await mkdir(dirname(out), { recursive: true });
  await clearAway(out);
  const from = await donorsOf([out, ...donors]);
  const folder = await mkdtemp(join(dirname(out), `.${basename(out)}-`));
  const files: Record<string, readonly [string, number]> = {};
  const parts: Record<string, KeptPart> = {};
  const made = new Map<string, Promise<unknown>>();
  const paths = new Set<string>();
  const sum = { bytes: 0, written: 0 };

  const openFolderOf = (path: string): Promise<unknown> => {
    const name = dirname(path);
    const known = made.get(name) ?? mkdir(join(folder, name), { recursive: true });
    made.set(name, known);
    return known;
  };
  const note = (path: string, hash: string, size: number): void => {
    files[path] = [hash, size];
    sum.bytes += size;
  };
  const put = async (path: string, content: Content): Promise<void> => {
    if (paths.has(path)) throw new Error(`the site has two files ${path}`);
    paths.add(path);
    const [hash, size] = [hashOf(content), typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength];
    await openFolderOf(path);
    note(path, hash, size);
    const donor = from.find(({ mark }) => mark.files[path]?.[0] === hash);
    if (donor && (await takeFile(join(donor.folder, path), join(folder, path)))) return;
    await writeFile(join(folder, path), content);
    sum.written += 1;
  };
  /** All of its files or none. */
  const takeFrom = async (donor: Donor, { files: wanted }: KeptPart): Promise<boolean> => {
    const taken = await Promise.all(
      wanted.map(async (path) => {
        if (paths.has(path)) throw new Error(`the site has two files ${path}`);
        await openFolderOf(path);
        return takeFile(join(donor.folder, path), join(folder, path));
      }),
    );
    if (taken.includes(false)) {
      for (const path of wanted) await rm(join(folder, path), { force: true });
      return false;
    }
    for (const path of wanted) {
      paths.add(path);
      note(path, ...(donor.mark.files[path] ?? ['', 0]));
    }
    return true;
  };
  const takeOver = async <F>(name: string, key: string): Promise<{ readonly facts: F } | null> => {
    for (const donor of from) {
      const kept = donor.mark.parts[name];
      if (kept?.key !== key || !(await takeFrom(donor, kept))) continue;
      parts[name] = kept;
      return { facts: kept.facts as F };
    }
    return null;
  };

  return {
    folder,
    paths,
    put,
    takeOver,
    async part(name, key, make) {
      const kept = await takeOver<never>(name, key);
      if (kept) return kept.facts;
      const part = await make();
      for (const [path, content] of part.files) await put(path, content);
      parts[name] = { key, files: [...part.files.keys()], facts: part.facts };
      return part.facts;
    },
    gone: () => from.flatMap(({ mark }) => Object.keys(mark.files).filter((path) => !paths.has(path))),
    keyOf: (name) => parts[name]?.key ?? null,
    get bytes() {
      return sum.bytes;
    },
    get written() {
      return sum.written;
    },
    async goUp(cases, brochures) {
      const mark: Mark = { cases, files: inOrder(files), parts: inOrder(parts), brochures };
      await writeFile(join(folder, siteMark), JSON.stringify(mark));
      await chmod(folder, 0o755);
      await putUp(folder, out);
    },
  };
};

/** Takes a folder in the making away; one that has gone up stays. */
export const dropSite = async (site: SiteFolder, out: string): Promise<void> => {
  const target = await linkTarget(out);
  if (target === null || basename(target) !== basename(site.folder)) await rm(site.folder, { recursive: true, force: true });
  await rm(`${site.folder}.link`, { force: true });
};
