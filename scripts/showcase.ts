/**
 * `npm run showcase`: builds the county's case showcase as a static site.
 * Only starts the build and says what came of it; choosing and rendering are in showcase/.
 */
import { join } from 'node:path';
import { type Command, main, type Outcome } from './cli.ts';
import { type Config, loadConfig, repositoryRoot } from './config.ts';
import { withDirectus } from './directus/server.ts';
import type { Store } from './directus/store.ts';
import { BrokenLinksError, buildShowcase as build, type ShowcaseConfig, type ShowcaseOptions, type ShowcaseResult } from './showcase/build.ts';

export const templatesFolder = join(repositoryRoot, 'templates', 'showcase');

/** Builds the site with the project's own templates: for the demo, the worker and this command. */
export const buildShowcase = (store: Store, config: ShowcaseConfig, options: Omit<ShowcaseOptions, 'templates'> = {}): Promise<ShowcaseResult> =>
  build(store, config, { templates: templatesFolder, ...options });

const inWords = (result: ShowcaseResult, config: Config): string =>
  [
    `案例网站已建好:${result.cases} 个案例,${result.pages} 个页面,${Math.round(result.bytes / 1024)} kB,用时 ${(result.ms / 1000).toFixed(1)} 秒。`,
    `  打开:${result.index}`,
    ...(result.out === config.folders.showcase ? [`  网址:${config.publicUrl}/showcase/(Directus 运行时)`] : []),
    ...(result.withdrawn > 0 ? [`  本次撤下 ${result.withdrawn} 个案例。`] : []),
    ...(result.held.length > 0 ? [`  ${result.held.length} 个案例标为已发布但没有刊登:`] : []),
    ...result.held.map((item) => `    ${item.school}《${item.title}》:${item.reasons.join('')}`),
  ].join('\n');

const inJson = ({ cases, pages, bytes, withdrawn, brokenLinks, ms, held, out, index }: ShowcaseResult) => ({
  cases,
  pages,
  bytes,
  withdrawn,
  brokenLinks,
  ms,
  held,
  out,
  index,
});

const options = {
  out: { value: 'DIR', help: '网站放在哪个文件夹(默认 KEHOU_HOME/showcase)/ folder of the site' },
} as const;

export const showcaseCommand: Command<typeof options> = {
  name: 'showcase',
  summary:
    '用已发布的案例建一个静态网站 / build the case showcase as a static site\n' +
    '没有监护人同意、有未办结的“禁”级预警等案例不刊登,并说明原因(退出码仍为 0);站内链接有误则不更换网站(退出码 1)。',
  options,
  examples: ['npm run showcase', 'npm run -s showcase -- --out /srv/www/showcase --json'],
  async run(flags, _words, progress): Promise<Outcome> {
    const config = loadConfig();
    return withDirectus(config, progress, async (store) => {
      try {
        const result = await buildShowcase(store, config, { ...(flags.out ? { out: flags.out } : {}), step: (what) => progress.note(what) });
        return { json: inJson(result), text: inWords(result, config) };
      } catch (error) {
        if (!(error instanceof BrokenLinksError)) throw error;
        return {
          json: { cases: 0, pages: 0, bytes: 0, withdrawn: 0, brokenLinks: error.links.length, broken: error.links, ms: 0 },
          text: error.message,
          problems: true,
        };
      }
    });
  },
};

await main(import.meta, showcaseCommand);
