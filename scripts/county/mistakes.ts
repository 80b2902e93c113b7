/**
 * Honest mistakes for sample workbooks, of the kinds that clerks make. Each is one cell that the reader must find.
 * Only the workbook is wrong: the county's own rows stay right.
 */

import type { TableName } from '../../schema/index.ts';
import { type Column, type Tab, tabs } from '../../schema/sheets.ts';
import type { CellContent } from '../sheets/format-value.ts';
import { letterOf } from '../sheets/sheet-xml.ts';
import type { Chance } from './random.ts';
import type { SchoolRows } from './types.ts';

/** One planted mistake, as the reader should report it. */
export interface PlantedMistake {
  readonly school: string;
  readonly file: string;
  readonly tab: string;
  readonly cell: string;
  readonly row: number;
  readonly header: string;
  /** As typed; '' where the cell was left blank. */
  readonly value: string;
  /** Kind of problem, as in schema/problems.ts. */
  readonly kind: string;
  /** False where the row is taken all the same and the matter only reported. */
  readonly refused: boolean;
}

export type RawCells = Map<string, Map<string, CellContent>>;

interface Slip {
  readonly table: TableName & keyof SchoolRows;
  readonly header: string;
  readonly kind: string;
  readonly refused: boolean;
  /** What the clerk typed instead; undefined where this row does not suit. */
  typed(row: Readonly<Record<string, unknown>>, chance: Chance): CellContent | undefined;
  /** The mistake is a second copy of the row. */
  readonly copies?: true;
}

const always = (value: CellContent) => () => value;

/** In the order in which they are dealt: the first twenty are all different. */
export const slips: readonly Slip[] = [
  { table: 'monthly_reports', header: '参加学生数', kind: 'not-a-number', refused: true, typed: always('全校学生') },
  { table: 'students', header: '监护人电话', kind: 'phone-invalid', refused: true, typed: (row) => String(row.guardian_phone).slice(0, 10) },
  { table: 'students', header: '申请日', kind: 'not-a-date', refused: true, typed: always('2026.2.30') },
  { table: 'monthly_reports', header: '参加学生数', kind: 'out-of-range', refused: true, typed: (row) => Number(row.enrolled) + 36 },
  { table: 'students', header: '班级', kind: 'required-missing', refused: true, typed: always(null) },
  { table: 'students', header: '姓名', kind: 'duplicate', refused: true, typed: (row) => String(row.name), copies: true },
  { table: 'staff', header: '身份', kind: 'not-in-choices', refused: true, typed: (row) => (row.identity === '本校教师' ? '外聘' : undefined) },
  { table: 'activities', header: '结束时刻', kind: 'not-a-time', refused: true, typed: always('25:30') },
  { table: 'fees', header: '标准', kind: 'out-of-range', refused: false, typed: (row) => (row.waived === 0 ? 80 : undefined) },
  {
    table: 'fees',
    header: '实缴',
    kind: 'inconsistent-sum',
    refused: true,
    typed: (row) => (row.waived === 0 && !row.refund ? Number(row.due) - 10 : undefined),
  },
  { table: 'students', header: '减免类别', kind: 'not-in-choices', refused: true, typed: (row) => (row.waiver_kind ? '低保' : undefined) },
  { table: 'students', header: '星期', kind: 'required-missing', refused: true, typed: always(null) },
  { table: 'activities', header: '星期', kind: 'out-of-range', refused: false, typed: (row) => (row.name === '作业辅导' ? undefined : '周六') },
  { table: 'cases', header: '标题', kind: 'required-missing', refused: true, typed: always(null) },
  { table: 'monthly_reports', header: '每周开展天数', kind: 'out-of-range', refused: false, typed: always(4) },
  { table: 'attendance', header: '应到', kind: 'inconsistent-sum', refused: true, typed: (row) => Number(row.due) + 2 },
  { table: 'students', header: '年级', kind: 'not-in-choices', refused: true, typed: always('学前班') },
  { table: 'cases', header: '类别', kind: 'not-in-choices', refused: true, typed: always('德育活动') },
  {
    table: 'staff',
    header: '准入查询日',
    kind: 'required-missing',
    refused: false,
    typed: (row) => (row.identity === '本校教师' || row.identity === '管理人员' ? undefined : null),
  },
  { table: 'monthly_reports', header: '已整改数', kind: 'out-of-range', refused: true, typed: (row) => Number(row.hazards) + 3 },
  { table: 'students', header: '接送方式', kind: 'not-in-choices', refused: true, typed: always('看情况') },
  { table: 'fees', header: '应缴', kind: 'not-a-number', refused: true, typed: (row) => (row.waived === 0 ? '待定' : undefined) },
  { table: 'activities', header: '开始时刻', kind: 'not-a-time', refused: true, typed: always('放学后') },
];

interface Place {
  readonly tab: Tab;
  readonly column: Column;
  readonly letter: string;
}

