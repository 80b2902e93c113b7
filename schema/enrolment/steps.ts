/**
 * The way of an application: 家长自愿申请 → 班级初审 → 学校核准 → 统筹安排 (S01, R-V3). The one place that says which step follows
 * which, who may take it and why a change is refused; the sheet, the 回执 and the admin screens all ask it. Pure.
 *
 * `step` is the last step taken, `state` what it means for the child: 待审核 until the school has approved, 已通过 from then on,
 * 已拒绝 after a 退回, 中途退出 after a 退出, 不参加 where the family never applied. 候补 waits for a place in its courses and takes part in the service meanwhile.
 */
import { sameValue } from '../merge.ts';

export type Step = '家长申请' | '班级初审' | '学校核准' | '统筹安排' | '候补' | '退回' | '退出' | '不参加';
export type EnrolmentState = '待审核' | '已通过' | '已拒绝' | '中途退出' | '不参加';

/** What each step means for the child. */
export const stateOf = {
  家长申请: '待审核',
  班级初审: '待审核',
  学校核准: '已通过',
  统筹安排: '已通过',
  候补: '已通过',
  退回: '已拒绝',
  退出: '中途退出',
  不参加: '不参加',
} as const satisfies Record<Step, EnrolmentState>;

/** After these no application stands. */
const isOver = (step: Step): boolean => step === '退回' || step === '退出' || step === '不参加';

/** Who takes a step: the family, the school by its sheet, the bureau at its screens, the arrangement of places, or another program. */
export type Actor = 'guardian' | 'school' | 'bureau' | 'arrangement' | 'program';

/** Who may take which step. The arrangement follows its rules alone: nobody gives a place by hand. */
export const mayTake: Readonly<Record<Step, readonly Actor[]>> = {
  家长申请: ['guardian', 'school', 'bureau', 'program'],
  班级初审: ['school', 'bureau', 'program'],
  学校核准: ['school', 'bureau', 'program'],
  统筹安排: ['arrangement', 'program'],
  候补: ['arrangement', 'program'],
  退回: ['school', 'bureau', 'program'],
  退出: ['guardian', 'school', 'bureau', 'program'],
  不参加: ['guardian', 'school', 'bureau', 'program'],
};

/** The part of an enrolment that its way depends on; what a row does not say is null or left out. */
export interface Standing {
  readonly state?: string | null;
  readonly step?: string | null;
  /** Days, `2026-09-01`. */
  readonly applied_on?: string | null;
  readonly left_on?: string | null;
  readonly class_review?: string | null;
  readonly school_review?: string | null;
  readonly days?: readonly number[] | null;
  readonly services?: readonly string[] | null;
  readonly appeal?: string | null;
  readonly appeal_state?: string | null;
  readonly appeal_reply?: string | null;
  readonly trail?: unknown;
}

/** The fields that the way depends on, for those who have to know whether it is touched at all. */
export const stepFields = [
  'state',
  'applied_on',
  'left_on',
  'class_review',
  'school_review',
  'days',
  'services',
  'appeal',
  'appeal_state',
  'appeal_reply',
] as const satisfies readonly (keyof Standing)[];

/** One line of an enrolment's trail: when, from which step to which, by whom, on what ground. No names of children. */
export interface TrailEntry {
  /** Moment in UTC. */
  readonly at: string;
  readonly from: Step | null;
  readonly to: Step | '申诉' | '申诉维持' | '申诉改正';
  readonly by: string;
  /** The opinion, the day or the reason that the step rests on. */
  readonly why?: string;
}

/** Why a change is refused: the field to look at, what is wrong and the remedy, both in Chinese and without a full stop. */
export interface StepRefusal {
  readonly field: keyof Standing;
  readonly wrong: string;
  readonly remedy: string;
}

/** Who takes the steps of a change, and when. */
export interface Taking {
  readonly actor: Actor;
  /** As the trail names it: 学校(填报表), 家长(手机回执), a member of staff. */
  readonly by: string;
  /** Moment in UTC. */
  readonly at: string;
  /** Fields that the form in use does not have: nobody can be asked to fill them in. */
  readonly lacks?: ReadonlySet<string>;
}

