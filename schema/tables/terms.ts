import { code, date, decimal, defineTable, list, text, yesNo } from '../fields.ts';

/** School terms. The key is `2026-1`: the year in which the school year begins, 1 = first (上), 2 = second (下) term. */
export const terms = defineTable({
  name: 'terms',
  label: '学期',
  en: 'Terms',
  note: '每学期一行;上课日按国家节假日安排推算,可加本地调整。',
  icon: 'date_range',
  area: '基础信息',
  primary: { field: 'id' },
  display: '{{name}}',
  columns: ['id', 'name', 'starts_on', 'ends_on', 'current'],
  sort: '-id',
  fields: {
    id: code({
      label: '学期代码',
      en: 'Term',
      required: true,
      half: true,
      maxLength: 6,
      pattern: '^\\d{4}-[12]$',
      note: '如 2026-1:2026 年秋季开始的学年,上学期。',
    }),
    name: text({ label: '学年学期', en: 'Term name', required: true, half: true, maxLength: 50, note: '如 2026—2027 学年上学期。' }),
    starts_on: date({ label: '开始日期', en: 'Starts on', required: true, half: true }),
    ends_on: date({ label: '结束日期', en: 'Ends on', required: true, half: true }),
    service_starts_on: date({ label: '课后服务开始日', en: 'Service starts on', half: true }),
    service_ends_on: date({ label: '课后服务结束日', en: 'Service ends on', half: true }),
    months: decimal({
      label: '计费月数',
      en: 'Months charged',
      half: true,
      min: 0.5,
      max: 6,
      scale: 1,
      note: '可写半个月,如 4.5(S10:60 元 × 4.5 个月 = 270 元)。',
    }),
    current: yesNo({ label: '当前学期', en: 'Current term', half: true, default: false }),
    extra_school_days: list({ label: '补课日', en: 'Extra school days', days: true, note: '本地另定的上课日:写成 2026-10-10,按回车,再写下一天。' }),
    extra_days_off: list({ label: '本地放假日', en: 'Extra days off', days: true, note: '本地另定的放假日:写成 2026-11-05,按回车,再写下一天。' }),
  },
});
