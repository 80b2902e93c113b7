/**
 * Decides what becomes of every row of one tab: new, changed, unchanged, refused or in conflict.
 * Pure: it is handed what the database holds and writes nothing.
 */
import { derive } from '../../../schema/derive.ts';
import type { Field, Fields, Table } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import type { RowAnswer, RowCounts, RowStatus, TabAnswer } from '../../../schema/ingest.ts';
import { mergeRow, sameValue, type Values } from '../../../schema/merge.ts';
import type { ParsedRow, ParsedTab, Problem } from '../../../schema/parsed.ts';
import { problem } from '../../../schema/problems.ts';
import { isRowId } from '../../../schema/row-id.ts';
import { checkRow, type RowFault } from '../../../schema/rows.ts';
import { type Column, systemHeaders, type Tab } from '../../../schema/sheets.ts';

export type LiveRow = Record<string, unknown> & { id: string };

/** What the database holds of one table for this school (and term). */
export interface LiveTable {
  readonly rows: ReadonlyMap<string, LiveRow>;
  /** Last agreed values by row id. */
  readonly base: ReadonlyMap<string, Values>;
  /** Ids whose agreement came from this same workbook: only those may vanish with it. */
  readonly fromHere: ReadonlySet<string>;
  /** For a table beside the main one: the main row's id to its own row's id. */
  readonly besides: ReadonlyMap<string, string>;
}

export interface PlanContext {
  readonly school: string;
  readonly term: string;
  readonly now: string;
  readonly newId: () => string;
  /** The live tables of the tab: its own and those beside it, by name. */
  readonly live: ReadonlyMap<TableName, LiveTable>;
  /** False where the workbook spreads this table over several tabs: a row missing from one may stand in another. */
  readonly whole: boolean;
  /** For each link that the tab names by columns (`fees.student`): the rows it may point to. */
  readonly links: ReadonlyMap<string, LinkTargets>;
}

export interface Insert {
  readonly id: string;
  readonly values: Record<string, unknown>;
}
export interface Update {
  readonly id: string;
  readonly changes: Record<string, unknown>;
  readonly before: Record<string, unknown>;
}

/** Candidates of a link, found by the words of its first column (the student's name) before the others narrow them. */
export interface LinkTargets {
  readonly byId: ReadonlyMap<string, LiveRow>;
  readonly byFirst: ReadonlyMap<string, readonly LiveRow[]>;
}

/** Indexes the rows that a link may point to by the field that names them first. */
export const linkTargets = (rows: readonly LiveRow[], first: string): LinkTargets => {
  const byFirst = new Map<string, LiveRow[]>();
  for (const row of rows) {
    const word = String(row[first] ?? '');
    const same = byFirst.get(word);
    if (same) same.push(row);
    else byFirst.set(word, [row]);
  }
  return { byId: new Map(rows.map((row) => [row.id, row])), byFirst };
};

/** What to write into one table, and where in the sheet it came from. */
export interface TablePlan {
  readonly table: TableName;
  readonly inserts: Insert[];
  readonly updates: Update[];
  /** New agreements by row id. */
  readonly agreed: Map<string, Values>;
  /** Sheet row and cells behind each written row. */
  readonly origins: Map<string, { row: number; cells: Record<string, string> }>;
}

export interface TabPlan {
  readonly tables: readonly TablePlan[];
  readonly answer: TabAnswer;
}

interface Located {
  readonly sheet: ParsedRow;
  /** Values by table and field name; a column that stands empty is null, a column that the tab lacks is not there. */
  readonly parts: ReadonlyMap<TableName, Record<string, unknown>>;
  /** How the sheet names each linked row, by `wordsKey`: remembered, so that a name corrected elsewhere does not cut the link. */
  readonly words: ReadonlyMap<string, string>;
}

/** Where an agreement keeps the words by which a link was named. */
const wordsKey = (link: string): string => `${link}|words`;

const linkWords = (row: ParsedRow, columns: readonly Column[]): string => columns.map((column) => String(row.values[column.header] ?? '')).join('|');

const fieldsOf = (table: TableName): Fields => tables[table].fields as Fields;

const headerOf = (tab: Tab, table: TableName, field: string): string =>
  tab.columns.find((column) => column.table === table && (column.via ? column.via.link === field : column.name === field))?.header ?? (fieldsOf(table)[field] as Field | undefined)?.label ?? field;

const cellOf = (row: ParsedRow, header: string): string => row.cells[header] ?? `A${row.row}`;

