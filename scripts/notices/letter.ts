/**
 * The words of one letter of each kind: facts of the school and one student in, plain data for the template out.
 * Never reads, prints or stores; invents no policy: what is not in the facts is not in the letter.
 */
import { isOpenTo, slipItems } from '../../schema/letters.ts';
import { gradeWord, pickUps, placeOf, priorityGroups, weekdayNames } from '../../schema/vocabulary.ts';
import type { Activity, Facts } from './facts.ts';
import { type Fee, feeAccount, feeOf } from './fee-words.ts';
import type { LetterFor } from './kinds.ts';
import { addDays, hours, neighbourDay, paragraphs, sentence, spanText, typeset, weekdaysText, zhDate, zhMonthDay } from './wording.ts';
import { fillWords } from './words.ts';

export interface Season {
  readonly name: string;
  readonly span: string;
  readonly hours: string;
}

/** What every kind of letter shows. Only text, lists and nulls; the templates decide nothing. */
export interface CommonWords {
  readonly school: string;
  readonly term: string;
  readonly bureau: string;
  readonly student: { readonly name: string; readonly place: string };
  /** Edited paragraphs as clean HTML. */
  readonly words: string;
  readonly phones: { readonly school: string; readonly bureau: string; readonly price: string };
  readonly dated: string;
  readonly replyBy: string;
}

export interface ServiceTimes {
  readonly period: string;
  readonly weekdays: string;
  readonly everyDay: string | null;
  readonly seasons: readonly Season[];
  readonly timeNotes: string | null;
}

/** Everything the template of the 告家长书 shows. */
export interface ParentNotice extends CommonWords, ServiceTimes {
  readonly priority: string;
  readonly contents: string;
  readonly contentNotes: readonly string[];
  readonly noNewLessons: readonly string[];
  readonly gradeName: string;
  readonly courses: readonly { readonly name: string; readonly when: string }[];
  readonly staffing: readonly string[];
  readonly fee: Fee;
  readonly feeAuthority: string;
  readonly payment: readonly string[];
  readonly waivers: readonly string[];
  readonly refunds: readonly string[];
  readonly safety: readonly string[];
  readonly lateContact: string;
  readonly leave: readonly string[];
  readonly privacy: readonly string[];
  readonly slip: Slip;
}

interface Slip {
  readonly weekdays: readonly string[];
  readonly items: readonly string[];
  readonly pickUps: readonly string[];
}

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

const coursesFor = (activities: readonly Activity[], grade: number) => {
  const byName = new Map<string, { name: string; days: Set<number> }>();
  for (const activity of activities.filter(isOpenTo(grade))) {
    const course = byName.get(activity.name) ?? { name: activity.name, days: new Set<number>() };
    for (const day of activity.days ?? []) course.days.add(day);
    byName.set(activity.name, course);
  }
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh')).map(({ name, days }) => ({ name, when: weekdaysText([...days]) }));
};

/** The letter's own sentence, unless the office has said the same in its words. */
const unlessSaid = (said: readonly string[], words: RegExp, own: string): string[] => (said.some((line) => words.test(line)) ? [] : [own]);

const commonWords = (letter: LetterFor): CommonWords => {
  const { facts, student, dated, words } = letter;
  const { settings, school, term } = facts;
  return {
    school: school.name,
    term: term.name,
    bureau: settings.bureau_name,
    student: { name: student.name, place: placeOf(student) },
    words: fillWords(words, letter),
    phones: { school: school.hotline ?? '', bureau: settings.bureau_phone ?? '', price: settings.price_phone ?? '' },
    dated: zhDate(dated),
    replyBy: zhDate(addDays(dated, settings.reply_days ?? 0)),
  };
};

const serviceTimes = (facts: Facts): ServiceTimes => {
  const { term, plan } = facts;
  const seasons = seasonsOf(facts);
  const same = seasons[0]?.hours === seasons[1]?.hours;
  return {
    period: `${zhDate(term.service_starts_on ?? term.starts_on)}至${zhDate(term.service_ends_on ?? term.ends_on)}`,
    weekdays: weekdaysText([1, 2, 3, 4, 5]),
    everyDay: same ? (seasons[0]?.hours ?? null) : null,
    seasons: same ? [] : seasons,
    timeNotes: plan?.time_notes ? sentence(plan.time_notes.trim()) : null,
  };
};

const feeAuthorityOf = ({ plan, settings }: Facts): string =>
  typeset(`${plan?.fee_authority || settings.fee_authority || ''}（${plan?.fee_authority_no || settings.fee_authority_no || ''}）`);

const paymentOf = ({ school }: Facts): string[] => {
  const payment = [sentence(school.pay_account ?? '')];
  return [...payment, ...unlessSaid(payment, /不[^。]*家委会/, '学校不通过家委会或第三方收取。')];
};

const refundsOf = ({ plan, settings }: Facts): string[] => paragraphs(plan?.refund_rule || settings.refund_rule).map(sentence);

