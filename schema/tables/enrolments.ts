import { choice, choices, date, defineTable, link, list, phone, text, timestamp, weekdays, yesNo } from '../fields.ts';
import { pickUps } from '../vocabulary.ts';

/** A student's application for a term and its four steps (DOMAIN T2, R-V3, S01). Stands beside the student in the sheet. */
export const enrolments = defineTable({
  name: 'enrolments',
  label: '报名',
  en: 'Enrolments',
  note: '家长自愿申请→班级初审→学校核准→统筹安排,每一步留痕(S01)。',
  icon: 'how_to_reg',
  area: '师生与服务',
  sensitive: true,
  primary: 'rowId',
  key: ['student'],
  scope: 'school-term',
  besides: 'students',
  display: '{{student.name}} {{term.name}}',
  groups: { service: '参加安排', pickup: '接送', steps: '办理经过' },
  columns: ['student', 'school', 'term', 'state', 'days', 'pick_up'],
  fields: {
    student: link({ label: '学生', en: 'Student', to: 'students', required: true, half: true, owner: 'system', indexed: true }),
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    term: link({ label: '学年学期', en: 'Term', to: 'terms', required: true, half: true, owner: 'system', indexed: true }),
    attendance_mode: choice({ label: '参加方式', en: 'Mode', group: 'service', half: true, choices: [
      { value: '5天全程', en: 'All five days', aliases: ['5天全程参加', '全程', '五天全程', '5天', '五天', '每天', '全程参加', '每周五天全程参加', '每周5天全程参加', '每周5天全程', '每周五天全程', '每周5天', '每周五天'] },
      { value: '部分', en: 'Some days', aliases: ['部分参加', '部分天数', '非全程', '部分时间', '部分天', '不全程'] } ], aliases: ['参与方式', '参加类型', '服务方式', '参加形式'] }),
    days: weekdays({ label: '星期', en: 'Weekdays', group: 'service', half: true, required: true, aliases: ['参加星期', '参加时间', '参加日', '参加天数', '服务时间', '参与时间', '参与星期', '报名星期', '上课星期', '托管星期', '服务星期', '周几', '参加服务时间', '参加课后服务时间', '参加课后服务星期'] }),
    services: list({ label: '服务项目', en: 'Services', group: 'service', aliases: ['报名项目', '项目', '选课', '社团', '课程', '选报项目', '选报课程', '报名课程', '兴趣班', '参加项目', '服务内容', '参加社团', '所选课程', '所选项目', '选择项目', '参加课程', '报名社团', '课程项目'] }),
    extended_care: yesNo({ label: '延时托管', en: 'Extended care', group: 'service', half: true, aliases: ['是否延时托管', '是否托管'] }),
    pick_up: choice({ label: '接送方式', en: 'Going home', group: 'pickup', half: true, choices: pickUps, aliases: ['接送', '离校方式', '放学方式', '回家方式', '离校形式', '接送情况', '放学接送', '接送形式'] }),
    entrusted_name: text({ label: '委托接送人', en: 'Entrusted person', group: 'pickup', half: true, maxLength: 60, aliases: ['接送人', '委托人', '代接人', '代接人姓名', '委托接送人姓名', '被委托人'] }),
    entrusted_phone: phone({ label: '委托接送人电话', en: 'Phone of the entrusted person', group: 'pickup', half: true, aliases: ['接送人电话', '委托人电话', '代接人电话', '委托接送人联系电话', '被委托人电话'] }),
    applied_on: date({ label: '申请日', en: 'Applied on', group: 'steps', half: true, aliases: ['申请日期', '申请时间', '报名日期', '报名时间', '登记日期', '填表日期', '提交日期', '申报日期', '报名日', '递交日期'] }),
    class_review: text({ label: '班级初审', en: 'Class review', group: 'steps', half: true, maxLength: 200, aliases: ['班级初审意见', '初审'] }),
    school_review: text({ label: '学校核准', en: 'School approval', group: 'steps', half: true, maxLength: 200, aliases: ['学校核准意见', '核准'] }),
    state: choice({ label: '状态', en: 'State', group: 'steps', half: true, choices: [
      { value: '待审核', en: 'Waiting', aliases: ['待审', '未审核', '审核中'] },
      { value: '已通过', en: 'Approved', aliases: ['通过', '审核通过', '已核准'] },
      { value: '已拒绝', en: 'Refused', aliases: ['拒绝', '未通过', '不通过'] },
      { value: '中途退出', en: 'Withdrawn', aliases: ['退出', '已退出'] } ], aliases: ['审核状态', '报名状态', '审核', '审核结果', '审核情况', '申请状态'] }),
    step: choice({ label: '办理步骤', en: 'Step', group: 'steps', half: true, owner: 'system', default: '家长申请', choices: [
      { value: '家长申请', en: 'Applied by guardian' }, { value: '班级初审', en: 'Reviewed by class' }, { value: '学校核准', en: 'Approved by school' },
      { value: '统筹安排', en: 'Placed' }, { value: '退回', en: 'Returned' }, { value: '退出', en: 'Withdrawn' } ] }),
    step_at: timestamp({ label: '步骤时间', en: 'Step at', group: 'steps', half: true, owner: 'system' }),
    step_by: text({ label: '办理人', en: 'Step by', group: 'steps', half: true, owner: 'system', maxLength: 60 }),
    consent: choices({ label: '个人信息同意', en: 'Consent', group: 'steps', owner: 'system', choices: [
      { value: '监护人已同意', en: 'Guardian agreed' } ] }),
    left_on: date({ label: '退出日', en: 'Left on', group: 'steps', half: true, aliases: ['退出日期', '退出时间', '中途退出日期'] }),
  },
});