const viaColumns = (tab: Tab): Map<string, Column[]> => {
  const found = new Map<string, Column[]>();
  for (const column of tab.columns) {
    if (!column.via) continue;
    const key = `${column.table}.${column.via.link}`;
    found.set(key, [...(found.get(key) ?? []), column]);
  }
  return found;
};

type Resolved = { readonly id: string | null } | { readonly problem: Problem };

/** Finds the row that a few columns name together. Columns that the sheet leaves blank do not narrow the search. */
const resolveLink = (tab: string, row: ParsedRow, columns: readonly Column[], targets: LinkTargets | undefined): Resolved => {
  const named = columns.filter((column) => row.values[column.header] !== undefined);
  const first = columns[0] as Column;
  if (!named.length) return { id: null };
  const candidates = targets?.byFirst.get(String(row.values[first.header] ?? '')) ?? [];
  const matches = candidates.filter((candidate) => named.every((column) => String(candidate[column.name] ?? '') === String(row.values[column.header])));
  if (matches.length === 1) return { id: (matches[0] as LiveRow).id };
  const value = named.map((column) => String(row.values[column.header])).join(' ');
  const to = first.via?.to as TableName;
  const code = to === 'students' ? (matches.length ? 'ambiguous/student' : 'not-found/student') : matches.length ? 'ambiguous/link' : 'not-found';
  return { problem: problem(code, { tab, cell: cellOf(row, first.header), row: row.row, header: first.header, value, detail: to === 'students' ? '' : tables[to].label }) };
};

/** Spreads the cells of a row over the tables of the tab. */
const locate = (tab: Tab, headers: ReadonlySet<string>, context: PlanContext, row: ParsedRow, found: Problem[]): Located => {
  const parts = new Map<TableName, Record<string, unknown>>(tab.tables.map((name) => [name, {}]));
  const words = new Map<string, string>();
  for (const column of tab.columns) {
    if (column.via || !headers.has(column.header)) continue;
    const value = row.values[column.header] ?? null;
    // A class is its number where it has one; the table keeps it as text, since some classes have only a name.
    (parts.get(column.table) as Record<string, unknown>)[column.name] = column.field.kind === 'classNo' && value !== null ? String(value) : value;
  }
  for (const [key, columns] of viaColumns(tab)) {
    if (!columns.some((column) => headers.has(column.header))) continue;
    const [table, link] = key.split('.') as [TableName, string];
    const said = linkWords(row, columns);
    words.set(`${table}.${wordsKey(link)}`, said);
    const before = row.id ? context.live.get(table)?.base.get(row.id) : undefined;
    const resolved = before?.[wordsKey(link)] === said ? { id: (before[link] as string | null | undefined) ?? null } : resolveLink(tab.name, row, columns, context.links.get(key));
    if ('problem' in resolved) found.push(resolved.problem);
    else (parts.get(table) as Record<string, unknown>)[link] = resolved.id;
  }
  return { sheet: row, parts, words };
};

const keyOf = (table: Table, values: Values): string => JSON.stringify((table.key ?? []).map((name) => values[name] ?? null));

/** Gives each sheet row the live row it stands for: by 行号, else by the natural key. Ambiguity is a problem, never a guess. */
const identify = (tab: Tab, rows: readonly Located[], live: LiveTable, found: Problem[]): Map<Located, string | null> => {
  const table = tables[tab.table] as unknown as Table;
  const identity = new Map<Located, string | null>();
  const claimed = new Map<string, Located>();
  const report = (row: Located, code: 'ambiguous/row-id' | 'not-found/row-id', value: string) =>
    found.push(problem(code, { tab: tab.name, cell: `A${row.sheet.row}`, row: row.sheet.row, header: systemHeaders.id, value, detail: value ? '' : '空着,而系统里有不止一行与它相同' }));
  const part = (row: Located) => row.parts.get(tab.table) as Record<string, unknown>;

  for (const row of rows) {
    const id = row.sheet.id;
    if (!id) continue;
    if (!isRowId(id)) report(row, 'ambiguous/row-id', id);
    else if (!live.rows.has(id)) report(row, 'not-found/row-id', id);
    else {
      const rival = claimed.get(id);
      if (!rival) {
        claimed.set(id, row);
        identity.set(row, id);
        continue;
      }
      // A copied row carries its original's 行号: the one that still has the original's key keeps it, the other is new.
      const original = keyOf(table, live.rows.get(id) as LiveRow);
      const mine = keyOf(table, part(row)) === original;
      const theirs = keyOf(table, part(rival)) === original;
      if (mine === theirs) {
        report(row, 'ambiguous/row-id', id);
        continue;
      }
      claimed.set(id, mine ? row : rival);
      identity.set(mine ? row : rival, id);
      identity.delete(mine ? rival : row);
    }
  }

  const byKey = new Map<string, string[]>();
  for (const [id, row] of live.rows) {
    if (claimed.has(id)) continue;
    const key = keyOf(table, row);
    byKey.set(key, [...(byKey.get(key) ?? []), id]);
  }
  const damaged = new Set(found.filter((one) => one.header === systemHeaders.id).map((one) => one.row));
  for (const row of rows) {
    if (identity.has(row) || damaged.has(row.sheet.row)) continue;
    const matches = byKey.get(keyOf(table, part(row))) ?? [];
    if (matches.length > 1) report(row, 'ambiguous/row-id', '');
    else if (matches.length === 1) {
      identity.set(row, matches[0] as string);
      byKey.delete(keyOf(table, part(row)));
    } else identity.set(row, null);
  }
  return identity;
};

