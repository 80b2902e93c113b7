/**
 * A guardian's answer into the records: the enrolment's 家长申请 with time and channel, and the letter's own row. Every answer and
 * every change of it is kept in `kehou_changes`. Goes through Directus' own services, so that checks and other hooks hold.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import { applyAgain, type Standing, withdraw } from '../../../schema/enrolment/steps.ts';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { changeIds } from '../../shared/change-ids.ts';
import { fromRow } from '../../shared/values.ts';
import type { OpenLetter } from './letter.ts';
import type { Answer } from './reply.ts';

/** The part of Directus' ItemsService that is used here. */
export interface Items {
  createOne(values: Readonly<Record<string, unknown>>): Promise<unknown>;
  updateOne(id: string, values: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface Records {
  readonly database: Knex;
  items(table: string): Promise<Items>;
}

const channel = '家长(手机回执)';

const note = async (database: Knex, letter: OpenLetter, fields: Readonly<Record<string, readonly [unknown, unknown, null]>>): Promise<void> => {
  const now = new Date();
  await database('kehou_changes').insert({
    id: changeIds(now)(),
    changed_at: now,
    collection: 'notice_copies',
    item: letter.copyId,
    action: 'update',
    actor: '',
    channel: 'phone',
    source: null,
    tab: null,
    sheet_row: null,
    fields: JSON.stringify(fields),
  });
};

const table = tables.enrolments as unknown as Table;

/** What the family wishes, as far as the application's way depends on it. */
const wishOf = (answer: Answer): Standing => ({ days: answer.days, services: answer.services });

const particulars = (answer: Answer): Readonly<Record<string, unknown>> => ({
  attendance_mode: answer.days.length === 5 ? '5天全程' : '部分',
  days: answer.days,
  services: answer.services,
  pick_up: answer.pickUp,
  entrusted_name: answer.entrustedName,
  entrusted_phone: answer.entrustedPhone,
  consent: ['监护人已同意'],
});

/** What the answer makes of the enrolment: applied for, changed, taken back, or nothing at all; its steps follow schema/enrolment/steps.ts. */
const saveEnrolment = async ({ database, items }: Records, letter: OpenLetter, answer: Answer, today: string, at: string): Promise<void> => {
  const { studentId: student, schoolCode: school, termId: term } = letter;
  const stored = await database('enrolments').where({ student, school, term }).first('*');
  const there: (Standing & { id?: unknown }) | null = stored ? fromRow(table, stored) : null;
  const taking = { actor: 'guardian', by: channel, at } as const;
  const enrolments = await items('enrolments');
  if (answer.takesPart && answer.consent) {
    const values = { ...particulars(answer), ...applyAgain(there, wishOf(answer), today, taking) };
    await (there ? enrolments.updateOne(String(there.id), values) : enrolments.createOne({ student, school, term, ...values }));
    return;
  }
  if (answer.takesPart) return;
  const values = withdraw(there, today, taking);
  if (there && Object.keys(values).length) await enrolments.updateOne(String(there.id), values);
};

/** Saves an answer of the day `today`. Without consent only the choice itself is kept; the letter then still waits for its paper slip. */
export const saveReply = async (records: Records, letter: OpenLetter, answer: Answer, today: string): Promise<void> => {
  // The same once more changes nothing: what the school has decided on it meanwhile stands.
  if (letter.answeredAt && isDeepStrictEqual(letter.answer, answer)) return;
  const at = new Date().toISOString();
  await saveEnrolment(records, letter, answer, today, at);
  const complete = !answer.takesPart || answer.consent === true;
  await (await records.items('notice_copies')).updateOne(letter.copyId, { answer, answered_at: complete ? at : null });
  await note(records.database, letter, { answer: [letter.answer, answer, null] });
};

/** A new address waits for its letter, unless the letter went out already: nobody gets it twice. Without an address nothing waits. */
const queueFor = ({ mailTo, delivery }: OpenLetter, address: string | null): { readonly delivery?: '排队' | null } => {
  if (delivery === '已发' || delivery === '发送中') return {};
  if (address === null) return { delivery: null };
  return address === mailTo ? {} : { delivery: '排队' };
};

/** Keeps or deletes the address for mail. It is the family's: what was left on an earlier letter changes with it, as new letters go where the earlier ones went. */
export const saveMail = async (records: Records, letter: OpenLetter, address: string | null): Promise<void> => {
  const copies = await records.items('notice_copies');
  await copies.updateOne(letter.copyId, { mail_to: address, ...queueFor(letter, address) });
  const others: { id: string; delivery: string | null }[] = await records
    .database('notice_copies')
    .where({ student: letter.studentId, school: letter.schoolCode })
    .whereNot({ id: letter.copyId })
    .whereNotNull('mail_to')
    .select('id', 'delivery');
  for (const { id, delivery } of others)
    await copies.updateOne(id, { mail_to: address, ...(address === null && delivery !== '已发' && delivery !== '发送中' ? { delivery: null } : {}) });
  // That there is an address is history; the address itself is not.
  await note(records.database, letter, { mail_to: [letter.mailTo !== null, address !== null, null] });
};

export const markRead = async (records: Records, letter: OpenLetter): Promise<void> => {
  if (letter.read) return;
  await (await records.items('notice_copies')).updateOne(letter.copyId, { read_at: new Date().toISOString() });
};
