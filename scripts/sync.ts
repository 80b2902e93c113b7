/**
 * `npm run sync`: reads the workbooks that changed, hands their rows to Directus and writes the answers back.
 * With `--inspect` it only says what it reads in any file, without a database.
 */
import { join } from 'node:path';
import { addCounts, type IngestAnswer, type IngestRequest, noRows, type RowCounts } from '../schema/ingest.ts';
import type { ParsedTab, RawTab } from '../schema/parsed.ts';
import { type Command, main, type Outcome, type Progress, UsageError } from './cli.ts';
import { type Config, loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { type Store, StoreError } from './directus/store.ts';
import { dayIn, dueDate, monthOf } from './jobs/months.ts';
import { listWorkbooks, metaOf, placeOf, schoolNamed } from './sheets/folder.ts';
import { readBytesOf, readFile } from './sheets/read-file.ts';
import { type FileStamp, openedBy, readStamped } from './sheets/replace-file.ts';
import { writeAnswers } from './sheets/workbook-answers.ts';
import { writeCompanion } from './sheets/workbook-companion.ts';
import { describeInspection, hasProblems, inspectFiles } from './sync/inspect.ts';
import { defaultLimits, type Limits } from './sync/limits.ts';
import { parseTab } from './sync/parse-tab.ts';

export interface SyncOptions {
  readonly dryRun?: boolean;
  /** Reads every workbook, changed or not. */
  readonly force?: boolean;
  /** Only workbooks of this school. */
  readonly school?: string;
}

export type FileState = '已同步' | '未变' | '读不了' | '不知是哪所学校' | '占用中';

/** How one workbook fared. */
export interface SyncedFile {
  readonly place: string;
  readonly school: string | null;
  readonly state: FileState;
  readonly counts: RowCounts;
  readonly problems: number;
  /** `answered`: the file now carries the answers; otherwise why not. */
  readonly answers: 'answered' | 'unchanged' | 'locked' | 'changed' | 'foreign' | 'unreadable' | 'none';
  readonly message: string | null;
}

/** read = taken + unchanged + refused + ignored + conflicts. */
export interface SyncSummary extends RowCounts {
  readonly sources: number;
  readonly opened: number;
  readonly answersWritten: number;
  /** Calls to Google; none for a folder. */
  readonly apiCalls: number;
  readonly ms: number;
  readonly files: readonly SyncedFile[];
}

interface Known {
  readonly id: string;
  readonly place: string;
  readonly school: string | null;
  readonly term: string | null;
  readonly file_hash: string | null;
}

interface Desk {
  readonly config: Config;
  readonly store: Store;
  readonly options: SyncOptions;
  readonly limits: Limits;
  readonly schools: readonly { readonly code: string; readonly name: string }[];
  readonly term: string;
  readonly known: ReadonlyMap<string, Known>;
  readonly deadline: string;
  readonly receivedAt: string;
}

/** Marks of the ingest while the answers are not in the file yet: a sync that dies in between reads the file again. */
const unanswered = '';

const quiet = (place: string, school: string | null, state: FileState, message: string | null = null): SyncedFile => ({
  place,
  school,
  state,
  counts: noRows,
  problems: 0,
  answers: 'none',
  message,
});

/** Puts a workbook that cannot be taken on the list that the bureau sees. */
const noteUnreadable = async (desk: Desk, place: string, school: string | null, hash: string, message: string): Promise<void> => {
  if (desk.options.dryRun) return;
  const values = { state: '读不了' as const, message, file_hash: hash, read_at: new Date().toISOString() };
  const known = desk.known.get(place);
  if (known) await desk.store.updateRow('sources', known.id, values);
  else await desk.store.createRows('sources', [{ kind: '工作簿', place, own: '学校自有', school, ...values }]);
};

const answerFile = async (
  desk: Desk,
  path: string,
  foreign: boolean,
  answer: IngestAnswer,
  stamp: FileStamp,
): Promise<{ result: SyncedFile['answers']; stamp: FileStamp }> => {
  const answers = { tabs: answer.tabs, deadline: desk.deadline, receivedAt: desk.receivedAt };
  const written = await writeAnswers(path, answers, stamp);
  if (written.written) return { result: 'answered', stamp: written.stamp };
  if (written.reason !== 'foreign' && !foreign) return { result: written.reason, stamp };
  const companion = await writeCompanion(path, answers);
  return { result: companion.written ? 'answered' : companion.reason, stamp };
};

const problemCount = (answer: IngestAnswer): number =>
  answer.tabs.reduce((sum, tab) => sum + tab.problems.filter((one) => one.severity === 'error').length, 0);

const takeWorkbook = async (desk: Desk, path: string, tabs: readonly RawTab[], stamp: FileStamp): Promise<SyncedFile> => {
  const place = placeOf(desk.config.sheetsDir, path);
  const meta = metaOf(tabs);
  const school = meta?.school || schoolOf(desk, path);
  if (!school || !desk.schools.some((one) => one.code === school)) {
    const message = '不知道是哪所学校的表:请在 Directus「填报表」里给它选学校,或把学校标识码写进文件名';
    // Not marked as done: once the bureau has chosen the school, the next sync takes it.
    await noteUnreadable(desk, place, null, unanswered, message);
    return quiet(place, null, '不知是哪所学校', message);
  }
  const parsed: ParsedTab[] = tabs
    .filter((tab) => !tab.hidden || meta === null)
    .map((tab) => parseTab(tab, { limits: desk.limits }))
    .filter((tab) => tab.table !== null);
  const request: IngestRequest = {
    source: {
      kind: '工作簿',
      place,
      own: meta ? '系统模板' : '学校自有',
      fileHash: unanswered,
      school,
      term: meta?.term || desk.known.get(place)?.term || desk.term,
    },
    dryRun: desk.options.dryRun === true,
    tabs: parsed,
  };
  const answer = await desk.store.call<IngestAnswer>('POST', '/kehou-ingest/workbook', request);
  const base = { place, school, state: '已同步' as const, counts: answer.counts, problems: problemCount(answer), message: null };
  if (desk.options.dryRun || !answer.source) return { ...base, answers: 'none' };
  const { result, stamp: after } = await answerFile(desk, path, meta === null, answer, stamp);
  // The mark is set once the school can see the answers; a file that is open or has changed meanwhile is read again.
  if (result === 'answered' || result === 'unchanged') await desk.store.updateRow('sources', answer.source, { file_hash: after.sha256 });
  return { ...base, answers: result };
};

const syncFile = async (desk: Desk, path: string): Promise<SyncedFile | null> => {
  const place = placeOf(desk.config.sheetsDir, path);
  const known = desk.known.get(place);
  if (openedBy(path) && known) return quiet(place, known.school, '占用中', '文件正被打开,关闭后再同步');
  const { bytes, stamp } = await readStamped(path);
  if (!desk.options.force && known?.file_hash === stamp.sha256) return quiet(place, known.school, '未变');
  const reading = readBytesOf(bytes, place);
  if (reading.problem) {
    await noteUnreadable(desk, place, known?.school ?? null, stamp.sha256, reading.problem.message);
    return quiet(place, known?.school ?? null, '读不了', reading.problem.message);
  }
  try {
    return await takeWorkbook(desk, path, reading.tabs, stamp);
  } catch (error) {
    // Directus names what it refuses (an unknown term, say); the other schools go on.
    if (!(error instanceof StoreError) || error.code === 'UNREACHABLE' || error.code === 'FORBIDDEN') throw error;
    await noteUnreadable(desk, place, known?.school ?? null, unanswered, error.message);
    return quiet(place, known?.school ?? null, '读不了', error.message);
  }
};

/** Whose workbook a file is, as far as can be told without opening it. */
const schoolOf = (desk: Desk, path: string): string | null => {
  const place = placeOf(desk.config.sheetsDir, path);
  return desk.known.get(place)?.school ?? schoolNamed(place, desk.schools);
};

/** Two at a time: while Directus stores one workbook, the next is parsed. More would only take memory. */
const atOnce = 2;

const forAll = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
};

