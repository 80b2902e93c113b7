import { choice, code, date, defineTable, grades, link, money, text, time, weekdays, whole } from '../fields.ts';
import { serviceContents } from '../vocabulary.ts';

/** Courses and clubs of a term (DOMAIN T5). */
export const activities = defineTable({
  name: 'activities',
  label: '课程活动',
  en: 'Activities',
  note: '课后服务的课程与社团;只能排在上课日、教学计划之后(S05)。',
  icon: 'local_activity',
  area: '师生与服务',
  primary: 'rowId',
  key: ['name', 'grades', 'days'],
  scope: 'school-term',
  tab: { name: '课程安排', order: 2, aliases: ['课程表', '课程', '社团安排', '社团', '课程与社团'] },
  display: '{{name}}({{school.name}})',
  groups: { when: '时间地点', who: '教师与来源', places: '名额与费用', dates: '起止与状态' },
  columns: ['name', 'school', 'category', 'days', 'start', 'end', 'teacher'],
  archive: { field: 'state', archived: '已下架', active: '已发布' },
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    term: link({ label: '学年学期', en: 'Term', to: 'terms', required: true, half: true, owner: 'system', indexed: true }),
    name: text({ label: '课程名', en: 'Name', required: true, half: true, maxLength: 100, aliases: ['课程名称', '课程(社团)名称', '课程', '社团名称', '社团名', '活动名称', '项目名称', '社团(课程)名称', '课程/社团名称', '课程(项目)名称', '课程社团名称', '社团', '项目', '班名', '活动项目', '课程项目', '课程、社团名称'] }),
    category: choice({ label: '类别', en: 'Category', half: true, choices: serviceContents, aliases: ['课程类别', '课程类型', '类型', '社团类别', '活动类别', '所属类别', '课程分类', '分类', '项目类别'] }),
    grades: grades({ label: '年级', en: 'Grades', half: true, aliases: ['面向年级', '适用年级', '年级范围', '对象', '授课对象', '招生年级', '参加年级', '开设年级', '招收年级', '参与年级', '面向对象', '招生对象', '适合年级', '服务年级'] }),
    days: weekdays({ label: '星期', en: 'Weekdays', required: true, group: 'when', half: true, aliases: ['上课星期', '上课日', '周几', '活动星期', '开课星期', '上课周次', '活动日', '开设星期', '每周安排'] }),
    start: time({ label: '开始时刻', en: 'Start', required: true, group: 'when', half: true, aliases: ['开始时间', '上课时间/开始', '开始', '上课时刻', '起始时间', '开始上课时间', '起始时刻', '起', '上课开始时间'] }),
    end: time({ label: '结束时刻', en: 'End', required: true, group: 'when', half: true, aliases: ['结束时间', '上课时间/结束', '结束', '下课时间', '终止时间', '结束上课时间', '下课时刻', '止', '上课结束时间', '放学时间'] }),
    place: text({ label: '地点', en: 'Place', group: 'when', half: true, maxLength: 100, aliases: ['活动地点', '上课地点', '教室', '场地', '活动场所', '上课教室', '授课地点', '场所', '活动场地', '服务地点', '活动教室', '开课地点'] }),
    teacher: text({ label: '主教师', en: 'Teacher', group: 'who', half: true, maxLength: 100, aliases: ['主讲教师', '指导教师', '任课教师', '教师', '授课教师', '负责教师', '主讲', '主教', '主讲老师', '任课老师', '指导老师', '授课老师', '老师', '责任教师', '教师姓名', '主教师姓名', '辅导教师', '负责老师', '授课人'] }),
    assistant: text({ label: '副教师', en: 'Assistant', group: 'who', half: true, maxLength: 100, aliases: ['辅助教师', '助教', '协助教师', '副教', '辅助老师', '配班教师', '助教老师', '协助老师', '辅助', '第二教师'] }),
    origin: choice({ label: '来源', en: 'Origin', group: 'who', half: true, choices: [
      { value: '校内', en: 'School', aliases: ['本校', '自有', '校本'] }, { value: '引进', en: 'Provider', aliases: ['校外', '第三方', '机构', '外聘'] } ], aliases: ['课程来源', '开设方式', '来源方式', '师资来源'] }),
    provider: link({ label: '合作机构', en: 'Provider', to: 'providers', group: 'who', half: true, by: ['name'], aliases: ['机构名', '机构名称', '引进机构', '合作单位', '第三方机构'] }),
    capacity: whole({ label: '容量', en: 'Capacity', group: 'places', half: true, min: 0, max: 2000, unit: '人', aliases: ['人数上限', '名额', '限报人数', '计划人数', '限额', '最大人数', '招生人数', '额定人数', '人数限制', '上限', '开班人数', '计划招生', '计划数', '人数上限(人)', '可报人数', '班额'] }),
    enrolled: whole({ label: '已报', en: 'Enrolled', group: 'places', half: true, min: 0, max: 5000, unit: '人', aliases: ['已报人数', '报名人数', '实报人数', '实际人数', '参加人数', '现有人数', '人数', '实有人数', '已报名人数', '报名数', '已报名', '参与人数'] }),
    lessons: whole({ label: '课时数', en: 'Lessons', group: 'places', half: true, min: 0, max: 1000, unit: '课时', aliases: ['总课时', '课时', '课次', '总节数', '节数', '课时总数', '计划课时'] }),
    fee: money({ label: '费用', en: 'Fee', group: 'places', half: true, min: 0, max: 10000, aliases: ['收费', '课程费用', '收费标准', '收费金额', '费用标准', '课程收费', '课程费'] }),
    fee_authority_no: code({ label: '费用批准文号', en: 'Fee authority no.', group: 'places', half: true, maxLength: 60, note: '课程另收费须有批准文号(T5)。' }),
    signup_from: date({ label: '报名开始日', en: 'Sign-up from', group: 'dates', half: true }),
    signup_to: date({ label: '报名截止日', en: 'Sign-up to', group: 'dates', half: true }),
    starts_on: date({ label: '开课日', en: 'Starts on', group: 'dates', half: true, aliases: ['开课日期', '开课', '开课时间', '开始日期', '起始日期', '开班日期'] }),
    ends_on: date({ label: '结课日', en: 'Ends on', group: 'dates', half: true, aliases: ['结课日期', '结课', '结课时间', '结束日期', '终止日期', '结班日期'] }),
    state: choice({ label: '状态', en: 'State', group: 'dates', half: true, choices: [
      { value: '待发布', en: 'Draft' }, { value: '已发布', en: 'Open', aliases: ['发布', '进行中', '开课中'] },
      { value: '已下架', en: 'Withdrawn', aliases: ['下架'] }, { value: '已结课', en: 'Finished', aliases: ['结课', '已结束'] } ], aliases: ['课程状态', '发布状态', '开课状态'] }),
  },
});
