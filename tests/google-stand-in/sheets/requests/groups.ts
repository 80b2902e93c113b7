/**
 * Requests about groups of rows and columns, which people fold away. A line is as deep as the groups that hold it;
 * the groups of each depth are the runs of lines that are at least so deep.
 */
import { invalid } from '../../errors.ts';
import { groupsOf } from '../dimension-groups.ts';
import { writeMask } from '../mask.ts';
import { type Dimension, type DimensionGroup, dimensionProperties, type Sheet } from '../model.ts';
import { assertOnSheet, type Handlers, type Lines, linesOf } from './common.ts';

const deepest = 8;

const deepen = ({ sheet, dimension, start, end }: Lines, by: 1 | -1): void => {
  const depths = sheet.depths[dimension];
  while (depths.length < end) depths.push(0);
  for (let at = start; at < end; at += 1) depths[at] = (depths[at] as number) + by;
};

const listed = (sheet: Sheet, dimension: Dimension): { dimensionGroups?: DimensionGroup[] } => {
  const dimensionGroups = groupsOf(sheet, dimension);
  return dimensionGroups.length ? { dimensionGroups } : {};
};

const hide = ({ sheet, dimension, start, end }: Lines, hidden: boolean): void => {
  const list = dimensionProperties(sheet, dimension);
  while (list.length < end) list.push(undefined);
  for (let at = start; at < end; at += 1) {
    const { hiddenByUser: _old, ...rest } = list[at] ?? {};
    list[at] = hidden ? { ...rest, hiddenByUser: true } : Object.keys(rest).length ? rest : undefined;
  }
};

export const groupRequests = {
  addDimensionGroup: (editing, { range }) => {
    const lines = linesOf(editing, range);
    assertOnSheet(lines);
    const depths = lines.sheet.depths[lines.dimension];
    if (depths.slice(lines.start, lines.end).some((depth) => depth >= deepest)) throw invalid(`Groups cannot be deeper than ${deepest}.`);
    deepen(lines, 1);
    return { addDimensionGroup: listed(lines.sheet, lines.dimension) };
  },
  deleteDimensionGroup: (editing, { range }) => {
    const lines = linesOf(editing, range);
    assertOnSheet(lines);
    const depths = lines.sheet.depths[lines.dimension];
    for (let at = lines.start; at < lines.end; at += 1) if (!depths[at]) throw invalid(`There is no group over index ${at}.`);
    deepen(lines, -1);
    return { deleteDimensionGroup: listed(lines.sheet, lines.dimension) };
  },
  updateDimensionGroup: (editing, { dimensionGroup = {}, fields }) => {
    const lines = linesOf(editing, dimensionGroup.range);
    const mask = writeMask(fields, 'dimensionGroup');
    const depth = dimensionGroup.depth ?? 0;
    const { sheet, dimension, start, end } = lines;
    const there = groupsOf(sheet, dimension).some((one) => one.depth === depth && one.range?.startIndex === start && one.range?.endIndex === end);
    if (!there) throw invalid('No such group: its range and depth must be those of a group that is there.');
    if (mask !== 'all' && !mask.has('collapsed')) return;
    const same = (one: Sheet['folded'][number]): boolean =>
      one.dimension === dimension && one.depth === depth && one.start === start && one.end === end;
    sheet.folded = sheet.folded.filter((one) => !same(one));
    if (dimensionGroup.collapsed) sheet.folded.push({ dimension, depth, start, end });
    hide(lines, dimensionGroup.collapsed === true);
  },
} satisfies Handlers;