const openDesk = async (config: Config, store: Store, options: SyncOptions): Promise<Desk> => {
  const [settings, schools, terms, known] = await Promise.all([
    store.readSettings(),
    store.readRows('schools', { fields: ['code', 'name'] }),
    store.readRows('terms', { filter: { current: { _eq: true } }, fields: ['id'] }),
    store.readRows('sources', { fields: ['id', 'place', 'school', 'term', 'file_hash'] }),
  ]);
  const term = terms[0]?.id;
  if (!term) throw new UsageError('还没有当前学期:请在 Directus「学期」里新建并勾选“当前学期”。');
  const today = dayIn(config.timezone);
  return {
    config,
    store,
    options,
    schools,
    term,
    known: new Map(known.map((one) => [one.place, one])),
    limits: {
      feeCapPrimary: settings.fee_cap_primary ?? defaultLimits.feeCapPrimary,
      feeCapJunior: settings.fee_cap_junior ?? defaultLimits.feeCapJunior,
      days: settings.min_days ?? defaultLimits.days,
      minutes: settings.min_minutes ?? defaultLimits.minutes,
    },
    deadline: dueDate(monthOf(today), settings),
    receivedAt: new Date().toLocaleString('sv-SE', { timeZone: config.timezone }).slice(0, 16),
  };
};

