/**
 * `npm run report`: the county's table of a month or a term as .xlsx and PDF, the brief, and what is behind any of its figures.
 * Only starts the work of report/build.ts and report/trace.ts and says what came of it.
 */
import { type Command, main, type Outcome, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { dayIn, monthFault } from './jobs/months.ts';
import { buildReport, type ReportResult } from './report/build.ts';
import { percentText } from './report/in-print.ts';
import { traceFigure, traceWords } from './report/trace.ts';

const inWords = (result: ReportResult): string =>
  [
    `${result.month}:应报 ${result.expected} 所,已报 ${result.reported} 所,按时 ${result.onTime} 所,按时报送率 ${percentText(result.rate)},数据完整率 ${percentText(result.standings.county.completeness)}。`,
    ...(result.missing.length > 0 ? [`  未报:${result.missing.join('、')}`] : []),
    `  ${result.xlsx}`,
    `  ${result.pdf}`,
    `  ${result.brief}`,
  ].join('\n');

const options = {
  month: { value: 'YYYY-MM', help: '统计月 / month of the returns' },
  term: { value: 'ID', help: '整个学期,如 2026-1 / a whole term instead' },
  out: { value: 'DIR', help: '文件放在哪里(默认 KEHOU_HOME/reports)/ folder of the files' },
  trace: { value: 'CELL|COLUMN', help: '统计表里一个数的来历:单元格(F12、报送情况!H3)或栏名(参加学生数、按时报送率)/ what is behind a figure' },
  school: { value: 'CODE', help: '与 --trace 合用:只看一所学校 / with --trace: one school' },
  township: { value: 'NAME', help: '与 --trace 合用:只看一个乡镇 / with --trace: one township' },
} as const;

export const reportCommand: Command<typeof options> = {
  name: 'report',
  summary:
    '某月或某学期的全县课后服务统计表(.xlsx 和 PDF)和一页简报 / the county table of a month or a term, and a brief\n' +
    '有学校未报是事实而不是差错:照样出表,列出未报学校,退出码为 0 / schools that have not reported are listed; the exit code stays 0.',
  options,
  examples: [
    'npm run report -- --month 2026-09',
    'npm run report -- --term 2026-1',
    'npm run -s report -- --month 2026-09 --out /tmp/报表 --json',
    'npm run report -- --month 2026-09 --trace F12',
    'npm run report -- --month 2026-09 --trace 参加学生数 --school 2141000001',
    'npm run report -- --term 2026-1 --trace 教师/参与率 --township 柳林镇',
  ],
  async run(flags, _words, progress): Promise<Outcome> {
    if (flags.month !== undefined && flags.term !== undefined) throw new UsageError('--month 与 --term 只能用一个 / choose --month or --term');
    if (flags.month === undefined && flags.term === undefined)
      throw new UsageError('请用 --month 指明统计月,如 npm run report -- --month 2026-09;整个学期用 --term 2026-1');
    if (flags.trace === undefined && (flags.school ?? flags.township) !== undefined) throw new UsageError('--school、--township 只与 --trace 合用');
    const config = loadConfig();
    const fault = flags.month === undefined ? null : monthFault(flags.month, dayIn(config.timezone));
    if (fault) throw new UsageError(fault);
    return withDirectus(config, progress, async (store) => {
      if (flags.trace !== undefined) {
        const { school, township } = flags;
        const wanted = flags.month ? { month: flags.month } : { term: flags.term as string };
        const options = { timezone: config.timezone, today: dayIn(config.timezone) };
        const trace = await traceFigure(store, options, wanted, flags.trace, { ...(school ? { school } : {}), ...(township ? { township } : {}) });
        return { json: trace, text: traceWords(trace) };
      }
      const result = await buildReport(config, store, progress, {
        ...(flags.month ? { month: flags.month } : { term: flags.term as string }),
        ...(flags.out ? { out: flags.out } : {}),
      });
      return { json: result, text: inWords(result) };
    });
  },
};

await main(import.meta, reportCommand);
