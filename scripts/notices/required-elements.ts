/**
 * The elements that a letter must have (DOMAIN section 2.1), where each one's content comes from, and how to tell that it is missing.
 * Never fills a gap: a letter that lacks a required element is not printed.
 */
import { placeholdersIn } from '../../schema/letters.ts';
import type { Facts } from './facts.ts';
import { placeholderNames } from './words.ts';

export interface Element {
  readonly id: `N${number}`;
  readonly name: string;
  /** 必备: without it nothing is printed. 宜: mentioned, but does not stop the press. */
  readonly level: '必备' | '宜';
  /** Where its words come from, for the office. */
  readonly source: string;
  /** What is missing, one sentence each with the place to enter it; empty when all is there. */
  missing(facts: Facts): string[];
}

export interface Missing {
  readonly id: string;
  readonly level: Element['level'];
  readonly message: string;
}

const empty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);

const need = (there: unknown, what: string, where: string): string[] => (empty(there) ? [`缺${what}:请在${where}里填写`] : []);
const inSettings = 'Directus「县级参数」';
const inSchool = 'Directus「学校」';
const inTerm = 'Directus「学期」';
const inPlan = '填报表「一校一案」或 Directus「一校一案」';
const inNotice = 'Directus「通知」里这一份';
const fixed = (): string[] => [];

/** N01-N20 of the 告家长书. */
export const parentNoticeElements: readonly Element[] = [
  {
    id: 'N01',
    name: '标题',
    level: '必备',
    source: '学校、学期',
    missing: ({ school, term }) => [...need(school.name, '学校全称', inSchool), ...need(term.name, '学年学期', inTerm)],
  },
  { id: 'N02', name: '称谓、问候', level: '必备', source: '模板、学生姓名', missing: fixed },
  {
    id: 'N03',
    name: '缘由与依据',
    level: '必备',
    source: '县级参数「缘由与依据」',
    missing: ({ settings }) => need(settings.notice_basis, '缘由与依据(文件题名和文号)', inSettings),
  },
  { id: 'N04', name: '服务原则', level: '必备', source: '模板', missing: fixed },
  { id: 'N05', name: '服务对象', level: '必备', source: '模板', missing: fixed },
  {
    id: 'N06',
    name: '服务时间',
    level: '必备',
    source: '一校一案、学期',
    missing: ({ plan, term }) => [
      ...need(term.service_starts_on ?? term.starts_on, '课后服务开始日', inTerm),
      ...need(term.service_ends_on ?? term.ends_on, '课后服务结束日', inTerm),
      ...(plan
        ? [
            ...need(plan.summer_start && plan.summer_end, '夏令时起止时刻', inPlan),
            ...need(plan.winter_start && plan.winter_end, '冬令时起止时刻', inPlan),
          ]
        : ['缺一校一案(服务时间、内容、收费都取自方案):请学校先报填报表「一校一案」']),
    ],
  },
  {
    id: 'N07',
    name: '服务内容与课程',
    level: '必备',
    source: '一校一案、课程活动',
    missing: ({ plan }) => (plan ? need(plan.content, '服务内容', inPlan) : []),
  },
  {
    id: 'N08',
    name: '服务人员',
    level: '宜',
    source: '一校一案「服务人员安排」',
    missing: ({ plan }) => (plan ? need(plan.staffing, '服务人员安排', inPlan) : []),
  },
  {
    id: 'N09',
    name: '收费项目、标准、计费单位',
    level: '必备',
    source: '一校一案、学期「计费月数」',
    missing: ({ plan, term }) =>
      plan
        ? [
            ...need(plan.fee_rate, '收费标准', inPlan),
            ...need(plan.fee_unit, '收费单位', inPlan),
            ...(plan.fee_unit === '元/生·月' ? need(term.months, '计费月数', inTerm) : []),
          ]
        : [],
  },
  {
    id: 'N10',
    name: '收费依据',
    level: '必备',
    source: '一校一案,空着取县级参数',
    missing: ({ plan, settings }) => [
      ...need(plan?.fee_authority || settings.fee_authority, '收费批准机关', `${inPlan},或${inSettings}`),
      ...need(plan?.fee_authority_no || settings.fee_authority_no, '收费依据文号', `${inPlan},或${inSettings}`),
    ],
  },
  {
    id: 'N11',
    name: '减免政策',
    level: '必备',
    source: '一校一案,空着取县级参数',
    missing: ({ plan, settings }) => need(plan?.waiver_policy || settings.waiver_policy, '减免办法', `${inPlan},或${inSettings}`),
  },
  {
    id: 'N12',
    name: '缴费方式与票据',
    level: '必备',
    source: '学校「缴费方式」',
    missing: ({ school }) => need(school.pay_account, '缴费方式', inSchool),
  },
  {
    id: 'N13',
    name: '退费办法',
    level: '必备',
    source: '一校一案,空着取县级参数',
    missing: ({ plan, settings }) => need(plan?.refund_rule || settings.refund_rule, '退费办法', `${inPlan},或${inSettings}`),
  },
  { id: 'N14', name: '申请流程', level: '必备', source: '模板', missing: fixed },
  {
    id: 'N15',
    name: '安全保障与责任划分',
    level: '必备',
    source: '县级参数「安全保障与责任」、一校一案「迟接联系办法」',
    missing: ({ plan, settings, school }) => [
      ...need(settings.safety_words, '安全保障与责任', inSettings),
      ...need(plan?.late_contact || school.leader_phone, '迟接联系办法', `${inPlan},或在${inSchool}里填负责人电话`),
    ],
  },
  {
    id: 'N16',
    name: '请假与中途退出',
    level: '必备',
    source: '县级参数「请假与中途退出」',
    missing: ({ settings }) => need(settings.leave_words, '请假与中途退出办法', inSettings),
  },
  {
    id: 'N17',
    name: '个人信息告知',
    level: '必备',
    source: '县级参数「个人信息告知」「学生信息保存月数」',
    missing: ({ settings }) => [
      ...need(settings.privacy_words, '个人信息告知', inSettings),
      ...need(settings.retention_months, '学生信息保存月数', inSettings),
    ],
  },
  {
    id: 'N18',
    name: '咨询、监督举报电话',
    level: '必备',
    source: '学校「学校监督电话」、县级参数',
    missing: ({ school, settings }) => [
      ...need(school.hotline, '学校监督电话', inSchool),
      ...need(settings.bureau_phone, '县教育局监督电话', inSettings),
      ...need(settings.price_phone, '价格/市场监管电话', inSettings),
    ],
  },
  { id: 'N19', name: '落款', level: '必备', source: '学校、成文日期', missing: ({ school }) => need(school.name, '学校全称(署名)', inSchool) },
  {
    id: 'N20',
    name: '回执联',
    level: '必备',
    source: '模板、县级参数「回执交回天数」',
    missing: ({ settings }) => need(settings.reply_days, '回执交回天数', inSettings),
  },
];

