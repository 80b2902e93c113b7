/**
 * Tells the rows of data from all others below a header: blanks, totals, notes, signatures, repeated headers, numbered empty rows.
 * In doubt a row is data: it is better refused with its reason than passed over in silence.
 */
import type { RawCell } from '../../schema/parsed.ts';
import { headerKey } from './known-columns.ts';
import type { Slot } from './match-headers.ts';
import { fold, meansBlank } from './plain-text.ts';

export interface FilledCell {
  readonly at: number;
  readonly cell: RawCell;
  readonly folded: string;
  /** Merged over several columns. */
  readonly wide: boolean;
}

export interface RowContext {
  readonly slots: ReadonlyMap<number, Slot>;
  readonly headers: readonly (readonly string[])[];
  /** Index of the column whose value names the row (姓名, 课程名). */
  readonly keyColumn: number;
}

/** Why a row is passed over, and whether it gives totals. */
export interface Passed {
  readonly reason: string;
  readonly total?: 'sub' | 'all';
}

/** Cells of a row that say something; dashes say nothing. */
export const filledCells = (cells: readonly (RawCell | null)[], isWide: (at: number) => boolean): FilledCell[] => {
  const filled: FilledCell[] = [];
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at];
    if (!cell) continue;
    const folded = typeof cell.value === 'string' ? fold(cell.text) : cell.text;
    if (folded !== '' && !(typeof cell.value === 'string' && meansBlank(folded))) filled.push({ at, cell, folded, wide: isWide(at) });
  }
  return filled;
};

/** 合计, 三(1)班小计, 小计:1人, and 汇总 as a spreadsheet's own table calls its last row. */
const totalWord =
  /^汇总$|^[^,。;:、]{0,8}(合计|小计|总计|共计|累计|总数|平均)(\(.*\)|数|人数|金额|行)?:?((共|约)?\d+(\.\d+)?(人|名|元|门|个|节|项|次)?)?$/;
const countSentence = /^(本班|全班|全校|本校|总)?(合计|小计|总计|共计|共)[有:]?[^\d]{0,6}\d+(人|名|元|门|个|节|项)/;
/** 男2人 beside it, and 28 beside 实到人数. */
const counted = /^(其中)?:?[^\d]{0,8}:?\d+(人|名|元|门|个|节|项)?$/;
/** 参加人数, 应到人数:30, 男生: what is counted below a list. */
const countedWord =
  /^(其中)?:?(本班|全班)?((参加|参与|应到|实到|未参加|请假|报名|在校|男生?|女生?|住宿生?|走读生?)?(学生)?总?人数|男生|女生|应到|实到)(:?\d+(人|名)?)?$/;

/** What no line of totals has: the telephone, the days or the hours of somebody called 李总计. */
const isPersonal = ({ cell }: FilledCell, slot: Slot | undefined): boolean =>
  slot?.role.kind === 'field' &&
  ['phone', 'weekdays', 'time', 'date'].includes(slot.role.column.field.kind) &&
  /[\d一二三四五]/.test(cell.text) &&
  !cell.formula;

const totalOf = (filled: readonly FilledCell[], { slots }: RowContext): Passed | null => {
  if (filled.filter((one) => isPersonal(one, slots.get(one.at))).length > 1) return null;
  const word = filled.slice(0, 3).find(({ folded }) => folded.length <= 16 && totalWord.test(folded));
  if (word)
    return { reason: '合计行', ...(/平均|累计/.test(word.folded) ? {} : { total: /小计/.test(word.folded) ? ('sub' as const) : ('all' as const) }) };
  const [first, ...others] = filled as [FilledCell, ...FilledCell[]];
  const onlyCounts = others.every(({ folded }) => counted.test(folded) || countedWord.test(folded));
  if (countedWord.test(first.folded) && onlyCounts && (others.length > 0 || /\d/.test(first.folded))) return { reason: '合计行' };
  return countSentence.test(first.folded) && (filled.length <= 2 || onlyCounts) ? { reason: '合计行' } : null;
};

