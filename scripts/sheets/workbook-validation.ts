/**
 * Dropdowns, limits and header notes of a column: what Excel says while somebody types.
 * It never checks a value itself; scripts/sync does that when the workbook is read.
 */
import type { DataValidation } from 'exceljs';
import type { Choice, Kind } from '../../schema/fields.ts';
import type { Column } from '../../schema/sheets.ts';
import { gradeNames } from '../../schema/vocabulary.ts';

/** Where lists stand that a rule cannot carry itself. */
export interface Lists {
  /** The range with the names of a linked table (courses for 考勤, providers for 课程安排), if the workbook has one. */
  readonly linked: Readonly<Record<string, string | undefined>>;
  /** Writes a list into the workbook and gives its range: for lists too long for the rule. */
  place(values: readonly string[]): string;
}

/** The longest list that may stand in the rule itself; Excel refuses the file beyond it. */
const longestInline = 255;

/** A list as the formula of a dropdown, or null where it must stand in cells. */
export const inlineList = (values: readonly string[]): string | null => {
  const text = values.join(',');
  return text.length <= longestInline && !values.some((value) => value.includes(',')) ? `"${text.replaceAll('"', '""')}"` : null;
};

const stop = (error: string): Partial<DataValidation> => ({
  allowBlank: true,
  showErrorMessage: true,
  errorStyle: 'stop',
  errorTitle: '填写有误',
  error,
});
const hint = (prompt: string): Partial<DataValidation> => ({
  allowBlank: true,
  showErrorMessage: false,
  showInputMessage: true,
  promptTitle: '怎样填',
  prompt,
});

const dropdown = (formula: string, strict: boolean, words: string): DataValidation => ({
  type: 'list',
  formulae: [formula],
  ...(strict ? stop(words) : hint(words)),
});

const between = (type: 'whole' | 'decimal' | 'date' | 'textLength', low: number | Date, high: number | Date, error: string): DataValidation => ({
  type,
  operator: 'between',
  formulae: [low, high],
  ...stop(error),
});

/** Nobody types here: the formula is never true. Works where a sheet's lock alone would forbid sorting and deleting rows. */
export const closedToTyping = (header: string): DataValidation => ({
  type: 'custom',
  formulae: ['FALSE'],
  ...stop(`“${header}”由系统填写,请不要改动。`),
  allowBlank: false,
});

const limits = (column: Column): { min: number; max: number } => {
  const { min, max } = column.field as { min?: number; max?: number };
  return { min: min ?? (column.field.kind === 'decimal' ? -100_000_000 : 0), max: max ?? 100_000_000 };
};

const numbers = (column: Column, type: 'whole' | 'decimal', words: string): DataValidation => {
  const { min, max } = limits(column);
  return between(type, min, max, `${words},${min} 至 ${max},不带单位。`);
};

const weekdayHint = '每个星期之间用顿号分开,如:周一、周三、周五。每天都参加就选第一项。';
const weekdaySuggestions = ['周一、周二、周三、周四、周五', '周一、周三、周五', '周二、周四', '周一、周二、周三、周四'];

const choiceText = (choice: Choice): string => choice.label ?? choice.value;

const oneOf = (values: readonly string[], lists: Lists): DataValidation =>
  dropdown(inlineList(values) ?? lists.place(values), true, '请从下拉列表中选择一项。');

type Rule = (column: Column, lists: Lists) => DataValidation | null;

const none: Rule = () => null;

const textRule: Rule = (column, lists) => {
  const range = column.via ? lists.linked[column.via.to] : undefined;
  return range ? dropdown(range, false, '可从下拉列表中选,也可直接填写同样的名称。') : null;
};

