/**
 * Workbooks into the database: every tab planned and written, problems kept, the workbook's own row brought up to date.
 */
import { setImmediate } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import { addCounts, type IngestAnswer, type IngestRequest, noRows, type RowCounts, type TabAnswer } from '../../../schema/ingest.ts';
import type { ParsedTab } from '../../../schema/parsed.ts';
import { newRowId } from '../../../schema/row-id.ts';
import { tabs as modelTabs, type Tab } from '../../../schema/sheets.ts';
import { isPostgres } from '../../shared/is-postgres.ts';
import type { LiveModel } from '../../shared/live-model.ts';
import { lockSchool } from '../../shared/school-lock.ts';
import { fromRow } from '../../shared/values.ts';
import { runQuery } from './bulk.ts';
import { placesOf, type TermDays } from './findings.ts';
import { type Held, keepBesides, keepPlan, linksOf, loadTabs, looksAt, type Scope } from './load-tab.ts';
import { planTab } from './plan-tab.ts';
import type { LiveTable, TablePlan } from './plan-types.ts';
import { keepProblems } from './problems.ts';
import { type Author, writeTable } from './write-tab.ts';
import { openWrites, prepareTransaction, together } from './writes.ts';

/** Rolls a dry run back once its answer is known. */
class DryRun extends Error {}

/**
 * The workbook's own row. `outdated` is taken back before anything is read: a change that a screen commits from here on waits for
 * this row, and marks it again. Where the sync knew other columns than this Directus has by now, the workbook has to be read again.
 */
const sourceRow = async (trx: Knex, request: IngestRequest, mark: string): Promise<string> => {
  const { kind, place, own, school, term } = request.source;
  const outdated = request.model !== mark;
  const [found] = await runQuery<{ id: string }>(trx, trx('sources').where({ place }).select('id'));
  if (!found) {
    const id = newRowId();
    await runQuery(trx, trx('sources').insert({ id, kind, place, own, school, term, outdated }));
    return id;
  }
  await runQuery(trx, trx('sources').where({ id: found.id }).update({ outdated }));
  return found.id;
};

const finishSource = async (trx: Knex, id: string, request: IngestRequest, counts: RowCounts, open: number, now: Date): Promise<void> => {
  const { kind, own, school, term, fileHash } = request.source;
  const row = trx('sources')
    .where({ id })
    .update({
      kind,
      own,
      school,
      term,
      file_hash: fileHash,
      state: open ? '有误' : '正常',
      rows_read: counts.read,
      taken: counts.taken,
      unchanged: counts.unchanged,
      refused: counts.refused,
      ignored: counts.ignored,
      read_at: now,
      message: open ? `${open} 处有误,已写回填报表` : null,
    });
  await runQuery(trx, row);
};

const parsedByTable = (tabs: readonly Tab[], parsed: readonly ParsedTab[]): [Tab, ParsedTab][] =>
  tabs.flatMap((tab) => parsed.filter((one) => one.table === tab.table).map((one): [Tab, ParsedTab] => [tab, one]));

/** Tabs of which nobody can tell what they are: they have a problem to be told, and no rows. */
const untoldTabs = (parsed: readonly ParsedTab[]): ParsedTab[] => parsed.filter((one) => one.table === null && one.problems.length > 0);

const untold = (parsed: readonly ParsedTab[]): TabAnswer[] =>
  untoldTabs(parsed).map(({ tab, problems }) => ({ tab, table: null, rows: [], problems, counts: noRows }));

/** All tables whose rows stand in workbooks. */
export const sheetTables: readonly TableName[] = [...new Set(modelTabs.flatMap((tab) => tab.tables))];

/** Tables that a request touches, for the permission check. */
export const touchedTables = (request: IngestRequest): TableName[] => [
  ...new Set<TableName>([
    'sources',
    'sheet_problems',
    ...parsedByTable(modelTabs, request.tabs).flatMap(([tab]) =>
      tab.table === 'monthly_reports' ? [...tab.tables, 'corrections' as const] : tab.tables,
    ),
  ]),
];

