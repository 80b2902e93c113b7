/**
 * `npm run setup`: the launcher has got the machine ready; this makes the county's Directus ready.
 * It never changes one that is ready already.
 */
import { type Command, main } from './cli.ts';
import { loadConfig } from './config.ts';
import { withDirectus } from './directus/server.ts';

const command = {
  name: 'setup',
  summary: '一次备好所有条件:Node 22、依赖、浏览器和字体、扩展、Directus 数据库 / get everything ready, once',
  options: {},
  async run(_flags, _words, progress) {
    const config = loadConfig();
    return withDirectus(config, progress, async () => ({
      json: { ready: true, home: config.home, secrets: config.secretsFile },
      text: `一切就绪:工作文件夹 ${config.home},账号密码在 ${config.secretsFile};运行 npm start 打开。`,
    }));
  },
} satisfies Command<Record<string, never>>;

await main(import.meta, command);
