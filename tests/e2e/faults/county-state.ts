/**
 * Everything that a sync leaves behind, in a form that two workspaces can be compared by: rows without the ids that chance gave
 * them, history by count, open problems, and what the workbooks say.
 */
import { readFile } from 'node:fs/promises';
import * as XLSX from '@e965/xlsx';
import type { RowChange } from '../../../extensions/ingest-endpoint/src/changes.ts';
import type { Fields } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import { isRowId } from '../../../schema/row-id.ts';
import { tabs } from '../../../schema/sheets.ts';
import type { Store } from '../../../scripts/directus/store.ts';
import { listWorkbooks, placeOf } from '../../../scripts/sheets/folder.ts';

const sheetTables = [...new Set(tabs.flatMap((tab) => tab.tables))];

/** Moments within a list (the trail of an application) differ by their nature, as those in columns of their own do. */
const withoutMoment = (key: string, value: unknown): unknown => (key === 'at' && typeof value === 'string' ? '时刻' : value);

const withoutChance = (table: TableName, row: Readonly<Record<string, unknown>>): string => {
  const fields = tables[table].fields as Fields;
  return JSON.stringify(
    Object.entries(row)
      .filter(([name]) => fields[name] && fields[name].kind !== 'timestamp')
      .map(([name, value]) => [name, typeof value === 'string' && isRowId(value) ? '行号' : value]),
    withoutMoment,
  );
};

interface Counted {
  readonly collection: string;
  readonly action?: string;
  readonly count: number | { readonly '*': number };
}

const counted = (rows: readonly Counted[]): string[] =>
  rows
    .filter((row) => (sheetTables as readonly string[]).includes(row.collection))
    .map((row) => `${row.collection} ${row.action ?? ''} ${JSON.stringify(row.count)}`)
    .sort();

/** 收取时间 differs by its nature. */
const withoutTime = (text: string): string => (isRowId(text) ? '行号' : text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d 收取/, '收取'));

const wordsOf = async (path: string): Promise<unknown> => {
  const book = XLSX.read(await readFile(path));
  return book.SheetNames.map((name) => [
    name,
    XLSX.utils.sheet_to_json<string[]>(book.Sheets[name] as XLSX.WorkSheet, { header: 1, raw: false, defval: '' }).map((row) => row.map(withoutTime)),
  ]);
};

/** The state of a workspace, as plain values. */
export const countyState = async (store: Store, admin: Store, folder: string) => {
  const rows: Record<string, string[]> = {};
  const changes: string[] = [];
  for (const table of sheetTables) {
    const stored = await store.readRows(table);
    rows[table] = stored.map((row) => withoutChance(table, row as Readonly<Record<string, unknown>>)).sort();
    if (table !== 'students' && table !== 'monthly_reports') continue;
    for (const { id } of stored) {
      const history = await store.call<RowChange[]>('GET', `/kehou-ingest/changes/${table}/${id}`);
      changes.push(...history.map((change) => `${table} ${change.action} ${change.tab} ${change.row} ${Object.keys(change.fields).sort().join()}`));
    }
  }
  const problems = await store.readRows('sheet_problems', { filter: { closed_at: { _null: true } } });
  const paths = await listWorkbooks(folder);
  return {
    rows,
    changes: changes.sort(),
    activity: counted(await admin.call<Counted[]>('GET', '/activity?aggregate[count]=*&groupBy[]=collection&groupBy[]=action')),
    revisions: counted(await admin.call<Counted[]>('GET', '/revisions?aggregate[count]=*&groupBy[]=collection')),
    problems: problems.map((one) => [one.tab, one.cell, one.code, one.value, one.message].join('|')).sort(),
    sources: (await store.readRows('sources')).map((one) => `${one.place} ${one.state} ${one.message}`).sort(),
    workbooks: Object.fromEntries(await Promise.all(paths.map(async (path) => [placeOf(folder, path), await wordsOf(path)]))),
  };
};
