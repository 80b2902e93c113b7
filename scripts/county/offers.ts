/** The plan, courses, staff and head counts of one sample school. */

import { type Sized, termId } from './bureau.ts';
import { addDays, schoolDays, weekdayOf } from './calendar.ts';
import { type Course, courses } from './courses.ts';
import { adultName } from './names.ts';
import { gradesOf, tookPart } from './pupils.ts';
import type { Chance } from './random.ts';
import type { RowOf, SchoolRows, Settings } from './types.ts';
import { planWords } from './words.ts';

export const start = '16:30';
export const end = '18:30';

const fees = [
  [60, 55],
  [50, 25],
  [40, 20],
] as const;

export const drawPlan = (chance: Chance, { school }: Sized, settings: Settings): RowOf<'plans'> => ({
  id: chance.rowId(),
  school: school.code,
  term: termId,
  version: '2026年秋',
  leader: school.leader,
  summer_start: '16:40',
  summer_end: '18:40',
  winter_start: start,
  winter_end: end,
  time_notes: '各年级同时开始;一、二年级家长可在第一段结束后接走。',
  content: ['作业辅导', '学困生辅导答疑', '文艺', '体育', '阅读', '劳动'],
  content_notes: planWords.content_notes,
  staffing: planWords.staffing,
  fee_rate: school.type === '教学点' ? 40 : chance.weighted(fees),
  fee_unit: '元/生·月',
  fee_authority: settings.fee_authority,
  fee_authority_no: settings.fee_authority_no,
  allowance_rule: planWords.allowance_rule,
  safety_plan: true,
  handover: planWords.handover,
  late_contact: planWords.late_contact,
  published_on: addDays('2026-08-27', chance.whole(0, 6)),
  published_where: chance.pick(['校门口公示栏', '校门口公示栏和学校公众号', '公示墙']),
});

const joins = (course: Course, grades: readonly number[]): number[] => course.grades.filter((grade) => grades.includes(grade));

const clubDays = [[1, 3], [2, 4], [5], [1, 4], [3, 5], [2, 5]] as const;

const activity = (
  chance: Chance,
  code: string,
  values: Partial<RowOf<'activities'>> & Pick<RowOf<'activities'>, 'name' | 'days'>,
): RowOf<'activities'> => ({
  id: chance.rowId(),
  school: code,
  term: termId,
  start,
  end,
  origin: '校内',
  enrolled: 0,
  signup_from: '2026-08-28',
  signup_to: '2026-09-04',
  starts_on: '2026-09-07',
  ends_on: '2027-01-15',
  state: '已发布',
  ...values,
});

/** Homework help every day for each grade, and clubs on some days: more where there are more children. */
export const drawActivities = (chance: Chance, { school, students }: Sized, providers: readonly RowOf<'providers'>[]): RowOf<'activities'>[] => {
  const grades = gradesOf(school.type);
  const homework = students < 60 ? [grades] : grades.map((grade) => [grade]);
  const possible = courses.filter((course) => joins(course, grades).length > 0);
  const clubs = chance.some(possible, Math.min(possible.length, Math.max(2, Math.round(students / 45) + 1)));
  return [
    ...homework.map((group) =>
      activity(chance, school.code, { name: '作业辅导', category: '作业辅导', grades: [...group], days: [1, 2, 3, 4, 5], place: '各班教室' }),
    ),
    ...clubs.map((course) => {
      const provider =
        course.provider && students > 150 && chance.happens(0.35)
          ? providers.find((row) => row.category === course.provider && row.state === '在册')
          : undefined;
      return activity(chance, school.code, {
        name: course.name,
        category: course.category,
        grades: joins(course, grades),
        days: [...chance.pick(clubDays)],
        place: course.place,
        ...(provider ? { origin: '引进', provider: provider.id } : {}),
      });
    }),
  ];
};

/** Children choose: homework help and up to two clubs of their grade. Fills `services` and `enrolled`. */
export const fillCourses = (
  chance: Chance,
  students: readonly RowOf<'students'>[],
  enrolments: readonly RowOf<'enrolments'>[],
  activities: readonly RowOf<'activities'>[],
): void => {
  const counts = new Map<string, number>();
  const add = (row: RowOf<'activities'>): void => void counts.set(row.id, (counts.get(row.id) ?? 0) + 1);
  students.forEach((student, index) => {
    const enrolment = enrolments[index] as RowOf<'enrolments'>;
    const open = activities.filter((row) => row.grades?.includes(student.grade));
    const clubs = open.filter((row) => row.name !== '作业辅导' && row.days.some((day) => enrolment.days.includes(day)));
    const chosen = chance.some(
      clubs,
      chance.weighted([
        [0, 15],
        [1, 55],
        [2, 30],
      ] as const),
    );
    enrolment.services = ['作业辅导', ...chosen.map((row) => row.name)];
    if (enrolment.state !== '已通过') return;
    for (const row of [...open.filter((other) => other.name === '作业辅导'), ...chosen]) add(row);
  });
  for (const row of activities) {
    row.enrolled = counts.get(row.id) ?? 0;
    row.capacity = Math.max(row.name === '作业辅导' ? 50 : 30, Math.ceil(row.enrolled / 10) * 10);
    row.lessons = schoolDays('2026-09-07', '2027-01-15').filter((day) => row.days.includes(weekdayOf(day))).length * 2;
  }
};

