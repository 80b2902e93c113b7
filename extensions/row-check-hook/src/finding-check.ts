/**
 * What a person may do with a finding: answer it, or close it with a name and a reason; which step may follow which, schema/findings.ts
 * says. Every step stays in the finding's history.
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { isOpenFinding, reasonOf, stateAnswered, stepRefused, withStep } from '../../../schema/findings.ts';
import { tables } from '../../../schema/index.ts';
import { fromRow, toRow } from '../../shared/values.ts';

type Values = Record<string, unknown>;

/** Who asks, as Directus knows it; `app` is a person at the screens, not our service. */
export interface Actor {
  readonly user?: string | null;
  readonly app?: boolean;
}

const table = tables.findings as unknown as Table;

const refuse = (reason: string): never => {
  throw new InvalidPayloadError({ reason: `「预警」${reason}` });
};

const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

/** Family name before given name, as people write it here; '' for a program. */
export const nameOf = async (database: Knex, actor: Actor | null): Promise<string> => {
  if (!actor?.user) return '';
  const user: { first_name: string | null; last_name: string | null } | undefined = await database('directus_users')
    .where({ id: actor.user })
    .first('first_name', 'last_name');
  return [user?.last_name, user?.first_name].filter(Boolean).join('');
};

const checkState = (state: string, row: Values, actor: Actor | null): void => {
  const why = stepRefused(state, row, actor?.app === true);
  if (why) refuse(why);
};

/** The history of a row with one step more; `row` is as it will stand. */
const historyWith = (before: Values, row: Values, by: string): unknown[] =>
  withStep(before, { at: new Date().toISOString(), to: String(row.state), by, reason: reasonOf(row) });

/** Whoever writes an answer for the school need not choose the state as well. */
const answeredState = (payload: Values, stored: readonly Values[]): Values => {
  if (typeof payload.state === 'string' || !('answer' in payload) || stored.length === 0) return payload;
  const states = new Set(stored.map((row) => stateAnswered(row, payload.answer)));
  const [state] = states;
  return states.size === 1 && stored.some((row) => row.state !== state) ? { ...payload, state } : payload;
};

const readFindings = async (database: Knex, keys: readonly string[]): Promise<Values[]> => {
  const stored: Values[] = await database('findings')
    .whereIn('id', [...keys])
    .select('id', 'state', 'close_reason', 'answer', 'history');
  return stored.map((row) => fromRow(table, row));
};

/** Who closed it and when, or that it is open again. */
const signedBy = (payload: Values, name: string): Values => {
  if (isOpenFinding(payload)) return { closed_at: null, closed_by: null };
  return { closed_at: new Date().toISOString(), closed_by: isBlank(payload.closed_by) ? name : payload.closed_by };
};

/** The values to write for a change of findings; refuses a step without its reason. `keys` are empty for a new one. */
export const checkFinding = async (asked: Values, keys: readonly string[], database: Knex, actor: Actor | null): Promise<Values> => {
  if (typeof asked.state !== 'string' && !('answer' in asked)) return asked;
  const known = await readFindings(database, keys);
  const payload = answeredState(asked, known);
  const state = payload.state;
  if (typeof state !== 'string') return payload;
  const stored = keys.length ? known : [{}];
  for (const row of stored) checkState(state, { ...row, ...payload }, actor);
  if (!actor?.app) return payload;
  const name = await nameOf(database, actor);
  const values = { ...payload, ...signedBy(payload, name) };
  const [only, ...others] = stored;
  // Several rows share one payload but not their history: theirs is written once the change has happened.
  if (!only || others.length || only.state === state) return values;
  return { ...values, history: historyWith(only, { ...only, ...values }, name) };
};

/** Adds a person's step to the history of each of several findings that were changed at once. */
export const noteSteps = async (
  database: Knex,
  ids: readonly string[],
  before: (id: string) => Values | undefined,
  actor: Actor | null,
): Promise<void> => {
  if (!actor?.app || ids.length < 2) return;
  const name = await nameOf(database, actor);
  for (const row of await readFindings(database, ids)) {
    const old = before(String(row.id));
    if (!old || old.state === row.state) continue;
    await database('findings')
      .where({ id: row.id })
      .update(toRow(table, { history: historyWith({ ...old, history: row.history }, row, name) }));
  }
};
