/**
 * The words of one letter: facts of the school and one student in, plain data for the template out.
 * Never reads, prints or stores; invents no policy: what is not in the facts is not in the letter.
 */
import { pickUps, priorityGroups, weekdayNames } from '../../schema/vocabulary.ts';
import type { Activity, Facts, Student } from './facts.ts';
import {
  addDays,
  className,
  gradeWord,
  hours,
  neighbourDay,
  paragraphs,
  sentence,
  typeset,
  weekdaysText,
  yuan,
  zhDate,
  zhMonthDay,
} from './wording.ts';

export interface Season {
  readonly name: string;
  readonly span: string;
  readonly hours: string;
}

export interface Fee {
  /** `60元/生·月` */
  readonly standard: string;
  /** `60元 × 4个月 = 240元`, or how it is settled where the sum is not known beforehand. */
  readonly arithmetic: string;
  /** What this family would pay, where it is known: `240元`, `0元`. */
  readonly amount: string | null;
  /** Said to this family only; never on a class list. */
  readonly waived: string | null;
}

/** Everything the template of the 告家长书 shows. Only text, lists and nulls; the template decides nothing. */
export interface ParentNotice {
  readonly school: string;
  readonly term: string;
  readonly bureau: string;
  readonly student: { readonly name: string; readonly place: string };
  readonly basis: string;
  readonly priority: string;
  readonly period: string;
  readonly weekdays: string;
  readonly everyDay: string | null;
  readonly seasons: readonly Season[];
  readonly timeNotes: string | null;
  readonly contents: string;
  readonly contentNotes: readonly string[];
  readonly noNewLessons: readonly string[];
  readonly gradeName: string;
  readonly courses: readonly { readonly name: string; readonly when: string }[];
  readonly staffing: readonly string[];
  readonly fee: Fee;
  readonly feeAuthority: string;
  readonly payment: string;
  readonly waivers: readonly string[];
  readonly refunds: readonly string[];
  readonly safety: readonly string[];
  readonly lateContact: string;
  readonly leave: readonly string[];
  readonly privacy: readonly string[];
  readonly phones: { readonly school: string; readonly bureau: string; readonly price: string };
  readonly dated: string;
  readonly replyBy: string;
  readonly slip: { readonly weekdays: readonly string[]; readonly items: readonly string[]; readonly pickUps: readonly string[] };
}

/** Freed of the fee by S01 (原建档立卡家庭子女). What other recognised kinds are spared is decided by the school, so no sum is printed for them. */
const freeKinds = ['脱贫户'];

/** The fee of one student for the term, with its arithmetic. */
export const feeOf = ({ plan, term }: Facts, student: Pick<Student, 'waiver_kind' | 'waiver_state'>): Fee => {
  const rate = Number(plan?.fee_rate ?? 0);
  const unit = plan?.fee_unit ?? '';
  const standard = `${yuan(rate)}${unit}`;
  const per = unit.split('·')[1] ?? '';
  const months = term.months ?? 0;
  const total = per === '月' ? rate * months : per === '学期' ? rate : null;
  const sum =
    total === null
      ? `${yuan(rate)}元 × 实际服务${per}数，据实结算`
      : per === '月'
        ? `${yuan(rate)}元 × ${months}个月 = ${yuan(total)}元`
        : `${yuan(total)}元`;
  if (student.waiver_state !== '已认定') return { standard, arithmetic: sum, amount: total === null ? null : `${yuan(total)}元`, waived: null };
  if (freeKinds.includes(student.waiver_kind ?? ''))
    return {
      standard,
      arithmetic: total === null ? '已认定免收' : `${sum}，免收${yuan(total)}元`,
      amount: '0元',
      waived: '您的孩子已按减免办法认定，本学期免收。',
    };
  return { standard, arithmetic: sum, amount: null, waived: '您的孩子已按减免办法认定，减免后的应缴金额由学校核定后单独告知。' };
};

const seasonsOf = ({ plan, settings }: Facts): Season[] => {
  const from = settings.summer_from ?? '05-01';
  const to = settings.summer_to ?? '09-30';
  return [
    { name: '夏令时', span: `${zhMonthDay(from)}至${zhMonthDay(to)}`, hours: hours(plan?.summer_start ?? '', plan?.summer_end ?? '') },
    {
      name: '冬令时',
      span: `${zhMonthDay(neighbourDay(to, 1))}至次年${zhMonthDay(neighbourDay(from, -1))}`,
      hours: hours(plan?.winter_start ?? '', plan?.winter_end ?? ''),
    },
  ];
};

