/**
 * What the lines above a table, or the title of its tab, say of all its rows: the class of a list, the month of an account.
 * Only what is said once and outright counts; two months, or a month without its year, say nothing.
 */
import type { RawTab } from '../../schema/parsed.ts';
import type { Heading } from './find-table.ts';
import { chineseNumber, fold } from './plain-text.ts';
import { classIn, gradeIn } from './read-grade.ts';
import type { Section } from './read-row.ts';

/** Class and grade that a line of text names: 三(1)班 above its pupils, or as the title of the tab. */
export const sectionIn = (text: string): Section => {
  const folded = fold(text)
    .replace(/\(?(共|计)?\d+(人|名)(学生)?\)?$/, '')
    .replace(/(学生)?(名单|花名册|报名表|报名花名册|课后服务.*)$/, '');
  const found = classIn(folded);
  if (found?.grade && found.number !== null) return { grade: found.grade, klass: found.number };
  return { grade: /年级$|^初/.test(folded) ? gradeIn(folded) : null, klass: null };
};

/** 班级:三(1)班 班主任:王芳 */
const labelledClass = /(?:^|[:;,、\s])班级[:：]\s*([^\s:：;,、]+)/;

const linesAbove = (raw: RawTab, top: number): string[] =>
  raw.rows
    .slice(0, top)
    .flatMap((row) => row.flatMap((cell) => (cell && typeof cell.value === 'string' && cell.text.length < 60 ? [cell.text] : [])));

const nothing: Section = { grade: null, klass: null };

/** The class of a whole list without a column for it: from its title, from a line above, or from the tab's own title. */
export const classAbove = (raw: RawTab, heading: Heading): Section => {
  const said = linesAbove(raw, heading.top).flatMap((line) => {
    const found = sectionIn(labelledClass.exec(line.normalize('NFKC'))?.[1] ?? line);
    return found.klass !== null || found.grade !== null ? [found] : [];
  });
  const [first, ...others] = said.length > 0 ? said : [sectionIn(raw.name)];
  return first && others.every((one) => one.grade === first.grade && one.klass === first.klass) ? first : nothing;
};

const monthsIn = (text: string): string[] =>
  [...text.normalize('NFKC').matchAll(/(20\d{2})\s*[年.-]\s*(\d{1,2}|十[一二]?|[一二三四五六七八九])(?:\s*月|(?=$))/g)].flatMap(([, year, month]) => {
    const number = /^\d+$/.test(month as string) ? Number(month) : (chineseNumber(month as string) ?? 0);
    return number >= 1 && number <= 12 ? [`${year}-${String(number).padStart(2, '0')}`] : [];
  });

/** From September to January is no month. */
const isSpan = (text: string): boolean => /月?\s*[-—–~至到]\s*(20\d{2}\s*[年.-]\s*)?\d{1,2}\s*月/.test(text.normalize('NFKC'));

/** 2026年10月, 10月份: and 某某小学2026年10月收费明细表. A sentence that mentions a month is no title. */
const titledMonth =
  /^[(一二三四五六七八九十、)\s]*(20\d{2}\s*[年.-]\s*)?(\d{1,2}|十[一二]?|[一二三四五六七八九])\s*月份?[:)]?$|^[^,。;:]*([\d一二三四五六七八九十]\s*月|20\d{2}\s*[年.-]).*(表|明细|台账|名单|花名册|收费|缴费|账|情况)(\(.*\))?$/;

/** What a line between the rows says of those below it: the month that it is about, null for one that is not surely known, undefined for none. */
export const monthBetween = (text: string): string | null | undefined => {
  const plain = text.normalize('NFKC').trim();
  if (plain.length > 40 || /填|制表|报送|日期|\d\s*日/.test(plain) || !titledMonth.test(plain)) return undefined;
  const months = isSpan(plain) ? [] : monthsIn(plain);
  return months.length === 1 ? (months[0] as string) : null;
};

/** The one month that the title of a tab, or a line above its header, names for all rows; null where it is not surely one. */
export const monthAbove = (raw: RawTab, heading: Heading): string | null => {
  // A line with the date on which the form was filled in names another month than the one it is about.
  const lines = [raw.name, ...linesAbove(raw, heading.top)].filter((line) => !/填|制表|报送|日期|\d\s*日/.test(line));
  if (lines.some(isSpan)) return null;
  const months = new Set(lines.flatMap(monthsIn));
  return months.size === 1 ? ([...months][0] as string) : null;
};
