/**
 * `npm run notices`: personal letters of one kind for a county, a township, a school, a class or some students; their preview,
 * their answers and their delivery. Only flags and the summary are here; the work is in notices/.
 */
import { resolve } from 'node:path';
import { type Layout, layouts, type OnlyFilter, onlyFilters } from '../schema/letters.ts';
import { type Command, type Flags, main, type Outcome, UsageError } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { type AreaDelivered, type AreaDeps, collectArea, deliverArea } from './notices/deliver-area.ts';
import { noticeKinds } from './notices/kinds.ts';
import { previewNotice } from './notices/preview.ts';
import { type AreaResult, printArea } from './notices/print-area.ts';
import { kindOf, type PrintDeps, type PrintOptions, type PrintResult } from './notices/print-run.ts';
import type { Area } from './notices/recipients.ts';
import { ownWords, placeholderNames } from './notices/words.ts';

export { printNotices } from './notices/print-run.ts';

const options = {
  kind: { value: 'KIND', help: `种类:${noticeKinds.map(({ name }) => name).join('、')}(默认第一种)/ kind of letter` },
  school: { value: 'CODE', help: '学校标识码(10 位)/ school code' },
  township: { value: 'NAME', help: '一个乡镇/学区的全部学校 / all schools of a township' },
  county: { help: '全县各校 / all schools' },
  grade: { value: 'G', help: '只印一个年级,1-9 / one grade only' },
  class: { value: 'C', help: '只印一个班(与 --grade 同用)/ one class only' },
  student: { value: 'ID', many: true, help: '只印这些学生,写行号,可重复 / these students only' },
  only: { value: 'FILTER', help: `只印符合条件的:${onlyFilters.join('、')} / only those who fit` },
  notice: { value: 'ID', help: '通知的行号;本学期有几份变更停课通知时指明一份 / row of the notice' },
  term: { value: 'TERM', help: '学期,如 2026-1(默认当前学期)/ term' },
  date: { value: 'DAY', help: '成文日期,如 2026-09-01(默认今天;重印时用原日期)/ date on the letter' },
  layout: { value: 'LAYOUT', help: '版式:紧凑(小四)或 标准(3 号,每面 22 行 28 字)/ layout' },
  duplex: { help: '按班合订件每份从正面起,供双面印刷 / every letter starts on a front page' },
  out: { value: 'DIR', help: '输出文件夹(默认在 KEHOU_HOME 的 notices 下)/ folder for the PDFs' },
  zip: { help: '另打一个压缩包 / also one zip of the letters' },
  upload: { help: '另存一份到 Directus 的非公开文件夹 / also into private folders of Directus' },
  preview: { help: '只出一份样张,不登记 / one letter to look at, nothing recorded' },
  replies: { help: '不印;汇总回执,写出回执名册 / who has answered' },
  deliver: { help: '不印;写出各班链接表,并发邮件给留了邮箱的家长 / link lists and mail' },
  placeholders: { help: '列出正文可用的占位符和系统自带的正文 / placeholders and the built-in words' },
  'dry-run': { help: '只说明要印什么,不印 / say what would be printed' },
} as const;

const gradeOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^[1-9]$/.test(text)) throw new UsageError(`--grade「${text}」不对:年级写 1 到 9(初一写 7)。`);
  return Number(text);
};

const oneOf = <T extends string>(flag: string, text: string | undefined, allowed: readonly T[]): T | undefined => {
  const found = allowed.find((one) => one === text);
  if (text !== undefined && !found) throw new UsageError(`--${flag}「${text}」不对:可写 ${allowed.join(' 或 ')}。`);
  return found;
};

const areaFrom = (flags: Flags<typeof options>): Area => {
  const given = [flags.school, flags.township, flags.county].filter((one) => one !== undefined);
  if (given.length !== 1) throw new UsageError('请用 --school 指明学校标识码(10 位),或用 --township、--county 之一。');
  if (!flags.school && (flags.out || flags.student)) throw new UsageError('--out 和 --student 要与 --school 同用。');
  return { ...(flags.school ? { school: flags.school } : {}), ...(flags.township ? { township: flags.township } : {}) };
};

const optionsFrom = (flags: Flags<typeof options>): Omit<PrintOptions, 'school'> => {
  if (flags.class && !flags.grade) throw new UsageError('--class 要与 --grade 同用:各年级都可能有同名的班。');
  const grade = gradeOf(flags.grade);
  const layout = oneOf<Layout>('layout', flags.layout, layouts);
  const only = oneOf<OnlyFilter>('only', flags.only, onlyFilters);
  return {
    kind: flags.kind ?? (noticeKinds[0]?.name as string),
    ...(grade === undefined ? {} : { grade }),
    ...(flags.class ? { classNo: flags.class } : {}),
    ...(flags.student ? { students: flags.student } : {}),
    ...(only ? { only } : {}),
    ...(flags.notice ? { notice: flags.notice } : {}),
    ...(flags.term ? { term: flags.term } : {}),
    ...(flags.date ? { dated: flags.date } : {}),
    ...(layout ? { layout } : {}),
    ...(flags.out ? { out: resolve(flags.out) } : {}),
    oddStarts: flags.duplex === true,
    zip: flags.zip === true,
    upload: flags.upload === true,
    dryRun: flags['dry-run'] === true,
  };
};

