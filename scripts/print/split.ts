/**
 * Takes printed documents apart and puts them together, with pdf-lib.
 * Never changes what stands on a page.
 */
import { createHash } from 'node:crypto';
import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFObject,
  type PDFPage,
  PDFRawStream,
  PDFRef,
  PDFString,
} from 'pdf-lib';

/** What a reader shows in the window title and a screen reader uses as language. */
export interface DocumentInfo {
  readonly title: string;
  readonly subject?: string;
  readonly author?: string;
  readonly keywords?: readonly string[];
  /** When it was made; give the same moment for the same bytes. */
  readonly at?: Date;
}

/** Pages of a document, from 0; `to` is the first page no longer taken. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

const describe = (document: PDFDocument, info: DocumentInfo): void => {
  document.setTitle(info.title, { showInWindowTitleBar: true });
  if (info.subject) document.setSubject(info.subject);
  if (info.author) document.setAuthor(info.author);
  if (info.keywords) document.setKeywords([...info.keywords]);
  document.setLanguage('zh-CN');
  document.setProducer('Kehou');
  document.setCreator('Kehou');
  const at = info.at ?? new Date();
  document.setCreationDate(at);
  document.setModificationDate(at);
};

export const openPdf = (bytes: Uint8Array): Promise<PDFDocument> => PDFDocument.load(bytes, { updateMetadata: false });

/** Copies a range of pages into a document of its own. */
export const cutPages = async (source: PDFDocument, range: PageRange, info: DocumentInfo): Promise<Uint8Array> => {
  const part = await PDFDocument.create({ updateMetadata: false });
  const indices = Array.from({ length: range.to - range.from }, (_, index) => range.from + index);
  for (const page of await part.copyPages(source, indices)) part.addPage(page);
  describe(part, info);
  return part.save({ addDefaultPage: false, updateFieldAppearances: false, objectsPerTick: Number.POSITIVE_INFINITY });
};

/** Splits one document into many, in the order of the parts. */
export const splitPdf = async (bytes: Uint8Array, parts: readonly (PageRange & { info: DocumentInfo })[]): Promise<Uint8Array[]> => {
  const source = await openPdf(bytes);
  const cut: Uint8Array[] = [];
  for (const part of parts) cut.push(await cutPages(source, part, part.info));
  return cut;
};

const replaceRefs = (object: PDFObject, same: ReadonlyMap<PDFRef, PDFRef>): void => {
  if (object instanceof PDFRawStream) {
    replaceRefs(object.dict, same);
    return;
  }
  const follow = (value: PDFObject, put: (next: PDFRef) => void) => {
    const next = value instanceof PDFRef ? same.get(value) : undefined;
    if (next) put(next);
    else if (!(value instanceof PDFRef)) replaceRefs(value, same);
  };
  if (object instanceof PDFDict) for (const [key, value] of object.entries()) follow(value, (next) => object.set(key, next));
  if (object instanceof PDFArray) for (let index = 0; index < object.size(); index += 1) follow(object.get(index), (next) => object.set(index, next));
};

/** Letters of one batch carry the same fonts; in one document once is enough (a class of forty: 0.8 instead of 6.6 MB). */
const shareStreams = (context: PDFContext): void => {
  const first = new Map<string, PDFRef>();
  const same = new Map<PDFRef, PDFRef>();
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFRawStream) || object.contents.length < 1000) continue;
    const key = `${object.dict} ${createHash('sha256').update(object.contents).digest('hex')}`;
    const before = first.get(key);
    if (before) same.set(ref, before);
    else first.set(key, ref);
  }
  for (const ref of same.keys()) context.delete(ref);
  for (const [, object] of context.enumerateIndirectObjects()) replaceRefs(object, same);
};

/** Puts documents one behind the other. `oddStarts` adds a blank page where a part would begin on the back of the one before. */
export const mergePdfs = async (
  parts: readonly Uint8Array[],
  info: DocumentInfo,
  oddStarts = false,
): Promise<{ bytes: Uint8Array; pages: number }> => {
  const whole = await PDFDocument.create({ updateMetadata: false });
  for (const bytes of parts) {
    const part = await openPdf(bytes);
    const first = part.getPage(0).getSize();
    if (oddStarts && whole.getPageCount() % 2 === 1) whole.addPage([first.width, first.height]);
    for (const page of await whole.copyPages(part, part.getPageIndices())) whole.addPage(page);
  }
  shareStreams(whole.context);
  describe(whole, info);
  const bytes = await whole.save({ addDefaultPage: false, updateFieldAppearances: false, objectsPerTick: Number.POSITIVE_INFINITY });
  return { bytes, pages: whole.getPageCount() };
};

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
