/**
 * Decides what becomes of every row of one tab: new, changed, unchanged, refused or in conflict.
 * Pure: it is handed what the database holds and writes nothing.
 */
import { cellOf } from '../../../schema/cells.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import type { RowAnswer, RowCounts, RowStatus } from '../../../schema/ingest.ts';
import { sameValue } from '../../../schema/merge.ts';
import { openSteps } from '../../../schema/monthly-return.ts';
import type { ParsedTab, Problem } from '../../../schema/parsed.ts';
import { type ProblemCode, problem } from '../../../schema/problems.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { headerOf } from './addresses.ts';
import { planRemovals } from './archive.ts';
import { answerAsked, unshownFindings } from './findings.ts';
import { identifyRows } from './identify-rows.ts';
import { outwardValues } from './links.ts';
import { headersIn, locateRow } from './locate-row.ts';
import { awaitedRows, unshown, withoutMissing } from './monthly-return.ts';
import { planRow } from './plan-row.ts';
import type { LiveRow, LiveTable, Located, PlanContext, TablePlan, TabPlan } from './plan-types.ts';
import { quietRows } from './quiet-rows.ts';

/** A column that stands in school-made sheets only: whose row it is. */
const schoolHeader = tables.schools.fields.code.label;

/** A row that says it belongs to another school than its workbook. */
const strangers = (tab: Tab, parsed: ParsedTab, school: string): Problem[] =>
  parsed.rows.flatMap((row) => {
    const named = row.values[schoolHeader];
    if (named === undefined || String(named) === school) return [];
    return [
      problem('school-mismatch', {
        tab: tab.name,
        cell: cellOf(parsed, row, schoolHeader),
        row: row.row,
        header: schoolHeader,
        value: String(named),
        detail: school,
      }),
    ];
  });

