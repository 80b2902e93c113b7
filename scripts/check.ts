/**
 * `npm run check`: format, lint, types, model snapshot, tests; every step runs, and all faults are told.
 * Changes nothing.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Command, main } from './cli.ts';
import { repositoryRoot } from './config.ts';
import { runTests } from './test.ts';

interface Step {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const inModules = (...path: string[]): string => join(repositoryRoot, 'node_modules', ...path);

const steps: readonly Step[] = [
  { name: '格式与代码规范 (biome)', program: inModules('@biomejs', 'biome', 'bin', 'biome'), args: ['check', '--error-on-warnings', '.'] },
  { name: '类型 (tsc)', program: inModules('typescript', 'bin', 'tsc'), args: ['-p', '.'] },
  { name: '类型 (vue-tsc)', program: inModules('vue-tsc', 'bin', 'vue-tsc.js'), args: ['-p', 'tsconfig.vue.json'] },
  { name: '模型快照 (schema --check)', program: join(repositoryRoot, 'scripts', 'schema.ts'), args: ['--check'] },
];

const options = { 'no-tests': { help: '不运行测试 / leave out the tests' } } as const;

const command: Command<typeof options> = {
  name: 'check',
  summary: '检查格式、规范、类型、模型快照和测试 / everything that must hold before a change is handed in',
  options,
  async run(flags, _words, progress) {
    const quiet = process.argv.includes('--json');
    const results = steps.map((step) => {
      const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', step.program, ...step.args], {
        cwd: repositoryRoot,
        stdio: ['ignore', quiet ? 2 : 1, 2],
      });
      progress.note(`${result.status === 0 ? '✓' : '✗'} ${step.name}`);
      return { name: step.name, ok: result.status === 0 };
    });
    const counts = flags['no-tests'] ? null : await runTests([], undefined, quiet);
    const all = [...results, ...(counts ? [{ name: '测试', ok: counts.failed === 0 && counts.passed > 0 }] : [])];
    const failed = all.filter((one) => !one.ok).map((one) => one.name);
    const summary = failed.length ? `没有通过:${failed.join('、')}` : '全部通过。';
    return {
      json: { steps: all, tests: counts },
      text: counts ? `${summary}\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : summary,
      problems: failed.length > 0,
    };
  },
};

await main(import.meta, command);
