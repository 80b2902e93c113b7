/**
 * Hints on who and what is in two places at once, on places and on hands (R-X1 to R-X4). No rule of DOMAIN section 5 stands behind them.
 */
import { rowsOf, termCause } from './causes.ts';
import type { RuleRow } from './columns.ts';
import { findClashes, overCapacity, wordsIn } from './facts.ts';
import type { Rule, RuleContext } from './types.ts';

/** Several names in one cell: 张三、李四. */
const namesIn = (text: string | null): string[] => (text ?? '').split(/[、,,;;/\s]+/).filter(Boolean);

type Course = RuleRow<'activities'>;
type Duty = RuleRow<'staff'>;

const clashRows = <T extends { readonly id: string }>(clashes: readonly { first: T; later: T }[]): T[] => [
  ...new Set(clashes.flatMap(({ first, later }) => [first, later])),
];

/** Two lines for one duty differ in the pay, not in the place. */
export const sameDuty = (a: Pick<Duty, 'serves' | 'place'>, b: Pick<Duty, 'serves' | 'place'>): boolean =>
  a.serves !== null && a.serves === b.serves && a.place === b.place;

const dutyClashes = (context: RuleContext): Duty[] =>
  clashRows(
    findClashes(
      context.index.serving.flatMap((row) =>
        row.start !== null && row.end !== null ? [{ what: row, key: row.name, days: row.days ?? [], start: row.start, end: row.end }] : [],
      ),
      sameDuty,
    ),
  );

const coursesBooked = (context: RuleContext, keysOf: (row: Course) => readonly string[]): Course[] =>
  clashRows(
    findClashes(
      context.index.offered.flatMap((row) => keysOf(row).map((key) => ({ what: row, key, days: row.days, start: row.start, end: row.end }))),
    ),
  );

const doubleBooked: Rule = {
  id: 'R-X1',
  title: '同一位教师同一时间在两处',
  sources: [],
  severity: '参',
  enabled: true,
  tables: ['activities', 'staff'],
  evaluate(context) {
    const courses = coursesBooked(context, (row) => [...namesIn(row.teacher), ...namesIn(row.assistant)]);
    const duties = dutyClashes(context);
    return termCause(context, courses.length + duties.length > 0, () => ({
      rows: [...rowsOf('activities', courses, (row) => `${row.start}—${row.end}`), ...rowsOf('staff', duties)],
      message: `同一位教师同一时间在两处:课程 ${courses.length} 行、人员安排 ${duties.length} 行。是否同名?否则请调整星期、时间或教师。`,
    }));
  },
};

const roomTwice: Rule = {
  id: 'R-X2',
  title: '同一场地同一时间有两门课程(判断用词为可同时使用的场地)',
  sources: [],
  severity: '参',
  enabled: true,
  tables: ['activities'],
  limit: { words: ['各班', '本班', '操场', '校园', '体育馆', '田径场'] },
  evaluate(context, { words }) {
    const rows = coursesBooked(context, (row) => (row.place && wordsIn(row.place, words).length === 0 ? [row.place] : []));
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('activities', rows, (row) => `${row.start}—${row.end}`),
      message: `${rows.length} 门课程在同一场地、同一时间。是否可以同时使用?否则请调整。`,
    }));
  },
};

const withinCapacity: Rule = {
  id: 'R-X3',
  title: '已报人数不超过容量',
  sources: [],
  severity: '参',
  enabled: true,
  tables: ['activities'],
  evaluate(context) {
    const rows = context.index.offered.filter((row) => row.capacity !== null && row.enrolled !== null && overCapacity(row.enrolled, row.capacity));
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('activities', rows, (row) => `已报 ${row.enrolled},容量 ${row.capacity}`),
      message: `${rows.length} 门课程已报人数超过容量。请分班、改容量,或列入候补。`,
    }));
  },
};

const staffRatio: Rule = {
  id: 'R-X4',
  title: '每名教师照看的学生数不超过阈值(阈值由本县定)',
  sources: [],
  severity: '参',
  enabled: true,
  tables: ['activities', 'staff'],
  limit: { threshold: 50, unit: '人/名教师' },
  evaluate(context, { threshold }) {
    const helpers = new Map<string, Set<string>>();
    for (const row of context.index.serving) {
      if (!row.serves) continue;
      helpers.set(row.serves, (helpers.get(row.serves) ?? new Set()).add(row.name));
    }
    const carers = (row: Course): number => new Set([...namesIn(row.teacher), ...namesIn(row.assistant), ...(helpers.get(row.name) ?? [])]).size;
    const rows = context.index.offered.filter((row) => (row.enrolled ?? 0) > 0 && carers(row) > 0 && (row.enrolled ?? 0) / carers(row) > threshold);
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('activities', rows, (row) => `${row.enrolled} 人,教师 ${carers(row)} 名`),
      message: `${rows.length} 门课程平均每名教师照看超过 ${threshold} 名学生。人手是否够?请核对人员安排。`,
    }));
  },
};

export const bookingRules: readonly Rule[] = [doubleBooked, roomTwice, withinCapacity, staffRatio];
