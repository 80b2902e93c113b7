/**
 * Reads counts, money, minutes and per cents with the units, signs and words that people put beside them.
 * 约30人 gives 30 and says that it is no exact figure; 60-80 gives nothing.
 */
import type { DecimalField, MinutesField, MoneyField, PercentField, WholeField } from '../../schema/fields.ts';
import type { RawCell } from '../../schema/parsed.ts';
import { meaningOf } from './number-format.ts';
import { fold, numeral, wholeNumber } from './plain-text.ts';
import { fault, numberIn, type Reading, value } from './reading.ts';

interface Amount {
  readonly number: number;
  /** What stood behind the number. */
  readonly unit: string;
  readonly before: string;
  readonly approximate: boolean;
}

const approximateBefore = /^(大约|大概|约|将近|接近|近|不到|超过|至少|不少于|不低于|估计)/;
const approximateAfter = /(左右|上下|余|多|来|以上|以内)(?=\D*$)|\+$/;
const amountPattern = new RegExp(`^(\\D*?)(-?\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|-?\\d+(?:\\.\\d+)?|-?\\.\\d+|负?[${numeral}]+)(\\D*)$`);

/** Beyond this it is a remark, and not worth the search. */
const longestAmount = 40;

/** Number and unit of folded text; null when there is no number, or more than one. */
const amountIn = (folded: string): Amount | null => {
  if (folded.length > longestAmount) return null;
  const approximate = approximateBefore.test(folded) || approximateAfter.test(folded);
  const text = approximate ? folded.replace(approximateBefore, '').replace(approximateAfter, '') : folded;
  const match = amountPattern.exec(text);
  if (!match) return null;
  const [, before = '', digits = '', unit = ''] = match;
  const plain = digits.replace(/,/g, '');
  const number = /^-?[\d.]+$/.test(plain) ? Number(plain) : wholeNumber(plain.replace('负', ''));
  if (number === null || !Number.isFinite(number)) return null;
  return { number: digits.startsWith('负') ? -number : number, unit, before, approximate };
};

/** Two numbers with nothing but space between them: 30 35 is no 3035. Groups of three digits are one number. */
const holdsTwo = (text: string): boolean => {
  const plain = text.normalize('NFKC').trim();
  return /\d\s+\d/.test(plain) && !/^\D*\d{1,3}(\s\d{3})+(\.\d+)?\D*$/.test(plain);
};

const isRange = (folded: string): boolean => folded.length <= longestAmount && /\d[^\d]*(-|~|至|到|\/|或)[^\d]*\d/.test(folded);

const within = (number: number, field: { readonly min?: number; readonly max?: number }): Reading => {
  if (number < 0 && (field.min ?? -1) >= 0) return { value: number, code: 'out-of-range/negative' };
  if (field.min !== undefined && number < field.min) return { value: number, code: 'out-of-range', detail: `不小于 ${field.min}` };
  if (field.max !== undefined && number > field.max) return { value: number, code: 'out-of-range', detail: `不大于 ${field.max}` };
  return value(number);
};

const approximately = (reading: Reading, approximate: boolean): Reading =>
  approximate && reading.code === undefined ? { ...reading, code: 'ambiguous/approximate', detail: String(reading.value) } : reading;

/** A number whose format makes it a day or a clock is no count. */
const plainNumber = (cell: RawCell): number | null => (meaningOf(cell.format) === null ? numberIn(cell) : null);

