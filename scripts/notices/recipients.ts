/** Who gets a letter: a school, a grade, a class, or named students. Reads; never writes. */
import type { Store } from '../directus/store.ts';
import type { Student } from './facts.ts';

export interface Scope {
  readonly school: string;
  readonly grade?: number;
  /** Class as stored, e.g. `2`. */
  readonly classNo?: string;
  /** 行号 of single students. */
  readonly students?: readonly string[];
}

const byPlace = (a: Student, b: Student): number =>
  a.grade - b.grade || a.class_no.localeCompare(b.class_no, 'zh', { numeric: true }) || a.name.localeCompare(b.name, 'zh') || (a.id < b.id ? -1 : 1);

/** The students of the scope who are 在册, by grade, class and name: the order in which letters are handed out. */
export const readRecipients = async (store: Store, scope: Scope): Promise<Student[]> => {
  const filter = {
    _and: [
      { school: { _eq: scope.school } },
      ...(scope.grade === undefined ? [] : [{ grade: { _eq: scope.grade } }]),
      ...(scope.classNo === undefined ? [] : [{ class_no: { _eq: scope.classNo } }]),
      ...(scope.students === undefined ? [] : [{ id: { _in: [...scope.students] } }]),
    ],
  };
  const rows = await store.readRows('students', { filter });
  return rows.filter((student) => student.status !== '已离校').sort(byPlace);
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
