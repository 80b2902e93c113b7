import { choice, code, date, defineTable, json, link, text, timestamp, whole } from '../fields.ts';

/** A print run of one kind of letter (DESIGN section 5, DOMAIN section 2). */
export const notices = defineTable({
  name: 'notices',
  label: '通知',
  en: 'Notices',
  note: '一次印制一行:发什么、发给谁、印了多少、文件在哪里。',
  icon: 'mail',
  area: '案例与通知',
  primary: 'rowId',
  display: '{{kind}} {{school.name}}',
  columns: ['kind', 'school', 'term', 'state', 'copies', 'printed_at'],
  sort: '-printed_at',
  fields: {
    kind: choice({
      label: '种类',
      en: 'Kind',
      required: true,
      half: true,
      choices: [
        { value: '告家长书', en: 'Notice to parents' },
        { value: '自愿申请表', en: 'Application form' },
        { value: '报名结果', en: 'Result' },
        { value: '收费与减免告知', en: 'Fees and waivers' },
        { value: '变更停课通知', en: 'Change or closure' },
      ],
    }),
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, indexed: true }),
    term: link({ label: '学年学期', en: 'Term', to: 'terms', required: true, half: true }),
    dated: date({ label: '成文日期', en: 'Dated', half: true }),
    scope: json({ label: '范围', en: 'Scope', note: '年级、班级;空着为全校。' }),
    template_version: code({ label: '模板版本', en: 'Template version', half: true, maxLength: 64 }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      default: '待印',
      choices: [
        { value: '待印', en: 'Waiting' },
        { value: '印制中', en: 'Printing' },
        { value: '已印', en: 'Printed' },
        { value: '有误', en: 'Failed' },
        { value: '已撤回', en: 'Withdrawn' },
      ],
    }),
    copies: whole({ label: '份数', en: 'Copies', half: true, min: 0 }),
    pages: whole({ label: '页数', en: 'Pages', half: true, min: 0 }),
    manifest_hash: code({ label: '清单校验', en: 'Manifest sha256', half: true, maxLength: 64, hidden: true }),
    folder: text({ label: '文件夹', en: 'Folder', half: true, maxLength: 300 }),
    printed_at: timestamp({ label: '印制时间', en: 'Printed at', half: true }),
  },
});
