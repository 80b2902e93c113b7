/** The kinds of letter that can be printed: each names its template, what it must contain, who gets it, and how its words are made. */
import type { Layout } from '../../schema/letters.ts';
import { replyKinds } from '../../schema/vocabulary.ts';
import type { Facts, Records, Student } from './facts.ts';
import { applicationForm, type CommonWords, changeNotice, enrolmentResult, feeNotice, parentNotice } from './letter.ts';
import { applicationElements, changeElements, type Element, feeElements, parentNoticeElements, resultElements } from './required-elements.ts';

/** What one letter is made from. */
export interface LetterFor {
  readonly facts: Facts;
  readonly student: Student;
  readonly records: Records;
  /** 成文日期, `2026-09-01`. */
  readonly dated: string;
  /** The edited paragraphs, cleaned, placeholders still in them (words.ts). */
  readonly words: string;
}

export interface NoticeKind {
  readonly name: string;
  /** File of templates/notices, without its ending. */
  readonly template: string;
  readonly elements: readonly Element[];
  /** Placeholders that an edited text must keep, with the element that they carry. */
  readonly keep: Readonly<Record<string, Element['id']>>;
  /** Pages that a letter usually takes; another number costs a second print, nothing else. */
  readonly pages: Readonly<Record<Layout, number>>;
  goesTo(records: Records): boolean;
  letterOf(letter: LetterFor): CommonWords;
}

const everybody = (): boolean => true;
const outside: readonly unknown[] = ['已拒绝', '中途退出', '不参加'];
const takesPart = ({ enrolment }: Records): boolean => enrolment !== null && !outside.includes(enrolment.state);

export const noticeKinds: readonly NoticeKind[] = [
  {
    name: '告家长书',
    template: 'parent-notice',
    elements: parentNoticeElements,
    keep: { 依据: 'N03' },
    pages: { 紧凑: 2, 标准: 4 },
    goesTo: everybody,
    letterOf: parentNotice,
  },
  {
    name: '自愿申请表',
    template: 'application-form',
    elements: applicationElements,
    keep: {},
    pages: { 紧凑: 1, 标准: 2 },
    goesTo: everybody,
    letterOf: applicationForm,
  },
  {
    name: '报名结果',
    template: 'enrolment-result',
    elements: resultElements,
    keep: { 报名结果: 'N14' },
    pages: { 紧凑: 1, 标准: 2 },
    goesTo: ({ enrolment }) => enrolment?.state === '已通过' || enrolment?.state === '已拒绝',
    letterOf: enrolmentResult,
  },
  {
    name: '收费与减免告知',
    template: 'fee-notice',
    elements: feeElements,
    keep: {},
    pages: { 紧凑: 1, 标准: 2 },
    goesTo: (records) => takesPart(records) || records.fees.length > 0,
    letterOf: feeNotice,
  },
  {
    name: '变更停课通知',
    template: 'change-notice',
    elements: changeElements,
    keep: {},
    pages: { 紧凑: 1, 标准: 2 },
    goesTo: takesPart,
    letterOf: changeNotice,
  },
];

/** Whether the family is asked for an answer. */
export const asksReply = (kind: NoticeKind): boolean => replyKinds.includes(kind.name);
