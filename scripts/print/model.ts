/**
 * Letters that differ only in a few places are laid out once: Chromium prints a model letter with blanks, and each letter is
 * the model with its blanks filled in. (Printers call it variable data printing.) Cutting a page out of a document is the same
 * with no blanks. Never lays anything out itself: where a filling would not fit its blank, it says so and fills nothing.
 */
import { PDFArray, type PDFContext, PDFDict, type PDFDocument, PDFName, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib';
import { bytesOf, fontReader, hex4, type PrintedFont, type WrittenFont, writeFont } from './fonts.ts';
import { type Blanks, type Content, type Gap, splitContent, usedCodes } from './page-content.ts';
import { type DocumentInfo, newPdf, type PdfFile } from './pdf-file.ts';
import type { PageRange } from './split.ts';

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

const streamsOf = (page: PDFDict): PDFObject[] => {
  const contents = page.lookup(PDFName.of('Contents'));
  return contents instanceof PDFArray ? contents.asArray().map((stream) => page.context.lookup(stream) as PDFObject) : [contents as PDFObject];
};

/** Chromium shares streams between pages of one batch; a letter takes each of its own once. */
const contentOf = (page: PDFDict, readFontOf: (reference: PDFObject) => PrintedFont | null): Content => {
  const fonts = page.lookupMaybe(PDFName.of('Resources'), PDFDict)?.lookupMaybe(PDFName.of('Font'), PDFDict);
  return {
    text: `\n${streamsOf(page)
      .map((stream) => bytesOf(stream).toString('latin1'))
      .join('\n')}\n`,
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

/** The fonts of a page: those that were written anew, and those that are copied as they are. */
const fontEntries = (
  page: PDFDict,
  { fonts }: Content,
  written: ReadonlyMap<PrintedFont, WrittenFont>,
  write: (object: PDFObject) => string,
): string => {
  const dict = page.lookupMaybe(PDFName.of('Resources'), PDFDict)?.lookupMaybe(PDFName.of('Font'), PDFDict);
  return [...fonts]
    .flatMap(([name, font]) => {
      if (font) return written.has(font) ? [`/${name} ${written.get(font)?.object} 0 R`] : [];
      return [`/${name} ${write(dict?.get(PDFName.of(name)) as PDFObject)}`];
    })
    .join(' ');
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
      fonts: fontEntries(page, content, written, write),
      links: linksOn(page, write, blanks),
      ...pageEntries(page, write),
    };
  });
  for (const [mark, { pieces }] of Object.entries(blanks?.texts ?? {}))
    if (!counts.has(mark) || (counts.get(mark) as number) % pieces !== 0) throw new Error('a blank of the model letter is broken');
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
