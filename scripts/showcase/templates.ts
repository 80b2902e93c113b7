/**
 * Loads the showcase templates and fills them.
 * The only file of this folder that knows Handlebars; every value is escaped by it, none is ever trusted as HTML.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { hashOf } from './site-folder.ts';

export type TemplateName =
  | 'home'
  | 'case'
  | 'list'
  | 'index'
  | 'about'
  | 'search'
  | 'not-found'
  | 'feed'
  | 'sitemap'
  | 'brochure'
  | 'wechat'
  | 'brief';

export interface Templates {
  fill(name: TemplateName, view: object): string;
  /** Changes with any of the templates. */
  readonly mark: string;
  /** Style sheet, scripts and icon, copied as they are: path in the site -> content. */
  readonly assets: ReadonlyMap<string, Buffer>;
}

const readFolder = async (folder: string): Promise<Map<string, Buffer>> => {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
};

const stem = (name: string): string => name.slice(0, name.indexOf('.'));

/** Reads `templates/showcase`: pages at the top, `partials/`, `assets/`. Throws where a template is missing or broken. */
export const loadTemplates = async (folder: string): Promise<Templates> => {
  const [pages, partials, assets] = await Promise.all([readFolder(folder), readFolder(join(folder, 'partials')), readFolder(join(folder, 'assets'))]);
  const handlebars = Handlebars.create();
  for (const [name, content] of partials) handlebars.registerPartial(stem(name), content.toString('utf8'));
  const compiled = new Map(
    [...pages].map(([name, content]) => [stem(name), handlebars.compile(content.toString('utf8'), { strict: false, knownHelpersOnly: true })]),
  );
  return {
    fill(name, view) {
      const template = compiled.get(name);
      if (!template) throw new Error(`Template ${name}.hbs is missing in ${folder}`);
      // Own properties only: a value can never reach what every object inherits.
      return template(view, { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false });
    },
    mark: hashOf(JSON.stringify([...pages, ...partials].map(([name, content]) => [name, content.toString('utf8')]))),
    assets: new Map([...assets].map(([name, content]) => [`assets/${name}`, content])),
  };
};
