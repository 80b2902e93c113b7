/**
 * `npm run showcase`: builds the county's case showcase as a static site.
 * Only starts the build and says what came of it; choosing and rendering are in showcase/.
 */
import { join } from 'node:path';
import { type Choice, readChoice } from '../schema/cases/request.ts';
import { type Command, main, type Outcome, UsageError } from './cli.ts';
import { type Config, loadConfig, repositoryRoot } from './config.ts';
import { withDirectus } from './directus/server.ts';
import type { Store } from './directus/store.ts';
import { BrokenLinksError, buildShowcase as build, type ShowcaseConfig, type ShowcaseOptions, type ShowcaseResult } from './showcase/build.ts';
import { buildWithPress } from './showcase/case-work.ts';

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
    ...result.brochures.map((one) => `  案例集:${one.title},${one.pages} 页`),
    ...result.stray.map((one) => `  学校 ${one.school} 写的采用案例“${one.title}”找不到,请与学校核对标题。`),
    ...(result.held.length > 0 ? [`  ${result.held.length} 个案例标为已发布但没有刊登:`] : []),
    ...result.held.map((item) => `    ${item.school}《${item.title}》:${item.reasons.join('')}`),
  ].join('\n');

const inJson = ({ cases, pages, bytes, withdrawn, brokenLinks, ms, written, held, stray, brochures, out, index }: ShowcaseResult) => ({
  cases,
  pages,
  bytes,
  withdrawn,
  brokenLinks,
  ms,
  written,
  held,
  stray,
  brochures,
  out,
  index,
});

const options = {
  out: { value: 'DIR', help: '网站放在哪个文件夹(默认 KEHOU_HOME/showcase)/ folder of the site' },
  brochure: { value: 'WHAT', many: true, help: '印一本案例集放到网站上:年份、类别或 all / a printed collection: a year, a category, or all' },
} as const;

const asChoice = (what: string): Choice => {
  const choice = readChoice(what === 'all' ? { all: true } : /^\d+$/.test(what) ? { year: what } : { category: what });
  if (typeof choice === 'string') throw new UsageError(`--brochure ${what}:${choice}`);
  return choice;
};

export const showcaseCommand: Command<typeof options> = {
  name: 'showcase',
  summary:
    '用已发布的案例建一个静态网站 / build the case showcase as a static site\n' +
    '没有监护人同意、有未办结的“禁”级预警等案例不刊登,并说明原因(退出码仍为 0);站内链接有误则不更换网站(退出码 1)。',
  options,
  examples: ['npm run showcase', 'npm run showcase -- --brochure 2026', 'npm run -s showcase -- --out /srv/www/showcase --json'],
  async run(flags, _words, progress): Promise<Outcome> {
    const config = loadConfig();
    const brochures = (flags.brochure ?? []).map(asChoice);
    return withDirectus(config, progress, async (store) => {
      try {
        const work = { store, config, templates: templatesFolder, step: (what: string) => progress.note(what) };
        const result = await buildWithPress(work, { ...(flags.out ? { out: flags.out } : {}), brochures });
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
