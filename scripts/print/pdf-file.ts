/**
 * Writes PDF files, object by object. What many files have in common is made into bytes once and used by all of them.
 * Never reads a PDF and knows nothing of what stands on a page.
 */
import { deflateSync } from 'node:zlib';

/** What a reader shows in the window title and a screen reader uses as language. */
export interface DocumentInfo {
  readonly title: string;
  readonly subject?: string;
  readonly author?: string;
  /** When it was made; give the same moment for the same bytes. */
  readonly at?: Date;
}

/** Grows object by object; every object gets the next number. */
export interface PdfFile {
  /** The number that the next object will get. */
  readonly next: number;
  /** Adds an object (`<< … >>`) and returns its number. */
  add(body: string): number;
  /** Adds a stream; `entries` are the dictionary without its brackets and /Length. */
  addStream(entries: string, bytes: Uint8Array): number;
  /** Adds text as a compressed stream. */
  addPacked(text: string): number;
  /** A file that begins with everything added so far; this one stays as it is. */
  branch(): PdfFile;
  /** Ends the file with its pages (numbers of page objects, whose /Parent is `parent`). */
  finish(pages: readonly number[], parent: number, info: DocumentInfo): Uint8Array;
}

const header = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');

/** Text of any script as a PDF string. */
export const pdfText = (text: string): string => `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;

const pdfDate = (at: Date): string => `(D:${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z)`;

const infoOf = ({ title, subject, author, at = new Date() }: DocumentInfo): string =>
  [
    '<< /Producer (Kehou) /Creator (Kehou)',
    `/Title ${pdfText(title)}`,
    ...(subject ? [`/Subject ${pdfText(subject)}`] : []),
    ...(author ? [`/Author ${pdfText(author)}`] : []),
    `/CreationDate ${pdfDate(at)} /ModDate ${pdfDate(at)} >>`,
  ].join(' ');

const openAt = (begun: readonly Buffer[], beginnings: readonly number[], size: number): PdfFile => {
  const parts: Buffer[] = [...begun];
  const offsets: number[] = [...beginnings];
  let length = size;
  const put = (...bytes: Buffer[]): void => {
    for (const one of bytes) length += one.length;
    parts.push(...bytes);
  };
  const file: PdfFile = {
    get next() {
      return offsets.length + 1;
    },
    add(body) {
      const number = offsets.push(length);
      put(Buffer.from(`${number} 0 obj\n${body}\nendobj\n`, 'latin1'));
      return number;
    },
    addStream(entries, bytes) {
      const number = offsets.push(length);
      put(Buffer.from(`${number} 0 obj\n<< ${entries} /Length ${bytes.length} >>\nstream\n`, 'latin1'));
      put(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), Buffer.from('\nendstream\nendobj\n', 'latin1'));
      return number;
    },
    addPacked: (text) => file.addStream('/Filter /FlateDecode', deflateSync(Buffer.from(text, 'latin1'))),
    branch: () => openAt([Buffer.concat(parts)], offsets, length),
    finish(pages, parent, info) {
      if (parent !== file.next) throw new Error('the pages do not name their parent');
      file.add(`<< /Type /Pages /Count ${pages.length} /Kids [ ${pages.map((page) => `${page} 0 R`).join(' ')} ] >>`);
      const root = file.add(`<< /Type /Catalog /Pages ${parent} 0 R /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>`);
      const about = file.add(infoOf(info));
      const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
      const end = `xref\n0 ${file.next}\n0000000000 65535 f \n${table}trailer\n<< /Size ${file.next} /Root ${root} 0 R /Info ${about} 0 R >>\nstartxref\n${length}\n%%EOF\n`;
      return Buffer.concat([...parts, Buffer.from(end, 'latin1')]);
    },
  };
  return file;
};

export const newPdf = (): PdfFile => openAt([header], [], header.length);