/** Syncs the folder of workbooks. Running it again over the same files changes nothing and opens none of them. */
export const syncFolder = async (config: Config, store: Store, progress: Progress, options: SyncOptions = {}): Promise<SyncSummary> => {
  const began = Date.now();
  const desk = await openDesk(config, store, options);
  const paths = (await listWorkbooks(config.sheetsDir)).filter((path) => !options.school || schoolOf(desk, path) === options.school);
  const bar = progress.bar('同步填报表', paths.length);
  const files: SyncedFile[] = [];
  await forAll(paths, async (path) => {
    const file = await syncFile(desk, path);
    if (file) files.push(file);
    bar.step();
  });
  bar.end();
  const counts = files.map((file) => file.counts).reduce(addCounts, noRows);
  return {
    sources: paths.length,
    opened: files.filter((file) => file.state !== '未变' && file.state !== '占用中').length,
    ...counts,
    answersWritten: files.filter((file) => file.answers === 'answered').length,
    apiCalls: 0,
    ms: Date.now() - began,
    files: files.sort((a, b) => a.place.localeCompare(b.place)),
  };
};

const notes: Partial<Record<SyncedFile['answers'], string>> = {
  locked: '文件正被打开,答复下次写入',
  changed: '同步时文件又有改动,下次再读',
  unreadable: '答复写不进去',
};

const fileLine = (file: SyncedFile): string => {
  const words =
    file.message ??
    `已收 ${file.counts.taken},未变 ${file.counts.unchanged},有误 ${file.counts.refused},略过 ${file.counts.ignored}${file.counts.conflicts ? `,冲突 ${file.counts.conflicts}` : ''}${file.counts.archived ? `,归档 ${file.counts.archived}` : ''}`;
  return `  ${file.place}:${words}${notes[file.answers] ? `(${notes[file.answers]})` : ''}`;
};

export const describeSync = (summary: SyncSummary, dryRun: boolean): string =>
  [
    `${dryRun ? '(试运行,没有写入)' : ''}填报表 ${summary.sources} 个,打开 ${summary.opened} 个。`,
    `读到 ${summary.read} 行 = 已收 ${summary.taken} + 未变 ${summary.unchanged} + 有误 ${summary.refused} + 略过 ${summary.ignored} + 冲突 ${summary.conflicts};归档 ${summary.archived} 行;写回答复 ${summary.answersWritten} 个。`,
    ...summary.files.filter((file) => file.state !== '未变').map(fileLine),
  ].join('\n');

const needsAttention = (summary: SyncSummary): boolean =>
  summary.refused + summary.conflicts > 0 || summary.files.some((file) => file.state === '读不了' || file.state === '不知是哪所学校');

const options = {
  inspect: { help: '只读出文件内容并说明问题,不连数据库 / read files and say what they hold, no database' },
  'dry-run': { help: '只说会怎样,不写入任何东西 / change nothing' },
  force: { help: '没有变动的文件也重新读 / read unchanged files too' },
  school: { value: 'CODE', help: '只同步这所学校 / only this school' },
} as const;

export const syncCommand: Command<typeof options> = {
  name: 'sync',
  summary: "同步填报表:读入各校表格,写回答复 / read the schools' workbooks, write the answers back",
  words: '[FILE…]',
  options,
  examples: ['npm run sync', 'npm run sync -- --dry-run', 'npm run -s sync -- --inspect 报名表.xlsx --json'],
  async run(flags, words, progress): Promise<Outcome> {
    if (flags.inspect) {
      if (!words.length) throw new UsageError('--inspect 后面请写文件名 / name the files to inspect');
      const files = await inspectFiles(words, readFile);
      return { json: files, text: describeInspection(files), problems: hasProblems(files) };
    }
    if (words.length) throw new UsageError('要查看单个文件请加 --inspect;同步按填报表文件夹进行 / add --inspect to read single files');
    const config = loadConfig();
    const dryRun = flags['dry-run'] === true;
    const summary = await withDirectus(config, progress, (store) =>
      syncFolder(config, store, progress, { dryRun, force: flags.force === true, ...(flags.school ? { school: flags.school } : {}) }),
    );
    return { json: summary, text: `${describeSync(summary, dryRun)}\n填报表在 ${join(config.sheetsDir)}`, problems: needsAttention(summary) };
  },
};

await main(import.meta, syncCommand);
