/**
 * The characters that fill the blanks of model letters, taken from one printed sheet that shows each in each typeface in use:
 * so the browser decides which font stands in for a rare character, here as in the letter itself. Never draws a character itself.
 */
import { PDFDict, PDFName } from 'pdf-lib';
import { fontReader, type PrintedFont } from './fonts.ts';
import type { TypeCase } from './model.ts';
import { openPdf } from './split.ts';

type Glyph = { readonly font: PrintedFont; readonly code: number };

/** The glyph of a character on one page: in the page's main typeface, else in whichever font of the page has it. */
const find = (main: PrintedFont, fonts: readonly PrintedFont[], character: string): Glyph | null => {
  for (const font of [main, ...fonts]) {
    const code = font.codeOf(character);
    if (code !== null) return { font, code };
  }
  return null;
};

/**
 * Reads a sheet whose pages each show `known` and all other characters in one typeface. The typeface of a page is the one that
 * `known` stands in.
 */
export const readTypeCase = async (sheet: Uint8Array, known: string): Promise<TypeCase> => {
  const source = await openPdf(sheet);
  const read = fontReader(source.context);
  const faces = new Map<string, readonly PrintedFont[]>();
  for (const { node } of source.getPages()) {
    const entries = node.lookupMaybe(PDFName.of('Resources'), PDFDict)?.lookupMaybe(PDFName.of('Font'), PDFDict)?.entries() ?? [];
    const fonts = entries.flatMap(([, reference]) => read(reference) ?? []);
    const main = fonts.find((font) => font.codeOf(known) !== null && !faces.has(font.face));
    if (main) faces.set(main.face, [main, ...fonts.filter((font) => font !== main)]);
  }
  const found = new Map<string, Glyph | null>();
  return {
    glyphOf(face, character) {
      const key = `${face} ${character}`;
      const before = found.get(key);
      if (before !== undefined) return before;
      const [main, ...rest] = faces.get(face) ?? [];
      const glyph = main ? find(main, rest, character) : null;
      found.set(key, glyph);
      return glyph;
    },
  };
};
