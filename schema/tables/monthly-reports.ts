import { choice, choices, code, date, defineTable, json, link, longText, minutes, money, month, percent, phone, text, time, timestamp, whole, yesNo } from '../fields.ts';
import type { WholeField } from '../fields.ts';
import { externalKinds, feeUnits, gradeNames, priorityGroups, serviceContents, waiverKinds } from '../vocabulary.ts';

/** One count of persons among several that belong together: `分年级参加数/一年级`. */
const part = (label: string, en: string, group: string, aliases: readonly string[] = []): WholeField =>
  whole({ label, en, group, half: true, min: 0, max: 20000, aliases });

const byGrade = Object.fromEntries(
  gradeNames.map((name, index) => [`grade_${index + 1}`, part(`分年级参加数/${name}`, `Participants, grade ${index + 1}`, 'grades', [`参加学生数/${name}`, name])]),
) as Record<`grade_${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`, WholeField>;

const byPriority = Object.fromEntries(
  priorityGroups.map((entry) => [`priority_${entry.field}`, part(`优先群体参加数/${entry.label}`, `Participants: ${entry.en}`, 'priority', [`优先群体/${entry.label}`, entry.label, `${entry.label}数`, `${entry.label}人数`, `${entry.label}参加数`, ...(entry.group ? [`优先群体/${entry.group}`, `优先群体参加数/${entry.group}`] : [])])]),
) as Record<`priority_${(typeof priorityGroups)[number]['field']}`, WholeField>;

const byExternal = Object.fromEntries(
  externalKinds.map((entry) => [`external_${entry.field}`, part(`校外人员数/${entry.label}`, `Outside staff: ${entry.en}`, 'staff', [`校外人员/${entry.label}`, entry.label, `${entry.label}数`, `${entry.label}人数`])]),
) as Record<`external_${(typeof externalKinds)[number]['field']}`, WholeField>;

/** The waiver kinds of DOMAIN 1.7, as 减免人数/… (T1 #25). */
const byWaiver = Object.fromEntries(
  waiverKinds.map((kind, index) => [`waived_${index + 1}`, part(`减免人数/${kind.value}`, `Waived: ${kind.en}`, 'waivers')]),
) as Record<`waived_${number}`, WholeField>;

