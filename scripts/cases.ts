/**
 * `npm run cases`: checks the cases, names schools worth asking, ranks what has been judged.
 * Only starts the work of cases/ and says what came of it.
 */
import { type CheckedLine, checkCases } from './cases/check-cases.ts';
import { type Material, readMaterial } from './cases/material.ts';
import { photoPlaces } from './cases/photo-places.ts';
import { type RankOutcome, rank } from './cases/rank.ts';
import { type HintLine, suggestSchools } from './cases/suggest-schools.ts';
import { type Command, main, type Outcome, type Progress, UsageError } from './cli.ts';
import { type Config, loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import type { Store } from './directus/store.ts';
import { dayIn } from './jobs/months.ts';
import { type GoogleClient, openGoogle } from './sheets/google/client.ts';

export interface CasesWanted {
  readonly check?: boolean;
  readonly suggest?: boolean;
  readonly rank?: boolean;
  readonly award?: boolean;
  readonly dryRun?: boolean;
}

export interface CasesResult {
  readonly check: Awaited<ReturnType<typeof checkCases>> | null;
  readonly suggest: readonly HintLine[] | null;
  readonly rank: RankOutcome | null;
}

/** For this command and the worker: each step that is wanted, on rows that are as the step before has left them. */
export const workOnCases = async (config: Config, store: Store, progress: Progress, wanted: CasesWanted): Promise<CasesResult> => {
  const now = new Date();
  const desk = { store, progress, now: now.toISOString(), today: dayIn(config.timezone, now), dryRun: wanted.dryRun === true };
  let google: Promise<GoogleClient> | null = null;
  const client = (): Promise<GoogleClient> | null => {
    if (config.google) google ??= openGoogle(config.google);
    return google;
  };
  const fresh = (): Promise<Material> => readMaterial(store, desk.today);
  const check = wanted.check ? await checkCases({ ...desk, places: photoPlaces(config, client) }, await fresh()) : null;
  const suggest = wanted.suggest ? await suggestSchools(desk, await fresh()) : null;
  const ranked = wanted.rank ? await rank({ ...desk, award: wanted.award === true }, await fresh()) : null;
  return { check, suggest, rank: ranked };
};

const caseText = (line: CheckedLine): string[] => {
  if (line.faults.length === 0 && line.gate.length === 0) return [];
  return [
    `  ${line.school}《${line.title}》 ${line.formal}`,
    ...line.faults.map((fault) => `    ${fault.level === '阻' ? '✗' : '·'} ${fault.message}`),
    ...line.gate.filter((reason) => !line.faults.some((fault) => fault.message === reason)).map((reason) => `    ✗ 不能发布:${reason}`),
  ];
};

const checkText = ({ cases, ms }: NonNullable<CasesResult['check']>): string[] => {
  const sound = cases.filter((line) => line.formal === '合格').length;
  return [
    `形式审查 ${cases.length} 篇:合格 ${sound},须改 ${cases.length - sound};雷同 ${cases.filter((line) => line.similar.length > 0).length} 篇(比对用时 ${(ms.alike / 1000).toFixed(1)} 秒)。`,
    ...cases.flatMap(caseText),
  ];
};

const suggestText = (lines: readonly HintLine[]): string[] => [
  lines.length ? `建议约稿 ${lines.length} 所:` : '没有建议约稿的学校。',
  ...lines.map((line) => `  ${line.township} ${line.name}:${line.reason}${line.asked ? `(${line.asked} 已约)` : ''}`),
];

const rankText = ({ cases, reviewers }: RankOutcome): string[] => [
  `排名 ${cases.filter((line) => line.rank !== null).length} 篇:`,
  ...cases.map((line) => `  ${line.rank ?? '—'} 《${line.title}》 ${line.reason}`),
  ...(reviewers.length
    ? ['评委宽严(正数偏宽,负数偏严):', ...reviewers.map((one) => `  ${one.reviewer} ${one.habit > 0 ? '+' : ''}${one.habit}(${one.reviews} 篇)`)]
    : []),
];

const options = {
  check: { help: '形式审查:缺段、字数、个人信息、雷同、数据出处;取照片 / formal check, photos brought in' },
  suggest: { help: '按月报数据建议约稿的学校 / schools worth asking' },
  rank: { help: '按已开封的评分排名 / ranking of what has been judged' },
  award: { help: '与 --rank 同用:把等次也写上 / with --rank: write the awards too' },
  'dry-run': { help: '只看结果,什么也不写 / change nothing' },
} as const;

export const casesCommand: Command<typeof options> = {
  name: 'cases',
  summary:
    '典型案例:形式审查、约稿建议、排名 / check the cases, name schools worth asking, rank\n' +
    '有“须改”的案例时退出码为 1 / the exit code is 1 while a case has to be mended.',
  options,
  examples: ['npm run cases -- --check', 'npm run -s cases -- --suggest --json', 'npm run cases -- --rank --award --dry-run'],
  async run(flags, _words, progress): Promise<Outcome> {
    if (!flags.check && !flags.suggest && !flags.rank)
      throw new UsageError('请写明要做什么:--check(形式审查)、--suggest(约稿建议)、--rank(排名),可以同时写。');
    if (flags.award && !flags.rank) throw new UsageError('--award 要与 --rank 同用。');
    const config = loadConfig();
    return withDirectus(config, progress, async (store) => {
      const result = await workOnCases(config, store, progress, { ...flags, dryRun: flags['dry-run'] === true });
      return {
        json: {
          ...(result.check ?? {}),
          ...(result.suggest ? { suggestions: result.suggest } : {}),
          ...(result.rank ? { ranking: result.rank } : {}),
        },
        text: [
          ...(result.check ? checkText(result.check) : []),
          ...(result.suggest ? suggestText(result.suggest) : []),
          ...(result.rank ? rankText(result.rank) : []),
        ].join('\n'),
        problems: result.check?.cases.some((line) => line.formal === '须改') ?? false,
      };
    });
  },
};

await main(import.meta, casesCommand);
