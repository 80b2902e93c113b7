/**
 * New rows of a print run, once each, whatever is killed in between: they are written down beside the letters before Directus is asked,
 * since a request that was on its way when its sender died may still be carried out later.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row, tables } from '../../schema/index.ts';
import { type Store, StoreError } from '../directus/store.ts';
import { readIfThere, writeWhole } from './files.ts';
import { liveNotices, readValid } from './notice-rows.ts';

type Table = 'notices' | 'notice_copies';
type New<N extends Table> = Partial<Row<(typeof tables)[N]>> & { readonly id: string };

interface Noted {
  readonly table: Table;
  readonly rows: readonly New<Table>[];
}

const noteIn = (folder: string): string => join(folder, '.recording');

/** Creates rows that have their ids already. */
export const recordOnce = async <N extends Table>(store: Store, folder: string, table: N, rows: readonly New<N>[]): Promise<void> => {
  await writeWhole(noteIn(folder), JSON.stringify({ table, rows } satisfies Noted));
  await store.createRows(table, rows as never);
  await rm(noteIn(folder), { force: true });
};

/** What another machine has made in its place since: the notice, or a letter that says the same to the same student. */
const madeElsewhere = async (store: Store, { table, rows }: Noted): Promise<(row: New<Table>) => boolean> => {
  if (table === 'notices') {
    const [{ kind, school, term } = {}] = rows as readonly New<'notices'>[];
    const live = kind && school && term && kind !== '变更停课通知' ? await liveNotices(store, kind, school, term) : [];
    return () => live.length > 0;
  }
  const notices = new Set((rows as readonly New<'notice_copies'>[]).map(({ notice }) => notice));
  const valid = (await Promise.all([...notices].map((id) => readValid(store, id as string)))).flat();
  const said = new Set(valid.map(({ student, content_hash }) => `${student} ${content_hash}`));
  return (row) => {
    const { student, content_hash } = row as New<'notice_copies'>;
    return said.has(`${student} ${content_hash}`);
  };
};

const createMissing = async (store: Store, noted: Noted): Promise<void> => {
  const { table, rows } = noted;
  const there = await store.readRows(table, { filter: { id: { _in: rows.map(({ id }) => id) } }, fields: ['id'] });
  const known = new Set(there.map(({ id }) => id));
  const missing = rows.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  const isMade = await madeElsewhere(store, noted);
  const wanted = missing.filter((row) => !isMade(row));
  if (wanted.length > 0) await store.createRows(table, wanted as never);
};

/** Finishes what a killed run had begun to record in this folder. */
export const finishRecording = async (store: Store, folder: string): Promise<void> => {
  const bytes = await readIfThere(noteIn(folder));
  if (!bytes) return;
  const noted = JSON.parse(bytes.toString()) as Noted;
  try {
    await createMissing(store, noted);
  } catch (error) {
    // The dead run's own request came in between: now they are there.
    if (!(error instanceof StoreError && error.code === 'RECORD_NOT_UNIQUE')) throw error;
    await createMissing(store, noted);
  }
  await rm(noteIn(folder), { force: true });
};
