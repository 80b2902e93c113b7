/** The words of letters as they are printed, for the page of a letter on the phone. Kept by their hash: the same words once. */
import type { Knex } from 'knex';
import type { LetterText } from '../../../schema/press.ts';

const table = 'kehou_letter_texts';
/** Rows of one insert: SQLite takes 500. */
const most = 100;
const day = 86_400_000;

export const keepTexts = async (database: Knex, school: string, texts: readonly LetterText[], now: Date): Promise<void> => {
  for (let from = 0; from < texts.length; from += most)
    await database(table)
      .insert(texts.slice(from, from + most).map(({ hash, html }) => ({ hash, html, school, stored_at: now })))
      .onConflict('hash')
      .merge(['stored_at']);
  // Words are kept before their letters are recorded: young ones may still be waited for.
  const said = database('notice_copies').where({ school, state: '有效' }).whereNotNull('text_hash').select('text_hash');
  await database(table)
    .where({ school })
    .where('stored_at', '<', new Date(now.getTime() - day))
    .whereNotIn('hash', said)
    .delete();
};
