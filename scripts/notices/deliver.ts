/**
 * Letters to families: by mail to those who have asked for it, and as a list of links for the class teacher to pass on.
 * Keeps a ledger in each copy and sends no letter twice: a letter is claimed before it is sent, and one whose sending was cut
 * short stays claimed until a person has looked at it.
 */

import { join } from 'node:path';
import { linkMark } from '../../schema/press.ts';
import { className, gradeWord } from '../../schema/vocabulary.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { type Mailer, UnclearError } from '../mail/mailer.ts';
import type { Hold } from './alone.ts';
import { noticeUrl } from './codes.ts';
import { type Facts, type Notice, readFacts } from './facts.ts';
import { pathPart, readIfThere, writeWhole } from './files.ts';
import { findNotice, folderHere, validCopies } from './notice-rows.ts';
import { aloneAtPress } from './one-press.ts';
import type { Copy } from './plan-run.ts';
import { kindOf } from './print-run.ts';
import { inClasses, isHere, readStudents } from './recipients.ts';
import type { PrintDeps, PrintOptions } from './run-types.ts';
import { zhDate } from './wording.ts';

/** One line of the ledger. */
export interface Delivery {
  readonly channel: '邮件';
  readonly at: string;
  /** 不明: the line broke after the letter was on its way; a person has to look whether it arrived. */
  readonly result: '已发' | '失败' | '不明';
  /** The server's own words. */
  readonly words: string;
}

export interface Delivered {
  readonly kind: string;
  readonly school: string;
  readonly schoolName: string;
  readonly term: string;
  /** Letters whose families want mail. */
  readonly wanted: number;
  /** Of these not sent yet: waiting for a mail server, for another try, or for a person. */
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  /** Sent by an earlier run. */
  readonly already: number;
  /** Claimed by a run that was cut short: somebody has to look whether they arrived. */
  readonly unclear: number;
  readonly failures: readonly { readonly student: string; readonly words: string }[];
  /** One list of links per class. */
  readonly linkLists: readonly string[];
}

/** A failed letter is tried again by the next runs, this many times in all. */
export const mostTries = 3;

const ledgerOf = (copy: Copy): readonly Delivery[] => (Array.isArray(copy.deliveries) ? (copy.deliveries as Delivery[]) : []);

const failuresOf = (copy: Copy): number => ledgerOf(copy).filter(({ result }) => result === '失败').length;

/** 排队 is also what staff set by hand when a letter shall go out again, however often it has failed. */
const isWaiting = ({ delivery, ...copy }: Copy): boolean =>
  delivery === '排队' || delivery === null || delivery === undefined || (delivery === '失败' && failuresOf(copy as Copy) < mostTries);

/** No child's name in the subject: mail servers keep subjects in their logs. */
const mailWords = (facts: Facts, notice: Notice, url: string): { subject: string; text: string } => ({
  subject: `${facts.school.name}课后服务${notice.kind}`,
  text: [
    '家长您好:',
    '',
    `附件是${facts.school.name}发给您的课后服务${notice.kind}${notice.dated ? `(${zhDate(notice.dated)})` : ''}。`,
    `查验真伪、阅读和填写回执:${url}`,
    '',
    '您收到本邮件,是因为您在查验页留下了邮箱。不想再收,请打开上面的网址删去邮箱。',
    '',
    facts.school.name,
  ].join('\n'),
});

const record = async (store: Store, copy: Copy, delivery: Copy['delivery'], entry: Delivery): Promise<void> =>
  store.updateRow('notice_copies', copy.id, {
    delivery,
    deliveries: [...ledgerOf(copy), entry],
    ...(entry.result === '已发' ? { delivered_at: entry.at } : {}),
  });

interface Mailing {
  readonly store: Store;
  readonly mailer: Mailer;
  readonly now: () => Date;
  readonly publicUrl: string;
  readonly facts: Facts;
  readonly notice: Notice;
}

/** What came of one letter; the words are those of the server that refused it, or of the line that broke. */
interface Sent {
  readonly result: Delivery['result'];
  readonly words: string;
}

