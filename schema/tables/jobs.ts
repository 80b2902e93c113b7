import { choice, code, defineTable, json, longText, percent, text, timestamp } from '../fields.ts';

/** Long work is a row: screens write one, the worker does it and reports into it (DESIGN section 2). */
export const jobs = defineTable({
  name: 'jobs',
  label: '任务',
  en: 'Jobs',
  note: '同步、印制、统计、建站等较长的工作。新建一行即排队,进度和结果写回本行。',
  icon: 'pending_actions',
  area: '填报与系统',
  primary: 'rowId',
  display: '{{kind}}',
  columns: ['kind', 'state', 'progress', 'message', 'requested_at', 'finished_at'],
  sort: '-requested_at',
  fields: {
    kind: choice({ label: '任务种类', en: 'Kind', required: true, half: true, choices: [
      { value: 'sync', label: '同步填报表', en: 'Sync workbooks' },
      { value: 'sheets', label: '生成填报表', en: 'Make workbooks' },
      { value: 'notices', label: '印制通知', en: 'Print notices' },
      { value: 'report', label: '生成统计表', en: 'County report' },
      { value: 'showcase', label: '发布案例网站', en: 'Publish cases' },
      { value: 'freeze', label: '月报冻结', en: 'Freeze the month' },
      { value: 'remind', label: '催报名单', en: 'Reminders' },
      { value: 'digest', label: '每月简报', en: 'Digest' } ] }),
    arguments: json({ label: '参数', en: 'Arguments', note: '如 {"school":"2141000001"}、{"month":"2026-10"}。' }),
    state: choice({ label: '状态', en: 'State', half: true, default: '排队', choices: [
      { value: '定时', en: 'Scheduled' }, { value: '排队', en: 'Queued' }, { value: '进行中', en: 'Running' }, { value: '完成', en: 'Done' }, { value: '失败', en: 'Failed' }, { value: '已取消', en: 'Cancelled' } ], indexed: true }),
    progress: percent({ label: '进度', en: 'Progress', half: true, min: 0, max: 100 }),
    message: text({ label: '当前情况', en: 'Message', half: true, maxLength: 500 }),
    schedule: code({ label: '定时', en: 'Schedule', half: true, maxLength: 60, indexed: true, note: '定时任务的名称;程序启动时按定时表自动列出。' }),
    cron: code({ label: '时间表', en: 'Cron', half: true, maxLength: 60, note: '分 时 日 月 周。' }),
    next_at: timestamp({ label: '下次执行', en: 'Next run', half: true }),
    worker: code({ label: '执行者', en: 'Worker', half: true, maxLength: 60, hidden: true }),
    requested_at: timestamp({ label: '提出时间', en: 'Requested at', half: true }),
    started_at: timestamp({ label: '开始时间', en: 'Started at', half: true }),
    heartbeat_at: timestamp({ label: '最近心跳', en: 'Heartbeat', half: true, hidden: true }),
    finished_at: timestamp({ label: '结束时间', en: 'Finished at', half: true }),
    result: json({ label: '结果', en: 'Result' }),
    log: longText({ label: '记录', en: 'Log' }),
  },
});
