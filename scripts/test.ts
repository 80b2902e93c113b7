/**
 * `npm test`: runs the tests and ends with one line that counts them.
 * Knows nothing of what they test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, main } from './cli.ts';
import { inheritedEnvironment, repositoryRoot } from './config.ts';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts tests. A file that fails without a failed test of its own (it could not be read, or its preparation failed) counts as one
 * failure, and so does a run that ended badly for another reason.
 */
export const countTests = (report: Report | null, exitCode: number | null): Counts => {
  const brokenFiles =
    report?.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed')).length ?? 0;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
};

/** Runs vitest with its usual output; `words` choose files, `name` chooses tests by name. */
export const runTests = async (words: readonly string[], name: string | undefined, quiet: boolean): Promise<Counts> => {
  const folder = mkdtempSync(join(tmpdir(), 'kehou-tests-'));
  // PostgreSQL runs as a user of its own and must find its way to its files in here.
  chmodSync(folder, 0o711);
  const outputFile = join(folder, 'report.json');
  try {
    const vitest = join(repositoryRoot, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`, ...(name ? ['-t', name] : []), ...words];
    // Results of vitest go where progress goes when a document is asked for.
    // Whatever a test leaves in its temporary folder, even one that was cut off, goes with this run.
    const child = spawn(process.execPath, args, {
      cwd: repositoryRoot,
      stdio: ['ignore', quiet ? 2 : 1, 2],
      env: { ...inheritedEnvironment(), TMPDIR: folder },
    });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    const report = existsSync(outputFile) ? (JSON.parse(readFileSync(outputFile, 'utf8')) as Report) : null;
    return countTests(report, exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const options = { name: { value: 'PATTERN', help: '只运行名字含此内容的测试 / only tests whose name matches', short: 't' } } as const;

const command: Command<typeof options> = {
  name: 'test',
  summary: '运行全部测试 / run the tests',
  words: '[FILE…]',
  options,
  examples: ['npm test', 'npm test -- tests/sync'],
  async run(flags, words) {
    const counts = await runTests(words, flags.name, process.argv.includes('--json'));
    return {
      json: counts,
      text: `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
      problems: counts.failed > 0 || counts.passed === 0,
    };
  },
};

await main(import.meta, command);