const noteStart =
  /^[([（]?(注|说明|备注|附注|附|填表说明|填报说明|填写说明|填表要求|要求|提示|温馨提示|注意|特别说明|本表)(事项)?\d*[)\]）]?[:、.,(一二三1-9]/;
/** ※带星号必填 */
const markedNote = /^[※★☆▲*].{4}/;
const exampleStart = /^[([]?(示例|样例|填写示例|例如|举例|例)[)\]]?[::]?$|^(示例|样例|填写示例|例)[::(]/;
const signer =
  '填表|制表|填报|审核|审批|复核|校长|负责|会计|出纳|班主任|教导|政教|总务|主任|签字|签名|签章|盖章|公章|经办|收款|缴款|领导|单位|日期|时间|联系人|联系电话|监督电话|分管|教师|财务|记账|核对|领取|统计|学校';
const signature = new RegExp(
  `^[^:]{0,10}(${signer})[^:]{0,8}[:](.{0,24})$|^[^:,。]{0,8}(签字|签名|签章|盖章|\\(章\\)|\\(公章\\)|\\(签章\\)|\\(盖章\\))[^:,。]{0,6}$`,
);
const dateLine = /^(\d{4}年?)?\d{0,2}[年\-/.]?\d{0,2}月\d{0,2}日?$|^年月日$|^\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?$/;

/** 班主任(签字) 王老师 2026.9.1: a name behind a place for a signature is the signature. */
const isSigned = (before: FilledCell | undefined, folded: string): boolean =>
  before !== undefined &&
  /[:)]$|(签字|签名|签章|盖章)$/.test(before.folded) &&
  signature.test(before.folded) &&
  /^[\p{Script=Han}·]{2,5}$/u.test(folded);

const isSignature = (filled: readonly FilledCell[]): boolean =>
  filled.length <= 8 &&
  filled.some(({ folded }) => signature.test(folded)) &&
  filled.every(
    ({ folded }, index) => signature.test(folded) || dateLine.test(folded) || /^.{1,12}:.{0,20}$/.test(folded) || isSigned(filled[index - 1], folded),
  );

/** What printing puts between the rows: page numbers, 续表, 以下空白. */
const pageWords =
  /^[-(]*(第?\d+页[,/]?(共\d+页)?|共\d+页|续表|接上页|转下页|接下页|上接.{0,6}页|以下(空白|为空|无正文|为.{1,10}|是.{1,10})|此页无正文|完)[-)。]*$/;

/** Units below the header: (人) (元), and the numbers of the columns that forms print there: 甲 乙 1 2 3. */
const isUnitRow = (filled: readonly FilledCell[]): boolean => filled.length > 1 && filled.every(({ folded }) => /^\(.{1,8}\)$/.test(folded));
const stems = '甲乙丙丁戊己庚辛';
const isNumbering = (filled: readonly FilledCell[]): boolean => {
  const numbers = filled.filter(({ folded }) => /^\(?\d{1,3}\)?$/.test(folded)).map(({ folded }) => Number(folded.replace(/[()]/g, '')));
  const letters = filled.slice(0, filled.length - numbers.length);
  if (filled.length < 3 || !letters.every(({ folded }, index) => folded === stems[index])) return false;
  return numbers.every((number, index) => number === index + 1);
};

const isSentence = (folded: string): boolean => folded.length >= 12 || /[。;]|[,:].{4}/.test(folded);

const isNote = (filled: readonly FilledCell[], context: RowContext): boolean => {
  const [first] = filled as [FilledCell];
  if (noteStart.test(first.folded)) return filled.length <= 3;
  if (filled.length > 1) return false;
  if (first.wide || markedNote.test(first.folded)) return true;
  const slot = context.slots.get(first.at);
  if (!slot || slot.role.kind === 'ordinal') return !/^\d+$/.test(first.folded);
  if (first.at !== context.keyColumn) return typeof first.cell.value === 'string' && isSentence(first.folded);
  return isSentence(first.folded) || (slot.role.kind === 'field' && slot.role.column.header === '姓名' && sectionWords.test(first.folded));
};

const repeatsHeader = (filled: readonly FilledCell[], { headers }: RowContext): boolean => {
  if (filled.length < 2) return false;
  const same = filled.filter(({ at, folded }) => folded.length <= 20 && (headers[at] ?? []).includes(headerKey(folded))).length;
  return same >= 2 && same >= filled.length * 0.6;
};

/** Filled in beforehand for many rows at once: it makes no row. */
const carried = new Set([
  '年级',
  '班级',
  '统计月',
  '统计期',
  '标准',
  '收费标准',
  '收费单位',
  '学校全称',
  '学校标识码',
  '乡镇/学区',
  '学校类别',
  '补助标准',
]);

const isSubstance = ({ at, cell }: FilledCell, { slots }: RowContext): boolean => {
  const role = slots.get(at)?.role;
  if (!role || role.kind === 'ordinal' || role.kind === 'system') return false;
  if (cell.formula && (cell.error || typeof cell.value === 'number')) return false;
  return role.kind !== 'field' || !carried.has(role.column.header);
};

/** 制表人 | 王芳 | 审核人 | 李明: the words that forms print in front of a name, each in a cell of its own. */
const signerAlone =
  /^(制表|填表|填报|审核|审批|复核|经办|统计|联系|负责|收款|记账)人$|^(校长|园长|会计|出纳|班主任|分管领导|分管校长|主管领导|单位负责人|学校负责人|教导主任|制表日期|填表日期|填报日期|制表时间|填表时间|联系电话)$/;

/** 一、三年级学生 in the first column above its pupils: no pupil is called so. */
const sectionWords = /^[一二三四五六七八九十]+、|^\([一二三四五六七八九十]+\)|年级(学生)?$|花名册|名单|^续表/;

/** Why a row below the header is no data; null when it is. */
export const passedOver = (filled: readonly FilledCell[], context: RowContext): Passed | null => {
  if (filled.length === 0) return { reason: '空行' };
  if (filled.every(({ folded }) => /^\.{3,}$|^…+$/.test(folded))) return { reason: '省略行' };
  const total = totalOf(filled, context);
  if (total) return total;
  if (isSignature(filled) || (filled.length <= 6 && signerAlone.test((filled[0] as FilledCell).folded))) return { reason: '签字行' };
  if (exampleStart.test((filled[0] as FilledCell).folded)) return { reason: '填写示例' };
  if (filled.length === 1 && pageWords.test((filled[0] as FilledCell).folded)) return { reason: '说明文字' };
  if (isUnitRow(filled)) return { reason: '单位行' };
  if (isNote(filled, context)) return { reason: '说明文字' };
  if (repeatsHeader(filled, context)) return { reason: '重复的表头' };
  if (isNumbering(filled) && filled.some(({ at }) => at === context.keyColumn)) return { reason: '栏次' };
  if (filled.some((cell) => isSubstance(cell, context))) return null;
  if (filled.some(({ at }) => context.slots.get(at)?.role.kind === 'system')) return { reason: '只有行号,其余为空' };
  return { reason: '只有序号或预填内容,没有数据' };
};
