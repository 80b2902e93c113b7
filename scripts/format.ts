/**
 * `npm run format`: brings every file into the one form of biome.json.
 * Changes white space and quotes only.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Command, main, UsageError } from './cli.ts';
import { repositoryRoot } from './config.ts';

const command = {
  name: 'format',
  summary: '统一代码格式 / bring every file into the common form',
  options: {},
  async run() {
    const biome = join(repositoryRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const result = spawnSync(process.execPath, [biome, 'format', '--write', '.'], { cwd: repositoryRoot, encoding: 'utf8' });
    if (result.status !== 0) throw new UsageError(`格式没有整理完:\n${result.stderr}`);
    return { json: { formatted: true }, text: result.stdout.trim() };
  },
} satisfies Command<Record<string, never>>;

await main(import.meta, command);
