/**
 * Takes single glyphs out of a TrueType font and makes a small font of them.
 * Outlines go onto a coarser grid, finer still than a printer's; hints are left behind, because PDF readers do not need them.
 */
import { coarser, isComposite } from './outline.ts';

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
const part = {
  wordArguments: 0x0001,
  offsets: 0x0002,
  scale: 0x0008,
  more: 0x0020,
  twoScales: 0x0040,
  matrix: 0x0080,
  instructions: 0x0100,
} as const;

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

/**
 * Steps of an em on the coarser grid: at the 16 pt of a letter a point moves by a quarter of a dot of 600 dpi at most. A page of Chinese takes
 * a fifth less, and stays under 80 kB.
 */
const fewestSteps = 250;

/** By how much the units of a font may grow; they stay whole. */
const growth = (unitsPerEm: number): number => {
  const by = Math.max(1, Math.floor(unitsPerEm / fewestSteps));
  return unitsPerEm % by === 0 ? by : 1;
};

/** A table whose signed numbers at these places count units. */
const inUnits = (table: Buffer, places: readonly number[], by: number): Buffer => {
  const copy = Buffer.from(table);
  for (const at of places) copy.writeInt16BE(Math.round(copy.readInt16BE(at) / by), at);
  return copy;
};

/** Numbers of head, hhea and a glyph that count units (OpenType): the em and the box; ascent, descent and the like; the box. */
const unitsInHead = [18, 36, 38, 40, 42];
const unitsInHhea = [4, 6, 8, 10, 12, 14, 16];
const unitsInGlyph = [2, 4, 6, 8];

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
  /** Width and left bearing; the bearing goes with the outline, so that a glyph does not move. */
  const metric = (glyph: number, body: Buffer, by: number): Buffer => {
    const at = hmtx.at + 4 * Math.min(glyph, metrics - 1);
    const [before, made] = [outline(glyph), Buffer.alloc(4)];
    made.writeUInt16BE(Math.round(font.readUInt16BE(at) / by), 0);
    const shift = before.length === 0 ? font.readInt16BE(at + 2) : font.readInt16BE(at + 2) - before.readInt16BE(2);
    made.writeInt16BE(Math.round(shift / by) + (body.length === 0 ? 0 : body.readInt16BE(2)), 2);
    return made;
  };
  const coarse = growth(font.readUInt16BE(head.at + 18));
  const made = new Map<number, Buffer>();
  /** A glyph of many letters is written once. */
  const simple = (glyph: number, by: number): Buffer => {
    const key = by * 0x10000 + glyph;
    const body = made.get(key) ?? padded(coarser(outline(glyph), by));
    made.set(key, body);
    return body;
  };

  /** The glyphs wanted, and behind them the parts that composite ones are made of. */
  const closure = (glyphs: readonly number[]): number[] => {
    const all = [0, ...glyphs];
    for (let index = 0; index < all.length; index += 1) {
      const glyph = outline(all[index] as number);
      if (!isComposite(glyph)) continue;
      for (const { at } of partsOf(glyph)) if (!all.includes(glyph.readUInt16BE(at + 2))) all.push(glyph.readUInt16BE(at + 2));
    }
    return all;
  };

  /** A composite glyph with its parts where they stand now. */
  const composed = (glyph: Buffer, all: readonly number[], by: number): Buffer => {
    const copy = inUnits(glyph, unitsInGlyph, by);
    for (const { at, flags } of partsOf(copy)) {
      copy.writeUInt16BE(flags & ~part.instructions, at);
      copy.writeUInt16BE(all.indexOf(copy.readUInt16BE(at + 2)), at + 2);
      if (flags & part.wordArguments) for (const place of [at + 4, at + 6]) copy.writeInt16BE(Math.round(copy.readInt16BE(place) / by), place);
      else for (const place of [at + 4, at + 5]) copy.writeInt8(Math.round(copy.readInt8(place) / by), place);
    }
    return padded(copy);
  };

  /** Whether parts are placed by points, whose numbers change on a coarser grid. */
  const isPinned = (glyph: Buffer): boolean => isComposite(glyph) && partsOf(glyph).some(({ flags }) => !(flags & part.offsets));

  return {
    pick(glyphs) {
      const all = closure(glyphs);
      const by = all.some((glyph) => isPinned(outline(glyph))) ? 1 : coarse;
      const outlines = all.map((glyph) => (isComposite(outline(glyph)) ? composed(outline(glyph), all, by) : simple(glyph, by)));
      const places = Buffer.alloc(4 * (all.length + 1));
      outlines.reduce((at, body, index) => places.writeUInt32BE(at + body.length, 4 * (index + 1)) && at + body.length, 0);
      const newHead = inUnits(font.subarray(head.at, head.at + head.length), unitsInHead, by);
      newHead.writeInt16BE(1, 50);
      const newHhea = inUnits(font.subarray(hhea.at, hhea.at + hhea.length), unitsInHhea, by);
      newHhea.writeUInt16BE(all.length, 34);
      const newMaxp = Buffer.from(font.subarray(maxp.at, maxp.at + maxp.length));
      newMaxp.writeUInt16BE(all.length, 4);
      return assemble([
        ['glyf', Buffer.concat(outlines)],
        ['head', newHead],
        ['hhea', newHhea],
        ['hmtx', Buffer.concat(all.map((glyph, index) => metric(glyph, outlines[index] as Buffer, by)))],
        ['loca', places],
        ['maxp', newMaxp],
      ]);
    },
  };
};
