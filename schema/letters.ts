/**
 * What staff choose and type for the letters to parents: placeholders, conditions, layouts.
 * Words only; how a placeholder is filled stands in scripts/notices/words.ts.
 */

/** 应缴未缴: something is still to be paid. 已减免: a waiver is recognised. 未回执: no answer yet, on paper or on the phone. */
export const onlyFilters = ['应缴未缴', '已减免', '未回执'] as const;
export type OnlyFilter = (typeof onlyFilters)[number];

/** 紧凑: body 小四 on two pages. 标准: GB/T 9704 body, 3号, 22 lines of 28 characters. */
export const layouts = ['紧凑', '标准'] as const;
export type Layout = (typeof layouts)[number];

/** Whose letter an example shows: any placeholder is explained by what it becomes there. */
export const placeholders = {
  学生姓名: '张晓雨',
  班级: '三年级2班',
  年级: '三年级',
  学校: '东关小学',
  学期: '2026—2027学年上学期',
  教育局: '县教育局名称',
  依据: '「缘由与依据」里的文件题名和文号',
  服务开始日: '2026年9月7日',
  服务结束日: '2027年1月15日',
  收费标准: '60元/生·月',
  应缴金额: '这一家的金额,如 240元',
  成文日期: '2026年9月1日',
  回执截止日: '2026年9月6日',
  学校电话: '「学校监督电话」',
  报名结果: '同意参加 / 未能安排',
  参加星期: '周一、周三',
  变更事项: '停课',
  变更日期: '2026年10月8日至10月9日',
  变更原因: '「变更原因」里写的话',
} as const satisfies Readonly<Record<string, string>>;
export type PlaceholderName = keyof typeof placeholders;

/** What a placeholder looks like among words. */
export const asPlaceholder = (name: string): string => `{{${name}}}`;

const token = /\{\{\s*([^{}<>]*?)\s*\}\}/g;

/** Placeholders in a text, and among them those that the list does not have. */
export const placeholdersIn = (words: string): { readonly used: string[]; readonly unknown: string[] } => {
  const used = [...words.matchAll(token)].map((match) => match[1] as string);
  return { used, unknown: used.filter((name) => !Object.hasOwn(placeholders, name)) };
};

/** The text with each placeholder replaced by what `fill` makes of its name. */
export const fillPlaceholders = (words: string, fill: (name: string, all: string) => string): string =>
  words.replace(token, (all, name: string) => fill(name, all));

/** Whether a grade may choose an activity this term. */
export const isOpenTo =
  (grade: number) =>
  ({ state, grades }: { readonly state?: unknown; readonly grades?: unknown }): boolean =>
    state !== '已下架' && state !== '已结课' && (!Array.isArray(grades) || grades.length === 0 || grades.includes(grade));

const homework = '作业辅导';

/** What a family may tick, on paper and on the phone: 作业辅导 where the plan offers it, and the courses, each once. */
export const slipItems = (content: readonly unknown[], courses: readonly string[]): string[] => {
  const names = [...new Set(courses)].sort((a, b) => a.localeCompare(b, 'zh'));
  return content.includes(homework) || names.includes(homework) ? [homework, ...names.filter((name) => name !== homework)] : names;
};

/** What a 印制通知 job can be asked to do: print, say what would be printed, show one letter, send out, collect the answers. */
export const noticeTasks = ['print', 'plan', 'preview', 'deliver', 'replies'] as const;
export type NoticeTask = (typeof noticeTasks)[number];
