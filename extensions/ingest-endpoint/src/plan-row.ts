/**
 * Decides what becomes of one identified row: what to insert or update in each table of its tab, or why not.
 * Pure. A row is taken whole or not at all.
 */
import { derive } from '../../../schema/derive.ts';
import type { Steps } from '../../../schema/enrolment/steps.ts';
import type { Field, Fields } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import type { RowStatus } from '../../../schema/ingest.ts';
import { type Merged, mergeRow, sameValue, type Values } from '../../../schema/merge.ts';
import { isClosed } from '../../../schema/monthly-return.ts';
import type { Problem } from '../../../schema/parsed.ts';
import { problem } from '../../../schema/problems.ts';
import { checkRow } from '../../../schema/rows.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { shownValue } from '../../../schema/shown-value.ts';
import { atField, fieldsOf, headerOf } from './addresses.ts';
import { returned } from './archive.ts';
import { answerAsked, answering } from './findings.ts';
import { agreedWords, outwardValues, renamed } from './links.ts';
import { arrivalOf, besideOf, correct, meetingBase, type Remark } from './monthly-return.ts';
import type { Insert, LiveRow, LiveTable, Located, PlanContext, TablePlan, Update } from './plan-types.ts';
import { stepsOf } from './steps.ts';
import { claimValues, holderWords, takenBy } from './unique-values.ts';

/** What one table gets of one row. */
interface Draft {
  readonly table: TableName;
  readonly id: string;
  readonly status: RowStatus;
  readonly insert?: Insert;
  readonly update?: Update;
  /** The new agreement, where it differs from the old. */
  readonly agreed?: Values;
  readonly outward: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  /** What was taken waits for an answer of the school or of the bureau. */
  readonly pending?: boolean;
  /** 更正单 that this row of 月报 asks for or completes. */
  readonly slips?: Pick<TablePlan, 'inserts' | 'updates'>;
}

export interface Outcome {
  readonly pending?: boolean;
  readonly status: RowStatus;
  readonly id: string | null;
  readonly outward: Readonly<Record<string, unknown>>;
}

/** One part of a row: the cells that belong to one table. */
interface Part {
  readonly tab: Tab;
  readonly row: Located;
  readonly table: TableName;
  readonly sheet: Readonly<Record<string, unknown>>;
  readonly readOnly: ReadonlySet<string>;
  readonly context: PlanContext;
}

const readOnlyByTab = new WeakMap<Tab, Map<TableName, ReadonlySet<string>>>();

/** The fields of a table that its tab only shows: the same for every row. */
const readOnlyFields = (tab: Tab, table: TableName): ReadonlySet<string> => {
  const byTable = readOnlyByTab.get(tab) ?? new Map<TableName, ReadonlySet<string>>();
  readOnlyByTab.set(tab, byTable);
  const known = byTable.get(table);
  if (known) return known;
  const made = new Set(tab.columns.filter((column) => column.table === table && column.readOnly).map((column) => column.name));
  byTable.set(table, made);
  return made;
};

const partOf = (tab: Tab, row: Located, table: TableName, context: PlanContext): Part => ({
  tab,
  row,
  table,
  context,
  sheet: row.parts.get(table) as Record<string, unknown>,
  readOnly: readOnlyFields(tab, table),
});

const defaultsByFields = new WeakMap<Fields, Readonly<Record<string, unknown>>>();

/** What the fields of a new row hold from the start: the same for every row. */
const defaultsOf = (fields: Fields): Readonly<Record<string, unknown>> => {
  const known = defaultsByFields.get(fields);
  if (known) return known;
  const made = Object.fromEntries(Object.entries(fields).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])));
  defaultsByFields.set(fields, made);
  return made;
};

/** Fields that a table fills in by itself when a row arrives for the first time. */
const stamps = (table: TableName, now: string): Record<string, unknown> => {
  if (table === 'monthly_reports') return { first_valid_at: now };
  return {};
};

/** The cell of a field of this part. */
const atPart = ({ tab, row, table, context }: Part, field: string, value: unknown, detail?: string) =>
  atField({ tab, tables: context.tables }, row, table, field, value, detail);

/** Values that the model does not allow, as problems of their cells. */
const faultsOf = (part: Part, values: Values, partial: boolean, whole: Values = values): Problem[] => {
  const { tab, row, table, context } = part;
  return checkRow(context.tables[table], values, partial, whole).map((fault) => {
    const said = row.sheet.values[headerOf(tab, context.tables, table, fault.field)];
    return problem('invalid', atPart(part, fault.field, said, fault.message));
  });
};

