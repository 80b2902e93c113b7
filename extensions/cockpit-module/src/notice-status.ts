/** How far the letters of one kind are: printed, sent, read, answered, missing; by school and, for one school, by class. Pure. */
import { countReplies, isMissing, type Reply, type ReplyCounts, replyOf } from '../../../schema/replies.ts';
import { gradeNames } from '../../../schema/vocabulary.ts';

export interface NoticeRow {
  readonly id: string;
  readonly school: { readonly code: string; readonly name: string };
  readonly state: string | null;
  readonly copies: number | null;
  readonly pages: number | null;
  readonly printed_at: string | null;
  readonly dated: string | null;
  readonly matter: string | null;
  readonly from_on: string | null;
}

/** What Directus counts for one notice and one state of sending. */
export interface CountRow {
  readonly notice: string;
  readonly delivery: string | null;
  readonly count: { readonly id: number | string; readonly read_at: number | string; readonly answered_at: number | string };
}

export interface NoticeCounts {
  readonly copies: number;
  readonly read: number;
  readonly answered: number;
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  /** Being sent, or cut short while it was. */
  readonly unclear: number;
}

const none: NoticeCounts = { copies: 0, read: 0, answered: 0, queued: 0, sent: 0, failed: 0, unclear: 0 };

/** Counts by 行号 of the notice. */
export const countsByNotice = (rows: readonly CountRow[]): ReadonlyMap<string, NoticeCounts> => {
  const found = new Map<string, NoticeCounts>();
  for (const { notice, delivery, count } of rows) {
    const before = found.get(notice) ?? none;
    const copies = Number(count.id);
    const by = (state: string): number => (delivery === state ? copies : 0);
    found.set(notice, {
      copies: before.copies + copies,
      read: before.read + Number(count.read_at),
      answered: before.answered + Number(count.answered_at),
      queued: before.queued + by('排队'),
      sent: before.sent + by('已发'),
      failed: before.failed + by('失败'),
      unclear: before.unclear + by('发送中'),
    });
  }
  return found;
};

export interface Pupil {
  readonly id: string;
  readonly name: string;
  readonly grade: number;
  readonly class_no: string;
}

export interface LedgerEntry {
  readonly at?: string;
  readonly result?: string;
  readonly words?: string;
}

export interface CopyRow {
  readonly id: string;
  readonly student: string;
  readonly read_at: string | null;
  readonly answered_at: string | null;
  readonly answer: unknown;
  readonly delivery: string | null;
  readonly deliveries: readonly LedgerEntry[] | null;
}

export interface EnrolmentRow {
  readonly student: string;
  readonly state: string | null;
}

export interface ClassStatus extends ReplyCounts {
  readonly place: string;
  /** To be reminded. */
  readonly missingNames: readonly string[];
}

export const placeOf = ({ grade, class_no }: Pick<Pupil, 'grade' | 'class_no'>): string =>
  `${gradeNames[grade - 1] ?? `${grade}年级`}${class_no.endsWith('班') ? class_no : `${class_no}班`}`;

const byPlace = (a: Pupil, b: Pupil): number =>
  a.grade - b.grade || a.class_no.localeCompare(b.class_no, 'zh', { numeric: true }) || a.name.localeCompare(b.name, 'zh');

/** Pupils in the order of classes. */
export const inOrder = (pupils: readonly Pupil[]): Pupil[] => [...pupils].sort(byPlace);

/** Each class of a school, in order. */
export const classStatus = (pupils: readonly Pupil[], copies: readonly CopyRow[], enrolments: readonly EnrolmentRow[]): ClassStatus[] => {
  const [copyOf, stateOf] = [new Map(copies.map((one) => [one.student, one])), new Map(enrolments.map((one) => [one.student, one.state]))];
  const classes = new Map<string, { pupil: Pupil; reply: Reply }[]>();
  for (const pupil of inOrder(pupils)) {
    const place = placeOf(pupil);
    classes.set(place, [...(classes.get(place) ?? []), { pupil, reply: replyOf(pupil, copyOf.get(pupil.id), stateOf.get(pupil.id)) }]);
  }
  return [...classes].map(([place, members]) => ({
    place,
    ...countReplies(members.map(({ reply }) => reply)),
    missingNames: members.filter(({ reply }) => isMissing(reply)).map(({ pupil }) => pupil.name),
  }));
};

export interface MailTrouble {
  readonly copy: string;
  readonly pupil: string;
  readonly state: string;
  readonly words: string;
  readonly tries: number;
}

/** Mail that somebody has to look at: refused, or cut short on its way. */
export const mailTroubles = (pupils: readonly Pupil[], copies: readonly CopyRow[]): MailTrouble[] => {
  const pupilOf = new Map(pupils.map((one) => [one.id, one]));
  return copies
    .filter(({ delivery }) => delivery === '失败' || delivery === '发送中')
    .map(({ id, student, delivery, deliveries }) => {
      const pupil = pupilOf.get(student);
      const last = deliveries?.at(-1);
      const words = last?.words ?? '发送时程序中断,对方可能已收到';
      return { copy: id, pupil: pupil ? `${placeOf(pupil)} ${pupil.name}` : '', state: delivery ?? '', words, tries: deliveries?.length ?? 0 };
    });
};
