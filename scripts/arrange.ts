/**
 * `npm run arrange`: gives the places of courses to approved applications, and says why.
 * Only starts the work of enrolment/arrange.ts and prints what came of it.
 */
import { type Command, main } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';
import { arrangeSchools, countSchools, type SchoolPlaces } from './enrolment/arrange.ts';

const courseLine = ({ name, capacity, placed, waiting }: SchoolPlaces['courses'][number]): string =>
  `  ${name}:名额 ${capacity ?? '不限'},录取 ${placed}${waiting ? `,候补 ${waiting}` : ''}`;

const schoolText = (one: SchoolPlaces): string[] => [
  `${one.name}(${one.school})${one.term},抽签种子“${one.seed}”:已核准 ${one.placements.length} 人,候补 ${one.waiting} 人,有变动 ${one.changed} 人`,
  ...one.courses.filter((course) => course.capacity !== null).map(courseLine),
  ...(one.unknown ? [`  有 ${one.unknown} 个志愿在课程安排里找不到,请核对课程名`] : []),
];

const options = {
  school: { value: 'CODE', many: true, help: '只安排这所学校,可写多次 / this school only, repeatable' },
  seed: { value: 'WORD', help: '抽签种子,不写用县级参数里的 / seed of the lottery' },
  anew: { help: '不保留已有名额,全部重新安排 / give up the places that were given' },
  'dry-run': { help: '只安排给人看,不写入 / arrange, but write nothing' },
} as const;

export const arrangeCommand: Command<typeof options> = {
  name: 'arrange',
  summary:
    '统筹安排:按优先群体和抽签,把课程名额安排给已核准的报名,其余列入候补 / places in courses by priority groups and a seeded lottery\n' +
    '有志愿找不到课程时退出码为 1 / the exit code is 1 where a choice names no course.',
  options,
  examples: ['npm run arrange -- --school 2141000001 --dry-run', 'npm run -s arrange -- --seed 2026秋 --json'],
  async run(flags, _words, progress) {
    const config = loadConfig();
    return withDirectus(config, progress, async (store) => {
      const outcomes: SchoolPlaces[] = [];
      const bar = progress.bar('安排', await countSchools(store, flags.school));
      const result = await arrangeSchools(store, {
        now: new Date().toISOString(),
        ...(flags.school ? { schools: flags.school } : {}),
        ...(flags.seed ? { seed: flags.seed } : {}),
        ...(flags.anew ? { anew: true } : {}),
        ...(flags['dry-run'] ? { dryRun: true } : {}),
        onSchool: (outcome) => {
          outcomes.push(outcome);
          bar.step();
        },
      });
      bar.end();
      const last = `${result.schools} 所学校、${result.children} 名学生:安排 ${result.placed},候补 ${result.waiting};${flags['dry-run'] ? '没有写入' : `写入 ${result.changed}`}。`;
      return {
        json: { ...result, arrangements: outcomes },
        text: [...outcomes.filter((one) => one.placements.length).flatMap(schoolText), last].join('\n'),
        problems: result.unknown > 0,
      };
    });
  },
};

await main(import.meta, arrangeCommand);