const readOnlyFields = (tab: Tab, table: TableName): ReadonlySet<string> => new Set(tab.columns.filter((column) => column.table === table && column.readOnly).map((column) => column.name));

const defaultsOf = (table: TableName): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fieldsOf(table)).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])));

const blankless = (values: Values): Record<string, unknown> => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

/** The words in which a linked row is shown: 姓名, 年级, 班级 for a student. */
const outwardValues = (tab: Tab, table: TableName, outward: Values, context: PlanContext): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  for (const column of tab.columns) {
    if (column.table !== table) continue;
    if (!column.via) {
      if (column.name in outward) shown[column.header] = outward[column.name];
      continue;
    }
    if (!(column.via.link in outward)) continue;
    const target = context.links.get(`${table}.${column.via.link}`)?.byId.get(String(outward[column.via.link]));
    shown[column.header] = target?.[column.name] ?? null;
  }
  return shown;
};

/** A row that was archived and stands in the sheet again is active again. */
const returned = (name: TableName, live: LiveRow): Record<string, unknown> => {
  const archive = archiveOf(tables[name] as unknown as Table);
  return archive && live[archive.field] === archive.archived ? { [archive.field]: archive.active } : {};
};

/** The words of the links that this merge left agreed, to be remembered with them. */
const agreedWords = (row: Located, table: TableName, agreed: Values): Record<string, unknown> =>
  Object.fromEntries(
    [...row.words].flatMap(([key, said]) => {
      const [from, name] = key.split('.') as [string, string];
      return from === table && (name.replace(/\|words$/, '') in agreed) ? [[name, said]] : [];
    }),
  );

/** Where a linked row is called otherwise by now (a name was corrected), the sheet is told its present words. */
const renamed = (tab: Tab, row: ParsedRow, table: TableName, agreed: Values, context: PlanContext): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  for (const column of tab.columns) {
    const said = row.values[column.header];
    if (column.table !== table || !column.via || said === undefined || !(column.via.link in agreed)) continue;
    const target = context.links.get(`${table}.${column.via.link}`)?.byId.get(String(agreed[column.via.link]));
    if (target && String(target[column.name] ?? '') !== String(said)) shown[column.header] = target[column.name] ?? null;
  }
  return shown;
};

/** Fields that a table fills in by itself when a row arrives for the first time. */
const stamps = (table: TableName, now: string): Record<string, unknown> => {
  if (table === 'monthly_reports') return { first_valid_at: now };
  if (table === 'enrolments') return { step_at: now };
  return {};
};

interface Outcome {
  status: RowStatus;
  id: string | null;
  outward: Record<string, unknown>;
}

/** Values that the model does not allow, as problems of their cells; true where there are any. */
const reportFaults = (tab: Tab, row: ParsedRow, table: TableName, faults: readonly RowFault[], found: Problem[]): boolean => {
  for (const fault of faults) {
    const header = headerOf(tab, table, fault.field);
    found.push(problem('invalid', { tab: tab.name, cell: cellOf(row, header), row: row.row, header, value: String(row.values[header] ?? ''), detail: fault.message }));
  }
  return faults.length > 0;
};

/** A frozen return changes only through a 更正单 (DESIGN section 6). */
const isFrozen = (table: TableName, live: LiveRow | undefined): boolean => table === 'monthly_reports' && (live?.state === '已冻结' || live?.state === '已更正');