const placeOf = (slip: Slip): Place => {
  const tab = tabs.find((other) => other.table === slip.table);
  const at = tab?.columns.findIndex((column) => column.header === slip.header) ?? -1;
  const column = tab?.columns[at];
  if (!tab || !column) throw new Error(`no column ${slip.header} for ${slip.table}`);
  return { tab, column, letter: letterOf(at + 2) };
};

const firstRow = 2;

/** Which slips each school makes: dealt out in turn, so that twelve schools with twenty mistakes have one or two each. */
export const dealSlips = (chance: Chance, schools: readonly string[], count: number): Map<string, number[]> => {
  const order = chance.shuffled(schools);
  const dealt = new Map<string, number[]>();
  for (let number = 0; number < count && order.length > 0; number++) {
    const code = order[number % order.length] as string;
    dealt.set(code, [...(dealt.get(code) ?? []), number]);
  }
  return dealt;
};

type AnyRow = Readonly<Record<string, unknown>>;
/** The slips of one school on their way: rows are named by themselves, for their numbers change until the end. */
interface Draft {
  rows: SchoolRows;
  readonly made: { readonly slip: Slip; readonly row: AnyRow; readonly value: CellContent }[];
}

/** A second copy of a child and its application, at the end of the roster. */
const copyStudent = (draft: Draft, original: AnyRow, chance: Chance): AnyRow => {
  const student = original as unknown as SchoolRows['students'][number];
  const enrolment = draft.rows.enrolments.find((row) => row.student === student.id) as SchoolRows['enrolments'][number];
  const copy = { ...student, id: chance.rowId() };
  draft.rows = {
    ...draft.rows,
    students: [...draft.rows.students, copy],
    enrolments: [...draft.rows.enrolments, { ...enrolment, id: chance.rowId(), student: copy.id }],
  };
  return copy;
};

/** Rows that would fail only because theirs is refused have not been typed yet: one mistake stays one mistake. */
const dropDependents = (draft: Draft, table: Slip['table'], row: AnyRow): void => {
  if (table === 'students') draft.rows = { ...draft.rows, fees: draft.rows.fees.filter((fee) => fee.student !== row.id) };
  if (table === 'activities') draft.rows = { ...draft.rows, attendance: draft.rows.attendance.filter((count) => count.activity !== row.id) };
};

/** Rows that no slip may spoil or drop: those with a slip, and the children and courses that such rows name. */
const spoken = (draft: Draft): Set<unknown> =>
  new Set(draft.made.flatMap(({ row }) => [row.id, row.student, row.activity].filter((id) => id !== undefined)));

const applySlip = (draft: Draft, slip: Slip, chance: Chance): boolean => {
  const taken = spoken(draft);
  const fitting = (draft.rows[slip.table] as readonly AnyRow[]).filter(
    (row) => !taken.has(row.id) && !taken.has(row.student) && slip.typed(row, chance) !== undefined,
  );
  if (fitting.length === 0) return false;
  const original = chance.pick(fitting);
  const value = slip.typed(original, chance) as CellContent;
  const row = slip.copies ? copyStudent(draft, original, chance) : original;
  draft.made.push({ slip, row, value });
  // The child that was copied is spoken for as well: spoiling it too would leave no duplicate.
  if (slip.copies) draft.made.push({ slip, row: original, value });
  else if (slip.refused) dropDependents(draft, slip.table, row);
  return true;
};

/**
 * Plants the slips with these numbers in one school's workbook; one that finds no row in this school gives way to the
 * next kind. Returns the rows as the clerk has them, the cells typed wrongly, and the list of what was planted.
 */
export const plantMistakes = (
  chance: Chance,
  school: string,
  file: string,
  rows: SchoolRows,
  numbers: readonly number[],
): { rows: SchoolRows; raw: RawCells; planted: PlantedMistake[] } => {
  const draft: Draft = { rows, made: [] };
  for (const number of numbers) {
    for (let step = 0; step < slips.length; step++) if (applySlip(draft, slips[(number + step) % slips.length] as Slip, chance)) break;
  }
  const raw: RawCells = new Map();
  const planted: PlantedMistake[] = [];
  for (const { slip, row, value } of draft.made) {
    if (slip.copies && rows.students.includes(row as never)) continue;
    const { tab, letter } = placeOf(slip);
    const number = firstRow + (draft.rows[slip.table] as readonly AnyRow[]).indexOf(row);
    if (!slip.copies) raw.set(tab.name, (raw.get(tab.name) ?? new Map<string, CellContent>()).set(`${number}:${slip.header}`, value));
    planted.push({
      school,
      file,
      tab: tab.name,
      cell: `${letter}${number}`,
      row: number,
      header: slip.header,
      value: value === null ? '' : String(value),
      kind: slip.kind,
      refused: slip.refused,
    });
  }
  return { rows: draft.rows, raw, planted };
};
