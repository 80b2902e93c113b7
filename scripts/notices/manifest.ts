/** manifest.json of a notice: every valid letter with its code, pages and checksum. Names no child. */
import { join } from 'node:path';
import type { ClassSet } from './class-sets.ts';
import { readIfThere, sha256, writeWhole } from './files.ts';
import { validCopies } from './notice-rows.ts';
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

/** Lists every valid letter of the notice, also those outside the scope of this run. */
export const writeManifest = async (
  run: Run,
  sets: readonly ClassSet[],
  previous: Manifest | null,
): Promise<{ path: string; hash: string; copies: number; pages: number; changed: boolean }> => {
  const copies = [...(await validCopies(run.deps.store, run.notice)).values()].flat().sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1));
  const built = new Set(sets.map(({ file }) => file));
  const pages = copies.reduce((sum, copy) => sum + (copy.pages ?? 0), 0);
  const manifest: Manifest = {
    notice: run.notice.id,
    kind: run.notice.kind,
    school: run.facts.school.code,
    term: run.facts.term.id,
    dated: run.notice.dated ?? '',
    template: run.template,
    pages,
    copies: copies.map((copy) => ({
      student: copy.student,
      code: copy.code,
      shortCode: copy.short_code ?? '',
      file: copy.file ?? '',
      pages: copy.pages ?? 0,
      sha256: copy.sha256 ?? '',
    })),
    classes: [...(previous?.classes ?? []).filter(({ file }) => !built.has(file)), ...sets].sort(bySchoolOrder),
  };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const path = join(run.folder, manifestName);
  const changed = (await readIfThere(path))?.toString() !== text;
  if (changed) await writeWhole(path, text);
  return { path, hash: sha256(text), copies: copies.length, pages, changed };
};
