/**
 * An .xlsx file as its parts, so that one part can be changed while every other byte of the school's stays.
 * It never interprets a sheet; sheet-xml.ts does.
 */
import JSZip from 'jszip';
import { unpack, type ZipEntry, zipEntries } from './read-zip.ts';

/** The zip carries this date for every part we write: the same content gives the same bytes. */
const fixedDate = new Date(Date.UTC(2020, 0, 1));

export interface SheetPart {
  readonly name: string;
  /** Path inside the package, `xl/worksheets/sheet1.xml`. */
  readonly path: string;
  readonly state: 'visible' | 'hidden' | 'veryHidden';
}

export interface Package {
  has(path: string): boolean;
  read(path: string): Promise<string>;
  write(path: string, text: string): void;
  remove(path: string): void;
  paths(): string[];
  bytes(): Promise<Buffer>;
  /** All parts anew, with the fixed date and without folder entries: equal content gives equal bytes. */
  datedBytes(): Promise<Buffer>;
}

const packed = (zip: JSZip): Promise<Buffer> => zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE', compressionOptions: { level: 6 } });

const part = { date: fixedDate, createFolders: false } as const;

/**
 * Opens the bytes of an .xlsx. Throws where they are no zip at all. Parts nobody writes keep their compressed bytes.
 * Most workbooks are only looked at: what is read is unpacked by itself, and the whole is taken apart only to write it.
 */
export const openPackage = async (bytes: Uint8Array): Promise<Package> => {
  const entries = new Map(zipEntries(bytes).flatMap((entry) => (entry.name.endsWith('/') ? [] : [[entry.name, entry] as const])));
  const written = new Map<string, string>();
  const contentOf = (path: string): string | Buffer => {
    const text = written.get(path);
    const entry = entries.get(path);
    if (text === undefined && !entry) throw new Error(`工作簿里没有 ${path}`);
    return text ?? unpack(bytes, entry as ZipEntry);
  };
  const paths = (): string[] => [...new Set([...entries.keys(), ...written.keys()])];
  return {
    has: (path) => written.has(path) || entries.has(path),
    read: async (path) => contentOf(path).toString(),
    write: (path, text) => void written.set(path, text),
    remove(path) {
      entries.delete(path);
      written.delete(path);
    },
    paths,
    async bytes() {
      const zip = await JSZip.loadAsync(bytes);
      for (const name of Object.keys(zip.files)) if (!name.endsWith('/') && !entries.has(name)) zip.remove(name);
      for (const [path, text] of written) zip.file(path, text, part);
      return packed(zip);
    },
    async datedBytes() {
      const fresh = new JSZip();
      for (const path of paths()) fresh.file(path, contentOf(path), part);
      return packed(fresh);
    },
  };
};

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text of an XML attribute or node, entities resolved. */
export const unescapeXml = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex: string, decimal: string, name: string) =>
        hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : (entities[name] ?? whole),
      )
    : text;

/** Text made fit for XML: entities, no control characters, and Excel's own `_x0041_` notation kept literal. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters would make the part unreadable
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;');

const attributePatterns = new Map<string, RegExp>();

/** Made once for each name: they are asked for at every cell. */
const patternOf = (name: string): RegExp => {
  const known = attributePatterns.get(name) ?? new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
  attributePatterns.set(name, known);
  return known;
};

/** One attribute of a start tag, by its local name. */
export const attribute = (tag: string, name: string): string | undefined => {
  const found = patternOf(name).exec(tag);
  return found ? unescapeXml(found[1] ?? found[2] ?? '') : undefined;
};

const resolve = (base: string, target: string): string =>
  target.startsWith('/') ? target.slice(1) : new URL(target, `http://package/${base}`).pathname.slice(1);

/** Path of the workbook part (`xl/workbook.xml` nearly always). */
export const workbookPath = async (pkg: Package): Promise<string> => {
  const rels = pkg.has('_rels/.rels') ? await pkg.read('_rels/.rels') : '';
  const found = /<(?:\w+:)?Relationship\b[^>]*officeDocument"[^>]*>/.exec(rels)?.[0];
  return found ? resolve('', attribute(found, 'Target') ?? 'xl/workbook.xml') : 'xl/workbook.xml';
};

/** The sheets of a workbook in their order. */
export const sheetParts = async (pkg: Package): Promise<SheetPart[]> => {
  const path = await workbookPath(pkg);
  const workbook = await pkg.read(path);
  const slash = path.lastIndexOf('/') + 1;
  const rels = await pkg.read(`${path.slice(0, slash)}_rels/${path.slice(slash)}.rels`);
  const targets = new Map([...rels.matchAll(/<(?:\w+:)?Relationship\b[^>]*>/g)].map(([tag]) => [attribute(tag, 'Id'), attribute(tag, 'Target')]));
  return [...workbook.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].flatMap(([tag]) => {
    const target = targets.get(/\s\w+:id\s*=\s*["']([^"']*)["']/.exec(tag)?.[1]);
    if (!target) return [];
    return [{ name: attribute(tag, 'name') ?? '', path: resolve(path, target), state: (attribute(tag, 'state') ?? 'visible') as SheetPart['state'] }];
  });
};