/** The summary for people. */
export const noticeSummary = (result: PrintResult | AreaResult): string => {
  const many = 'schools' in result && result.schools.length > 0;
  const refused = ['没有印制,原因:', ...result.missing.map((line) => `  ${line}`)];
  if (result.missing.length > 0 && !many) return refused.join('\n');
  const counts = result.dryRun
    ? `${result.kind}:共 ${result.copies} 份;将印 ${result.printed} 份,沿用 ${result.reused} 份,替换旧份 ${result.superseded} 份。`
    : `${result.kind}:共 ${result.copies} 份 ${result.pages} 页;新印 ${result.printed} 份,沿用 ${result.reused} 份,替换旧份 ${result.superseded} 份,撤回离校 ${result.withdrawn} 份,失败 ${result.failed} 份(${(result.ms / 1000).toFixed(1)} 秒)。`;
  return [
    counts,
    ...(result.dryRun ? [] : [`文件夹:${result.folder}`, `按班合订:${result.classFiles.length} 册`]),
    ...(result.zip ? [`压缩包:${result.zip}`] : []),
    ...(result.uploaded ? [`已存入 Directus:${result.uploaded} 个文件`] : []),
    ...(result.missing.length > 0 ? refused : []),
    ...result.advice.map((line) => `提示:${line}`),
    ...result.failures.map(({ key, reason }) => `没有印成:行号 ${key}(${reason})`),
  ].join('\n');
};

const deliverySummary = (result: AreaDelivered): string =>
  [
    `${result.kind}:要邮件的 ${result.wanted} 份;这次发出 ${result.sent} 份,失败 ${result.failed} 份,以前已发 ${result.already} 份,还在排队 ${result.queued} 份。`,
    ...(result.unclear
      ? [`有 ${result.unclear} 份停在「发送中」:发送曾中断,请在 Directus「通知份」里核对是否收到,要重发的把「发送情况」改为「排队」。`]
      : []),
    ...result.failures.map(({ student, words }) => `没有发出:行号 ${student}(${words})`),
    `各班链接表:${result.linkLists.length} 份`,
    ...result.left.map((line) => `没有办:${line}`),
  ].join('\n');

/** What every print answers with, before what else there is to say of it. */
const account = ({ copies, pages, printed, reused, superseded, failed, files, manifest, ms, ...more }: PrintResult | AreaResult) => ({
  copies,
  pages,
  printed,
  reused,
  superseded,
  failed,
  files,
  manifest,
  ms,
  ...more,
});

const printed = async (deps: PrintDeps, area: Area, wanted: Omit<PrintOptions, 'school'>): Promise<Outcome> => {
  const result = await printArea(deps, area, wanted);
  return { json: account(result), text: noticeSummary(result), problems: result.missing.length > 0 || result.failed > 0 };
};

const previewed = async (deps: PrintDeps, wanted: PrintOptions): Promise<Outcome> => {
  const result = await previewNotice(deps, wanted);
  return {
    json: result,
    text: [`样张:${result.file}`, ...result.missing.map((line) => `缺:${line}`)].join('\n'),
    problems: result.missing.length > 0,
  };
};

const replied = async (deps: PrintDeps, area: Area, wanted: Omit<PrintOptions, 'school'>): Promise<Outcome> => {
  const result = await collectArea(deps, area, wanted);
  const text = `${result.kind}:在册 ${result.students} 人,已发 ${result.sent},已读 ${result.read},已交回执 ${result.answered}(手机 ${result.onPhone},纸质 ${result.onPaper}),参加 ${result.takingPart},未交 ${result.missing}`;
  const [file] = result.files;
  return {
    // A single school's roster stands under `file` too.
    json: { ...result, ...(area.school && file ? { school: area.school, file } : {}) },
    text: [text, ...result.files.map((path) => `名册:${path}`), ...result.left.map((line) => `没有办:${line}`)].join('\n'),
  };
};

const delivered = async (deps: AreaDeps, area: Area, wanted: Omit<PrintOptions, 'school'>): Promise<Outcome> => {
  const result = await deliverArea(deps, area, wanted);
  const hint = result.mail ? '' : '\n没有发邮件:要发,请在 .env 里设 KEHOU_SMTP_URL,并在 Directus「县级参数」里填发件人。';
  return { json: result, text: `${deliverySummary(result)}${hint}`, problems: result.failed > 0 };
};

const placeholderList = (kindName: string): Outcome => {
  const kind = kindOf(kindName);
  const words = ownWords(kind.template);
  const text = `占位符(写在两对花括号里,如 {{学生姓名}}):${placeholderNames.join('、')}\n「${kind.name}」自带的正文:\n${words}`;
  return { json: { kind: kind.name, placeholders: placeholderNames, words }, text };
};

export const noticesCommand: Command<typeof options> = {
  name: 'notices',
  summary: '印制给家长的通知:每生一份 PDF,每班一册合订件 / print the letters to parents',
  options,
  examples: [
    'npm run notices -- --school 2141000001',
    'npm run notices -- --kind 收费与减免告知 --county --only 应缴未缴',
    'npm run notices -- --school 2141000001 --grade 3 --class 2 --preview',
  ],
  async run(flags, _words, progress) {
    const wanted = optionsFrom(flags);
    if (flags.placeholders) return placeholderList(wanted.kind);
    const area = areaFrom(flags);
    const single = [flags.preview, flags.replies, flags.deliver].filter(Boolean).length;
    if (single > 1) throw new UsageError('--preview、--replies、--deliver 一次只能用一个。');
    if (flags.preview && !area.school) throw new UsageError('--preview 要与 --school 同用。');
    const config = loadConfig();
    return withDirectus(config, progress, (store) => {
      const deps = { store, config, progress };
      const one = { ...wanted, school: area.school ?? '' };
      if (flags.preview) return previewed(deps, one);
      if (flags.replies) return replied(deps, area, wanted);
      if (flags.deliver) return delivered(deps, area, wanted);
      return printed(deps, area, wanted);
    });
  },
};

await main(import.meta, noticesCommand);
