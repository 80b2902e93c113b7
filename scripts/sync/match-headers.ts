/**
 * Gives each sheet column its meaning within one table: which field it holds, which day or group its ticks stand for.
 * A column that fits no field stays without one; it is never forced.
 */
import { gradeNames } from '../../schema/vocabulary.ts';
import {
  groupMeanings,
  groupSubjects,
  headerKey,
  isMeaningful,
  type KnownColumn,
  type Role,
  type Words,
  withoutBrackets,
  withoutLatin,
} from './known-columns.ts';
import { choiceOf } from './read-choice.ts';
import { gradeIn } from './read-grade.ts';
import { weekdaysIn } from './read-weekdays.ts';

/** A tick in this column adds `part` to the field. */
export interface TickRole {
  readonly kind: 'tick';
  readonly column: KnownColumn;
  readonly part: string | number;
}

export interface Slot {
  /** Index of the sheet column, from 0. */
  readonly at: number;
  readonly role: Role | TickRole;
  /** How surely the header says so. */
  readonly rank: number;
}

export interface Repeated {
  readonly at: number;
  readonly of: number;
  readonly header: string;
}

export interface Match {
  readonly slots: readonly Slot[];
  /** Columns whose header repeats one that is taken, and the column that has it. */
  readonly repeated: readonly Repeated[];
  /** The same under another group (周一 under 单周 and under 双周, 应缴 under 9月 and under 10月): only one of the two can be read. */
  readonly rivals: readonly Repeated[];
  readonly score: number;
}

export type Found = { readonly role: Role | TickRole; readonly rank: number } | null;

const look = (words: Words, key: string, discount: number): Found => {
  const found = words.index.get(key) ?? words.index.get(withoutBrackets(key)) ?? words.index.get(withoutBrackets(withoutLatin(key)));
  return found ? { role: found.role, rank: found.rank - discount - (words.index.has(key) ? 0 : 0.1) } : null;
};

/** What a tick column stands for under a field of several values: 周三 -> 3, 留守 -> 留守. */
const partOf = (column: KnownColumn, child: string): string | number | null => {
  const { field } = column;
  if (field.kind === 'weekdays') return weekdaysIn(child)?.length === 1 ? (weekdaysIn(child)?.[0] as number) : null;
  if (field.kind === 'grades') return gradeIn(child);
  if (field.kind === 'choices' || field.kind === 'choice') return choiceOf(field.choices, child);
  return null;
};

/** The only field of a table whose ticks could carry this word without a group above: 周三, 留守. */
const lonelyTick = (words: Words, key: string): Found => {
  for (const { role } of words.index.values()) {
    if (role.kind !== 'field') continue;
    const { field } = role.column;
    const fits =
      field.kind === 'weekdays' ? /^(周|星期|礼拜)/.test(key) : field.kind === 'grades' ? /年级$|^初[一二三]$/.test(key) : field.kind === 'choices';
    const part = fits ? partOf(role.column, key) : null;
    if (part !== null && part !== '一般') return { role: { kind: 'tick', column: role.column, part }, rank: 0.5 };
  }
  return null;
};

/** 星期二(足球), 周三作业: a day with what is done on it. 周一至周五 is no day. */
const oneDay = /^((?:周|星期|礼拜)[一二三四五六日天])(?![至到~、,/\-和及与]|[一二三四五六日天])[^周期]{1,10}$/;
const dayOfClub = (words: Words, key: string): Found => {
  const day = oneDay.exec(key)?.[1];
  return day === undefined ? null : lonelyTick(words, day);
};

const totalWord = /^(合计|小计|总计|总数|计|总人数|人数合计|人数)$/;

