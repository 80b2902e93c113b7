/**
 * Takes a zipped workbook apart, checks every part that matters, and puts a clean one together for SheetJS.
 * Pictures, macros, outside links and everything else that holds no cells never reaches the reader.
 */
import { damaged, Refusal, readingLimits, tooLarge, unsafe } from './read-limits.ts';
import { refuseEntities, timesIn, utf8, walkTags } from './read-xml.ts';
import { storedZip, unpack, type ZipEntry, zipEntries } from './read-zip.ts';

export type ZipKind = 'xlsx' | 'ods' | 'text' | 'slides' | 'other';

/** What a zip is, by the names of its parts. An .odt has a content.xml too: its type tells. */
export const kindOfZip = (bytes: Uint8Array, entries: readonly ZipEntry[]): ZipKind => {
  const names = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  const starts = (word: string): boolean => [...names.keys()].some((name) => name.startsWith(word));
  if (starts('xl/workbook')) return 'xlsx';
  if (starts('word/document')) return 'text';
  if (starts('ppt/presentation')) return 'slides';
  if (!names.has('content.xml')) return 'other';
  const type = names.get('mimetype');
  const said = type && type.unpacked < 200 ? unpack(bytes, type).toString('latin1') : '';
  return said.includes('opendocument.text') ? 'text' : said.includes('opendocument.presentation') ? 'slides' : 'ods';
};

/** Parts without cells. SheetJS asks for none of them, or does without. */
const beside =
  /^(xl\/(media|drawings|charts|embeddings|printersettings|externallinks|activex|ctrlprops|diagrams|slicers|slicercaches|pivottables|pivotcache|querytables|threadedcomments|webextensions|richdata\/media)\/|xl\/(vbaproject|vbaprojectsignature|calcchain|comments\d*|connections|attachedtoolbars)\.|xl\/worksheets\/_rels\/|customxml\/|docprops\/|customui\/|package\/|userdocs?)/;

const holdsCells = (name: string): boolean => /^(xl\/|\[content_types\]\.xml$|_rels\/\.rels$)/.test(name) && !beside.test(name);
const openDocumentParts = new Set(['content.xml', 'styles.xml', 'meta.xml']);

const isWanted = (kind: ZipKind, entry: ZipEntry): boolean => {
  const name = entry.name.toLowerCase();
  if (name.endsWith('/')) return false;
  return kind === 'ods' ? openDocumentParts.has(name) : holdsCells(name) && /\.(xml|rels|bin)$/.test(name);
};

/** What all worksheets of one workbook come to. */
interface Tally {
  tabs: number;
  rows: number;
  cells: number;
}

const weigh = (tally: Tally): void => {
  if (tally.tabs > readingLimits.tabs) throw tooLarge(`${readingLimits.tabs} 个工作表`);
  if (tally.rows > readingLimits.rows) throw tooLarge(`${readingLimits.rows} 行`);
  if (tally.cells > readingLimits.cells) throw tooLarge(`${readingLimits.cells} 个单元格`);
};

const isWorksheet = (path: string): boolean => /^xl\/worksheets\/[^/]+\.xml$/i.test(path);

/** Counts what a worksheet part, or the workbook part with its list of sheets, adds. */
const countSheet = (text: string, tally: Tally): void =>
  walkTags(text, (name, _tag, alone) => {
    if (name === 'row') tally.rows += 1;
    else if (name === 'c' && !alone) tally.cells += 1;
    else if (name === 'sheet') tally.tabs += 1;
    else return;
    weigh(tally);
  });

/** OpenDocument says once what stands in many cells: three words can stand for a whole sheet. */
export const countOpenDocument = (text: string, tally: Tally = { tabs: 0, rows: 0, cells: 0 }): void => {
  let rowTimes = 1;
  walkTags(text, (name, tag, alone) => {
    if (name === 'table') tally.tabs += 1;
    else if (name === 'table-row') {
      // Empty rows up to the end of the sheet are said once and cost nothing.
      rowTimes = timesIn(tag, 'number-rows-repeated');
      tally.rows += 1;
    } else if (name === 'covered-table-cell') tally.cells += timesIn(tag, 'number-columns-repeated');
    else if (name === 'table-cell' && !(alone && !tag.includes('value-type'))) tally.cells += rowTimes * timesIn(tag, 'number-columns-repeated');
    else return;
    weigh(tally);
  });
};

/** Cells that have a format and nothing else; without an address they would shift their neighbours. */
const blankCell = /<(?:\w+:)?c\s(?=[^<>]*\br=")[^<>]*\/>/g;

const cleanPart = (name: string, content: Buffer, tally: Tally): Buffer => {
  if (/\.bin$/i.test(name)) return content;
  const clean = utf8(content);
  refuseEntities(clean);
  // One character a byte: tags are ASCII, and nothing here looks at the words between them.
  const text = clean.toString('latin1');
  if (name === 'content.xml') countOpenDocument(text, tally);
  else countSheet(text, tally);
  return isWorksheet(name) ? Buffer.from(text.replace(blankCell, ''), 'latin1') : clean;
};

const withinSize = (entries: readonly ZipEntry[]): void => {
  const sum = entries.reduce((all, entry) => all + entry.unpacked, 0);
  if (!(sum <= readingLimits.unpacked)) throw tooLarge(`${readingLimits.unpacked / 1_000_000} MB(解压后)`);
};

export interface CleanWorkbook {
  readonly bytes: Buffer;
  /** Sheets that are no worksheets: of these alone a reader may know nothing. */
  readonly otherSheets: number;
}

/** The workbook in a zip, checked and without what holds no cells. Throws a `Refusal`. */
export const cleanWorkbook = (bytes: Uint8Array, entries = zipEntries(bytes)): CleanWorkbook => {
  const kind = kindOfZip(bytes, entries);
  const wanted = entries.filter((entry) => isWanted(kind, entry));
  if (wanted.some((entry) => entry.encrypted)) throw new Refusal('unreadable/encrypted');
  withinSize(wanted);
  const tally: Tally = { tabs: 0, rows: 0, cells: 0 };
  const parts = new Map<string, Buffer>();
  if (kind === 'ods') {
    // SheetJS asks whether it is there, not what it says; encrypted content is named in it.
    const manifest = entries.find((entry) => entry.name.toLowerCase() === 'meta-inf/manifest.xml');
    if (manifest && manifest.unpacked < 1_000_000 && unpack(bytes, manifest).includes('encryption-data')) throw new Refusal('unreadable/encrypted');
    parts.set('META-INF/manifest.xml', Buffer.from('<manifest/>'));
  }
  for (const entry of wanted) parts.set(entry.name, cleanPart(entry.name, unpack(bytes, entry), tally));
  if (parts.size === 0) throw damaged();
  return { bytes: storedZip(parts), otherSheets: wanted.filter(({ name }) => /^xl\/(chart|dialog|macro)sheets\/[^/]+$/i.test(name)).length };
};

/** Text in place of a workbook (a web page, plain XML): the same bounds and the same attacks. */
export const checkText = (text: string): void => {
  if (text.includes('<!ENTITY') || /<!DOCTYPE[^>]*\[/i.test(text)) throw unsafe('含有实体定义');
  if (text.includes('<office:spreadsheet')) countOpenDocument(text);
};
