/**
 * Gives each sheet row the live row it stands for: by 行号, else by the natural key.
 * Pure. Ambiguity is a problem, never a guess.
 */
import { modelTables } from '../../../schema/live-tables.ts';
import type { Values } from '../../../schema/merge.ts';
import type { Problem } from '../../../schema/parsed.ts';
import { type ProblemCode, problem } from '../../../schema/problems.ts';
import { isRowId } from '../../../schema/row-id.ts';
import { systemHeaders, type Tab } from '../../../schema/sheets.ts';
import type { LiveRow, LiveTable, Located } from './plan-types.ts';

/** A live row's id, null for a new row; a row that is not in the map could not be told apart and has a problem. */
export type Identity = Map<Located, string | null>;

interface Desk {
  readonly tab: Tab;
  readonly live: LiveTable;
  readonly found: Problem[];
  readonly identity: Identity;
  /** Which sheet row holds a live row. */
  readonly claimed: Map<string, Located>;
  /** Sheet rows whose 行号 is a problem: they are not tried by their key. */
  readonly doubtful: Set<Located>;
  /** Live rows that other rows of the sheet stand for. */
  readonly taken: ReadonlySet<string>;
}

const keyOf = (tab: Tab, values: Values): string => JSON.stringify((modelTables[tab.table].key ?? []).map((name) => values[name] ?? null));
const keyOfRow = (tab: Tab, row: Located): string => keyOf(tab, row.parts.get(tab.table) as Values);

const report = (desk: Desk, row: Located, code: ProblemCode, value: string, detail = ''): void => {
  desk.doubtful.add(row);
  desk.found.push(problem(code, { tab: desk.tab.name, cell: `A${row.sheet.row}`, row: row.sheet.row, header: systemHeaders.id, value, detail }));
};

const claim = (desk: Desk, id: string, row: Located): void => {
  desk.claimed.set(id, row);
  desk.identity.set(row, id);
};

/** A copied row carries its original's 行号: the one that still has the original's key keeps it, the other is new. */
const settleRivals = (desk: Desk, id: string, row: Located, rival: Located): void => {
  const original = keyOf(desk.tab, desk.live.rows.get(id) as LiveRow);
  const mine = keyOfRow(desk.tab, row) === original;
  const theirs = keyOfRow(desk.tab, rival) === original;
  if (mine === theirs) {
    report(desk, row, 'ambiguous/row-id', id, `与第 ${rival.sheet.row} 行相同`);
  } else if (mine) {
    desk.identity.delete(rival);
    claim(desk, id, row);
  }
};

const identifyById = (desk: Desk, row: Located, id: string): void => {
  const rival = desk.claimed.get(id);
  if (!isRowId(id)) report(desk, row, 'ambiguous/row-id', id);
  else if (!desk.live.rows.has(id)) report(desk, row, 'not-found/row-id', id);
  else if (rival) settleRivals(desk, id, row, rival);
  else claim(desk, id, row);
};

/** Live rows that no sheet row claims by 行号, by their natural key. */
const unclaimed = (desk: Desk): Map<string, string[]> => {
  const byKey = new Map<string, string[]>();
  for (const [id, row] of desk.live.rows) {
    if (desk.claimed.has(id) || desk.taken.has(id)) continue;
    const key = keyOf(desk.tab, row);
    byKey.set(key, [...(byKey.get(key) ?? []), id]);
  }
  return byKey;
};

const identifyByKey = (desk: Desk, rows: readonly Located[], refused: ReadonlySet<number>): void => {
  const byKey = unclaimed(desk);
  const newRows = new Map<string, Located>();
  for (const row of rows) {
    if (desk.identity.has(row) || desk.doubtful.has(row)) continue;
    const key = keyOfRow(desk.tab, row);
    const matches = byKey.get(key) ?? [];
    const twin = newRows.get(key);
    if (matches.length > 1) report(desk, row, 'ambiguous/row-id', '', '空着,而系统里有不止一行与它相同');
    else if (matches.length === 1) {
      desk.identity.set(row, matches[0] as string);
      byKey.delete(key);
      newRows.set(key, row);
    } else if (twin && !refused.has(row.sheet.row)) report(desk, row, 'duplicate', '', `第 ${twin.sheet.row} 行`);
    else {
      desk.identity.set(row, null);
      if (!refused.has(row.sheet.row)) newRows.set(key, row);
    }
  }
};

/**
 * `refused` are rows that will not be stored anyway: their keys may be unreadable, so they stand in nobody's way. `taken` are live rows
 * for which rows of the sheet stand that are not among `rows`.
 */
export const identifyRows = (
  tab: Tab,
  rows: readonly Located[],
  live: LiveTable,
  refused: ReadonlySet<number>,
  found: Problem[],
  taken: ReadonlySet<string> = new Set(),
): Identity => {
  const desk: Desk = { tab, live, found, identity: new Map(), claimed: new Map(), doubtful: new Set(), taken };
  for (const row of rows) if (row.sheet.id) identifyById(desk, row, row.sheet.id);
  identifyByKey(desk, rows, refused);
  return desk.identity;
};
