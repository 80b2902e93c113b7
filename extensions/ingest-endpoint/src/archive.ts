/**
 * Rows that leave a sheet and come back to it. Nothing is ever deleted.
 */
import type { Table } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import type { LiveTables } from '../../../schema/live-tables.ts';
import type { Problem } from '../../../schema/parsed.ts';
import { problem } from '../../../schema/problems.ts';
import { systemHeaders, type Tab } from '../../../schema/sheets.ts';
import type { LiveRow, LiveTable, PlanContext, TablePlan } from './plan-types.ts';

/** Tables whose rows leave and come back with the sheet: those whose archive mark belongs to the system, not to a person. */
const archiveOf = (tables: LiveTables, name: TableName): Table['archive'] => {
  const table = tables[name];
  return table.archive && table.fields[table.archive.field]?.owner === 'system' ? table.archive : undefined;
};

/** A row that was archived and stands in the sheet again is active again. */
export const returned = (tables: LiveTables, name: TableName, live: LiveRow): Record<string, unknown> => {
  const archive = archiveOf(tables, name);
  return archive && live[archive.field] === archive.archived ? { [archive.field]: archive.active } : {};
};

/**
 * Archives the rows that stood in this workbook and are gone, and says how many. If more than a fifth of the tab and over
 * five rows vanish at once, somebody must have slipped: nothing is archived and the school is asked (DESIGN section 4).
 */
export const planRemovals = (tab: Tab, context: PlanContext, seen: ReadonlySet<string>, plan: TablePlan, found: Problem[]): number => {
  const live = context.live.get(tab.table) as LiveTable;
  const archive = archiveOf(context.tables, tab.table);
  if (!archive || !context.whole) return 0;
  const present = [...live.rows.values()].filter((row) => live.fromHere.has(row.id) && row[archive.field] !== archive.archived);
  const gone = present.filter((row) => !seen.has(row.id));
  if (gone.length > 5 && gone.length > present.length / 5) {
    found.push(
      problem('vanished', {
        tab: tab.name,
        cell: 'A1',
        row: 1,
        header: systemHeaders.id,
        value: String(gone.length),
        detail: String(present.length),
      }),
    );
    return 0;
  }
  for (const row of gone)
    plan.updates.push({ id: row.id, changes: { [archive.field]: archive.archived }, before: { [archive.field]: row[archive.field] ?? null } });
  return gone.length;
};
