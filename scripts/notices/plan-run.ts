/** Decides which letters of a run are printed, kept or replaced. Pure but for the codes it draws; prints and stores nothing. */
import type { Row, tables } from '../../schema/index.ts';
import { newRowId } from '../../schema/row-id.ts';
import { newCode, newShortCode } from './codes.ts';
import type { Student } from './facts.ts';
import { letterFile, sha256 } from './files.ts';
import type { Press, Stamp } from './template.ts';

export type Copy = Row<typeof tables.notice_copies> & { id: string };

/** One student's letter in this run. */
export interface PlannedLetter {
  readonly student: Student;
  readonly data: object;
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

/** The same stamp for everybody while the content is compared: a new code alone is no new letter. */
const blankStamp: Stamp = { code: 'a'.repeat(26), shortCode: '00000000' };

/** Content is everything the family reads: words, figures and layout; not the code, and not the style sheet. */
export const contentHashOf = (press: Press, data: object): string => sha256(press.letter(data, blankStamp));

/** Plans one letter. `copies` are the student's valid copies of this notice. */
export const planLetter = (press: Press, student: Student, data: object, copies: readonly Copy[]): PlannedLetter => {
  const contentHash = contentHashOf(press, data);
  const kept = copies.find((copy) => copy.content_hash === contentHash) ?? null;
  return {
    student,
    data,
    contentHash,
    file: letterFile(student.grade, student.class_no, student.id),
    stamp: kept ? { code: kept.code, shortCode: kept.short_code ?? '' } : { code: newCode(), shortCode: newShortCode() },
    copyId: kept?.id ?? newRowId(),
    kept,
    replaced: copies.filter((copy) => copy !== kept),
  };
};