const openFor = (grade: number) => (activity: Activity) =>
  activity.state !== '已下架' && activity.state !== '已结课' && (!activity.grades?.length || activity.grades.includes(grade));

const coursesFor = (activities: readonly Activity[], grade: number) => {
  const byName = new Map<string, { name: string; days: Set<number> }>();
  for (const activity of activities.filter(openFor(grade))) {
    const course = byName.get(activity.name) ?? { name: activity.name, days: new Set<number>() };
    for (const day of activity.days ?? []) course.days.add(day);
    byName.set(activity.name, course);
  }
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh')).map(({ name, days }) => ({ name, when: weekdaysText([...days]) }));
};

/** The letter's own sentence, unless the office has said the same in its words. */
const unlessSaid = (said: readonly string[], word: string, own: string): string[] => (said.some((line) => line.includes(word)) ? [] : [own]);

/** Lists the documents of the basis in one sentence, each as its office wrote it. */
const basisOf = (documents: readonly string[] | null): string =>
  (documents ?? [])
    .map((line) => typeset(line.trim()).replace(/[。；、，]$/, ''))
    .filter((line) => line !== '')
    .join('、');

/**
 * The letter of one student, dated `2026-09-01`. Expects facts in which nothing required is missing (required-elements.ts).
 */
export const parentNotice = (facts: Facts, student: Student, dated: string): ParentNotice => {
  const { settings, school, term, plan, activities } = facts;
  const seasons = seasonsOf(facts);
  const same = seasons[0]?.hours === seasons[1]?.hours;
  const authority = plan?.fee_authority || settings.fee_authority || '';
  const authorityNo = plan?.fee_authority_no || settings.fee_authority_no || '';
  const courses = coursesFor(activities, student.grade);
  const waivers = paragraphs(plan?.waiver_policy || settings.waiver_policy).map(sentence);
  const privacy = paragraphs(settings.privacy_words).map(sentence);
  const contentNotes = paragraphs(plan?.content_notes).map(sentence);
  const homework = (plan?.content ?? []).includes('作业辅导') ? ['作业辅导'] : [];
  return {
    school: school.name,
    term: term.name,
    bureau: settings.bureau_name,
    student: { name: student.name, place: `${gradeWord(student.grade)}${className(student.class_no)}` },
    basis: basisOf(settings.notice_basis),
    priority: priorityGroups.map(({ label }) => label).join('、'),
    period: `${zhDate(term.service_starts_on ?? term.starts_on)}至${zhDate(term.service_ends_on ?? term.ends_on)}`,
    weekdays: weekdaysText([1, 2, 3, 4, 5]),
    everyDay: same ? (seasons[0]?.hours ?? null) : null,
    seasons: same ? [] : seasons,
    timeNotes: plan?.time_notes ? sentence(plan.time_notes.trim()) : null,
    contents: (plan?.content ?? []).join('、'),
    contentNotes,
    noNewLessons: unlessSaid(contentNotes, '不讲新课', '课后服务不讲新课，不集体补课。'),
    gradeName: gradeWord(student.grade),
    courses,
    staffing: paragraphs(plan?.staffing).map(sentence),
    fee: feeOf(facts, student),
    feeAuthority: typeset(`${authority}（${authorityNo}）`),
    payment: sentence(school.pay_account ?? ''),
    waivers: [...waivers, ...unlessSaid(waivers, '点名', '减免情况不在公开场合点名。')],
    refunds: paragraphs(plan?.refund_rule || settings.refund_rule).map(sentence),
    safety: paragraphs(settings.safety_words).map(sentence),
    lateContact: plan?.late_contact
      ? sentence(plan.late_contact)
      : `请与学校课后服务负责人${school.leader ?? ''}联系，电话${school.leader_phone ?? ''}。`,
    leave: paragraphs(settings.leave_words).map(sentence),
    privacy: [...privacy, ...unlessSaid(privacy, '保存', `上述信息自服务结束起保存${settings.retention_months ?? ''}个月，到期删除。`)],
    phones: { school: school.hotline ?? '', bureau: settings.bureau_phone ?? '', price: settings.price_phone ?? '' },
    dated: zhDate(dated),
    replyBy: zhDate(addDays(dated, settings.reply_days ?? 0)),
    slip: {
      weekdays: weekdayNames.slice(0, 5),
      items: [...homework, ...courses.map(({ name }) => name)],
      pickUps: pickUps.map(({ value }) => value),
    },
  };
};
