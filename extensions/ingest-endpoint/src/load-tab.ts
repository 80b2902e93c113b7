/**
 * Reads what the database holds of one tab: its rows, their agreements and the rows that links may point to.
 * Never writes.
 */
import type { Knex } from 'knex';
import type { Fields, Table } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import type { Values } from '../../../schema/merge.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { fromRow } from '../../shared/values.ts';
import { linkTargets } from './links.ts';
import type { LinkTargets, LiveRow, LiveTable } from './plan-types.ts';

export interface Scope {
  readonly school: string;
  readonly term: string;
  /** Id of the `sources` row, null where the workbook is new. */
  readonly source: string | null;
}

const within = (table: Table, scope: Scope): Record<string, string> => {
  const fields = table.fields as Fields;
  return { ...('school' in fields ? { school: scope.school } : {}), ...(table.scope === 'school-term' ? { term: scope.term } : {}) };
};

const readRows = async (trx: Knex, name: TableName, scope: Scope): Promise<LiveRow[]> => {
  const table = tables[name] as unknown as Table;
  const rows: Record<string, unknown>[] = await trx(name).where(within(table, scope)).select('*');
  return rows.map((row) => fromRow(table, row) as LiveRow);
};

interface BaseRow {
  readonly item: string;
  readonly source: string | null;
  readonly agreed: string;
}

const loadTable = async (trx: Knex, name: TableName, main: TableName, scope: Scope): Promise<LiveTable> => {
  const [rows, agreements] = await Promise.all([
    readRows(trx, name, scope),
    trx('kehou_base').where({ collection: name, school: scope.school }).select<BaseRow[]>('item', 'source', 'agreed'),
  ]);
  const link = tables[name].key?.[0] as string | undefined;
  return {
    rows: new Map(rows.map((row) => [row.id, row])),
    base: new Map(agreements.map((one) => [one.item, JSON.parse(one.agreed) as Values])),
    fromHere: new Set(agreements.filter((one) => scope.source !== null && one.source === scope.source).map((one) => one.item)),
    besides: name === main || !link ? new Map() : new Map(rows.map((row) => [String(row[link]), row.id])),
  };
};

const loadLinks = async (trx: Knex, tab: Tab, scope: Scope): Promise<Map<string, LinkTargets>> => {
  const links = new Map<string, LinkTargets>();
  for (const column of tab.columns) {
    const key = column.via ? `${column.table}.${column.via.link}` : '';
    if (!column.via || links.has(key)) continue;
    links.set(key, linkTargets(await readRows(trx, column.via.to, scope), column.name));
  }
  return links;
};

export const loadTab = async (trx: Knex, tab: Tab, scope: Scope): Promise<{ live: Map<TableName, LiveTable>; links: Map<string, LinkTargets> }> => {
  const live = new Map<TableName, LiveTable>();
  for (const name of tab.tables) live.set(name, await loadTable(trx, name, tab.table, scope));
  return { live, links: await loadLinks(trx, tab, scope) };
};
