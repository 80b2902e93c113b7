/**
 * Holds the rows of a tab against each other and against the rules of DOMAIN section 5: sums, order, duplicates, limits.
 * It never changes a value; what could not be read is not judged.
 */
import type { TableName } from '../../schema/index.ts';
import { fieldNamed, labelOf } from '../../schema/monthly-return.ts';
import { readNotApplicable } from '../../schema/not-applicable.ts';
import type { ProblemCode } from '../../schema/problems.ts';
import { findClashes, firstJuniorGrade, fromOutside, onWeekend, overCap, overCapacity, tooShort } from '../../schema/rules/facts.ts';
import { externalKinds, gradeNames, priorityGroups } from '../../schema/vocabulary.ts';
import { type DraftRow, type Findings, placeWords, report } from './draft-row.ts';
import type { Limits } from './limits.ts';

interface Bench {
  readonly rows: readonly DraftRow[];
  readonly limits: Limits;
  readonly findings: Findings;
}

const numberOf = (row: DraftRow, header: string): number | null => {
  const value = row.values[header];
  return typeof value === 'number' ? value : null;
};
const textOf = (row: DraftRow, header: string): string | null => {
  const value = row.values[header];
  return typeof value === 'string' ? value : null;
};
const daysOf = (row: DraftRow): readonly number[] => (Array.isArray(row.values.星期) ? (row.values.星期 as number[]) : []);
/** Names are padded to one width as 张  三: spaces tell nobody apart. */
const nameOf = (row: DraftRow, header: string): string | null => textOf(row, header)?.replace(/\s/g, '') ?? null;
const cents = (number: number): number => Math.round(number * 100) / 100;

/** Reports on the later of two rows that share a key; `null` keys are never compared. */
const unique = ({ rows, findings }: Bench, header: string, code: ProblemCode, keyOf: (row: DraftRow) => string | null): void => {
  const seen = new Map<string, DraftRow>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const first = seen.get(key);
    if (first) report(findings, row, header, code, placeWords(findings, first, header));
    else seen.set(key, row);
  }
};

/** Every row's `smaller` may not exceed its `larger`. */
const atMost = ({ rows, findings }: Bench, pairs: readonly (readonly [smaller: string, larger: string])[]): void => {
  for (const row of rows)
    for (const [smaller, larger] of pairs) {
      const [few, many] = [numberOf(row, smaller), numberOf(row, larger)];
      if (few !== null && many !== null && few > many) report(findings, row, smaller, 'out-of-range/more-than', `${larger}(${many})`);
    }
};

/** The second of two moments or days may not come before the first. */
const inOrder = ({ rows, findings }: Bench, first: string, second: string): void => {
  for (const row of rows) {
    const [from, to] = [textOf(row, first), textOf(row, second)];
    if (from !== null && to !== null && (first === '开始时刻' ? to <= from : to < from))
      report(findings, row, second, 'out-of-range/before', `${first} ${from}`);
  }
};

/** R-T5: only on school days. */
const onSchoolDays = ({ rows, findings }: Bench): void => {
  for (const row of rows) if (onWeekend(daysOf(row))) report(findings, row, '星期', 'out-of-range/weekend', undefined, 'R-T5');
};

/** R-F1: not above the approved fee. Only a fee per month can be held against it. */
const underFeeCap = ({ rows, findings, limits }: Bench, header: string): void => {
  for (const row of rows) {
    const fee = numberOf(row, header);
    const unit = textOf(row, '收费单位') ?? row.feeUnits[header] ?? '元/生·月';
    const cap =
      (numberOf(row, '年级') ?? 0) >= firstJuniorGrade
        ? limits.feeCapJunior
        : row.values.年级 === undefined
          ? Math.max(limits.feeCapPrimary, limits.feeCapJunior)
          : limits.feeCapPrimary;
    if (fee !== null && unit === '元/生·月' && overCap(fee, cap)) report(findings, row, header, 'out-of-range/fee-cap', `${cap} 元/生·月`, 'R-F1');
  }
};

