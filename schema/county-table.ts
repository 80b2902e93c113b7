/**
 * The columns of the county's monthly table, in the order of DOMAIN T1, each with how it adds up: the workbook, the page, the JSON and
 * the screen that says where a figure comes from are all printed from this list. Pure, and small enough for a browser.
 */
import type { Row, tables } from './index.ts';
import { notApplicableWord, readNotApplicable } from './not-applicable.ts';
import { externalKinds, priorityGroups } from './vocabulary.ts';

export type ReportRow = Row<typeof tables.monthly_reports> & { readonly id: string };

/** `sum`: counts of persons and things. `money`: yuan. `plain`: a number that must not be added (days a week, a fee rate). */
type Amount = { readonly kind: 'sum' | 'money' | 'plain'; readonly field: keyof ReportRow };
/** A share of two other columns, calculated, never copied. */
type Share = { readonly kind: 'share'; readonly part: string; readonly whole: string };
type Words = { readonly kind: 'words'; readonly field: keyof ReportRow };

export type Column = {
  readonly key: string;
  readonly title: string /** Title over several columns. */;
  readonly group?: string;
  readonly width: number;
} & (Amount | Share | Words);

const amount = (kind: Amount['kind'], field: keyof ReportRow & string, title: string, group?: string, width = 6.4): Column => ({
  key: field,
  kind,
  field,
  title,
  width,
  ...(group ? { group } : {}),
});
const share = (key: string, title: string, part: string, whole: string, group: string): Column => ({
  key,
  kind: 'share',
  title,
  part,
  whole,
  group,
  width: 7.6,
});

const students = '学生参加情况';
const staff = '教师';
const time = '服务时间';
const fees = '收费与减免(元)';

export const columns: readonly Column[] = [
  amount('sum', 'enrolled', '在校学生数', students, 7),
  amount('sum', 'participants', '参加学生数', students, 7),
  share('rate', '参与率', 'participants', 'enrolled', students),
  amount('sum', 'full_week_participants', '5天全程参加', students, 7),
  ...priorityGroups.map((entry) => amount('sum', `priority_${entry.field}`, entry.label, '优先群体参加数', 5.6)),
  amount('sum', 'staff_total', '教职工数', staff),
  amount('sum', 'staff_participating', '参与教师数', staff),
  share('staff_rate', '参与率', 'staff_participating', 'staff_total', staff),
  ...externalKinds.map((entry) => amount('sum', `external_${entry.field}`, entry.label, '校外人员数', 5.6)),
  amount('plain', 'days_per_week', '每周天数', time, 5.2),
  amount('plain', 'minutes_per_day', '每天时长(分)', time, 6),
  amount('plain', 'fee_rate', '收费标准', fees, 6.4),
  amount('money', 'due', '应收额', fees, 11),
  amount('money', 'collected', '实收额', fees, 11),
  amount('sum', 'waived', '减免人数', fees, 5.6),
  amount('money', 'waived_amount', '减免额', fees, 9.6),
  amount('sum', 'refunded', '退费人数', fees, 5.6),
  amount('money', 'refund_amount', '退费额', fees, 9),
  amount('sum', 'safety_checks', '检查次数', '安全', 5.4),
  amount('sum', 'hazards', '隐患数', '安全', 5.4),
  amount('sum', 'hazards_fixed', '已整改', '安全', 5.4),
  amount('sum', 'complaints', '件数', '投诉', 5),
  amount('sum', 'complaints_closed', '办结', '投诉', 5),
  { key: 'filled_by', kind: 'words', field: 'filled_by', title: '填报人', width: 8 },
];

/** What flows: over the months of a term it is added up; everything else is as the last return says. */
export const addsOverTime: ReadonlySet<string> = new Set([
  'due',
  'collected',
  'waived_amount',
  'refunded',
  'refund_amount',
  'safety_checks',
  'hazards',
  'hazards_fixed',
  'complaints',
  'complaints_closed',
]);

export const columnOf = (key: string): Column => {
  const found = columns.find((column) => column.key === key);
  if (!found) throw new Error(`no column ${key}`);
  return found;
};

/** A value of a share with four decimals (0.9801 is 98.01 %); null where there is nothing to divide by. */
export const shareOf = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;

/** A number, a word (不适用 among them), or null for a blank cell. */
export type Value = number | string | null;
export type Values = Readonly<Record<string, Value>>;

const numberOf = (value: unknown): number | null => {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};

/** What a return says of one figure: its number, 不适用 where it gives a reason, else blank. */
export const figureIn = (report: Readonly<Record<string, unknown>>, field: string): Value =>
  numberOf(report[field]) ?? (readNotApplicable(report.not_applicable).reasons.has(field) ? notApplicableWord : null);

const asNumber = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);

/** Adds up what was filled in; null where nothing was. */
export const sumOf = (values: readonly Value[]): number | null => {
  const filled = values.map(asNumber).filter((value) => value !== null);
  // Fen, not yuan: 0.1 + 0.2 must be 0.3 in an official table.
  return filled.length === 0 ? null : filled.reduce((sum, value) => sum + Math.round(value * 100), 0) / 100;
};

/** One school's figure over its months, in order: added up where it flows, else as the last return says. A month that is blank counts nothing. */
export const overMonths = (field: string, values: readonly Value[]): Value => {
  const said = values.filter((value) => value !== null);
  return (addsOverTime.has(field) ? sumOf(said) : null) ?? said.at(-1) ?? null;
};

/** Fields outside the table that must not be added either. */
const standsAlone: ReadonlySet<string> = new Set(['service_days', ...columns.flatMap((one) => (one.kind === 'plain' ? [one.field as string] : []))]);

/** Whether the figures of several schools may be added: not so a fee rate, or days. */
export const addsUp = (field: string): boolean => !standsAlone.has(field);

export const withShares = (values: Record<string, Value>): Values => {
  for (const column of columns)
    if (column.kind === 'share') values[column.key] = shareOf(asNumber(values[column.part]), asNumber(values[column.whole]));
  return values;
};

/** The sums of several lines; a column that is blank in every line stays blank. Shares are taken of the sums. */
export const addUp = (lines: readonly Values[]): Values => {
  const totals: Record<string, Value> = {};
  for (const column of columns) {
    if (column.kind === 'share') continue;
    totals[column.key] = column.kind === 'sum' || column.kind === 'money' ? sumOf(lines.map((line) => line[column.key] ?? null)) : null;
  }
  return withShares(totals);
};
