/**
 * What each kind of job does: one entry per kind, each the same function that the command of that name calls.
 */

import { readCaseRequest } from '../../schema/cases/request.ts';
import { workOnCases } from '../cases.ts';
import type { Progress } from '../cli.ts';
import type { Config } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { arrangeSchools, countSchools } from '../enrolment/arrange.ts';
import { syncSheets } from '../intake/run-sync.ts';
import { storeLedger } from '../mail/ledger.ts';
import { countyMailer } from '../mail/mailer.ts';
import { runNoticeJob } from '../notices/notice-job.ts';
import { buildReport } from '../report/build.ts';
import { evaluateRules } from '../rules/evaluate.ts';
import { createSheets } from '../sheets/create-all.ts';
import { doCaseWork } from '../showcase/case-work.ts';
import { templatesFolder } from '../showcase.ts';
import { listOverdue } from '../supervision/overdue.ts';
import { linkComplaints, proposeInspections } from '../supervision/propose.ts';
import { isDigested, writeDigest } from './digest.ts';
import { expireLetters } from './expire.ts';
import { freezeMonths } from './freeze.ts';
import { makeLetters } from './letters.ts';
import { dayIn, daysBefore, dueDate, monthFault, monthOf, monthsToPrepare, shiftMonth } from './months.ts';
import { prefillMonth } from './prefill.ts';
import { type Post, remindSchools } from './remind.ts';

