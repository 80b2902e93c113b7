/**
 * What a person may do with a finding: answer it, or close it with a name and a reason. That a cause is gone, only the
 * next evaluation says. Every step stays in the finding's history.
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { fromRow, toRow } from '../../shared/values.ts';

type Values = Record<string, unknown>;

/** Who asks, as Directus knows it; `app` is a person at the screens, not our service. */
export interface Actor {
  readonly user?: string | null;
  readonly app?: boolean;
}

const table = tables.findings as unknown as Table;
const closing = new Set(['已办结', '误报']);
const open = new Set(['未办', '学校已说明']);

const refuse = (reason: string): never => {
  throw new InvalidPayloadError({ reason: `「预警」${reason}` });
};

const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

const nameOf = async (database: Knex, actor: Actor | null): Promise<string> => {
  if (!actor?.user) return '';
  const user: { first_name: string | null; last_name: string | null } | undefined = await database('directus_users')
    .where({ id: actor.user })
    .first('first_name', 'last_name');
  return [user?.last_name, user?.first_name].filter(Boolean).join('');
};

const checkState = (state: string, row: Values, actor: Actor | null): void => {
  if (state === '已消除' && actor?.app) refuse('“已消除”由系统核查后写明;人工办结请选“已办结”或“误报”,并写办结理由');
  if (closing.has(state) && isBlank(row.close_reason)) refuse('选“已办结”或“误报”,须写办结理由');
  if (state === '学校已说明' && isBlank(row.answer)) refuse('选“学校已说明”,须先填学校说明');
};

/** The values to write for a change of findings; refuses a step without its reason. `keys` are empty for a new one. */
export const checkFinding = async (payload: Values, keys: readonly string[], database: Knex, actor: Actor | null): Promise<Values> => {
  const state = payload.state;
  if (typeof state !== 'string') return payload;
  const stored: Values[] = keys.length
    ? await database('findings')
        .whereIn('id', [...keys])
        .select('close_reason', 'answer', 'state')
    : [{}];
  for (const row of stored) checkState(state, { ...row, ...payload }, actor);
  if (!actor?.app) return payload;
  if (closing.has(state))
    return {
      ...payload,
      closed_at: new Date().toISOString(),
      closed_by: isBlank(payload.closed_by) ? await nameOf(database, actor) : payload.closed_by,
    };
  return open.has(state) ? { ...payload, closed_at: null, closed_by: null } : payload;
};

/** Adds a person's step to the history of a finding whose state has changed. */
export const noteStep = async (database: Knex, id: string, before: Values | undefined, actor: Actor | null): Promise<void> => {
  if (!actor?.app || !before) return;
  const stored: Values | undefined = await database('findings').where({ id }).first('*');
  if (!stored || stored.state === before.state) return;
  const row = fromRow(table, stored);
  const step = {
    at: new Date().toISOString(),
    from: before.state,
    to: row.state,
    by: await nameOf(database, actor),
    reason: closing.has(String(row.state)) ? row.close_reason : row.state === '学校已说明' ? row.answer : null,
  };
  const history = [...(Array.isArray(row.history) ? row.history : []), step];
  await database('findings').where({ id }).update(toRow(table, { history }));
};
