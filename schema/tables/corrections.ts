import { choice, defineTable, json, link, list, longText, text, timestamp, whole } from '../fields.ts';

/** 更正单: what changes in a frozen return, why, and who allowed it (DESIGN section 6). */
export const corrections = defineTable({
  name: 'corrections',
  label: '更正单',
  en: 'Corrections',
  note: '月报冻结后的改动须先开更正单,写明栏目和理由,经批准后生效。',
  icon: 'edit_note',
  area: '月报与督导',
  primary: 'rowId',
  display: '{{report.month}} {{school.name}}',
  columns: ['school', 'report', 'state', 'version', 'decided_at'],
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, indexed: true }),
    report: link({ label: '月报', en: 'Return', to: 'monthly_reports', required: true, half: true, indexed: true }),
    fields: list({ label: '更正栏目', en: 'Fields', note: '写栏目名,如 参加学生数。', required: true }),
    reason: longText({ label: '更正理由', en: 'Reason', required: true }),
    requested_by: text({ label: '申请人', en: 'Requested by', half: true, maxLength: 60 }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      default: '待批准',
      choices: [
        { value: '待批准', en: 'Waiting' },
        { value: '已批准', en: 'Approved' },
        { value: '不批准', en: 'Refused' },
        { value: '已完成', en: 'Done' },
      ],
    }),
    decided_by: text({ label: '批准人', en: 'Decided by', half: true, maxLength: 60 }),
    decided_at: timestamp({ label: '批准时间', en: 'Decided at', half: true }),
    version: whole({ label: '版本', en: 'Version', half: true, min: 1, default: 2 }),
    difference: json({ label: '逐项差异', en: 'Difference', note: '栏目、原值、新值。' }),
  },
});
