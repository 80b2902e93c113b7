/**
 * Opens a zip that nobody vouches for: its list of parts, and each part unpacked within bounds and checked against its sum.
 * It writes nothing to disk and believes no size or name that the zip merely claims.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { damaged, readingLimits, tooLarge, unsafe } from './read-limits.ts';

export interface ZipEntry {
  /** With forward slashes, whatever the zip has. */
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly sum: number;
  /** Where its local header stands. */
  readonly offset: number;
  readonly encrypted: boolean;
}

const marks = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 } as const;
const endLength = 22;
const longestComment = 0xffff;
/** A field of 32 bits whose value stands in the 64-bit extra field instead. */
const elsewhere = 0xffff_ffff;

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reading past the end of the bytes means that they are cut off. */
const within = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw damaged();
    throw error;
  }
};

const endOf = (zip: Buffer): number => {
  const last = zip.length - endLength;
  for (let at = last; at >= Math.max(0, last - longestComment); at -= 1) if (zip.readUInt32LE(at) === marks.end) return at;
  throw damaged();
};

/** How many parts the directory has and where it begins; large or streamed zips say so in a second, 64-bit end. */
const directoryOf = (zip: Buffer): { count: number; at: number } => {
  const end = endOf(zip);
  const short = { count: zip.readUInt16LE(end + 10), at: zip.readUInt32LE(end + 16) };
  if (short.count !== 0xffff && short.at !== elsewhere) return short;
  const locator = end - 20;
  if (locator < 0 || zip.readUInt32LE(locator) !== marks.locator64) return short;
  const end64 = Number(zip.readBigUInt64LE(locator + 8));
  if (zip.readUInt32LE(end64) !== marks.end64) throw damaged();
  return { count: Number(zip.readBigUInt64LE(end64 + 32)), at: Number(zip.readBigUInt64LE(end64 + 48)) };
};

/** The values of the 64-bit extra field, in the order in which the short fields pass on to it. */
const wideValues = (extra: Buffer): number[] => {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1)
      return Array.from({ length: Math.floor(length / 8) }, (_, index) => Number(extra.readBigUInt64LE(at + 4 + index * 8)));
    at += 4 + length;
  }
  return [];
};

const isControl = (character: string): boolean => character < ' ' || character === '\u007f';

/** A name that would lead out of the package, or that two programs may take for two things. */
const checkName = (name: string): string => {
  const plain = name.replaceAll('\\', '/');
  if (plain.startsWith('/') || /^[a-z]:/i.test(plain)) throw unsafe('内部文件名是绝对路径');
  if (plain.split('/').includes('..')) throw unsafe('内部文件名指向文件之外');
  if (plain === '' || plain.length > 500 || [...plain].some(isControl)) throw unsafe('内部文件名不正常');
  return plain;
};

const entryAt = (zip: Buffer, at: number): { entry: ZipEntry; next: number } => {
  if (zip.readUInt32LE(at) !== marks.central) throw damaged();
  const flags = zip.readUInt16LE(at + 8);
  const [nameLength, extraLength, commentLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
  const nameEnd = at + 46 + nameLength;
  if (nameEnd + extraLength + commentLength > zip.length) throw damaged();
  const wide = wideValues(zip.subarray(nameEnd, nameEnd + extraLength));
  const field = (place: number): number => {
    const short = zip.readUInt32LE(place);
    return short === elsewhere ? (wide.shift() ?? short) : short;
  };
  // The order of these three is the order of the 64-bit field.
  const unpacked = field(at + 24);
  const packed = field(at + 20);
  const offset = field(at + 42);
  const name = checkName(zip.toString(flags & 0x800 ? 'utf8' : 'latin1', at + 46, nameEnd));
  const entry = {
    name,
    method: zip.readUInt16LE(at + 10),
    packed,
    unpacked,
    sum: zip.readUInt32LE(at + 16),
    offset,
    encrypted: (flags & 0x41) !== 0,
  };
  return { entry, next: nameEnd + extraLength + commentLength };
};

/** All parts that a zip lists. Throws a `Refusal` where the list is cut off, too long, or has names that no workbook has. */
export const zipEntries = (bytes: Uint8Array): ZipEntry[] =>
  within(() => {
    const zip = buffer(bytes);
    const { count, at: start } = directoryOf(zip);
    if (count > readingLimits.parts) throw tooLarge(`${readingLimits.parts} 个内部文件`);
    const entries: ZipEntry[] = [];
    const names = new Set<string>();
    for (let index = 0, at = start; index < count; index += 1) {
      const { entry, next } = entryAt(zip, at);
      // The format compares names without their case: of two parts of one name, programs disagree which counts.
      const key = entry.name.toLowerCase();
      if (names.has(key)) throw unsafe('内部文件重名');
      names.add(key);
      entries.push(entry);
      at = next;
    }
    return entries;
  });

const packedBytes = (zip: Buffer, entry: ZipEntry): Buffer => {
  const { offset } = entry;
  if (zip.readUInt32LE(offset) !== marks.local) throw damaged();
  const nameEnd = offset + 30 + zip.readUInt16LE(offset + 26);
  const local = zip.toString(zip.readUInt16LE(offset + 6) & 0x800 ? 'utf8' : 'latin1', offset + 30, nameEnd);
  // The list says one part and the place holds another: whichever is read, it may be the wrong one.
  if (local.replaceAll('\\', '/') !== entry.name) throw damaged();
  const start = nameEnd + zip.readUInt16LE(offset + 28);
  if (start + entry.packed > zip.length) throw damaged();
  return zip.subarray(start, start + entry.packed);
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const inflate = (packed: Buffer, most: number): Buffer => {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw unsafe('解压后比声明的大得多');
    if (codeOf(error).startsWith('Z_')) throw damaged();
    throw error;
  }
};

/** One part, unpacked: never more bytes than its entry declares, and those with the right sum. */
export const unpack = (bytes: Uint8Array, entry: ZipEntry): Buffer =>
  within(() => {
    const packed = packedBytes(buffer(bytes), entry);
    if (entry.method !== 0 && entry.method !== 8) throw damaged();
    const content = entry.method === 8 ? inflate(packed, entry.unpacked) : packed;
    if (content.length !== entry.unpacked || crc32(content) !== entry.sum) throw damaged();
    return content;
  });

const header = (length: number, fields: readonly (readonly [at: number, width: 2 | 4, value: number])[]): Buffer => {
  const bytes = Buffer.alloc(length);
  for (const [at, width, value] of fields) bytes.writeUIntLE(value, at, width);
  return bytes;
};

/** A zip of parts as they are, uncompressed: what a reader gets in place of the bytes that came from outside. */
export const storedZip = (parts: ReadonlyMap<string, Buffer>): Buffer => {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of parts) {
    const path = Buffer.from(name);
    const shared = (at: number) =>
      [
        [at, 4, crc32(content)],
        [at + 4, 4, content.length],
        [at + 8, 4, content.length],
        [at + 12, 2, path.length],
      ] as const;
    files.push(header(30, [[0, 4, marks.local], [4, 2, 20], ...shared(14)]), path, content);
    directory.push(header(46, [[0, 4, marks.central], [4, 2, 20], [6, 2, 20], ...shared(16), [42, 4, offset]]), path);
    offset += 30 + path.length + content.length;
  }
  const list = Buffer.concat(directory);
  const end = header(endLength, [
    [0, 4, marks.end],
    [8, 2, parts.size],
    [10, 2, parts.size],
    [12, 4, list.length],
    [16, 4, offset],
  ]);
  return Buffer.concat([...files, list, end]);
};
