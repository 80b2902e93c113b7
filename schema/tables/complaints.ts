import { choice, date, defineTable, link, longText, text } from '../fields.ts';

/** Complaints from parents and others (T1 #30, S16). The person who complains is not named here. */
export const complaints = defineTable({
  name: 'complaints',
  label: '投诉举报',
  en: 'Complaints',
  note: '记事不记人:不写投诉人姓名、电话。',
  icon: 'feedback',
  area: '月报与督导',
  primary: 'rowId',
  display: '{{received_on}} {{school.name}}',
  columns: ['received_on', 'school', 'matter', 'deadline', 'state'],
  sort: '-received_on',
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, indexed: true }),
    received_on: date({ label: '收到日期', en: 'Received on', required: true, half: true }),
    channel: choice({
      label: '渠道',
      en: 'Channel',
      half: true,
      choices: [
        { value: '电话', en: 'Phone' },
        { value: '来信来访', en: 'Letter or visit' },
        { value: '网络', en: 'Web' },
        { value: '12345', en: '12345' },
        { value: '12315', en: '12315' },
        { value: '上级转办', en: 'Passed on' },
      ],
    }),
    matter: choice({
      label: '事项',
      en: 'Matter',
      half: true,
      choices: [
        { value: '强制参加', en: 'Forced' },
        { value: '违规收费', en: 'Fees' },
        { value: '讲新课', en: 'New lessons' },
        { value: '安全', en: 'Safety' },
        { value: '人员', en: 'Staff' },
        { value: '其他', en: 'Other' },
      ],
    }),
    details: longText({ label: '内容', en: 'Details', required: true }),
    deadline: date({ label: '办理时限', en: 'Deadline', half: true }),
    handler: text({ label: '承办人', en: 'Handled by', half: true, maxLength: 60 }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      default: '待办',
      choices: [
        { value: '待办', en: 'Open' },
        { value: '办理中', en: 'In hand' },
        { value: '已办结', en: 'Closed' },
      ],
    }),
    inspection: link({
      label: '督导',
      en: 'Inspection',
      to: 'inspections',
      half: true,
      indexed: true,
      note: '为此安排的督导;建议督导时,未办结的投诉自动挂上。',
    }),
    outcome: longText({ label: '结果', en: 'Outcome' }),
    closed_on: date({ label: '办结日期', en: 'Closed on', half: true }),
  },
});
