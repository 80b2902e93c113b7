/**
 * Reads what Chromium has printed and finds each letter in it by the link on its first page.
 * Never changes what stands on a page.
 */
import { PDFDict, PDFDocument, PDFHexString, PDFName, type PDFPage, PDFString } from 'pdf-lib';

/** Pages of a document, from 0; `to` is the first page no longer taken. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

export const openPdf = (bytes: Uint8Array): Promise<PDFDocument> => PDFDocument.load(bytes, { updateMetadata: false });

/** The web addresses that the links on a page lead to, in order. */
export const linksOf = (page: PDFPage): string[] => {
  const annotations = page.node.Annots();
  if (!annotations) return [];
  return Array.from({ length: annotations.size() }, (_, index) => {
    const action = annotations.lookupMaybe(index, PDFDict)?.lookupMaybe(PDFName.of('A'), PDFDict);
    const address = action?.lookup(PDFName.of('URI'));
    return address instanceof PDFString || address instanceof PDFHexString ? address.decodeText() : '';
  }).filter((address) => address !== '');
};

/** Finds where each letter stands in the printed document. Throws when the document does not hold exactly these letters in this order. */
export const placesOf = (links: readonly (readonly string[])[], marks: readonly string[]): PageRange[] => {
  const starts: number[] = [];
  links.forEach((addresses, page) => {
    const expected = marks[starts.length];
    if (expected !== undefined && addresses.includes(expected)) starts.push(page);
    else if (addresses.some((address) => marks.includes(address))) throw new Error('a page carries the mark of another letter');
  });
  if (starts.length !== marks.length || starts[0] !== 0) throw new Error('the printed document does not hold the letters it was made from');
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? links.length }));
};
