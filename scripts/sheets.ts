/**
 * npm run sheets: makes the schools' workbooks from the model and from what Directus already knows.
 */
import { type Command, main, type Options, type Outcome, type Progress, UsageError } from './cli.ts';
import { type Config, loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { makeSheets, type SheetsOptions, type SheetsReport, type WorkbookState } from './sheets/create-all.ts';
import { describeGoogle, makeGoogleSheets, needsHelp } from './sheets/google/create-all.ts';
import { SheetFault } from './sheets/source.ts';

const remedies: Readonly<Partial<Record<WorkbookState, string>>> = {
  已有: '已有工作簿,没有改动;要按现有数据重做请加 --refresh',
  不是系统模板: '同名文件不是系统模板,没有改动;请先移走或改名',
  占用中: '文件正被打开,没有改动;关闭后再做',
};

const describe = (report: SheetsReport): string => {
  const left = report.workbooks.filter((one) => remedies[one.state] !== undefined);
  return [
    `学期 ${report.term}:新建 ${report.created} 个,重做 ${report.refreshed} 个,未动 ${left.length} 个。文件夹:${report.folder}`,
    ...left.map((one) => `  ${one.file}:${remedies[one.state]}`),
  ].join('\n');
};

const options = {
  create: { help: '生成工作簿(必写)' },
  school: { value: 'CODE', help: '哪所学校,10 位标识码;可写几次', many: true },
  all: { help: '所有未停办的学校' },
  term: { value: 'ID', help: '学期,如 2026-1;不写则为当前学期' },
  refresh: { help: '已有的系统工作簿按现有数据重做(学校尚未收取的内容会丢失,请先同步)' },
  google: { help: '在谷歌云端硬盘的文件夹里建谷歌表格,并共享给学校的邮箱;中断后再运行会接着做' },
  'dry-run': { help: '只说会做什么,不写文件' },
} as const satisfies Options;

const createOnGoogle = async (config: Config, wanted: SheetsOptions, progress: Progress): Promise<Outcome> => {
  const { google, timezone } = config;
  if (!google) throw new UsageError('还没有设置谷歌表格:请在 .env 里写 KEHOU_GOOGLE_CREDENTIALS 和 KEHOU_GOOGLE_FOLDER。办法见 README“谷歌表格”。');
  if (wanted.refresh) throw new UsageError('--refresh 不能和 --google 一起用:谷歌表格建好后不重做。');
  try {
    const report = await withDirectus(config, progress, (store) => makeGoogleSheets(store, { ...google, timezone }, wanted, progress));
    return { json: report, text: describeGoogle(report), problems: needsHelp(report) };
  } catch (error) {
    throw error instanceof SheetFault ? new UsageError(error.message) : error;
  }
};

export const sheets: Command<typeof options> = {
  name: 'sheets',
  summary: "为学校生成填报工作簿 / make the schools' workbooks from the model",
  options,
  examples: [
    'npm run sheets -- --create --all',
    'npm run sheets -- --create --school 2141990001 --refresh',
    'npm run sheets -- --create --all --google',
  ],
  async run(flags, _words, progress) {
    if (!flags.create) throw new UsageError('请写 --create。用法见 npm run sheets -- --help');
    if (Boolean(flags.all) === Boolean(flags.school?.length)) throw new UsageError('--school CODE 和 --all 请写其中一个。');
    const config = loadConfig();
    const wanted: SheetsOptions = {
      schools: flags.all ? undefined : flags.school,
      term: flags.term,
      refresh: flags.refresh === true,
      dryRun: flags['dry-run'] === true,
    };
    if (flags.google) return createOnGoogle(config, wanted, progress);
    const report = await withDirectus(config, progress, (store) => makeSheets(store, config.sheetsDir, wanted, progress));
    return { json: report, text: describe(report), problems: report.workbooks.some((one) => one.state === '不是系统模板' || one.state === '占用中') };
  },
};

await main(import.meta, sheets);
