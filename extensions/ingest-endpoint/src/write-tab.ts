/**
 * Writes the plan of one tab: rows, Directus' own activity and revisions, agreements and changes, in bulk.
 * Runs inside the caller's transaction and decides nothing. The statements of a table go out together; none waits for another's rows.
 */
import type { Knex } from 'knex';
import { cellOf } from '../../../schema/cells.ts';
import { changeIds } from '../../shared/change-ids.ts';
import { isPostgres } from '../../shared/is-postgres.ts';
import { jsonWriter } from '../../shared/values.ts';
import { insertRows, type JsonRow, momentFor, nextNumbers, updateRows, upsertRows } from './bulk.ts';
import type { Scope } from './load-tab.ts';
import type { Located, TablePlan, Update } from './plan-types.ts';
import { together } from './writes.ts';

/** Who writes: the user behind the token, as Directus knows it. */
export interface Author {
  readonly user: string | null;
  readonly ip: string | null;
  readonly agent: string | null;
  readonly origin: string | null;
}

interface Change {
  readonly action: 'create' | 'update';
  readonly id: string;
  /** Values after the change, of the fields it touches. */
  readonly after: Record<string, unknown>;
  readonly before: Record<string, unknown>;
}

const changesOf = (plan: TablePlan): Change[] => [
  ...plan.inserts.map((one): Change => ({ action: 'create', id: one.id, after: one.values, before: {} })),
  ...plan.updates.map((one): Change => ({ action: 'update', id: one.id, after: one.changes, before: one.before })),
];

type Writers = Readonly<Record<string, (value: unknown) => unknown>>;

const writersOf = (trx: Knex, fields: TablePlan['fields']): Writers =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, jsonWriter(field, isPostgres(trx))]));

const writeInserts = (trx: Knex, plan: TablePlan): Promise<void> => {
  const writers = Object.entries(writersOf(trx, plan.fields));
  const rows = plan.inserts.map(({ id, values }) => {
    const row: Record<string, unknown> = { id };
    for (const [name, write] of writers) row[name] = write(values[name]);
    return row;
  });
  return insertRows(trx, { table: plan.table, columns: ['id', ...Object.keys(plan.fields)], rows });
};

/** Updates by the fields that they touch: those of one kind go together. */
const byFields = (updates: readonly Update[]): Map<string, Update[]> => {
  const groups = new Map<string, Update[]>();
  for (const one of updates) {
    const key = Object.keys(one.changes).sort().join();
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
};

const writeUpdates = async (trx: Knex, plan: TablePlan): Promise<void> => {
  const writers = writersOf(trx, plan.fields);
  const toRow = ({ id, changes }: Update): JsonRow => ({
    ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, writers[name]?.(value)])),
    id,
  });
  for (const group of byFields(plan.updates).values()) {
    const columns = Object.keys((group[0] as Update).changes);
    if (columns.length) await updateRows(trx, { table: plan.table, columns: ['id', ...columns], rows: group.map(toRow) });
  }
};

/** What Directus shows under 修订: one activity and one revision for each change. */
const writeDirectusHistory = async (trx: Knex, plan: TablePlan, changes: readonly Change[], author: Author, now: Date): Promise<void> => {
  const numbers = await nextNumbers(trx, 'directus_activity', changes.length);
  const revision = ({ id, before, after }: Change, index: number) => ({
    activity: numbers[index],
    item: id,
    data: { id, ...before, ...after },
    delta: after,
  });
  const bulk = { table: 'directus_revisions', same: { collection: plan.table }, carrier: 'data' };
  const revisions = changes.map(revision);
  const of = (action: Change['action']) => revisions.filter((_, index) => changes[index]?.action === action);
  await insertRows(trx, {
    table: 'directus_activity',
    columns: ['id', 'action', 'item'],
    rows: changes.map(({ action, id }, index) => ({ id: numbers[index], action, item: id })),
    same: {
      user: author.user,
      timestamp: momentFor(trx, now),
      ip: author.ip,
      user_agent: author.agent,
      origin: author.origin,
      collection: plan.table,
    },
    carrier: 'item',
  });
  await together(
    // Of a new row Directus notes the same in both.
    insertRows(trx, { ...bulk, columns: ['activity', 'item', 'data'], copies: { delta: 'data' }, rows: of('create') }),
    insertRows(trx, { ...bulk, columns: ['activity', 'item', 'data', 'delta'], rows: of('update') }),
  );
};

/** The cell behind a written value; null for what the sheet has no column for. */
const cellBehind = (plan: TablePlan, origin: Located | undefined, field: string): string | null =>
  origin && field in (origin.parts.get(plan.table) ?? {}) ? cellOf(origin.parsed, origin.sheet, plan.headers[field] ?? field) : null;

const changedFields = (change: Change, plan: TablePlan, origin: Located | undefined): Record<string, unknown> => {
  const fields: Record<string, unknown> = {};
  for (const name in change.after) {
    const before = change.before[name] ?? null;
    const after = change.after[name] ?? null;
    if (before !== null || after !== null) fields[name] = [before, after, cellBehind(plan, origin, name)];
  }
  return fields;
};

const writeChanges = (
  trx: Knex,
  plan: TablePlan,
  tab: string,
  changes: readonly Change[],
  scope: Scope,
  author: Author,
  now: Date,
): Promise<void> => {
  const nextId = changeIds(now);
  return insertRows(trx, {
    table: 'kehou_changes',
    columns: ['id', 'item', 'action', 'sheet_row', 'fields'],
    rows: changes.map((one) => {
      const origin = plan.origins.get(one.id);
      return { id: nextId(), item: one.id, action: one.action, sheet_row: origin?.sheet.row ?? null, fields: changedFields(one, plan, origin) };
    }),
    same: {
      changed_at: momentFor(trx, now),
      collection: plan.table,
      actor: author.user ?? '',
      channel: 'sheet',
      source: scope.source,
      tab,
    },
    carrier: 'fields',
  });
};

const writeAgreements = (trx: Knex, plan: TablePlan, scope: Scope, now: Date): Promise<void> =>
  upsertRows(
    trx,
    {
      table: 'kehou_base',
      columns: ['item', 'agreed'],
      rows: [...plan.agreed].map(([item, agreed]) => ({ item, agreed })),
      same: { collection: plan.table, school: scope.school, source: scope.source, agreed_at: momentFor(trx, now) },
      carrier: 'agreed',
    },
    ['collection', 'item'],
  );

export const writeTable = async (trx: Knex, plan: TablePlan, tab: string, scope: Scope, author: Author, now: Date): Promise<void> => {
  const changes = changesOf(plan);
  await together(
    writeInserts(trx, plan),
    writeUpdates(trx, plan),
    ...(changes.length ? [writeDirectusHistory(trx, plan, changes, author, now), writeChanges(trx, plan, tab, changes, scope, author, now)] : []),
    writeAgreements(trx, plan, scope, now),
  );
};
