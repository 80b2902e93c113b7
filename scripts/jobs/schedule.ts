/**
 * The one table of scheduled work. The worker keeps one row of `jobs` for each entry, so that staff see in Directus
 * what runs when, when it ran last and how it went.
 */
import { createTask, type ScheduledTask, validate } from 'node-cron';
import type { JobKind } from './handlers.ts';

export interface ScheduleEntry {
  /** Stable name; a row of `jobs` is found again by it. */
  readonly name: string;
  readonly kind: JobKind;
  /** Minute, hour, day of month, month, weekday, in the county's time zone. */
  readonly cron: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** For the row's 当前情况 until it has run. */
  readonly note: string;
}

export const schedule: readonly ScheduleEntry[] = [
  { name: 'sync', kind: 'sync', cron: '*/5 * * * *', arguments: {}, note: '填报表保存后随即就读;每 5 分钟再全看一遍,以防遗漏' },
  { name: 'prefill', kind: 'prefill', cron: '30 1 * * *', arguments: {}, note: '每天 1:30 按各校台账备好月报(从截止前几天起,天数在县级参数里改)' },
  { name: 'remind', kind: 'remind', cron: '0 9 * * *', arguments: {}, note: '每天 9 点列出未报学校;截止前几天、截止当天、逾期各发一次催报邮件' },
  { name: 'freeze', kind: 'freeze', cron: '30 23 * * *', arguments: {}, note: '每天 23:30 查看:到了截止日就冻结上月月报(截止日在县级参数里改)' },
  {
    name: 'expire',
    kind: 'expire',
    cron: '30 4 * * *',
    arguments: {},
    note: '每天 4:30 查看:服务结束后满了保存月数(县级参数)的通知,信和回执内容都删去',
  },
  { name: 'digest', kind: 'digest', cron: '0 8 * * *', arguments: {}, note: '每天 8 点查看:过了截止日就生成上月统计表和简报,发给月报邮箱' },
  { name: 'rules', kind: 'rules', cron: '0 2 * * *', arguments: {}, note: '每天 2 点按规则核查全部学校,登记和消除预警' },
  { name: 'cases', kind: 'cases', cron: '30 2 * * *', arguments: {}, note: '每天 2:30 审查案例、取照片、更新约稿建议和排名' },
  {
    name: 'inspect',
    kind: 'inspect',
    cron: '0 4 * * *',
    arguments: { monthly: true },
    note: '每天 4 点查看:到了县级参数里“每月几号建议督导”的日子,就建议本月督导的学校',
  },
  { name: 'showcase', kind: 'showcase', cron: '0 3 * * *', arguments: {}, note: '每天 3 点更新案例网站' },
];

/** Faults of a schedule, each naming its entry; empty when it is sound. */
export const scheduleFaults = (entries: readonly ScheduleEntry[]): string[] => {
  const names = entries.map((entry) => entry.name);
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `定时任务 ${name} 出现了两次`),
    ...entries.filter((entry) => !validate(entry.cron)).map((entry) => `定时任务 ${entry.name} 的时间表“${entry.cron}”不对`),
  ];
};

/** A stopped cron task for an entry; it never overlaps itself. */
export const cronTask = (entry: ScheduleEntry, timezone: string, run: () => Promise<void>): ScheduledTask =>
  createTask(entry.cron, run, { timezone, name: entry.name, noOverlap: true });