const planRow = (tab: Tab, row: Located, id: string | null, context: PlanContext, plans: ReadonlyMap<TableName, TablePlan>, found: Problem[]): Outcome => {
  const outcome: Outcome = { status: '未变', id, outward: {} };
  const isNew = id === null;
  const mainId = id ?? context.newId();
  outcome.id = mainId;
  for (const name of tab.tables) {
    const plan = plans.get(name) as TablePlan;
    const liveTable = context.live.get(name) as LiveTable;
    const sheet = row.parts.get(name) as Record<string, unknown>;
    const beside = name !== tab.table;
    const live = liveTable.rows.get(beside ? (liveTable.besides.get(mainId) ?? '') : mainId);
    const ownId = beside ? (live?.id ?? context.newId()) : mainId;
    const fields = fieldsOf(name);
    plan.origins.set(ownId, { row: row.sheet.row, cells: Object.fromEntries(Object.keys(sheet).map((field) => [field, cellOf(row.sheet, headerOf(tab, name, field))])) });
    const readOnly = readOnlyFields(tab, name);
    if (!live) {
      const entered = Object.fromEntries(Object.entries(sheet).filter(([field]) => !readOnly.has(field)));
      const values: Record<string, unknown> = {
        ...defaultsOf(name),
        ...stamps(name, context.now),
        ...blankless(entered),
        ...('school' in fields ? { school: context.school } : {}),
        ...('term' in fields ? { term: context.term } : {}),
        ...(beside ? { [tables[name].key?.[0] as string]: mainId } : {}),
      };
      if (reportFaults(tab, row.sheet, name, checkRow(tables[name] as unknown as Table, values, false), found)) {
        outcome.status = '有误';
        break;
      }
      plan.inserts.push({ id: ownId, values: { ...values, ...derive(name, values) } });
      plan.agreed.set(ownId, { ...entered, ...agreedWords(row, name, entered) });
      // What the bureau starts a row with (审核状态: 待审核) is shown in the sheet at once.
      const given = Object.fromEntries([...readOnly].filter((field) => field in sheet && !sameValue(values[field], sheet[field])).map((field) => [field, values[field] ?? null]));
      Object.assign(outcome.outward, outwardValues(tab, name, given, context));
      if (outcome.status === '未变') outcome.status = '已收';
      continue;
    }
    const merged = mergeRow(sheet, live, liveTable.base.get(ownId) ?? null, readOnly);
    Object.assign(merged.inward, returned(name, live));
    if (Object.keys(merged.inward).length && isFrozen(name, live)) {
      for (const field of Object.keys(merged.inward)) {
        const header = headerOf(tab, name, field);
        found.push(problem('frozen', { tab: tab.name, cell: cellOf(row.sheet, header), row: row.sheet.row, header, value: String(sheet[field] ?? '') }));
      }
      outcome.status = '有误';
      continue;
    }
    for (const field of merged.conflicts) {
      const header = headerOf(tab, name, field);
      found.push(problem('conflict', { tab: tab.name, cell: cellOf(row.sheet, header), row: row.sheet.row, header, value: String(sheet[field] ?? '空白'), detail: String(live[field] ?? '空白') }));
    }
    const base = liveTable.base.get(ownId);
    const agreed = { ...merged.agreed, ...agreedWords(row, name, merged.agreed) };
    if (!base || !sameAgreement(base, agreed)) plan.agreed.set(ownId, { ...base, ...agreed });
    Object.assign(outcome.outward, renamed(tab, row.sheet, name, merged.agreed, context));
    if (Object.keys(merged.inward).length) {
      if (reportFaults(tab, row.sheet, name, checkRow(tables[name] as unknown as Table, merged.inward, true), found)) {
        outcome.status = '有误';
        break;
      }
      const after = { ...live, ...merged.inward };
      const derived = Object.fromEntries(Object.entries(derive(name, after)).filter(([field, value]) => !sameValue(live[field], value)));
      const changes = { ...merged.inward, ...derived };
      plan.updates.push({ id: ownId, changes, before: Object.fromEntries(Object.keys(changes).map((field) => [field, live[field] ?? null])) });
      if (outcome.status === '未变') outcome.status = '已收';
    }
    Object.assign(outcome.outward, outwardValues(tab, name, merged.outward, context));
    if (merged.conflicts.length) outcome.status = '冲突';
  }
  if (isNew && outcome.status === '未变') outcome.status = '已收';
  return outcome;
};

