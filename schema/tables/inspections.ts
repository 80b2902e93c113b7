import { choice, choices, date, defineTable, json, link, list, longText, percent, text, whole } from '../fields.ts';

/** Inspections by the bureau (DOMAIN T9, R-D1, R-D2). */
export const inspections = defineTable({
  name: 'inspections',
  label: '督导',
  en: 'Inspections',
  note: '定期与不定期检查;不力者提醒、通报、约谈(S01)。督学二人以上为宜。',
  icon: 'travel_explore',
  area: '月报与督导',
  primary: 'rowId',
  display: '{{inspected_on}} {{school.name}}',
  columns: ['inspected_on', 'school', 'stars', 'measure', 'deadline', 'state'],
  sort: '-inspected_on',
  groups: { found: '检查情况', after: '处理与整改' },
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, indexed: true }),
    inspected_on: date({ label: '日期', en: 'Date', half: true }),
    inspectors: list({ label: '督学或巡课人', en: 'Inspectors' }),
    methods: choices({ label: '方式', en: 'Methods', choices: [
      { value: '走访课堂', en: 'Class visit' }, { value: '实地查看', en: 'Site visit' }, { value: '查阅资料', en: 'Papers' }, { value: '问卷访谈', en: 'Survey and talks' }, { value: '电话抽查', en: 'Phone calls' } ] }),
    state: choice({ label: '状态', en: 'State', half: true, default: '建议', choices: [
      { value: '建议', en: 'Proposed' }, { value: '已安排', en: 'Planned' }, { value: '已完成', en: 'Done' }, { value: '待复查', en: 'To re-check' }, { value: '已办结', en: 'Closed' } ] }),
    proposed_because: longText({ label: '建议理由', en: 'Why proposed' }),
    checklist: json({ label: '核对清单', en: 'Checklist', group: 'found', note: '上报数与核实数。' }),
    sampled: whole({ label: '抽查人数', en: 'Sampled', group: 'found', half: true, min: 0 }),
    accuracy: percent({ label: '核实准确率', en: 'Accuracy', group: 'found', half: true, min: 0, note: '核实数 ÷ 上报数。' }),
    strengths: longText({ label: '发现亮点', en: 'Strengths', group: 'found' }),
    faults: longText({ label: '问题', en: 'Problems', group: 'found' }),
    stars: whole({ label: '星级', en: 'Stars', group: 'found', half: true, min: 1, max: 5 }),
    measure: choice({ label: '处理', en: 'Measure', group: 'after', half: true, choices: [
      { value: '提醒', en: 'Reminder' }, { value: '整改', en: 'Order to mend' }, { value: '通报', en: 'Circular criticism' }, { value: '约谈', en: 'Summoned talk' }, { value: '移送', en: 'Referred' } ] }),
    demand: longText({ label: '整改要求', en: 'Demand', group: 'after' }),
    deadline: date({ label: '时限', en: 'Deadline', group: 'after', half: true }),
    reply: longText({ label: '学校回执', en: 'Reply', group: 'after' }),
    rechecked_on: date({ label: '复查日期', en: 'Re-checked on', group: 'after', half: true }),
    recheck: text({ label: '复查结果', en: 'Re-check', group: 'after', half: true, maxLength: 200 }),
  },
});
