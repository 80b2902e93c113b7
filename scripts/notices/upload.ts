/**
 * Letters and class sets into private folders of Directus: 通知 / school / term and kind. Only the office may open them.
 * Uploads no file twice: a file that is there with the same checksum stays, one that has changed is replaced.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ClassSet } from './class-sets.ts';
import type { PlannedLetter } from './plan-run.ts';
import type { Run } from './run-types.ts';

interface Wanted {
  readonly path: string;
  readonly name: string;
  readonly title: string;
  readonly sha256: string;
}

const wantedFiles = (run: Run, letters: readonly PlannedLetter[], sets: readonly ClassSet[]): Wanted[] => [
  ...letters.map((letter) => ({
    path: join(run.folder, letter.file),
    name: basename(letter.file),
    title: letter.file,
    sha256: run.done.get(letter.student.id)?.sha256 ?? '',
  })),
  ...sets.map((set) => ({ path: join(run.folder, set.file), name: set.file, title: set.file, sha256: set.sha256 })),
];

/** Returns how many files are in Directus afterwards. */
export const uploadLetters = async (run: Run, letters: readonly PlannedLetter[], sets: readonly ClassSet[]): Promise<number> => {
  const { store, progress } = run.deps;
  const folder = await store.openFolder(['通知', run.facts.school.name, `${run.facts.term.id} ${run.notice.kind}`]);
  const there = new Map((await store.listFiles(folder)).map((file) => [file.title, file]));
  const wanted = wantedFiles(run, letters, sets);
  const bar = progress.bar('上传', wanted.length);
  for (const { path, name, title, sha256 } of wanted) {
    const before = there.get(title);
    if (before?.description !== sha256) {
      const file = { folder, name, title, description: sha256, type: 'application/pdf', bytes: await readFile(path) };
      await store.uploadFile(file, before?.id);
    }
    bar.step();
  }
  bar.end();
  return wanted.length;
};
