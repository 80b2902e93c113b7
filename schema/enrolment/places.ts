/**
 * 统筹安排: who gets a place in which course, who waits, and why. Children choose in an order that is made of the priority groups of
 * S01 and of a lottery that anybody can draw again from its seed; each takes the best of its choices that is left. Pure.
 *
 * This is serial dictatorship: nobody gains by naming other wishes than its own, and whoever waits for a course would find in it only
 * children who come before it, or who had their place already. Places that were given are kept; what is freed goes down the line.
 */
import { sameValue } from '../merge.ts';

/** A course of the term, as far as places go. */
export interface Course {
  readonly id: string;
  readonly name: string;
  readonly category: string | null;
  /** Empty or null: for all. */
  readonly grades: readonly number[] | null;
  readonly days: readonly number[] | null;
  readonly start: string | null;
  readonly end: string | null;
  /** Null: as many as come. */
  readonly capacity: number | null;
}

/** One approved application. */
export interface Applicant {
  /** 行号 of the enrolment. */
  readonly id: string;
  readonly grade: number;
  readonly groups: readonly string[];
  readonly days: readonly number[];
  /** Names of courses, the dearest first. */
  readonly choices: readonly string[];
  /** Ids of courses in which it has a place. */
  readonly held: readonly string[];
  /** Its appeal against waiting was right: it comes first. */
  readonly upheld: boolean;
}

export interface PlaceRules {
  readonly seed: string;
  /** Groups that come first; the words of 学生类别, and 低年级. */
  readonly priority: readonly string[];
  /** The last grade that counts as 低年级. */
  readonly lowerTo: number;
  /** Courses for one child at most; homework help and the like do not count. */
  readonly most: number;
}

export type Verdict = '录取' | '候补' | '未安排';

/** What became of one choice of one child. */
export interface ChoiceResult {
  /** From 1. */
  readonly rank: number;
  readonly name: string;
  /** Null where the timetable has no such course for this child. */
  readonly course: string | null;
  readonly verdict: Verdict;
  /** Place in the waiting line, from 1. */
  readonly line?: number;
  /** Chinese, without a full stop. */
  readonly why: string;
}

export interface Placement {
  readonly id: string;
  /** Number drawn, from 1; a lower one chooses before others of its class. */
  readonly lottery: number;
  /** Why it comes first; null for those who do not. */
  readonly priority: string | null;
  readonly results: readonly ChoiceResult[];
  /** False: it waits and has no place in any course that it chose, homework help and the like left aside. */
  readonly placed: boolean;
  /** Chinese: the whole result and its reasons. */
  readonly note: string;
}

export interface CourseFilling {
  readonly id: string;
  readonly name: string;
  readonly capacity: number | null;
  readonly placed: number;
  readonly waiting: number;
}

export interface Arrangement {
  /** In the order in which they chose. */
  readonly placements: readonly Placement[];
  readonly courses: readonly CourseFilling[];
}

/** Care that every child has whatever clubs it attends: no club takes its place, and it takes the place of none. */
const basicCare: readonly string[] = ['作业辅导', '学困生辅导答疑'];
const isBasic = (course: Course): boolean => course.category !== null && basicCare.includes(course.category);

/** 53 bits of a text, the same on every machine; equal texts only by chance. */
const drawn = (text: string): number => {
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x2545f491);
    b = Math.imul(b ^ unit, 0x5f356495);
    a ^= b >>> 13;
    b ^= a >>> 15;
  }
  a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
  b = Math.imul(b ^ (b >>> 15), 0x846ca68b);
  return ((a ^ (b >>> 7)) >>> 0) * 0x200000 + ((b ^ (a >>> 9)) >>> 11);
};

/** The lottery: enrolment -> number from 1. Who joins or leaves changes the order of nobody else. */
export const drawLottery = (ids: readonly string[], seed: string): ReadonlyMap<string, number> => {
  const tickets = ids.map((id): [number, string] => [drawn(`${seed}\n${id}`), id]);
  tickets.sort(([a, first], [b, second]) => a - b || (first < second ? -1 : 1));
  return new Map(tickets.map(([, id], index) => [id, index + 1]));
};

/** Why a child comes first; null where it does not. */
export const priorityOf = (one: Pick<Applicant, 'groups' | 'grade' | 'upheld'>, rules: PlaceRules): string | null => {
  if (one.upheld) return '申诉改正';
  const groups = one.groups.filter((group) => rules.priority.includes(group));
  if (rules.priority.includes('低年级') && one.grade <= rules.lowerTo) groups.push('低年级');
  return groups.length ? groups.join('、') : null;
};

const classOf = (one: Applicant, rules: PlaceRules): number => (one.upheld ? 0 : priorityOf(one, rules) === null ? 2 : 1);

const overlap = (a: readonly number[] | null, b: readonly number[] | null): boolean => !a?.length || !b?.length || a.some((day) => b.includes(day));