/** What a change makes of an application. */
export interface Steps {
  readonly refusals: readonly StepRefusal[];
  /** Fields to store with the change; empty where no step was taken. */
  readonly values: Readonly<Record<string, unknown>>;
}

const blank = (value: string | null | undefined): boolean => !value || value.trim() === '';
const steps = Object.keys(stateOf) as Step[];
const isStep = (word: unknown): word is Step => steps.includes(word as Step);

/** The step of a row; one that has none is told by its state and opinions, as rows from before the steps were kept. */
export const stepOf = (row: Standing): Step => {
  const state = row.state ?? '待审核';
  if (isStep(row.step) && stateOf[row.step] === state) return row.step;
  if (state === '已通过') return '学校核准';
  if (state === '已拒绝') return '退回';
  if (state === '中途退出') return '退出';
  if (state === '不参加') return '不参加';
  return blank(row.class_review) ? '家长申请' : '班级初审';
};

/** A new application of the family, later than what ended the last one. */
const appliedAnew = (before: Standing, after: Standing): boolean => {
  const ended = before.left_on ?? before.applied_on ?? '';
  return !blank(after.applied_on) && after.applied_on !== before.applied_on && (after.applied_on as string) >= ended;
};

const upheld = (before: Standing, after: Standing): boolean => after.appeal_state === '改正' && before.appeal_state !== '改正';

/** What the family asks for: days and courses. Another wish has to be looked at again. */
export const sameWish = (before: Standing, after: Standing): boolean =>
  sameValue(before.days, after.days) && sameValue(before.services ?? [], after.services ?? []);

/** The step that a row says it has come to. */
const targetOf = (before: Standing | null, after: Standing): Step => {
  const state = after.state ?? '待审核';
  const was = before ? stepOf(before) : null;
  if (was === '退回' && before && upheld(before, after) && state === '已拒绝') return '家长申请';
  if (state === '已拒绝') return '退回';
  if (state === '中途退出') return '退出';
  if (state === '不参加') return '不参加';
  if (state === '已通过') {
    const placed = was === '统筹安排' || was === '候补';
    return placed && before && sameWish(before, after) ? was : '学校核准';
  }
  const reopened = was === '退回' || was === '退出';
  if (reopened && before && sameValue(before.class_review, after.class_review)) return '家长申请';
  return blank(after.class_review) ? '家长申请' : '班级初审';
};

const refusal = (field: keyof Standing, wrong: string, remedy: string): StepRefusal => ({ field, wrong, remedy });

const grounds = [
  { field: 'applied_on', header: '申请日', wrong: '没有家长申请日,不能核准', remedy: '请先收家长书面申请,填上“申请日”' },
  {
    field: 'class_review',
    header: '班级初审',
    wrong: '还没有走完“家长申请、班级初审、学校核准”,不能写成“已通过”',
    remedy: '请先填“班级初审”(经办人和意见,如“同意”)',
  },
  {
    field: 'school_review',
    header: '学校核准',
    wrong: '还没有走完“家长申请、班级初审、学校核准”,不能写成“已通过”',
    remedy: '请先填“学校核准”(经办人和意见,如“同意”)',
  },
] as const;

/** What an approval rests on; of one that stands, only what it had may not be taken away. */
const approvalFaults = (before: Standing | null, after: Standing): StepRefusal[] => {
  const stands = before !== null && stateOf[stepOf(before)] === '已通过';
  return grounds.flatMap(({ field, header, wrong, remedy }) => {
    if (!blank(after[field])) return [];
    if (!stands) return [refusal(field, wrong, remedy)];
    if (blank(before[field])) return [];
    return [refusal(field, `学校已经核准,“${header}”不能清空`, `请恢复“${header}”;要撤回核准,请把“状态”改回“待审核”`)];
  });
};

const returnFaults = (was: Step | null, after: Standing): StepRefusal[] => [
  ...(was === '退出' ? [refusal('state', '已经退出的,不用再拒绝', '请保留“中途退出”')] : []),
  ...(blank(after.class_review) && blank(after.school_review)
    ? [refusal('school_review', '拒绝申请须有理由', '请在“班级初审”或“学校核准”里写明理由,家长可据此补充或申诉')]
    : []),
];