/** What the format shows is what people read: 60% holds 0.6, and 1.5万 holds 1.5 where 万 is a mere word and not a scale. */
const shownOtherwise = ({ format = '' }: RawCell): boolean => format.includes('%') || (/[千万亿]/.test(format) && !/[0#],+(?![0#?])/.test(format));

/** 3万 and 1.2千 in front of the unit. */
const scaled = (amount: Amount | null): Amount | null => {
  const scale = { 万: 10_000, 千: 1000 }[amount?.unit.charAt(0) ?? ''];
  return amount && scale ? { ...amount, number: Math.round(amount.number * scale * 1e6) / 1e6, unit: amount.unit.slice(1) } : amount;
};

const counters =
  /^(个|名|位|人|人次|次|节|节课|课时|课|天|日|门|班|个班|间|家|所|件|处|条|项|份|组|场|期|户|生|名?学生|名?教师|名?老师|个?社团|门课|门课程|个?孩子)?$/;
/** What may stand behind a count whose unit is known: two classes are no two pupils. */
const countersOf: Readonly<Record<string, RegExp>> = {
  人: /^(个|名|位|人|生|名?学生|名?教师|名?老师|个?孩子)?$/,
  人次: /^(个|名|位|人|人次|次)?$/,
  天: /^(个|天|日)?$/,
  节: /^(个|节|节课|课时|课|次)?$/,
  课时: /^(个|节|节课|课时|课|次)?$/,
};
const wholeOf = (number: number, field: WholeField): Reading => (Number.isInteger(number) ? within(number, field) : fault('not-a-number/whole'));

/** A count: a whole number without its unit. */
export const readWhole = (cell: RawCell, field: WholeField): Reading => {
  const number = plainNumber(cell);
  if (number !== null) return shownOtherwise(cell) ? fault('ambiguous/shown-otherwise') : wholeOf(Math.round(number * 1e9) / 1e9, field);
  if (numberIn(cell) !== null) return fault('ambiguous/date-instead');
  if (holdsTwo(cell.text)) return fault('not-a-number/range');
  const folded = fold(cell.text).replace(/[。.]$/, '');
  const amount = scaled(amountIn(folded));
  if (!amount || !/^(共|计|合计|总计|共计|总共|一共)?$/.test(amount.before)) return fault(isRange(folded) ? 'not-a-number/range' : 'not-a-number');
  if (!counters.test(amount.unit)) return fault(/^(元|块|分钟|%|‰|年|月|岁)/.test(amount.unit) ? 'not-a-number/unit' : 'not-a-number', field.unit);
  if (countersOf[field.unit ?? '']?.test(amount.unit) === false) return fault('not-a-number/unit', field.unit);
  return approximately(wholeOf(amount.number, field), amount.approximate);
};

const currency = /^(¥|\$?RMB|CNY|人民币|共|计|(每(生|人|月|学期|课时|节|小时|次|天)?)+)*$/i;
const per = '(?:生|人|月|学期|学年|课时|节课?|小时|次|天|日)';
const moneyUnit = new RegExp(`^(万)?(?:(?:元|块钱?|圆|yuan)(?:整|正)?)?(?:(?:/|每|一|·|\\.)个?${per}+)*$`, 'i');

/** The unit of a fee as 收费单位 has it, from the words beside the amount. */
const feeUnitIn = (words: string): string | undefined => {
  if (/课时|节/.test(words)) return '元/生·课时';
  if (/小时/.test(words)) return '元/生·小时';
  if (/学期/.test(words)) return '元/生·学期';
  return /月/.test(words) ? '元/生·月' : undefined;
};

const cents = (number: number): number => Math.round(number * 100) / 100;

/** Somebody who types a third decimal has slipped, or means something else; a formula has just divided. */
const finerThanCents = (number: number): boolean => Math.abs(cents(number) - number) > 1e-9;

/** Yuan, at most two decimals. 免费 is nought. */
export const readMoney = (cell: RawCell, field: MoneyField): Reading => {
  const number = plainNumber(cell);
  if (number !== null) return shownOtherwise(cell) ? fault('ambiguous/shown-otherwise') : within(cents(number), field);
  if (numberIn(cell) !== null) return fault('ambiguous/date-instead');
  if (holdsTwo(cell.text)) return fault('not-a-number/range');
  const folded = fold(cell.text).replace(/^(-?)¥(-?)/, '$1$2');
  // 全免 in the column of what is waived is all of it, whatever that is, and no nought.
  if (/^(免费|全免|不收费|不收|免收|免缴|免交|免)$/.test(folded)) return /减免|退/.test(field.label) ? fault('not-a-number') : value(0);
  const amount = amountIn(folded);
  if (!amount || !currency.test(amount.before)) return fault(isRange(folded) ? 'not-a-number/range' : 'not-a-number');
  if (!moneyUnit.test(amount.unit)) return fault(/^(人|名|天|次|分钟|%)/.test(amount.unit) ? 'not-a-number/unit' : 'not-a-number', '元');
  const feeUnit = feeUnitIn(amount.before + amount.unit);
  const exact = Math.round(amount.number * (amount.unit.startsWith('万') ? 10_000 : 1) * 1e6) / 1e6;
  const reading = approximately(within(cents(exact), field), amount.approximate || finerThanCents(exact));
  return { ...reading, ...(feeUnit ? { feeUnit } : {}) };
};

const durationPattern = new RegExp(
  `^(?:(\\d+(?:\\.\\d+)?|[${numeral}]+)(?:个)?(半)?(?:小时|钟头|时|h|hours?)(半)?)?(?:零)?(?:(\\d+|[${numeral}]+)(?:分钟?|min|minutes?|m)?)?$`,
  'i',
);

const durationIn = (folded: string): number | null => {
  if (/^半个?(小时|钟头)$/.test(folded)) return 30;
  const match = durationPattern.exec(folded);
  if (!match || (!match[1] && !match[4])) return null;
  const amount = (text: string | undefined): number => (text ? (/^[\d.]+$/.test(text) ? Number(text) : (wholeNumber(text) ?? Number.NaN)) : 0);
  const minutes = (amount(match[1]) + (match[2] || match[3] ? 0.5 : 0)) * 60 + amount(match[4]);
  return Number.isFinite(minutes) ? Math.round(minutes) : null;
};

/** Up to this a bare number may be hours as well as minutes. */
const couldBeHours = 12;

/** A duration in minutes: 120, 2小时, 一个半小时, 2小时30分. Lessons are no minutes (R-T2). */
export const readMinutes = (cell: RawCell, field: MinutesField): Reading => {
  const number = numberIn(cell);
  if (number !== null && meaningOf(cell.format) === 'time') return within(Math.round(number * 1440), field);
  if (number !== null && meaningOf(cell.format) !== null) return fault('ambiguous/date-instead');
  const folded = number === null ? fold(cell.text) : String(number);
  if (folded.length > longestAmount) return fault('not-a-number');
  const approximate = approximateBefore.test(folded) || approximateAfter.test(folded);
  const plain = folded
    .replace(approximateBefore, '')
    .replace(approximateAfter, '')
    .replace(/^(每天|每日|共)/, '')
    .replace(/(\/|每)(天|日)$/, '');
  if (/^(\d+(\.\d+)?|[一二两三四])(个?课时|学时|节课?)$/.test(plain)) return fault('ambiguous/unit', '分钟');
  // 2:00 as text is the two hours that a clock cell shows.
  const clock = /^(\d{1,2}):([0-5]\d)$/.exec(plain);
  if (clock && Number(clock[1]) <= couldBeHours) return within(Number(clock[1]) * 60 + Number(clock[2]), field);
  if (/^\d+(\.\d+)?$/.test(plain)) {
    const minutes = Number(plain);
    if (minutes > 0 && minutes <= couldBeHours) return fault('ambiguous/unit', '“2小时”或“120分钟”');
    return Number.isInteger(minutes) ? approximately(within(minutes, field), approximate) : fault('not-a-number');
  }
  const minutes = durationIn(plain);
  return minutes === null ? fault(isRange(folded) ? 'not-a-number/range' : 'not-a-number') : approximately(within(minutes, field), approximate);
};

/** Any number, with as many places as its column has; units are not known, so none may stand beside it. */
export const readDecimal = (cell: RawCell, field: DecimalField): Reading => {
  const scale = 10 ** (field.scale ?? 2);
  const placed = (number: number): number => Math.round(number * scale) / scale;
  const number = plainNumber(cell);
  if (number !== null) return shownOtherwise(cell) ? fault('ambiguous/shown-otherwise') : within(placed(number), field);
  if (numberIn(cell) !== null) return fault('ambiguous/date-instead');
  if (holdsTwo(cell.text)) return fault('not-a-number/range');
  const folded = fold(cell.text);
  const amount = amountIn(folded);
  if (!amount || amount.before) return fault(isRange(folded) ? 'not-a-number/range' : 'not-a-number');
  if (amount.unit) return fault('not-a-number/unit');
  return approximately(within(placed(amount.number), field), amount.approximate || Math.abs(placed(amount.number) - amount.number) > 1e-9);
};

/** Without its sign a share up to 1 may be 98 in a hundred or not even one. */
const bareShare = (number: number, field: PercentField): Reading =>
  number > 0 && number <= 1 ? fault('ambiguous/percent') : within(cents(number), field);

/** Per cent with two decimals: 0.9801 shown as 98.01%, 98.01, 98.01%, 百分之九十八. */
export const readPercent = (cell: RawCell, field: PercentField): Reading => {
  const number = numberIn(cell);
  if (number !== null && cell.format?.includes('%')) return within(cents(number * 100), field);
  // Our own cells show two decimals and ask for per cents without the sign: there 0.50 is half of one.
  if (number !== null) return cell.format === '0.00' ? within(cents(number), field) : bareShare(number, field);
  const folded = fold(cell.text);
  const words = /^百分之(.+)$/.exec(folded)?.[1];
  const spoken = words === undefined ? null : wholeNumber(words);
  if (spoken !== null) return within(spoken, field);
  const match = /^(-?\d+(?:\.\d+)?)([%﹪])?$/.exec(folded);
  if (!match) return fault('not-a-number');
  return match[2] ? within(cents(Number(match[1])), field) : bareShare(Number(match[1]), field);
};