const sameAgreement = (base: Values, agreed: Values): boolean => Object.entries(agreed).every(([name, value]) => name in base && sameValue(base[name], value));

/** Tables whose rows leave and come back with the sheet: those whose archive mark belongs to the system, not to a person. */
const archiveOf = (table: Table): Table['archive'] => (table.archive && (table.fields as Fields)[table.archive.field]?.owner === 'system' ? table.archive : undefined);

/** Rows that stood in this workbook and are gone: archived, unless so many vanish at once that somebody must have slipped (DESIGN section 4). */
const planRemovals = (tab: Tab, context: PlanContext, seen: ReadonlySet<string>, uncertain: boolean, plans: ReadonlyMap<TableName, TablePlan>, found: Problem[]): number => {
  const table = tables[tab.table] as unknown as Table;
  const live = context.live.get(tab.table) as LiveTable;
  const archive = archiveOf(table);
  if (!archive || uncertain || !context.whole) return 0;
  const present = [...live.rows.values()].filter((row) => live.fromHere.has(row.id) && row[archive.field] !== archive.archived);
  const gone = present.filter((row) => !seen.has(row.id));
  const before = present.length;
  if (gone.length > 5 && gone.length > before / 5) {
    found.push(problem('vanished', { tab: tab.name, cell: 'A1', row: 1, header: systemHeaders.id, value: String(gone.length), detail: String(before) }));
    return 0;
  }
  const plan = plans.get(tab.table) as TablePlan;
  const { field, archived } = archive;
  for (const row of gone) plan.updates.push({ id: row.id, changes: { [field]: archived }, before: { [field]: row[field] ?? null } });
  return gone.length;
};

/** A column that stands in school-made sheets only: whose row it is. */
const schoolHeader = tables.schools.fields.code.label;

/** A row that says it belongs to another school than its workbook. */
const strangers = (tab: Tab, rows: readonly ParsedRow[], school: string): Problem[] =>
  rows.flatMap((row) => {
    const named = row.values[schoolHeader];
    if (named === undefined || String(named) === school) return [];
    return [problem('school-mismatch', { tab: tab.name, cell: cellOf(row, schoolHeader), row: row.row, header: schoolHeader, value: String(named), detail: school })];
  });

/** Plans one tab. `parsed` carries the problems of reading; rows with an error among them are refused. */
export const planTab = (tab: Tab, parsed: ParsedTab, context: PlanContext): TabPlan => {
  const found: Problem[] = strangers(tab, parsed.rows, context.school);
  const headers = new Set(Object.keys(parsed.columns));
  const refusedRows = new Set(parsed.problems.filter((one) => one.severity === 'error').map((one) => one.row));
  const located = parsed.rows.map((row) => {
    const links: Problem[] = [];
    const spread = locate(tab, headers, context, row, links);
    // A row that is refused anyway is not scolded twice for the link it could not name.
    if (!refusedRows.has(row.row)) found.push(...links);
    return spread;
  });
  for (const one of found) refusedRows.add(one.row);

  const plans = new Map<TableName, TablePlan>(tab.tables.map((name) => [name, { table: name, inserts: [], updates: [], agreed: new Map(), origins: new Map() }]));
  const identity = identify(tab, located, context.live.get(tab.table) as LiveTable, found);
  const seen = new Set<string>();
  let uncertain = false;
  const answers: RowAnswer[] = located.map((row) => {
    const id = identity.get(row);
    if (id) seen.add(id);
    if (id === undefined || refusedRows.has(row.sheet.row)) {
      if (!id) uncertain = true;
      return { row: row.sheet.row, id: id ?? null, status: '有误', outward: {} };
    }
    const outcome = planRow(tab, row, id, context, plans, found);
    return { row: row.sheet.row, id: outcome.status === '有误' && id === null ? null : outcome.id, status: outcome.status, outward: outcome.outward };
  });
  const archived = planRemovals(tab, context, seen, uncertain, plans, found);

  const count = (status: RowStatus) => answers.filter((one) => one.status === status).length;
  const counts: RowCounts = {
    read: parsed.rows.length + parsed.ignoredRows.length,
    taken: count('已收'),
    unchanged: count('未变'),
    refused: count('有误'),
    ignored: parsed.ignoredRows.length,
    conflicts: count('冲突'),
    archived,
  };
  return { tables: [...plans.values()], answer: { tab: parsed.tab, table: tab.table, rows: answers, problems: [...parsed.problems, ...found], counts } };
};