const leavingFaults = (was: Step | null, after: Standing): StepRefusal[] => [
  ...(was === '退回' ? [refusal('state', '申请已被退回,没有参加,不用登记退出', '请保留“已拒绝”')] : []),
  ...(blank(after.left_on) ? [refusal('left_on', '写了“中途退出”,却没有退出日', '请填“退出日”;费用算到这一天')] : []),
];

/** Who has taken part leaves; whom the school has refused had applied. */
const decliningFaults = (was: Step | null): StepRefusal[] => {
  if (was === '退出') return [refusal('state', '已经登记退出', '请保留“中途退出”')];
  if (was === '退回') return [refusal('state', '申请已被退回', '请保留“已拒绝”')];
  if (was !== null && stateOf[was] === '已通过') return [refusal('state', '学校已经核准,不能写成“不参加”', '要退出的,请写“中途退出”,并填“退出日”')];
  return [];
};

/** A way back in goes by a new application, or by an appeal that was right. */
const reentryFaults = (before: Standing, after: Standing, target: Step): StepRefusal[] => {
  const was = stepOf(before);
  if (was === '退出') {
    return [
      ...(appliedAnew(before, after)
        ? []
        : [refusal('applied_on', '退出以后再参加,须家长重新申请', '请收新的申请,把“申请日”改成新的日期(不早于退出日)')]),
      ...(blank(after.left_on) ? [] : [refusal('left_on', '重新参加的,不能留着上次的退出日', '请清空“退出日”;系统留有上次退出的记录')]),
    ];
  }
  if (target === '学校核准' && !appliedAnew(before, after) && !upheld(before, after))
    return [refusal('state', '已拒绝的申请不能直接改成“已通过”', '请收家长新的申请、改“申请日”,或先改回“待审核”重新初审')];
  return [];
};

const orderFaults = (before: Standing | null, after: Standing): StepRefusal[] =>
  blank(after.class_review) && !blank(after.school_review) && blank(before?.school_review)
    ? [refusal('class_review', '班级还没有初审,学校不能先核准', '请先填“班级初审”')]
    : [];

const dayFaults = (before: Standing | null, after: Standing): StepRefusal[] =>
  !blank(after.left_on) &&
  !blank(after.applied_on) &&
  (after.left_on as string) < (after.applied_on as string) &&
  !(before && sameValue(before.left_on, after.left_on) && sameValue(before.applied_on, after.applied_on))
    ? [refusal('left_on', '退出日比申请日还早', '请核对这两个日期')]
    : [];

const appealFaults = (before: Standing | null, after: Standing): StepRefusal[] => {
  if (sameValue(before?.appeal, after.appeal) && sameValue(before?.appeal_state, after.appeal_state)) return [];
  const decided = after.appeal_state === '维持' || after.appeal_state === '改正';
  return [
    ...(blank(after.appeal) && !blank(after.appeal_state) ? [refusal('appeal', '没有申诉内容,不能办理申诉', '请先写“申诉”的内容')] : []),
    ...(decided && blank(after.appeal_reply) ? [refusal('appeal_reply', '申诉的复核结果须有理由', '请写“复核意见”')] : []),
  ];
};

const faultsOf = (before: Standing | null, after: Standing, target: Step): StepRefusal[] => {
  const was = before ? stepOf(before) : null;
  const ended = was === '退回' || was === '退出';
  // Coming back speaks first: an opinion on the old application is no opinion on the new one.
  const back = before && ended && target !== '退回' && target !== '退出' && target !== '不参加' ? reentryFaults(before, after, target) : [];
  const own =
    stateOf[target] === '已通过'
      ? approvalFaults(before, after)
      : target === '退回'
        ? returnFaults(was, after)
        : target === '退出'
          ? leavingFaults(was, after)
          : target === '不参加'
            ? decliningFaults(was)
            : orderFaults(before, after);
  const all = [...back, ...own, ...dayFaults(before, after), ...appealFaults(before, after)];
  return all.filter((one, index) => all.findIndex((other) => other.field === one.field) === index);
};