/** Sends one letter and writes it into the ledger. */
const sendOne = async ({ store, mailer, now, publicUrl, facts, notice }: Mailing, copy: Copy): Promise<Sent> => {
  const url = noticeUrl(publicUrl, copy.code);
  const at = now().toISOString();
  const pdf = await readIfThere(join(notice.folder ?? '', copy.file ?? ''));
  // Letters that another machine has printed since lie there: what lies here under the same name is the one before.
  if (!pdf?.includes(linkMark(copy.code))) {
    const words = '信的文件不在本机:请先再印一次';
    await record(store, copy, '失败', { channel: '邮件', at, result: '失败', words });
    return { result: '失败', words };
  }
  await store.updateRow('notice_copies', copy.id, { delivery: '发送中' });
  try {
    const words = await mailer.send({
      to: copy.mail_to ?? '',
      ...mailWords(facts, notice, url),
      messageId: `<${copy.id}@kehou>`,
      attachments: [{ filename: '通知.pdf', content: pdf, contentType: 'application/pdf' }],
    });
    await record(store, copy, '已发', { channel: '邮件', at, result: '已发', words });
    return { result: '已发', words };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const unclear = error instanceof UnclearError;
    const result = unclear ? '不明' : '失败';
    await record(store, copy, unclear ? '发送中' : '失败', { channel: '邮件', at, result, words });
    return { result, words };
  }
};

/** `3年级2班_链接.txt`: one line a child, for the teacher to send to each family by itself. */
const writeLinkLists = async (deps: PrintDeps, facts: Facts, notice: Notice, copies: ReadonlyMap<string, readonly Copy[]>): Promise<string[]> => {
  const students = (await readStudents(deps.store, facts.school.code)).filter((student) => isHere(student) && copies.has(student.id));
  const lists: string[] = [];
  for (const { grade, classNo, students: members } of inClasses(students)) {
    const place = `${gradeWord(grade)}${className(classNo)}`;
    const lines = members.map(({ id, name }) => `${name}\t${noticeUrl(deps.config.publicUrl, copies.get(id)?.[0]?.code ?? '')}`);
    const path = join(notice.folder ?? '', `${pathPart(`${grade}年级${className(classNo)}`)}_链接.txt`);
    const head = `${facts.school.name} ${place} 课后服务${notice.kind}\n请把每行的网址单独发给该学生家长;打开后须输入家长手机尾号才能看到信和填写回执。\n\n`;
    await writeWhole(path, `${head}${lines.join('\n')}\n`);
    lists.push(path);
  }
  return lists;
};

/**
 * Writes the link lists and, with a mailer, sends what waits to be sent. Throws UsageError where nothing was printed yet.
 */
export const deliverNotice = async (deps: PrintDeps, options: PrintOptions, mailer: Mailer | null): Promise<Delivered> => {
  const kind = kindOf(options.kind);
  const facts = await readFacts(deps.store, options.school, options.term);
  const notice = await findNotice(deps.store, kind, facts, options.notice);
  if (!notice?.folder) throw new UsageError(`${facts.school.name}本学期还没有印过「${kind.name}」:请先印制。`);
  // One at a time, also beside a print run of the same letters: what two would send at once would go out twice.
  const folder = await folderHere(deps, facts, notice);
  return aloneAtPress(folder, deps.store, facts, kind.name, (hold) => deliverCopies(deps, facts, { ...notice, folder }, mailer, hold));
};

const deliverCopies = async (deps: PrintDeps, facts: Facts, notice: Notice, mailer: Mailer | null, hold: Hold): Promise<Delivered> => {
  const copies = await validCopies(deps.store, notice);
  const wanted = [...copies.values()].flat().filter(({ mail_to }) => mail_to);
  const waiting = mailer ? wanted.filter(isWaiting) : [];
  const failures: { student: string; words: string }[] = [];
  let sent = 0;
  const bar = deps.progress.bar('发送邮件', waiting.length);
  for (const copy of waiting) {
    await hold();
    const now = deps.now ?? (() => new Date());
    const { result, words } = await sendOne(
      { store: deps.store, mailer: mailer as Mailer, now, publicUrl: deps.config.publicUrl, facts, notice },
      copy,
    );
    if (result === '已发') sent += 1;
    if (result === '失败') failures.push({ student: copy.student, words });
    bar.step();
  }
  bar.end();
  const after = [...(await validCopies(deps.store, notice)).values()].flat().filter(({ mail_to }) => mail_to);
  return {
    kind: notice.kind,
    school: facts.school.code,
    schoolName: facts.school.name,
    term: facts.term.id,
    queued: after.filter(({ delivery }) => delivery !== '已发' && delivery !== '发送中').length,
    wanted: wanted.length,
    sent,
    failed: failures.length,
    already: wanted.filter(({ delivery }) => delivery === '已发').length,
    unclear: after.filter(({ delivery }) => delivery === '发送中').length,
    failures,
    linkLists: await writeLinkLists(deps, facts, notice, copies),
  };
};
