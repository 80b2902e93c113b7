/**
 * `npm run sync`: reads the sheets that changed, hands their rows to Directus and writes the answers back.
 * With `--inspect` it only says what it reads in any file, without a database.
 */
import { type Command, main, type Outcome, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { syncSheets } from './intake/run-sync.ts';
import { describeSync, needsAttention } from './intake/summary.ts';
import { readFile } from './sheets/read-file.ts';
import { describeInspection, hasProblems, inspectFiles } from './sync/inspect.ts';

const options = {
  inspect: { help: '只读出文件内容并说明问题,不连数据库 / read files and say what they hold, no database' },
  'dry-run': { help: '只说会怎样,不写入任何东西 / change nothing' },
  force: { help: '没有变动的文件也重新读 / read unchanged files too' },
  school: { value: 'CODE', help: '只同步这所学校 / only this school' },
} as const;

export const syncCommand: Command<typeof options> = {
  name: 'sync',
  summary: "同步填报表:读入各校表格,写回答复 / read the schools' workbooks, write the answers back",
  words: '[FILE…]',
  options,
  examples: ['npm run sync', 'npm run sync -- --dry-run', 'npm run -s sync -- --inspect 报名表.xlsx --json'],
  async run(flags, words, progress): Promise<Outcome> {
    if (flags.inspect) {
      if (!words.length) throw new UsageError('--inspect 后面请写文件名 / name the files to inspect');
      const files = await inspectFiles(words, readFile);
      return { json: files, text: describeInspection(files), problems: hasProblems(files) };
    }
    if (words.length) throw new UsageError('要查看单个文件请加 --inspect;同步按填报表文件夹进行 / add --inspect to read single files');
    const config = loadConfig();
    const dryRun = flags['dry-run'] === true;
    const summary = await withDirectus(config, progress, (store) =>
      syncSheets(config, store, progress, { dryRun, force: flags.force === true, ...(flags.school ? { school: flags.school } : {}) }),
    );
    return { json: summary, text: `${describeSync(summary, dryRun)}\n填报表在 ${config.sheetsDir}`, problems: needsAttention(summary) };
  },
};

await main(import.meta, syncCommand);
