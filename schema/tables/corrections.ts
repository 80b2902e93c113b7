import { choice, defineTable, json, link, list, longText, text, timestamp, whole } from '../fields.ts';

/** 更正单: what changes in a frozen return, why, and who allowed it (DESIGN section 6). */
export const corrections = defineTable({
  name: 'corrections',
  label: '更正单',
  en: 'Corrections',
  note: '月报冻结后的改动须先开更正单,写明栏目和理由。学校在月报里改数并写“更正理由”,就自动开一张;选“已批准”后新数生效,月报成为新的一版。',
  icon: 'edit_note',
  area: '月报与督导',
  primary: 'rowId',
  display: '{{report.month}} {{school.name}}',
  columns: ['school', 'report', 'state', 'difference_words', 'reason', 'version', 'decided_at'],
  sort: '-requested_at',
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', half: true, owner: 'system', indexed: true, note: '按月报自动填写。' }),
    report: link({ label: '月报', en: 'Return', to: 'monthly_reports', required: true, half: true, indexed: true }),
    fields: list({ label: '更正栏目', en: 'Fields', note: '写栏目名,如 参加学生数。', required: true }),
    reason: longText({ label: '更正理由', en: 'Reason', required: true }),
    difference_words: longText({ label: '逐项差异', en: 'Difference', owner: 'system', note: '原来的数 → 要改成的数。' }),
    requested_by: text({ label: '申请人', en: 'Requested by', half: true, maxLength: 60 }),
    requested_at: timestamp({ label: '申请时间', en: 'Requested at', half: true, owner: 'system' }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      default: '待批准',
      choices: [
        { value: '待批准', en: 'Waiting' },
        { value: '已批准', en: 'Approved: the named cells are open' },
        { value: '不批准', en: 'Refused' },
        { value: '已完成', en: 'Done: a new version' },
        { value: '已撤回', en: 'Withdrawn by the school' },
      ],
      note: '选“已批准”:表里已经改好的数随即生效;还没有改的,学校这就可以改所列的栏目。',
    }),
    decision_note: text({ label: '批准意见', en: 'Note on the decision', half: true, maxLength: 300, note: '不批准时写明理由,学校在表里看得到。' }),
    decided_by: text({ label: '批准人', en: 'Decided by', half: true, maxLength: 60, note: '空着由系统填写办理人的姓名。' }),
    decided_at: timestamp({ label: '批准时间', en: 'Decided at', half: true, owner: 'system' }),
    version: whole({ label: '版本', en: 'Version', half: true, owner: 'system', min: 1, note: '更正后月报是第几版。' }),
    difference: json({ label: '差异数据', en: 'Difference as data', owner: 'system', hidden: true }),
  },
});
