/**
 * Letter data to HTML, with Handlebars.
 * Never compiles a value as a template: what people type stays text, whatever it looks like.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';
import type { Layout } from '../../schema/letters.ts';
import { grouped, noticeUrl, qrCode, qrPath } from './codes.ts';
import { readIfThere, writeWhole } from './files.ts';

export const templatesDir = join(import.meta.dirname, '..', '..', 'templates');

/** What makes a letter verifiable; the same letter with another stamp has the same content. */
export interface Stamp {
  readonly code: string;
  readonly shortCode: string;
  /** Set in a model letter: where it leads, and how large a blank its QR is. */
  readonly model?: { readonly url: string; readonly qrSize: number };
}

/** What the template shows of a stamp. */
const shownStamp = ({ code, shortCode, model }: Stamp, publicUrl: string) => {
  if (model) return { url: model.url, shortCode, qr: { size: model.qrSize, path: `M0 0h${model.qrSize}v${model.qrSize}h-${model.qrSize}z` } };
  const url = noticeUrl(publicUrl, code);
  const qr = qrCode(url);
  return { url, shortCode: grouped(shortCode), qr: { size: qr.size, path: qrPath(qr) } };
};

/** A telephone number stays in one line. Looks at words only, never into a tag. */
const keepNumbers = (html: string): string =>
  html.replace(/>[^<>]+</g, (words) => words.replace(/(?<![\d-])0\d{2,3}-\d{7,8}(?![\d-])/g, '<span class="phone">$&</span>'));

const noStamp: Stamp = { code: '', shortCode: '', model: { url: '', qrSize: 0 } };

/** Headings of a letter are its template's alone, and its only link leads to the page that it is shown on. */
const forScreen = (html: string): string =>
  keepNumbers(html)
    .trim()
    .replace(/^<article[^>]*>|<\/article>$/g, '')
    .replace(/<(\/?)h([12])\b/g, (_, end, level) => `<${end}h${Number(level) + 1}`)
    .replace(/<\/?a\b[^>]*>/g, '');

export interface Press {
  /** Layout and fingerprint of the template with its parts and the edited words, e.g. `紧凑-3f2a91c0b7d4`. */
  readonly version: string;
  readonly layout: Layout;
  /** The template itself, part by part, so that a letter can be explained years later. */
  readonly parts: Readonly<Record<string, string>>;
  /** One letter as an HTML fragment. */
  letter(data: object, stamp: Stamp): string;
  /** The same letter to be read on a phone: no code, no slip to cut off, headings below that of its page. */
  screen(data: object): string;
  /** Fragments as one document; each letter takes `pagesEach` pages, which its page numbers rely on. */
  document(fragments: readonly string[], pagesEach: number): string;
  /** One page per class: who has handed in the 回执. */
  rosters(classes: readonly object[]): string;
  /** These characters in every typeface of the letters, one page each. */
  typeCase(characters: string): string;
}

const compileOptions: CompileOptions = { strict: true, knownHelpersOnly: true, knownHelpers: { each: true, if: true, unless: true } };
const runOptions: Handlebars.RuntimeOptions = { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false };

/** The layout that a version was printed in. */
export const layoutOf = (version: string | null | undefined): Layout => (version?.startsWith('标准-') ? '标准' : '紧凑');

/** Page numbers start at 1 in every letter: Chromium counts on through the document, so the figures repeat with the length of a letter. */
const pageFigures = (pagesEach: number): { front: string; back: string } => {
  const figures = Array.from({ length: pagesEach }, (_, index) => index + 1);
  const symbols = (odd: boolean) => figures.map((figure) => (figure % 2 === (odd ? 1 : 0) ? `"— ${figure} —"` : '""')).join(' ');
  return { front: symbols(true), back: symbols(false) };
};

/** Reads and compiles the template of a kind once; `template` is a file of templates/notices without its ending, `words` the edited paragraphs. */
export const openPress = (template: string, publicUrl: string, layout: Layout, words = ''): Press => {
  const engine = Handlebars.create();
  const parts: Record<string, string> = { 正文: words };
  const read = (folder: string, file: string): string => {
    const text = readFileSync(join(templatesDir, folder, file), 'utf8').trim();
    parts[`${folder}/${file}`] = text;
    return text;
  };
  for (const file of readdirSync(join(templatesDir, 'partials'))
    .filter((name) => name.endsWith('.hbs'))
    .sort())
    engine.registerPartial(basename(file, '.hbs'), read('partials', file));
  const compile = (name: string) => {
    const render = engine.compile(read('notices', `${name}.hbs`), compileOptions);
    return (data: object) => render(data, runOptions);
  };
  const letter = compile(template);
  const document = compile('document');
  const roster = compile('reply-roster');
  const typeCase = compile('type-case');
  const plain = (name: string, body: string): string => {
    const none = new engine.SafeString('""');
    return document({ layoutClass: name, front: none, back: none, body: new engine.SafeString(body) });
  };
  const site = `${publicUrl.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/notice`;
  const layoutClass = layout === '标准' ? 'standard' : 'compact';
  return {
    version: `${layout}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)}`,
    layout,
    parts,
    letter: (data, stamp) => letter({ ...data, layoutClass, paper: true, stamp: { site, ...shownStamp(stamp, publicUrl) } }),
    screen: (data) => forScreen(letter({ ...data, layoutClass, paper: false, stamp: { site, ...shownStamp(noStamp, publicUrl) } })),
    document: (fragments, pagesEach) => {
      const { front, back } = pageFigures(pagesEach);
      return document({
        layoutClass,
        front: new engine.SafeString(front),
        back: new engine.SafeString(back),
        body: new engine.SafeString(fragments.map(keepNumbers).join('\n')),
      });
    },
    rosters: (classes) => plain('roster', roster({ classes })),
    typeCase: (characters) => plain('compact', typeCase({ faces: ['song', 'fang', 'kai', 'hei'], characters })),
  };
};

/** Keeps the template of a print beside its letters, once for each version. */
export const keepTemplate = async (folder: string, { version, parts }: Press): Promise<void> => {
  const path = join(folder, `模板_${version}.json`);
  if (!(await readIfThere(path))) await writeWhole(path, `${JSON.stringify(parts, null, 1)}\n`);
};