/** R-X1: one person in two places at one time, on the later row. */
const notDoubleBooked = ({ rows, findings }: Bench, who: string, isSame?: (a: DraftRow, b: DraftRow) => boolean): void => {
  const bookings = rows.flatMap((row) => {
    const [key, start, end] = [textOf(row, who), textOf(row, '开始时刻'), textOf(row, '结束时刻')];
    return key === null || start === null || end === null ? [] : [{ what: row, key, days: daysOf(row), start, end }];
  });
  for (const { first, later } of findClashes(bookings, isSame))
    report(findings, later, who, 'duplicate/double-booked', placeWords(findings, first, who), 'R-X1');
};

/** A total and its parts in one row; a part left blank counts nothing, one that cannot be read stops the check. */
const sumsUp = ({ rows, findings }: Bench, total: string, parts: readonly string[]): void => {
  for (const row of rows) {
    const sum = numberOf(row, total);
    const present = parts.filter((part) => numberOf(row, part) !== null);
    if (sum === null || present.length === 0 || parts.some((part) => row.unread.has(part))) continue;
    const counted = present.reduce((all, part) => all + (numberOf(row, part) as number), 0);
    if (counted !== sum) report(findings, row, total, 'inconsistent-sum/parts', String(counted));
  }
};

const students = (bench: Bench): void => {
  const { rows, findings } = bench;
  const byPhone = new Map<string, DraftRow>();
  const byGuardian = new Map<string, DraftRow>();
  for (const row of rows) {
    const [name, phone, guardian] = [nameOf(row, '姓名'), textOf(row, '监护人电话'), nameOf(row, '监护人姓名')];
    if (name === null) continue;
    const place = `${row.values.年级 ?? ''}\n${row.values.班级 ?? ''}`;
    const same = phone === null ? undefined : byPhone.get(`${name}\n${phone}`);
    // Without a telephone, name, class and guardian together still name one child.
    const alike = guardian === null ? undefined : byGuardian.get(`${name}\n${place}\n${guardian}`);
    const twin = same ?? (alike && (phone === null || textOf(alike, '监护人电话') === null) ? alike : undefined);
    if (twin) report(findings, row, '姓名', 'duplicate/student', placeWords(findings, twin, '姓名'));
    if (phone !== null && !same) byPhone.set(`${name}\n${phone}`, row);
    if (guardian !== null && !alike) byGuardian.set(`${name}\n${place}\n${guardian}`, row);
  }
  onSchoolDays(bench);
};

const activities = (bench: Bench): void => {
  onSchoolDays(bench);
  inOrder(bench, '开始时刻', '结束时刻');
  inOrder(bench, '开课日', '结课日');
  inOrder(bench, '报名开始日', '报名截止日');
  notDoubleBooked(bench, '主教师');
  for (const row of bench.rows) {
    const [enrolled, capacity] = [numberOf(row, '已报'), numberOf(row, '容量')];
    if (enrolled !== null && capacity !== null && overCapacity(enrolled, capacity))
      report(bench.findings, row, '已报', 'out-of-range/capacity', `容量 ${capacity}`);
  }
};

/** R-H1: everybody from outside is checked before the first day. */
const needsCheck = (row: DraftRow): boolean => {
  const identity = textOf(row, '身份');
  return identity !== null && fromOutside(identity);
};

const staff = (bench: Bench): void => {
  const { rows, findings } = bench;
  onSchoolDays(bench);
  inOrder(bench, '开始时刻', '结束时刻');
  inOrder(bench, '签到', '签退');
  // Two lines for one duty differ in the pay, not in the place.
  notDoubleBooked(
    bench,
    '姓名',
    (a, b) => a.values.班或社团 !== undefined && a.values.班或社团 === b.values.班或社团 && a.values.地点 === b.values.地点,
  );
  for (const row of rows) {
    const [lessons, rate, amount] = [numberOf(row, '课时数'), numberOf(row, '补助标准'), numberOf(row, '金额')];
    if (lessons !== null && rate !== null && amount !== null && cents(lessons * rate) !== amount)
      report(findings, row, '金额', 'inconsistent-sum/amount', String(cents(lessons * rate)));
    if (needsCheck(row) && row.places.准入查询日 !== undefined && row.values.准入查询日 === undefined && !row.unread.has('准入查询日'))
      report(findings, row, '准入查询日', 'required-missing', undefined, 'R-H1');
  }
};

/** Before payment there is nothing to balance. */
const unpaid = new Set(['待付款', '已取消']);

