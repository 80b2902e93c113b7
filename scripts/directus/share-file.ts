/**
 * One file of ours into a folder of Directus, once, whatever is killed meanwhile, this program or Directus: a file counts as there only when
 * the whole of it is. Its description is its checksum.
 */
import { fileId, type Store, type StoredFile, StoreError } from './store.ts';

/** A file in Directus, for the screen that offers it. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
}

export interface Wanted {
  readonly name: string;
  /** Tells the files of a folder apart. */
  readonly title: string;
  readonly type: string;
  readonly sha256: string;
  /** Checksum of the same letter as another machine has printed it. */
  readonly recorded?: string | null;
  read(): Promise<Uint8Array>;
}

/** The checksum comes last: Directus changes the row of a file before its content, and may be stopped in between. */
const replace = async (store: Store, folder: string, { name, title, type, sha256, read }: Wanted, id: string): Promise<void> => {
  await store.uploadFile({ folder, name, title, description: '', type, bytes: await read() }, id);
  await store.describeFile(id, sha256);
};

/** Whether the file is there with one of these checksums, and the whole of it. */
export const isWhole = ({ filesize, description }: StoredFile, checksums: readonly (string | null | undefined)[]): boolean =>
  filesize !== null && description !== null && checksums.includes(description);

/** Puts one file where it is wanted, unless it lies there already. */
export const shareFile = async (store: Store, folder: string, file: Wanted, before: StoredFile | undefined): Promise<SharedFile> => {
  const { name, title, type, sha256: description, recorded } = file;
  if (before) {
    if (!isWhole(before, [description, recorded])) await replace(store, folder, file, before.id);
    return { id: before.id, name };
  }
  const id = fileId(folder, title);
  try {
    await store.uploadFile({ id, folder, name, title, description, type, bytes: await file.read() });
  } catch (error) {
    // Somebody's request came in between, or a clerk has moved the file: it is there once all the same.
    if (!(error instanceof StoreError && error.code === 'RECORD_NOT_UNIQUE')) throw error;
    await replace(store, folder, file, id);
  }
  return { id, name };
};
