/**
 * The fonts inside a printed PDF: which glyph is which character, and how to write a font that holds only the glyphs in use.
 * Works on fonts as Chromium embeds TrueType ones (Type0, Identity-H); never touches any other.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import { PDFArray, type PDFContext, PDFDict, PDFName, PDFNumber, type PDFObject, PDFRawStream } from 'pdf-lib';
import type { PdfFile } from './pdf-file.ts';
import { openTrueType, type TrueType } from './true-type.ts';

/** A font of a printed document. Codes are glyph numbers. */
export interface PrintedFont {
  /** Name without the tag of the subset, e.g. `LXGWWenKai-Bold`: tells one typeface from another. */
  readonly face: string;
  readonly outlines: TrueType;
  /** Thousandths of the type size. */
  widthOf(code: number): number;
  /** The character that a code stands for, as far as the document says. */
  textOf(code: number): string | null;
  /** The code of a character, null where the font does not have it. */
  codeOf(character: string): number | null;
  /** Ascent, descent and the like, as they stand in the descriptor. */
  readonly measures: string;
}

/** A font as written into a new file: its object and the new code of each old one. */
export interface WrittenFont {
  readonly object: number;
  code(old: number): number;
}

const unpacked = (stream: PDFRawStream): Buffer => {
  const filter = stream.dict.lookup(PDFName.of('Filter'));
  if (filter === undefined) return Buffer.from(stream.contents);
  if (String(filter) !== '/FlateDecode') throw new Error(`a stream is packed as ${filter}`);
  return inflateSync(stream.contents);
};

/** The bytes of a stream, unpacked. */
export const bytesOf = (object: PDFObject | undefined): Buffer => {
  if (!(object instanceof PDFRawStream)) throw new Error('a stream was expected in the printed document');
  return unpacked(object);
};

const numbersIn = (array: PDFArray): (number | number[])[] =>
  array.asArray().map((entry) => (entry instanceof PDFArray ? (numbersIn(entry) as number[]) : (entry as PDFNumber).asNumber()));

/** /W of a CID font: `first [w w …]` and `first last w`. */
const widthsOf = (font: PDFDict): Map<number, number> => {
  const widths = new Map<number, number>();
  const list = font.lookupMaybe(PDFName.of('W'), PDFArray);
  const entries = list ? numbersIn(list) : [];
  for (let at = 0; at < entries.length; ) {
    const first = entries[at] as number;
    const second = entries[at + 1] as number | number[];
    if (Array.isArray(second)) {
      for (const [index, width] of second.entries()) widths.set(first + index, width);
      at += 2;
    } else {
      for (let code = first; code <= second; code += 1) widths.set(code, entries[at + 2] as number);
      at += 3;
    }
  }
  return widths;
};

const fromHex = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');
const nextText = (text: string, step: number): string => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + step);

/** What a ToUnicode map says: single codes, and runs of codes. */
const charactersOf = (map: string): Map<number, string> => {
  const found = new Map<number, string>();
  for (const [, block] of map.matchAll(/beginbfchar(.*?)endbfchar/gs))
    for (const [, code, text] of (block as string).matchAll(/<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>/g))
      found.set(Number.parseInt(code as string, 16), fromHex(text as string));
  for (const [, block] of map.matchAll(/beginbfrange(.*?)endbfrange/gs))
    for (const [, from, to, text] of (block as string).matchAll(/<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>/g)) {
      const first = Number.parseInt(from as string, 16);
      for (let code = first; code <= Number.parseInt(to as string, 16); code += 1) found.set(code, nextText(fromHex(text as string), code - first));
    }
  return found;
};

const measureNames = ['Flags', 'Ascent', 'Descent', 'StemV', 'CapHeight', 'ItalicAngle', 'FontBBox'];