/** Steps that the application may not take, as problems of their cells. */
const stepFaults = (part: Part, refusals: Steps['refusals']): Problem[] =>
  refusals.map(({ field, wrong, remedy }) => problem('step-refused', atPart(part, field, part.sheet[field], `${wrong}|${remedy}`)));

/** Values that nobody else may have, and somebody has. */
const clashesOf = (part: Part, id: string, values: Values): Problem[] =>
  takenBy(part.context.live.get(part.table) as LiveTable, id, values).map(({ field, holder }) => {
    const said = part.row.sheet.values[headerOf(part.tab, part.context.tables, part.table, field)];
    return problem('duplicate/value', atPart(part, field, said, holderWords(holder)));
  });

/** What the bureau starts a row with (审核状态: 待审核) is shown in the sheet at once. */
const givenAtStart = ({ tab, table, sheet, readOnly, context }: Part, values: Values): Record<string, unknown> => {
  const differing = [...readOnly].filter((field) => field in sheet && !sameValue(values[field], sheet[field]));
  if (!differing.length) return {};
  return outwardValues(tab, table, Object.fromEntries(differing.map((field) => [field, values[field] ?? null])), context);
};

const draftInsert = (part: Part, id: string, mainId: string): Draft => {
  const { tab, row, table, sheet, readOnly, context } = part;
  const fields = fieldsOf(context.tables, table);
  const entered: Record<string, unknown> = {};
  const values: Record<string, unknown> = { ...defaultsOf(fields), ...stamps(table, context.now) };
  for (const field in sheet) {
    if (readOnly.has(field)) continue;
    const value = sheet[field];
    entered[field] = value;
    if (value !== null && value !== undefined) values[field] = value;
  }
  if ('school' in fields) values.school = context.school;
  if ('term' in fields) values.term = context.term;
  if (table !== tab.table) values[context.tables[table].key?.[0] as string] = mainId;
  const steps = stepsOf(table, null, values, sheet, context.now);
  const problems = [...faultsOf(part, values, false), ...stepFaults(part, steps.refusals), ...clashesOf(part, id, values)];
  if (problems.length) return { table, id, status: '有误', outward: {}, problems };
  const outward = givenAtStart(part, values);
  return {
    table,
    id,
    status: '已收',
    insert: { id, values: Object.assign(values, steps.values, derive(table, values)) },
    agreed: Object.assign(entered, agreedWords(row, table, entered)),
    outward,
    problems: [],
  };
};

const sameAgreement = (base: Values, agreed: Values): boolean => {
  for (const name in agreed) if (!(name in base && sameValue(base[name], agreed[name]))) return false;
  return true;
};

const updateOf = (table: TableName, live: LiveRow, inward: Values): Update => {
  const derived = Object.entries(derive(table, { ...live, ...inward })).filter(([field, value]) => !sameValue(live[field], value));
  const changes = { ...inward, ...Object.fromEntries(derived) };
  return { id: live.id, changes, before: Object.fromEntries(Object.keys(changes).map((field) => [field, live[field] ?? null])) };
};

/** A value as the sheet shows it; a linked row by the words that name it. */
const shown = ({ tab, table, context }: Part, field: string, value: unknown): string => {
  const link = context.links.get(`${table}.${field}`);
  if (!link) return shownValue(fieldsOf(context.tables, table)[field] as Field, value);
  const target = link.byId.get(String(value ?? ''));
  const columns = tab.columns.filter((column) => column.table === table && column.via?.link === field);
  return target ? columns.map((column) => shownValue(column.field, target[column.name])).join(' ') : '';
};

/** Both sides changed the field: both values, and what the bureau needs to choose one. */
const conflictOf = (part: Part, live: LiveRow, field: string): Problem => {
  const { sheet, table, row } = part;
  const [shownSheet, shownLive] = [shown(part, field, sheet[field]), shown(part, field, live[field])];
  const agreement = { [field]: sheet[field] ?? null, ...agreedWords(row, table, { [field]: null }) };
  return {
    ...problem('conflict', atPart(part, field, shownSheet || '空白', shownLive || '空白')),
    conflict: { table, item: live.id, field, sheet: sheet[field] ?? null, live: live[field] ?? null, shownSheet, shownLive, agreement },
  };
};

