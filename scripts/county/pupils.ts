/** The children of one sample school and their applications. Everything invented. */
import { stepOf } from '../../schema/enrolment/steps.ts';
import { studentGroups, waiverKinds } from '../../schema/vocabulary.ts';
import { dealt, type Sized, termId } from './bureau.ts';
import { addDays } from './calendar.ts';
import { adultName, childName, phoneOf, surnameOf } from './names.ts';
import type { Chance } from './random.ts';
import type { RowOf } from './types.ts';

/** Grades of a kind of school. */
export const gradesOf = (type: string): number[] =>
  ({ 初中: [7, 8, 9], 完全中学初中部: [7, 8, 9], 九年一贯制: [1, 2, 3, 4, 5, 6, 7, 8, 9], 教学点: [1, 2, 3, 4] })[type] ?? [1, 2, 3, 4, 5, 6];

const largestClass = 46;

const relations = [
  ['父亲', 42],
  ['母亲', 40],
  ['爷爷', 8],
  ['奶奶', 8],
  ['外婆', 2],
] as const;
const groupShares: readonly (readonly [string, number])[] = [
  ['随迁', 0.05],
  ['单亲', 0.06],
  ['残疾', 0.012],
  ['留守', 0.18],
  ['困难', 0.075],
];

const groupsOf = (chance: Chance): string[] => {
  const found = groupShares.filter(([, share]) => chance.happens(share)).map(([group]) => group);
  return found.length > 0 ? found : [(studentGroups.at(-1) as (typeof studentGroups)[number]).value];
};

const hardship = waiverKinds.map((kind) => kind.value).filter((kind) => kind !== '残疾学生' && kind !== '其他经学校认定');
const hardshipWeights = [34, 8, 8, 6, 6, 22, 4, 3, 4, 8, 2];

const waiverOf = (chance: Chance, groups: readonly string[]): string | null => {
  if (groups.includes('残疾')) return '残疾学生';
  if (groups.includes('困难')) return chance.weighted(hardship.map((kind, index) => [kind, hardshipWeights[index] ?? 2] as const));
  return chance.happens(0.004) ? '其他经学校认定' : null;
};

/** Draws the roster. Within a class no name stands twice, and nowhere a name with the same phone: namesakes are a matter of their own. */
export const drawStudents = (chance: Chance, { school, students }: Sized): RowOf<'students'>[] => {
  const grades = gradesOf(school.type);
  const counts = dealt(
    students,
    grades.map(() => 0.85 + chance.next() * 0.3),
  );
  const firstPhone = chance.whole(0, 9999);
  const rows: RowOf<'students'>[] = [];
  grades.forEach((grade, index) => {
    const count = counts[index] as number;
    const classes = Math.max(1, Math.ceil(count / largestClass));
    const taken = new Set<string>();
    for (let number = 0; number < count; number++) {
      const classNo = String(1 + Math.floor((number * classes) / count));
      const girl = chance.happens(0.47);
      let name = childName(chance, girl);
      while (taken.has(`${classNo}${name}`)) name = childName(chance, girl);
      taken.add(`${classNo}${name}`);
      const groups = groupsOf(chance);
      const relation = chance.weighted(relations);
      rows.push({
        id: chance.rowId(),
        school: school.code,
        name,
        gender: girl ? '女' : '男',
        grade,
        class_no: classNo,
        groups,
        guardian_name: adultName(chance, relation === '父亲' || relation === '爷爷' ? surnameOf(name) : undefined),
        guardian_relation: relation,
        guardian_phone: phoneOf(firstPhone + rows.length),
        waiver_kind: waiverOf(chance, groups),
        status: '在册',
      });
    }
  });
  return rows;
};

const weekPatterns = [
  [1, 3, 5],
  [2, 4],
  [1, 2, 3, 4],
  [1, 2, 4, 5],
  [3, 5],
] as const;
const pickUpFor = (grade: number) =>
  [
    ['家长接', 70],
    ['委托接', 12],
    ['校车', 3],
    ['自行离校', grade >= 4 ? 22 : 0],
  ] as const;

const leftOn = (chance: Chance, today: string): string => {
  const day = addDays('2026-10-12', chance.whole(0, 30));
  return day < today ? day : addDays(today, -1);
};

/** One application per child; `services` are chosen later, when the courses are known. */
export const drawEnrolments = (chance: Chance, students: readonly RowOf<'students'>[], today: string): RowOf<'enrolments'>[] =>
  students.map((student, index) => {
    const full = chance.happens(0.78);
    const state = chance.weighted([
      ['已通过', 960],
      ['待审核', 18],
      ['已拒绝', 6],
      ['中途退出', 16],
    ] as const);
    const pickUp = chance.weighted(pickUpFor(student.grade));
    const late = chance.happens(0.04);
    const applied =
      state === '待审核'
        ? addDays(today, -chance.whole(1, 6))
        : late
          ? addDays('2026-09-14', chance.whole(0, 30))
          : addDays('2026-08-31', chance.whole(0, 4));
    const reviewed = state === '已通过' || state === '中途退出';
    return {
      id: chance.rowId(),
      student: student.id,
      school: student.school,
      term: termId,
      attendance_mode: full ? '5天全程' : '部分',
      days: full ? [1, 2, 3, 4, 5] : [...chance.pick(weekPatterns)],
      extended_care: chance.happens(0.07),
      pick_up: pickUp,
      ...(pickUp === '委托接' ? { entrusted_name: adultName(chance), entrusted_phone: phoneOf(5000 + index * 7) } : {}),
      applied_on: applied,
      class_review: state === '待审核' ? null : '同意',
      school_review: reviewed ? '同意,统筹安排' : state === '已拒绝' ? '材料不全,请补充后再申请' : null,
      state,
      step: stepOf({ state }),
      ...(state === '中途退出' ? { left_on: leftOn(chance, today) } : {}),
    };
  });

/** Whether the child took part at some time between two days. */
export const tookPart = (enrolment: RowOf<'enrolments'>, from: string, to: string): boolean =>
  (enrolment.state === '已通过' || (enrolment.state === '中途退出' && (enrolment.left_on ?? '') >= from)) && (enrolment.applied_on ?? '') <= to;
