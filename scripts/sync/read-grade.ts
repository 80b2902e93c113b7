/**
 * Reads grades (一年级, 初一, 6, 一至三年级) and classes (三(1)班, 402, 6.2班).
 * What names no grade of compulsory schooling for certain is a problem.
 */
import type { RawCell } from '../../schema/parsed.ts';
import { meaningOf } from './number-format.ts';
import { fold, splitList, wholeNumber } from './plain-text.ts';
import { fault, numberIn, type Reading, value } from './reading.ts';

const junior: Readonly<Record<string, number>> = { 一: 7, 二: 8, 三: 9, 1: 7, 2: 8, 3: 9 };

/** The grade that folded text names: 1 to 9 (初一 = 7), else null. */
export const gradeIn = (folded: string): number | null => {
  const middle = /^(?:初中?|初级中学)([一二三123])(?:年级|年)?$/.exec(folded);
  if (middle) return junior[middle[1] as string] as number;
  const plain = /^(?:小学?|第)?(\d|[一二三四五六七八九])(?:年级|年|级)?$/.exec(folded);
  const grade = plain ? wholeNumber(plain[1] as string) : null;
  return grade !== null && grade >= 1 && grade <= 9 ? grade : null;
};

/** One grade. */
export const readGrade = (cell: RawCell): Reading => {
  if (numberIn(cell) !== null && meaningOf(cell.format) !== null) return fault('ambiguous/date-instead');
  const folded = fold(cell.text);
  const grade = gradeIn(folded);
  if (grade !== null) return value(grade);
  // 三(1)班 and 301 name a class and with it the grade; 三四 and 3-4 are two grades.
  const inClass = /班|[([【〔]|^0?\d{3}$/.test(folded) ? classIn(folded) : null;
  if (inClass?.grade) return value(inClass.grade);
  if (/^[1-9一二三四五六七八九][-~至到.]?[1-9一二三四五六七八九](年级)?$/.test(folded)) return fault('ambiguous/several');
  return splitList(folded).length > 1 ? fault('ambiguous/several') : fault('not-in-choices/grade');
};

const everyGrade = /^(全校|全体|各年级|所有年级|全部|全年级|不限|低年级|中年级|高年级|低年段|中年段|高年段|[低中高]段|全体学生|全校学生)$/;
const divisions: Readonly<Record<string, readonly number[]>> = {
  小学: [1, 2, 3, 4, 5, 6],
  小学部: [1, 2, 3, 4, 5, 6],
  初中: [7, 8, 9],
  初中部: [7, 8, 9],
};

/** 小学部、初中部 */
const divisionsIn = (folded: string): number[] | null => {
  const parts = folded.split(/[、,;/.|&+和及与]+/).map((part) => divisions[part]);
  return parts.length > 1 && parts.every((part) => part !== undefined) ? [...new Set(parts.flat() as number[])].sort() : null;
};

const gradesIn = (folded: string): number[] | null => {
  const grades = new Set<number>();
  // 初一、二 and 一至三年级: a word stands once for all that follow, or for all before it.
  const isJunior = /^初中?[一二三123]/.test(folded);
  const text = folded.replace(/年级|年/g, '').replace(/级$/, '');
  for (const part of text.split(/[、,;/.·|&+和及与]+/)) {
    if (part === '') continue;
    const ends = part.split(/至|到|-+|~+/).map((end) => gradeIn(isJunior && !end.startsWith('初') ? `初${end}` : end));
    if (ends.some((end) => end === null) || ends.length > 2) return null;
    const [from, to = from] = ends as number[];
    if ((from as number) > (to as number)) return null;
    for (let grade = from as number; grade <= (to as number); grade += 1) grades.add(grade);
  }
  return grades.size > 0 ? [...grades].sort() : null;
};

/** Any number of grades, sorted. */
export const readGrades = (cell: RawCell): Reading => {
  const number = numberIn(cell);
  if (number !== null && meaningOf(cell.format) !== null) return fault('ambiguous/date-instead');
  const folded = fold(cell.text);
  const division = divisions[folded];
  if (division) return value(division);
  const several = divisionsIn(folded);
  if (several) return value(several);
  // Up to which grade, only the school can say.
  if (everyGrade.test(folded) || /^.{1,4}(年级)?(及|或)?以[上下]$/.test(folded)) return fault('ambiguous/grades');
  if (/^[1-9]{3,}$/.test(folded))
    return [...folded].every((digit, index) => index === 0 || digit > (folded[index - 1] as string))
      ? value([...folded].map(Number))
      : fault('not-in-choices/grade');
  if (/^[一二三四五六七八九]{2,}(年级)?$/.test(folded)) {
    const grades = [...folded.replace('年级', '')].map((digit) => wholeNumber(digit) as number);
    return grades.every((grade, index) => index === 0 || grade > (grades[index - 1] as number)) ? value(grades) : fault('not-in-choices/grade');
  }
  const grades = gradesIn(folded);
  return grades ? value(grades) : fault('not-in-choices/grade');
};

export interface ClassName {
  readonly grade: number | null;
  /** Number of the class within its grade. */
  readonly number: number | null;
}

const count = '\\d{1,2}|[一二三四五六七八九十]{1,3}';
const gradeWord = '(?:初中?|小学?)?[1-9一二三四五六七八九](?:年级|年|级)?';
/** What schools put around the number of a class, for sets of characters. */
const opening = '([【〔<《〈「“"';
const closing = ')\\]】〕>》〉」”"';
const shapes: readonly RegExp[] = [
  // 三(1)班, 三年级(1)班, 初一(3), 3[2]班, 三<2>班
  new RegExp(`^(?<grade>${gradeWord})[${opening}](?<number>${count})[${closing}]班?$`),
  // 三年级3班, 3年级2班, 初一3班, 七年级十二班
  new RegExp(
    `^(?<grade>(?:初中?[一二三123](?:年级|年)?|小学?[1-9一二三四五六]|(?:小学?)?[1-9一二三四五六七八九](?:年级|年|级)))第?(?<number>${count})班?$`,
  ),
  // G3C2
  /^g(?<grade>[1-9])c(?<number>\d{1,2})$/i,
  // 三1班, 三1, 三一班, 五一
  /^(?<grade>[一二三四五六七八九])(?<number>\d{1,2}|[一二三四五六七八九十]{1,2}(?=班)|[一二三四五六七八九])班?$/,
  // 6.2班, 3-2, 6·2, 初一.3班
  new RegExp(`^(?<grade>[1-9一二三四五六七八九]|初中?[一二三123])[.·-](?<number>${count})班?$`),
  // 402, 0402, 302班
  /^0?(?<grade>[1-9])(?<number>[0-6]\d)班?$/,
  // 1班, (2), 02班, 十班
  new RegExp(`^第?[([]?(?<number>${count})[)\\]]?班?$`),
  // 2023级1班: the year of entry says no grade without a calendar
  new RegExp(`^20\\d{2}(?:级|年)?[([]?(?<number>${count})[)\\]]?班$`),
];

/** The class that folded text names; null for a class that has a name instead of a number. */
export const classIn = (folded: string): ClassName | null => {
  for (const shape of shapes) {
    const groups = shape.exec(folded)?.groups;
    if (!groups) continue;
    const number = wholeNumber(groups.number as string);
    if (number === null || number < 1) continue;
    // 十一班 read as grade and number would be nonsense: the shapes above are tried in the order of how much they say.
    return { grade: groups.grade ? gradeIn(groups.grade) : null, number };
  }
  return null;
};

/** More than one class, no class in particular, or the remains of a bracket: none of them is the name of a class. */
const severalClasses = /[、,;/+&至到~]|班.*班|[)\]】〕].*[([【〔]|\d+-\d+班?\)|\(\d+-\d+\)/;
const noClass = /(全校|全体|各班|所有|全部|全年级|未分班|待分班|未定|待定|不限|若干)|^班级?\d*$|年级班$|^(空|缺|空缺|暂缺|同|ditto)$/i;
/** ×× or ?: not a letter, and so no name. */
const wordless = /^[^\p{L}]*$/u;
/** 三2班李老师, 3班三年级, P3-2: it has a class in it, and something else. */
const moreThanClass = new RegExp(`^(${gradeWord})?第?[${opening}]?(${count})[${closing}]?班.|班.*年级|^[a-z]{1,3}\\d|^[ivx]+[${opening}]`, 'i');
const brackets = (text: string, either: RegExp): number => (text.match(either) ?? []).length;
const inBrackets = new RegExp(`^${gradeWord}[${opening}](${count})[${closing}]`);
const isBroken = (text: string): boolean => brackets(text, /[([【〔]/g) !== brackets(text, /[)\]】〕]/g);

/** Why words that are no number of a class are no name of one either; null where they may be one. */
const nameFault = (folded: string): Reading | null => {
  if (/^(无|没有|暂无)$/.test(folded)) return {};
  if (/^\d{1,2}月\d{1,2}日?$/.test(folded)) return fault('ambiguous/date-instead');
  if (severalClasses.test(folded)) return fault('ambiguous/several');
  if (noClass.test(folded) || wordless.test(folded)) return fault('not-in-choices', '班级,如“三(1)班”');
  // 三(1)班住宿, 三(1)班(2组), 三(1: a class and something more, or something less.
  return isBroken(folded) || moreThanClass.test(folded) || inBrackets.test(folded) ? fault('ambiguous') : null;
};

/** No grade of a county's school has more classes. */
const mostClasses = 20;

export interface ClassReading {
  readonly grade: number | null;
  readonly klass: Reading;
}

/** A class, and its grade where the same cell says it. */
export const readClass = (cell: RawCell): ClassReading => {
  const number = numberIn(cell);
  // 3-2 typed into a general cell becomes the second of March.
  if (number !== null && meaningOf(cell.format) !== null) return { grade: null, klass: fault('ambiguous/date-instead') };
  const text = number !== null && cell.format === undefined ? String(number) : cell.text;
  // 1 2 is no twelfth class.
  if (/^\s*\d{1,2}\s+\d{1,2}\s*班?\s*$/.test(text)) return { grade: null, klass: fault('ambiguous') };
  const folded = fold(text).replace(/[。.,;]$/, '');
  // 三(2)班(走读): a remark behind says nothing about the class.
  const found = classIn(folded) ?? classIn(folded.replace(/(?<=班)\([^()\d]+\)$/, ''));
  // 21班 is 二(1)班 in most schools, and the 21st class in none of this size: neither is certain.
  if (found && found.grade === null && (found.number as number) > mostClasses) return { grade: null, klass: fault('ambiguous') };
  if (found) return { grade: found.grade, klass: value(found.number as number) };
  if (/^[\dOoIl|]{2,4}班?$/.test(folded) && /[OoIl|]/.test(folded)) return { grade: null, klass: fault('ambiguous/look-alike') };
  if (/^\d+(\.\d+)?$/.test(folded)) return { grade: null, klass: fault('not-in-choices', '班级,如“三(1)班”') };
  if (gradeIn(folded) !== null && /年级|^初/.test(folded)) return { grade: gradeIn(folded), klass: {} };
  const broken = nameFault(folded);
  if (broken) return { grade: null, klass: broken };
  const named = new RegExp(`^(?<grade>${gradeWord})[(]?(?<name>[^()\\d][^()]*班?)[)]?班?$`).exec(folded)?.groups;
  const grade = named && /年级|^初/.test(named.grade as string) ? gradeIn(named.grade as string) : null;
  return { grade, klass: value(text.normalize('NFC').trim()) };
};