const identityFor = (chance: Chance, row: RowOf<'activities'>): string =>
  row.origin === '引进'
    ? '机构派员'
    : row.name === '作业辅导'
      ? '本校教师'
      : chance.weighted([
          ['本校教师', 84],
          ['退休教师', 6],
          ['社会专业人员', 5],
          ['志愿者', 5],
        ] as const);

const subjects = ['语文', '数学', '英语', '体育', '音乐', '美术', '科学', '道德与法治', '信息科技'];
const certificates: Readonly<Record<string, string>> = {
  本校教师: '教师资格证',
  退休教师: '教师资格证',
  社会专业人员: '社会体育指导员证',
  机构派员: '职业技能等级证',
};

const person = (chance: Chance, code: string, name: string, identity: string, today: string, number: number): RowOf<'staff'> => {
  const outside = identity !== '本校教师' && identity !== '管理人员';
  const checked = outside || chance.happens(0.85);
  const certificate = certificates[identity];
  return {
    id: chance.rowId(),
    school: code,
    term: termId,
    name,
    identity,
    subject: identity === '本校教师' ? chance.pick(subjects) : null,
    duty: '在岗',
    ...(checked ? { checked_on: addDays(today, -chance.whole(70, 320)), check_result: '无记录' } : {}),
    ...(certificate ? { certificate, certificate_no: `9999${String(20150000000 + number * 37).padStart(13, '0')}` } : {}),
    active: '在用',
  };
};

/** Everybody who leads, assists, patrols or keeps the gate; each course gets a teacher of its own. */
export const drawStaff = (
  chance: Chance,
  { school, students }: Sized,
  activities: readonly RowOf<'activities'>[],
  today: string,
): RowOf<'staff'>[] => {
  const used = new Set<string>();
  const fresh = (): string => {
    let name = adultName(chance);
    while (used.has(name)) name = adultName(chance);
    used.add(name);
    return name;
  };
  const rows: RowOf<'staff'>[] = [];
  const add = (identity: string, values: Partial<RowOf<'staff'>>): RowOf<'staff'> => {
    const lessons = values.days ? values.days.length * 8 : null;
    const rate = identity === '志愿者' || identity === '机构派员' || !lessons ? null : 30;
    const row = {
      ...person(chance, school.code, fresh(), identity, today, Number(school.code.slice(-4)) * 1000 + rows.length),
      start,
      end,
      lessons,
      rate,
      amount: lessons && rate ? lessons * rate : null,
      ...values,
    };
    rows.push(row);
    return row;
  };
  for (const course of activities) {
    course.teacher = add(identityFor(chance, course), { role: '主讲', days: course.days, serves: course.name, place: course.place }).name;
    if (course.name === '作业辅导' || course.origin === '引进')
      course.assistant = add('本校教师', { role: '辅助', days: course.days, serves: course.name, place: course.place }).name;
  }
  add('管理人员', { role: '巡查', days: [1, 2, 3, 4, 5], serves: '全校', place: '校园' });
  if (students > 60) add('管理人员', { role: '门卫', days: [1, 2, 3, 4, 5], serves: '全校', place: '校门' });
  while (rows.length < Math.round(students / 16))
    add('本校教师', { role: chance.pick(['值班', '辅助']), days: [...chance.pick(clubDays)], serves: '作业辅导', place: '各班教室' });
  return rows;
};

/** Who is enrolled in a course, by name and grade. */
const takersOf = (row: RowOf<'activities'>, { students, enrolments }: Pick<SchoolRows, 'students' | 'enrolments'>): RowOf<'enrolments'>[] => {
  const inGrades = new Set(students.flatMap((one) => (row.grades?.includes(one.grade) ? [one.id] : [])));
  return enrolments.filter((one) => inGrades.has(one.student) && one.services?.includes(row.name));
};

/** Head counts of the latest school days. */
export const drawAttendance = (
  chance: Chance,
  { school }: Sized,
  rows: Pick<SchoolRows, 'activities' | 'students' | 'enrolments'>,
  today: string,
  days: number,
): RowOf<'attendance'>[] => {
  const offered = rows.activities.filter((row) => (row.enrolled ?? 0) > 0).map((row) => ({ row, takers: takersOf(row, rows) }));
  const dates = schoolDays(addDays(today, -days * 2 - 14), addDays(today, -1)).slice(-days);
  return dates.flatMap((date) =>
    offered
      .filter(({ row }) => row.days.includes(weekdayOf(date)))
      .map(({ row, takers }) => {
        const due = takers.filter((one) => one.days.includes(weekdayOf(date)) && tookPart(one, date, date)).length;
        const leave = Math.min(
          due,
          chance.weighted([
            [0, 50],
            [1, 30],
            [2, 15],
            [Math.ceil(due / 20), 5],
          ] as const),
        );
        const absent = Math.min(
          due - leave,
          chance.weighted([
            [0, 88],
            [1, 12],
          ] as const),
        );
        return {
          id: chance.rowId(),
          school: school.code,
          term: termId,
          date,
          session: '第一段',
          activity: row.id,
          due,
          present: due - leave - absent,
          leave,
          absent,
          late: chance.weighted([
            [0, 80],
            [1, 20],
          ] as const),
          left_early: 0,
          left_at: end,
          handover_signed: true,
          teacher: row.teacher,
          duty_leader: school.leader,
        };
      })
      .filter(({ due }) => due > 0),
  );
};

/** The children who took part in a month, as index into the lists. */
export const participantsOf = (enrolments: readonly RowOf<'enrolments'>[], from: string, to: string): number[] =>
  enrolments.flatMap((row, index) => (tookPart(row, from, to) ? [index] : []));
