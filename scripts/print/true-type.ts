/**
 * Takes single glyphs out of a TrueType font and makes a small font of them.
 * Never changes an outline; hints are left behind, because PDF readers do not need them.
 */

interface Place {
  readonly at: number;
  readonly length: number;
}

/** A font in memory, as a PDF carries it. */
export interface TrueType {
  /** A font that holds just these glyphs as numbers 1, 2, 3 …; 0 is the empty box. */
  pick(glyphs: readonly number[]): Uint8Array;
}

const tablesOf = (font: Buffer): Map<string, Place> => {
  const tables = new Map<string, Place>();
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const entry = 12 + 16 * index;
    tables.set(font.toString('latin1', entry, entry + 4), { at: font.readUInt32BE(entry + 8), length: font.readUInt32BE(entry + 12) });
  }
  return tables;
};

const needed = (tables: ReadonlyMap<string, Place>, name: string): Place => {
  const place = tables.get(name);
  if (!place) throw new Error(`the font has no table ${name}`);
  return place;
};

/** Flags of a part of a composite glyph (OpenType, table glyf). */
const part = { wordArguments: 0x0001, scale: 0x0008, more: 0x0020, twoScales: 0x0040, matrix: 0x0080, instructions: 0x0100 } as const;

/** Positions of the glyph numbers inside a composite glyph. */
const partsOf = (glyph: Buffer): { at: number; flags: number }[] => {
  const found: { at: number; flags: number }[] = [];
  for (let at = 10; ; ) {
    const flags = glyph.readUInt16BE(at);
    found.push({ at, flags });
    at += 4 + (flags & part.wordArguments ? 4 : 2) + (flags & part.scale ? 2 : flags & part.twoScales ? 4 : flags & part.matrix ? 8 : 0);
    if (!(flags & part.more)) return found;
  }
};

/** An outline without its hints. */
const withoutHints = (glyph: Buffer): Buffer => {
  if (glyph.length === 0) return glyph;
  const contours = glyph.readInt16BE(0);
  if (contours < 0) return glyph;
  const hints = 10 + 2 * contours;
  const length = glyph.readUInt16BE(hints);
  if (length === 0) return glyph;
  return Buffer.concat([glyph.subarray(0, hints), Buffer.from([0, 0]), glyph.subarray(hints + 2 + length)]);
};

const padded = (bytes: Buffer): Buffer => (bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]));

/** Puts tables together; readers of PDF do not check the sums, so they are zero. */
const assemble = (tables: readonly (readonly [string, Buffer])[]): Uint8Array => {
  const head = Buffer.alloc(12 + 16 * tables.length);
  head.writeUInt32BE(0x00010000, 0);
  head.writeUInt16BE(tables.length, 4);
  let at = head.length;
  const bodies = tables.map(([name, bytes], index) => {
    const entry = 12 + 16 * index;
    head.write(name, entry, 'latin1');
    head.writeUInt32BE(at, entry + 8);
    head.writeUInt32BE(bytes.length, entry + 12);
    const body = padded(bytes);
    at += body.length;
    return body;
  });
  return Buffer.concat([head, ...bodies]);
};

/** Reads a font. Throws when it is not TrueType with outlines. */
export const openTrueType = (bytes: Uint8Array): TrueType => {
  const font = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tablesOf(font);
  const [glyf, loca, head, hhea, hmtx, maxp] = ['glyf', 'loca', 'head', 'hhea', 'hmtx', 'maxp'].map((name) => needed(tables, name)) as [
    Place,
    Place,
    Place,
    Place,
    Place,
    Place,
  ];
  const long = font.readInt16BE(head.at + 50) === 1;
  const count = font.readUInt16BE(maxp.at + 4);
  const metrics = font.readUInt16BE(hhea.at + 34);
  const offset = (glyph: number): number => (long ? font.readUInt32BE(loca.at + 4 * glyph) : 2 * font.readUInt16BE(loca.at + 2 * glyph));
  const outline = (glyph: number): Buffer => (glyph < count ? font.subarray(glyf.at + offset(glyph), glyf.at + offset(glyph + 1)) : Buffer.alloc(0));
  const metric = (glyph: number): Buffer => {
    const at = hmtx.at + 4 * Math.min(glyph, metrics - 1);
    return font.subarray(at, at + 4);
  };

  /** The glyphs wanted, and behind them the parts that composite ones are made of. */
  const closure = (glyphs: readonly number[]): number[] => {
    const all = [0, ...glyphs];
    for (let index = 0; index < all.length; index += 1) {
      const glyph = outline(all[index] as number);
      if (glyph.length === 0 || glyph.readInt16BE(0) >= 0) continue;
      for (const { at } of partsOf(glyph)) if (!all.includes(glyph.readUInt16BE(at + 2))) all.push(glyph.readUInt16BE(at + 2));
    }
    return all;
  };

  const renumbered = (glyph: Buffer, all: readonly number[]): Buffer => {
    if (glyph.length === 0 || glyph.readInt16BE(0) >= 0) return withoutHints(glyph);
    const copy = Buffer.from(glyph);
    for (const { at, flags } of partsOf(copy)) {
      copy.writeUInt16BE(flags & ~part.instructions, at);
      copy.writeUInt16BE(all.indexOf(copy.readUInt16BE(at + 2)), at + 2);
    }
    return copy;
  };

  return {
    pick(glyphs) {
      const all = closure(glyphs);
      const outlines = all.map((glyph) => padded(renumbered(outline(glyph), all)));
      const places = Buffer.alloc(4 * (all.length + 1));
      outlines.reduce((at, body, index) => places.writeUInt32BE(at + body.length, 4 * (index + 1)) && at + body.length, 0);
      const newHead = Buffer.from(font.subarray(head.at, head.at + head.length));
      newHead.writeInt16BE(1, 50);
      const newHhea = Buffer.from(font.subarray(hhea.at, hhea.at + hhea.length));
      newHhea.writeUInt16BE(all.length, 34);
      const newMaxp = Buffer.from(font.subarray(maxp.at, maxp.at + maxp.length));
      newMaxp.writeUInt16BE(all.length, 4);
      return assemble([
        ['glyf', Buffer.concat(outlines)],
        ['head', newHead],
        ['hhea', newHhea],
        ['hmtx', Buffer.concat(all.map(metric))],
        ['loca', places],
        ['maxp', newMaxp],
      ]);
    },
  };
};
