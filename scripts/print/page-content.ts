/**
 * The text of a printed page as Chromium writes it: runs of glyphs, and among them the places that a letter fills in.
 * Never changes where anything stands.
 */
import { hex4, type PrintedFont, type WrittenFont } from './fonts.ts';

export interface Blanks {
  /** Characters that stand in the model for words of the letter. `pieces` > 1: that many of them in a row, each for one character of the same width. */
  readonly texts: Readonly<Record<string, { readonly pieces: number }>>;
  /** A filled square of this many units stands for a picture of as many units. */
  readonly square: number | null;
  /** The address of the model's own link, in place of which each letter has its own. */
  readonly address: string;
}

/** One place in the content of a page where something of the letter's own goes. */
export type Gap =
  | {
      readonly kind: 'text';
      readonly mark: string;
      readonly piece: number;
      readonly font: PrintedFont;
      readonly resource: string;
      readonly size: string;
      readonly width: number;
    }
  | { readonly kind: 'square' };

const textOperator = /\/(\S+) (-?[\d.]+) Tf|<([0-9A-F]+)> Tj|\] ?TJ/g;
const codesIn = (hex: string): number[] =>
  Array.from({ length: hex.length / 4 }, (_, index) => Number.parseInt(hex.slice(4 * index, 4 * index + 4), 16));
const shown = (codes: readonly number[]): string => (codes.length === 0 ? '' : `<${codes.map(hex4).join('')}> Tj`);

export interface Content {
  readonly text: string;
  /** By name in the page's resources; null for fonts that are left as they are. */
  readonly fonts: ReadonlyMap<string, PrintedFont | null>;
}

const fontOf = ({ fonts }: Content, resource: string): PrintedFont | null => {
  const font = fonts.get(resource);
  if (font === undefined) throw new Error(`the page uses a font that it does not name: ${resource}`);
  return font;
};

/** Goes through the text of a page: `onFont` and `onCodes` see every change of font and every run of glyphs. */
const walk = (
  content: Content,
  onCodes: (codes: readonly number[], font: PrintedFont, resource: string, size: string, at: number, end: number) => void,
): void => {
  let resource = '';
  let size = '';
  for (const match of content.text.matchAll(textOperator)) {
    if (match[1] !== undefined) {
      [resource, size] = [match[1], match[2] as string];
      continue;
    }
    const font = fontOf(content, resource);
    if (!font) continue;
    if (match[3] === undefined) throw new Error('the page shows text in a way that is not known here');
    onCodes(codesIn(match[3]), font, resource, size, match.index, match.index + match[0].length);
  }
};

/** Glyphs that the shared part of the letter uses, by font. */
export const usedCodes = (contents: readonly Content[], blanks: Blanks | null): Map<PrintedFont, Set<number>> => {
  const used = new Map<PrintedFont, Set<number>>();
  for (const content of contents)
    walk(content, (codes, font) => {
      const set = used.get(font) ?? new Set<number>();
      used.set(font, set);
      for (const code of codes) if (!isMark(font.textOf(code), blanks)) set.add(code);
    });
  return used;
};

const isMark = (text: string | null, blanks: Blanks | null): text is string => text !== null && blanks !== null && text in blanks.texts;

/** Splits the content of a page at its gaps; in between, glyphs get their new codes. */
export const splitContent = (
  content: Content,
  blanks: Blanks | null,
  written: ReadonlyMap<PrintedFont, WrittenFont>,
  counts: Map<string, number>,
): (string | Gap)[] => {
  const parts: (string | Gap)[] = [];
  let from = 0;
  let text = '';
  walk(content, (codes, font, resource, size, at, end) => {
    text += content.text.slice(from, at);
    from = end;
    let run: number[] = [];
    for (const code of codes) {
      const mark = font.textOf(code);
      if (!isMark(mark, blanks)) {
        run.push(written.get(font)?.code(code) ?? 0);
        continue;
      }
      const count = counts.get(mark) ?? 0;
      counts.set(mark, count + 1);
      parts.push(`${text}${shown(run)}\n`, {
        kind: 'text',
        mark,
        piece: count % (blanks?.texts[mark]?.pieces ?? 1),
        font,
        resource,
        size,
        width: font.widthOf(code),
      });
      text = '\n';
      run = [];
    }
    text += shown(run);
  });
  parts.push(text + content.text.slice(from));
  return blanks?.square ? parts.flatMap((part) => (typeof part === 'string' ? splitAtSquare(part, blanks.square as number) : [part])) : parts;
};

const splitAtSquare = (text: string, size: number): (string | Gap)[] => {
  const pieces = text.split(`\n0 0 ${size} ${size} re\nf\n`);
  return pieces.flatMap((piece, index): (string | Gap)[] => (index === 0 ? [piece] : [{ kind: 'square' }, `\n${piece}`]));
};
