/**
 * Which header words stand for which columns: the model's own headers and aliases, DOMAIN's school columns of T1, and the
 * words under which one cell holds several fields. Words only: who wins a column is decided in match-headers.ts.
 */
import { contactField, extraColumns, type KnownColumn, spanField, takesContact, takesSpan } from '../../schema/layout-fields.ts';
import { systemHeaders, type Tab } from '../../schema/sheets.ts';
import { fold } from './plain-text.ts';

export type { KnownColumn };

/** What a sheet column may be. */
export type Role =
  | { readonly kind: 'field'; readonly column: KnownColumn }
  /** Start and end in one cell, perhaps with the days before them. */
  | { readonly kind: 'span' }
  /** Name and telephone of the guardian in one cell. */
  | { readonly kind: 'contact' }
  | { readonly kind: 'system'; readonly of: keyof typeof systemHeaders }
  | { readonly kind: 'ordinal' };

/** Folded header without marks of obligation: `*姓 名(必填)` -> `姓名`. */
export const headerKey = (header: string): string =>
  fold(header)
    .replace(/[*★※:：]/g, '')
    .replace(/\((必填|选填|必选|可选|下拉选择|下拉)\)/g, '')
    .toLowerCase();

/** Without what stands in brackets: units and remarks. */
export const withoutBrackets = (key: string): string => key.replace(/[([【〔][^)\]】〕]*[)\]】〕]/g, '');

/** Of a header in two languages the Chinese: `姓名name` -> `姓名`. What has no Chinese stays as it is. */
export const withoutLatin = (key: string): string => {
  const chinese = key.replace(/[a-z][a-z0-9 .'’,&()/-]*/gi, '').replace(/[()/\\|,.-]+$/, '');
  return /\p{Script=Han}/u.test(chinese) ? chinese : key;
};

const spans = [
  spanField,
  '起止时刻',
  '时段',
  '时间段',
  '时间',
  '上课时间',
  '活动时间',
  '服务时段',
  '服务时间',
  '起止',
  '服务起止时间',
  '上下课时间',
  '开展时间',
  '课时时间',
  '训练时间',
  '值班时间',
];
const contacts = [
  '家长姓名及电话',
  contactField,
  '家长姓名电话',
  '监护人及电话',
  '监护人姓名及电话',
  '家长(电话)',
  '家长姓名和电话',
  '家长及联系方式',
  '监护人及联系方式',
  '家长姓名及联系方式',
  '家长姓名及联系电话',
  '家长及联系电话',
];
const ordinals = ['序号', '编号', '序', 'no', 'no.', '№', '学号'];

/** What a group of columns is about, and what its columns are called with that said: 家长信息 / 电话 -> 监护人电话. */
export const groupMeanings: readonly (readonly [RegExp, readonly string[]])[] = [
  [/委托|代接|接送人/, ['委托接送人', '委托接送人/']],
  [/家长|监护人|父母/, ['监护人', '家长']],
  [/退费|退款/, ['退费', '退费/']],
  [/准入|违法犯罪|入职查询/, ['准入查询', '准入查询/']],
  [/证书|资格/, ['证书', '资格证书/', '资格证书']],
  [/校外人员|外聘|校外/, ['校外人员数/', '校外人员/']],
  [/优先群体|特殊群体|重点群体|特殊学生/, ['优先群体参加数/', '优先群体/']],
  [/减免人数/, ['减免人数/']],
  [/减免/, ['减免']],
  [/教师|教职工/, ['教师/', '教师', '参与教师']],
  [/隐患/, ['隐患', '']],
  [/投诉/, ['投诉', '']],
];

/** Groups that name what the row is anyway: tried in front of the column's word, and left out when that says nothing. */
export const groupSubjects: readonly (readonly [RegExp, readonly string[]])[] = [
  [/课程|社团|活动/, ['课程', '社团']],
  [/案例/, ['案例']],
  [/学生|基本/, ['学生']],
  [/准入|查询/, ['查询']],
  [/缴费|收费|交费/, ['缴费', '收费']],
  [/填报|填表|报送/, ['填报', '填报人']],
];

/** A group that only says which columns belong together. */
export const isMeaningful = (group: string): boolean =>
  groupMeanings.some(([pattern]) => pattern.test(group)) || /年级|参加学生|参与学生|参加人数/.test(group);

export interface Words {
  readonly tab: Tab;
  /** Folded header -> role, with 2 for the canonical header and 1 for an alias. */
  readonly index: ReadonlyMap<string, { readonly role: Role; readonly rank: 1 | 2 }>;
}

const build = (tab: Tab): Words => {
  const index = new Map<string, { role: Role; rank: 1 | 2 }>();
  const add = (header: string, role: Role, rank: 1 | 2): void => {
    const key = headerKey(header);
    if ((index.get(key)?.rank ?? 0) < rank) index.set(key, { role, rank });
  };
  const columns: readonly KnownColumn[] = [...tab.columns, ...(extraColumns[tab.table] ?? [])];
  for (const column of columns) add(column.header, { kind: 'field', column }, 2);
  for (const column of columns) for (const alias of column.aliases) add(alias, { kind: 'field', column }, 1);
  for (const [of, header] of Object.entries(systemHeaders)) add(header, { kind: 'system', of: of as keyof typeof systemHeaders }, 2);
  if (takesSpan(columns)) for (const word of spans) add(word, { kind: 'span' }, 1);
  if (takesContact(columns)) for (const word of contacts) add(word, { kind: 'contact' }, 1);
  for (const word of ordinals) add(word, { kind: 'ordinal' }, 1);
  return { tab, index };
};

const built = new WeakMap<Tab, Words>();

/** The header words of a tab. */
export const wordsOf = (tab: Tab): Words => {
  const found = built.get(tab);
  if (found) return found;
  const words = build(tab);
  built.set(tab, words);
  return words;
};