/** What is taken of a row, with what its table says about it beyond the merge. */
interface Taking {
  readonly inward: Readonly<Record<string, unknown>>;
  readonly outward: Readonly<Record<string, unknown>>;
  readonly agreed: Values;
  readonly remarks: readonly Remark[];
  readonly refused: boolean;
  readonly pending: boolean;
  readonly slips?: Pick<TablePlan, 'inserts' | 'updates'>;
}

/** A frozen return changes only through a 更正单 (DESIGN section 6). */
const takeFrozen = ({ sheet, context }: Part, live: LiveRow, base: Values | undefined, merged: Merged): Taking => {
  const slips = (context.corrections ?? []).filter((one) => one.report === live.id);
  const done = correct({ sheet, live, slips, now: context.now, newId: context.newId }, merged.inward);
  const kept = Object.entries(merged.agreed).filter(([name]) => !done.open.includes(name));
  const before = done.open.flatMap((name) => (base && name in base ? [[name, base[name]] as const] : []));
  return {
    ...done,
    outward: merged.outward,
    agreed: Object.fromEntries([...kept, ...before]),
    refused: done.open.length > 0 && !done.waiting,
    pending: done.waiting,
    slips: { inserts: done.insert ? [done.insert] : [], updates: [...done.updates] },
  };
};

const takeReturn = (part: Part, live: LiveRow, base: Values | undefined): Taking & { readonly merged: Merged } => {
  const meeting = { sheet: part.sheet, live, base, sheetId: part.row.sheet.id, now: part.context.now };
  const merged = mergeRow(part.sheet, live, meetingBase(meeting) ?? null, part.readOnly);
  if (isClosed(live)) return { ...takeFrozen(part, live, base, merged), merged };
  const arrival = arrivalOf(meeting, merged);
  const inward = { ...merged.inward, ...arrival?.inward };
  const steps = arrival?.steps ?? [];
  // What became of the row is told at once, not at the next reading.
  const silent = arrival && steps.length === 0 ? Object.keys(arrival.inward) : [];
  const outward = Object.fromEntries(Object.entries(merged.outward).filter(([name]) => !silent.includes(name)));
  return {
    merged,
    inward,
    outward: { ...outward, ...arrival?.outward },
    agreed: merged.agreed,
    remarks: steps.length ? [{ code: 'to-confirm', field: 'confirmed', detail: steps.join(';') }] : besideOf({ ...live, ...inward }),
    refused: false,
    pending: steps.length > 0,
  };
};

const takeFinding = (part: Part, live: LiveRow, base: Values | undefined): Taking & { readonly merged: Merged } => {
  const { sheet, context } = part;
  const places = context.places?.get(live.id);
  const merged = mergeRow(sheet, places === undefined ? live : { ...live, places }, base ?? null, part.readOnly);
  const { inward, outward } = answering(live, sheet, merged, places, context.now);
  const asks = merged.conflicts.length ? null : answerAsked({ ...live, ...inward });
  return {
    merged,
    inward,
    outward,
    agreed: merged.agreed,
    remarks: asks === null ? [] : [{ code: 'to-answer', field: 'answer', detail: asks }],
    refused: false,
    pending: asks !== null,
  };
};

const takeMerged = (part: Part, live: LiveRow, base: Values | undefined): Taking & { readonly merged: Merged } => {
  if (part.table === 'monthly_reports') return takeReturn(part, live, base);
  if (part.tab.bureauRows) return takeFinding(part, live, base);
  const merged = mergeRow(part.sheet, live, base ?? null, part.readOnly);
  return { merged, ...merged, remarks: [], refused: false, pending: false };
};

