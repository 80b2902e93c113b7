/**
 * `npm run report`: the county's monthly table as .xlsx and PDF.
 * Only starts the work of report/build.ts and says what came of it.
 */
import { type Command, main, type Outcome, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { buildReport, isMonth, type ReportResult } from './report/build.ts';

const inWords = (result: ReportResult): string =>
  [
    `${result.month}:应报 ${result.expected} 所,已报 ${result.reported} 所,按时 ${result.onTime} 所,按时报送率 ${result.rate === null ? '—' : `${result.rate.toFixed(2)}%`}。`,
    ...(result.missing.length > 0 ? [`  未报:${result.missing.join('、')}`] : []),
    `  ${result.xlsx}`,
    `  ${result.pdf}`,
  ].join('\n');

const options = {
  month: { value: 'YYYY-MM', help: '统计月,必填 / month of the returns' },
  out: { value: 'DIR', help: '文件放在哪里(默认 KEHOU_HOME/reports)/ folder of the files' },
} as const;

export const reportCommand: Command<typeof options> = {
  name: 'report',
  summary:
    '某月的全县课后服务统计表(.xlsx 和 PDF)/ the county table of one month\n' +
    '有学校未报是事实而不是差错:照样出表,列出未报学校,退出码为 0 / schools that have not reported are listed; the exit code stays 0.',
  options,
  examples: ['npm run report -- --month 2026-09', 'npm run -s report -- --month 2026-09 --out /tmp/报表 --json'],
  async run(flags, _words, progress): Promise<Outcome> {
    if (!flags.month) throw new UsageError('请用 --month 指明统计月,如 npm run report -- --month 2026-09');
    const month = flags.month;
    if (!isMonth(month)) throw new UsageError(`统计月“${month}”写法不对,应如 2026-09。`);
    const config = loadConfig();
    return withDirectus(config, progress, async (store) => {
      const result = await buildReport(config, store, progress, { month, ...(flags.out ? { out: flags.out } : {}) });
      return { json: result, text: inWords(result) };
    });
  },
};

await main(import.meta, reportCommand);
