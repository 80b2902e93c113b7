import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Applicant,
  arrangePlaces,
  type Course,
  drawLottery,
  type Placement,
  type PlaceRules,
  priorityOf,
} from '../../schema/enrolment/places.ts';

const rules: PlaceRules = { seed: '2026-1', priority: ['随迁', '单亲', '残疾', '留守', '困难', '低年级'], lowerTo: 2, most: 2 };

const course = (name: string, more: Partial<Course> = {}): Course => ({
  id: `课${name}`,
  name,
  category: '体育',
  grades: null,
  days: [2],
  start: '16:30',
  end: '18:30',
  capacity: 1,
  ...more,
});
const child = (id: string, choices: string[], more: Partial<Applicant> = {}): Applicant => ({
  id,
  grade: 3,
  groups: [],
  days: [1, 2, 3, 4, 5],
  choices,
  held: [],
  upheld: false,
  ...more,
});
const notes = (applicants: Applicant[], courses: Course[], more: Partial<PlaceRules> = {}) =>
  Object.fromEntries(arrangePlaces(applicants, courses, { ...rules, ...more }).placements.map((one) => [one.id, one.note]));

/** The two children of a lottery, in the order in which it lets them choose. */
const [early, late] = [...drawLottery(['甲', '乙'], rules.seed)].sort((a, b) => a[1] - b[1]).map(([id]) => id) as [string, string];

describe('places', () => {
  test('the groups of the plan come first, whatever the lottery says, and the sentence says why', () => {
    expect(notes([child(early, ['足球']), child(late, ['足球'], { groups: ['留守'] })], [course('足球')])).toEqual({
      [late]: '录取“足球”(第 1 志愿,优先:留守,抽签 2 号)。',
      [early]: '候补“足球”第 1 位(第 1 志愿,普通,抽签 1 号;名额 1 已满,排在前面的 1 人)。',
    });
  });

  test('the lower grades are one of these groups; which groups count is the county’s choice', () => {
    expect(priorityOf({ grade: 2, groups: ['一般'], upheld: false }, rules)).toBe('低年级');
    expect(priorityOf({ grade: 3, groups: ['一般', '困难', '留守'], upheld: false }, rules)).toBe('困难、留守');
    expect(priorityOf({ grade: 2, groups: ['困难'], upheld: false }, { ...rules, priority: ['残疾'] })).toBeNull();
  });

  test('within a class the lottery decides, and the second choice is taken where the first is full', () => {
    expect(notes([child(late, ['足球', '合唱']), child(early, ['足球'])], [course('足球'), course('合唱', { days: [4] })])).toEqual({
      [early]: '录取“足球”(第 1 志愿,普通,抽签 1 号)。',
      [late]: '候补“足球”第 1 位(第 1 志愿,普通,抽签 2 号;名额 1 已满,排在前面的 1 人);录取“合唱”(第 2 志愿,普通,抽签 2 号)。',
    });
  });

  test.each<[string, Partial<Course>, string]>([
    ['another grade', { grades: [5] }, '未安排“合唱”(年级不符)。'],
    ['days on which the child is not there', { days: [7] }, '未安排“合唱”(星期不合)。'],
    ['a course that is not on the timetable', { name: '舞蹈' }, '未安排“合唱”(课程安排里没有这门课)。'],
  ])('%s cannot be arranged', (_says, more, note) => {
    expect(notes([child('甲', ['合唱'])], [course('合唱', more)])).toEqual({ 甲: note });
  });

  test('two clubs at the same time, or more than the county allows, are not arranged', () => {
    const clubs = [course('足球'), course('合唱'), course('围棋', { days: [3] }), course('书法', { days: [4] })];
    expect(notes([child('甲', ['足球', '合唱', '围棋', '书法'])], clubs).甲).toContain('未安排“合唱”(与已录取的“足球”时间冲突);录取“围棋”');
    expect(notes([child('甲', ['足球', '合唱', '围棋', '书法'])], clubs).甲).toContain('未安排“书法”(靠前的志愿已录满 2 门)');
  });

  test('homework help stands beside every club', () => {
    const homework = course('作业辅导', { category: '作业辅导', days: [1, 2, 3, 4, 5], capacity: null });
    expect(notes([child('甲', ['作业辅导', '足球', '围棋'])], [homework, course('足球'), course('围棋', { days: [3] })]).甲).toMatch(
      /^录取“作业辅导”\(第 1 志愿,不限名额\);录取“足球”.*;录取“围棋”/,
    );
  });

  test('who has a place keeps it; a seat that is freed goes to the first in the line', () => {
    const held = child(late, ['足球'], { held: ['课足球'] });
    expect(notes([held, child(early, ['足球'], { groups: ['残疾'] })], [course('足球')])).toEqual({
      [late]: '录取“足球”(第 1 志愿,此前已录取,保留)。',
      [early]: '候补“足球”第 1 位(第 1 志愿,优先:残疾,抽签 1 号;名额 1 已满,此前已录取的 1 人)。',
    });
    expect(notes([child(early, ['足球'], { groups: ['残疾'] })], [course('足球')])[early]).toMatch(/^录取“足球”/);
  });

  test('a holder moves up to a freed better choice and leaves its own to the next, before it or behind it', () => {
    const made = notes([child(late, ['足球', '合唱'], { held: ['课合唱'] }), child(early, ['合唱'])], [course('足球'), course('合唱')]);
    expect(made[late]).toMatch(/^录取“足球”/);
    expect(made[early]).toMatch(/^录取“合唱”/);
  });

  test('an appeal that was right comes before all others', () => {
    const made = notes([child(early, ['足球'], { groups: ['残疾'] }), child(late, ['足球'], { upheld: true })], [course('足球')]);
    expect(made[late]).toBe('录取“足球”(第 1 志愿,优先:申诉改正,抽签 2 号)。');
  });

  test('who chose nothing is placed in the service itself', () => {
    expect(arrangePlaces([child('甲', [])], [], rules).placements).toMatchObject([{ placed: true, note: '没有选报课程,参加基本服务。' }]);
  });
});

