/**
 * How a sync went: one entry for each sheet, their sums, and the same in words for people.
 */
import { addCounts, noRows, type RowCounts } from '../../schema/ingest.ts';
import type { AnswerFate } from '../sheets/source.ts';

/** `未收`: a copy or a sheet of another term, left alone as a whole. `不见了`: it was there before. */
export type SheetState = '已同步' | '未变' | '读不了' | '不知是哪所学校' | '占用中' | '未收' | '不见了';

/** How one sheet fared. */
export interface SyncedSheet {
  readonly place: string;
  readonly school: string | null;
  readonly state: SheetState;
  readonly counts: RowCounts;
  /** Errors found; hints do not count. */
  readonly problems: number;
  /** `none`: there was nothing to answer. */
  readonly answers: AnswerFate | 'none';
  /** Why the answers are not in the sheet, where its place gave a reason of its own. */
  readonly unwritten?: string;
  readonly message: string | null;
}

/** A whole place that could not be reached; the others went on. */
export interface UnreachedSource {
  readonly where: string;
  readonly message: string;
}

/** read = taken + unchanged + refused + ignored + conflicts. */
export interface SyncSummary extends RowCounts {
  readonly sources: number;
  readonly opened: number;
  readonly answersWritten: number;
  /** Calls over the network to where sheets are kept; none for a folder. */
  readonly apiCalls: number;
  readonly ms: number;
  readonly files: readonly SyncedSheet[];
  readonly unreached: readonly UnreachedSource[];
}

/** A sheet of which no row was taken. */
export const quiet = (place: string, school: string | null, state: SheetState, message: string | null = null): SyncedSheet => ({
  place,
  school,
  state,
  counts: noRows,
  problems: 0,
  answers: 'none',
  message,
});

const closed: readonly SheetState[] = ['未变', '占用中', '不见了'];

export const summarise = (
  files: readonly SyncedSheet[],
  unreached: readonly UnreachedSource[],
  { apiCalls, ms }: { readonly apiCalls: number; readonly ms: number },
): SyncSummary => ({
  sources: files.filter((file) => file.state !== '不见了').length,
  opened: files.filter((file) => !closed.includes(file.state)).length,
  ...files.map((file) => file.counts).reduce(addCounts, noRows),
  answersWritten: files.filter((file) => file.answers === 'answered').length,
  apiCalls,
  ms,
  files: [...files].sort((a, b) => a.place.localeCompare(b.place)),
  unreached,
});

const notes: Partial<Record<SyncedSheet['answers'], string>> = {
  locked: '文件正被打开,答复下次写入',
  changed: '同步时文件又有改动,下次再读',
  unreadable: '答复写不进去',
};

const sheetLine = (file: SyncedSheet): string => {
  const { counts } = file;
  const words =
    file.message ??
    `已收 ${counts.taken},未变 ${counts.unchanged},有误 ${counts.refused},略过 ${counts.ignored}${counts.conflicts ? `,冲突 ${counts.conflicts}` : ''}${counts.archived ? `,归档 ${counts.archived}` : ''}`;
  const note = file.unwritten ?? notes[file.answers];
  return `  ${file.place}:${words}${note ? `(${note})` : ''}`;
};

export const describeSync = (summary: SyncSummary, dryRun: boolean): string =>
  [
    `${dryRun ? '(试运行,没有写入)' : ''}填报表 ${summary.sources} 个,打开 ${summary.opened} 个。`,
    `读到 ${summary.read} 行 = 已收 ${summary.taken} + 未变 ${summary.unchanged} + 有误 ${summary.refused} + 略过 ${summary.ignored} + 冲突 ${summary.conflicts};归档 ${summary.archived} 行;写回答复 ${summary.answersWritten} 个。`,
    ...summary.unreached.map((one) => `  ${one.where}:${one.message}`),
    ...summary.files.filter((file) => file.state !== '未变').map(sheetLine),
  ].join('\n');

/** Whether somebody has to mend something. */
export const needsAttention = (summary: SyncSummary): boolean =>
  summary.refused + summary.conflicts > 0 ||
  summary.unreached.length > 0 ||
  summary.files.some((file) => file.unwritten !== undefined || ['读不了', '不知是哪所学校', '未收', '不见了'].includes(file.state));