const waiversOf = ({ plan, settings }: Facts): string[] => {
  const waivers = paragraphs(plan?.waiver_policy || settings.waiver_policy).map(sentence);
  return [...waivers, ...unlessSaid(waivers, /点名/, '减免情况不在公开场合点名。')];
};

const privacyOf = ({ settings }: Facts): string[] => {
  const privacy = paragraphs(settings.privacy_words).map(sentence);
  return [...privacy, ...unlessSaid(privacy, /保存/, `上述信息自服务结束起保存${settings.retention_months ?? ''}个月，到期删除。`)];
};

const lateContactOf = ({ plan, school }: Facts): string =>
  plan?.late_contact ? sentence(plan.late_contact) : `请与学校课后服务负责人${school.leader ?? ''}联系，电话${school.leader_phone ?? ''}。`;

const slipOf = ({ plan }: Facts, courses: readonly { readonly name: string }[]): Slip => ({
  weekdays: weekdayNames.slice(0, 5),
  items: slipItems(
    plan?.content ?? [],
    courses.map(({ name }) => name),
  ),
  pickUps: pickUps.map(({ value }) => value),
});

/** The 告家长书. Like all kinds it expects facts in which nothing required is missing (required-elements.ts). */
export const parentNotice = (letter: LetterFor): ParentNotice => {
  const { facts, student } = letter;
  const { plan, settings } = facts;
  const courses = coursesFor(facts.activities, student.grade);
  const contentNotes = paragraphs(plan?.content_notes).map(sentence);
  return {
    ...commonWords(letter),
    ...serviceTimes(facts),
    priority: priorityGroups.map(({ label }) => label).join('、'),
    contents: (plan?.content ?? []).join('、'),
    contentNotes,
    noNewLessons: unlessSaid(contentNotes, /不讲新课/, '课后服务不讲新课，不集体补课。'),
    gradeName: gradeWord(student.grade),
    courses,
    staffing: paragraphs(plan?.staffing).map(sentence),
    fee: feeOf(facts, student),
    feeAuthority: feeAuthorityOf(facts),
    payment: paymentOf(facts),
    waivers: waiversOf(facts),
    refunds: refundsOf(facts),
    safety: paragraphs(settings.safety_words).map(sentence),
    lateContact: lateContactOf(facts),
    leave: paragraphs(settings.leave_words).map(sentence),
    privacy: privacyOf(facts),
    slip: slipOf(facts, courses),
  };
};

/** The 自愿申请表 (DOMAIN 2.2): printed with what is known, nothing ticked. */
export const applicationForm = (letter: LetterFor): CommonWords & Readonly<Record<string, unknown>> => {
  const { facts, student } = letter;
  return {
    ...commonWords(letter),
    ...serviceTimes(facts),
    fee: feeOf(facts, student),
    feeAuthority: feeAuthorityOf(facts),
    privacy: privacyOf(facts),
    slip: slipOf(facts, coursesFor(facts.activities, student.grade)),
  };
};

/** The 报名结果: what was decided, and for those who take part when, what and how the child goes home. */
export const enrolmentResult = (letter: LetterFor): CommonWords & Readonly<Record<string, unknown>> => {
  const { facts, student, records } = letter;
  const enrolment = records.enrolment;
  const approved = enrolment?.state === '已通过';
  return {
    ...commonWords(letter),
    ...serviceTimes(facts),
    approved,
    result: approved ? '同意参加' : '未能安排',
    reason: enrolment?.school_review ? sentence(enrolment.school_review) : null,
    days: weekdaysText(enrolment?.days ?? []),
    services: (enrolment?.services ?? []).join('、') || null,
    pickUp: enrolment?.pick_up ?? null,
    entrusted: enrolment?.pick_up === '委托接' ? (enrolment.entrusted_name ?? null) : null,
    fee: feeOf(facts, student),
    lateContact: lateContactOf(facts),
    leave: paragraphs(facts.settings.leave_words).map(sentence),
  };
};

/** The 收费与减免告知: the sum of this family with its arithmetic. */
export const feeNotice = (letter: LetterFor): CommonWords & Readonly<Record<string, unknown>> => {
  const { facts, student, records } = letter;
  return {
    ...commonWords(letter),
    fee: feeOf(facts, student),
    account: feeAccount(facts, records, student),
    feeAuthority: feeAuthorityOf(facts),
    payment: paymentOf(facts),
    waivers: waiversOf(facts),
    refunds: refundsOf(facts),
  };
};

/** The 变更停课通知: what changes, when, why, and who looks after the children meanwhile. */
export const changeNotice = (letter: LetterFor): CommonWords & Readonly<Record<string, unknown>> => {
  const { facts } = letter;
  const matter = facts.matter;
  return {
    ...commonWords(letter),
    matter: matter?.matter ?? '',
    span: spanText(matter?.from_on ?? null, matter?.to_on ?? null),
    reason: sentence(matter?.reason ?? ''),
    arrangement: paragraphs(matter?.arrangement).map(sentence),
    refunds: matter?.matter === '停课' ? refundsOf(facts) : [],
    lateContact: lateContactOf(facts),
  };
};
