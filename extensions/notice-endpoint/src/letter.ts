/** What the guardian may see of one letter after the phone was right. Reads; never writes. */
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { isOpenTo, slipItems } from '../../../schema/letters.ts';
import { linkMark } from '../../../schema/press.ts';
import { replyKinds } from '../../../schema/vocabulary.ts';
import { fromRow } from '../../shared/values.ts';
import type { Answer } from './reply.ts';

export interface OpenLetter {
  readonly copyId: string;
  readonly code: string;
  readonly studentId: string;
  readonly schoolCode: string;
  readonly termId: string;
  readonly kind: string;
  readonly school: string;
  readonly term: string;
  readonly dated: string | null;
  readonly studentName: string;
  readonly grade: number;
  readonly classNo: string;
  readonly folder: string | null;
  readonly file: string | null;
  readonly contentHash: string;
  /** Of its words, which are kept under it. */
  readonly textHash: string | null;
  readonly read: boolean;
  readonly answer: Answer | null;
  readonly answeredAt: string | null;
  readonly mailTo: string | null;
  /** How far the mail to that address is. */
  readonly delivery: string | null;
  /** Last day on which an answer may be given or changed; null where none is asked for. */
  readonly closes: string | null;
  /** What may be ticked: the same as on paper. */
  readonly items: readonly string[];
}

const addDays = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const itemsFor = async (database: Knex, school: string, term: string, grade: number): Promise<string[]> => {
  const [plan, activities]: [Record<string, unknown> | undefined, Record<string, unknown>[]] = await Promise.all([
    database('plans').where({ school, term }).first('content'),
    database('activities').where({ school, term }).select('name', 'grades', 'state'),
  ]);
  const { content } = plan ? fromRow(tables.plans as unknown as Table, plan) : { content: null };
  const open = activities.map((row) => fromRow(tables.activities as unknown as Table, row)).filter(isOpenTo(grade));
  return slipItems(
    Array.isArray(content) ? content : [],
    open.map(({ name }) => String(name)),
  );
};

/** The valid letter behind a long code, or null. */
export const findLetter = async (database: Knex, code: string): Promise<OpenLetter | null> => {
  const copyRow = await database('notice_copies').where({ code, state: '有效' }).first('*');
  if (!copyRow) return null;
  const copy = fromRow(tables.notice_copies as unknown as Table, copyRow);
  const noticeRow = await database('notices').where({ id: copy.notice }).whereNot({ state: '已撤回' }).first('*');
  const student = await database('students').where({ id: copy.student }).first('name', 'grade', 'class_no', 'status');
  if (!noticeRow || !student || student.status === '已离校') return null;
  const notice = fromRow(tables.notices as unknown as Table, noticeRow);
  const [school, term, settings] = await Promise.all([
    database('schools').where({ code: copy.school }).first('name'),
    database('terms').where({ id: notice.term }).first('name'),
    database('settings').first('reply_days'),
  ]);
  const dated = notice.dated as string | null;
  const asks = replyKinds.includes(String(notice.kind)) && dated !== null;
  return {
    copyId: String(copy.id),
    code,
    studentId: String(copy.student),
    schoolCode: String(copy.school),
    termId: String(notice.term),
    kind: String(notice.kind),
    school: String(school?.name ?? ''),
    term: String(term?.name ?? ''),
    dated,
    studentName: String(student.name),
    grade: Number(student.grade),
    classNo: String(student.class_no),
    folder: notice.folder as string | null,
    file: copy.file as string | null,
    contentHash: String(copy.content_hash),
    textHash: (copy.text_hash ?? null) as string | null,
    read: copy.read_at !== null && copy.read_at !== undefined,
    answer: (copy.answer ?? null) as Answer | null,
    answeredAt: (copy.answered_at ?? null) as string | null,
    mailTo: (copy.mail_to ?? null) as string | null,
    delivery: (copy.delivery ?? null) as string | null,
    closes: asks ? addDays(dated, Number(settings?.reply_days ?? 0)) : null,
    items: asks ? await itemsFor(database, String(copy.school), String(notice.term), Number(student.grade)) : [],
  };
};

/** What Directus has of files with this title, whoever may open them. */
export type ReadFiles = (title: string) => AsyncIterable<Buffer>;

const isLetter = (bytes: Buffer | null, code: string): bytes is Buffer => bytes?.includes(linkMark(code)) === true;

/** Never a file outside the folder of its notice. */
const readHere = async ({ folder, file }: OpenLetter): Promise<Buffer | null> => {
  if (!folder || !file) return null;
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, file));
    return path.startsWith(root + sep) && path.endsWith('.pdf') ? await readFile(path) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/**
 * The PDF as it was printed, from the folder of its notice or, where that is another machine's, from the files in Directus; else null. Never
 * an older letter that lies under the same name.
 */
export const readLetter = async (letter: OpenLetter, readFiles: ReadFiles): Promise<Buffer | null> => {
  const here = await readHere(letter);
  if (isLetter(here, letter.code)) return here;
  if (letter.file) for await (const bytes of readFiles(letter.file)) if (isLetter(bytes, letter.code)) return bytes;
  return null;
};
