/**
 * Who has got a letter, read it, answered it: the phone's answer and the slip that was entered in the sheet as one. Pure; the roster and the
 * screen count alike.
 */

export interface Reply {
  readonly student: string;
  readonly grade: number;
  readonly classNo: string;
  readonly sent: boolean;
  readonly read: boolean;
  /** 手机, 纸质, or null as long as there is no answer. */
  readonly channel: '手机' | '纸质' | null;
  /** 参加, 不参加, or null. */
  readonly answer: '参加' | '不参加' | null;
}

interface OfStudent {
  readonly id: string;
  readonly grade: number;
  readonly class_no: string;
}

interface OfCopy {
  readonly read_at: string | null;
  readonly answered_at: string | null;
  readonly answer: unknown;
}

/** What the enrolment says where nothing came by phone: a slip that the class teacher entered in the sheet. Whom the school refused had asked to take part. */
const onPaper = (state: string | null): Reply['answer'] => (state === '不参加' || state === '中途退出' ? '不参加' : '参加');

/** `enrolmentState` is undefined where there is no enrolment at all. */
export const replyOf = (student: OfStudent, copy: OfCopy | undefined, enrolmentState: string | null | undefined): Reply => {
  const place = { student: student.id, grade: student.grade, classNo: student.class_no };
  const sent = copy !== undefined;
  const read = copy?.read_at !== null && copy?.read_at !== undefined;
  if (copy?.answered_at) {
    const { takesPart } = (copy.answer ?? {}) as { readonly takesPart?: boolean };
    return { ...place, sent, read, channel: '手机', answer: takesPart ? '参加' : '不参加' };
  }
  if (enrolmentState !== undefined) return { ...place, sent, read, channel: '纸质', answer: onPaper(enrolmentState) };
  return { ...place, sent, read, channel: null, answer: null };
};

export interface ReplyCounts {
  readonly students: number;
  readonly sent: number;
  readonly read: number;
  readonly answered: number;
  readonly onPhone: number;
  readonly onPaper: number;
  readonly takingPart: number;
  /** Letters that wait for an answer: to be reminded of. */
  readonly missing: number;
}

export const isMissing = ({ sent, channel }: Reply): boolean => sent && channel === null;

export const countReplies = (replies: readonly Reply[]): ReplyCounts => {
  const count = (fits: (reply: Reply) => boolean): number => replies.filter(fits).length;
  return {
    students: replies.length,
    sent: count(({ sent }) => sent),
    read: count(({ read }) => read),
    answered: count(({ channel }) => channel !== null),
    onPhone: count(({ channel }) => channel === '手机'),
    onPaper: count(({ channel }) => channel === '纸质'),
    takingPart: count(({ answer }) => answer === '参加'),
    missing: count(isMissing),
  };
};