export interface IngestResult {
  readonly answer: IngestAnswer;
  /** Place of each answered tab among those of the request. */
  readonly places: readonly number[];
  /** What was written, for the events that other extensions listen to. */
  readonly written: readonly TablePlan[];
}

interface Desk {
  readonly trx: Knex;
  readonly termDays: TermDays;
  readonly model: LiveModel;
  readonly request: IngestRequest;
  readonly scope: Scope;
  readonly author: Author;
  readonly now: Date;
}

/** Where the evidence of findings stands in the tabs that have been taken. */
const placesIn = (held: Held, tab: Tab, answers: readonly TabAnswer[]): ReadonlyMap<string, string | null> =>
  placesOf(held.live.get(tab.table) as LiveTable, answers, (table) =>
    [...held.live].flatMap(([name, { besides, link }]) => (link && tables[name].besides === table ? [[name, besides] as const] : [])),
  );

const termDaysOf = async (trx: Knex, id: string): Promise<TermDays> => {
  const [row] = await runQuery<Record<string, unknown>>(trx, trx('terms').where({ id }).select('starts_on', 'ends_on'));
  return fromRow(tables.terms as unknown as Table, row as Record<string, unknown>) as unknown as TermDays;
};

/** Plans tab after tab; what one needs written is on its way to the database while the next is planned. */
const takeTabs = async ({ trx, termDays, model, request, scope, author, now }: Desk, written: TablePlan[]): Promise<TabAnswer[]> => {
  const wanted = parsedByTable(model.tabs, request.tabs);
  const held = await loadTabs(
    trx,
    wanted.map(([tab]) => tab),
    scope,
  );
  const writes = openWrites();
  const answers: TabAnswer[] = [];
  try {
    for (const [index, [tab, parsed]] of wanted.entries()) {
      const later = wanted.slice(index + 1);
      const plan = planTab(tab, parsed, {
        tables: model.tables,
        school: scope.school,
        term: scope.term,
        now: now.toISOString(),
        newId: newRowId,
        whole: request.tabs.filter((other) => other.table === tab.table).length === 1,
        appends: request.source.own === '系统模板',
        termDays,
        ...(tab.bureauRows ? { places: placesIn(held, tab, answers) } : {}),
        corrections: held.corrections,
        live: held.live,
        links: linksOf(tab, held),
      });
      for (const table of plan.tables) {
        keepBesides(held, table);
        if (later.some(([other]) => looksAt(other, table.table))) keepPlan(held, table, scope);
        writes.begin(table.table, () => writeTable(trx, table, parsed.tab, scope, author, now));
        if (table.inserts.length || table.updates.length) written.push(table);
      }
      answers.push(plan.answer);
      await setImmediate();
    }
  } finally {
    await writes.end();
  }
  return answers;
};

/** Plans and writes one workbook within the caller's transaction. */
const takeWorkbook = async (trx: Knex, model: LiveModel, request: IngestRequest, author: Author, now: Date): Promise<IngestResult> => {
  await lockSchool(trx, request.source.school);
  const source = await sourceRow(trx, request, model.mark);
  const scope: Scope = { tables: model.tables, school: request.source.school, term: request.source.term, source };
  const written: TablePlan[] = [];
  const termDays = await termDaysOf(trx, request.source.term);
  const answers = [...(await takeTabs({ trx, termDays, model, request, scope, author, now }, written)), ...untold(request.tabs)];
  await keepProblems(trx, answers, scope, now);
  const counts = answers.map((one) => one.counts).reduce(addCounts, noRows);
  const open = answers.reduce((sum, one) => sum + one.problems.filter((problem) => problem.severity === 'error').length, 0);
  await finishSource(trx, source, request, counts, open, now);
  const told = [...parsedByTable(model.tabs, request.tabs).map(([, parsed]) => parsed), ...untoldTabs(request.tabs)];
  return { answer: { source, tabs: answers, counts }, places: told.map((parsed) => request.tabs.indexOf(parsed)), written };
};

/**
 * Takes a workbook's parsed tabs. All of it is written or nothing; running it again with the same rows changes nothing.
 * Throws only for faults of the database or an unknown school.
 */
