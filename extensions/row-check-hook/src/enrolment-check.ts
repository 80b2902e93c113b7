/**
 * The steps of an application that somebody changes on a screen or by the API; whether they may be taken, schema/enrolment/steps.ts
 * says. A person is refused in Chinese, a program of ours is believed; either way the row says where it stands.
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import { type Standing, type Steps, type Taking, takeSteps } from '../../../schema/enrolment/steps.ts';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { sameValue } from '../../../schema/merge.ts';
import { fromRow } from '../../shared/values.ts';
import { type Actor, nameOf } from './finding-check.ts';

type Values = Record<string, unknown>;

const table = tables.enrolments as unknown as Table;

/** Fields that only the steps themselves write. */
const written = ['step', 'step_at', 'step_by', 'trail', 'placement', 'placement_note'] as const;

const refuse = (reason: string): never => {
  throw new InvalidPayloadError({ reason: `「报名」${reason}` });
};

const takingOf = async (database: Knex, actor: Actor | null): Promise<Taking> => ({
  actor: actor?.app ? 'bureau' : 'program',
  by: (actor?.app && (await nameOf(database, actor))) || '系统',
  at: new Date().toISOString(),
});

const labelOf = (field: string): string => table.fields[field]?.label ?? field;

const checkRefusals = ({ refusals }: Steps): void => {
  if (refusals.length) refuse(refusals.map(({ field, wrong, remedy }) => `${labelOf(field)}:${wrong}。${remedy}`).join(';'));
};

/** A form hands back what it was shown; only another value is an attempt to write it. */
const checkHands = (payload: Values, before: Values): void => {
  const touched = written.filter((field) => field in payload && !sameValue(payload[field], before[field] ?? table.fields[field]?.default));
  if (touched.length) refuse(`${touched.map(labelOf).join('、')}由系统写明,不用手填;请改“状态”和意见`);
};

const readRows = async (database: Knex, keys: readonly string[]): Promise<Values[]> => {
  const stored: Values[] = await database('enrolments')
    .whereIn('id', [...keys])
    .select('*');
  return stored.map((row) => fromRow(table, row));
};

/** Refuses a step that may not be taken; gives the values of the row with its steps. `keys` are empty for a new one. */
export const checkEnrolment = async (payload: Values, keys: readonly string[], database: Knex, actor: Actor | null): Promise<Values> => {
  const taking = await takingOf(database, actor);
  if (keys.length === 0) {
    if (taking.actor === 'bureau') checkHands(payload, {});
    else if ('trail' in payload) return payload;
    const steps = takeSteps(null, payload as Standing, taking);
    checkRefusals(steps);
    // A program may know better than the opinions where an application stands.
    return { ...payload, ...steps.values, ...(taking.actor === 'program' && payload.step ? { step: payload.step } : {}) };
  }
  if (taking.actor !== 'bureau' && 'trail' in payload) return payload;
  const rows = await readRows(database, keys);
  const taken = rows.map((row) => {
    if (taking.actor === 'bureau') checkHands(payload, row);
    const steps = takeSteps(row as Standing, { ...row, ...payload } as Standing, taking);
    checkRefusals(steps);
    return steps.values;
  });
  // Of several rows each has a trail of its own: theirs is written once the change has happened.
  return taken.length === 1 ? { ...payload, ...taken[0] } : payload;
};

/** The steps that a change has taken, to be stored with the row; none where who changed it has noted them itself. */
export const stepsTaken = async (database: Knex, before: Values, row: Values, actor: Actor | null): Promise<Values> => {
  if (!sameValue(before.trail, row.trail) || !sameValue(before.step, row.step)) return {};
  return { ...takeSteps(before as Standing, row as Standing, await takingOf(database, actor)).values };
};
