/**
 * `npm run schema`: compares the model with the committed snapshot and with Directus, and applies it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, main, type Outcome, type Progress, UsageError } from './cli.ts';
import { loadConfig, repositoryRoot } from './config.ts';
import { applyModel, findDifferences, snapshotText } from './directus/apply-model.ts';
import { findRunning, withDirectus } from './directus/server.ts';

const snapshotFile = join(repositoryRoot, 'schema', 'snapshot.txt');

const nameOf = (line: string): string => line.split(' ').slice(0, 2).join(' ');

/** Lines that the model prints and the snapshot lacks, or the other way round, named by their artefact. */
export const snapshotDifferences = (wanted: string, committed: string): string[] => {
  const now = new Set(wanted.split('\n').filter(Boolean));
  const then = new Set(committed.split('\n').filter(Boolean));
  const changed = [...now].filter((line) => !then.has(line)).map(nameOf);
  const gone = [...then].filter((line) => !now.has(line)).map(nameOf);
  return [
    ...new Set([
      ...changed.map((name) => `快照里没有或不同:${name}`),
      ...gone.filter((name) => !changed.includes(name)).map((name) => `模型里已没有:${name}`),
    ]),
  ];
};

const check = async (live: boolean, progress: Progress): Promise<Outcome> => {
  const config = loadConfig();
  const snapshot = snapshotDifferences(snapshotText(), existsSync(snapshotFile) ? readFileSync(snapshotFile, 'utf8') : '');
  const reachable = live || (await findRunning(config)) !== null;
  const directus = reachable
    ? await withDirectus(config, progress, async (_store, { adminStore }) => (await findDifferences(adminStore)).map((one) => one.what))
    : [];
  const text = [
    ...(snapshot.length
      ? ['模型与 schema/snapshot.txt 不一致(npm run schema -- --snapshot 可更新):', ...snapshot.map((line) => `  ${line}`)]
      : ['模型与快照一致。']),
    ...(!reachable
      ? ['Directus 没有运行,未核对(加 --live 可启动后核对)。']
      : directus.length
        ? ['Directus 与模型不一致(npm run schema -- --write 可更新):', ...directus.map((line) => `  ${line}`)]
        : ['Directus 与模型一致。']),
  ].join('\n');
  return { json: { snapshot, directus: reachable ? directus : null }, text, problems: snapshot.length + directus.length > 0 };
};

const write = (dryRun: boolean, progress: Progress): Promise<Outcome> =>
  withDirectus(loadConfig(), progress, async (_store, { adminStore }) => {
    if (dryRun) {
      const differences = (await findDifferences(adminStore)).map((one) => one.what);
      return {
        json: { mended: [], left: differences },
        text: differences.length ? ['将要更新:', ...differences.map((line) => `  ${line}`)].join('\n') : 'Directus 与模型一致,无须更新。',
      };
    }
    const { mended, left } = await applyModel(adminStore, (what) => progress.note(what));
    const text = [`更新 ${mended.length} 处。`, ...(left.length ? ['以下须人工处理:', ...left.map((line) => `  ${line}`)] : [])].join('\n');
    return { json: { mended, left }, text, problems: left.length > 0 };
  });

const options = {
  check: { help: '比较模型、快照和 Directus,不一致则退出码 1 / compare only' },
  live: { help: '与 --check 同用:Directus 没有运行时先启动它 / start Directus to compare' },
  write: { help: '把模型套用到 Directus(只增补,不删除)/ apply; never drops data' },
  'dry-run': { help: '与 --write 同用:只列出要改什么 / list what would change' },
  snapshot: { help: '重写 schema/snapshot.txt / rewrite the committed snapshot' },
} as const;

export const schemaCommand: Command<typeof options> = {
  name: 'schema',
  summary: '数据模型:核对或套用 / the data model: compare it or apply it',
  options,
  examples: ['npm run schema -- --check', 'npm run schema -- --write --dry-run'],
  async run(flags, _words, progress) {
    const chosen = (['check', 'write', 'snapshot'] as const).filter((name) => flags[name]);
    if (chosen.length !== 1) throw new UsageError('请在 --check、--write、--snapshot 中选一个 / choose one of --check, --write, --snapshot');
    if (flags.snapshot) {
      await writeFile(`${snapshotFile}.part`, snapshotText(), 'utf8');
      await rename(`${snapshotFile}.part`, snapshotFile);
      return { json: { snapshot: 'schema/snapshot.txt' }, text: '已更新 schema/snapshot.txt。' };
    }
    return flags.check ? check(flags.live === true, progress) : write(flags['dry-run'] === true, progress);
  },
};

await main(import.meta, schemaCommand);
