import { choice, code, defineTable, json, link, longText, money, month, text, timestamp } from '../fields.ts';
import { severities } from '../vocabulary.ts';

/** What a rule of DOMAIN section 5 found, with its clause and the rows that show it. */
export const findings = defineTable({
  name: 'findings',
  label: '预警',
  en: 'Findings',
  note: '由规则自动发现,引用条款和证据;学校说明后,证据消失则自动消除,否则由人写明理由办结。',
  icon: 'report',
  area: '月报与督导',
  primary: 'rowId',
  key: ['school', 'rule', 'cause'],
  display: '{{rule}} {{school.name}}',
  columns: ['school', 'rule', 'severity', 'message', 'state', 'opened_at'],
  sort: '-opened_at',
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, indexed: true }),
    rule: code({ label: '规则编号', en: 'Rule', required: true, half: true, maxLength: 20, indexed: true }),
    clause: text({ label: '条款', en: 'Clause', half: true, maxLength: 200 }),
    severity: choice({
      label: '级别',
      en: 'Severity',
      required: true,
      half: true,
      choices: severities,
    }),
    cause: text({ label: '起因', en: 'Cause', half: true, maxLength: 200, note: '同一起因不重复开立。' }),
    month: month({ label: '统计月', en: 'Month', half: true, note: '空着的是整个学期的事。' }),
    message: longText({ label: '内容', en: 'Message', required: true }),
    rows: json({ label: '证据', en: 'Evidence' }),
    at_stake: money({ label: '涉及金额', en: 'At stake', half: true, min: 0 }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      default: '未办',
      choices: [
        { value: '未办', en: 'Open' },
        { value: '学校已说明', en: 'Answered' },
        { value: '已消除', en: 'Gone' },
        { value: '已办结', en: 'Closed' },
        { value: '误报', en: 'False alarm' },
      ],
    }),
    answer: longText({ label: '学校说明', en: 'Answer' }),
    closed_by: text({ label: '办结人', en: 'Closed by', half: true, maxLength: 60, note: '人工办结的,系统记下登录的人。' }),
    close_reason: text({ label: '办结理由', en: 'Why closed', half: true, maxLength: 300, note: '选“已办结”或“误报”时必填;“已消除”由系统写明。' }),
    opened_at: timestamp({ label: '发现时间', en: 'Opened at', half: true }),
    closed_at: timestamp({ label: '办结时间', en: 'Closed at', half: true }),
    evidence_hash: code({ label: '证据校验', en: 'Evidence hash', half: true, owner: 'system', hidden: true, maxLength: 64 }),
    history: json({ label: '经过', en: 'History', owner: 'system', note: '每次变动:时间、从什么到什么、谁、为什么。' }),
  },
});
