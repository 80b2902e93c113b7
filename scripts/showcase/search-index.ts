/**
 * Builds the index that the search page asks, with Pagefind's own program from its npm package.
 * Needs no network; reads only the pages handed in.
 */
import { close, createIndex } from 'pagefind';
import type { Page } from './views.ts';

const failOn = (what: string, errors: readonly string[]): void => {
  if (errors.length > 0) throw new Error(`Pagefind, ${what}: ${errors.join('; ')}`);
};

/** The files of the index of these pages: path in the site -> content. Throws where Pagefind reports an error. */
export const buildSearchIndex = async (pages: readonly Page[]): Promise<Map<string, Uint8Array>> => {
  try {
    const { index, errors } = await createIndex({ forceLanguage: 'zh', keepIndexUrl: true });
    failOn('start', errors);
    if (!index) throw new Error('Pagefind did not start');
    for (const page of pages) failOn(page.path, (await index.addHTMLFile({ url: `/${page.path}`, content: page.content })).errors);
    const { files, errors: faults } = await index.getFiles();
    failOn('writing', faults);
    // Its ready-made screens are not used here.
    return new Map(
      files.filter((file) => !/pagefind-(ui|modular|component|highlight)/.test(file.path)).map((file) => [`pagefind/${file.path}`, file.content]),
    );
  } finally {
    await close();
  }
};
