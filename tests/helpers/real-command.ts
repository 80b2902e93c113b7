/**
 * Runs a command as `npm run -s NAME -- FLAGS` starts it: in a process of its own, beside the Directus of a test.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../scripts/config.ts';
import type { TestDirectus } from './directus.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const runReal = async ({ config }: TestDirectus, name: string, flags: readonly string[]): Promise<Ended> => {
  const { home, port, chromium } = config;
  const env = { ...process.env, KEHOU_HOME: home, KEHOU_PORT: String(port), ...(chromium ? { PUPPETEER_EXECUTABLE_PATH: chromium } : {}) };
  const started = promisify(execFile)(process.execPath, ['--no-warnings', join(repositoryRoot, 'scripts', `${name}.ts`), ...flags], { env });
  const { stdout, stderr } = await started.catch((error: { stdout: string; stderr: string }) => error);
  return { code: started.child.exitCode ?? -1, out: stdout, err: stderr };
};
