/**
 * Reads days of the week: 周一至周五, 一、三、五, 1-5, 星期二,四, 每天.
 * A number of days (3天) is no list of days, and says so.
 */
import type { RawCell } from '../../schema/parsed.ts';
import { meaningOf } from './number-format.ts';
import { fold, meansBlank } from './plain-text.ts';
import { fault, numberIn, type Reading, value } from './reading.ts';

const dayOf: Readonly<Record<string, number>> = {
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  日: 7,
  天: 7,
  末: 0,
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  5: 5,
  6: 6,
  7: 7,
};
const schoolWeek = [1, 2, 3, 4, 5];
const wholeWeek =
  /^(每天|每日|天天|每个?(工作日|上课日|上学日|教学日)|工作日|上课日|上学日|教学日|全周|整周|(每周)?[5五]个?天(全程)?(参加)?|[5五]天全程(参加)?|全程(参加)?)$/;

const range = (from: number, to: number): number[] | null => (from < to ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : null);

/** 周一, 周末, a word for a range, or something between two days. */
const tokenPattern = /^(?:(周末|双休日)|周?([一二三四五六日天1-7])|(至|到|-+|~+)|周$|[、,;/.·|&+和及与跟]+)/;

/** Days and ranges one after the other; null at the first word that is neither. */
const daysOfTokens = (text: string): number[] | null => {
  const days = new Set<number>();
  let last: number | null = null;
  let through = false;
  let rest = text;
  while (rest !== '') {
    const token = tokenPattern.exec(rest);
    if (!token) return null;
    const [words, weekend, named, to] = token;
    rest = rest.slice(words.length);
    if (to !== undefined && (last === null || through)) return null;
    if (to !== undefined) through = true;
    if (weekend === undefined && named === undefined) continue;
    const day = named === undefined ? 6 : (dayOf[named] as number);
    const span = through ? range(last as number, day) : named === undefined ? [6, 7] : [day];
    if (!span) return null;
    for (const one of span) days.add(one);
    last = day;
    through = false;
  }
  return through || days.size === 0 ? null : [...days].sort();
};

/** 周一一周五: the dash of 周一—周五 typed as the numeral, or Monday said twice. */
const dashAsDay = /周[一二三四1-4]一周[二三四五六日天2-7]|(周?[一二三四五六日天1-7])\1/;

/** 二一五: days one behind the other, and not in their order, were meant otherwise. */
const isJumbled = (text: string): boolean => {
  const days = /^周?([一二三四五六日天1-7]{2,})$/.exec(text)?.[1];
  return days !== undefined && [...days].some((day, at) => at > 0 && (dayOf[day] as number) <= (dayOf[days[at - 1] as string] as number));
};

/** The days that folded text names, sorted; null when it names none or anything besides. */
export const weekdaysIn = (folded: string): number[] | null => {
  if (wholeWeek.test(folded)) return schoolWeek;
  // 3天 counts days; 六日 and 周六日 name two.
  if (/[1-5一二三四五][天日]/.test(folded)) return null;
  const text = folded
    .replace(/[()。.]+$/, '')
    .replace(/每?(周|週|星期|礼拜|禮拜|逢)/g, '周')
    .replace(/^每/, '');
  return dashAsDay.test(text) || isJumbled(text) ? null : daysOfTokens(text);
};

/** Said of all days but some: 周一至周五(周三除外), 每天,除周三外, 周一至周五(除周三). */
const exception = /^(?:(.+?)[(,;、]?除了?([周一二三四五1-5、,和及]+)(?:以?外)?|(.+?)[(,;、]([周一二三四五1-5、,和及]+)除外)\)?$/;

/** The days that are left once the exceptions are taken away; null where it is not said so, or takes away what is not there. */
const daysWithout = (folded: string): number[] | null => {
  const found = exception.exec(folded.replace(/每?(星期|礼拜|週)/g, '周'));
  const [all, but] = found ? [weekdaysIn((found[1] ?? found[3]) as string), weekdaysIn((found[2] ?? found[4]) as string)] : [null, null];
  if (!all || !but || but.some((day) => !all.includes(day))) return null;
  const left = all.filter((day) => !but.includes(day));
  return left.length > 0 ? left : null;
};

/** Said of the days, without changing which they are: 下午, (法定节假日除外). */
const remarks = /\((国家)?(法定)?节假日(除外|不上)\)$|(上午|下午|放学后|课后|晚上)$/;

/** 135 or 24: digits without anything between them. */
const fromDigits = (digits: string): Reading => {
  const days = [...digits].map(Number);
  const rising = days.every((day, index) => day >= 1 && day <= 7 && (index === 0 || day > (days[index - 1] as number)));
  if (!rising) return fault('not-in-choices/weekday');
  // 15 may be Monday and Friday, or Monday to Friday with the dash lost.
  return days.length === 2 ? fault('ambiguous/days') : value(days);
};

const fromText = (text: string): Reading => {
  const folded = fold(text);
  if (meansBlank(folded)) return {};
  if (/^\d{2,}$/.test(folded)) return fromDigits(folded);
  const days = weekdaysIn(folded) ?? weekdaysIn(folded.replace(remarks, '')) ?? daysWithout(folded);
  if (days) return value(days);
  if (/单周|双周|单双周|隔周|隔一周|轮周/.test(folded)) return fault('ambiguous/alternate-weeks');
  return /^(每周)?[1-4一二两三四]个?[天次]$/.test(folded) || dashAsDay.test(folded.replace(/星期|礼拜/g, '周'))
    ? fault('ambiguous/days')
    : fault('not-in-choices/weekday');
};

/** Days 1 = Monday ... 7 = Sunday, sorted. */
export const readWeekdays = (cell: RawCell): Reading => {
  const number = numberIn(cell);
  if (number === null) return fromText(cell.text);
  // 1-5 typed into a general cell becomes the fifth of January.
  if (meaningOf(cell.format) !== null) return fault('ambiguous/date-instead');
  return Number.isInteger(number) ? fromText(String(number)) : fault('ambiguous/days');
};
