/**
 * The ledger of reminders and digests: each is claimed for its occasion and recipient before it is sent, so that none goes twice, however many
 * workers there are and wherever one of them is killed. One that was cut short stays claimed until a person has looked.
 */
import type { Store } from '../directus/store.ts';
import { type Mail, type Mailer, UnclearError } from './mailer.ts';

export type Fate = 'sent' | 'already' | 'failed' | 'unclear';

export interface Ledger {
  /** `claimed`: this caller is to send it. */
  claim(purpose: string, recipient: string): Promise<'claimed' | Exclude<Fate, 'failed'> | 'given up'>;
  settle(purpose: string, recipient: string, sent: boolean, words: string): Promise<void>;
}

/** The ledger in Directus (`kehou_mail`). */
export const storeLedger = (store: Store): Ledger => ({
  claim: (purpose, recipient) => store.call('POST', '/kehou-jobs/mail-claim', { purpose, recipient }),
  async settle(purpose, recipient, sent, words) {
    await store.call('POST', '/kehou-jobs/mail-settle', { purpose, recipient, sent, words });
  },
});

/** Sends one mail for one occasion, if it has not gone yet. The server's refusal is in the ledger and in the answer, never thrown. */
export const sendOnce = async (mailer: Mailer, ledger: Ledger, purpose: string, mail: Mail): Promise<{ fate: Fate; words: string }> => {
  const claimed = await ledger.claim(purpose, mail.to);
  if (claimed === 'given up') return { fate: 'failed', words: '已试三次,不再重发' };
  if (claimed !== 'claimed') return { fate: claimed, words: '' };
  try {
    const words = await mailer.send(mail);
    await ledger.settle(purpose, mail.to, true, words);
    return { fate: 'sent', words };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    // It stays claimed: a person has to look whether it has arrived.
    if (error instanceof UnclearError) return { fate: 'unclear', words };
    await ledger.settle(purpose, mail.to, false, words);
    return { fate: 'failed', words };
  }
};
