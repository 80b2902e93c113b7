/**
 * What a 印制通知 job does: print, say what would be printed, show one letter, send out, or collect answers. Its result goes into a row
 * of `jobs`, which is no personal data: numbers, 行号 and file ids; no child, no address.
 */
import { UsageError } from '../cli.ts';
import type { SharedFile } from '../directus/share-file.ts';
import { type AreaDeps, collectArea, deliverArea } from './deliver-area.ts';
import { type NoticeJob, readNoticeJob } from './job-arguments.ts';
import { previewNotice } from './preview.ts';
import { printArea } from './print-area.ts';
import { shareFiles } from './upload.ts';

export interface NoticeJobOutcome {
  readonly result: unknown;
  /** One Chinese sentence. */
  readonly message: string;
}

/** As many files as a screen lists; of more, the folder is named. */
const listed = 60;
/** As many faults as a row holds without growing beyond reading. */
const mostFaults = 50;

const few = (files: readonly SharedFile[]): readonly SharedFile[] => files.slice(0, listed);

/** Mail servers like to repeat the address that they refuse. */
export const withoutAddresses = (words: string): string => words.replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '…');

const preview = async (deps: AreaDeps, { area, options }: NoticeJob): Promise<NoticeJobOutcome> => {
  const { file, student, missing, kind, school } = await previewNotice(deps, { ...options, school: area.school ?? '' });
  const shared = await shareFiles(deps.store, ['通知', '样张'], [file]);
  const gaps = missing.length ? `;还缺:${missing.join(';')}` : '';
  return { result: { do: 'preview', kind, school, student, missing, shared }, message: `样张已备好,可在「印发通知」页打开${gaps}` };
};

const print = async (deps: AreaDeps, { area, options }: NoticeJob): Promise<NoticeJobOutcome> => {
  const { files, classFiles, shared, failures, ...result } = await printArea(deps, area, options);
  if (result.missing.length && result.copies === 0) throw new UsageError(`缺必备内容,没有印:${result.missing.slice(0, mostFaults).join(';')}`);
  const plan = result.dryRun ? `将印 ${result.printed},沿用 ${result.reused}(只算未印)` : `新印 ${result.printed},沿用 ${result.reused}`;
  const gaps = result.missing.length ? `;${result.missing.length} 处没有印(缺必备内容,或正由别人印制)` : '';
  return {
    result: {
      ...result,
      do: result.dryRun ? 'plan' : 'print',
      files: files.length,
      classFiles: classFiles.length,
      failures: failures.slice(0, mostFaults),
      shared: few(shared),
      sharedFiles: shared.length,
    },
    message: `${result.kind} ${result.copies} 份:${plan},撤回离校 ${result.withdrawn},印不出 ${result.failed}${gaps}`,
  };
};

const deliver = async (deps: AreaDeps, { area, options }: NoticeJob): Promise<NoticeJobOutcome> => {
  const { shared, linkLists, failures, ...result } = await deliverArea(deps, area, options);
  const mail = result.mail
    ? `邮件 ${result.wanted} 份:这次发出 ${result.sent},以前已发 ${result.already},失败 ${result.failed},待核对 ${result.unclear},还在排队 ${result.queued}`
    : `没有发邮件(没有设邮件服务器或发件人);等着发的 ${result.queued} 份`;
  return {
    result: {
      ...result,
      do: 'deliver',
      failures: failures.slice(0, mostFaults).map(({ student, words }) => ({ student, words: withoutAddresses(words) })),
      linkLists: linkLists.length,
      shared: few(shared),
      sharedFiles: shared.length,
    },
    message: `${result.kind}:${mail};各班链接表 ${linkLists.length} 份`,
  };
};

const collect = async (deps: AreaDeps, { area, options }: NoticeJob): Promise<NoticeJobOutcome> => {
  const { shared, files, ...result } = await collectArea(deps, area, options);
  return {
    result: { ...result, do: 'replies', files: files.length, shared: few(shared), sharedFiles: shared.length },
    message: `${result.kind}回执:在册 ${result.students} 人,已发 ${result.sent},已读 ${result.read},已交 ${result.answered},未交 ${result.missing};名册 ${files.length} 份`,
  };
};

const work = { print, plan: print, preview, deliver, replies: collect } satisfies Record<
  NoticeJob['do'],
  (deps: AreaDeps, job: NoticeJob) => Promise<NoticeJobOutcome>
>;

/** Throws UsageError where something is missing or wrong in what was asked for. */
export const runNoticeJob = async (deps: AreaDeps, given: Readonly<Record<string, unknown>>): Promise<NoticeJobOutcome> => {
  const asked = readNoticeJob(given);
  if (typeof asked === 'string') throw new UsageError(asked);
  return work[asked.do](deps, asked);
};
