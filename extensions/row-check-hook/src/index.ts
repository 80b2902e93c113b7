/**
 * Rows entered in the admin screens (or by any API call) keep the same rules as rows from sheets: normal form checked,
 * 行号 given, figures derived, and every change written to `kehou_changes`. Rows from sheets come through the ingest
 * endpoint, which does all this itself.
 */
import { InvalidPayloadError } from '@directus/errors';
import { defineHook } from '@directus/extensions-sdk';
import type { Knex } from 'knex';
import { derive } from '../../../schema/derive.ts';
import type { Fields, Table } from '../../../schema/fields.ts';
import { type TableName, tableNames } from '../../../schema/index.ts';
import { modelTables } from '../../../schema/live-tables.ts';
import { sameValue } from '../../../schema/merge.ts';
import { newRowId } from '../../../schema/row-id.ts';
import { checkRow } from '../../../schema/rows.ts';
import type { Caller } from '../../shared/access.ts';
import { changeIds } from '../../shared/change-ids.ts';
import { type SheetRowsWritten, sheetRowsWritten } from '../../shared/events.ts';
import { fieldEvents, liveModelReader, noteModelChange } from '../../shared/live-model.ts';
import { fromRow, toRow } from '../../shared/values.ts';
import { followCaseChange } from './case-change.ts';
import { checkSlip, decideSlips } from './correction.ts';
import { type Decided, type Desk, decide } from './decision.ts';
import { checkEnrolment, stepsTaken } from './enrolment-check.ts';
import { type Actor, checkFinding, noteSteps } from './finding-check.ts';
import { checkInspection } from './inspection-check.ts';
import { isPersons, judgeAgain, matters, schoolsOf } from './judge-again.ts';
import { checkLayouts } from './layout-check.ts';
import { markAllWorkbooks, markWorkbooksOf, markWorkbooksOfSchool } from './outdated.ts';
import { checkReturn, completeSlips } from './return-check.ts';
import { checkRule, checkRuleDeletion } from './rule-check.ts';

type Values = Record<string, unknown>;

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
};

const tracked = (name: TableName): boolean => !['jobs', 'sources', 'sheet_problems', 'notice_copies'].includes(name);

