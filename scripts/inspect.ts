/**
 * `npm run inspect`: proposes inspections, prints their letters, lists what is overdue.
 * Only starts the work of supervision/ and prints what came of it.
 */
import { type Command, main, type Outcome, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { dayIn } from './jobs/months.ts';
import { type LettersResult, printLetters } from './supervision/letters.ts';
import { listOverdue, type OverdueLine } from './supervision/overdue.ts';
import { type ProposeResult, proposeInspections } from './supervision/propose.ts';

const proposalText = ({ proposals, waiting, complaints, faults }: ProposeResult, dryRun: boolean): string[] => [
  ...proposals.map((one) => `${one.chosenBy} ${one.school}(${one.code}):${one.because}`),
  `建议督导 ${proposals.length} 所${waiting ? `,此前还有 ${waiting} 所待安排` : ''}${complaints ? `,挂上投诉 ${complaints} 件` : ''}。${dryRun ? '只建议,没有登记。' : ''}`,
  ...faults.map((fault) => `看不懂的风险分值,没有使用:${fault}。请写成“迟报 3”的样子。`),
];

/** What `--json` prints: of each part that was asked for, what it came to. */
export type InspectJson = Partial<ProposeResult> & Partial<LettersResult> & { readonly overdue: readonly OverdueLine[] };

const lettersText = ({ letters, folder, printed, reused, incomplete }: LettersResult, dryRun: boolean): string[] => [
  ...letters.map(
    (one) =>
      `${one.kind} ${one.school}:${dryRun && one.state === '新印' ? '会新印' : one.state}${one.missing.length ? `,请先在「督导」里填写:${one.missing.join('、')}` : ''}`,
  ),
  `文书 ${letters.length} 份:${dryRun ? '会' : ''}新印 ${printed},沿用 ${reused},缺内容 ${incomplete};${dryRun ? '只看结果,没有印。' : folder}`,
];

const overdueText = (overdue: readonly OverdueLine[]): string[] =>
  overdue.map((one) => `逾期 ${one.days} 天:${one.school}(${one.code})${one.measure},时限 ${one.deadline},还没有复查。`);

const options = {
  propose: { help: '按风险和随机建议督导学校 / propose inspections' },
  letters: { help: '印制提醒、整改、通报、约谈文书 / print the letters' },
  overdue: { help: '只列出逾期未复查的 / list overdue re-checks only' },
  count: { value: 'N', help: '建议几所,不写按县级参数 / how many to propose' },
  seed: { value: 'WORD', help: '随机部分的种子,不写按月份 / seed of the lot' },
  school: { value: 'CODE', many: true, help: '只印这所学校的文书,可写多次 / letters of this school only' },
  'dry-run': { help: '只看结果,不登记也不印 / change nothing' },
} as const;

const countOf = (word: string | undefined): number | undefined => {
  if (word === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
  throw new UsageError(`--count 要写一个正整数,不能是“${word}”。`);
};

export const inspectCommand: Command<typeof options> = {
  name: 'inspect',
  summary:
    '督导:建议督导学校、印制文书、列出逾期未复查的 / inspections by risk and by lot, their letters, overdue re-checks\n' +
    '有逾期未复查或文书缺内容时退出码为 1 / the exit code is 1 while a re-check is overdue or a letter lacks something.',
  options,
  examples: ['npm run inspect -- --propose --dry-run', 'npm run inspect -- --letters', 'npm run -s inspect -- --overdue --json'],
  async run(flags, _words, progress) {
    if (!flags.propose && !flags.letters && !flags.overdue) throw new UsageError('请写明做什么:--propose、--letters 或 --overdue。');
    const count = countOf(flags.count);
    const config = loadConfig();
    const dryRun = flags['dry-run'] === true;
    return withDirectus(config, progress, async (store): Promise<Outcome> => {
      const proposed = flags.propose
        ? await proposeInspections(store, {
            timezone: config.timezone,
            dryRun,
            ...(count ? { count } : {}),
            ...(flags.seed ? { seed: flags.seed } : {}),
          })
        : null;
      const printed = flags.letters
        ? await printLetters(config, store, progress, { dryRun, ...(flags.school ? { schools: flags.school } : {}) })
        : null;
      const overdue = await listOverdue(store, dayIn(config.timezone));
      return {
        json: { ...(proposed ?? {}), ...(printed ?? {}), overdue } satisfies InspectJson,
        text: [...(proposed ? proposalText(proposed, dryRun) : []), ...(printed ? lettersText(printed, dryRun) : []), ...overdueText(overdue)].join(
          '\n',
        ),
        problems: overdue.length > 0 || (printed?.incomplete ?? 0) > 0 || (proposed?.faults.length ?? 0) > 0,
      };
    });
  },
};

await main(import.meta, inspectCommand);
