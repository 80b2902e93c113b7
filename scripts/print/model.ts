/**
 * Letters that differ only in a few places are laid out once: Chromium prints a model letter with blanks, and each letter is
 * the model with its blanks filled in. (Printers call it variable data printing.) Cutting a page out of a document is the same
 * with no blanks. Never lays anything out itself: where a filling would not fit its blank, it says so and fills nothing.
 */
import { PDFArray, type PDFContext, PDFDict, type PDFDocument, PDFName, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib';
import { bytesOf, fontReader, hex4, type PrintedFont, type WrittenFont, writeFont } from './fonts.ts';
import { type DocumentInfo, newPdf, type PdfFile } from './pdf-file.ts';
import type { PageRange } from './split.ts';

export interface Blanks {
  /** Characters that stand in the model for words of the letter. `pieces` > 1: that many of them in a row, each for one character of the same width. */
  readonly texts: Readonly<Record<string, { readonly pieces: number }>>;
  /** A filled square of this many units stands for a picture of as many units. */
  readonly square: number | null;
  /** The address of the model's own link, in place of which each letter has its own. */
  readonly address: string;
}

export interface Filling {
  /** For each mark its pieces, in order. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Drawing operators in units of the square. */
  readonly square: string;
  readonly address: string;
}

/** Where characters that the model does not have come from (type-case.ts). */
export interface TypeCase {
  /** The glyph of a character in a typeface, or in whichever one stands in for it; null when there is none. */
  glyphOf(face: string, character: string): { readonly font: PrintedFont; readonly code: number } | null;
}

export interface Model {
  readonly pages: number;
  /** The letter as a file, or null when a character is missing or does not fit. */
  fill(filling: Filling, info: DocumentInfo, typeCase: TypeCase): Uint8Array | null;
  /** A model without blanks as it is. */
  whole(info: DocumentInfo): Uint8Array;
}

/** One place in the content of a page where something of the letter's own goes. */
type Gap =
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

interface ModelPage {
  /** Content streams that all letters share, with gaps between them. */
  readonly parts: readonly (number | Gap)[];
  /** The page's dictionary without /Parent, /Contents, /Annots and its fonts. */
  readonly entries: string;
  readonly resources: string;
  readonly fonts: string;
  readonly links: readonly (readonly string[])[];
}

/** Objects of a printed document as text, with new numbers; what is pointed to is copied along. */
const copier = (context: PDFContext, file: PdfFile): ((object: PDFObject) => string) => {
  const copied = new Map<PDFRef, number>();
  const entriesOf = (dict: PDFDict, without: string | null): string =>
    dict
      .entries()
      .filter(([key]) => key.toString() !== without)
      .map(([key, value]) => `${key} ${write(value)}`)
      .join(' ');
  const copyRef = (reference: PDFRef): number => {
    const before = copied.get(reference);
    if (before !== undefined) return before;
    const object = context.lookup(reference);
    if (!object) throw new Error('the printed document points to an object that it does not have');
    const number = object instanceof PDFRawStream ? file.addStream(entriesOf(object.dict, '/Length'), object.contents) : file.add(write(object));
    copied.set(reference, number);
    return number;
  };
  const write = (object: PDFObject): string => {
    if (object instanceof PDFRef) return `${copyRef(object)} 0 R`;
    if (object instanceof PDFArray) return `[ ${object.asArray().map(write).join(' ')} ]`;
    if (object instanceof PDFDict) return `<< ${entriesOf(object, null)} >>`;
    return object.toString();
  };
  return write;
};

const textOperator = /\/(\S+) (-?[\d.]+) Tf|<([0-9A-F]+)> Tj/g;
const codesIn = (hex: string): number[] =>
  Array.from({ length: hex.length / 4 }, (_, index) => Number.parseInt(hex.slice(4 * index, 4 * index + 4), 16));
const shown = (codes: readonly number[]): string => (codes.length === 0 ? '' : `<${codes.map(hex4).join('')}> Tj`);

interface Content {
  readonly text: string;
  readonly fonts: ReadonlyMap<string, PrintedFont>;
}

const fontOf = ({ fonts }: Content, resource: string): PrintedFont => {
  const font = fonts.get(resource);
  if (!font) throw new Error(`the page uses a font that it does not name: ${resource}`);
  return font;
};

/** Goes through the text of a page: `onFont` and `onCodes` see every change of font and every run of glyphs. */
const walk = (
  content: Content,
  onCodes: (codes: readonly number[], font: PrintedFont, resource: string, size: string, at: number, end: number) => void,
): void => {
  if (/\]\s*TJ\b|'\s|"\s/.test(content.text)) throw new Error('the page shows text in a way that is not known here');
  let resource = '';
  let size = '';
  for (const match of content.text.matchAll(textOperator)) {
    if (match[1] !== undefined) [resource, size] = [match[1], match[2] as string];
    else onCodes(codesIn(match[3] as string), fontOf(content, resource), resource, size, match.index, match.index + match[0].length);
  }
};

/** Glyphs that the shared part of the letter uses, by font. */
const usedCodes = (contents: readonly Content[], blanks: Blanks | null): Map<PrintedFont, Set<number>> => {
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
const splitContent = (
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

/** Chromium shares streams between pages of one batch; a letter takes each of its own once. */
const contentOf = (page: PDFDict, readFontOf: (reference: PDFObject) => PrintedFont): Content => {
  const fonts = page.lookupMaybe(PDFName.of('Resources'), PDFDict)?.lookupMaybe(PDFName.of('Font'), PDFDict);
  return {
    text: `\n${bytesOf(page.lookup(PDFName.of('Contents'))).toString('latin1')}\n`,
    fonts: new Map((fonts?.entries() ?? []).map(([name, reference]) => [name.toString().slice(1), readFontOf(reference)])),
  };
};

const linksOn = (page: PDFDict, write: (object: PDFObject) => string, blanks: Blanks | null): string[][] => {
  const links = page.lookupMaybe(PDFName.of('Annots'), PDFArray)?.asArray() ?? [];
  return links.map((link) => {
    const text = write(page.context.lookup(link) as PDFObject);
    return blanks ? text.split(`(${blanks.address})`) : [text];
  });
};

const own = new Set(['/Parent', '/Contents', '/Annots', '/Resources', '/StructParents', '/Tabs', '/Type']);

const pageEntries = (page: PDFDict, write: (object: PDFObject) => string): { entries: string; resources: string } => {
  const pairs = (dict: PDFDict | undefined, skip: (key: string) => boolean): string =>
    (dict?.entries() ?? [])
      .filter(([key]) => !skip(key.toString()))
      .map(([key, value]) => `${key} ${write(value)}`)
      .join(' ');
  return {
    entries: pairs(page, (key) => own.has(key)),
    resources: pairs(page.lookupMaybe(PDFName.of('Resources'), PDFDict), (key) => key === '/Font'),
  };
};

/** Six letters that tell one subset from another (PDF 32000, 9.6.4). */
const tagOf = (index: number): string => String.fromCharCode(65 + (index % 26)).repeat(6);

/** A font that a letter adds to its model, with the codes that it uses. */
type Added = Map<PrintedFont, number[]>;

const codeIn = (added: Added, font: PrintedFont, code: number): number => {
  const codes = added.get(font) ?? [];
  added.set(font, codes);
  const at = codes.indexOf(code);
  return at >= 0 ? at + 1 : codes.push(code);
};

/** The operators that set one piece of text in its gap; null when it cannot be set. */
const setPiece = (gap: Extract<Gap, { kind: 'text' }>, text: string, strict: boolean, typeCase: TypeCase, added: Added): string | null => {
  let operators = '';
  for (const character of text) {
    const glyph = typeCase.glyphOf(gap.font.face, character);
    if (!glyph || (strict && glyph.font.widthOf(glyph.code) !== gap.width)) return null;
    const code = codeIn(added, glyph.font, glyph.code);
    const name = `K${[...added.keys()].indexOf(glyph.font)}`;
    operators += `/${name} ${gap.size} Tf\n<${hex4(code)}> Tj\n`;
  }
  return `${operators}/${gap.resource} ${gap.size} Tf\n`;
};

/** Lifts pages out of a printed document as a model. Throws when the blanks are not where they should be. */
export const liftModel = (source: PDFDocument, range: PageRange, blanks: Blanks | null): Model => {
  const shared = newPdf();
  const write = copier(source.context, shared);
  const readFontOf = fontReader(source.context);
  const pages = source
    .getPages()
    .slice(range.from, range.to)
    .map(({ node }) => node as PDFDict);
  const contents = pages.map((page) => contentOf(page, readFontOf));
  const written = new Map<PrintedFont, WrittenFont>();
  for (const [font, codes] of usedCodes(contents, blanks))
    if (codes.size > 0)
      written.set(
        font,
        writeFont(
          shared,
          font,
          [...codes].sort((a, b) => a - b),
          tagOf(written.size),
        ),
      );
  const counts = new Map<string, number>();
  const model: ModelPage[] = pages.map((page, index) => {
    const content = contents[index] as Content;
    const parts = splitContent(content, blanks, written, counts);
    return {
      parts: parts.map((part) => (typeof part === 'string' ? shared.addPacked(part) : part)),
      fonts: [...content.fonts].flatMap(([name, font]) => (written.has(font) ? [`/${name} ${written.get(font)?.object} 0 R`] : [])).join(' '),
      links: linksOn(page, write, blanks),
      ...pageEntries(page, write),
    };
  });
  for (const [mark, { pieces }] of Object.entries(blanks?.texts ?? {}))
    if ((counts.get(mark) ?? 0) % pieces !== 0) throw new Error('a blank of the model letter is broken');
  const squares = model.flatMap(({ parts }) => parts).filter((part) => typeof part !== 'number' && part.kind === 'square').length;
  if (blanks?.square && squares !== 1) throw new Error('the model letter has no place for its code');
  const start = shared.branch();

  const fillGap = (gap: Gap, filling: Filling, typeCase: TypeCase, added: Added): string | null => {
    if (gap.kind === 'square') return filling.square;
    const pieces = filling.texts[gap.mark] ?? [];
    return setPiece(gap, pieces[gap.piece] ?? '', (blanks?.texts[gap.mark]?.pieces ?? 1) > 1, typeCase, added);
  };
  const fillPage = (file: PdfFile, page: ModelPage, filling: Filling, typeCase: TypeCase, added: Added): number[] | null => {
    const streams: number[] = [];
    for (const part of page.parts) {
      const text = typeof part === 'number' ? null : fillGap(part, filling, typeCase, added);
      if (typeof part !== 'number' && text === null) return null;
      streams.push(typeof part === 'number' ? part : file.addPacked(text as string));
    }
    return streams;
  };
  const finish = (file: PdfFile, streams: readonly (readonly number[])[], added: Added, address: string, info: DocumentInfo): Uint8Array => {
    const extra = [...added]
      .map(([font, codes], index) => `/K${index} ${writeFont(file, font, codes, tagOf(written.size + index)).object} 0 R`)
      .join(' ');
    const links = model.map((page) => page.links.map((text) => file.add(text.join(`(${address})`))));
    const parent = file.next + model.length;
    const numbers = model.map((page, index) => {
      const annotations = links[index]?.length ? ` /Annots [ ${links[index].map((link) => `${link} 0 R`).join(' ')} ]` : '';
      const resources = `<< ${page.resources} /Font << ${page.fonts} ${extra} >> >>`;
      const all = (streams[index] ?? []).map((stream) => `${stream} 0 R`).join(' ');
      return file.add(`<< /Type /Page /Parent ${parent} 0 R ${page.entries} /Resources ${resources} /Contents [ ${all} ]${annotations} >>`);
    });
    return file.finish(numbers, parent, info);
  };
  return {
    pages: model.length,
    fill(filling, info, typeCase) {
      const file = start.branch();
      const added: Added = new Map();
      const streams: number[][] = [];
      for (const page of model) {
        const filled = fillPage(file, page, filling, typeCase, added);
        if (!filled) return null;
        streams.push(filled);
      }
      return finish(file, streams, added, filling.address, info);
    },
    whole(info) {
      if (blanks) throw new Error('a model with blanks is not a letter');
      return finish(
        start.branch(),
        model.map(({ parts }) => parts as number[]),
        new Map(),
        '',
        info,
      );
    },
  };
};
