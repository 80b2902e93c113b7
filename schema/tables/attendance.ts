import { choice, date, defineTable, link, longText, text, time, whole, yesNo } from '../fields.ts';

/** Head counts per activity and day (DOMAIN T3). Names of children stay on the school's own list. */
export const attendance = defineTable({
  name: 'attendance',
  label: '考勤',
  en: 'Attendance',
  note: '按课程(班)逐日登记人数;应到=实到+请假+缺勤。逐人情况留在学校,不上报。',
  icon: 'fact_check',
  area: '师生与服务',
  primary: 'rowId',
  key: ['date', 'session', 'activity'],
  scope: 'school-term',
  tab: { name: '考勤', order: 5, aliases: ['学生考勤', '考勤表', '考勤登记'] },
  display: '{{date}} {{activity.name}}',
  columns: ['date', 'school', 'activity', 'due', 'present', 'absent'],
  sort: '-date',
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, owner: 'system', indexed: true }),
    term: link({ label: '学年学期', en: 'Term', to: 'terms', required: true, half: true, owner: 'system', indexed: true }),
    date: date({ label: '日期', en: 'Date', required: true, half: true, indexed: true, aliases: ['考勤日期', '服务日期', '上课日期'] }),
    session: choice({ label: '时段', en: 'Session', half: true, default: '第一段', choices: [
      { value: '第一段', en: 'First', aliases: ['第1段', '1', '一'] }, { value: '第二段', en: 'Second', aliases: ['第2段', '2', '二'] } ] }),
    activity: link({ label: '课程', en: 'Activity', to: 'activities', required: true, half: true, by: ['name', 'grades'], indexed: true, aliases: ['课程', '班或社团'] }),
    due: whole({ label: '应到', en: 'Due', required: true, half: true, min: 0, max: 2000, unit: '人', aliases: ['应到人数', '应到数', '应到学生'] }),
    present: whole({ label: '实到', en: 'Present', required: true, half: true, min: 0, max: 2000, unit: '人', aliases: ['实到人数', '实到数', '实到学生'] }),
    leave: whole({ label: '请假', en: 'On leave', half: true, min: 0, max: 2000, unit: '人', aliases: ['请假人数', '请假数'] }),
    absent: whole({ label: '缺勤', en: 'Absent', half: true, min: 0, max: 2000, unit: '人', aliases: ['缺勤人数', '缺勤数', '旷课'] }),
    late: whole({ label: '迟到', en: 'Late', half: true, min: 0, max: 2000, unit: '人', aliases: ['迟到人数'] }),
    left_early: whole({ label: '早退', en: 'Left early', half: true, min: 0, max: 2000, unit: '人', aliases: ['早退人数'] }),
    left_at: time({ label: '离校时刻', en: 'Left at', half: true, aliases: ['离校时间'] }),
    handover_signed: yesNo({ label: '交接签字', en: 'Hand-over signed', half: true, aliases: ['交接签名'] }),
    teacher: text({ label: '值班教师', en: 'Teacher on duty', half: true, maxLength: 60 }),
    duty_leader: text({ label: '带班领导', en: 'Leader on duty', half: true, maxLength: 60 }),
    incidents: longText({ label: '异常情况', en: 'Incidents', aliases: ['备注', '情况说明'], note: '不写学生姓名。' }),
  },
});