const names = ['足球', '合唱', '围棋', '书法', '科学', '作业辅导'];
const courses: fc.Arbitrary<Course[]> = fc
  .tuple(
    ...names.map((name) =>
      fc.record({
        id: fc.constant(`课${name}`),
        name: fc.constant(name),
        category: fc.constant(name === '作业辅导' ? name : '体育'),
        grades: fc.option(fc.subarray([1, 2, 3, 4], { minLength: 1 })),
        days: fc.subarray([1, 2, 3, 4, 5], { minLength: 1, maxLength: 2 }),
        start: fc.constantFrom('16:30', '17:30'),
        end: fc.constantFrom('17:30', '18:30'),
        capacity: fc.option(fc.nat({ max: 4 })),
      }),
    ),
  )
  .map((all) => all.filter((one) => (one.start as string) < (one.end as string)));
const applicants: fc.Arbitrary<Applicant[]> = fc
  .array(
    fc.record({
      grade: fc.integer({ min: 1, max: 4 }),
      groups: fc.subarray(['随迁', '留守', '残疾']),
      days: fc.subarray([1, 2, 3, 4, 5], { minLength: 1 }),
      choices: fc.shuffledSubarray(names),
      upheld: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((all) => all.map((one, index): Applicant => ({ ...one, id: `生${index}`, held: [], upheld: one.upheld && index % 5 === 0 })));
const worlds = fc.record({ courses, applicants, seed: fc.string(), most: fc.integer({ min: 1, max: 3 }) });

const placedIn = (one: Placement | undefined): string[] =>
  (one?.results ?? []).flatMap(({ verdict, course: id }) => (verdict === '录取' && id ? [id] : []));
const run = (world: { courses: Course[]; applicants: Applicant[]; seed: string; most: number }) =>
  arrangePlaces(world.applicants, world.courses, { ...rules, seed: world.seed, most: world.most });
const again = (world: { applicants: Applicant[] }, placements: readonly Placement[]): Applicant[] =>
  world.applicants.map((one) => ({ ...one, held: placedIn(placements.find(({ id }) => id === one.id)) }));

describe('whatever the wishes, courses and groups', () => {
  test('no course has more children than places, and the counts agree', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const made = run(world);
        for (const { id, capacity, placed, waiting } of made.courses) {
          expect(made.placements.filter((one) => placedIn(one).includes(id))).toHaveLength(placed);
          expect(placed).toBeLessThanOrEqual(capacity ?? placed);
          if (waiting > 0) expect(placed).toBe(capacity);
        }
      }),
    );
  });

  test('nobody waits for a course in which somebody who comes later has a place', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { placements } = run(world);
        for (const [index, one] of placements.entries())
          for (const { verdict, course: wanted } of one.results)
            if (verdict === '候补') for (const later of placements.slice(index + 1)) expect(placedIn(later)).not.toContain(wanted);
      }),
    );
  });

  test('priority comes before the lottery', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const first = run(world).placements.map((one) => (one.priority === '申诉改正' ? 0 : one.priority ? 1 : 2));
        expect(first).toEqual([...first].sort((a, b) => a - b));
      }),
    );
  });

  test('the same seed gives the same arrangement, in whatever order the children are handed in', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const made = run(world);
        expect(run({ ...world, applicants: [...world.applicants].reverse(), courses: [...world.courses].reverse() }).placements).toEqual(
          made.placements,
        );
      }),
    );
  });

  test('arranging again changes nobody’s places', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { placements } = run(world);
        const second = run({ ...world, applicants: again(world, placements) }).placements;
        for (const one of placements) expect(placedIn(second.find(({ id }) => id === one.id))).toEqual(placedIn(one));
      }),
    );
  });

  test('when children leave, nobody who stays is worse off', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), (world, gone) => {
        const { placements } = run(world);
        const left = again(world, placements).filter((_one, index) => index !== gone % Math.max(1, world.applicants.length));
        const second = run({ ...world, applicants: left }).placements;
        for (const one of second) {
          const before = placements.find(({ id }) => id === one.id) as Placement;
          expect(betterOrSame(ranksOf(one), ranksOf(before))).toBe(true);
        }
      }),
    );
  });

  test('no child gains by naming other wishes than its own', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), fc.shuffledSubarray(names), (world, who, lie) => {
        if (world.applicants.length === 0) return;
        const at = who % world.applicants.length;
        const honest = world.applicants[at] as Applicant;
        const truth = run(world).placements.find(({ id }) => id === honest.id);
        const told = world.applicants.map((one, index) => (index === at ? { ...one, choices: lie } : one));
        const got = placedIn(run({ ...world, applicants: told }).placements.find(({ id }) => id === honest.id));
        const worth = (ids: string[]) =>
          ids
            .map((id) => honest.choices.indexOf(id.slice(1)))
            .filter((rank) => rank >= 0)
            .sort((a, b) => a - b);
        expect(betterOrSame(worth(placedIn(truth)), worth(got))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('every child has a sentence for each of its choices', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const one of run(world).placements) {
          const { choices } = world.applicants.find(({ id }) => id === one.id) as Applicant;
          expect(one.results.map(({ name }) => name)).toEqual(choices);
          for (const name of choices) expect(one.note).toContain(`“${name}”`);
        }
      }),
    );
  });
});

const ranksOf = (one: Placement): number[] => one.results.flatMap(({ verdict, rank }) => (verdict === '录取' ? [rank] : []));
/** Whether a set of ranks is at least as dear as another: the first difference decides. */
function betterOrSame(a: readonly number[], b: readonly number[]): boolean {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [mine, theirs] = [a[index] ?? Number.POSITIVE_INFINITY, b[index] ?? Number.POSITIVE_INFINITY];
    if (mine !== theirs) return mine < theirs;
  }
  return true;
}
