/** manifest.json of a notice: every valid letter that lies here, with its code, pages and checksum. Names no child. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassSet } from './class-sets.ts';
import { isIntact, readIfThere, sha256, writeWhole } from './files.ts';
import { readValid } from './notice-rows.ts';
import type { Copy } from './plan-run.ts';
import type { Run } from './run-types.ts';

export interface Manifest {
  readonly notice: string;
  readonly kind: string;
  readonly school: string;
  readonly term: string;
  readonly dated: string;
  readonly template: string;
  readonly pages: number;
  readonly copies: readonly { student: string; code: string; shortCode: string; file: string; pages: number; sha256: string }[];
  readonly classes: readonly ClassSet[];
}

const manifestName = 'manifest.json';

export const readManifest = async (folder: string): Promise<Manifest | null> => {
  const bytes = await readIfThere(join(folder, manifestName));
  if (!bytes) return null;
  try {
    return JSON.parse(bytes.toString()) as Manifest;
  } catch {
    // A damaged manifest is made anew from the records; it holds nothing that is not elsewhere.
    return null;
  }
};

const bySchoolOrder = (a: ClassSet, b: ClassSet): number => a.grade - b.grade || a.class.localeCompare(b.class, 'zh', { numeric: true });

type Entry = Manifest['copies'][number];

/** What this folder has of a valid letter; null where it lies on another machine only. */
const entryOf = async (run: Run, copy: Copy, before: ReadonlyMap<string, Entry>): Promise<Entry | null> => {
  const { student, code } = copy;
  const [file, known] = [copy.file ?? '', run.done.get(student) ?? before.get(code)];
  if (!known && !(await isIntact(join(run.folder, file), copy.sha256))) return null;
  const { sha256, pages } = known ?? copy;
  return { student, code, shortCode: copy.short_code ?? '', file, pages: pages ?? 0, sha256: sha256 ?? '' };
};

/** Removes letters that were withdrawn or moved by a run on another machine, and the sets of classes that are no more. */
const removeOutdated = async (folder: string, previous: Manifest | null, wanted: ReadonlySet<string>): Promise<void> => {
  for (const { file } of [...(previous?.copies ?? []), ...(previous?.classes ?? [])])
    if (!wanted.has(file)) await rm(join(folder, file), { force: true });
};

/** Lists every valid letter of the notice that lies here, also those outside the scope of this run; counts those that lie elsewhere too. */
export const writeManifest = async (
  run: Run,
  sets: readonly ClassSet[],
  previous: Manifest | null,
  /** Whether these are the sets of all classes, so that others are outdated. */
  all: boolean,
): Promise<{ path: string; hash: string; copies: number; pages: number; changed: boolean; files: readonly string[] }> => {
  const copies = (await readValid(run.deps.store, run.notice.id)).sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1));
  const built = new Set(sets.map(({ file }) => file));
  const classes = [...(all ? [] : (previous?.classes ?? [])).filter(({ file }) => !built.has(file)), ...sets].sort(bySchoolOrder);
  const files = copies.map(({ file }) => file ?? '');
  await removeOutdated(run.folder, previous, new Set([...files, ...classes.map(({ file }) => file)]));
  const before = new Map((previous?.copies ?? []).map((entry) => [entry.code, entry]));
  const entries: Entry[] = [];
  for (const copy of copies) {
    const entry = await entryOf(run, copy, before);
    if (entry) entries.push(entry);
  }
  const pages = copies.reduce((sum, copy) => sum + (copy.pages ?? 0), 0);
  const manifest: Manifest = {
    notice: run.notice.id,
    kind: run.notice.kind,
    school: run.facts.school.code,
    term: run.facts.term.id,
    dated: run.notice.dated ?? '',
    template: run.template,
    pages: entries.reduce((sum, entry) => sum + entry.pages, 0),
    copies: entries,
    classes,
  };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const path = join(run.folder, manifestName);
  const changed = (await readIfThere(path))?.toString() !== text;
  if (changed) await writeWhole(path, text);
  return { path, hash: sha256(text), copies: copies.length, pages, changed, files: [...files, ...classes.map(({ file }) => file)] };
};
