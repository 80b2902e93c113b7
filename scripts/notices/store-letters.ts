/** Finished letters into files and rows. Files first, then rows: a letter on record is a letter on disk. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LetterText } from '../../schema/press.ts';
import type { Store } from '../directus/store.ts';
import type { Finished } from './compose.ts';
import { sha256, writeWhole } from './files.ts';
import type { Copy, PlannedLetter } from './plan-run.ts';
import { recordOnce } from './record-once.ts';
import type { Run } from './run-types.ts';

/** Directus takes this many rows in one call without noticeable waits. */
const recordChunk = 200;

/** A letter on disk that goes on record. */
interface Stored {
  readonly letter: PlannedLetter;
  readonly pages: number;
  readonly hash: string;
  readonly textHash: string;
}

/** Keeps these words, and lets go of those that no valid letter of the school has said for a day. */
export const storeTexts = (store: Store, school: string, texts: readonly LetterText[]): Promise<unknown> =>
  store.call('POST', '/kehou-press/texts', { school, texts });

/** Keeps the words of these letters for their pages, before the letters are on record. Gives the hash of each. */
const keepTexts = async (run: Run, letters: readonly PlannedLetter[]): Promise<string[]> => {
  const texts = letters.map((letter) => run.textOf(letter));
  const fresh = new Map(texts.filter(({ hash }) => !run.stored.has(hash)).map((text) => [text.hash, text]));
  if (fresh.size > 0) await storeTexts(run.deps.store, run.facts.school.code, [...fresh.values()]);
  for (const hash of fresh.keys()) run.stored.add(hash);
  return texts.map(({ hash }) => hash);
};

/** A family that has left its address on any letter of the school gets the new one by mail too. */
const mailOf = ({ addresses }: Run, { student }: PlannedLetter): Pick<Copy, 'mail_to' | 'delivery'> => {
  const mail_to = addresses.get(student.id) ?? null;
  return { mail_to, delivery: mail_to ? '排队' : null };
};

const copyRow = (run: Run, { letter, pages, hash, textHash }: Stored): Partial<Copy> & { id: string } => ({
  id: letter.copyId,
  notice: run.notice.id,
  student: letter.student.id,
  school: run.facts.school.code,
  code: letter.stamp.code,
  short_code: letter.stamp.shortCode,
  content_hash: letter.contentHash,
  text_hash: textHash,
  file: letter.file,
  sha256: hash,
  pages,
  template_version: run.template,
  ...mailOf(run, letter),
  state: '有效',
  printed_at: run.at.toISOString(),
});

/** A letter that was printed once more under its own code. */
const againRow = (run: Run, id: string, { letter: { file }, pages, hash, textHash }: Stored): Partial<Copy> & { id: string } => ({
  id,
  sha256: hash,
  pages,
  file,
  text_hash: textHash,
  template_version: run.template,
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
  const printed = batch.map((one) => ({ ...one, letter: letters.get(one.key) as PlannedLetter, hash: sha256(one.bytes) }));
  const hashes = await keepTexts(
    run,
    printed.map(({ letter }) => letter),
  );
  const finished = printed.map((one, index) => ({ ...one, textHash: hashes[index] as string }));
  await Promise.all(finished.map(({ bytes, letter }) => writeWhole(join(run.folder, letter.file), bytes)));
  const { store } = run.deps;
  const fresh = finished.filter(({ letter }) => !letter.kept).map((one) => copyRow(run, one));
  for (let from = 0; from < fresh.length; from += recordChunk)
    await recordOnce(store, run.folder, 'notice_copies', fresh.slice(from, from + recordChunk));
  const again = run.isOurs ? finished.flatMap((one) => (one.letter.kept ? [againRow(run, one.letter.kept.id, one)] : [])) : [];
  if (again.length > 0) await store.updateEach('notice_copies', again);
  await supersede(
    run,
    finished.map(({ letter }) => letter),
  );
  for (const { letter, pages, hash } of finished) run.done.set(letter.student.id, { sha256: hash, pages });
};
