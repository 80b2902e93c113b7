/**
 * Letters out of Directus with all of their content, whatever is killed in between: Directus lets go of its rows first and of the content on
 * its disk afterwards, and finds nothing again whose row is gone. So what is to go is written down beside the letters; where it is not done,
 * the next run puts a blank in each place and takes that away with whatever was left there.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Store, type StoredFile, StoreError } from '../directus/store.ts';
import { isThere, readIfThere, writeWhole } from './files.ts';

/** Files of one folder of Directus. */
interface Noted {
  readonly shelf: string;
  readonly files: readonly Pick<StoredFile, 'id' | 'title'>[];
}

const noteIn = (folder: string): string => join(folder, '.removing');

const removeNoted = async (store: Store, folder: string, { files }: Noted): Promise<void> => {
  await store.deleteFiles(files.map(({ id }) => id));
  await rm(noteIn(folder), { force: true });
};

/** Removes files from Directus; `folder` is that of their notice. Where another machine has it, nothing can be written down. */
export const removeOnce = async (store: Store, folder: string, noted: Noted): Promise<void> => {
  if (noted.files.length === 0) return;
  if (await isThere(folder)) await writeWhole(noteIn(folder), JSON.stringify(noted));
  await removeNoted(store, folder, noted);
};

/** Finishes what a run that was cut short has begun to remove. */
export const finishRemoving = async (store: Store, folder: string): Promise<void> => {
  const bytes = await readIfThere(noteIn(folder));
  if (!bytes) return;
  const noted = JSON.parse(bytes.toString()) as Noted;
  for (const { id, title } of noted.files) {
    try {
      const blank = { name: 'blank.pdf', title: title ?? '', description: '', type: 'application/pdf', bytes: Buffer.from(' ') };
      await store.uploadFile({ id, folder: noted.shelf, ...blank });
    } catch (error) {
      // Its row is still there, and its content with it.
      if (!(error instanceof StoreError && error.code === 'RECORD_NOT_UNIQUE')) throw error;
    }
  }
  await removeNoted(store, folder, noted);
};
