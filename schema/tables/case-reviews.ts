import { choice, defineTable, json, link, longText, money, text, timestamp } from '../fields.ts';

/** One reviewer's marks for one case (DOMAIN section 4; criteria and weights are settings, not policy). */
export const caseReviews = defineTable({
  name: 'case_reviews',
  label: '案例评审',
  en: 'Case reviews',
  note: '每位评委对每个案例一行。评委都交齐才开封,在此之前这里没有分数。未检得官方评分表:指标、分值由本县定。',
  icon: 'rate_review',
  area: '案例与通知',
  primary: 'rowId',
  key: ['case', 'reviewer'],
  display: '{{case.title}} {{reviewer}}',
  columns: ['case', 'reviewer', 'state', 'total', 'verdict'],
  fields: {
    case: link({ label: '案例', en: 'Case', to: 'cases', required: true, half: true, indexed: true }),
    reviewer: text({ label: '评委', en: 'Reviewer', required: true, half: true, maxLength: 60 }),
    state: choice({
      label: '状态',
      en: 'State',
      half: true,
      owner: 'system',
      choices: [
        { value: '待评', en: 'Waiting' },
        { value: '已交', en: 'Handed in, sealed' },
        { value: '已开封', en: 'Opened' },
        { value: '回避', en: 'Recused' },
      ],
    }),
    submitted_at: timestamp({ label: '交卷时间', en: 'Handed in at', half: true, owner: 'system' }),
    marks: json({ label: '分项得分', en: 'Marks' }),
    total: money({ label: '总分', en: 'Total', half: true, min: 0, max: 100 }),
    verdict: choice({
      label: '结论',
      en: 'Verdict',
      half: true,
      choices: [
        { value: '通过', en: 'Pass' },
        { value: '修改', en: 'Revise' },
        { value: '不采用', en: 'Reject' },
      ],
    }),
    advice: longText({ label: '评审意见', en: 'Advice' }),
  },
});
