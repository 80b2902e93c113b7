/**
 * Finds where a tab's header stands, how many rows it has, and which of our tables it heads: the best match of all.
 * A tab that fits none well enough (填表说明, 通讯录) is null, not the least bad guess.
 */
import type { TableName } from '../../schema/index.ts';
import type { NormalValue, RawCell, RawTab } from '../../schema/parsed.ts';
import type { Tab } from '../../schema/sheets.ts';
import { headerKey, type Words, withoutBrackets, withoutLatin, wordsOf } from './known-columns.ts';
import { type Match, matchHeaders } from './match-headers.ts';

export interface Heading {
  /** Values that every row has without a column for them: canonical header -> value. Only a confirmed layout gives any. */
  readonly constants?: Readonly<Record<string, NormalValue>>;
  readonly tab: Tab;
  readonly words: Words;
  readonly match: Match;
  /** Indexes of the header rows in `rows`, from 0. */
  readonly top: number;
  readonly bottom: number;
  /** Folded header of each sheet column, parts from top to bottom. */
  readonly headers: readonly (readonly string[])[];
}

/** A header stands near the top; below this nobody looks for one. */
const searched = 40;
const deepest = 3;

/** Of each group at least one header must be there: it is what the table is about. */
const essentials: Partial<Record<TableName, readonly (readonly string[])[]>> = {
  students: [
    ['姓名'],
    ['年级', '班级', '星期'],
    ['星期', '服务项目', '接送方式', '参加方式', '监护人姓名', '监护人电话', '学生类别', '申请日', '减免类别', '委托接送人'],
  ],
  activities: [['课程名'], ['星期', '开始时刻', 'span', '主教师', '地点', '类别', '容量']],
  staff: [['姓名'], ['身份', '角色', '准入查询日', '准入查询结果', '证书名称', '证书编号', '签到', '课时数', '补助标准', '班或社团']],
  fees: [['姓名'], ['应缴', '实缴', '标准', '票据号', '减免额', '退费额']],
  monthly_reports: [
    ['统计月', '学校全称', '学校标识码'],
    ['在校学生数', '参加学生数', '每周5天全程参加数', '分年级参加数/一年级', '实收额', '教职工数', '每周开展天数'],
  ],
  cases: [['标题'], ['类别', '摘要', '主要做法', '背景与问题', '成效', '经验与启示', '作者']],
  attendance: [['日期'], ['应到', '实到']],
  plans: [
    ['夏令时开始时刻', '冬令时开始时刻', '收费标准'],
    ['服务内容', '减免办法', '退费办法'],
  ],
};

const headerOf = (match: Match): Set<string> =>
  new Set(match.slots.map((slot) => (slot.role.kind === 'field' || slot.role.kind === 'tick' ? slot.role.column.header : slot.role.kind)));

/** Whether the columns of a table are there that make it that table. */
export const isAbout = (table: TableName, match: Match, named: boolean): boolean => {
  const has = headerOf(match);
  const groups = essentials[table] ?? [];
  // The title of the tab may stand in for the last group: 学生名单 with name, class and sex only.
  const needed = named ? groups.slice(0, -1) : groups;
  return needed.every((group) => group.some((header) => has.has(header)));
};

const titleKey = (title: string): string => withoutBrackets(headerKey(title)).replace(/\d+$/, '');

export const isNamed = (tab: Tab, title: string): boolean => {
  const key = titleKey(title);
  return key !== '' && [tab.name, ...tab.aliases].some((name) => titleKey(name) === key);
};

/** The header cells of rows top..bottom as folded parts per column: merged and empty parents speak for the columns right of them. */
export const partsOf = (tab: RawTab, top: number, bottom: number, width: number): string[][] => {
  const columns: string[][] = Array.from({ length: width }, () => []);
  for (let row = top; row <= bottom; row += 1) {
    let parent = '';
    for (let at = 0; at < width; at += 1) {
      const own = headerKey(tab.rows[row]?.[at]?.text ?? '');
      const merge = own === '' ? mergeOver(tab, row, at) : null;
      if (own !== '') parent = own;
      else if (merge) parent = headerKey(tab.rows[merge.top]?.[merge.left]?.text ?? '');
      else if (row === bottom || !below(tab, row, bottom, at)) parent = '';
      const parts = columns[at] as string[];
      if (parent !== '' && parts[parts.length - 1] !== parent) parts.push(parent);
    }
  }
  return columns;
};

const mergeOver = (tab: RawTab, row: number, at: number) =>
  tab.merges.find((merge) => row >= merge.top && row <= merge.bottom && at >= merge.left && at <= merge.right) ?? null;

/** A blank parent belongs to the parent on its left only where the next header row has something to say. */
const below = (tab: RawTab, row: number, bottom: number, at: number): boolean => {
  for (let next = row + 1; next <= bottom; next += 1) if ((tab.rows[next]?.[at]?.text ?? '').trim() !== '') return true;
  return false;
};

/** A title merged over the whole sheet is no header. */
const isTitle = (tab: RawTab, row: number): boolean => {
  const filled = (tab.rows[row] ?? []).filter((cell) => cell && cell.text.trim() !== '');
  return filled.length <= 1;
};

