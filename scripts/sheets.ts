/**
 * npm run sheets: makes the schools' workbooks from the model and from what Directus already knows.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableName } from '../schema/index.ts';
import { tables } from '../schema/index.ts';
import { plainTabs, tabs } from '../schema/sheets.ts';
import { type Command, main, type Options, type Progress, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import type { Store } from './directus/store.ts';
import { openedBy, replaceFile } from './sheets/replace-file.ts';
import { createWorkbook, type WorkbookRows } from './sheets/workbook-create.ts';
import { workbookName } from './sheets/workbook-place.ts';
import { openPackage, sheetParts } from './sheets/xlsx-package.ts';

export interface SheetsOptions {
  /** School codes; null for every school. */
  readonly schools: readonly string[] | null;
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
  readonly workbooks: readonly MadeWorkbook[];
}

const termOf = async (store: Store, wanted: string | undefined) => {
  const terms = await store.readRows('terms');
  const term = terms.find((one) => (wanted ? one.id === wanted : one.current)) ?? null;
  if (!term) throw new UsageError(wanted ? `没有学期 ${wanted}。请先在 Directus「学期」里建立,或核对代码(如 2026-1)。` : '没有当前学期。请在 Directus「学期」里勾选当前学期,或用 --term 写明。');
  return term;
};

const schoolsOf = async (store: Store, codes: readonly string[] | null) => {
  const all = await store.readRows('schools');
  if (!codes) return all.filter((school) => !school.closed_on);
  return codes.map((code) => {
    const school = all.find((one) => one.code === code);
    if (!school) throw new UsageError(`没有学校 ${code}。请核对 10 位学校标识码。`);
    return school;
  });
};

/** The tables whose rows stand in a workbook, and how each is narrowed to one school and term. */
const sheetTables: readonly TableName[] = [...new Set(tabs.flatMap((tab) => tab.tables))];

const narrowed = (table: TableName, school: string, term: string): Record<string, unknown> =>
  'scope' in tables[table] && (tables[table] as { scope?: string }).scope === 'school-term' ? { school: { _eq: school }, term: { _eq: term } } : { school: { _eq: school } };

/** Rows in the order in which clerks look for them. */
const orderOf: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  students: ['grade', 'class_no', 'name', 'id'], attendance: ['date', 'activity', 'id'], fees: ['month', 'student', 'id'], monthly_reports: ['month'], activities: ['name', 'id'], staff: ['name', 'id'],
};

const archived = (table: TableName, row: Record<string, unknown>): boolean => {
  const archive = (tables[table] as { archive?: { field: string; archived: string } }).archive;
  return archive !== undefined && row[archive.field] === archive.archived;
};

const rowsOf = async (store: Store, school: string, term: string, providers: readonly Record<string, unknown>[]): Promise<WorkbookRows> => {
  const found: Partial<Record<TableName, readonly Record<string, unknown>[]>> = { providers };
  for (const table of sheetTables) {
    const rows = (await store.readRows(table, { filter: narrowed(table, school, term), ...(orderOf[table] ? { sort: orderOf[table] } : {}) })) as Record<string, unknown>[];
    found[table] = rows.filter((row) => !archived(table, row));
  }
  return found;
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

/** Makes the workbooks in `folder`. A file that is there stays, unless it is ours and `refresh` is asked for. */
export const makeSheets = async (store: Store, folder: string, options: SheetsOptions, progress: Progress): Promise<SheetsReport> => {
  const [settings, term, schools, providers] = [await store.readSettings(), await termOf(store, options.term), await schoolsOf(store, options.schools), await store.readRows('providers', { sort: ['name'] })];
  const listed = (providers as readonly Record<string, unknown>[]).filter((row) => row.state !== '移出');
  const office = { bureau: settings.bureau_name, office: settings.office_name, phone: settings.bureau_phone, dueDay: settings.due_day };
  if (!options.dryRun) await mkdir(folder, { recursive: true });
  const bar = progress.bar('填报表', schools.length);
  const made: MadeWorkbook[] = [];
  for (const school of schools) {
    const file = workbookName(school);
    const path = join(folder, file);
    let state = await stateOf(path, options.refresh === true);
    if ((state === '新建' || state === '重做') && !options.dryRun) {
      const bytes = await createWorkbook({ school, term, office, rows: await rowsOf(store, school.code, term.id, listed) });
      const written = await replaceFile(path, bytes);
      if (!written.written) state = '占用中';
      else if (school.workbook !== file) await store.updateRow('schools', school.code, { workbook: file });
    }
    made.push({ school: school.code, file, state });
    bar.step();
  }
  bar.end();
  return { folder, term: term.id, workbooks: made };
};

const remedies: Readonly<Partial<Record<WorkbookState, string>>> = {
  已有: '已有工作簿,没有改动;要按现有数据重做请加 --refresh',
  不是系统模板: '同名文件不是系统模板,没有改动;请先移走或改名',
  占用中: '文件正被打开,没有改动;关闭后再做',
};

const describe = (report: SheetsReport): string => {
  const count = (state: WorkbookState): number => report.workbooks.filter((one) => one.state === state).length;
  const left = report.workbooks.filter((one) => remedies[one.state] !== undefined);
  return [`学期 ${report.term}:新建 ${count('新建')} 个,重做 ${count('重做')} 个,未动 ${left.length} 个。文件夹:${report.folder}`, ...left.map((one) => `  ${one.file}:${remedies[one.state]}`)].join('\n');
};

const options = {
  create: { help: '生成工作簿(必写)' },
  school: { value: 'CODE', help: '哪所学校,10 位标识码;可写几次', many: true },
  all: { help: '所有未停办的学校' },
  term: { value: 'ID', help: '学期,如 2026-1;不写则为当前学期' },
  refresh: { help: '已有的系统工作簿按现有数据重做(学校尚未收取的内容会丢失,请先同步)' },
  'dry-run': { help: '只说会做什么,不写文件' },
} as const satisfies Options;

export const sheets: Command<typeof options> = {
  name: 'sheets',
  summary: '为学校生成填报工作簿 / make the schools\' workbooks from the model',
  options,
  examples: ['npm run sheets -- --create --all', 'npm run sheets -- --create --school 2141990001 --refresh'],
  async run(flags, _words, progress) {
    if (!flags.create) throw new UsageError('请写 --create。用法见 npm run sheets -- --help');
    if (Boolean(flags.all) === Boolean(flags.school?.length)) throw new UsageError('--school CODE 和 --all 请写其中一个。');
    const config = loadConfig();
    const wanted: SheetsOptions = { schools: flags.all ? null : (flags.school ?? []), term: flags.term, refresh: flags.refresh === true, dryRun: flags['dry-run'] === true };
    const report = await withDirectus(config, progress, (store) => makeSheets(store, config.sheetsDir, wanted, progress));
    return { json: report, text: describe(report), problems: report.workbooks.some((one) => one.state === '不是系统模板' || one.state === '占用中') };
  },
};

await main(import.meta, sheets);