export interface JobContext {
  readonly config: Config;
  readonly store: Store;
  readonly progress: Progress;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface JobOutcome {
  /** Counts and file names for the row; no names of children. */
  readonly result: unknown;
  /** One Chinese sentence. */
  readonly message: string;
}

export type Handler = (context: JobContext) => Promise<JobOutcome>;

/** A job was asked for with something missing; its row says what. */
export class JobArgumentError extends Error {
  override name = 'JobArgumentError';
}

const words = (context: JobContext, name: string): string | undefined => {
  const value = context.arguments[name];
  return typeof value === 'string' && value.trim() ? value.trim() : undefined;
};

const today = (context: JobContext): string => dayIn(context.config.timezone);
/** The month that the job names. */
const namedMonth = (context: JobContext): string | undefined => {
  const month = words(context, 'month');
  // Whoever asks for a job sees to it that the month has begun; a month that is none would find nothing and say that all is well.
  const fault = month ? monthFault(month, '9999-12-31') : null;
  if (fault) throw new JobArgumentError(fault);
  return month;
};
/** The month that is being reported on: the last one that is over, unless the job names another. */
const reportMonth = (context: JobContext): string => namedMonth(context) ?? shiftMonth(monthOf(today(context)), -1);

/** As many schools are judged on the spot; a whole county has a job of its own, so that the next saved workbook is not kept waiting. */
const judgedAtOnce = 5;

/** The rules look again at the schools whose rows have changed. */
const judge = async ({ config, store }: JobContext, schools: readonly string[]): Promise<void> => {
  if (schools.length > judgedAtOnce) await store.createRows('jobs', [{ kind: 'rules', state: '排队', arguments: { schools } }]);
  else if (schools.length) await evaluateRules(store, { timezone: config.timezone, schools });
};

/** Does something that may send mail; without a server or a sender it sends none. */
const withPost = async <T>(
  context: JobContext,
  settings: { readonly mail_from: string | null },
  work: (post: Post | null) => Promise<T>,
): Promise<T> => {
  const mailer = countyMailer(context.config, settings);
  try {
    return await work(mailer && { mailer, ledger: storeLedger(context.store) });
  } finally {
    mailer?.close();
  }
};

const mailWords = (mail: { readonly sent: number; readonly failed: number; readonly unclear: number } | null): string =>
  mail ? `,发邮件 ${mail.sent} 封${mail.failed ? `,没有发出 ${mail.failed} 封` : ''}${mail.unclear ? `,发送中断须查看 ${mail.unclear} 封` : ''}` : '';

/** Why the monthly proposal of inspections does nothing today; null where it is due. A day that the machine was off is made up for. */
const waitsToPropose = async (context: JobContext): Promise<string | null> => {
  const { inspections_day: day } = await context.store.readSettings();
  if (!day) return '县级参数里没有定“每月几号建议督导”,不自动建议';
  const month = monthOf(today(context));
  if (Number(today(context).slice(8)) < day) return `本月 ${day} 号建议督导学校`;
  const [latest] = await context.store.readRows('inspections', { filter: { proposed_at: { _nnull: true } }, sort: ['-proposed_at'], limit: 1 });
  return latest?.proposed_at && monthOf(dayIn(context.config.timezone, new Date(latest.proposed_at))) >= month ? `${month} 已建议过督导学校` : null;
};

const list = (context: JobContext, name: string): string[] | undefined => {
  const value = context.arguments[name];
  return Array.isArray(value) && value.length ? value.map(String) : undefined;
};

export const handlers = {
  async sync(context) {
    const { files, ...result } = await syncSheets(context.config, context.store, context.progress, {
      force: context.arguments.force === true,
      ...(words(context, 'school') ? { school: words(context, 'school') } : {}),
    });
    await judge(context, [...new Set(files.flatMap(({ school, counts }) => (school && counts.taken + counts.archived > 0 ? [school] : [])))]);
    const unread = files.filter((file) => file.message !== null).map((file) => `${file.place}:${file.message}`);
    return { result: { ...result, unread }, message: `读到 ${result.read} 行:已收 ${result.taken},未变 ${result.unchanged},有误 ${result.refused}` };
  },
  async sheets(context) {
    const school = words(context, 'school');
    const result = await createSheets(context.config, context.store, context.progress, { school });
    return { result, message: `新建填报表 ${result.created} 个` };
  },
  async notices({ config, store, progress, arguments: asked }) {
    return runNoticeJob({ store, progress, config }, asked);
  },
  async report(context) {
    const term = words(context, 'term');
    const result = await buildReport(context.config, context.store, context.progress, term ? { term } : { month: reportMonth(context) });
    return { result, message: `${result.month}:应报 ${result.expected} 所,已报 ${result.reported} 所` };
  },
  async cases(context) {
    const wanted = { check: true, suggest: true, rank: true, award: context.arguments.award === true };
    const { check, suggest, rank } = await workOnCases(context.config, context.store, context.progress, wanted);
    const mend = check?.cases.filter((line) => line.formal === '须改').length ?? 0;
    return {
      result: {
        cases: check?.cases.length,
        mend,
        suggested: suggest?.length,
        ranked: rank?.cases.filter((line) => line.rank !== null).length,
        ms: check?.ms,
      },
      message: `审查案例 ${check?.cases.length ?? 0} 篇:须改 ${mend};建议约稿 ${suggest?.length ?? 0} 所`,
    };
  },
  async showcase(context) {
    const asked = readCaseRequest(context.arguments);
    if (typeof asked === 'string') throw new JobArgumentError(asked);
    const { store, config, progress } = context;
    return doCaseWork({ store, config, templates: templatesFolder, step: (line) => progress.note(line) }, asked);
  },
  async prefill(context) {
    const dryRun = context.arguments.dry_run === true;
    const settings = await context.store.readSettings();
    const day = today(context);
    const named = namedMonth(context);
    const months = named ? [named] : monthsToPrepare(day, settings);
    const done = [];
    for (const month of months)
      done.push(await prefillMonth(context.store, { timezone: context.config.timezone, today: day, month, dryRun }, context.progress));
    const said = done.map(
      (one) => `${one.month}:${dryRun ? '只看不写,会' : ''}新备 ${one.made} 份,更新 ${one.renewed} 份,并列台账数 ${one.beside} 份`,
    );
    return { result: done, message: said.join(';') || '还没有到备月报的日子' };
  },
  async freeze(context) {
    const result = await freezeMonths(context.store, today(context));
    return { result, message: result.frozen ? `冻结 ${result.months.join('、')} 月报 ${result.frozen} 份` : '没有到截止日的月报' };
  },
  async expire(context) {
    const result = await expireLetters(context.store, today(context));
    const elsewhere = result.elsewhere.length ? `;${result.elsewhere.length} 个文件夹不在本机,请到印制的电脑上删除` : '';
    return {
      result,
      message: result.notices
        ? `保存期满:删去通知 ${result.notices} 次印制的信 ${result.copies} 份、文件 ${result.files} 个${elsewhere}`
        : '没有保存期满的通知',
    };
  },
  async rules(context) {
    const all = await context.store.readRows('schools', { fields: ['code'] });
    const [school, month] = [words(context, 'school'), namedMonth(context)];
    const schools = school ? [school] : list(context, 'schools');
    const bar = context.progress.bar('核查', schools?.length ?? all.length);
    const result = await evaluateRules(context.store, {
      timezone: context.config.timezone,
      onSchool: () => bar.step(),
      ...(schools ? { schools } : {}),
      ...(month ? { month } : {}),
    });
    bar.end();
    return {
      result,
      message: `核查 ${result.schools} 所:发现 ${result.found} 项,新开 ${result.opened},消除 ${result.gone},未办的禁、须 ${result.severe} 项`,
    };
  },
  async arrange(context) {
    const [school, seed] = [words(context, 'school'), words(context, 'seed')];
    const schools = school ? [school] : list(context, 'schools');
    const bar = context.progress.bar('安排', await countSchools(context.store, schools));
    const result = await arrangeSchools(context.store, {
      now: new Date().toISOString(),
      onSchool: () => bar.step(),
      ...(schools ? { schools } : {}),
      ...(seed ? { seed } : {}),
      ...(context.arguments.anew === true ? { anew: true } : {}),
    });
    bar.end();
    const unknown = result.unknown ? `;${result.unknown} 个志愿找不到课程` : '';
    return { result, message: `已核准 ${result.children} 人:安排 ${result.placed},候补 ${result.waiting},有变动 ${result.changed}${unknown}` };
  },
  async inspect(context) {
    const count = Number(context.arguments.count);
    const seed = words(context, 'seed');
    if (context.arguments.monthly === true) {
      const waits = await waitsToPropose(context);
      const linked = waits ? await linkComplaints(context.store) : 0;
      if (waits) return { result: linked ? { complaints: linked } : null, message: `${waits}${linked ? `;挂上投诉 ${linked} 件` : ''}` };
    }
    const { proposals, waiting, complaints, faults } = await proposeInspections(context.store, {
      timezone: context.config.timezone,
      ...(Number.isInteger(count) && count > 0 ? { count } : {}),
      ...(seed ? { seed } : {}),
    });
    const overdue = await listOverdue(context.store, today(context));
    return {
      result: { proposed: proposals.map((one) => one.code), waiting, complaints, faults, overdue: overdue.map((one) => one.code) },
      message: `建议督导 ${proposals.length} 所,此前待安排 ${waiting} 所;逾期未复查 ${overdue.length} 项`,
    };
  },
  letters: (context) => makeLetters(context, words(context, 'school'), list(context, 'inspections')),
  async remind(context) {
    const settings = await context.store.readSettings();
    const day = today(context);
    const named = namedMonth(context);
    const months = named ? [named] : monthsToPrepare(day, settings);
    return withPost(context, settings, async (post) => {
      const done = [];
      for (const month of months) done.push(await remindSchools(context.store, context.config.folders.reports, { month, today: day, post }));
      const said = done.map((one) => `${one.month}:未报 ${one.missing} 所,填报表有误 ${one.withProblems} 所${mailWords(one.mail)}`);
      return { result: done, message: said.join(';') };
    });
  },
  async digest(context) {
    const month = reportMonth(context);
    const settings = await context.store.readSettings();
    if (!words(context, 'month') && today(context) <= dueDate(month, settings)) return { result: null, message: `${month} 还没有到截止日` };
    // For some days more it is looked whether everybody has got it.
    const old = !context.config.smtpUrl || daysBefore(today(context), 3) > dueDate(month, settings);
    if (!words(context, 'month') && old && isDigested(context.config.folders.reports, month)) return { result: null, message: `${month} 简报已有` };
    return withPost(context, settings, async (post) => {
      const result = await writeDigest(context.config, context.store, context.progress, { month, post });
      return { result, message: `${month} 简报已生成${mailWords(result.mail)}` };
    });
  },
} satisfies Record<string, Handler>;

export type JobKind = keyof typeof handlers;
