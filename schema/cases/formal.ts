/**
 * The formal check of a case (形式审查): parts, lengths, personal data, likeness to another case, figures without a source. Pure.
 * It says what is wrong and how to mend it; whether a case is good is for the reviewers.
 */
import type { Row } from '../fields.ts';
import { markOf } from '../sheets.ts';
import type { cases } from '../tables/cases.ts';
import type { Conventions, PartLimit } from './conventions.ts';
import { bodyOf, lengthOf, parts } from './parts.ts';
import { personalNumbers, studentNames } from './personal.ts';
import { type CaseFault, casePhotos, type FormalCheck, type SimilarCase, shownPhotos } from './records.ts';

export type CheckedCase = Pick<
  Row<typeof cases>,
  'school' | 'title' | 'summary' | 'background' | 'practice' | 'results' | 'lessons' | 'photos' | 'photo_names' | 'category'
> &
  Partial<Pick<Row<typeof cases>, 'similar_settled' | 'names_settled'>>;

const whole = '全文';
const stop = (code: string, part: string, message: string): CaseFault => ({ code, level: '阻', part, message });
const hint = (code: string, part: string, message: string): CaseFault => ({ code, level: '提', part, message });

const lengthFault = ({ part, required, min, max }: PartLimit, length: number): CaseFault[] => {
  if (length === 0) return required ? [stop('part-missing', part, `缺“${part}”,请补写。`)] : [];
  if (min !== null && length < min) return [stop('too-short', part, `“${part}”现有 ${length} 字,少于 ${min} 字,请写具体。`)];
  if (max !== null && length > max) return [stop('too-long', part, `“${part}”现有 ${length} 字,超过 ${max} 字,请精简。`)];
  return [];
};

const lengthFaults = (row: CheckedCase, limits: readonly PartLimit[]): CaseFault[] =>
  limits.flatMap((limit) => {
    if (limit.part === whole) return lengthFault(limit, lengthOf(bodyOf(row)));
    const part = parts.find(({ title }) => title === limit.part);
    return part ? lengthFault(limit, lengthOf(row[part.field])) : [];
  });

type NamedCase = Pick<CheckedCase, 'title' | (typeof parts)[number]['field'] | 'names_settled'>;

const titled = (row: NamedCase) => [{ title: '标题', text: row.title }, ...parts.map(({ field, title }) => ({ title, text: row[field] }))];

/** Names of students in the text that nobody has looked into. */
export const nameFaults = (row: NamedCase): CaseFault[] =>
  (row.names_settled ? [] : titled(row)).flatMap(({ title, text }) => {
    const names = studentNames(text ?? '');
    return names.length
      ? [
          stop(
            'student-name',
            title,
            `“${title}”里疑似点了学生姓名(${names.join('、')}),请改为“一名学生”;监护人已同意或不是学生姓名的,由县局选“点名已核实”。`,
          ),
        ]
      : [];
  });

const numberFaults = (row: NamedCase): CaseFault[] =>
  titled(row).flatMap(({ title, text }) => {
    const numbers = personalNumbers(text ?? '');
    return numbers.length ? [stop('personal-number', title, `“${title}”里有疑似${numbers.join('、')}的内容,请删去。`)] : [];
  });

const photoFaults = (row: CheckedCase, { photosPerCase }: Conventions): CaseFault[] => {
  const photos = casePhotos(row.photos);
  const shown = shownPhotos(row.photos).length;
  return [
    ...photos.flatMap((photo) => (photo.fault && photo.shown ? [stop('photo', '照片', photo.fault)] : [])),
    ...(shown > photosPerCase ? [stop('too-many-photos', '照片', `照片 ${shown} 张,超过 ${photosPerCase} 张,请减少。`)] : []),
  ];
};

const similarFaults = (row: CheckedCase, similar: readonly SimilarCase[]): CaseFault[] =>
  similar.map((one) => {
    const words =
      one.school === row.school
        ? `与本校${one.year ? `${one.year}年的` : '另一篇'}《${one.title}》有 ${one.share}% 相同,像是旧稿重报`
        : `与另一所学校的《${one.title}》有 ${one.share}% 相同`;
    if (!one.earlier) return hint('similar', whole, `${words};那一篇交得晚,由那一篇说明。`);
    return row.similar_settled
      ? hint('similar', whole, `${words}(已核实)。`)
      : stop('similar', whole, `${words},请对照相似段落;不属抄袭或旧稿重报的,由县局选“雷同已核实”。`);
  });

/** Names what was checked: the case's own words and photos, what staff settled, and the conventions. */
export const checkMark = (row: CheckedCase, conventions: Conventions): string =>
  markOf(
    JSON.stringify([
      row.title,
      bodyOf(row),
      row.category,
      casePhotos(row.photos),
      row.similar_settled ?? null,
      row.names_settled ?? null,
      conventions.parts,
      conventions.similarFrom,
      conventions.photosPerCase,
    ]),
  );

export interface CheckInput {
  readonly row: CheckedCase;
  readonly conventions: Conventions;
  readonly similar: readonly SimilarCase[];
  /** What comparing the quoted figures with the returns came to. */
  readonly quoted: readonly CaseFault[];
  /** ISO 8601. */
  readonly now: string;
}

export const checkCase = ({ row, conventions, similar, quoted, now }: CheckInput): FormalCheck => ({
  at: now,
  mark: checkMark(row, conventions),
  length: lengthOf(bodyOf(row)),
  faults: [
    ...lengthFaults(row, conventions.parts),
    ...(row.category ? [] : [hint('no-category', '类别', '没有选类别,请补选。')]),
    ...numberFaults(row),
    ...nameFaults(row),
    ...photoFaults(row, conventions),
    ...similarFaults(row, similar),
    ...quoted,
  ],
  similar,
});

/** 须改 while anything stands in the way. */
export const formalState = (check: FormalCheck): '合格' | '须改' => (check.faults.some((fault) => fault.level === '阻') ? '须改' : '合格');

/** The outcome as the school reads it in its sheet: each fault with its remedy on a line of its own. */
export const formalNote = (check: FormalCheck): string =>
  check.faults.map(({ level, message }) => `${level === '阻' ? '须改' : '提示'}:${message}`).join('\n') || '合格。';
