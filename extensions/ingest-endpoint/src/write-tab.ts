/**
 * Writes the plan of one tab: rows, Directus' own activity and revisions, agreements and changes, in bulk.
 * Runs inside the caller's transaction and decides nothing.
 */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Fields, Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { toRow } from '../../shared/values.ts';
import type { Scope } from './load-tab.ts';
import type { TablePlan } from './plan-types.ts';

/** Who writes: the user behind the token, as Directus knows it. */
export interface Author {
  readonly user: string | null;
  readonly ip: string | null;
  readonly agent: string | null;
  readonly origin: string | null;
}

/** SQLite refuses more than 500 rows or 32,766 values in one insert. */
const chunkSize = (columns: number): number => Math.max(1, Math.min(400, Math.floor(30000 / Math.max(1, columns))));

export const insertAll = async (trx: Knex, table: string, rows: readonly Record<string, unknown>[]): Promise<void> => {
  const columns = rows[0] ? Object.keys(rows[0]).length : 0;
  const size = chunkSize(columns);
  for (let start = 0; start < rows.length; start += size) await trx(table).insert(rows.slice(start, start + size));
};

const insertReturningIds = async (trx: Knex, table: string, rows: readonly Record<string, unknown>[]): Promise<number[]> => {
  const ids: number[] = [];
  const size = chunkSize(rows[0] ? Object.keys(rows[0]).length : 0);
  for (let start = 0; start < rows.length; start += size) {
    const made: { id: number }[] = await trx(table)
      .insert(rows.slice(start, start + size))
      .returning('id');
    ids.push(...made.map((one) => one.id).sort((a, b) => a - b));
  }
  return ids;
};

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

/** Whole rows, so that every insert of a chunk names the same columns. */
const fullRow = (table: Table, id: string, values: Record<string, unknown>): Record<string, unknown> => {
  const blank = Object.fromEntries(Object.keys(table.fields as Fields).map((name) => [name, null]));
  return toRow(table, { ...blank, ...values, id });
};

const writeRows = async (trx: Knex, plan: TablePlan): Promise<void> => {
  const table = tables[plan.table] as unknown as Table;
  await insertAll(
    trx,
    plan.table,
    plan.inserts.map((one) => fullRow(table, one.id, one.values)),
  );
  for (const one of plan.updates) await trx(plan.table).where({ id: one.id }).update(toRow(table, one.changes));
};

/** What Directus shows under 修订: one activity and one revision for each change. */
const writeDirectusHistory = async (trx: Knex, plan: TablePlan, changes: readonly Change[], author: Author, now: Date): Promise<void> => {
  const ids = await insertReturningIds(
    trx,
    'directus_activity',
    changes.map((one) => ({
      action: one.action,
      user: author.user,
      timestamp: now,
      ip: author.ip,
      user_agent: author.agent,
      origin: author.origin,
      collection: plan.table,
      item: one.id,
    })),
  );
  await insertAll(
    trx,
    'directus_revisions',
    changes.map((one, index) => ({
      activity: ids[index] as number,
      collection: plan.table,
      item: one.id,
      data: JSON.stringify({ id: one.id, ...one.before, ...one.after }),
      delta: JSON.stringify(one.after),
    })),
  );
};

const writeChanges = (trx: Knex, plan: TablePlan, tab: string, changes: readonly Change[], scope: Scope, author: Author, now: Date): Promise<void> =>
  insertAll(
    trx,
    'kehou_changes',
    changes.map((one) => {
      const origin = plan.origins.get(one.id);
      return {
        id: randomUUID(),
        changed_at: now,
        collection: plan.table,
        item: one.id,
        action: one.action,
        actor: author.user ?? '',
        channel: 'sheet',
        source: scope.source,
        tab,
        sheet_row: origin?.row ?? null,
        fields: JSON.stringify(
          Object.fromEntries(
            Object.entries(one.after).map(([name, value]) => [name, [one.before[name] ?? null, value, origin?.cells[name] ?? null]]),
          ),
        ),
      };
    }),
  );

const writeAgreements = async (trx: Knex, plan: TablePlan, scope: Scope, now: Date): Promise<void> => {
  const rows = [...plan.agreed].map(([item, agreed]) => ({
    collection: plan.table,
    item,
    school: scope.school,
    source: scope.source,
    agreed: JSON.stringify(agreed),
    agreed_at: now,
  }));
  const size = chunkSize(6);
  for (let start = 0; start < rows.length; start += size) {
    await trx('kehou_base')
      .insert(rows.slice(start, start + size))
      .onConflict(['collection', 'item'])
      .merge(['school', 'source', 'agreed', 'agreed_at']);
  }
};

export const writeTable = async (trx: Knex, plan: TablePlan, tab: string, scope: Scope, author: Author, now: Date): Promise<void> => {
  const changes = changesOf(plan);
  await writeRows(trx, plan);
  if (changes.length) {
    await writeDirectusHistory(trx, plan, changes, author, now);
    await writeChanges(trx, plan, tab, changes, scope, author, now);
  }
  await writeAgreements(trx, plan, scope, now);
};
