import { describe, expect, test } from 'vitest';
import { coarser, isComposite } from '../../scripts/print/outline.ts';

type Point = readonly [x: number, y: number, on?: boolean];

/** A glyph with its steps as words, nothing packed, and two bytes of hints: as fonts may be, not as we write them. */
const glyph = (...contours: readonly (readonly Point[])[]): Buffer => {
  const words: number[] = [contours.length, 0, 0, 0, 0];
  let end = -1;
  for (const contour of contours) {
    end += contour.length;
    words.push(end);
  }
  const bytes = [...words.flatMap((word) => [(word >> 8) & 0xff, word & 0xff]), 0, 2, 7, 7];
  const points = contours.flat();
  bytes.push(...points.map(([, , on = true]) => (on ? 1 : 0)));
  for (const axis of [0, 1] as const) {
    let before = 0;
    for (const point of points) {
      const step = point[axis] - before;
      bytes.push((step >> 8) & 0xff, step & 0xff);
      before = point[axis];
    }
  }
  return Buffer.from(bytes);
};

const square = [
  [0, 0],
  [400, 0],
  [400, 400],
  [0, 400],
] as const;

describe('an outline on a coarser grid', () => {
  test('keeps its shape in fewer units, and leaves its hints behind', () => {
    const made = coarser(glyph(square), 4);
    // One contour, the box from 0 to 100, its last point the fourth, no hints; then flags, steps across, steps up.
    expect([...made]).toEqual([0, 1, 0, 0, 0, 0, 0, 100, 0, 100, 0, 3, 0, 0, 0x31, 0x33, 0x35, 0x23, 100, 100, 100]);
  });

  test('is the same outline where nothing is to be rounded, however it was packed before', () => {
    const curved = glyph(square, [
      [300, 20],
      [700, 300, false],
      [-300, 900],
      [-300, 905],
      [-300, 910],
    ]);
    const once = coarser(curved, 1);
    expect(coarser(once, 1)).toEqual(once);
    expect(once.length).toBeLessThan(curved.length);
    expect(coarser(curved, 4)).toEqual(coarser(once, 4));
  });

  test('points that fall together become one, which stays on the outline', () => {
    const close = glyph([
      [0, 0],
      [400, 0, false],
      [401, 1],
      [400, 400],
    ]);
    expect(coarser(close, 4)).toEqual(
      coarser(
        glyph([
          [0, 0],
          [400, 0],
          [400, 400],
        ]),
        4,
      ),
    );
  });

  test('a glyph without an outline stays one', () => {
    expect(coarser(Buffer.alloc(0), 4)).toHaveLength(0);
    expect(isComposite(Buffer.alloc(0))).toBe(false);
    expect(isComposite(Buffer.from([0xff, 0xff]))).toBe(true);
  });
});
