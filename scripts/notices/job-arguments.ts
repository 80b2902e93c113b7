/** What a 印制通知 job may be asked for in its row: the same as the command's flags. Reads values; does nothing. */
import { layouts, type NoticeTask, noticeTasks, onlyFilters } from '../../schema/letters.ts';
import { noticeKinds } from './kinds.ts';
import type { Area } from './recipients.ts';
import type { PrintOptions } from './run-types.ts';

export interface NoticeJob {
  readonly do: NoticeTask;
  readonly area: Area;
  readonly options: Omit<PrintOptions, 'school'>;
}

type Arguments = Readonly<Record<string, unknown>>;

const text = (given: Arguments, name: string): string | undefined => {
  const value = given[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

/** Students by 行号: one as text, several as a list. */
const studentsOf = (given: Arguments): string[] => {
  const { student } = given;
  const all = Array.isArray(student) ? student : [student];
  return all.filter((one): one is string => typeof one === 'string' && one.trim() !== '').map((one) => one.trim());
};

const taskOf = (given: Arguments): NoticeTask | undefined => {
  if (given.do === undefined) return given.preview === true ? 'preview' : 'print';
  return noticeTasks.find((one) => one === given.do);
};

type Asked = Readonly<Record<'school' | 'township' | 'class' | 'notice' | 'kind' | 'date' | 'term', string | undefined>>;

const askedFor = (given: Arguments): Asked => ({
  school: text(given, 'school'),
  township: text(given, 'township'),
  class: text(given, 'class'),
  notice: text(given, 'notice'),
  kind: text(given, 'kind'),
  date: text(given, 'date'),
  term: text(given, 'term'),
});

const gradeOf = (given: Arguments): number | undefined => (given.grade === undefined || given.grade === null ? undefined : Number(given.grade));
const isOneOf = (allowed: readonly string[], value: unknown): boolean => value === undefined || allowed.includes(String(value));

/** What is missing or wrong, the first first. */
const faultOf = (given: Arguments, asked: Asked, task: NoticeTask | undefined, students: readonly string[]): string | null => {
  const grade = gradeOf(given);
  const faults: readonly (readonly [boolean, string])[] = [
    [task === undefined, `参数“do”可写 ${noticeTasks.join(' 或 ')}`],
    [!asked.school && !asked.township && given.county !== true, '参数里缺“school”(学校标识码)'],
    [grade !== undefined && !(Number.isInteger(grade) && grade >= 1 && grade <= 9), '参数“grade”应是 1 到 9'],
    [asked.class !== undefined && grade === undefined, '写了“class”的,还要写“grade”:各年级都可能有同名的班'],
    [!isOneOf(layouts, given.layout), `参数“layout”可写 ${layouts.join(' 或 ')}`],
    [!isOneOf(onlyFilters, given.only), `参数“only”可写 ${onlyFilters.join(' 或 ')}`],
    [students.length > 0 && !asked.school, '写了“student”的,还要写“school”(学校标识码)'],
    [task === 'preview' && !asked.school, '预览要写“school”(学校标识码)'],
  ];
  return faults.find(([wrong]) => wrong)?.[1] ?? null;
};

const scopeOf = (given: Arguments, asked: Asked, students: readonly string[]) => {
  const grade = gradeOf(given);
  const only = onlyFilters.find((one) => one === given.only);
  return {
    ...(grade === undefined ? {} : { grade }),
    ...(asked.class ? { classNo: asked.class } : {}),
    ...(only ? { only } : {}),
    ...(students.length > 0 ? { students } : {}),
  };
};

/**
 * Reads `{"kind":"报名结果","school":"2141000001","grade":3}`; instead of `school` also `township`, or `"county":true`; `do` is one of
 * schema/letters.ts. The answer is a Chinese sentence where something is missing or wrong.
 */
export const readNoticeJob = (given: Arguments): NoticeJob | string => {
  const [asked, task, students] = [askedFor(given), taskOf(given), studentsOf(given)];
  const fault = faultOf(given, asked, task, students);
  if (fault !== null || task === undefined) return fault ?? '';
  const layout = layouts.find((one) => one === given.layout);
  return {
    do: task,
    area: { ...(asked.school ? { school: asked.school } : {}), ...(asked.township ? { township: asked.township } : {}) },
    options: {
      kind: asked.kind ?? (noticeKinds[0]?.name as string),
      ...scopeOf(given, asked, students),
      ...(asked.notice ? { notice: asked.notice } : {}),
      ...(layout ? { layout } : {}),
      ...(asked.date ? { dated: asked.date } : {}),
      ...(asked.term ? { term: asked.term } : {}),
      oddStarts: given.duplex === true,
      zip: given.zip === true,
      upload: given.upload === 'sets' ? 'sets' : given.upload === true,
      dryRun: task === 'plan',
    },
  };
};