/** Reads one font of a page's resources; null for a kind of font that is copied as it is (Chromium makes Type 3 of OpenType-CFF). */
const readFont = (font: PDFDict): PrintedFont | null => {
  const inner = font.lookupMaybe(PDFName.of('DescendantFonts'), PDFArray)?.lookupMaybe(0, PDFDict);
  const descriptor = inner?.lookupMaybe(PDFName.of('FontDescriptor'), PDFDict);
  const outlines = descriptor?.lookup(PDFName.of('FontFile2'));
  if (!inner || !descriptor || !outlines || String(font.get(PDFName.of('Encoding'))) !== '/Identity-H') return null;
  const widths = widthsOf(inner);
  const usual = inner.lookupMaybe(PDFName.of('DW'), PDFNumber)?.asNumber() ?? 1000;
  const characters = charactersOf(bytesOf(font.lookup(PDFName.of('ToUnicode'))).toString('latin1'));
  const codes = new Map([...characters].map(([code, text]) => [text, code]));
  return {
    face: String(font.get(PDFName.of('BaseFont'))).replace(/^\/([A-Z]{6}\+)?/, ''),
    outlines: openTrueType(bytesOf(outlines)),
    widthOf: (code) => widths.get(code) ?? usual,
    textOf: (code) => characters.get(code) ?? null,
    codeOf: (character) => codes.get(character) ?? null,
    measures: measureNames.flatMap((name) => (descriptor.get(PDFName.of(name)) ? [`/${name} ${descriptor.lookup(PDFName.of(name))}`] : [])).join(' '),
  };
};

const fontsRead = new WeakMap<PDFContext, Map<PDFObject, PrintedFont | null>>();

/** Reads the fonts of a document once each, however many letters are cut out of it. */
export const fontReader = (context: PDFContext): ((reference: PDFObject) => PrintedFont | null) => {
  const read = fontsRead.get(context) ?? new Map<PDFObject, PrintedFont | null>();
  fontsRead.set(context, read);
  return (reference) => {
    const before = read.get(reference);
    const found = before === undefined ? readFont(context.lookup(reference, PDFDict)) : before;
    read.set(reference, found);
    return found;
  };
};

export const hex4 = (code: number): string => code.toString(16).padStart(4, '0').toUpperCase();

const unicodeMap = (entries: readonly (readonly [number, string])[]): string => {
  const blocks: string[] = [];
  // The format takes a hundred characters in one block.
  for (let at = 0; at < entries.length; at += 100) {
    const lines = entries.slice(at, at + 100).map(([code, text]) => `<${hex4(code)}> <${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`);
    blocks.push(`${lines.length} beginbfchar\n${lines.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Kehou def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n${blocks.join('\n')}\nendcmap\nend\nend`;
};

/** Writes a font that holds the glyphs of `codes` and nothing else: no letter carries the characters of another child's name. */
export const writeFont = (file: PdfFile, font: PrintedFont, codes: readonly number[], tag: string): WrittenFont => {
  const numbers = new Map(codes.map((code, index) => [code, index + 1]));
  const outlines = Buffer.from(font.outlines.pick(codes));
  const name = `/${tag}+${font.face}`;
  const program = file.addStream(`/Filter /FlateDecode /Length1 ${outlines.length}`, deflateSync(outlines));
  const descriptor = file.add(`<< /Type /FontDescriptor /FontName ${name} ${font.measures} /FontFile2 ${program} 0 R >>`);
  const widths = `/W [ 1 [ ${codes.map((code) => font.widthOf(code)).join(' ')} ] ]`;
  const system = '/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>';
  const inner = file.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${name} /CIDToGIDMap /Identity ${system} /FontDescriptor ${descriptor} 0 R ${widths} >>`,
  );
  const characters = codes.flatMap((code, index): [number, string][] => {
    const text = font.textOf(code);
    return text === null ? [] : [[index + 1, text]];
  });
  const map = file.addPacked(unicodeMap(characters));
  const object = file.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [ ${inner} 0 R ] /ToUnicode ${map} 0 R >>`,
  );
  return { object, code: (old) => numbers.get(old) ?? 0 };
};
