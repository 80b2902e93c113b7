/** Who gets a letter: a county, a township, a school, a grade, a class, named students, or those who fit a filter. Reads; never writes. */
import type { OnlyFilter } from '../../schema/letters.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import type { Facts, Records, Student } from './facts.ts';
import { owes } from './fee-words.ts';
import type { Copy } from './plan-run.ts';

export interface Scope {
  readonly school: string;
  readonly grade?: number;
  /** Class as stored, e.g. `2`. */
  readonly classNo?: string;
  /** 行号 of single students. */
  readonly students?: readonly string[];
  readonly only?: OnlyFilter;
}

/** Schools of a run: one, those of a township, or all of the county. */
export interface Area {
  readonly school?: string;
  readonly township?: string;
}

/** The schools of an area that are open on a day, by code. Throws UsageError when there are none. */
export const readSchools = async (store: Store, area: Area, day: string): Promise<string[]> => {
  if (area.school) return [area.school];
  const filter = area.township ? { township: { _eq: area.township } } : undefined;
  const schools = await store.readRows('schools', { ...(filter ? { filter } : {}), fields: ['code', 'closed_on'] });
  const open = schools.filter(({ closed_on }) => !closed_on || closed_on >= day).map(({ code }) => code);
  if (open.length === 0) throw new UsageError(area.township ? `没有乡镇/学区为「${area.township}」的学校:请核对名称。` : '库里还没有学校。');
  return open.sort();
};

/** The order in which letters are handed out: by grade, class and name. */
const byPlace = (a: Student, b: Student): number =>
  a.grade - b.grade || a.class_no.localeCompare(b.class_no, 'zh', { numeric: true }) || a.name.localeCompare(b.name, 'zh') || (a.id < b.id ? -1 : 1);

/** All students of the school, those who have left included. */
export const readStudents = (store: Store, school: string): Promise<Student[]> => store.readRows('students', { filter: { school: { _eq: school } } });

export const isHere = (student: Student): boolean => student.status !== '已离校';

export interface Known {
  readonly facts: Facts;
  readonly recordsOf: (studentId: string) => Records;
  readonly copiesOf: (studentId: string) => readonly Copy[];
}

const fits: Readonly<Record<OnlyFilter, (student: Student, known: Known) => boolean>> = {
  应缴未缴: (student, { facts, recordsOf }) => owes(facts, recordsOf(student.id), student),
  已减免: (student) => student.waiver_state === '已认定',
  未回执: (student, { recordsOf, copiesOf }) =>
    recordsOf(student.id).enrolment === null && !copiesOf(student.id).some(({ answered_at }) => answered_at),
};

/** Those of the scope who are 在册, in the order of handing out. */
export const inScope = (students: readonly Student[], scope: Scope, known: Known): Student[] => {
  const named = scope.students ? new Set(scope.students) : null;
  return students
    .filter(
      (student) =>
        isHere(student) &&
        (scope.grade === undefined || student.grade === scope.grade) &&
        (scope.classNo === undefined || student.class_no === scope.classNo) &&
        (named === null || named.has(student.id)) &&
        (scope.only === undefined || fits[scope.only](student, known)),
    )
    .sort(byPlace);
};

export interface SchoolClass {
  readonly grade: number;
  readonly classNo: string;
  readonly students: readonly Student[];
}

/** Students as classes, in the order in which they come. */
export const inClasses = (students: readonly Student[]): SchoolClass[] => {
  const classes = new Map<string, { grade: number; classNo: string; students: Student[] }>();
  for (const student of students) {
    const key = `${student.grade} ${student.class_no}`;
    const one = classes.get(key) ?? { grade: student.grade, classNo: student.class_no, students: [] };
    one.students.push(student);
    classes.set(key, one);
  }
  return [...classes.values()];
};