/** The monthly return (DOMAIN T1): one row per school and month, due on the 1st of the next month (S01, R-M2). */
export const monthlyReports = defineTable({
  name: 'monthly_reports',
  label: '月报',
  en: 'Monthly returns',
  note: '每校每月一行,次月 1 号前报县局(S01)。空白、0、不适用三者不同:不适用请在“不适用说明”里写明。',
  icon: 'summarize',
  area: '月报与督导',
  primary: 'rowId',
  key: ['month'],
  scope: 'school',
  tab: { name: '月报', order: 7, aliases: ['月报统计表', '统计表', '学校月报', '月报表'] },
  display: '{{school.name}} {{month}}',
  groups: { people: '学生参加情况', grades: '分年级参加数', priority: '优先群体参加数', staff: '教师与校外人员', service: '服务时间与内容', fee: '收费', waivers: '减免人数分类', safety: '方案公示与安全', words: '经验与问题', sign: '填报与状态' },
  columns: ['month', 'school', 'enrolled', 'participants', 'rate', 'state'],
  sort: '-month',
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    month: month({ label: '统计月', en: 'Month', required: true, half: true, indexed: true, aliases: ['统计月份', '月份', '报告月', '月', '报表月份', '统计时间', '填报月份', '所属月份', '年月', '统计年月', '上报月份'] }),
    provides_service: yesNo({ label: '是否开展', en: 'Service provided', group: 'people', half: true, aliases: ['是否开展课后服务', '开展情况', '是否开展服务'] }),
    no_service_reason: text({ label: '未开展原因', en: 'Why not', group: 'people', half: true, maxLength: 300 }),
    enrolled: whole({ label: '在校学生数', en: 'Students enrolled', group: 'people', half: true, required: true, min: 0, max: 20000, unit: '人', aliases: ['在校生数', '学生总数', '在校学生总数', '在校人数', '在校生', '在校学生人数', '在籍学生数', '全校学生数', '学生数', '在校学生', '在校生人数', '全校学生总数'] }),
    participants: whole({ label: '参加学生数', en: 'Participants', group: 'people', half: true, required: true, min: 0, max: 20000, unit: '人', aliases: ['参加学生数/合计', '参加人数', '参与学生数', '参加课后服务学生数', '参与人数', '参加课后服务人数', '参加课后服务学生人数', '参与课后服务学生数', '参与课后服务人数', '参加学生人数', '参与学生人数', '参加学生', '参加学生总数'] }),
    rate: percent({ label: '参与率', en: 'Rate', group: 'people', half: true, min: 0, max: 100, owner: 'system', note: '自动算:参加学生数 ÷ 在校学生数。', aliases: ['参加率'] }),
    full_week_participants: whole({ label: '每周5天全程参加数', en: 'All five days', group: 'people', half: true, min: 0, max: 20000, unit: '人', aliases: ['每周5天全程参加人数', '全程参加数', '5天全程参加数', '全程参加人数', '每周五天全程参加人数', '每周五天全程参加数', '五天全程参加人数', '全程参与人数', '5天全程参加学生数', '每周5天全程参加学生数', '5天全程人数'] }),
    ...byGrade,
    ...byPriority,
    staff_total: whole({ label: '教职工数', en: 'Staff', group: 'staff', half: true, min: 0, max: 5000, unit: '人', aliases: ['教师/教职工数', '教职工总数', '专任教师数', '教师总数', '教师数', '教职工人数', '教职工', '专任教师', '教师人数', '专任教师人数'] }),
    staff_participating: whole({ label: '参与教师数', en: 'Staff taking part', group: 'staff', half: true, min: 0, max: 5000, unit: '人', aliases: ['教师/参与人数', '参与教师', '参加教师数', '参与课后服务教师数', '参与教师人数', '参加教师人数', '参加课后服务教师数', '参与教师总数', '教师参与人数', '参加教师', '参加课后服务教师'] }),
    staff_rate: percent({ label: '教师参与率', en: 'Staff rate', group: 'staff', half: true, min: 0, max: 100, owner: 'system', note: '自动算:参与教师数 ÷ 教职工数。' }),
    external_staff: whole({ label: '校外人员数', en: 'Outside staff', group: 'staff', half: true, min: 0, max: 5000, unit: '人', aliases: ['校外人员/合计', '校外人员', '校外人员总数', '外聘人员数', '校外人员人数', '外聘人员'] }),
    ...byExternal,
    providers: whole({ label: '合作机构数', en: 'Providers', group: 'staff', half: true, min: 0, max: 1000, aliases: ['合作机构', '引进机构数', '机构数'] }),
    provider_courses: whole({ label: '引进课程数', en: 'Courses bought in', group: 'staff', half: true, min: 0, max: 1000, aliases: ['引进课程', '第三方课程数'] }),
    days_per_week: whole({ label: '每周开展天数', en: 'Days a week', group: 'service', half: true, min: 0, max: 7, unit: '天', aliases: ['服务时间/每周天数', '每周天数', '开展天数', '每周服务天数', '周服务天数', '每周开展', '服务天数(每周)', '每周服务(天)'] }),
    minutes_per_day: minutes({ label: '每天时长', en: 'Minutes a day', group: 'service', half: true, min: 0, max: 600, aliases: ['服务时间/每天时长', '每日时长', '每天服务时长', '服务时长', '每天服务时间', '日服务时长', '每日服务时长', '每次时长', '每天时间'] }),
    start: time({ label: '开始时刻', en: 'Start', group: 'service', half: true, aliases: ['开始时间', '服务开始时间', '起始时间'] }),
    end: time({ label: '结束时刻', en: 'End', group: 'service', half: true, aliases: ['结束时间', '服务结束时间', '终止时间'] }),
    service_days: whole({ label: '本月实际服务天数', en: 'Days served', group: 'service', half: true, min: 0, max: 31, unit: '天', aliases: ['实际服务天数', '服务天数', '本月服务天数', '实际开展天数', '本月开展天数'] }),
    content: choices({ label: '服务内容', en: 'Content', group: 'service', choices: serviceContents, aliases: ['服务项目', '开展内容', '活动内容', '开展项目'] }),
    courses: whole({ label: '课程(班)数', en: 'Courses', group: 'service', half: true, min: 0, max: 5000, aliases: ['课程数', '开课数', '课程班数', '开设课程数', '课程门数', '课程总数', '开设课程', '课程'] }),
    clubs: whole({ label: '社团数', en: 'Clubs', group: 'service', half: true, min: 0, max: 5000, aliases: ['社团个数', '社团总数', '社团'] }),
    sign_ups: whole({ label: '报名人次', en: 'Sign-ups', group: 'service', half: true, min: 0, max: 200000, unit: '人次', aliases: ['报名总人次', '参加人次'] }),
    extended_care: whole({ label: '延时托管学生数', en: 'Extended care', group: 'service', half: true, min: 0, max: 20000, unit: '人', aliases: ['延时托管', '延时托管人数', '托管学生数', '托管人数'] }),
    fee_rate: money({ label: '收费标准', en: 'Fee rate', group: 'fee', half: true, min: 0, max: 10000, unit: '元', aliases: ['收费情况/标准', '标准', '收费标准(元/生·月)', '收费标准(元/月)', '收费标准(元)', '收费'] }),
    fee_unit: choice({ label: '收费单位', en: 'Fee unit', group: 'fee', half: true, choices: feeUnits }),
    fee_authority_no: code({ label: '收费依据文号', en: 'Fee authority no.', group: 'fee', half: true, maxLength: 60, aliases: ['收费依据', '收费文号', '批准文号', '依据文号'] }),
    payers: whole({ label: '应收人数', en: 'Payers', group: 'fee', half: true, min: 0, max: 20000, unit: '人', aliases: ['收费情况/应收人数', '缴费人数', '应缴人数', '交费人数'] }),
    due: money({ label: '应收额', en: 'Due', group: 'fee', half: true, min: 0, max: 100000000, unit: '元', aliases: ['收费情况/应收金额', '应收金额', '应收', '应收费用', '应收总额', '应缴金额', '应收费'] }),
    collected: money({ label: '实收额', en: 'Collected', group: 'fee', half: true, min: 0, max: 100000000, unit: '元', aliases: ['收费情况/实收金额', '实收金额', '实收', '实收费用', '实收总额', '实缴金额', '实收费'] }),
    waived: whole({ label: '减免人数', en: 'Waived', group: 'fee', half: true, min: 0, max: 20000, unit: '人', aliases: ['收费情况/减免人数', '减免学生数', '减免合计', '享受减免人数'] }),
    waived_amount: money({ label: '减免额', en: 'Amount waived', group: 'fee', half: true, min: 0, max: 100000000, unit: '元', aliases: ['减免金额', '减免', '减免总额', '减免费用'] }),
    ...byWaiver,
    refunded: whole({ label: '退费人数', en: 'Refunded', group: 'fee', half: true, min: 0, max: 20000, unit: '人', aliases: ['退费学生数'] }),
    refund_amount: money({ label: '退费额', en: 'Amount refunded', group: 'fee', half: true, min: 0, max: 100000000, unit: '元', aliases: ['退费金额', '退费总额', '退费'] }),
    subsidy: money({ label: '财政补助', en: 'Subsidy', group: 'fee', half: true, min: 0, max: 100000000, unit: '元', aliases: ['财政补助金额', '补助资金', '财政补助资金', '财政补贴'] }),
    staff_pay: money({ label: '教师补助支出', en: 'Paid to staff', group: 'fee', half: true, min: 0, max: 100000000, unit: '元', aliases: ['教师补助', '教师补助金额', '教师课时费', '教师补贴'] }),
    other_spending: money({ label: '其他支出', en: 'Other spending', group: 'fee', half: true, min: 0, max: 100000000, unit: '元' }),
    remitted_on: date({ label: '缴财政专户日期', en: 'Remitted on', group: 'fee', half: true }),
    has_plan: yesNo({ label: '一校一案', en: 'Plan in place', group: 'safety', half: true, aliases: ['有无一校一案', '是否制定一校一案', '一校一案有无', '有无方案', '方案'] }),
    plan_version: text({ label: '方案版本', en: 'Plan version', group: 'safety', half: true, maxLength: 30 }),
    plan_published_on: date({ label: '方案公示日期', en: 'Plan published on', group: 'safety', half: true }),
    fee_posted: yesNo({ label: '收费公示', en: 'Fees posted', group: 'safety', half: true, aliases: ['有无收费公示', '是否收费公示', '是否公示收费', '公示情况', '收费公示情况', '是否公示'] }),
    fee_posted_how: choice({ label: '公示方式', en: 'How posted', group: 'safety', half: true, choices: [
      { value: '公示栏', en: 'Notice board' }, { value: '公示牌', en: 'Sign' }, { value: '公示墙', en: 'Wall' }, { value: '网站', en: 'Website' }, { value: '公众号', en: 'WeChat account' } ] }),
    fee_posted_on: date({ label: '收费公示日期', en: 'Fees posted on', group: 'safety', half: true }),
    safety_plan: yesNo({ label: '安全预案', en: 'Emergency plan', group: 'safety', half: true, aliases: ['有无安全预案', '应急预案', '安全应急预案', '有无应急预案'] }),
    safety_checks: whole({ label: '安全检查次数', en: 'Safety checks', group: 'safety', half: true, min: 0, max: 1000, unit: '次', aliases: ['检查次数', '安全检查', '安全检查(次)'] }),
    hazards: whole({ label: '隐患数', en: 'Hazards', group: 'safety', half: true, min: 0, max: 1000, aliases: ['发现隐患数', '安全隐患数', '隐患个数', '发现隐患', '隐患'] }),
    hazards_fixed: whole({ label: '已整改数', en: 'Hazards mended', group: 'safety', half: true, min: 0, max: 1000, aliases: ['整改数', '已整改隐患数', '整改完成数', '隐患整改数', '已整改', '隐患已整改数', '整改隐患数'] }),
    complaints: whole({ label: '投诉件数', en: 'Complaints', group: 'safety', half: true, min: 0, max: 1000, unit: '件', aliases: ['投诉数', '投诉举报件数', '投诉', '投诉举报数'] }),
    complaints_closed: whole({ label: '投诉办结数', en: 'Complaints closed', group: 'safety', half: true, min: 0, max: 1000, unit: '件', aliases: ['办结数', '办结件数', '投诉办结', '已办结数', '办结'] }),
    highlights: longText({ label: '典型经验', en: 'What went well', group: 'words', aliases: ['经验做法', '好的做法', '典型做法'] }),
    issues: longText({ label: '存在问题和建议', en: 'Problems and advice', group: 'words', aliases: ['存在问题', '问题和建议', '问题建议', '问题与建议', '存在的问题', '存在问题及建议', '问题及建议', '意见建议'] }),
    not_applicable: longText({ label: '不适用说明', en: 'Not applicable', group: 'words', note: '哪一栏不适用、为什么,如“退费人数:本月无退费制度”。' }),
    filled_by: text({ label: '填报人', en: 'Filled in by', group: 'sign', half: true, maxLength: 50, required: true, aliases: ['填表人', '报送人', '制表人', '填报人姓名', '经办人'] }),
    filled_by_phone: phone({ label: '电话', en: 'Phone', group: 'sign', half: true, aliases: ['联系电话', '填报人电话', '手机', '手机号', '联系方式', '填报人联系电话', '手机号码', '电话号码'] }),
    leader: text({ label: '课后服务负责人', en: 'Person in charge', group: 'sign', half: true, maxLength: 50, aliases: ['负责人', '分管领导', '分管负责人'] }),
    principal: text({ label: '校长(签章)', en: 'Principal', group: 'sign', half: true, maxLength: 50, aliases: ['校长'] }),
    filled_on: date({ label: '填报日期', en: 'Filled in on', group: 'sign', half: true, aliases: ['填表日期', '报送日期', '上报日期', '填报时间', '填表时间', '上报时间'] }),
    remark: longText({ label: '备注', en: 'Remark', group: 'sign' }),
    state: choice({ label: '月报状态', en: 'State', group: 'sign', half: true, owner: 'bureau', default: '已收', choices: [
      { value: '草稿', en: 'Draft' }, { value: '已收', en: 'Received' }, { value: '已冻结', en: 'Frozen' }, { value: '已更正', en: 'Corrected' } ] }),
    first_valid_at: timestamp({ label: '首次有效时间', en: 'First valid at', group: 'sign', half: true, owner: 'system', note: '第一次完整无误收到的时间,据此判断是否按时。' }),
    frozen_at: timestamp({ label: '冻结时间', en: 'Frozen at', group: 'sign', half: true, owner: 'system' }),
    frozen: json({ label: '冻结副本', en: 'Frozen copy', group: 'sign', owner: 'system', hidden: true }),
  },
});
