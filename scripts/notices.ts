/**
 * `npm run notices`: prints the personal letters of one kind for a school, a grade, a class or some students.
 * Only flags and the summary are here; the work is in notices/print-run.ts.
 */
import { resolve } from 'node:path';
import { type Command, type Flags, main, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { noticeKinds } from './notices/kinds.ts';
import { type PrintOptions, type PrintResult, printNotices } from './notices/print-run.ts';
import { type Layout, layouts } from './notices/template.ts';

export { printNotices } from './notices/print-run.ts';

const options = {
  kind: { value: 'KIND', help: `种类:${noticeKinds.map(({ name }) => name).join('、')}(默认第一种)/ kind of letter` },
  school: { value: 'CODE', help: '学校标识码(10 位)/ school code' },
  grade: { value: 'G', help: '只印一个年级,1-9 / one grade only' },
  class: { value: 'C', help: '只印一个班(与 --grade 同用)/ one class only' },
  student: { value: 'ID', many: true, help: '只印这些学生,写行号,可重复 / these students only' },
  term: { value: 'TERM', help: '学期,如 2026-1(默认当前学期)/ term' },
  date: { value: 'DAY', help: '成文日期,如 2026-09-01(默认今天;重印时用原日期)/ date on the letter' },
  layout: { value: 'LAYOUT', help: '版式:紧凑(小四)或 标准(3 号,每面 22 行 28 字)/ layout' },
  duplex: { help: '按班合订件每份从正面起,供双面印刷 / every letter starts on a front page' },
  out: { value: 'DIR', help: '输出文件夹(默认在 KEHOU_HOME 的 notices 下)/ folder for the PDFs' },
  'dry-run': { help: '只说明要印什么,不印 / say what would be printed' },
} as const;

const gradeOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^[1-9]$/.test(text)) throw new UsageError(`--grade「${text}」不对:年级写 1 到 9(初一写 7)。`);
  return Number(text);
};

const layoutFrom = (text: string | undefined): Layout | undefined => {
  const layout = layouts.find((one) => one === text);
  if (text !== undefined && !layout) throw new UsageError(`--layout「${text}」不对:可写 ${layouts.join(' 或 ')}。`);
  return layout;
};

const optionsFrom = (flags: Flags<typeof options>): PrintOptions => {
  if (!flags.school) throw new UsageError('请用 --school 指明学校标识码(10 位)。');
  if (flags.class && !flags.grade) throw new UsageError('--class 要与 --grade 同用:各年级都可能有同名的班。');
  const grade = gradeOf(flags.grade);
  const layout = layoutFrom(flags.layout);
  return {
    kind: flags.kind ?? (noticeKinds[0]?.name as string),
    school: flags.school,
    ...(grade === undefined ? {} : { grade }),
    ...(flags.class ? { classNo: flags.class } : {}),
    ...(flags.student ? { students: flags.student } : {}),
    ...(flags.term ? { term: flags.term } : {}),
    ...(flags.date ? { dated: flags.date } : {}),
    ...(layout ? { layout } : {}),
    ...(flags.out ? { out: resolve(flags.out) } : {}),
    oddStarts: flags.duplex === true,
    dryRun: flags['dry-run'] === true,
  };
};

/** The summary for people. */
export const noticeSummary = (result: PrintResult): string => {
  if (result.missing.length > 0) return ['没有印制:缺少必备要素。', ...result.missing.map((line) => `  ${line}`)].join('\n');
  const counts = result.dryRun
    ? `${result.kind}:共 ${result.copies} 份;将印 ${result.printed} 份,沿用 ${result.reused} 份,替换旧份 ${result.superseded} 份。`
    : `${result.kind}:共 ${result.copies} 份 ${result.pages} 页;新印 ${result.printed} 份,沿用 ${result.reused} 份,替换旧份 ${result.superseded} 份,失败 ${result.failed} 份(${(result.ms / 1000).toFixed(1)} 秒)。`;
  return [
    counts,
    ...(result.dryRun ? [] : [`文件夹:${result.folder}`, `按班合订:${result.classFiles.length} 册`]),
    ...result.advice.map((line) => `提示:${line}`),
    ...result.failures.map(({ key, reason }) => `没有印成:行号 ${key}(${reason})`),
  ].join('\n');
};

export const noticesCommand: Command<typeof options> = {
  name: 'notices',
  summary: '印制告家长书:每生一份 PDF,每班一册合订件 / print the letters to parents',
  options,
  examples: ['npm run notices -- --school 2141000001', 'npm run notices -- --school 2141000001 --grade 3 --class 2 --dry-run'],
  async run(flags, _words, progress) {
    const wanted = optionsFrom(flags);
    const config = loadConfig();
    const result = await withDirectus(config, progress, (store) => printNotices({ store, config, progress }, wanted));
    return { json: result, text: noticeSummary(result), problems: result.missing.length > 0 || result.failed > 0 };
  },
};

await main(import.meta, noticesCommand);