const fees = (bench: Bench): void => {
  const { rows, findings } = bench;
  underFeeCap(bench, '标准');
  for (const row of rows) {
    const [due, paid] = [numberOf(row, '应缴'), numberOf(row, '实缴')];
    if (due === null || paid === null || row.unread.has('减免额') || unpaid.has(textOf(row, '状态') ?? '')) continue;
    const net = cents(due - (numberOf(row, '减免额') ?? 0));
    if (net !== paid) report(findings, row, '实缴', 'inconsistent-sum/net', String(net));
  }
  unique(bench, '姓名', 'duplicate/fee', (row) => {
    const { 姓名: name, 年级: grade, 班级: klass, 统计期: month } = row.values;
    return name === undefined || grade === undefined || klass === undefined ? null : [name, grade, klass, month ?? ''].join('\n');
  });
  unique(bench, '票据号', 'duplicate/receipt', (row) => textOf(row, '票据号'));
};

/** 不适用 takes a reason, and no figure beside it. */
const applicability = ({ rows, findings }: Bench): void => {
  for (const row of rows) {
    const { reasons, unclear } = readNotApplicable(row.values.不适用说明);
    for (const header of row.notApplicable) if (!reasons.has(fieldNamed(header) ?? '')) report(findings, row, header, 'not-applicable');
    for (const header of [...reasons.keys()].map(labelOf)) if (row.values[header] !== undefined) report(findings, row, header, 'not-applicable/both');
    for (const line of unclear) report(findings, row, '不适用说明', 'not-applicable/unclear', line);
  }
};

const monthlyReports = (bench: Bench): void => {
  const { rows, findings, limits } = bench;
  applicability(bench);
  const participants = '参加学生数';
  atMost(bench, [
    [participants, '在校学生数'],
    ['每周5天全程参加数', participants],
    ['延时托管学生数', participants],
    ['参与教师数', '教职工数'],
    ['已整改数', '隐患数'],
    ['投诉办结数', '投诉件数'],
    ...priorityGroups.map(({ label }) => [`优先群体参加数/${label}`, participants] as const),
  ]);
  sumsUp(
    bench,
    participants,
    gradeNames.map((name) => `分年级参加数/${name}`),
  );
  sumsUp(
    bench,
    '校外人员数',
    externalKinds.map(({ label }) => `校外人员数/${label}`),
  );
  underFeeCap(bench, '收费标准');
  inOrder(bench, '开始时刻', '结束时刻');
  for (const row of rows) {
    const [days, minutes] = [numberOf(row, '每周开展天数'), numberOf(row, '每天时长')];
    // A school that offers nothing this month says so with its reason.
    const serves = row.values.是否开展 !== false;
    if (serves && days !== null && days !== limits.days && !row.unread.has('每周开展天数'))
      report(findings, row, '每周开展天数', 'out-of-range/days', String(limits.days), 'R-T1');
    if (serves && minutes !== null && tooShort(minutes, limits.minutes))
      report(findings, row, '每天时长', 'out-of-range/minutes', String(limits.minutes), 'R-T2');
  }
  unique(bench, '统计月', 'duplicate/month', (row) => {
    const { 学校标识码: code, 学校全称: school, 统计月: month } = row.values;
    return month === undefined ? null : [code ?? school ?? '', month].join('\n');
  });
};

const cases = (bench: Bench): void => unique(bench, '标题', 'duplicate/title', (row) => textOf(row, '标题'));

const attendance = (bench: Bench): void => {
  for (const row of bench.rows) {
    const [due, present] = [numberOf(row, '应到'), numberOf(row, '实到')];
    if (due === null || present === null || row.unread.has('请假') || row.unread.has('缺勤')) continue;
    const counted = present + (numberOf(row, '请假') ?? 0) + (numberOf(row, '缺勤') ?? 0);
    if (counted !== due) report(bench.findings, row, '应到', 'inconsistent-sum/attendance', String(counted));
  }
};

const checks: Partial<Record<TableName, (bench: Bench) => void>> = {
  students,
  activities,
  staff,
  fees,
  monthly_reports: monthlyReports,
  cases,
  attendance,
};

/** Adds what the rows of one table contradict. */
export const checkRows = (table: TableName, rows: readonly DraftRow[], limits: Limits, findings: Findings): void =>
  checks[table]?.({ rows, limits, findings });
