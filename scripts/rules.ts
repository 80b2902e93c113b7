/**
 * `npm run rules`: judges schools by the rules in use, keeps the findings and prints them.
 * Only starts the work of rules/evaluate.ts and says what came of it.
 */
import { type Command, main, type Outcome, type Progress, UsageError } from './cli.ts';
import { type Config, loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { dayIn, monthFault } from './jobs/months.ts';
import { evaluateRules, type RulesOptions, type SchoolOutcome } from './rules/evaluate.ts';
import { schoolText, summaryText } from './rules/words.ts';

const judge = (config: Config, progress: Progress, wanted: RulesOptions): Promise<Outcome> =>
  withDirectus(config, progress, async (store) => {
    const outcomes: SchoolOutcome[] = [];
    const schools = wanted.schools?.length ?? (await store.readRows('schools', { fields: ['code'] })).length;
    const bar = progress.bar('核查', schools);
    const result = await evaluateRules(store, {
      ...wanted,
      onSchool: (outcome) => {
        outcomes.push(outcome);
        bar.step();
      },
    });
    bar.end();
    return {
      json: { findings: outcomes.flatMap((one) => one.findings), reconciliation: outcomes.flatMap((one) => one.reconciliation), ...result },
      text: [...outcomes.flatMap(schoolText), ...summaryText(result, wanted.dryRun === true)].join('\n'),
      problems: result.severe > 0,
    };
  });

const options = {
  school: { value: 'CODE', many: true, help: '只核查这所学校,可写多次 / this school only, repeatable' },
  month: { value: 'YYYY-MM', help: '只核查这个月,不核查整个学期的事 / this month only' },
  'dry-run': { help: '只核查,不登记预警 / find, but keep nothing' },
} as const;

export const rulesCommand: Command<typeof options> = {
  name: 'rules',
  summary:
    '按规则核查各校资料,登记预警,并作报名、名册、考勤、收费、通知五方核对 / judge schools by the rules and keep the findings\n' +
    '有未办的“禁”“须”级预警时退出码为 1 / the exit code is 1 while 禁 or 须 findings are open.',
  options,
  examples: ['npm run rules', 'npm run -s rules -- --school 2141000001 --month 2026-10 --dry-run --json'],
  async run(flags, _words, progress) {
    const config = loadConfig();
    const fault = flags.month === undefined ? null : monthFault(flags.month, dayIn(config.timezone));
    if (fault) throw new UsageError(fault);
    return judge(config, progress, {
      timezone: config.timezone,
      ...(flags.school ? { schools: flags.school } : {}),
      ...(flags.month ? { month: flags.month } : {}),
      ...(flags['dry-run'] ? { dryRun: true } : {}),
    });
  },
};

await main(import.meta, rulesCommand);