const draftUpdate = (part: Part, live: LiveRow, base: Values | undefined): Draft => {
  const { tab, row, table, sheet, context } = part;
  const { merged, ...taking } = takeMerged(part, live, base);
  const inward = { ...taking.inward, ...returned(context.tables, table, live) };
  const changed = Object.keys(inward);
  const remarks = taking.remarks.map(({ code, field, value, detail }) => problem(code, atPart(part, field, value, detail)));
  const steps = stepsOf(table, live, inward, sheet, context.now);
  const refusals = taking.refused
    ? remarks
    : changed.length
      ? [...faultsOf(part, inward, true, { ...live, ...inward }), ...stepFaults(part, steps.refusals), ...clashesOf(part, live.id, inward)]
      : [];
  if (refusals.length) return { table, id: live.id, status: '有误', outward: {}, problems: refusals };
  const agreed = { ...taking.agreed, ...agreedWords(row, table, taking.agreed) };
  return {
    table,
    id: live.id,
    status: merged.conflicts.length ? '冲突' : changed.length ? '已收' : '未变',
    ...(taking.pending ? { pending: true } : {}),
    ...(taking.slips ? { slips: taking.slips } : {}),
    ...(changed.length ? { update: updateOf(table, live, { ...inward, ...steps.values }) } : {}),
    ...(base && sameAgreement(base, agreed) ? {} : { agreed: { ...base, ...agreed } }),
    outward: { ...renamed(tab, row.sheet, table, taking.agreed, context), ...outwardValues(tab, table, taking.outward, context) },
    problems: [...merged.conflicts.map((field) => conflictOf(part, live, field)), ...remarks],
  };
};

/** A row of the sheet that says nothing of what stands beside its own table: a child that nobody has enrolled. */
const saysNothing = ({ sheet, readOnly }: Part): boolean =>
  Object.entries(sheet).every(
    ([field, value]) => readOnly.has(field) || value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0),
  );

const nothing = (table: TableName): Draft => ({ table, id: '', status: '未变', outward: {}, problems: [] });

const draftPart = (part: Part, mainId: string): Draft => {
  const liveTable = part.context.live.get(part.table) as LiveTable;
  const beside = part.table !== part.tab.table;
  const live = liveTable.rows.get(beside ? (liveTable.besides.get(mainId) ?? '') : mainId);
  if (!live && beside && saysNothing(part)) return nothing(part.table);
  return live ? draftUpdate(part, live, liveTable.base.get(live.id)) : draftInsert(part, beside ? part.context.newId() : mainId, mainId);
};

const keepSlips = ({ slips }: Draft, part: Part, plan: TablePlan | undefined): void => {
  if (!slips || !plan) return;
  plan.inserts.push(...slips.inserts);
  plan.updates.push(...slips.updates);
  for (const { id } of [...slips.inserts, ...slips.updates]) plan.origins.set(id, part.row);
};

const keepDraft = (draft: Draft, part: Part, plan: TablePlan): void => {
  if (draft.insert) plan.inserts.push(draft.insert);
  if (draft.update) plan.updates.push(draft.update);
  const written = draft.insert?.values ?? draft.update?.changes;
  if (written) claimValues(part.context.live.get(part.table) as LiveTable, { id: draft.id, row: part.row.sheet.row }, written);
  if (draft.agreed) plan.agreed.set(draft.id, draft.agreed);
  if (draft.insert || draft.update) plan.origins.set(draft.id, part.row);
};

/** The gravest fate among the parts of a row. */
const fateOf = (drafts: readonly Draft[]): RowStatus =>
  (['有误', '冲突', '已收'] as const).find((status) => drafts.some((draft) => draft.status === status)) ?? '未变';

/** Plans one row that is not refused; `id` null means that it is new. What it needs written goes into `plans`, problems into `found`. */
export const planRow = (
  tab: Tab,
  row: Located,
  id: string | null,
  context: PlanContext,
  plans: ReadonlyMap<TableName, TablePlan>,
  found: Problem[],
): Outcome => {
  if (id === null && tab.bureauRows) {
    const [first] = tab.columns;
    found.push(problem('bureau-row', atField({ tab, tables: context.tables }, row, tab.table, first?.name ?? '', '')));
    return { status: '有误', id, outward: {} };
  }
  const mainId = id ?? context.newId();
  const parts = tab.tables.map((table) => partOf(tab, row, table, context));
  const drafts = parts.map((part) => draftPart(part, mainId));
  found.push(...drafts.flatMap((draft) => draft.problems));
  const status = fateOf(drafts);
  if (status === '有误') return { status, id, outward: {} };
  for (const [index, part] of parts.entries()) {
    keepDraft(drafts[index] as Draft, part, plans.get(part.table) as TablePlan);
    keepSlips(drafts[index] as Draft, part, plans.get('corrections'));
  }
  const pending = drafts.some((draft) => draft.pending);
  return { ...(pending ? { pending } : {}), status, id: mainId, outward: Object.assign({}, ...drafts.map((draft) => draft.outward)) };
};
