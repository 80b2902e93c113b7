/**
 * Decides what becomes of every row of one tab: new, changed, unchanged, refused or in conflict.
 * Pure: it is handed what the database holds and writes nothing.
 */
import { type TableName, tables } from '../../../schema/index.ts';
import type { RowAnswer, RowCounts, RowStatus } from '../../../schema/ingest.ts';
import type { ParsedRow, ParsedTab, Problem } from '../../../schema/parsed.ts';
import { problem } from '../../../schema/problems.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { cellOf } from './addresses.ts';
import { planRemovals } from './archive.ts';
import { identifyRows } from './identify-rows.ts';
import { locateRow } from './locate-row.ts';
import { planRow } from './plan-row.ts';
import type { LiveTable, Located, PlanContext, TablePlan, TabPlan } from './plan-types.ts';

/** A column that stands in school-made sheets only: whose row it is. */
const schoolHeader = tables.schools.fields.code.label;

/** A row that says it belongs to another school than its workbook. */
const strangers = (tab: Tab, rows: readonly ParsedRow[], school: string): Problem[] =>
  rows.flatMap((row) => {
    const named = row.values[schoolHeader];
    if (named === undefined || String(named) === school) return [];
    return [
      problem('school-mismatch', {
        tab: tab.name,
        cell: cellOf(row, schoolHeader),
        row: row.row,
        header: schoolHeader,
        value: String(named),
        detail: school,
      }),
    ];
  });

const locateAll = (tab: Tab, parsed: ParsedTab, context: PlanContext, refused: Set<number>, found: Problem[]): Located[] => {
  const headers = new Set(Object.keys(parsed.columns));
  const located = parsed.rows.map((row) => {
    const links: Problem[] = [];
    const spread = locateRow(tab, headers, context, row, links);
    // A row that is refused anyway is not scolded twice for the link it could not name.
    if (!refused.has(row.row)) found.push(...links);
    return spread;
  });
  for (const one of found) refused.add(one.row);
  return located;
};

const countRows = (parsed: ParsedTab, answers: readonly RowAnswer[], archived: number): RowCounts => {
  const count = (status: RowStatus) => answers.filter((one) => one.status === status).length;
  return {
    read: parsed.rows.length + parsed.ignoredRows.length,
    taken: count('已收'),
    unchanged: count('未变'),
    refused: count('有误'),
    ignored: parsed.ignoredRows.length,
    conflicts: count('冲突'),
    archived,
  };
};

/** Plans one tab. `parsed` carries the problems of reading; rows with an error among them are refused. */
export const planTab = (tab: Tab, parsed: ParsedTab, context: PlanContext): TabPlan => {
  const found: Problem[] = strangers(tab, parsed.rows, context.school);
  const refused = new Set(parsed.problems.filter((one) => one.severity === 'error').map((one) => one.row));
  const located = locateAll(tab, parsed, context, refused, found);
  const identity = identifyRows(tab, located, context.live.get(tab.table) as LiveTable, refused, found);
  const plans = new Map<TableName, TablePlan>(
    tab.tables.map((name) => [
      name,
      { table: name, fields: context.tables[name].fields, inserts: [], updates: [], agreed: new Map(), origins: new Map() },
    ]),
  );

  const answers = located.map((row): RowAnswer => {
    const id = identity.get(row);
    if (id === undefined || refused.has(row.sheet.row)) return { row: row.sheet.row, id: id ?? null, status: '有误', outward: {} };
    return { row: row.sheet.row, ...planRow(tab, row, id, context, plans, found) };
  });
  const seen = new Set([...identity.values()].filter((id) => id !== null));
  // A refused row that could not be told may be any of the rows that seem gone.
  const certain = answers.every((answer) => answer.status !== '有误' || answer.id !== null);
  const archived = certain ? planRemovals(tab, context, seen, plans.get(tab.table) as TablePlan, found) : 0;
  return {
    tables: [...plans.values()],
    answer: {
      tab: parsed.tab,
      table: tab.table,
      rows: answers,
      problems: [...parsed.problems, ...found],
      counts: countRows(parsed, answers, archived),
    },
  };
};
