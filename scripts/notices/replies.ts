/**
 * Who has got a letter, read it, answered it, and who has not: answers from the phone and slips entered in the sheet in one list.
 * Reads; writes one workbook for the office, which is personal data and lies beside the letters.
 */

import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { countReplies, isMissing, type Reply, type ReplyCounts, replyOf } from '../../schema/replies.ts';
import { className, gradeWord } from '../../schema/vocabulary.ts';
import { UsageError } from '../cli.ts';
import { readFacts, readRecords, type Student } from './facts.ts';
import { writeWhole } from './files.ts';
import { asksReply } from './kinds.ts';
import { findNotice, folderHere, validCopies } from './notice-rows.ts';
import { kindOf } from './print-run.ts';
import { isHere, readStudents } from './recipients.ts';
import type { PrintDeps, PrintOptions } from './run-types.ts';

export interface Replies extends ReplyCounts {
  readonly kind: string;
  readonly school: string;
  readonly schoolName: string;
  readonly term: string;
  readonly file: string;
}

const head = ['年级', '班级', '姓名', '已发', '已读', '回执', '意见', '方式'];

const cells = (student: Student, reply: Reply): string[] => [
  gradeWord(reply.grade),
  className(reply.classNo),
  student.name,
  reply.sent ? '已发' : '未发',
  reply.read ? '已读' : '',
  reply.channel ? '已交' : '未交',
  reply.answer ?? '',
  reply.channel ?? '',
];

const fillSheet = (sheet: ExcelJS.Worksheet, rows: readonly string[][]): void => {
  sheet.addRow(head).font = { bold: true };
  // Text stays text: a name that begins with = is no formula.
  for (const row of rows) sheet.addRow(row);
  sheet.columns.forEach((column, index) => {
    column.width = index === 2 ? 14 : 9;
  });
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
};

const writeWorkbook = async (path: string, rows: readonly { student: Student; reply: Reply }[]): Promise<void> => {
  const book = new ExcelJS.Workbook();
  fillSheet(
    book.addWorksheet('回执名册'),
    rows.map(({ student, reply }) => cells(student, reply)),
  );
  fillSheet(
    book.addWorksheet('催交名单'),
    rows.filter(({ reply }) => isMissing(reply)).map(({ student, reply }) => cells(student, reply)),
  );
  await writeWhole(path, new Uint8Array(await book.xlsx.writeBuffer()));
};

/** Brings the answers of one notice together and writes `回执名册.xlsx` beside the letters. Throws UsageError where nothing was printed yet. */
export const collectReplies = async (deps: PrintDeps, options: PrintOptions): Promise<Replies> => {
  const kind = kindOf(options.kind);
  if (!asksReply(kind)) throw new UsageError(`「${kind.name}」不收回执,没有回执名册。`);
  const facts = await readFacts(deps.store, options.school, options.term);
  const notice = await findNotice(deps.store, kind, facts, options.notice);
  if (!notice?.folder) throw new UsageError(`${facts.school.name}本学期还没有印过「${kind.name}」:请先印制。`);
  const [students, copies, recordsOf] = await Promise.all([
    readStudents(deps.store, facts.school.code),
    validCopies(deps.store, notice),
    readRecords(deps.store, facts.school.code, facts.term.id),
  ]);
  const rows = students
    .filter(isHere)
    .sort((a, b) => a.grade - b.grade || a.class_no.localeCompare(b.class_no, 'zh', { numeric: true }) || a.name.localeCompare(b.name, 'zh'))
    .map((student) => ({ student, reply: replyOf(student, copies.get(student.id)?.[0], recordsOf(student.id).enrolment?.state) }));
  const file = join(options.out ?? (await folderHere(deps, facts, notice)), '回执名册.xlsx');
  await writeWorkbook(file, rows);
  return {
    kind: kind.name,
    school: facts.school.code,
    schoolName: facts.school.name,
    term: facts.term.id,
    ...countReplies(rows.map(({ reply }) => reply)),
    file,
  };
};
