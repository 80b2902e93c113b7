/**
 * `npm run sync`: reads the sheets that changed, hands their rows to Directus and writes the answers back.
 * With `--inspect` it only says what it reads in any file, without a database.
 */
import { writeFile } from 'node:fs/promises';
import type { Layout } from '../schema/layout.ts';
import { type Command, type Flags, main, type Options, type Outcome, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { refuseUnknownSchools } from './directus/unknown-schools.ts';
import { layoutsIn, rememberLayouts } from './intake/layouts.ts';
import { syncSheets } from './intake/run-sync.ts';
import { describeSync, needsAttention } from './intake/summary.ts';
import { readFile } from './sheets/read-file.ts';
import { describeInspection, hasProblems, inspectFiles } from './sync/inspect.ts';

const options = {
  inspect: { help: '只读出文件内容并说明问题,不连数据库 / read files and say what they hold, no database' },
  'dry-run': { help: '只说会怎样,不写入任何东西 / change nothing' },
  force: { help: '没有变动的文件也重新读 / read unchanged files too' },
  school: { value: 'CODE', help: '只同步这所学校 / only this school' },
  propose: { value: 'OUT.json', help: '与 --inspect 同用:把各栏的读法写成对照文件,供核对 / write the proposed layouts to a file' },
  layouts: { value: 'FILE.json', help: '与 --inspect 同用:按已确认的对照文件读 / read by confirmed layouts' },
  remember: { value: 'FILE.json', help: '与 --school 同用:记住这所学校的栏目对照,以后照此读 / keep the confirmed layouts of a school' },
} as const satisfies Options;

const writeProposals = async (path: string, layouts: readonly Layout[]): Promise<void> => {
  await writeFile(path, `${JSON.stringify(layouts, null, 2)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`对照文件写不了:${path}(${error.code === 'ENOENT' ? '没有这个文件夹' : error.code})`, { cause: error });
  });
};

const inspect = async (words: readonly string[], flags: Flags<typeof options>): Promise<Outcome> => {
  if (!words.length) throw new UsageError('--inspect 后面请写文件名 / name the files to inspect');
  const files = await inspectFiles(words, readFile, flags.layouts ? { layouts: await layoutsIn(flags.layouts) } : {});
  if (flags.propose)
    await writeProposals(
      flags.propose,
      files.flatMap((file) => file.layouts),
    );
  const written = flags.propose ? `\n对照文件已写入 ${flags.propose}:核对后把 confirmed 改成 true,再用 --remember 记住` : '';
  return { json: files, text: `${describeInspection(files)}${written}`, problems: hasProblems(files) };
};

export const syncCommand: Command<typeof options> = {
  name: 'sync',
  summary: "同步填报表:读入各校表格,写回答复 / read the schools' workbooks, write the answers back",
  words: '[FILE…]',
  options,
  examples: ['npm run sync', 'npm run sync -- --dry-run', 'npm run -s sync -- --inspect 报名表.xlsx --json'],
  async run(flags, words, progress): Promise<Outcome> {
    if (flags.inspect) return inspect(words, flags);
    if (flags.propose || flags.layouts) throw new UsageError('--propose 和 --layouts 要与 --inspect 同用');
    if (words.length) throw new UsageError('要查看单个文件请加 --inspect;同步按填报表文件夹进行 / add --inspect to read single files');
    if (flags.remember && !flags.school) throw new UsageError('--remember 要与 --school 同用:写明是哪所学校的表');
    const config = loadConfig();
    if (flags.remember) {
      const layouts = await layoutsIn(flags.remember);
      const { school = '' } = flags;
      const remembered = await withDirectus(config, progress, (store) => rememberLayouts(store, school, layouts));
      return { json: { school, remembered }, text: `记住了 ${remembered} 份栏目对照;下次同步会照此重读这所学校自有的表。` };
    }
    const dryRun = flags['dry-run'] === true;
    const { school } = flags;
    const summary = await withDirectus(config, progress, async (store) => {
      if (school)
        refuseUnknownSchools(
          [school],
          (await store.readRows('schools', { fields: ['code'] })).map(({ code }) => code),
        );
      return syncSheets(config, store, progress, { dryRun, force: flags.force === true, ...(school ? { school } : {}) });
    });
    return { json: summary, text: `${describeSync(summary, dryRun)}\n填报表在 ${config.sheetsDir}`, problems: needsAttention(summary) };
  },
};

await main(import.meta, syncCommand);
