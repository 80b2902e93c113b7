/**
 * `npm start`: Directus and the worker together, until Ctrl-C.
 * Never leaves one of them behind when the other ends.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, main, UsageError } from './cli.ts';
import { type Config, loadConfig } from './config.ts';
import { directusLog } from './directus/process.ts';
import { readSecrets } from './directus/secrets.ts';
import { startDirectus } from './directus/server.ts';
import { openStore } from './directus/store.ts';
import { watchSheets } from './jobs/watch-sheets.ts';
import { startWorker } from './jobs/worker.ts';
import { sheetSources } from './sheets/sources.ts';

const openWorkerLog = (config: Config) => {
  mkdirSync(config.folders.logs, { recursive: true });
  const file = join(config.folders.logs, 'worker.log');
  const stream = createWriteStream(file, { flags: 'a' });
  return {
    file,
    write: (line: string) => void stream.write(`${new Date().toISOString()} ${line}\n`),
    end: () => new Promise<void>((resolve) => stream.end(resolve)),
  };
};

/** Resolves with the first signal that asks us to end; a second one does no harm. */
const askedToStop = (): Promise<'stop'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'));
  });

const addresses = (config: Config, url: string, workerLog: string): string[] => [
  '课后工作平台已启动。按 Ctrl-C 结束。',
  `  管理界面  ${config.publicUrl}/admin`,
  ...(config.publicUrl === url || config.publicUrl.includes('localhost') ? [] : [`  本机地址  ${url}/admin`]),
  `  账号密码  ${config.secretsFile}`,
  `  填报表    ${config.sheetsDir}`,
  `  运行记录  ${directusLog(config)}、${workerLog}`,
];

/**
 * Keeps both running until a signal comes; resolves when both have ended.
 * Throws UsageError when Directus ends by itself. `say` gets the lines for people.
 */
export const runStart = async (config: Config, say: (line: string) => void, stopped: Promise<'stop'> = askedToStop()): Promise<void> => {
  const server = await startDirectus(config, { log: say });
  const log = openWorkerLog(config);
  try {
    const store = openStore(server.url, readSecrets(config.secretsFile)?.serviceToken ?? null);
    const worker = await startWorker(config, store, log.write);
    const watching = watchSheets(sheetSources(config), () => worker.due('sync'), log.write);
    for (const line of addresses(config, server.url, log.file)) say(line);
    const outcome = await Promise.race([stopped, server.ended]);
    say('正在结束…');
    await watching.stop();
    await worker.stop();
    if (outcome !== 'stop')
      throw new UsageError(`Directus 自己停了(退出码 ${outcome ?? '无'})。原因见 ${directusLog(config)};重新运行 npm start 即可再启动。`);
  } finally {
    await server.stop();
    await log.end();
  }
};

const command: Command<Record<string, never>> = {
  name: 'start',
  summary: '启动管理平台和后台任务,按 Ctrl-C 结束 / run Directus and the worker together',
  options: {},
  async run(_flags, _words, progress) {
    await runStart(loadConfig(), (line) => progress.note(line));
    return { json: { stopped: true }, text: '已结束。' };
  },
};

await main(import.meta, command);
