/**
 * Makes the workbooks of schools in the sheets folder from what Directus knows, and notes each at its school.
 * It never overwrites a file that is not ours, nor one of ours unless that is asked for.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOpenFinding } from '../../schema/findings.ts';
import { type Row, type TableName, tables } from '../../schema/index.ts';
import { tabs as modelTabs, plainTabs, type Tab } from '../../schema/sheets.ts';
import { type Progress, UsageError } from '../cli.ts';
import type { Config } from '../config.ts';
import { readLiveTabs, type TabStore } from './live-tabs.ts';
import { openedBy, replaceFile } from './replace-file.ts';
import { createWorkbook, type WorkbookRows } from './workbook-create.ts';
import type { Office } from './workbook-instructions.ts';
import { workbookName } from './workbook-place.ts';
import { openPackage, sheetParts } from './xlsx-package.ts';

/** The part of a store that is needed here. */
export interface SheetStore extends TabStore {
  readRows(
    table: TableName,
    query?: { readonly filter?: Record<string, unknown>; readonly sort?: readonly string[] },
  ): Promise<readonly Record<string, unknown>[]>;
  readSettings(): Promise<Row<(typeof tables)['settings']>>;
  updateRow(table: 'schools', code: string, values: { workbook: string }): Promise<void>;
}

export interface SheetsOptions {
  /** School codes; every open school if not given. */
  readonly schools?: readonly string[] | undefined;
  /** Term; the current one if not given. */
  readonly term?: string | undefined;
  /** Makes workbooks of ours anew where they are already there. */
  readonly refresh?: boolean;
  readonly dryRun?: boolean;
}

export type WorkbookState = '新建' | '重做' | '已有' | '不是系统模板' | '占用中';

export interface MadeWorkbook {
  readonly school: string;
  readonly file: string;
  readonly state: WorkbookState;
}

export interface SheetsReport {
  readonly folder: string;
  readonly term: string;
  readonly created: number;
  readonly refreshed: number;
  readonly workbooks: readonly MadeWorkbook[];
}

type TermRow = Row<(typeof tables)['terms']>;
type SchoolRow = Row<(typeof tables)['schools']>;

const termOf = async (store: SheetStore, wanted: string | undefined): Promise<TermRow> => {
  const terms = (await store.readRows('terms')) as readonly TermRow[];
  const term = terms.find((one) => (wanted ? one.id === wanted : one.current)) ?? null;
  if (!term)
    throw new UsageError(
      wanted
        ? `没有学期 ${wanted}。请先在 Directus「学期」里建立,或核对代码(如 2026-1)。`
        : '没有当前学期。请在 Directus「学期」里勾选当前学期,或用 --term 写明。',
    );
  return term;
};

const schoolsOf = async (store: SheetStore, codes: readonly string[] | undefined): Promise<SchoolRow[]> => {
  const all = (await store.readRows('schools')) as readonly SchoolRow[];
  if (!codes) return all.filter((school) => !school.closed_on);
  return codes.map((code) => {
    const school = all.find((one) => one.code === code);
    if (!school) throw new UsageError(`没有学校 ${code}。请核对 10 位学校标识码。`);
    return school;
  });
};

/** The tables whose rows stand in a workbook, and how each is narrowed to one school and term. */
const sheetTables: readonly TableName[] = [...new Set(modelTabs.flatMap((tab) => tab.tables))];

const narrowed = (table: TableName, school: string, term: string): Record<string, unknown> =>
  'scope' in tables[table] && (tables[table] as { scope?: string }).scope === 'school-term'
    ? { school: { _eq: school }, term: { _eq: term } }
    : { school: { _eq: school } };

/** Rows in the order in which clerks look for them. */
const orderOf: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  students: ['grade', 'class_no', 'name', 'id'],
  attendance: ['date', 'session', 'id'],
  fees: ['month', 'id'],
  monthly_reports: ['month'],
  activities: ['name', 'id'],
  staff: ['name', 'id'],
  findings: ['severity', 'rule', 'month', 'id'],
};

type AnyRow = Record<string, unknown>;

/** Puts rows that agree in `first` into the order of the rows that they name: fees as the roster, head counts as the courses. */
const asLinked = (rows: readonly AnyRow[], first: string, link: string, targets: readonly AnyRow[] = []): AnyRow[] => {
  const place = new Map(targets.map((target, index) => [target.id, index]));
  const placeOf = (row: AnyRow): number => place.get(row[link]) ?? targets.length;
  return [...rows].sort((a, b) => (String(a[first]) < String(b[first]) ? -1 : a[first] === b[first] ? placeOf(a) - placeOf(b) : 1));
};

