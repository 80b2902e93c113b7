/** Decides which letters of a run are printed, kept or replaced. Pure but for the codes it draws; prints and stores nothing. */
import type { Row, tables } from '../../schema/index.ts';
import { newRowId } from '../../schema/row-id.ts';
import { newCode, newShortCode } from './codes.ts';
import type { Student } from './facts.ts';
import { letterFile } from './files.ts';
import type { Form, FormBook } from './forms.ts';
import type { Stamp } from './template.ts';

export type Copy = Row<typeof tables.notice_copies> & { id: string };

/** One student's letter in this run. */
export interface PlannedLetter {
  readonly student: Student;
  /** Shared with the letters that say the same; null when this one is laid out on its own. */
  readonly form: Form | null;
  readonly contentHash: string;
  /** Path below the folder of the run. */
  readonly file: string;
  readonly stamp: Stamp;
  /** Row of the copy: the kept one, or a new id. */
  readonly copyId: string;
  /** The copy whose content is still right, if there is one. */
  readonly kept: Copy | null;
  /** Copies that this letter replaces. */
  readonly replaced: readonly Copy[];
}

/** Plans one letter. `copies` are the student's valid copies of this notice. */
export const planLetter = (book: FormBook, student: Student, copies: readonly Copy[]): PlannedLetter => {
  const { form, contentHash } = book.entryOf(student);
  const kept = copies.find((copy) => copy.content_hash === contentHash) ?? null;
  return {
    student,
    form,
    contentHash,
    file: letterFile(student.grade, student.class_no, student.id),
    stamp: kept ? { code: kept.code, shortCode: kept.short_code ?? '' } : { code: newCode(), shortCode: newShortCode() },
    copyId: kept?.id ?? newRowId(),
    kept,
    replaced: copies.filter((copy) => copy !== kept),
  };
};