/** Whether two courses want a child at the same time. */
const clash = (a: Course, b: Course): boolean =>
  !isBasic(a) && !isBasic(b) && overlap(a.days, b.days) && (!a.start || !a.end || !b.start || !b.end || (a.start < b.end && b.start < a.end));

const forGrade = (course: Course, grade: number): boolean => !course.grades?.length || course.grades.includes(grade);

/** The courses that a choice may mean: several of one name are groups of one course, any of which will do. */
interface Wish {
  readonly rank: number;
  readonly name: string;
  readonly courses: readonly Course[];
  /** Why none is possible. */
  readonly barred: string | null;
}

const wishesOf = (one: Applicant, byName: ReadonlyMap<string, readonly Course[]>): Wish[] =>
  [...new Set(one.choices)].map((name, index) => {
    const all = byName.get(name) ?? [];
    const ofGrade = all.filter((course) => forGrade(course, one.grade));
    const courses = ofGrade.filter((course) => overlap(course.days, one.days));
    const barred = all.length === 0 ? '课程安排里没有这门课' : ofGrade.length === 0 ? '年级不符' : courses.length === 0 ? '星期不合' : null;
    return { rank: index + 1, name, courses, barred };
  });

/** A child in the line, with what it holds. */
interface Standing {
  readonly applicant: Applicant;
  readonly wishes: readonly Wish[];
  readonly lottery: number;
  readonly priority: string | null;
  /** Rank of a wish -> the course it has for it. */
  taken: ReadonlyMap<number, Course>;
}

/** The seats of all courses, those that are reserved for who holds them included. */
type Seats = Map<string, number>;

const isFree = (course: Course, seats: Seats): boolean => course.capacity === null || (seats.get(course.id) ?? 0) < course.capacity;

const move = (seats: Seats, taken: Iterable<Course>, by: number): void => {
  for (const course of taken) seats.set(course.id, (seats.get(course.id) ?? 0) + by);
};

/** The best that a child can take of its wishes, in its order; `open` says whether a course has a seat for it. */
const pick = (wishes: readonly Wish[], most: number, open: (course: Course) => boolean): Map<number, Course> => {
  const taken = new Map<number, Course>();
  let counted = 0;
  for (const { rank, courses } of wishes) {
    const fit = courses.find(
      (course) => open(course) && (isBasic(course) || counted < most) && ![...taken.values()].some((other) => clash(course, other)),
    );
    if (!fit) continue;
    taken.set(rank, fit);
    if (!isBasic(fit)) counted += 1;
  }
  return taken;
};

/** Whoever had a place and still wants it keeps its seat reserved, in the order of the line where there are fewer seats by now. */
const reserve = (line: readonly Standing[], seats: Seats): void => {
  for (const one of line) {
    const kept = one.wishes.flatMap(({ rank, courses }): [number, Course][] => {
      const course = courses.find(({ id }) => one.applicant.held.includes(id));
      return course && isFree(course, seats) ? [[rank, course]] : [];
    });
    one.taken = new Map(kept);
    move(seats, one.taken.values(), 1);
  }
};

/** Each in its turn takes the best that is left; a seat given back for a better one may serve somebody before, so until nothing moves. */
const choose = (line: readonly Standing[], seats: Seats, most: number): void => {
  for (let moved = true; moved; ) {
    moved = false;
    for (const one of line) {
      const own = new Set([...one.taken.values()].map((course) => course.id));
      const better = pick(one.wishes, most, (course) => own.has(course.id) || isFree(course, seats));
      if (
        sameValue(
          [...better].map(([rank, { id }]) => `${rank} ${id}`),
          [...one.taken].map(([rank, { id }]) => `${rank} ${id}`),
        )
      )
        continue;
      move(seats, one.taken.values(), -1);
      move(seats, better.values(), 1);
      one.taken = better;
      moved = true;
    }
  }
};

/** Why a child neither has a course nor waits for it; null where it waits. */
const needless = (one: Standing, wish: Wish, most: number): string | null => {
  const before = [...one.taken].filter(([rank]) => rank < wish.rank).map(([, course]) => course);
  const clubs = before.filter((course) => !isBasic(course));
  const free = wish.courses.filter((course) => !before.some((other) => clash(course, other)));
  if (free.length === 0) return `与已录取的“${clubs.find((other) => wish.courses.some((course) => clash(course, other)))?.name ?? ''}”时间冲突`;
  return clubs.length >= most && !free.some(isBasic) ? `靠前的志愿已录满 ${most} 门` : null;
};

const rankWords = ({ priority, lottery }: Standing): string => `${priority ? `优先:${priority}` : '普通'},抽签 ${lottery} 号`;

/** What the waiting line of a course says of those who have its seats. */
interface Holders {
  readonly kept: number;
  readonly before: number;
}

