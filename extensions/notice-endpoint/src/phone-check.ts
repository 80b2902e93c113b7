/** The last four digits of the guardian's phone: five tries, then a wait. Counts in the letter's row, so that no restart and no second address helps. */
import { timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';

export const mostTries = 5;
export const waitMinutes = 30;

export type PhoneCheck = 'right' | 'wrong' | 'wait' | 'no-phone';

interface Misses {
  readonly count: number;
  readonly at: string;
}

const missesOf = (stored: unknown, now: number): number => {
  const misses = (typeof stored === 'string' ? JSON.parse(stored) : stored) as Misses | null;
  return misses && now - Date.parse(misses.at) < waitMinutes * 60_000 ? misses.count : 0;
};

const same = (given: string, right: string): boolean => given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));

/** Takes one try of a letter: it is counted before it is looked at, so that many at once are no more than five. */
export const checkPhone = (database: Knex, copyId: string, tail: string, now: number): Promise<PhoneCheck> =>
  database.transaction(async (transaction) => {
    const copy = await transaction('notice_copies').where({ id: copyId }).forUpdate().first('student', 'phone_misses');
    const count = missesOf(copy.phone_misses, now);
    if (count >= mostTries) return 'wait';
    const student = await transaction('students').where({ id: copy.student }).first('guardian_phone');
    const phone = String(student?.guardian_phone ?? '').replace(/\D/g, '');
    if (phone.length < 4) return 'no-phone';
    const right = same(tail, phone.slice(-4));
    const misses: Misses | null = right ? null : { count: count + 1, at: new Date(now).toISOString() };
    await transaction('notice_copies')
      .where({ id: copyId })
      .update({ phone_misses: misses && JSON.stringify(misses) });
    return right ? 'right' : 'wrong';
  });
