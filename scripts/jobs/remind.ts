/**
 * Who has not reported yet, and what each school has to mend: a list for the bureau, and one polite mail to each school concerned.
 * A mail names cells, never what stands in them: workbooks hold children's names.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row, Tables } from '../../schema/index.ts';
import { isReported } from '../../schema/monthly-return.ts';
import type { Store } from '../directus/store.ts';
import { type Ledger, sendOnce } from '../mail/ledger.ts';
import type { Mail, Mailer } from '../mail/mailer.ts';
import { linkOf } from '../sheets/google/create-all.ts';
import type { GoogleCursor } from '../sheets/google/cursor.ts';
import { typeset } from '../text/typeset.ts';
import { daysBefore, dueDate, dueFor, isOpenIn, remindDays } from './months.ts';

type Settings = Row<Tables['settings']>;

/** A cell of a workbook that waits for the school. */
export interface WaitingCell {
  readonly tab: string;
  readonly cell: string;
  readonly header: string;
  /** Leads to the cell itself; null where only a file can be named. */
  readonly link: string | null;
}

export interface Reminder {
  readonly school: string;
  readonly name: string;
  readonly leader: string | null;
  readonly email: string | null;
  /** Where the workbook is: an address, or the file in the shared folder. */
  readonly workbook: string | null;
  readonly reported: boolean;
  /** A return that is made ready waits for the school to confirm it. */
  readonly prepared: boolean;
  /** Last day for this school. */
  readonly due: string;
  readonly cells: readonly WaitingCell[];
  readonly openProblems: number;
}

export interface MailCounts {
  readonly sent: number;
  readonly already: number;
  readonly failed: number;
  /** Begun by a run that was cut short: somebody has to ask whether they arrived. */
  readonly unclear: number;
  /** Owing schools without an address. */
  readonly noAddress: readonly string[];
  readonly failures: readonly { readonly school: string; readonly words: string }[];
}

export interface RemindResult {
  readonly month: string;
  readonly due: string;
  readonly expected: number;
  readonly missing: number;
  readonly withProblems: number;
  readonly file: string;
  /** Null where no mail is set up. */
  readonly mail: MailCounts | null;
}

/** In Google Sheets every cell has an address; the ids of the tabs are remembered from the last reading. */
const cellLink = (
  source: { readonly kind: string | null; readonly place: string; readonly cursor: unknown } | undefined,
  tab: string | null,
  cell: string | null,
): string | null => {
  if (source?.kind !== '谷歌表格' || !cell) return null;
  const found = (source.cursor as GoogleCursor | null)?.tabs?.find((one) => one.title === tab);
  return found ? `${linkOf(source.place)}#gid=${found.sheetId}&range=${cell}` : null;
};

const stops = { _or: [{ kind: { _neq: '提示' } }, { code: { _in: ['to-confirm', 'to-answer'] } }] };

/** All schools that are expected to report, by township, with what each still owes. */
export const findReminders = async (store: Store, month: string, settings: Settings): Promise<Reminder[]> => {
  const [schools, reports, problems, sources] = await Promise.all([
    store.readRows('schools', { sort: ['township', 'code'] }),
    store.readRows('monthly_reports', { filter: { month: { _eq: month } }, fields: ['id', 'school', 'state', 'due_on'] }),
    store.readRows('sheet_problems', {
      filter: { _and: [{ closed_at: { _null: true } }, stops] },
      fields: ['id', 'school', 'source', 'tab', 'cell', 'header', 'kind'],
      sort: ['tab', 'sheet_row', 'cell'],
    }),
    store.readRows('sources', { filter: { own: { _eq: '系统模板' } }, fields: ['id', 'school', 'place', 'kind', 'cursor'] }),
  ]);
  const reportOf = new Map(reports.map((one) => [one.school, one]));
  const placeOf = new Map(sources.map((one) => [one.school, one.kind === '谷歌表格' ? linkOf(one.place) : one.place]));
  const sourceOf = new Map(sources.map((one) => [one.id, one]));
  return schools
    .filter((school) => isOpenIn(month, school.opened_on, school.closed_on))
    .map((school) => {
      const report = reportOf.get(school.code);
      const own = problems.filter((one) => one.school === school.code);
      const link = school.workbook?.startsWith('http') ? school.workbook : (placeOf.get(school.code) ?? school.workbook);
      return {
        school: school.code,
        name: school.name,
        leader: school.leader,
        email: school.email,
        workbook: link ?? null,
        reported: report !== undefined && isReported(report),
        prepared: report?.state === '待确认',
        due: dueFor(report?.due_on, dueDate(month, settings)),
        cells: own.map(({ tab, cell, header, source }) => ({
          tab: tab ?? '',
          cell: cell ?? '',
          header: header ?? '',
          link: cellLink(sourceOf.get(source ?? ''), tab, cell),
        })),
        openProblems: own.filter((one) => one.kind !== '提示').length,
      };
    });
};

const returnWords = (one: Reminder): string => (one.reported ? '' : one.prepared ? '月报已按台账备好,还没有核对确认;' : '月报还没有收到;');

const line = (one: Reminder): string =>
  `${one.name}${one.leader ? `(${one.leader})` : ''}:${returnWords(one)}${one.openProblems ? `填报表里有 ${one.openProblems} 处要改,见第一个工作表的问题清单;` : ''}`.replace(
    /;$/,
    '。',
  );

