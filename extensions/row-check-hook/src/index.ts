/**
 * Rows entered in the admin screens (or by any API call) keep the same rules as rows from sheets: normal form checked,
 * 行号 given, figures derived, and every change written to `kehou_changes`. Rows from sheets come through the ingest
 * endpoint, which does all this itself.
 */
import { randomUUID } from 'node:crypto';
import { InvalidPayloadError } from '@directus/errors';
import { defineHook } from '@directus/extensions-sdk';
import type { Knex } from 'knex';
import { derive } from '../../../schema/derive.ts';
import type { Fields, Table } from '../../../schema/fields.ts';
import { type TableName, tableNames, tables } from '../../../schema/index.ts';
import { sameValue } from '../../../schema/merge.ts';
import { newRowId } from '../../../schema/row-id.ts';
import { checkRow } from '../../../schema/rows.ts';
import { fromRow, toRow } from '../../shared/values.ts';

type Values = Record<string, unknown>;

const tableOf = (name: TableName): Table => tables[name] as unknown as Table;

/** Directus' pickers give seconds and decimals as text; the normal form has neither. */
const normal = (table: Table, payload: Values): Values => {
  const fields = table.fields as Fields;
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      const kind = fields[name]?.kind;
      if (typeof value !== 'string' || !kind) return [name, value];
      if (['money', 'decimal', 'percent', 'whole', 'minutes', 'grade'].includes(kind) && value.trim() !== '') return [name, Number(value)];
      return [name, value];
    }),
  );
};

const refuse = (table: Table, payload: Values, partial: boolean): void => {
  const faults = checkRow(table, payload, partial);
  if (faults.length) throw new InvalidPayloadError({ reason: `「${table.label}」${faults.map((one) => one.message).join(';')}` });
};

const defaults = (table: Table): Values =>
  Object.fromEntries(Object.entries(table.fields as Fields).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])));

/** Moments that a row notes about itself when it is made. */
const firstStamps: Partial<Record<TableName, (now: string) => Values>> = {
  jobs: (now) => ({ requested_at: now }),
  findings: (now) => ({ opened_at: now }),
  monthly_reports: (now) => ({ first_valid_at: now }),
  enrolments: (now) => ({ step_at: now }),
};

const tracked = (name: TableName): boolean => !['jobs', 'sources', 'sheet_problems', 'notice_copies'].includes(name);

const writeChange = async (database: Knex, collection: string, item: string, action: string, actor: string | null, fields: Values): Promise<void> => {
  await database('kehou_changes').insert({
    id: randomUUID(),
    changed_at: new Date(),
    collection,
    item,
    action,
    actor: actor ?? '',
    channel: 'screen',
    source: null,
    tab: null,
    sheet_row: null,
    fields: JSON.stringify(fields),
  });
};

interface EventContext {
  readonly database: Knex;
  readonly accountability: { readonly user?: string | null } | null;
}

/** Rows as they were just before an update, until the update is known to have happened. */
const before = new Map<string, Values>();
/** A failed update leaves its entry behind; the oldest go first. */
const mostRemembered = 10_000;

const remember = async (name: TableName, key: string, ids: readonly string[], database: Knex): Promise<void> => {
  const rows: Values[] = await database(name)
    .whereIn(key, [...ids])
    .select('*');
  for (const row of rows) before.set(`${name}/${row[key]}`, fromRow(tableOf(name), row));
  for (const oldest of before.keys()) {
    if (before.size <= mostRemembered) break;
    before.delete(oldest);
  }
};

/** After an update: brings derived figures up to date and writes down what really changed. */
const settle = async (database: Knex, name: TableName, key: string, id: string, actor: string | null): Promise<void> => {
  const table = tableOf(name);
  const stored = await database(name)
    .where({ [key]: id })
    .first('*');
  if (!stored) return;
  const row = fromRow(table, stored);
  const derived = derive(name, row);
  if (Object.keys(derived).length)
    await database(name)
      .where({ [key]: id })
      .update(toRow(table, derived));
  const old = before.get(`${name}/${id}`);
  before.delete(`${name}/${id}`);
  if (!old) return;
  const changed = Object.fromEntries(
    Object.entries({ ...row, ...derived }).flatMap(([field, value]) =>
      sameValue(old[field], value) ? [] : [[field, [old[field] ?? null, value ?? null, null]]],
    ),
  );
  if (Object.keys(changed).length) await writeChange(database, name, id, 'update', actor, changed);
};

export default defineHook(({ filter, action }) => {
  for (const name of tableNames) {
    const table = tableOf(name);
    const key = typeof table.primary === 'object' ? table.primary.field : 'id';

    filter(`${name}.items.create`, (raw) => {
      const payload = normal(table, raw as Values);
      refuse(table, payload, false);
      const made: Values = { ...firstStamps[name]?.(new Date().toISOString()), ...defaults(table), ...payload };
      return { ...(table.primary === 'rowId' ? { id: newRowId() } : {}), ...made, ...derive(name, made) };
    });

    filter(`${name}.items.update`, async (raw, meta, context) => {
      const payload = normal(table, raw as Values);
      refuse(table, payload, true);
      if (tracked(name)) await remember(name, key, (meta as { keys?: string[] }).keys ?? [], (context as unknown as EventContext).database);
      return payload;
    });

    action(`${name}.items.create`, async (meta, context) => {
      if (meta.channel === 'sheet' || !tracked(name)) return;
      const { database, accountability } = context as unknown as EventContext;
      const fields = Object.fromEntries(Object.entries(meta.payload as Values).map(([field, value]) => [field, [null, value, null]]));
      await writeChange(database, name, String(meta.key), 'create', accountability?.user ?? null, fields);
    });

    action(`${name}.items.update`, async (meta, context) => {
      if (meta.channel === 'sheet') return;
      const { database, accountability } = context as unknown as EventContext;
      for (const id of meta.keys as string[]) await settle(database, name, key, String(id), accountability?.user ?? null);
    });

    action(`${name}.items.delete`, async (meta, context) => {
      if (!tracked(name)) return;
      const { database, accountability } = context as unknown as EventContext;
      for (const id of meta.keys as string[]) {
        await writeChange(database, name, String(id), 'delete', accountability?.user ?? null, {});
        await database('kehou_base')
          .where({ collection: name, item: String(id) })
          .delete();
      }
    });
  }
});
