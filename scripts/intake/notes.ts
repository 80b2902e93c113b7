/**
 * What is noted of sheets once their schools can see the answers, many in one call. Whatever a sync that dies has not noted yet
 * is only read once more by the next.
 */
import type { SheetNote } from '../../schema/ingest.ts';
import type { Store } from '../directus/store.ts';

export interface Notes {
  add(note: SheetNote): Promise<void>;
  /** Writes down what has been added since. */
  flush(): Promise<void>;
}

const atOnce = 20;

export const openNotes = (store: Store): Notes => {
  let waiting: SheetNote[] = [];
  const flush = async (): Promise<void> => {
    const notes = waiting;
    waiting = [];
    if (notes.length) await store.call('POST', '/kehou-ingest/notes', notes);
  };
  return {
    async add(note) {
      waiting.push(note);
      if (waiting.length >= atOnce) await flush();
    },
    flush,
  };
};