/** The occasions of a month; a school gets one mail at each. Null: none today. */
export const occasionOn = (today: string, due: string, settings: { readonly remind_days?: number | null }): 'early' | 'due' | 'late' | null => {
  if (today > due) return 'late';
  if (today === due) return 'due';
  return today >= daysBefore(due, remindDays(settings)) ? 'early' : null;
};

const dayWords = (day: string): string => `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
const monthWords = (month: string): string => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;

/** More cells than this stand in the workbook's own list. */
const cellsInMail = 12;

const cellLines = ({ cells }: Reminder): string[] => [
  ...cells
    .slice(0, cellsInMail)
    .map((one, index) => `  ${index + 1}. 「${one.tab}」${one.cell ? `${one.cell} ` : ''}“${one.header}”${one.link ? `\n     ${one.link}` : ''}`),
  ...(cells.length > cellsInMail ? [`  ……共 ${cells.length} 处,全部列在填报表第一个工作表的“问题清单”里。`] : []),
];

const asked = (one: Reminder, month: string): string[] => {
  const wanted = one.reported
    ? []
    : one.prepared
      ? [`${monthWords(month)}的月报,系统已按贵校的台账备好,填在填报表的「月报」里。请核对数字,填上填报人,在“核对确认”里选“是”后保存。`]
      : [`${monthWords(month)}的月报还没有收到,请在填报表的「月报」里填好保存。`];
  const mend = one.cells.length ? [`填报表里有以下几处请看一下,改好保存即可,怎样改写在同一行的“问题说明”里:\n${cellLines(one).join('\n')}`] : [];
  return [...wanted, ...mend];
};

/** The mail to one school. */
export const reminderMail = (one: Reminder, month: string, occasion: 'early' | 'due' | 'late', settings: Settings): Mail => {
  const subject = {
    early: `请于${dayWords(one.due)}前报送${monthWords(month)}课后服务月报`,
    due: `今天截止:${monthWords(month)}课后服务月报`,
    late: `已过截止日:请补报${monthWords(month)}课后服务月报`,
  }[occasion];
  const parts = asked(one, month);
  const text = [
    `${one.name}${one.leader ? `${one.leader}老师` : '课后服务负责人'}:`,
    '您好!',
    '',
    occasion === 'late'
      ? `${monthWords(month)}课后服务月报已于${dayWords(one.due)}截止,烦请尽快办理:`
      : `${monthWords(month)}课后服务月报请于${dayWords(one.due)}前报齐。贵校还差:`,
    ...parts.map((part, index) => (parts.length > 1 ? `${index + 1}. ${part}` : part)),
    '',
    ...(one.workbook ? [`填报表:${one.workbook}`] : []),
    `有困难或需要延期的,请${settings.report_mailbox ? '直接回复本邮件' : '与我们联系'}${settings.bureau_phone ? `,或打电话 ${settings.bureau_phone}` : ''}。已经办好的,不必理会本邮件。谢谢!`,
    '',
    `${settings.bureau_name}${settings.office_name ?? ''}`,
  ];
  return {
    to: one.email ?? '',
    subject: typeset(subject),
    text: text
      .map((words) =>
        words.startsWith('填报表:')
          ? words
          : words
              .split('\n')
              .map((line) => (line.includes('https://') ? line : typeset(line)))
              .join('\n'),
      )
      .join('\n'),
    messageId: `<remind-${month}-${occasion}-${one.school}@kehou>`,
    ...(settings.report_mailbox ? { replyTo: settings.report_mailbox } : {}),
  };
};

export interface Post {
  readonly mailer: Mailer;
  readonly ledger: Ledger;
}

const sendReminders = async (
  owing: readonly Reminder[],
  month: string,
  today: string,
  settings: Settings,
  { mailer, ledger }: Post,
): Promise<MailCounts> => {
  const counts = { sent: 0, already: 0, failed: 0, unclear: 0 };
  const failures: { school: string; words: string }[] = [];
  for (const one of owing) {
    const occasion = one.email ? occasionOn(today, one.due, settings) : null;
    if (!occasion) continue;
    const done = await sendOnce(mailer, ledger, `remind/${month}/${occasion}/${one.school}`, reminderMail(one, month, occasion, settings));
    counts[done.fate] += 1;
    if (done.fate === 'failed') failures.push({ school: one.school, words: done.words });
  }
  return { ...counts, failures, noAddress: owing.filter((one) => !one.email).map((one) => one.school) };
};

const listText = (month: string, due: string, owing: readonly Reminder[]): string =>
  [
    `各校课后服务负责人:${month} 月报请于 ${due} 前报齐。以下学校还差:`,
    '',
    ...(owing.length ? owing.map((one, index) => `${index + 1}. ${line(one)}`) : ['各校均已报齐,谢谢。']),
    '',
  ].join('\n');

/** Writes the list and, with a post, sends what has not been sent for today's occasion. */
export const remindSchools = async (
  store: Store,
  folder: string,
  options: { readonly month: string; readonly today: string; readonly post?: Post | null },
): Promise<RemindResult> => {
  const { month, today } = options;
  const settings = await store.readSettings();
  const due = dueDate(month, settings);
  const all = await findReminders(store, month, settings);
  const owing = all.filter((one) => !one.reported || one.openProblems > 0);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${month}_催报名单.txt`);
  await writeFile(`${file}.part`, listText(month, due, owing), 'utf8');
  await rename(`${file}.part`, file);
  return {
    month,
    due,
    expected: all.length,
    missing: all.filter((one) => !one.reported).length,
    withProblems: all.filter((one) => one.openProblems > 0).length,
    file,
    mail: options.post ? await sendReminders(owing, month, today, settings, options.post) : null,
  };
};
