/**
 * The ledger of mails (`kehou_mail`): whoever puts the line in sends the mail, and nobody else.
 */
import type { Knex } from 'knex';

/** A refused mail is tried again by later runs, this many times in all. */
const mostTries = 3;

export interface MailKey {
  readonly purpose: string;
  readonly recipient: string;
}

/** `claimed`: the caller is to send it. `unclear`: somebody began and was cut short: a person has to look. */
export const claimMail = async (database: Knex, key: MailKey, now: Date): Promise<'claimed' | 'already' | 'unclear' | 'given up'> => {
  const inserted = await database('kehou_mail')
    .insert({ ...key, state: 'sending', tries: 1, at: now })
    .onConflict(['purpose', 'recipient'])
    .ignore()
    .returning('purpose');
  if (inserted.length) return 'claimed';
  const held: { state: string; tries: number } = await database('kehou_mail').where(key).first('state', 'tries');
  if (held.state === 'sent') return 'already';
  if (held.state === 'sending') return 'unclear';
  if (held.tries >= mostTries) return 'given up';
  const taken = await database('kehou_mail')
    .where({ ...key, state: 'failed', tries: held.tries })
    .update({ state: 'sending', tries: held.tries + 1, at: now });
  return taken === 1 ? 'claimed' : 'unclear';
};

export const settleMail = async (database: Knex, key: MailKey, sent: boolean, words: string, now: Date): Promise<null> => {
  await database('kehou_mail')
    .where({ ...key, state: 'sending' })
    .update({ state: sent ? 'sent' : 'failed', words: words.slice(0, 500), at: now });
  return null;
};
