/**
 * Runs one of our commands on a workspace in a process of its own, and watches its memory and that of Directus meanwhile.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnvironment, repositoryRoot } from '../../config.ts';
import { watchMemory } from './memory.ts';
import type { Workspace } from './workspace.ts';

/** The largest process of the command, and of Directus, in megabytes. */
export const runWatched = async ({ config, pid }: Workspace, command: string, args: readonly string[]): Promise<Record<string, number>> => {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(repositoryRoot, 'scripts', `${command}.ts`), '--json', ...args],
    {
      env: {
        ...inheritedEnvironment(),
        KEHOU_HOME: config.home,
        KEHOU_PORT: String(config.port),
        KEHOU_SHEETS_DIR: config.sheetsDir,
        ...(config.database.client === 'pg' ? { DATABASE_URL: config.database.url } : {}),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const watch = watchMemory({ directus: pid, [command]: child.pid as number });
  const [code] = (await once(child, 'exit')) as [number | null];
  const peaks = watch.stop();
  // 1: the sheets hold problems, which is no matter here.
  if (code !== 0 && code !== 1) throw new Error(`${command} ended with ${code}`);
  return peaks;
};
