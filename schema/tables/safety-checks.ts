import { choice, date, defineTable, link, longText, photos, text } from '../fields.ts';
import { safetyItems } from '../vocabulary.ts';

/** Safety inspections of a school's own (DOMAIN T8, R-S1). */
export const safetyChecks = defineTable({
  name: 'safety_checks',
  label: '安全检查',
  en: 'Safety checks',
  note: '场所、消防、救护、交接等检查,隐患逐条销号(T8)。',
  icon: 'health_and_safety',
  area: '月报与督导',
  primary: 'rowId',
  key: ['checked_on', 'place', 'item'],
  display: '{{checked_on}} {{school.name}}',
  columns: ['checked_on', 'school', 'item', 'result', 'deadline', 'closed_on'],
  sort: '-checked_on',
  fields: {
    school: link({ label: '学校', en: 'School', to: 'schools', required: true, half: true, indexed: true }),
    checked_on: date({ label: '日期', en: 'Date', required: true, half: true }),
    place: text({ label: '地点', en: 'Place', half: true, maxLength: 100 }),
    item: choice({ label: '项目', en: 'Item', required: true, half: true, choices: safetyItems }),
    result: choice({
      label: '结果',
      en: 'Result',
      required: true,
      half: true,
      choices: [
        { value: '合格', en: 'Passed' },
        { value: '隐患', en: 'Hazard' },
        { value: '不适用', en: 'Not applicable' },
      ],
    }),
    hazard: longText({ label: '隐患描述', en: 'Hazard' }),
    photos: photos({ label: '照片', en: 'Photos', note: '不拍学生面部。' }),
    responsible: text({ label: '整改责任人', en: 'Responsible', half: true, maxLength: 60 }),
    deadline: date({ label: '时限', en: 'Deadline', half: true }),
    rechecked_by: text({ label: '复查人', en: 'Re-checked by', half: true, maxLength: 60 }),
    recheck: text({ label: '复查结果', en: 'Re-check', half: true, maxLength: 200 }),
    closed_on: date({ label: '销号日', en: 'Closed on', half: true }),
  },
});