/** The steps on the way from one to another that a single change takes: paper that is entered late brings all of them at once. */
const passed = (was: Step | null, target: Step, after: Standing): Step[] => {
  if (was === target) return [];
  const road: Step[] = ['家长申请', '班级初审', '学校核准'];
  const ended = was === null || isOver(was);
  const from = ended ? 0 : was === '统筹安排' || was === '候补' ? road.length : road.indexOf(was) + 1;
  const to = road.indexOf(target);
  if (to >= 0) return to >= from ? road.slice(from, to + 1) : [target];
  if (target === '统筹安排' || target === '候补' || target === '不参加') return [target];
  // Refused or left at once: what came before is on the paper too.
  const before = ended && was === null && !blank(after.applied_on) ? ['家长申请' as Step] : [];
  return [...before, target];
};

const groundOf = (step: Step, after: Standing): string | undefined => {
  const ground = {
    家长申请: after.applied_on ? `申请日 ${after.applied_on}` : null,
    班级初审: after.class_review,
    学校核准: after.school_review,
    统筹安排: null,
    候补: null,
    退回: blank(after.school_review) ? after.class_review : after.school_review,
    退出: after.left_on ? `退出日 ${after.left_on}` : null,
    不参加: null,
  }[step];
  return blank(ground) ? undefined : (ground as string);
};

const entriesOf = (was: Step | null, taken: readonly Step[], after: Standing, { at, by }: Taking): TrailEntry[] =>
  taken.map((to, index) => {
    const why = groundOf(to, after);
    return { at, from: index === 0 ? was : (taken[index - 1] as Step), to, by, ...(why ? { why } : {}) };
  });

const appealEntries = (before: Standing | null, after: Standing, was: Step | null, { at, by }: Taking): TrailEntry[] => {
  const line = (to: TrailEntry['to'], why: string | null | undefined): TrailEntry => ({ at, from: was, to, by, ...(why ? { why } : {}) });
  const decided = after.appeal_state === '维持' || after.appeal_state === '改正';
  return [
    ...(!blank(after.appeal) && !sameValue(before?.appeal, after.appeal) ? [line('申诉', after.appeal)] : []),
    ...(decided && before?.appeal_state !== after.appeal_state ? [line(`申诉${after.appeal_state as '维持' | '改正'}`, after.appeal_reply)] : []),
  ];
};

/** A time in which a child took part. */
export interface Spell {
  /** Day of the application, `2026-09-01`. */
  readonly from: string;
  /** Last day. */
  readonly to: string;
}

const dayIn = (why: string | undefined): string | null => /\d{4}-\d{2}-\d{2}/.exec(why ?? '')?.[0] ?? null;

/** The spells before the present one: a child that comes back has a new application, and the old dates are in its trail only. */
export const earlierSpells = (trail: unknown): Spell[] => {
  if (!Array.isArray(trail)) return [];
  const spells: Spell[] = [];
  let [applied, granted] = [null as string | null, false];
  for (const { to, why } of trail as readonly TrailEntry[]) {
    if (to === '家长申请') [applied, granted] = [dayIn(why), false];
    if (to === '学校核准' || to === '统筹安排') granted = true;
    const left = to === '退出' ? dayIn(why) : null;
    if (left && applied && granted) spells.push({ from: applied, to: left });
    if (to === '退出') granted = false;
  }
  return spells;
};

const trailOf = (row: Standing | null): readonly TrailEntry[] => (Array.isArray(row?.trail) ? (row.trail as TrailEntry[]) : []);

const known = (row: Standing, lacks: ReadonlySet<string> | undefined, faults: readonly StepRefusal[]): StepRefusal[] =>
  faults.filter((one) => !(lacks?.has(one.field) && blank(row[one.field] as string | null)));

/** Whether a change touches the way of an application at all. */
export const touchesSteps = (before: Standing | null, after: Standing): boolean =>
  before === null || stepFields.some((field) => !sameValue(before[field], after[field]));