/** Rows that a new workbook does not need: what has left the sheet, and findings that are done with. */
const isLeftOut = (table: TableName, row: Record<string, unknown>): boolean => {
  if (table === 'findings' && !isOpenFinding(row)) return true;
  const archive = (tables[table] as { archive?: { field: string; archived: string } }).archive;
  return archive !== undefined && row[archive.field] === archive.archived;
};

const rowsOf = async (store: SheetStore, school: string, term: string, providers: readonly Record<string, unknown>[]): Promise<WorkbookRows> => {
  const found: Partial<Record<TableName, readonly Record<string, unknown>[]>> = { providers };
  for (const table of sheetTables) {
    const rows = await store.readRows(table, { filter: narrowed(table, school, term), ...(orderOf[table] ? { sort: orderOf[table] } : {}) });
    found[table] = rows.filter((row) => !isLeftOut(table, row));
  }
  return {
    ...found,
    fees: asLinked(found.fees ?? [], 'month', 'student', found.students),
    attendance: asLinked(found.attendance ?? [], 'date', 'activity', found.activities),
  };
};

const isOurs = async (path: string): Promise<boolean> => {
  const bytes = await readFile(path);
  if (bytes[0] !== 0x50) return false;
  return (await sheetParts(await openPackage(bytes))).some((part) => part.name === plainTabs.meta);
};

/** What would happen to the file, before anything is drawn. */
const stateOf = async (path: string, refresh: boolean): Promise<WorkbookState> => {
  if (!existsSync(path)) return '新建';
  if (!(await isOurs(path))) return '不是系统模板';
  if (!refresh) return '已有';
  return openedBy(path) ? '占用中' : '重做';
};

/** What workbooks are made from, wherever they are put. */
export interface SheetOrder {
  readonly term: TermRow;
  readonly schools: readonly SchoolRow[];
  readonly office: Office;
  /** The tabs as they are by now, with what staff added. */
  readonly tabs: readonly Tab[];
  /** What is already known of a school, as it stands in its workbook. */
  rowsOf(school: string): Promise<WorkbookRows>;
}

/** Reads what all workbooks share. Throws UsageError for a term or a school that does not exist. */
export const openOrder = async (store: SheetStore, options: Pick<SheetsOptions, 'term' | 'schools'>): Promise<SheetOrder> => {
  const [settings, term, schools, providers, live] = [
    await store.readSettings(),
    await termOf(store, options.term),
    await schoolsOf(store, options.schools),
    await store.readRows('providers', { sort: ['name'] }),
    await readLiveTabs(store),
  ];
  const listed = providers.filter((row) => row.state !== '移出');
  return {
    term,
    schools,
    tabs: live.tabs,
    office: { bureau: settings.bureau_name, office: settings.office_name, phone: settings.bureau_phone, dueDay: settings.due_day },
    rowsOf: (school) => rowsOf(store, school, term.id, listed),
  };
};

/** Makes the workbooks in `folder`. A file that is there stays, unless it is ours and `refresh` is asked for. */
export const makeSheets = async (store: SheetStore, folder: string, options: SheetsOptions, progress: Progress): Promise<SheetsReport> => {
  const order = await openOrder(store, options);
  const { term, schools, office, tabs } = order;
  if (!options.dryRun) await mkdir(folder, { recursive: true });
  const bar = progress.bar('填报表', schools.length);
  const made: MadeWorkbook[] = [];
  for (const school of schools) {
    const file = workbookName(school);
    const path = join(folder, file);
    let state = await stateOf(path, options.refresh === true);
    if ((state === '新建' || state === '重做') && !options.dryRun) {
      const bytes = await createWorkbook({ school, term, office, tabs, rows: await order.rowsOf(school.code) });
      const written = await replaceFile(path, bytes);
      if (!written.written) state = '占用中';
      else if (school.workbook !== file) await store.updateRow('schools', school.code, { workbook: file });
    }
    made.push({ school: school.code, file, state });
    bar.step();
  }
  bar.end();
  const count = (state: WorkbookState): number => made.filter((one) => one.state === state).length;
  return { folder, term: term.id, created: count('新建'), refreshed: count('重做'), workbooks: made };
};

/** The same for the job of this kind: one school or all of them, never over what is there. */
export const createSheets = (
  config: Config,
  store: SheetStore,
  progress: Progress,
  { school, ...options }: Omit<SheetsOptions, 'schools'> & { readonly school?: string | undefined } = {},
): Promise<SheetsReport> => makeSheets(store, config.sheetsDir, { ...options, schools: school ? [school] : undefined }, progress);
