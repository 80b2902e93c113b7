/**
 * The parts of a case, in the order of the form (DOMAIN section 4), and its text as one. Pure.
 */

/** The headings of the body. */
export const sections = [
  { field: 'background', title: '背景与问题' },
  { field: 'practice', title: '主要做法' },
  { field: 'results', title: '成效' },
  { field: 'lessons', title: '经验与启示' },
] as const;

/** Everything that a school writes in long text. */
export const parts = [{ field: 'summary', title: '摘要' }, ...sections] as const;

export type PartField = (typeof parts)[number]['field'];
export type CaseText = Readonly<Record<PartField | 'title', string | null>>;

/** Anything but what nearly every text consists of: asking Unicode about each character takes most of the time. */
const unusual = /[^\n -~·—‘’“”\u3000-\u9fff]/;

/** Invisible characters and full-width digits hide a number from the eye of a program, not from a reader's. */
export const plain = (text: string | null | undefined): string => {
  const normal = (text ?? '').normalize('NFKC');
  return unusual.test(normal) ? normal.replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, '') : normal;
};

/** Characters that count: no blanks. */
export const lengthOf = (text: string | null | undefined): number => [...plain(text).replaceAll(/\s+/g, '')].length;

export const isBlank = (text: string | null | undefined): boolean => lengthOf(text) === 0;

/** The parts below each other, without the title. */
export const bodyOf = (row: CaseText): string => parts.map(({ field }) => row[field] ?? '').join('\n');
