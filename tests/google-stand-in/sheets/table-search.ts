/**
 * The search for a table that `:append` makes: the last block of touching cells that meets the range.
 * Reads only.
 */
import { cellAt, hasValue, isInside, placesIn, usedPart, wholeSheet } from './grid.ts';
import type { Area, Sheet } from './model.ts';

const isFilled = (sheet: Sheet, area: Area): boolean => {
  for (const [row, column] of placesIn(area)) if (hasValue(cellAt(sheet, row, column))) return true;
  return false;
};

/** The four sides of a block, one cell wide, corners included. */
const sides = (area: Area, whole: Area): readonly { readonly side: Area; readonly grown: Area }[] => {
  const left = Math.max(whole.left, area.left - 1);
  const right = Math.min(whole.right, area.right + 1);
  const top = Math.max(whole.top, area.top - 1);
  const bottom = Math.min(whole.bottom, area.bottom + 1);
  return [
    { side: { top, bottom: area.top, left, right }, grown: { ...area, top } },
    { side: { top: area.bottom, bottom, left, right }, grown: { ...area, bottom } },
    { side: { top, bottom, left, right: area.left }, grown: { ...area, left } },
    { side: { top, bottom, left: area.right, right }, grown: { ...area, right } },
  ];
};

/** The block around a filled cell: grown on every side where a touching cell is filled. */
const blockAround = (sheet: Sheet, row: number, column: number): Area => {
  let block: Area = { top: row, left: column, bottom: row + 1, right: column + 1 };
  for (;;) {
    const next = sides(block, wholeSheet(sheet)).find(({ side }) => isFilled(sheet, side));
    if (!next) return block;
    block = next.grown;
  }
};

/** The last table that meets `asked`, whole; null where there is none. */
export const findTable = (sheet: Sheet, asked: Area): Area | null => {
  const blocks: Area[] = [];
  for (const [row, column] of placesIn(usedPart(sheet, asked))) {
    const cell: Area = { top: row, left: column, bottom: row + 1, right: column + 1 };
    if (hasValue(cellAt(sheet, row, column)) && !blocks.some((block) => isInside(cell, block))) blocks.push(blockAround(sheet, row, column));
  }
  return blocks.toSorted((one, other) => one.bottom - other.bottom || one.right - other.right).at(-1) ?? null;
};
