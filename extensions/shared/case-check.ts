/** The check of cases as a job: asked for by a button, and by every change of what it looks at. */
import type { Knex } from 'knex';
import { newRowId } from '../../schema/row-id.ts';

/** Whether a check of the cases waits or runs. */
export const isChecking = async (database: Knex): Promise<boolean> =>
  (await database('jobs').where({ kind: 'cases' }).whereIn('state', ['排队', '进行中']).first('id')) !== undefined;

let last: Promise<void> = Promise.resolve();

/** A check that runs already may have read the case before it changed; one that waits has not. */
const queueOnce = async (database: Knex, now: Date): Promise<void> => {
  if (await database('jobs').where({ kind: 'cases', state: '排队' }).first('id')) return;
  await database('jobs').insert({ id: newRowId(), kind: 'cases', arguments: '{}', state: '排队', progress: 0, requested_at: now });
};

/** Puts one check into the queue, however many ask for it. */
export const queueCheck = (database: Knex, now: Date): Promise<void> => {
  const turn = last.then(() => queueOnce(database, now));
  last = turn.catch(() => undefined);
  return turn;
};