const locateAll = (tab: Tab, parsed: ParsedTab, context: PlanContext, refused: Set<number>, found: Problem[]): Located[] => {
  const headers = headersIn(parsed);
  const located = parsed.rows.map((row) => {
    const links: Problem[] = [];
    const spread = locateRow(tab, parsed, headers, context, row, links);
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

/** Tables that a tab may write into. */
const writtenBy = (tab: Tab): readonly TableName[] => (tab.table === 'monthly_reports' ? [...tab.tables, 'corrections'] : tab.tables);

/** A row that the workbook lacks, and what the school has to do beside it; `asks` null: nothing. */
interface Missing {
  readonly live: LiveRow;
  readonly asks: { readonly code: ProblemCode; readonly field: string; readonly value: string; readonly detail: string } | null;
}

/** Rows made by the bureau or from the school's own lists. */
const missingRows = (tab: Tab, parsed: ParsedTab, seen: ReadonlySet<string>, context: PlanContext): Missing[] => {
  const live = context.live.get(tab.table) as LiveTable;
  if (tab.table === 'monthly_reports') {
    const month = tab.columns.find((column) => column.name === 'month')?.header ?? '';
    return unshown(live, seen, new Set(parsed.rows.map((row) => row.values[month])), context.termDays).map((row) => ({
      live: row,
      asks: { code: 'to-confirm', field: 'confirmed', value: '', detail: openSteps(row).join(';') },
    }));
  }
  if (!tab.bureauRows || !context.termDays) return [];
  return unshownFindings(live, seen, context.term, context.termDays).map((row) => {
    const held = { ...row, places: context.places?.get(row.id) ?? null };
    const detail = answerAsked(held);
    return { live: held, asks: detail === null ? null : { code: 'to-answer', field: 'answer', value: '', detail } };
  });
};

/** Rows that the workbook lacks are added below its last one, as agreed: what the school then changes is a change. */
const appendRows = (tab: Tab, parsed: ParsedTab, seen: ReadonlySet<string>, context: PlanContext, plan: TablePlan, found: Problem[]): RowAnswer[] => {
  if (!context.appends || !context.whole) return [];
  const last = Math.max(parsed.headerRow ?? 1, ...parsed.rows.map((one) => one.row), ...parsed.ignoredRows.map((one) => one.row));
  return missingRows(tab, parsed, seen, context).map(({ live, asks }, index) => {
    const row = last + 1 + index;
    const shown = Object.fromEntries(
      tab.columns.flatMap(({ name, header }) => (header in parsed.columns && (live[name] ?? null) !== null ? [[name, live[name]]] : [])),
    );
    plan.agreed.set(live.id, shown);
    const held = context.live.get(tab.table)?.rows.get(live.id) as LiveRow;
    const changes = Object.fromEntries(Object.entries(live).filter(([name, value]) => !sameValue(held[name], value)));
    if (Object.keys(changes).length)
      plan.updates.push({ id: live.id, changes, before: Object.fromEntries(Object.keys(changes).map((name) => [name, held[name] ?? null])) });
    if (asks) {
      const { code, field, ...said } = asks;
      const header = headerOf(tab, context.tables, tab.table, field);
      found.push(problem(code, { tab: parsed.tab, cell: header in parsed.letters ? cellOf(parsed, { row }, header) : '', row, header, ...said }));
    }
    return { row, id: live.id, status: asks ? '待确认' : '已收', outward: outwardValues(tab, tab.table, shown, context) };
  });
};

const emptyPlan = (tab: Tab, table: TableName, { tables }: PlanContext): TablePlan => {
  const { fields } = tables[table];
  const headers = Object.fromEntries(Object.keys(fields).map((field) => [field, headerOf(tab, tables, table, field)]));
  return { table, fields, headers, inserts: [], updates: [], agreed: new Map(), origins: new Map() };
};

/** Plans one tab. `given` carries the problems of reading; rows with an error among them are refused. */
export const planTab = (tab: Tab, given: ParsedTab, context: PlanContext): TabPlan => {
  const parsed = tab.table === 'monthly_reports' ? withoutMissing(given, awaitedRows(tab, given, context.live.get(tab.table))) : given;
  const found: Problem[] = strangers(tab, parsed, context.school);
  const refused = new Set(parsed.problems.filter((one) => one.severity === 'error').map((one) => one.row));
  const quiet = quietRows(tab, parsed, context, new Set([...refused, ...found.map((one) => one.row)]));
  const moving = quiet.size ? { ...parsed, rows: parsed.rows.filter(({ row }) => !quiet.has(row)) } : parsed;
  const located = locateAll(tab, moving, context, refused, found);
  const taken = new Set(quiet.values());
  const identity = identifyRows(tab, located, context.live.get(tab.table) as LiveTable, refused, found, taken);
  const plans = new Map(writtenBy(tab).map((name) => [name, emptyPlan(tab, name, context)]));

  const pending = new Set<number>();
  const answerRow = (row: Located): RowAnswer => {
    const id = identity.get(row);
    if (id === undefined || refused.has(row.sheet.row)) return { row: row.sheet.row, id: id ?? null, status: '有误', outward: {} };
    const { pending: waits, ...outcome } = planRow(tab, row, id, context, plans, found);
    if (waits) pending.add(row.sheet.row);
    return { row: row.sheet.row, ...outcome };
  };
  const planned = new Map<number, RowAnswer>();
  for (const row of located) planned.set(row.sheet.row, answerRow(row));
  const answers = parsed.rows.map(({ row }): RowAnswer => planned.get(row) ?? { row, id: quiet.get(row) ?? null, status: '未变', outward: {} });
  const seen = new Set([...taken, ...[...identity.values()].filter((id) => id !== null)]);
  // A refused row that could not be told may be any of the rows that seem gone.
  const certain = answers.every((answer) => answer.status !== '有误' || answer.id !== null);
  // Of the bureau's own rows another copy does no harm.
  const added = certain || tab.bureauRows ? appendRows(tab, parsed, seen, context, plans.get(tab.table) as TablePlan, found) : [];
  const archived = certain ? planRemovals(tab, context, seen, plans.get(tab.table) as TablePlan, found) : 0;
  return {
    tables: [...plans.values()],
    answer: {
      tab: parsed.tab,
      table: tab.table,
      // How a row is counted is one thing; that it waits for somebody is what the school has to see.
      rows: [...answers.map((one) => (pending.has(one.row) ? { ...one, status: '待确认' as const } : one)), ...added],
      problems: [...parsed.problems, ...found],
      counts: countRows(parsed, answers, archived),
    },
  };
};
