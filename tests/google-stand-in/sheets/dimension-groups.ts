/**
 * The groups of rows or columns of a sheet, as they follow from how deep each line lies; and how they go along with moved lines.
 */
import type { Dimension, DimensionGroup, Sheet } from './model.ts';

/** Outer groups first, from top to bottom. `sheetId: 0` is left out, as in every range. */
export const groupsOf = (sheet: Sheet, dimension: Dimension): DimensionGroup[] => {
  const depths = sheet.depths[dimension];
  const groups: DimensionGroup[] = [];
  const { sheetId } = sheet.properties;
  for (let depth = 1; depth <= Math.max(0, ...depths); depth += 1)
    for (let start = 0; start < depths.length; start += 1) {
      if ((depths[start] as number) < depth) continue;
      let end = start + 1;
      while ((depths[end] ?? 0) >= depth) end += 1;
      const folded = sheet.folded.some((one) => one.dimension === dimension && one.depth === depth && one.start === start && one.end === end);
      groups.push({
        range: { ...(sheetId ? { sheetId } : {}), dimension, startIndex: start, endIndex: end },
        depth,
        ...(folded ? { collapsed: true } : {}),
      });
      start = end;
    }
  return groups;
};

/** New lines inside a group belong to it. */
export const insertDepths = (sheet: Sheet, dimension: Dimension, at: number, count: number): void => {
  const depths = sheet.depths[dimension];
  if (at >= depths.length) return;
  const inner = at > 0 ? Math.min(depths[at - 1] as number, depths[at] as number) : 0;
  depths.splice(at, 0, ...Array.from({ length: count }, () => inner));
};
