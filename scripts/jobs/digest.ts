/**
 * The month for the bureau's own eyes and its superiors: a page of text, the 统计表 and the brief, written once and mailed once to each recipient.
 * Counts only; no names of children or staff.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Progress } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { sendOnce } from '../mail/ledger.ts';
import type { Mail } from '../mail/mailer.ts';
import { buildReport, type ReportConfig, type ReportResult } from '../report/build.ts';
import { monthInWords, percentText, shareText } from '../report/in-print.ts';
import { typeset } from '../text/typeset.ts';
import type { Post } from './remind.ts';

export interface DigestFacts {
  readonly report: ReportResult;
  readonly openProblems: number;
  readonly openFindings: number;
  readonly publishedCases: number;
}

export const gatherDigest = async (store: Store, report: ReportResult): Promise<DigestFacts> => {
  const { month } = report;
  const [problems, findings, cases] = await Promise.all([
    store.readRows('sheet_problems', { filter: { closed_at: { _null: true }, kind: { _neq: '提示' } }, fields: ['id'] }),
    store.readRows('findings', { filter: { state: { _eq: '未办' } }, fields: ['id'] }),
    store.readRows('cases', { filter: { state: { _eq: '已发布' }, published_on: { _between: [`${month}-01`, `${month}-31`] } }, fields: ['id'] }),
  ]);
  return { report, openProblems: problems.length, openFindings: findings.length, publishedCases: cases.length };
};

const lateTownships = ({ standings }: ReportResult): string => {
  const behind = standings.townships.filter((one) => one.expected > one.reported);
  return behind.length ? `没有报齐的:${behind.map((one) => `${one.name}(${one.reported}/${one.expected})`).join('、')}。` : '各乡镇均已报齐。';
};

export const digestText = (county: string, { report, ...facts }: DigestFacts): string => {
  const { standings, totals } = report;
  const { county: all } = standings;
  return [
    `${county}课后服务 ${report.month} 简报`,
    '',
    `一、报送:应报 ${report.expected} 所,已报 ${report.reported} 所,按时 ${report.onTime} 所;按时报送率 ${percentText(all.rate)},数据完整率 ${percentText(all.completeness)}。${lateTownships(report)}`,
    `二、参加:在校学生 ${totals.enrolled ?? '—'} 人,参加 ${totals.participants ?? '—'} 人,参与率 ${shareText(totals.rate ?? null)}。`,
    `三、待办:填报表里有误 ${facts.openProblems} 处,未办预警 ${facts.openFindings} 条。`,
    `四、案例:本月发布 ${facts.publishedCases} 篇。`,
    '',
  ].join('\n');
};

export interface DigestResult {
  readonly month: string;
  readonly file: string;
  readonly report: ReportResult;
  /** Null where no mail is set up, or nobody is to get it. */
  readonly mail: {
    readonly sent: number;
    readonly already: number;
    readonly failed: number;
    readonly unclear: number;
    readonly failures: readonly string[];
  } | null;
}

const attachment = async (path: string, contentType: string) => ({ filename: basename(path), content: await readFile(path), contentType });

const mailOf = async (county: string, text: string, report: ReportResult, replyTo: string | null): Promise<Omit<Mail, 'to'>> => ({
  subject: typeset(`${county}${monthInWords(report.month)}课后服务简报`),
  text: typeset(text),
  messageId: `<digest-${report.month}@kehou>`,
  ...(replyTo ? { replyTo } : {}),
  attachments: [
    await attachment(report.brief, 'application/pdf'),
    await attachment(report.pdf, 'application/pdf'),
    await attachment(report.xlsx, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  ],
});

const isAddress = (word: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(word);

export const digestFile = (folder: string, month: string): string => join(folder, `${month}_简报.txt`);

/** Whether the digest of a month has been written. */
export const isDigested = (folder: string, month: string): boolean => existsSync(digestFile(folder, month));

/** Writes the digest with its table and brief and, with a post, mails it to whoever has not got it yet. */
export const writeDigest = async (
  config: ReportConfig,
  store: Store,
  progress: Pick<Progress, 'note'>,
  options: { readonly month: string; readonly post?: Post | null; readonly now?: Date },
): Promise<DigestResult> => {
  const folder = config.folders.reports;
  const { month, post, now } = options;
  const report = await buildReport(config, store, progress, { month, ...(now ? { now } : {}) });
  const [facts, settings] = await Promise.all([gatherDigest(store, report), store.readSettings()]);
  const text = digestText(settings.county_name, facts);
  await mkdir(folder, { recursive: true });
  const file = digestFile(folder, month);
  await writeFile(`${file}.part`, text, 'utf8');
  await rename(`${file}.part`, file);
  const to = [
    ...new Set(
      [settings.report_mailbox, ...(settings.digest_to ?? [])].filter((one): one is string => typeof one === 'string' && isAddress(one.trim())),
    ),
  ];
  if (!post || to.length === 0) return { month, file, report, mail: null };
  const mail = await mailOf(settings.county_name, text, report, settings.report_mailbox);
  const counts = { sent: 0, already: 0, failed: 0, unclear: 0 };
  const failures: string[] = [];
  for (const recipient of to) {
    const done = await sendOnce(post.mailer, post.ledger, `digest/${month}`, { ...mail, to: recipient.trim() });
    counts[done.fate] += 1;
    if (done.fate === 'failed') failures.push(`${recipient}:${done.words}`);
  }
  return { month, file, report, mail: { ...counts, failures } };
};
