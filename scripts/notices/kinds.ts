/** The kinds of letter that can be printed: each names its template, what it must contain, and how its words are made. */
import type { Facts, Student } from './facts.ts';
import { parentNotice } from './letter.ts';
import { type Element, parentNoticeElements } from './required-elements.ts';

export interface NoticeKind {
  readonly name: string;
  /** File of templates/notices, without its ending. */
  readonly template: string;
  readonly elements: readonly Element[];
  /** Words of one letter, dated `2026-09-01`. */
  letterOf(facts: Facts, student: Student, dated: string): object;
}

export const noticeKinds: readonly NoticeKind[] = [
  { name: '告家长书', template: 'parent-notice', elements: parentNoticeElements, letterOf: parentNotice },
];
