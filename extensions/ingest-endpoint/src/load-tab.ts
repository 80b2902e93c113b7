/**
 * Reads what the database holds of a workbook's tabs: rows, agreements and the rows that links may point to; and keeps
 * that up to date while the tabs are planned one after the other, so that nothing is read twice.
 * Never writes.
 */
import type { Knex } from 'knex';
import type { Fields, Table } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import type { LiveTables } from '../../../schema/live-tables.ts';
import type { Values } from '../../../schema/merge.ts';
import type { Column, Tab } from '../../../schema/sheets.ts';
import { listReader } from '../../shared/values.ts';
import { readLists } from './bulk.ts';
import { linkTargets, viaColumns } from './links.ts';
import type { LinkTargets, LiveRow, LiveTable, TablePlan } from './plan-types.ts';
import { loadTaken } from './unique-values.ts';

export interface Scope {
  /** The tables as this Directus has them. */
  readonly tables: LiveTables;
  readonly school: string;
  readonly term: string;
  /** Id of the `sources` row, null where the workbook is new. */
  readonly source: string | null;
}

/** A live table that follows what is planned for it. */
interface HeldTable extends LiveTable {
  readonly rows: Map<string, LiveRow>;
  readonly base: Map<string, Values>;
  readonly fromHere: Set<string>;
  readonly besides: Map<string, string>;
  /** The field that names the main row, for a table beside another. */
  readonly link: string | null;
}

/** What is held of a workbook. */
export interface Held {
  readonly live: ReadonlyMap<TableName, HeldTable>;
  /** For tables that the workbook itself does not fill: the rows that its links may point to, with what names them. */
  readonly others: ReadonlyMap<string, readonly LiveRow[]>;
  /** The school's 更正单, where the workbook has a 月报. */
  readonly corrections: readonly LiveRow[];
}

const within = (table: Table, scope: Scope): Record<string, string> => {
  const fields = table.fields as Fields;
  return { ...('school' in fields ? { school: scope.school } : {}), ...(table.scope === 'school-term' ? { term: scope.term } : {}) };
};

const readRows = async (trx: Knex, name: TableName, columns: readonly string[], scope: Scope): Promise<LiveRow[]> => {
  const table = scope.tables[name];
  return (await readLists(trx, name, columns, within(table, scope))).map(listReader(table, columns)) as LiveRow[];
};

type Agreement = [item: string, source: string | null, agreed: Values];

const readAgreements = async (trx: Knex, collection: TableName, { school }: Scope): Promise<Agreement[]> =>
  (await readLists(trx, 'kehou_base', ['item', 'source', 'agreed'], { collection, school }, ['agreed'])) as Agreement[];

const loadTable = async (trx: Knex, name: TableName, isMain: boolean, scope: Scope): Promise<HeldTable> => {
  const [rows, agreements, taken] = await Promise.all([
    readRows(trx, name, ['id', ...Object.keys(scope.tables[name].fields)], scope),
    readAgreements(trx, name, scope),
    loadTaken(trx, name, scope.tables),
  ]);
  const link = isMain ? null : (scope.tables[name].key?.[0] ?? null);
  return {
    ...(taken ? { taken } : {}),
    rows: new Map(rows.map((row) => [row.id, row])),
    base: new Map(agreements.map(([item, , agreed]) => [item, agreed])),
    fromHere: new Set(agreements.flatMap(([item, source]) => (scope.source !== null && source === scope.source ? [item] : []))),
    besides: link ? new Map(rows.map((row) => [String(row[link]), row.id])) : new Map(),
    link,
  };
};

const targetOf = (columns: readonly Column[]): TableName => (columns[0] as Column).via?.to as TableName;

/** Reads everything at once: while the database fetches one table, the one before is taken apart here. */
export const loadTabs = async (trx: Knex, tabs: readonly Tab[], scope: Scope): Promise<Held> => {
  const mains = new Set(tabs.map((tab) => tab.table));
  const filled = [...new Set(tabs.flatMap((tab) => tab.tables))];
  const links = tabs.flatMap((tab) => [...viaColumns(tab)]).filter(([, columns]) => !filled.includes(targetOf(columns)));
  const [live, others, corrections] = await Promise.all([
    Promise.all(filled.map(async (name): Promise<[TableName, HeldTable]> => [name, await loadTable(trx, name, mains.has(name), scope)])),
    Promise.all(
      links.map(async ([key, columns]): Promise<[string, LiveRow[]]> => {
        const names = columns.map((column) => column.name);
        return [key, await readRows(trx, targetOf(columns), ['id', ...names], scope)];
      }),
    ),
    mains.has('monthly_reports') ? readRows(trx, 'corrections', ['id', ...Object.keys(scope.tables.corrections.fields)], scope) : [],
  ]);
  return { live: new Map(live), others: new Map(others), corrections };
};

/** The rows that the links of a tab may point to. */
export const linksOf = (tab: Tab, held: Held): Map<string, LinkTargets> =>
  new Map(
    [...viaColumns(tab)].map(([key, columns]) => {
      const rows = held.live.get(targetOf(columns))?.rows.values() ?? held.others.get(key) ?? [];
      return [key, linkTargets([...rows], (columns[0] as Column).name)];
    }),
  );

/** Whether the planning of a tab looks at the rows of a table. */
export const looksAt = (tab: Tab, name: TableName): boolean =>
  tab.tables.includes(name) || [...viaColumns(tab).values()].some((columns) => targetOf(columns) === name);

/** What is planned counts as held from now on. */
export const keepPlan = (held: Held, plan: TablePlan, scope: Scope): void => {
  const table = held.live.get(plan.table);
  if (!table) return;
  const blank = Object.fromEntries(Object.keys(plan.fields).map((name) => [name, null]));
  for (const { id, values } of plan.inserts) table.rows.set(id, { ...blank, ...values, id });
  for (const { id, changes } of plan.updates) table.rows.set(id, { ...table.rows.get(id), ...changes, id });
  for (const [item, agreed] of plan.agreed) {
    table.base.set(item, agreed);
    if (scope.source !== null) table.fromHere.add(item);
  }
};

/** Which new row stands beside which: asked also when the table itself is not looked at any more. */
export const keepBesides = (held: Held, plan: TablePlan): void => {
  const table = held.live.get(plan.table);
  if (!table?.link) return;
  for (const { id, values } of plan.inserts) table.besides.set(String(values[table.link]), id);
};
