/**
 * A case that was changed is checked again, wherever it was changed; and what staff have settled of its text holds for the text that they saw.
 */
import type { Knex } from 'knex';
import { parts } from '../../../schema/cases/parts.ts';
import { queueCheck } from '../../shared/case-check.ts';

type Values = Readonly<Record<string, unknown>>;

const texts = ['title', ...parts.map(({ field }) => field)];
const settled = ['names_settled', 'similar_settled'] as const;
const watched = [...texts, ...settled, 'school', 'category', 'photos', 'photo_names', 'photo_consent', 'photo_consented', 'photo_faceless'];

/** Every write of the check itself carries its outcome; a row from a sheet is made with all fields, this one empty. */
const isOfTheCheck = (changes: Values): boolean => Boolean(changes.formal);

/** Marks of these cases that spoke of an older text are taken back. Returns which, by case. */
const unsettle = async (database: Knex, ids: readonly string[], changes: Values): Promise<ReadonlyMap<string, Values>> => {
  const taken = new Map<string, Record<string, unknown>>();
  for (const field of settled.filter((one) => !(one in changes))) {
    const rows: { id: string }[] = await database('cases')
      .whereIn('id', [...ids])
      .where({ [field]: true })
      .select('id');
    for (const { id } of rows) taken.set(id, { ...taken.get(id), [field]: [true, false, null] });
    await database('cases')
      .whereIn(
        'id',
        rows.map(({ id }) => id),
      )
      .update({ [field]: false });
  }
  return taken;
};

/** After cases were made or changed. Returns what was taken back besides: field -> old, new, cell, by case. */
export const followCaseChange = async (database: Knex, ids: readonly string[], changes: Values, now: Date): Promise<ReadonlyMap<string, Values>> => {
  if (isOfTheCheck(changes) || !watched.some((field) => field in changes)) return new Map();
  const taken = texts.some((field) => field in changes) ? await unsettle(database, ids, changes) : new Map<string, Values>();
  await queueCheck(database, now);
  return taken;
};