/** Who takes part no longer gives its places up. */
const placesGivenUp = (was: Step | null, target: Step): Readonly<Record<string, unknown>> =>
  (was === '统筹安排' || was === '候补') && stateOf[target] !== '已通过' ? { placement: null, placement_note: null } : {};

const written = (before: Standing | null, after: Standing, target: Step, taking: Taking): Readonly<Record<string, unknown>> => {
  const was = before ? stepOf(before) : null;
  const entries = [...appealEntries(before, after, was, taking), ...entriesOf(was, passed(was, target, after), after, taking)];
  const moved = was !== target || before?.step !== target;
  if (!moved && entries.length === 0) return {};
  const state = stateOf[target];
  return {
    ...(moved ? { step: target, step_at: taking.at, step_by: taking.by } : {}),
    ...((after.state ?? '待审核') === state ? {} : { state }),
    ...placesGivenUp(was, target),
    trail: [...trailOf(before), ...entries],
  };
};

/**
 * What a change of a whole row makes of its application; `before` is null for a new one. A program is believed, everybody else is
 * told what is missing. Nothing is stored where anything is refused.
 */
export const takeSteps = (before: Standing | null, after: Standing, taking: Taking): Steps => {
  if (!touchesSteps(before, after)) return { refusals: [], values: {} };
  const target = targetOf(before, after);
  const faults = taking.actor === 'program' ? [] : known(after, taking.lacks, faultsOf(before, after, target));
  const was = before ? stepOf(before) : null;
  const barred =
    was !== target && !mayTake[target].includes(taking.actor)
      ? [refusal('state', `“${target}”不能由您办理`, '请按“家长申请、班级初审、学校核准、统筹安排”的次序办理')]
      : [];
  const refusals = [...barred, ...faults];
  return { refusals, values: refusals.length ? {} : written(before, after, target, taking) };
};

/** What the family's 回执 makes of its application: a new one, the same one with other particulars, or one that has to be looked at again. */
export const applyAgain = (before: Standing | null, wish: Standing, today: string, taking: Taking): Readonly<Record<string, unknown>> => {
  const was = before ? stepOf(before) : null;
  const stands = before !== null && !isOver(stepOf(before));
  if (stands && sameWish(before, wish)) return {};
  // Opinions on another wish, or on an application that has ended, are no opinions on this one; the trail keeps them.
  const fresh = { state: '待审核', applied_on: today, left_on: null, class_review: null, school_review: null };
  const entry: TrailEntry = { at: taking.at, from: was, to: '家长申请', by: taking.by, why: stands ? '家长改了星期或项目' : `申请日 ${today}` };
  return {
    ...fresh,
    ...placesGivenUp(was, '家长申请'),
    step: '家长申请',
    step_at: taking.at,
    step_by: taking.by,
    trail: [...trailOf(before), entry],
  };
};

/** What the family's 不参加 makes of its application; empty where there is none that stands. */
export const withdraw = (before: Standing | null, today: string, taking: Taking): Readonly<Record<string, unknown>> => {
  if (!before || isOver(stepOf(before))) return {};
  return { left_on: today, ...takeSteps(before, { ...before, state: '中途退出', left_on: today }, taking).values, state: '中途退出' };
};

/** An arrangement of places as it concerns one child. */
export interface Arranged {
  /** It has a place, or waits for none. */
  readonly placed: boolean;
  /** Its places differ from those it had before. */
  readonly changed: boolean;
  readonly why: string;
}

/** What the arrangement of places makes of an approved application: a place, or a place in the waiting line. */
export const arrange = (before: Standing, { placed, changed, why }: Arranged, taking: Taking): Readonly<Record<string, unknown>> => {
  const was = stepOf(before);
  if (stateOf[was] !== '已通过') throw new Error(`an application at ${was} cannot be given a place`);
  const to: Step = placed ? '统筹安排' : '候补';
  if (was === to && before.step === to && !changed) return {};
  const entry: TrailEntry = { at: taking.at, from: was, to, by: taking.by, why };
  return { step: to, step_at: taking.at, step_by: taking.by, trail: [...trailOf(before), entry] };
};
