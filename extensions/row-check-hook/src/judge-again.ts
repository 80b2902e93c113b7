/**
 * A school whose rows a person has changed is judged by the rules again (a job, which the worker does within seconds); what holds for the
 * whole county - a rule, a parameter, a term, a provider - has all schools judged. It never judges itself.
 */
import type { Knex } from 'knex';
import type { TableName } from '../../../schema/index.ts';
import { newRowId } from '../../../schema/row-id.ts';
import { ruleTableNames } from '../../../schema/rules/columns.ts';
import type { SchoolFacts, SettingsRow } from '../../../schema/rules/types.ts';
import type { Actor } from './finding-check.ts';

/** Rules look at these, school by school. */
const ofSchools: ReadonlySet<string> = new Set<TableName>([...ruleTableNames, 'schools']);
/** And at these for all of them. */
const ofCounty: ReadonlySet<string> = new Set<TableName>(['rules', 'settings', 'terms', 'providers']);

/** Of these tables rules look at a few fields only; of the others at whatever the county's own rules name. */
const looked: Readonly<Record<string, readonly string[]>> = {
  schools: ['type', 'urban_rural', 'enrolled', 'opened_on', 'closed_on', 'leader', 'pay_account'] satisfies readonly (keyof SchoolFacts)[],
  settings: [
    'fee_cap_primary',
    'fee_cap_junior',
    'min_days',
    'min_minutes',
    'off_work_summer',
    'off_work_winter',
    'summer_from',
    'summer_to',
    'due_day',
    'defer_holidays',
  ] satisfies readonly (keyof SettingsRow)[],
};

/** Whether a change of these fields may change what rules find. */
export const matters = (name: TableName, changes: Readonly<Record<string, unknown>>): boolean =>
  (ofSchools.has(name) || ofCounty.has(name)) && (!looked[name] || looked[name].some((field) => field in changes));

/** Our own programs judge by themselves; the guardian's page changes rows on nobody's account. */
export const isPersons = (actor: Actor | null): boolean => actor === null || actor.app === true;

const schoolColumn = (name: TableName): string => (name === 'schools' ? 'code' : 'school');

/** Schools of rows that are about to change or go; null: all of them; nothing to judge: none. */
export const schoolsOf = async (database: Knex, name: TableName, key: string, ids: readonly string[]): Promise<string[] | null> => {
  if (ofCounty.has(name)) return null;
  if (!ofSchools.has(name)) return [];
  return database(name)
    .whereIn(key, [...ids])
    .whereNotNull(schoolColumn(name))
    .distinct()
    .pluck(schoolColumn(name));
};

const listed = (row: { readonly arguments: unknown }): string[] | null => {
  const held = typeof row.arguments === 'string' ? JSON.parse(row.arguments) : row.arguments;
  const { school, schools } = (held ?? {}) as { school?: unknown; schools?: unknown };
  if (typeof school === 'string') return [school];
  return Array.isArray(schools) ? schools.map(String) : null;
};

const queueSchools = async (database: Knex, schools: readonly string[] | null, now: Date): Promise<void> => {
  if (schools?.length === 0) return;
  // While a county is being set up there is nobody to judge.
  if (!(await database('schools').first('code'))) return;
  const waiting: { id: string; schedule: string | null; arguments: unknown }[] = await database('jobs')
    .where({ kind: 'rules', state: '排队' })
    .select('id', 'schedule', 'arguments');
  if (waiting.some((job) => listed(job) === null)) return;
  const [job] = waiting.filter((one) => one.schedule === null);
  const all = schools && [...new Set([...((job && listed(job)) ?? []), ...schools])].sort();
  const wanted = JSON.stringify(all ? { schools: all } : {});
  // A worker may have taken it meanwhile: then these wait for the next.
  if (job && (await database('jobs').where({ id: job.id, state: '排队' }).update({ arguments: wanted }))) return;
  await database('jobs').insert({
    id: newRowId(),
    kind: 'rules',
    state: '排队',
    arguments: wanted,
    message: '管理界面上有改动,按规则再核查一遍',
    requested_at: now,
  });
};

let last: Promise<void> = Promise.resolve();

/** Queues the schools, or adds them to a job that waits; null: all. However many ask, one job waits at most. Not from within a transaction. */
export const judgeAgain = (database: Knex, schools: readonly string[] | null, now: Date): Promise<void> => {
  const turn = last.then(() => queueSchools(database, schools, now));
  last = turn.catch(() => undefined);
  return turn;
};
