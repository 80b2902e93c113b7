/**
 * `npm run bench`: measures what Kehou promises (DESIGN section 10), each beside the plain way of doing the same, in one run.
 * It works in a folder of its own and never touches this installation's data.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Bar, BenchContext, MeasureBar } from './bench/rig/bar.ts';
import { type Command, main, type Outcome, UsageError } from './cli.ts';

/** One file, one bar; loaded only when it is measured. */
const bars: Readonly<Record<string, () => Promise<{ readonly bar: MeasureBar }>>> = {
  'first-sync': () => import('./bench/first-sync.ts'),
  'second-sync-touched': () => import('./bench/second-sync-touched.ts'),
  'second-sync-untouched': () => import('./bench/second-sync-untouched.ts'),
  'google-calls': () => import('./bench/google-calls.ts'),
  memory: () => import('./bench/memory.ts'),
  notices: () => import('./bench/notices.ts'),
  showcase: () => import('./bench/showcase.ts'),
  'notices-county': () => import('./bench/notices-county.ts'),
  rules: () => import('./bench/rules.ts'),
};

export const barNames = Object.keys(bars);

export const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? '',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
});

const measure = async (name: string, context: BenchContext): Promise<Bar> => {
  context.progress.note(`${name}…`);
  const { bar } = await (bars[name] as (typeof bars)[string])();
  const measured = await bar(context);
  return { what: measured.name, unit: 'ms', ...measured, name };
};

const rounded = (figure: number): number => Math.round(figure * 100) / 100;
const shown = (figure: number | null): string =>
  figure === null ? '—' : figure.toLocaleString('en-US', { maximumFractionDigits: figure < 100 ? 2 : 0 });

const barLines = (bar: Bar): string[] => [
  `${bar.pass ? '✓' : '✗'} ${bar.name}  ${bar.what}`,
  `    我方 ours ${shown(bar.ours)} · 对照 against ${shown(bar.against)} ${bar.unit} · 比值 ratio ${shown(bar.ratio)} · 标准 bar ${shown(bar.bar)}`,
  ...(bar.note ? [`    ${bar.note}`] : []),
  ...(bar.details
    ? [
        `    ${Object.entries(bar.details)
          .map(([name, value]) => `${name} ${value}`)
          .join(' · ')}`,
      ]
    : []),
];

export const describeBars = (on: ReturnType<typeof machine>, bars: readonly Bar[]): string =>
  [`${on.cpu} · ${on.cores} 核 · ${on.memoryGb} GB · Node ${on.node}`, ...bars.flatMap(barLines)].join('\n');

const options = {
  only: { value: 'NAME', many: true, help: '只量这一项 / only this bar' },
  full: { help: '按全县量(200 个工作簿、10 万学生),要一个多小时 / the whole county' },
} as const;

export const benchCommand: Command<typeof options> = {
  name: 'bench',
  summary: '量一量:各项性能标准,与普通做法并排 / measure the promises side by side with the plain way',
  options,
  examples: ['npm run bench', 'npm run -s bench -- --only first-sync --json'],
  async run(flags, _words, progress): Promise<Outcome> {
    const unknown = (flags.only ?? []).filter((name) => !barNames.includes(name));
    if (unknown.length) throw new UsageError(`没有“${unknown.join('、')}”这一项;可选:${barNames.join('、')}`);
    const folder = mkdtempSync(join(tmpdir(), 'kehou-bench-'));
    try {
      const measured: Bar[] = [];
      for (const name of flags.only ?? barNames) measured.push(await measure(name, { full: flags.full === true, folder, progress }));
      const on = machine();
      const json = {
        machine: on,
        bars: measured.map((bar) => ({
          ...bar,
          ours: rounded(bar.ours),
          against: bar.against && rounded(bar.against),
          ratio: bar.ratio && rounded(bar.ratio),
        })),
      };
      return { json, text: describeBars(on, measured), problems: measured.some((bar) => !bar.pass) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

await main(import.meta, benchCommand);
