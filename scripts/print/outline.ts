/**
 * The outline of one simple TrueType glyph, read and written again on a coarser grid, so that a letter stays small.
 * Never touches composite glyphs; leaves hints behind, because PDF readers do not need them.
 */

/** Flags of a point (OpenType, table glyf). */
const point = { on: 0x01, xShort: 0x02, yShort: 0x04, repeat: 0x08, xSameOrPositive: 0x10, ySameOrPositive: 0x20 } as const;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly on: boolean;
}

/** The header: number of contours and the box around them. */
const headLength = 10;

export const isComposite = (glyph: Buffer): boolean => glyph.length > 0 && glyph.readInt16BE(0) < 0;

const readFlags = (glyph: Buffer, from: number, count: number): { readonly flags: number[]; readonly end: number } => {
  const flags: number[] = [];
  let at = from;
  while (flags.length < count) {
    const flag = glyph.readUInt8(at++);
    const times = flag & point.repeat ? 1 + glyph.readUInt8(at++) : 1;
    for (let time = 0; time < times; time += 1) flags.push(flag);
  }
  return { flags, end: at };
};

const readPlaces = (
  glyph: Buffer,
  from: number,
  flags: readonly number[],
  short: number,
  same: number,
): { readonly places: number[]; readonly end: number } => {
  let [at, place] = [from, 0];
  const places = flags.map((flag) => {
    if (flag & short) place += flag & same ? glyph.readUInt8(at++) : -glyph.readUInt8(at++);
    else if (!(flag & same)) {
      place += glyph.readInt16BE(at);
      at += 2;
    }
    return place;
  });
  return { places, end: at };
};

const contoursOf = (glyph: Buffer): Point[][] => {
  const ends = Array.from({ length: glyph.readInt16BE(0) }, (_, index) => glyph.readUInt16BE(headLength + 2 * index));
  const hints = headLength + 2 * ends.length;
  const { flags, end: afterFlags } = readFlags(glyph, hints + 2 + glyph.readUInt16BE(hints), (ends.at(-1) ?? -1) + 1);
  const { places: xs, end: afterXs } = readPlaces(glyph, afterFlags, flags, point.xShort, point.xSameOrPositive);
  const { places: ys } = readPlaces(glyph, afterXs, flags, point.yShort, point.ySameOrPositive);
  const points = flags.map((flag, index): Point => ({ x: xs[index] as number, y: ys[index] as number, on: (flag & point.on) !== 0 }));
  return ends.map((end, index) => points.slice(index === 0 ? 0 : (ends[index - 1] as number) + 1, end + 1));
};

/** Points that fall together become one; one that lies on the outline stays on it. */
const rounded = (contour: readonly Point[], by: number): Point[] => {
  const kept: Point[] = [];
  for (const { x, y, on } of contour) {
    const [next, before] = [{ x: Math.round(x / by), y: Math.round(y / by) }, kept.at(-1)];
    if (before && before.x === next.x && before.y === next.y) kept[kept.length - 1] = { ...next, on: on || before.on };
    else kept.push({ ...next, on });
  }
  return kept;
};

/** The flags and the bytes of one step along an axis. */
const stepOf = (step: number, short: number, same: number): { readonly flag: number; readonly bytes: number[] } => {
  if (step === 0) return { flag: same, bytes: [] };
  if (Math.abs(step) < 256) return { flag: short | (step > 0 ? same : 0), bytes: [Math.abs(step)] };
  return { flag: 0, bytes: [(step >> 8) & 0xff, step & 0xff] };
};

const packedFlags = (flags: readonly number[]): number[] => {
  const packed: number[] = [];
  for (let at = 0; at < flags.length; ) {
    const flag = flags[at] as number;
    let end = at + 1;
    while (end < flags.length && flags[end] === flag && end - at < 256) end += 1;
    const times = end - at;
    packed.push(...(times > 2 ? [flag | point.repeat, times - 1] : Array<number>(times).fill(flag)));
    at = end;
  }
  return packed;
};

/** Smallest and largest of a list that is not empty. */
const rangeOf = (numbers: readonly number[]): readonly [number, number] => [Math.min(...numbers), Math.max(...numbers)];

/** The same outline in units that are so many times as large. */
export const coarser = (glyph: Buffer, by: number): Buffer => {
  if (glyph.length === 0 || glyph.readInt16BE(0) === 0) return glyph;
  const contours = contoursOf(glyph).map((contour) => rounded(contour, by));
  const points = contours.flat();
  const [flags, xs, ys]: [number[], number[], number[]] = [[], [], []];
  let [x, y] = [0, 0];
  for (const one of points) {
    const [across, up] = [stepOf(one.x - x, point.xShort, point.xSameOrPositive), stepOf(one.y - y, point.yShort, point.ySameOrPositive)];
    flags.push((one.on ? point.on : 0) | across.flag | up.flag);
    xs.push(...across.bytes);
    ys.push(...up.bytes);
    [x, y] = [one.x, one.y];
  }
  const [left, right] = rangeOf(points.map((one) => one.x));
  const [low, high] = rangeOf(points.map((one) => one.y));
  const head = Buffer.alloc(headLength + 2 * contours.length + 2);
  for (const [index, value] of [contours.length, left, low, right, high].entries()) head.writeInt16BE(value, 2 * index);
  let end = -1;
  for (const [index, contour] of contours.entries()) {
    end += contour.length;
    head.writeUInt16BE(end, headLength + 2 * index);
  }
  return Buffer.concat([head, Buffer.from([...packedFlags(flags), ...xs, ...ys])]);
};
