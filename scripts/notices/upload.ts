/**
 * Letters and class sets into private folders of Directus: 通知 / school / term and kind. Only the office may open them.
 * Uploads no file twice: a file that is there with the same checksum stays, one that has changed is replaced. Whatever is killed
 * meanwhile, this program or Directus: a file counts as there only when the whole of it is.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type SharedFile, shareFile, type Wanted } from '../directus/share-file.ts';
import type { Store } from '../directus/store.ts';
import type { ClassSet } from './class-sets.ts';
import { classFileEnd, sha256 } from './files.ts';
import type { PlannedLetter } from './plan-run.ts';
import { removeOnce } from './remove-once.ts';
import type { Run } from './run-types.ts';

const pdf = 'application/pdf';

const sharedBy = async (
  store: Store,
  path: readonly string[],
  files: readonly Wanted[],
  step: () => void = () => undefined,
): Promise<SharedFile[]> => {
  const folder = await store.openFolder(path);
  const there = new Map((await store.listFiles(folder)).map((file) => [file.title, file]));
  const shared: SharedFile[] = [];
  for (const file of files) {
    shared.push(await shareFile(store, folder, file, there.get(file.title)));
    step();
  }
  return shared;
};

const types: Readonly<Record<string, string>> = {
  pdf,
  txt: 'text/plain',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Puts finished files of this machine into one folder of Directus; a file of the same name there is replaced. */
export const shareFiles = async (store: Store, path: readonly string[], files: readonly string[]): Promise<SharedFile[]> =>
  sharedBy(
    store,
    path,
    await Promise.all(
      files.map(async (file): Promise<Wanted> => {
        const [name, bytes] = [basename(file), await readFile(file)];
        return {
          name,
          title: name,
          type: types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
          sha256: sha256(bytes),
          read: async () => bytes,
        };
      }),
    ),
  );

/** The folder of one kind at one school. */
export const noticeFolder = (school: string, term: string, kind: string): readonly string[] => ['通知', school, `${term} ${kind}`];

const letterFiles = (run: Run, letters: readonly PlannedLetter[]): Wanted[] =>
  letters.map((letter) => ({
    name: basename(letter.file),
    title: letter.file,
    type: pdf,
    sha256: run.done.get(letter.student.id)?.sha256 ?? '',
    recorded: letter.kept?.sha256 ?? null,
    read: () => readFile(join(run.folder, letter.file)),
  }));

const setFiles = (run: Run, sets: readonly ClassSet[]): Wanted[] =>
  sets.map((set) => ({ name: set.file, title: set.file, type: pdf, sha256: set.sha256, read: () => readFile(join(run.folder, set.file)) }));

/** What lies in Directus of letters that are valid no more goes; where all classes were printed, also the sets of those that are no more. */
export const removeOutdatedFiles = async (run: Run, valid: readonly string[], all: boolean): Promise<void> => {
  const { store } = run.deps;
  const folder = await store.findFolder(noticeFolder(run.facts.school.name, run.facts.term.id, run.notice.kind));
  if (!folder) return;
  const wanted = new Set(valid);
  const isPrinted = (title: string): boolean => /[/\\]/.test(title) || (all && title.endsWith(classFileEnd));
  const outdated = (await store.listFiles(folder)).filter(({ title }) => title && isPrinted(title) && !wanted.has(title));
  await removeOnce(store, run.folder, { shelf: folder, files: outdated });
};

/** Letters (unless there are none to go) and class sets; gives the class sets, which are what the office prints. */
export const uploadLetters = async (
  run: Run,
  letters: readonly PlannedLetter[],
  sets: readonly ClassSet[],
): Promise<{ readonly count: number; readonly sets: readonly SharedFile[] }> => {
  const { store, progress } = run.deps;
  const wanted = [...letterFiles(run, letters), ...setFiles(run, sets)];
  const bar = progress.bar('上传', wanted.length);
  const shared = await sharedBy(store, noticeFolder(run.facts.school.name, run.facts.term.id, run.notice.kind), wanted, () => bar.step());
  bar.end();
  return { count: wanted.length, sets: shared.slice(letters.length) };
};
