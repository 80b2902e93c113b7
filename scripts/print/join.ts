/**
 * Puts letters one behind the other into one document; what they have in common stands in it once.
 * Reads only files that pdf-file.ts has written: their objects are plain text with a table of places at the end.
 */
import { createHash } from 'node:crypto';
import { type DocumentInfo, newPdf, type PdfFile } from './pdf-file.ts';

interface StoredObject {
  readonly body: string;
  /** Null for an object without a stream. */
  readonly stream: Buffer | null;
}

const streamStart = Buffer.from('>>\nstream\n', 'latin1');

const objectAt = (file: Buffer, at: number, end: number): StoredObject => {
  const begin = file.indexOf(' obj\n', at, 'latin1') + 5;
  const stream = file.subarray(begin, end).indexOf(streamStart);
  if (stream < 0) return { body: file.toString('latin1', begin, end - '\nendobj\n'.length), stream: null };
  const body = file.toString('latin1', begin, begin + stream + 2);
  const from = begin + stream + streamStart.length;
  return { body, stream: file.subarray(from, from + Number(/\/Length (\d+) >>$/.exec(body)?.[1])) };
};

/** All objects of a file, number 1 first, and the numbers of its pages. */
const objectsOf = (bytes: Uint8Array): { objects: StoredObject[]; pages: number[] } => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tail = file.toString('latin1', Math.max(0, file.length - 200));
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(tail)?.[1] ?? Number.NaN);
  if (Number.isNaN(table)) throw new Error('the file was not written here');
  const [, count, entries] = /^xref\n0 (\d+)\n[^\n]*\n([\s\S]*?)trailer/.exec(file.toString('latin1', table)) ?? [];
  const places = (entries ?? '')
    .split('\n')
    .slice(0, Number(count) - 1)
    .map((line) => Number(line.slice(0, 10)));
  const objects = places.map((place, index) => objectAt(file, place, places[index + 1] ?? table));
  const kids = objects.map(({ body }) => /^<< \/Type \/Pages .*\/Kids \[ (.*) \]/.exec(body)?.[1]).find((list) => list !== undefined);
  return { objects, pages: [...(kids ?? '').matchAll(/(\d+) 0 R/g)].map((match) => Number(match[1])) };
};

const isPageOrFrame = (body: string): boolean => /^<< \/(Type \/(Page|Pages|Catalog)|Producer)\b/.test(body);

/** Copies a file's objects, those that are there already only once; the answer is its pages as text, with open /Parent. */
const copyInto = (whole: PdfFile, bytes: Uint8Array, known: Map<string, number>): string[] => {
  const { objects, pages } = objectsOf(bytes);
  const numbers = new Map<number, number>();
  const renumbered = (body: string): string => body.replace(/(\d+) 0 R/g, (_all, number: string) => `${numbers.get(Number(number)) ?? 0} 0 R`);
  objects.forEach(({ body, stream }, index) => {
    // Everything points backwards but a page, which points to its parent: pages come after this.
    if (isPageOrFrame(body)) return;
    const text = renumbered(body);
    const key = stream ? `${text} ${createHash('sha256').update(stream).digest('base64')}` : text;
    const number = known.get(key) ?? (stream ? whole.addStream(text.slice(3, text.lastIndexOf(' /Length')), stream) : whole.add(text));
    known.set(key, number);
    numbers.set(index + 1, number);
  });
  return pages.map((page) => renumbered((objects[page - 1] as StoredObject).body.replace(/\/Parent \d+ 0 R/, '/Parent ?')));
};

const blankLike = (page: string): string => `<< /Type /Page /Parent ? ${/\/MediaBox \[[^\]]*\]/.exec(page)?.[0] ?? '/MediaBox [ 0 0 595 842 ]'} >>`;

/** Joins files. `oddStarts` adds a blank page where a part would begin on the back of the one before. */
export const joinPdfs = (parts: readonly Uint8Array[], info: DocumentInfo, oddStarts = false): { bytes: Uint8Array; pages: number } => {
  const whole = newPdf();
  const known = new Map<string, number>();
  const pages: string[] = [];
  for (const bytes of parts) {
    const own = copyInto(whole, bytes, known);
    if (oddStarts && pages.length % 2 === 1) pages.push(blankLike(own[0] ?? ''));
    pages.push(...own);
  }
  const parent = whole.next + pages.length;
  const numbers = pages.map((page) => whole.add(page.replace('/Parent ?', `/Parent ${parent} 0 R`)));
  return { bytes: whole.finish(numbers, parent, info), pages: pages.length };
};
