/** What a 印制通知 job may be asked for in its row: the same as the command's flags. Reads values; does nothing. */
import { noticeKinds } from './kinds.ts';
import { type Area, onlyFilters } from './recipients.ts';
import type { PrintOptions } from './run-types.ts';
import { layouts } from './template.ts';

export interface NoticeJob {
  readonly area: Area;
  readonly options: Omit<PrintOptions, 'school'>;
  /** Only a sample of one letter (needs a school). */
  readonly preview: boolean;
}

type Arguments = Readonly<Record<string, unknown>>;

const text = (given: Arguments, name: string): string | undefined => {
  const value = given[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

/**
 * Reads `{"kind":"报名结果","school":"2141000001","grade":3}`; instead of `school` also `township`, or `"county":true`.
 * The answer is a Chinese sentence where something is missing or wrong.
 */
export const readNoticeJob = (given: Arguments): NoticeJob | string => {
  const [school, township, classNo, notice] = ['school', 'township', 'class', 'notice'].map((name) => text(given, name));
  if (!school && !township && given.county !== true) return '参数里缺“school”(学校标识码)';
  const grade = given.grade === undefined ? undefined : Number(given.grade);
  if (grade !== undefined && !(Number.isInteger(grade) && grade >= 1 && grade <= 9)) return '参数“grade”应是 1 到 9';
  const layout = layouts.find((one) => one === given.layout);
  if (given.layout !== undefined && !layout) return `参数“layout”可写 ${layouts.join(' 或 ')}`;
  const only = onlyFilters.find((one) => one === given.only);
  if (given.only !== undefined && !only) return `参数“only”可写 ${onlyFilters.join(' 或 ')}`;
  if (given.preview === true && !school) return '预览要写“school”(学校标识码)';
  return {
    area: { ...(school ? { school } : {}), ...(township ? { township } : {}) },
    preview: given.preview === true,
    options: {
      kind: text(given, 'kind') ?? (noticeKinds[0]?.name as string),
      ...(grade === undefined ? {} : { grade }),
      ...(classNo ? { classNo } : {}),
      ...(notice ? { notice } : {}),
      ...(layout ? { layout } : {}),
      ...(only ? { only } : {}),
      ...(text(given, 'date') ? { dated: text(given, 'date') as string } : {}),
      ...(text(given, 'student') ? { students: [text(given, 'student') as string] } : {}),
      oddStarts: given.duplex === true,
      zip: given.zip === true,
      upload: given.upload === true,
    },
  };
};
