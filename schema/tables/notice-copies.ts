import { choice, code, defineTable, json, link, text, timestamp, whole } from '../fields.ts';

/** One letter to one student's guardian, with its code (DESIGN section 5). */
export const noticeCopies = defineTable({
  name: 'notice_copies',
  label: '通知份',
  en: 'Notice copies',
  note: '每生一份;验证码印在纸上,公开页面不显示学生姓名。',
  icon: 'drafts',
  area: '案例与通知',
  sensitive: true,
  primary: 'rowId',
  key: ['notice', 'student'],
  display: '{{code}}',
  columns: ['notice', 'student', 'state', 'delivered_at', 'read_at', 'answered_at'],
  fields: {
    notice: link({ label: '通知', en: 'Notice', to: 'notices', required: true, half: true, indexed: true }),
    student: link({ label: '学生', en: 'Student', to: 'students', required: true, half: true, indexed: true }),
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, indexed: true }),
    code: code({ label: '验证码', en: 'Code', required: true, half: true, maxLength: 32, indexed: true }),
    short_code: code({ label: '八位短码', en: 'Short code', half: true, maxLength: 8, indexed: true }),
    content_hash: code({ label: '内容校验', en: 'Content hash', half: true, maxLength: 64, hidden: true, note: '内容不变则不重印。' }),
    file: text({ label: '文件', en: 'File', half: true, maxLength: 300 }),
    sha256: code({ label: '文件校验', en: 'File sha256', half: true, maxLength: 64, hidden: true }),
    pages: whole({ label: '页数', en: 'Pages', half: true, min: 1 }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      default: '有效',
      choices: [
        { value: '有效', en: 'Valid' },
        { value: '已替换', en: 'Superseded' },
        { value: '已撤回', en: 'Withdrawn' },
      ],
    }),
    printed_at: timestamp({ label: '印制时间', en: 'Printed at', half: true }),
    delivered_at: timestamp({ label: '送达时间', en: 'Delivered at', half: true }),
    read_at: timestamp({ label: '已读时间', en: 'Read at', half: true }),
    answered_at: timestamp({ label: '回执时间', en: 'Answered at', half: true }),
    answer: json({ label: '回执', en: 'Answer' }),
  },
});