/** Whether a merged header cell reaches below this row: then the header does too. */
const cutByMerge = (tab: RawTab, row: number): boolean =>
  tab.merges.some(
    (merge) =>
      merge.top <= row && merge.bottom > row && (tab.rows[merge.top]?.[merge.left]?.text ?? '').trim() !== '' && merge.bottom - merge.top < deepest,
  );

/** Whether a merged cell reaches from above into this row: then the header begins further up. */
const startsInMerge = (tab: RawTab, row: number): boolean =>
  tab.merges.some((merge) => merge.top < row && merge.bottom >= row && merge.bottom > merge.top);

/** Whether a cell holds one of the words. */
const isWord = (cell: RawCell, known: ReadonlySet<string>): boolean => {
  if (typeof cell.value !== 'string' || cell.text.length > 40) return false;
  const key = headerKey(cell.text);
  return known.has(key) || known.has(withoutBrackets(key)) || known.has(withoutLatin(key));
};

const candidates = (tab: RawTab, known: ReadonlySet<string>, from: number): number[] => {
  const found: number[] = [];
  for (let row = from; row < Math.min(tab.rows.length, from + searched); row += 1) {
    let hits = 0;
    for (const cell of tab.rows[row] ?? []) {
      if (cell && isWord(cell, known)) hits += 1;
    }
    if (hits >= 2) found.push(row);
  }
  return found;
};

const knownWords = new WeakMap<readonly Tab[], ReadonlySet<string>>();

/** Every header word of every table, and the last parts of those with a slash. */
const allWords = (tabs: readonly Tab[]): ReadonlySet<string> => {
  const found = knownWords.get(tabs);
  if (found) return found;
  const words = new Set<string>([
    ...'一二三四五',
    '合计',
    '姓名',
    '电话',
    '名称',
    '开始',
    '结束',
    '查询日期',
    '查询结果',
    '原因',
    '方式',
    '金额',
    '日期',
    '周一',
    '周二',
    '周三',
    '周四',
    '周五',
    '星期一',
    '星期二',
  ]);
  for (const tab of tabs) for (const key of wordsOf(tab).index.keys()) for (const part of [key, ...key.split('/')]) words.add(part);
  knownWords.set(tabs, words);
  return words;
};

/** The same headers once more in English, below the Chinese ones. */
const isTranslation = (tab: RawTab, row: number): boolean => {
  const filled = (tab.rows[row] ?? []).filter((cell) => cell && cell.text.trim() !== '');
  return filled.length > 2 && filled.every((cell) => typeof cell?.value === 'string' && /^[a-z][a-z .'’()/-]{1,30}$/i.test(cell.text.trim()));
};

const needed = 1.8;
/** From here on nobody would take it for anything but a header. */
const clear = 4;

type Scored = Heading & { readonly score: number };

/** The first and last rows that a header found at `row` may have. */
const extents = (tab: RawTab, row: number, rows: readonly number[], from: number): { top: number; bottom: number }[] => {
  const found: { top: number; bottom: number }[] = [];
  for (const bottom of rows.includes(row + 1) ? [row] : [row, row + 1]) {
    if (bottom >= tab.rows.length || cutByMerge(tab, bottom)) continue;
    for (let top = bottom; top >= from && top > bottom - deepest; top -= 1) {
      if (top < bottom && isTitle(tab, top)) break;
      if (top <= row && !startsInMerge(tab, top)) found.push({ top, bottom });
    }
  }
  return found;
};

/** The table that these header rows fit best, if any fits better than `least`. */
const bestTable = (tab: RawTab, tabs: readonly Tab[], top: number, bottom: number, width: number, least: number): Scored | null => {
  const headers = partsOf(tab, top, bottom, width);
  let best: Scored | null = null;
  for (const candidate of tabs) {
    const words = wordsOf(candidate);
    const match = matchHeaders(words, headers);
    const named = isNamed(candidate, tab.name);
    // Of equal readings the one with fewer header rows, and the one further up.
    const extra = bottom > top && isTranslation(tab, bottom) ? 0.3 : 0;
    const score = match.score + (named ? 1.5 : 0) + extra - (bottom - top) * 0.15 - bottom * 0.01;
    if (match.score < needed || score <= (best?.score ?? least) || !isAbout(candidate.table, match, named)) continue;
    best = { tab: candidate, words, match, top, bottom, headers, score };
  }
  return best;
};

/** Whether a cell holds a header word of any table. */
export const isHeaderWord = (cell: RawCell, tabs: readonly Tab[]): boolean => isWord(cell, allWords(tabs));

/** The heading of a tab, looked for from a row on; null where it is none of our tables. */
export const findTable = (tab: RawTab, tabs: readonly Tab[], from = 0): Heading | null => {
  const width = Math.max(0, ...tab.rows.slice(from, from + searched).map((row) => row.length));
  const rows = candidates(tab, allWords(tabs), from);
  let best = null as Scored | null;
  for (const row of rows) {
    // Below a good header come data, and data are no better header.
    if (best && best.score >= clear && row > best.bottom + deepest) break;
    for (const { top, bottom } of extents(tab, row, rows, from)) best = bestTable(tab, tabs, top, bottom, width, best?.score ?? 0) ?? best;
  }
  return best;
};
