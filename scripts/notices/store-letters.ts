/** Finished letters into files and rows. Files first, then rows: a letter on record is a letter on disk. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finished } from './compose.ts';
import { sha256, writeWhole } from './files.ts';
import type { Copy, PlannedLetter } from './plan-run.ts';
import { recordOnce } from './record-once.ts';
import type { Run } from './run-types.ts';

/** Directus takes this many rows in one call without noticeable waits. */
const recordChunk = 200;

/** A family that has asked for mail gets the new letter by mail too. */
const mailOf = ({ replaced }: PlannedLetter): Pick<Copy, 'mail_to' | 'delivery'> => {
  const mail_to = replaced.find((copy) => copy.mail_to)?.mail_to ?? null;
  return { mail_to, delivery: mail_to ? '排队' : null };
};

const copyRow = (run: Run, letter: PlannedLetter, pages: number, hash: string): Partial<Copy> & { id: string } => ({
  id: letter.copyId,
  notice: run.notice.id,
  student: letter.student.id,
  school: run.facts.school.code,
  code: letter.stamp.code,
  short_code: letter.stamp.shortCode,
  content_hash: letter.contentHash,
  file: letter.file,
  sha256: hash,
  pages,
  template_version: run.template,
  ...mailOf(letter),
  state: '有效',
  printed_at: run.at.toISOString(),
});

/** Marks the copies that these letters replace, and removes their files where the new letter has not taken the place. */
export const supersede = async (run: Run, letters: readonly PlannedLetter[]): Promise<void> => {
  const replaced = letters.flatMap((letter) => letter.replaced.map((copy) => ({ copy, file: letter.file })));
  if (replaced.length === 0) return;
  await run.deps.store.updateRows(
    'notice_copies',
    replaced.map(({ copy }) => copy.id),
    { state: '已替换' },
  );
  for (const { copy, file } of replaced) if (copy.file && copy.file !== file) await rm(join(run.folder, copy.file), { force: true });
};

/** Letters of students who are not at the school any more: their codes say so from now on, their files go. */
export const withdraw = async (run: Pick<Run, 'deps' | 'folder'>, copies: readonly Copy[]): Promise<void> => {
  if (copies.length === 0) return;
  await run.deps.store.updateRows(
    'notice_copies',
    copies.map(({ id }) => id),
    { state: '已撤回' },
  );
  for (const { file } of copies) if (file) await rm(join(run.folder, file), { force: true });
};

/** Stores a batch; afterwards its letters count as done. */
export const storeBatch = async (run: Run, letters: ReadonlyMap<string, PlannedLetter>, batch: readonly Finished[]): Promise<void> => {
  await run.hold();
  const finished = batch.map((printed) => ({ ...printed, letter: letters.get(printed.key) as PlannedLetter, hash: sha256(printed.bytes) }));
  await Promise.all(finished.map(({ bytes, letter }) => writeWhole(join(run.folder, letter.file), bytes)));
  const { store } = run.deps;
  const fresh = finished.filter(({ letter }) => !letter.kept).map(({ letter, pages, hash }) => copyRow(run, letter, pages, hash));
  for (let from = 0; from < fresh.length; from += recordChunk)
    await recordOnce(store, run.folder, 'notice_copies', fresh.slice(from, from + recordChunk));
  for (const { letter, pages, hash } of finished)
    if (letter.kept)
      await store.updateRow('notice_copies', letter.kept.id, {
        sha256: hash,
        pages,
        file: letter.file,
        template_version: run.template,
        printed_at: run.at.toISOString(),
      });
  await supersede(
    run,
    finished.map(({ letter }) => letter),
  );
  for (const { letter, pages, hash } of finished) run.done.set(letter.student.id, { sha256: hash, pages });
};