const tickUnder = (words: Words, group: string, child: string): Found => {
  const parent = words.index.get(group) ?? words.index.get(withoutBrackets(group));
  if (parent?.role.kind !== 'field' && parent?.role.kind !== 'span') {
    // 勾选 or 报名情况 above 周一 ... 周五 says nothing, and need not.
    return weekdaysIn(child) && /^(周|星期|礼拜)/.test(child) ? lonelyTick(words, child) : null;
  }
  if (parent.role.kind === 'span')
    return /^(周|星期|礼拜)?[一二三四五六日]$/.test(child) ? lonelyTick(words, child.length === 1 ? `周${child}` : child) : null;
  const { column } = parent.role;
  const part = partOf(column, child);
  if (part !== null) return { role: { kind: 'tick', column, part }, rank: 1 };
  return column.field.kind === 'list' && !words.index.has(child) ? { role: { kind: 'tick', column, part: child }, rank: 0.9 } : null;
};

/** 参加学生数 / 3年级 -> 分年级参加数/三年级 */
const gradePart = (words: Words, group: string, child: string): Found => {
  const grade = /年级|参加|参与/.test(group) ? gradeIn(child) : null;
  return grade === null ? null : look(words, `分年级参加数/${gradeNames[grade - 1]}`, 0.5);
};

const grouped = (words: Words, parts: readonly string[]): Found => {
  const group = parts[parts.length - 2] as string;
  const child = parts[parts.length - 1] as string;
  const direct = look(words, `${group}/${child}`, 0) ?? look(words, `${group}${child}`, 0.2);
  if (direct) return direct;
  const tick = tickUnder(words, group, child);
  if (tick) return tick;
  if (totalWord.test(child)) {
    const whole = look(words, group, 0.2);
    if (whole) return whole;
  }
  const grade = gradePart(words, group, child);
  if (grade) return grade;
  for (const [pattern, prefixes] of groupMeanings) {
    if (!pattern.test(group)) continue;
    for (const prefix of prefixes) {
      const meant = look(words, headerKey(`${prefix}${child}`), 0.3);
      if (meant) return meant;
    }
  }
  for (const [pattern, prefixes] of groupSubjects) {
    if (!pattern.test(group) || child.length > 3) continue;
    for (const prefix of prefixes) {
      const meant = look(words, `${prefix}${child}`, 0.4);
      if (meant) return meant;
    }
  }
  // 家长信息 / 姓名 is not the student's name: only a group without a meaning of its own may be left out.
  return isMeaningful(group) ? exactTail(words, group, child) : look(words, child, 0.6);
};

/** Under a group with a meaning, a child that itself carries the whole name is still that field: 教师 / 主讲教师. */
const exactTail = (words: Words, group: string, child: string): Found => {
  const found = look(words, child, 0.7);
  return found && child.length > 2 && !/^(姓名|名称|编号|日期|金额|方式|原因|电话|标准|结果|关系)$/.test(child) && group !== child ? found : null;
};

const remembered = new WeakMap<Words, Map<string, Found>>();
/** Headers come again in workbook after workbook; what is no header need not be remembered for ever. */
const mostRemembered = 20_000;

/** The role that header parts have in a table, with its rank: from 1 on the words say it outright. */
export const roleByHeader = (words: Words, parts: readonly string[]): Found => roleOf(words, parts);

/** The role of a column by its header parts; each spelling is looked up once. */
const roleOf = (words: Words, parts: readonly string[]): Found => {
  if (parts.length === 0) return null;
  const known = remembered.get(words) ?? new Map<string, Found>();
  if (known.size > mostRemembered) known.clear();
  remembered.set(words, known);
  const key = parts.join('\n');
  const found = known.get(key);
  if (found !== undefined) return found;
  const role = findRole(words, parts);
  known.set(key, role);
  return role;
};

