/** Starts a command of ours so that a test can kill it in the middle of its work. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Config } from '../../../scripts/config.ts';

export interface Started {
  readonly child: ChildProcess;
  /** Settles when the process is gone. */
  readonly ended: Promise<unknown>;
  /** What it says on its error output, as it comes. */
  readonly words: string[];
}

/** What a command in a process of its own has to be told to work in the same workspace. */
export const environmentOf = (config: Config): Readonly<Record<string, string>> => ({
  KEHOU_HOME: config.home,
  KEHOU_PORT: String(config.port),
  ...(config.database.client === 'pg' ? { DATABASE_URL: config.database.url } : {}),
  ...(config.smtpUrl ? { KEHOU_SMTP_URL: config.smtpUrl } : {}),
});

/** Comes back when the command has begun, or has ended before. */
export const startCommand = async (config: Config, command: 'sync' | 'notices', flags: readonly string[]): Promise<Started> => {
  const words: string[] = [];
  const child = fork(join(import.meta.dirname, 'command-process.ts'), [command, ...flags, '--json'], {
    env: { ...process.env, ...environmentOf(config) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.stderr?.on('data', (text) => words.push(String(text)));
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended]);
  return { child, ended, words };
};

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