const byId = new Map(parentNoticeElements.map((element) => [element.id, element]));
/** The same elements as in the 告家长书, for the kinds that show only some of them. */
const sameAs = (...ids: Element['id'][]): Element[] => ids.flatMap((id) => byId.get(id) ?? []);

/** 自愿申请表 (DOMAIN 2.2). */
export const applicationElements: readonly Element[] = sameAs('N01', 'N02', 'N04', 'N06', 'N09', 'N10', 'N14', 'N17', 'N18', 'N19', 'N20');

/** 报名结果. */
export const resultElements: readonly Element[] = sameAs('N01', 'N02', 'N06', 'N09', 'N14', 'N15', 'N16', 'N18', 'N19');

/** 收费与减免告知 (N09-N13, S05, S12). */
export const feeElements: readonly Element[] = sameAs('N01', 'N02', 'N09', 'N10', 'N11', 'N12', 'N13', 'N18', 'N19');

/** 变更停课通知: the matter takes the place of what the 告家长书 says of time, reason and care. */
export const changeElements: readonly Element[] = [
  ...sameAs('N01', 'N02'),
  {
    id: 'N03',
    name: '缘由',
    level: '必备',
    source: '通知「变更原因」',
    missing: ({ matter }) => need(matter?.reason, '变更原因', inNotice),
  },
  {
    id: 'N06',
    name: '变更事项与日期',
    level: '必备',
    source: '通知「变更事项」「变更起始日」',
    missing: ({ matter }) => [...need(matter?.matter, '变更事项', inNotice), ...need(matter?.from_on, '变更起始日', inNotice)],
  },
  {
    id: 'N13',
    name: '退费办法',
    level: '必备',
    source: '一校一案,空着取县级参数;停课时必备',
    missing: ({ matter, plan, settings }) =>
      matter?.matter === '停课' ? need(plan?.refund_rule || settings.refund_rule, '退费办法', `${inPlan},或${inSettings}`) : [],
  },
  {
    id: 'N15',
    name: '看护与接送安排',
    level: '必备',
    source: '通知「看护与接送安排」',
    missing: ({ matter }) => need(matter?.arrangement, '看护与接送安排', inNotice),
  },
  ...sameAs('N18', 'N19'),
];

/** What is wrong with an edited text: placeholders that nobody knows, and elements that it has dropped. */
export const missingInWords = (words: string, keep: Readonly<Record<string, Element['id']>>): Missing[] => {
  const { used, unknown } = placeholdersIn(words);
  const where = `请在${inSettings}「各种通知的正文」或${inNotice}的「正文」里改正`;
  return [
    ...[...new Set(unknown)].map(
      (name): Missing => ({
        id: 'N03',
        level: '必备',
        message: `N03 正文里有不认识的占位符「{{${name}}}」:${where};可用:${placeholderNames.join('、')}`,
      }),
    ),
    ...Object.entries(keep)
      .filter(([name]) => !used.includes(name))
      .map(([name, id]): Missing => ({ id, level: '必备', message: `${id} 正文里没有占位符「{{${name}}}」:${where}` })),
  ];
};

/** All that is missing, in the order of the letter. Example message: `N18 缺学校监督电话:请在 Directus「学校」里填写`. */
export const missingElements = (elements: readonly Element[], facts: Facts): Missing[] =>
  elements.flatMap((element) => element.missing(facts).map((what) => ({ id: element.id, level: element.level, message: `${element.id} ${what}` })));