const holdersOf = (line: readonly Standing[], at: number, course: Course): Holders => {
  let [kept, before] = [0, 0];
  for (const [index, one] of line.entries()) {
    if (![...one.taken.values()].some(({ id }) => id === course.id)) continue;
    if (one.applicant.held.includes(course.id)) kept += 1;
    else if (index < at) before += 1;
  }
  return { kept, before };
};

const fullWords = (course: Course, { kept, before }: Holders): string =>
  `名额 ${course.capacity ?? 0} 已满${kept ? `,此前已录取的 ${kept} 人` : ''}${before ? `,排在前面的 ${before} 人` : ''}`;

interface Lines {
  /** Wish's name and course -> those who wait, in order. */
  readonly waiting: ReadonlyMap<string, readonly string[]>;
}

const waitKey = (wish: Wish): string => wish.courses.map((course) => course.id).join();

const waitingLines = (line: readonly Standing[], most: number): Lines => {
  const waiting = new Map<string, string[]>();
  for (const one of line)
    for (const wish of one.wishes) {
      if (wish.barred || one.taken.has(wish.rank) || needless(one, wish, most)) continue;
      waiting.set(waitKey(wish), [...(waiting.get(waitKey(wish)) ?? []), one.applicant.id]);
    }
  return { waiting };
};

const resultOf = (one: Standing, wish: Wish, at: number, line: readonly Standing[], lines: Lines, most: number): ChoiceResult => {
  const { rank, name } = wish;
  const course = one.taken.get(rank);
  if (course) {
    const kept = one.applicant.held.includes(course.id);
    const why = kept ? '此前已录取,保留' : course.capacity === null ? '不限名额' : rankWords(one);
    return { rank, name, course: course.id, verdict: '录取', why: `第 ${rank} 志愿,${why}` };
  }
  const reason = wish.barred ?? needless(one, wish, most);
  if (reason) return { rank, name, course: null, verdict: '未安排', why: reason };
  const [wanted] = wish.courses as [Course];
  const place = (lines.waiting.get(waitKey(wish)) ?? []).indexOf(one.applicant.id) + 1;
  const full = fullWords(wanted, holdersOf(line, at, wanted));
  return { rank, name, course: wanted.id, verdict: '候补', line: place, why: `第 ${rank} 志愿,${rankWords(one)};${full}` };
};

const wordsOf = ({ verdict, name, line, why }: ChoiceResult): string => `${verdict}“${name}”${line ? `第 ${line} 位` : ''}(${why})`;

const noteOf = (results: readonly ChoiceResult[]): string => (results.length ? `${results.map(wordsOf).join(';')}。` : '没有选报课程,参加基本服务。');

const placementOf = (one: Standing, at: number, line: readonly Standing[], lines: Lines, most: number): Placement => {
  const results = one.wishes.map((wish) => resultOf(one, wish, at, line, lines, most));
  const clubs = [...one.taken.values()].some((course) => !isBasic(course));
  return {
    id: one.applicant.id,
    lottery: one.lottery,
    priority: one.priority,
    results,
    placed: clubs || !results.some((result) => result.verdict === '候补'),
    note: noteOf(results),
  };
};

const byNameOf = (courses: readonly Course[]): Map<string, Course[]> => {
  const found = new Map<string, Course[]>();
  for (const course of [...courses].sort((a, b) => (a.id < b.id ? -1 : 1))) found.set(course.name, [...(found.get(course.name) ?? []), course]);
  return found;
};

/** The children in the order in which they choose. */
const lineOf = (applicants: readonly Applicant[], courses: readonly Course[], rules: PlaceRules): Standing[] => {
  const lottery = drawLottery(
    applicants.map((one) => one.id),
    rules.seed,
  );
  const byName = byNameOf(courses);
  return applicants
    .map(
      (applicant): Standing => ({
        applicant,
        wishes: wishesOf(applicant, byName),
        lottery: lottery.get(applicant.id) as number,
        priority: priorityOf(applicant, rules),
        taken: new Map(),
      }),
    )
    .sort((a, b) => classOf(a.applicant, rules) - classOf(b.applicant, rules) || a.lottery - b.lottery);
};

/** Arranges the places of one school and term. The same applications, courses and seed give the same arrangement. */
export const arrangePlaces = (applicants: readonly Applicant[], courses: readonly Course[], rules: PlaceRules): Arrangement => {
  const line = lineOf(applicants, courses, rules);
  const seats: Seats = new Map();
  reserve(line, seats);
  choose(line, seats, rules.most);
  const lines = waitingLines(line, rules.most);
  const placements = line.map((one, at) => placementOf(one, at, line, lines, rules.most));
  const waiting = new Map<string, number>();
  for (const { results } of placements)
    for (const one of results) if (one.verdict === '候补' && one.course) waiting.set(one.course, (waiting.get(one.course) ?? 0) + 1);
  return {
    placements,
    courses: courses.map(({ id, name, capacity }) => ({ id, name, capacity, placed: seats.get(id) ?? 0, waiting: waiting.get(id) ?? 0 })),
  };
};
