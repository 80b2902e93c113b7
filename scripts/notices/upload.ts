/**
 * Letters and class sets into private folders of Directus: 通知 / school / term and kind. Only the office may open them.
 * Uploads no file twice: a file that is there with the same checksum stays, one that has changed is replaced.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Store } from '../directus/store.ts';
import type { ClassSet } from './class-sets.ts';
import { sha256 } from './files.ts';
import type { PlannedLetter } from './plan-run.ts';
import type { Run } from './run-types.ts';

/** A file in Directus, for the screen that offers it. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
}

interface Wanted {
  readonly name: string;
  /** Tells the files of a folder apart. */
  readonly title: string;
  readonly type: string;
  readonly sha256: string;
  read(): Promise<Uint8Array>;
}

const pdf = 'application/pdf';

/** Puts one file where it is wanted, unless it lies there already. */
const share = async (
  store: Store,
  folder: string,
  file: Wanted,
  before: { id: string; description: string | null } | undefined,
): Promise<SharedFile> => {
  const { name, title, type, sha256: description } = file;
  if (before && before.description === description) return { id: before.id, name };
  return { id: await store.uploadFile({ folder, name, title, description, type, bytes: await file.read() }, before?.id), name };
};

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
    shared.push(await share(store, folder, file, there.get(file.title)));
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
    read: () => readFile(join(run.folder, letter.file)),
  }));

const setFiles = (run: Run, sets: readonly ClassSet[]): Wanted[] =>
  sets.map((set) => ({ name: set.file, title: set.file, type: pdf, sha256: set.sha256, read: () => readFile(join(run.folder, set.file)) }));

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
