/**
 * npm run county: writes a sample county from a seed.
 */
import { resolve } from 'node:path';
import { type Command, main, type Options, UsageError } from './cli.ts';
import { sampleDay } from './county/county.ts';
import { writeCounty } from './county/write.ts';

const options = {
  schools: { value: 'N', help: '学校数,默认 12' },
  students: { value: 'N', help: '学生数,默认 720' },
  seed: { value: 'N', help: '种子:同一种子每次生成完全相同的内容,默认 1' },
  mistakes: { value: 'N', help: '在工作簿里埋下大约 N 处填报错误,默认 0' },
  today: { value: '日期', help: `数据截至哪一天,默认 ${sampleDay}` },
  out: { value: 'DIR', help: '写到哪个文件夹(必填)' },
} as const satisfies Options;

const numberOf = (name: string, text: string | undefined, fallback: number, low: number): number => {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < low || value > 1_000_000)
    throw new UsageError(`--${name} 应是不小于 ${low} 的整数,如 --${name} ${fallback}。`);
  return value;
};

const dayOf = (text: string | undefined): string => {
  const day = text ?? sampleDay;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day)
    throw new UsageError('--today 应是日期,如 --today 2026-11-24。');
  return day;
};

export const county: Command<typeof options> = {
  name: 'county',
  summary: '生成一个虚构的示例县:学校、人员、学生、月报、收费、案例,以及各校填好的工作簿 / make a sample county from a seed',
  options,
  examples: [
    'npm run county -- --schools 12 --students 720 --seed 1 --out /tmp/county',
    'npm run county -- --schools 200 --students 100000 --out /tmp/large',
  ],
  async run(flags, _words, progress) {
    if (!flags.out) throw new UsageError('请用 --out 写明放到哪个文件夹。');
    const schools = numberOf('schools', flags.schools, 12, 1);
    const students = numberOf('students', flags.students, 720, 0);
    const started = performance.now();
    const bar = progress.bar('工作簿', schools);
    const made = await writeCounty({
      schools,
      students,
      seed: numberOf('seed', flags.seed, 1, 0),
      mistakes: numberOf('mistakes', flags.mistakes, 0, 0),
      today: dayOf(flags.today),
      out: resolve(flags.out),
      step: () => bar.step(),
    });
    bar.end();
    const { counts, mistakes } = made;
    return {
      json: { county: made.county, workbooks: made.workbooks, ...counts, mistakes: mistakes.length, ms: Math.round(performance.now() - started) },
      text: `已生成 ${counts.schools} 所学校、${counts.students} 名学生、${counts.rows} 行${mistakes.length > 0 ? `,埋下 ${mistakes.length} 处错误` : ''}。\n县局数据:${made.county}\n各校工作簿:${made.workbooks}`,
    };
  },
};

await main(import.meta, county);