const byKind = {
  text: textRule,
  longText: none,
  html: none,
  code: none,
  link: none,
  json: none,
  photos: none,
  timestamp: none,
  list: none,
  classNo: none,
  phone: () => between('textLength', 7, 20, '请填 11 位手机号,或区号加固定电话。'),
  month: () => ({ type: 'custom', formulae: ['TRUE'], ...hint('年-月,如 2026-09。') }),
  choice: (column, lists) => (column.field.kind === 'choice' ? oneOf(column.field.choices.map(choiceText), lists) : null),
  yesNo: (_column, lists) => oneOf(['是', '否'], lists),
  grade: (_column, lists) => oneOf(gradeNames, lists),
  grades: () => ({ type: 'custom', formulae: ['TRUE'], ...hint('几个年级之间用顿号分开,如:三年级、四年级。') }),
  choices: (column) => ({ type: 'custom', formulae: ['TRUE'], ...hint(`可填几项,用顿号分开:${choiceWords(column)}`.slice(0, 250)) }),
  weekdays: () => dropdown(inlineList(weekdaySuggestions) ?? '', false, weekdayHint),
  whole: (column) => numbers(column, 'whole', '请填整数'),
  minutes: (column) => numbers(column, 'whole', '请填分钟数'),
  money: (column) => numbers(column, 'decimal', '请填金额(元)'),
  decimal: (column) => numbers(column, 'decimal', '请填数字'),
  percent: (column) => numbers(column, 'decimal', '请填百分数'),
  date: () => between('date', new Date(Date.UTC(2000, 0, 1)), new Date(Date.UTC(2099, 11, 31)), '请按 2026-09-01 的样式填写日期。'),
  time: () => between('decimal', 0, 0.999_999, '请按 16:30 的样式填写时刻(24 小时制)。'),
} satisfies { [K in Kind]: Rule };

const choiceWords = (column: Column): string => ('choices' in column.field ? column.field.choices.map(choiceText).join('、') : '');

/** The rule of a column's cells, or null where anything may stand. */
export const validationOf = (column: Column, lists: Lists): DataValidation | null =>
  column.readOnly ? closedToTyping(column.header) : (byKind[column.field.kind] as Rule)(column, lists);

const howTo = {
  text: '',
  longText: '可写多段(Alt+回车换行)。',
  html: '',
  code: '按原样填写,开头的 0 不会丢。',
  link: '',
  json: '',
  photos: '',
  timestamp: '',
  list: '可填几项,用顿号分开。',
  classNo: '填班号,如 3。',
  phone: '11 位手机号,或区号加固定电话。',
  month: '年-月,如 2026-09。',
  choice: '从下拉列表中选。',
  yesNo: '选“是”或“否”;不知道就空着。',
  grade: '从下拉列表中选。',
  grades: '可填几个年级,用顿号分开。',
  choices: '可填几项,用顿号分开:',
  weekdays: '用顿号分开,如 周一、周三。',
  whole: '填整数,不带单位。',
  minutes: '填分钟数,如 120。',
  money: '填金额(元),不带单位。',
  decimal: '填数字,不带单位。',
  percent: '填百分数,不带 %。',
  date: '如 2026-09-01。',
  time: '24 小时制,如 16:30。',
} as const satisfies { [K in Kind]: string };

/** The model's notes without the source ids, which mean nothing to a clerk: `须公示(S01)` -> `须公示`. */
export const withoutSources = (words: string): string =>
  words.replace(/[((][RSTNP]-?[A-Z]?\d+(?:[,、,][RSTNP]-?[A-Z]?\d+)*[))]/g, '').replace(/(?:^|,)[RSN]-?[A-Z]?\d+(?:,S\d+)*。/g, '');

/** The words of the comment on a column's header. */
export const headerNote = (column: Column): string => {
  const own = column.readOnly
    ? '由县局填写,学校不用填。'
    : `${column.required ? '必填。' : ''}${howTo[column.field.kind]}${column.field.kind === 'choices' ? `${choiceWords(column)}。` : ''}`;
  const asked = column.readOnly ? [] : [column.field.unique ? '不能与别的行重复。' : '', column.field.condition?.message ?? ''];
  return [own, ...asked, withoutSources(column.field.note ?? '')].filter(Boolean).join('\n');
};