/** A second row with the same headers in English says nothing new. */
const chineseParts = (parts: readonly string[]): readonly string[] => {
  const chinese = parts.filter((part) => !/^[a-z][a-z0-9 .'’,&()/-]*$/.test(part));
  return chinese.length > 0 ? chinese : parts;
};

const findRole = (words: Words, all: readonly string[]): Found => {
  const parts = chineseParts(all);
  if (parts.length > 1) {
    const found = grouped(words, parts);
    if (found || parts.length === 2) return found;
    return grouped(words, [parts[0] as string, parts[parts.length - 1] as string]);
  }
  const key = parts[0] as string;
  return look(words, key, 0) ?? lonelyTick(words, key.length <= 8 ? key : withoutBrackets(key)) ?? dayOfClub(words, key);
};

const targetOf = (role: Role | TickRole): string => {
  if (role.kind === 'field') return role.column.header;
  if (role.kind === 'tick') return `${role.column.header}=${role.part}`;
  return role.kind === 'system' ? role.of : role.kind;
};

/** Days in one column and times in another may both be called 时间: each is read for what it holds. */
const keyFor = (role: Role | TickRole, at: number): string => (role.kind === 'span' ? `span ${at}` : targetOf(role));

const lengthOf = (parts: readonly string[] | undefined): number => (parts ?? []).join('').length;

/** Ticks beside a column that holds the whole list would say the same thing twice: the surer one stays. */
const withoutRivals = (slots: readonly Slot[]): Slot[] => {
  const whole = new Map(slots.flatMap((slot) => (slot.role.kind === 'field' ? [[slot.role.column.header, slot.rank] as const] : [])));
  return slots.filter((slot) => slot.role.kind !== 'tick' || !whole.has(slot.role.column.header));
};

/** One lonely tick is a word by chance, several are a set. */
const withoutStrays = (slots: readonly Slot[]): Slot[] => {
  const count = (header: string): number => slots.filter((slot) => slot.role.kind === 'tick' && slot.role.column.header === header).length;
  return slots.filter((slot) => slot.role.kind !== 'tick' || slot.rank > 0.5 || count(slot.role.column.header) > 1);
};

const weight = (slot: Slot, counted: Set<string>): number => {
  if (slot.role.kind === 'ordinal') return 0.1;
  if (slot.role.kind === 'system') return 1;
  if (slot.role.kind !== 'tick') return Math.min(1, 0.5 + slot.rank / 4);
  const first = !counted.has(slot.role.column.header);
  counted.add(slot.role.column.header);
  return first ? 1 : 0.2;
};

const lastOf = (parts: readonly string[] | undefined): string | undefined => parts?.[parts.length - 1];

/** Columns that no slot reads although they say by their own word what one of the slots says. */
const rivalsOf = (words: Words, headers: readonly (readonly string[])[], slots: readonly Slot[]): Repeated[] => {
  const holders = new Map(
    slots.flatMap((slot) => (slot.role.kind === 'field' || slot.role.kind === 'tick' ? [[targetOf(slot.role), slot] as const] : [])),
  );
  return headers.flatMap((parts, at): Repeated[] => {
    if (parts.length < 2) return [];
    const role = roleOf(words, parts)?.role;
    const holder = role && holders.get(targetOf(role));
    if (!holder || holder.at === at || lastOf(headers[holder.at]) !== lastOf(parts)) return [];
    return [{ at, of: holder.at, header: (holder.role as { column: KnownColumn }).column.header }];
  });
};

/** Matches the columns of one possible header, `headers[at]` being its folded parts from top to bottom. */
export const matchHeaders = (words: Words, headers: readonly (readonly string[])[]): Match => {
  const best = new Map<string, Slot>();
  const repeated: { at: number; of: number; header: string }[] = [];
  headers.forEach((parts, at) => {
    const found = roleOf(words, parts);
    if (!found) return;
    const target = keyFor(found.role, at);
    const holder = best.get(target);
    const same = holder && headers[holder.at]?.join('/') === parts.join('/');
    // Of 电话 and 家长电话 the longer says more.
    if (!holder || found.rank > holder.rank || (found.rank === holder.rank && !same && lengthOf(parts) > lengthOf(headers[holder.at])))
      best.set(target, { at, ...found });
    else if (same && found.role.kind === 'field') repeated.push({ at, of: holder.at, header: found.role.column.header });
  });
  const slots = withoutStrays(withoutRivals([...best.values()])).sort((a, b) => a.at - b.at);
  const counted = new Set<string>();
  const named = headers.filter((parts) => parts.length > 0).length;
  const score = slots.reduce((sum, slot) => sum + weight(slot, counted), 0) - 0.05 * (named - slots.length);
  return { slots, repeated, rivals: rivalsOf(words, headers, slots), score };
};
