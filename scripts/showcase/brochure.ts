/**
 * Prints a collection of cases: Chromium sets it once, then the page of every case is read from the PDF and written into its contents.
 * Never decides which cases may be printed.
 */
import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFPage, PDFRef, StandardFonts } from 'pdf-lib';
import type { Browser } from 'puppeteer';
import { printPdf } from '../print/browser.ts';

export interface Printed {
  readonly bytes: Uint8Array;
  readonly pages: number;
}

/** Distance of a page number from the right edge of the text, in points. */
const inset = 2;
const size = 11;

/** Name of a place in the document -> its page, from 0. */
const placesOf = (doc: PDFDocument): ReadonlyMap<string, number> => {
  const pages = new Map(doc.getPages().map((page, index) => [page.ref.tag, index]));
  const places = doc.catalog.lookupMaybe(PDFName.of('Dests'), PDFDict);
  return new Map(
    (places?.entries() ?? []).flatMap(([name, place]): [string, number][] => {
      const target = doc.context.lookup(place, PDFArray).get(0);
      const page = target instanceof PDFRef ? pages.get(target.tag) : undefined;
      return page === undefined ? [] : [[name.decodeText(), page]];
    }),
  );
};

interface InnerLink {
  readonly place: string;
  readonly right: number;
  readonly bottom: number;
}

/** The links on a page that lead to a place in the document. */
const innerLinks = (page: PDFPage): InnerLink[] => {
  const annotations = page.node.Annots();
  if (!annotations) return [];
  return Array.from({ length: annotations.size() }, (_, index) => annotations.lookup(index, PDFDict)).flatMap((link) => {
    const [place, rectangle] = [link.lookup(PDFName.of('Dest')), link.lookupMaybe(PDFName.of('Rect'), PDFArray)];
    if (!(place instanceof PDFName) || !rectangle) return [];
    const { x, width, y } = rectangle.asRectangle();
    return [{ place: place.decodeText(), right: x + width, bottom: y }];
  });
};

/** Writes the number of its page behind every entry of the contents. Throws where an entry leads nowhere. */
export const numberContents = async (bytes: Uint8Array): Promise<Printed> => {
  const doc = await PDFDocument.load(bytes, { updateMetadata: false });
  const font = await doc.embedFont(StandardFonts.TimesRoman);
  const places = placesOf(doc);
  for (const page of doc.getPages()) {
    for (const { place, right, bottom } of innerLinks(page)) {
      const target = places.get(place);
      if (target === undefined) throw new Error(`the contents name ${place}, which is not in the document`);
      const number = String(target + 1);
      page.drawText(number, { x: right - inset - font.widthOfTextAtSize(number, size), y: bottom + 6.5, size, font });
    }
  }
  return { bytes: await doc.save(), pages: doc.getPageCount() };
};

/** Milliseconds that a collection may take: hundreds of cases. */
const patience = 300_000;

/** `assetsDir` is the folder of a site with the photos. */
export const printBrochure = async (browser: Browser, html: string, assetsDir: string): Promise<Printed> =>
  numberContents(await printPdf(browser, html, { assetsDir, tagged: true, outline: true, timeout: patience }));