const takeAlone = async (database: Knex, model: LiveModel, request: IngestRequest, author: Author, now: Date): Promise<IngestResult> => {
  let planned: IngestResult | null = null;
  try {
    return await database.transaction(async (trx) => {
      await prepareTransaction(database, trx);
      planned = await takeWorkbook(trx, model, request, author, now);
      if (request.dryRun) throw new DryRun();
      return planned;
    });
  } catch (error) {
    if (!(error instanceof DryRun) || !planned) throw error;
    const { answer, places } = planned as IngestResult;
    return { answer: { ...answer, source: null }, places, written: [] };
  }
};

/** Workbooks of one school follow each other; those of different schools go side by side. Throws the first failure once all have ended. */
const bySchool = async (requests: readonly IngestRequest[], take: (request: IngestRequest) => Promise<IngestResult>): Promise<IngestResult[]> => {
  const last = new Map<string, Promise<unknown>>();
  const taken = requests.map((request) => {
    const { school } = request.source;
    const result = (last.get(school) ?? Promise.resolve()).then(() => take(request));
    last.set(
      school,
      result.catch(() => undefined),
    );
    return result;
  });
  await together(...taken);
  return Promise.all(taken);
};

type Settled = PromiseSettledResult<IngestResult>;
type Take = (request: IngestRequest) => Promise<IngestResult>;

/** SQLite has one writer, so the workbooks share its transaction: one is planned while another is being written. */
const shareTransaction = async (
  database: Knex,
  requests: readonly IngestRequest[],
  take: (trx: Knex, request: IngestRequest) => Promise<IngestResult>,
): Promise<Settled[]> => {
  try {
    const results = await database.transaction(async (trx) => {
      await prepareTransaction(database, trx);
      return bySchool(requests, (request) => take(trx, request));
    });
    return results.map((value) => ({ status: 'fulfilled', value }));
  } catch (reason) {
    return requests.map(() => ({ status: 'rejected', reason }));
  }
};

/** What failed in company may do well alone, and if it does not, the fault is its own. */
const againAlone = async (requests: readonly IngestRequest[], results: readonly Settled[], take: Take): Promise<Settled[]> => {
  const settled: Settled[] = [];
  for (const [index, result] of results.entries()) {
    const again = requests.length > 1 && result.status === 'rejected' ? await Promise.allSettled([take(requests[index] as IngestRequest)]) : [result];
    settled.push(...again);
  }
  return settled;
};

/**
 * Takes workbooks that were handed over together: each is written whole or not at all, and has its result or its fault in the order
 * of the requests.
 */
export const ingest = async (database: Knex, model: LiveModel, requests: readonly IngestRequest[], author: Author, now: Date): Promise<Settled[]> => {
  const alone: Take = (request) => takeAlone(database, model, request, author, now);
  const shared = requests.length > 1 && !isPostgres(database) && !requests.some((one) => one.dryRun);
  const results = shared
    ? await shareTransaction(database, requests, (trx, request) => takeWorkbook(trx, model, request, author, now))
    : await Promise.allSettled(requests.map(alone));
  return againAlone(requests, results, alone);
};

/** Why a workbook is refused as a whole: its school or its term is not known here. */
export const unknownScopes = async (database: Knex, requests: readonly IngestRequest[]): Promise<Map<IngestRequest, string>> => {
  const [schools, terms] = await Promise.all([
    database('schools')
      .whereIn('code', [...new Set(requests.map(({ source }) => source.school))])
      .pluck<string[]>('code'),
    database('terms').pluck<string[]>('id'),
  ]);
  const reason = ({ source: { school, term } }: IngestRequest): string | null => {
    if (!schools.includes(school)) return `没有标识码为 ${school} 的学校:请先在 Directus「${tables.schools.label}」里登记`;
    return terms.includes(term) ? null : `没有学期 ${term}:请先在 Directus「${tables.terms.label}」里登记`;
  };
  return new Map(
    requests.flatMap((request): [IngestRequest, string][] => {
      const why = reason(request);
      return why ? [[request, why]] : [];
    }),
  );
};