const writeChange = async (database: Knex, collection: string, item: string, action: string, actor: string | null, fields: Values): Promise<void> => {
  const now = new Date();
  await database('kehou_changes').insert({
    id: changeIds(now)(),
    changed_at: now,
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
  readonly schema: Parameters<typeof markAllWorkbooks>[1];
  readonly accountability: Actor | null;
}

/** Rows as they were just before an update, until the update is known to have happened. */
const before = new Map<string, Values>();
/** A failed update leaves its entry behind; the oldest go first. */
const mostRemembered = 10_000;

const remember = async (table: Table, key: string, ids: readonly string[], database: Knex): Promise<void> => {
  const { name } = table;
  const rows: Values[] = await database(name)
    .whereIn(key, [...ids])
    .select('*');
  for (const row of rows) before.set(`${name}/${row[key]}`, fromRow(table, row));
  for (const oldest of before.keys()) {
    if (before.size <= mostRemembered) break;
    before.delete(oldest);
  }
};

/** What only some tables ask of a change: reasons of findings, rules that can be understood, layouts that a sheet can be read by. */
const checkMeaning = async (name: TableName, payload: Values, keys: readonly string[], context: EventContext): Promise<Values> => {
  if (name === 'findings') return checkFinding(payload, keys, context.database, context.accountability);
  if (name === 'monthly_reports') return checkReturn(payload, keys, context.database);
  if (name === 'corrections' && keys.length === 0) return checkSlip(payload, context.database, context.accountability);
  if (name === 'enrolments') return checkEnrolment(payload, keys, context.database, context.accountability);
  if (name === 'inspections') await checkInspection(payload, keys, context.database);
  if (name === 'rules') await checkRule(payload, keys, context.database);
  if (name === 'schools') checkLayouts(payload);
  return payload;
};

/** After an update: brings derived figures up to date and writes down what really changed. */
const settle = async (database: Knex, table: Table, key: string, id: string, actor: Actor | null): Promise<void> => {
  const { name } = table;
  const stored = await database(name)
    .where({ [key]: id })
    .first('*');
  if (!stored) return;
  const row = fromRow(table, stored);
  const old = before.get(`${name}/${id}`);
  const derived = { ...derive(name, row), ...(name === 'enrolments' && old ? await stepsTaken(database, old, row, actor) : {}) };
  if (Object.keys(derived).length)
    await database(name)
      .where({ [key]: id })
      .update(toRow(table, derived));
  before.delete(`${name}/${id}`);
  if (!old) return;
  const changed = Object.fromEntries(
    Object.entries({ ...row, ...derived }).flatMap(([field, value]) =>
      sameValue(old[field], value) ? [] : [[field, [old[field] ?? null, value ?? null, null]]],
    ),
  );
  if (Object.keys(changed).length) await writeChange(database, name, id, 'update', actor?.user ?? null, changed);
};

const keyOf = ({ primary }: Table): string => (typeof primary === 'object' ? primary.field : 'id');

export default defineHook(({ filter, action }, { services, emitter }) => {
  const liveModel = liveModelReader(services.FieldsService, (event, forget) => action(event, forget));
  /** The table as it is now, with what staff added to it. */
  const tableNow = async (name: TableName, { database, schema }: EventContext): Promise<Table> =>
    (await liveModel.read({ knex: database, schema })).tables[name];

  for (const event of fieldEvents)
    action(event, async (meta, context) => {
      const { database, schema } = context as unknown as EventContext;
      await noteModelChange(database);
      await markAllWorkbooks(database, schema, String(meta.collection));
    });

  /** Schools of rows that are being deleted, until that has happened. */
  const gone = new Map<string, string[] | null>();

  for (const name of tableNames) {
    const key = keyOf(modelTables[name]);

    filter(`${name}.items.create`, async (raw, _meta, context) => {
      const table = await tableNow(name, context as unknown as EventContext);
      const entered = normal(table, raw as Values);
      // A prefilled return lacks what only its school can say.
      refuse(table, entered, name === 'monthly_reports' && entered.state === '待确认');
      const payload = await checkMeaning(name, entered, [], context as unknown as EventContext);
      const made: Values = { ...firstStamps[name]?.(new Date().toISOString()), ...defaults(table), ...payload };
      return { ...(table.primary === 'rowId' ? { id: newRowId() } : {}), ...made, ...derive(name, made) };
    });

    filter(`${name}.items.update`, async (raw, meta, context) => {
      const table = await tableNow(name, context as unknown as EventContext);
      const payload = normal(table, raw as Values);
      refuse(table, payload, true);
      const keys = (meta as { keys?: string[] }).keys ?? [];
      if (tracked(name)) await remember(table, key, keys, (context as unknown as EventContext).database);
      const checked = await checkMeaning(name, payload, keys, context as unknown as EventContext);
      // Directus answers before its actions have run. Marked here, the very next sync looks; marked again afterwards, so does the one
      // after a sync that ran in between.
      await markWorkbooksOf((context as unknown as EventContext).database, name, keys.map(String));
      return checked;
    });

    action(`${name}.items.create`, async (meta, context) => {
      if (!tracked(name)) return;
      const { database, accountability } = context as unknown as EventContext;
      const fields = Object.fromEntries(Object.entries(meta.payload as Values).map(([field, value]) => [field, [null, value, null]]));
      await writeChange(database, name, String(meta.key), 'create', accountability?.user ?? null, fields);
      if (accountability?.app) await markWorkbooksOfSchool(database, name, meta.payload as Values);
      if (isPersons(accountability) && matters(name, meta.payload as Values))
        await judgeAgain(database, await schoolsOf(database, name, key, [String(meta.key)]), new Date());
    });

    action(`${name}.items.update`, async (meta, context) => {
      const { database, accountability } = context as unknown as EventContext;
      const table = await tableNow(name, context as unknown as EventContext);
      if (name === 'findings') await noteSteps(database, (meta.keys as string[]).map(String), (id) => before.get(`findings/${id}`), accountability);
      if (name === 'monthly_reports')
        for (const id of (meta.keys as string[]).map(String)) await completeSlips(database, before.get(`monthly_reports/${id}`), id);
      for (const id of meta.keys as string[]) await settle(database, table, key, String(id), accountability);
      await markWorkbooksOf(database, name, (meta.keys as string[]).map(String));
      if (isPersons(accountability) && matters(name, meta.payload as Values))
        await judgeAgain(database, await schoolsOf(database, name, key, (meta.keys as string[]).map(String)), new Date());
    });

    // Gone, a row no longer says whose it was.
    filter(`${name}.items.delete`, async (keys, _meta, context) => {
      const { database, accountability } = context as unknown as EventContext;
      const ids = (keys as unknown as string[]).map(String);
      if (isPersons(accountability)) gone.set(`${name}/${ids.join()}`, await schoolsOf(database, name, key, ids));
      await markWorkbooksOf(database, name, ids);
      return keys;
    });

    if (name === 'rules')
      filter('rules.items.delete', async (keys, _meta, context) => {
        await checkRuleDeletion((keys as unknown as string[]).map(String), (context as unknown as EventContext).database);
        return keys;
      });

    action(`${name}.items.delete`, async (meta, context) => {
      if (!tracked(name)) return;
      const { database, accountability } = context as unknown as EventContext;
      const ids = (meta.keys as string[]).map(String);
      const schools = gone.get(`${name}/${ids.join()}`);
      gone.delete(`${name}/${ids.join()}`);
      await markWorkbooksOf(database, name, ids);
      if (schools !== undefined) await judgeAgain(database, schools, new Date());
      for (const id of meta.keys as string[]) {
        await writeChange(database, name, String(id), 'delete', accountability?.user ?? null, {});
        await database('kehou_base')
          .where({ collection: name, item: String(id) })
          .delete();
      }
    });
  }

  /** A case is checked again whoever changed it. */
  const followCase = async (ids: readonly string[], payload: Values, { database, accountability }: EventContext): Promise<void> => {
    const taken = await followCaseChange(database, ids, payload, new Date());
    for (const [id, fields] of taken) await writeChange(database, 'cases', id, 'update', accountability?.user ?? null, fields);
  };
  for (const event of ['cases.items.create', 'cases.items.update'])
    action(event, (meta, context) =>
      followCase(((meta.keys ?? [meta.key]) as unknown[]).map(String), meta.payload as Values, context as unknown as EventContext),
    );
  emitter.onAction(sheetRowsWritten('cases'), async ({ inserts, updates }: SheetRowsWritten, context: EventContext) => {
    for (const { id, values } of inserts) await followCase([id], values, context);
    for (const { id, changes } of updates) await followCase([id], changes, context);
  });

  /** Rows that decisions within a larger transaction of Directus have changed: their history waits for its end, by problem. */
  const waiting = new Map<string, readonly Decided[]>();
  const settleDecided = async (rows: readonly Decided[], context: EventContext): Promise<void> => {
    for (const { table: name, item } of rows) {
      const table = await tableNow(name, context);
      await settle(context.database, table, keyOf(table), item, context.accountability);
      await markWorkbooksOf(context.database, name, [item]);
    }
  };

  const decisions = { sheet_problems: decide, corrections: decideSlips } satisfies Partial<
    Record<TableName, (desk: Desk, ids: readonly string[], payload: Values) => Promise<{ payload: Values; rows: Decided[] }>>
  >;
  for (const [name, work] of Object.entries(decisions)) {
    filter(`${name}.items.update`, async (raw, meta, context) => {
      const { database, schema, accountability } = context as unknown as EventContext;
      const model = await liveModel.read({ knex: database, schema });
      const itemsIn = (knex: Knex, table: string) => new services.ItemsService(table, { knex, schema, accountability } as never) as never;
      const keys = ((meta as { keys?: string[] }).keys ?? []).map(String);
      const { payload, rows } = await work({ database, model, accountability: accountability as Caller | null, itemsIn }, keys, raw as Values);
      if (!database.isTransaction) await settleDecided(rows, context as unknown as EventContext);
      else if (rows.length) waiting.set(`${name}/${keys.join()}`, rows);
      return payload;
    });

    action(`${name}.items.update`, async (meta, context) => {
      const key = `${name}/${((meta.keys ?? []) as string[]).map(String).join()}`;
      const rows = waiting.get(key) ?? [];
      waiting.delete(key);
      await settleDecided(rows, context as unknown as EventContext);
    });
  }
});
