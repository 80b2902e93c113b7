/**
 * Reads what the database holds of one tab: its rows, their agreements and the rows that links may point to.
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
import type { LinkTargets, LiveRow, LiveTable, PlanContext } from './plan-types.ts';
import { loadTaken } from './unique-values.ts';

export interface Scope {
  /** The tables as this Directus has them. */
  readonly tables: LiveTables;
  readonly school: string;
  readonly term: string;
  /** Id of the `sources` row, null where the workbook is new. */
  readonly source: string | null;
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

const loadTable = async (trx: Knex, name: TableName, main: TableName, scope: Scope): Promise<LiveTable> => {
  const rows = await readRows(trx, name, ['id', ...Object.keys(scope.tables[name].fields)], scope);
  const agreements = await readAgreements(trx, name, scope);
  const link = scope.tables[name].key?.[0];
  const taken = await loadTaken(trx, name, scope.tables);
  return {
    ...(taken ? { taken } : {}),
    rows: new Map(rows.map((row) => [row.id, row])),
    base: new Map(agreements.map(([item, , agreed]) => [item, agreed])),
    fromHere: new Set(agreements.flatMap(([item, source]) => (scope.source !== null && source === scope.source ? [item] : []))),
    besides: name === main || !link ? new Map() : new Map(rows.map((row) => [String(row[link]), row.id])),
  };
};

/** Of the rows that a link may point to, only what names them is wanted. */
const loadLinks = async (trx: Knex, tab: Tab, scope: Scope): Promise<Map<string, LinkTargets>> => {
  const links = new Map<string, LinkTargets>();
  for (const [key, columns] of viaColumns(tab)) {
    const [first] = columns as [Column, ...Column[]];
    const names = columns.map((column) => column.name);
    links.set(key, linkTargets(await readRows(trx, first.via?.to as TableName, ['id', ...names], scope), first.name));
  }
  return links;
};

type Held = Required<Pick<PlanContext, 'live' | 'links' | 'corrections'>>;

export const loadTab = async (trx: Knex, tab: Tab, scope: Scope): Promise<Held> => {
  const live = new Map<TableName, LiveTable>();
  for (const name of tab.tables) live.set(name, await loadTable(trx, name, tab.table, scope));
  const corrections =
    tab.table === 'monthly_reports' ? await readRows(trx, 'corrections', ['id', ...Object.keys(scope.tables.corrections.fields)], scope) : [];
  return { live, links: await loadLinks(trx, tab, scope), corrections };
};
