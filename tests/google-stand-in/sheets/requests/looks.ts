/**
 * Requests about how a sheet is looked at: merges, the basic filter, rules of conditional formats.
 * Hidden and coloured rows stay readable: these change no values, except that a merge keeps only its first.
 */
import { invalid } from '../../errors.ts';
import { assertEditable, type Editing } from '../access.ts';
import { normalizeColors } from '../colors.ts';
import { areaOf, isInside, overlap, placesIn, rangeOf, setValue } from '../grid.ts';
import type { Area, GridRange, Sheet } from '../model.ts';
import { rangeAnswer } from '../resource.ts';
import { type Handlers, sheetOf, targetOf } from './common.ts';

/** Takes out the merges inside an area; one that is only touched is a fault. */
const takeMerges = (sheet: Sheet, area: Area): void => {
  const touched = sheet.merges.filter((merge) => overlap(areaOf(sheet, merge), area));
  if (touched.some((merge) => !isInside(areaOf(sheet, merge), area)))
    throw invalid('You must select all cells in a merged range to merge or unmerge them.');
  sheet.merges = sheet.merges.filter((merge) => !touched.includes(merge));
};

const pieces: Readonly<Record<string, (area: Area) => Area[]>> = {
  MERGE_ALL: (area) => [area],
  MERGE_ROWS: (area) => Array.from({ length: area.bottom - area.top }, (_, row) => ({ ...area, top: area.top + row, bottom: area.top + row + 1 })),
  MERGE_COLUMNS: (area) =>
    Array.from({ length: area.right - area.left }, (_, column) => ({ ...area, left: area.left + column, right: area.left + column + 1 })),
};

const mergePiece = (sheet: Sheet, area: Area): void => {
  if ((area.bottom - area.top) * (area.right - area.left) === 1) return;
  for (const [row, column] of placesIn(area)) if (row !== area.top || column !== area.left) setValue(sheet, row, column, undefined);
  sheet.merges.push(rangeOf(sheet, area));
};

const ruleSheet = (editing: Editing, ranges: readonly GridRange[] | undefined): Sheet => {
  if (!ranges?.length) throw invalid('A conditional format rule must have at least one range.');
  const ids = new Set(ranges.map((range) => range.sheetId ?? 0));
  if (ids.size > 1) throw invalid('All ranges of a conditional format rule must be on the same sheet.');
  for (const range of ranges) targetOf(editing, range);
  return sheetOf(editing, [...ids][0]);
};

const ruleAt = (sheet: Sheet, index: number) => {
  const rule = sheet.conditionalFormats[index];
  if (!rule) throw invalid(`No conditional format on sheet: ${sheet.properties.sheetId} at index: ${index}`);
  return rule;
};

type Rule = Sheet['conditionalFormats'][number];
const ruleAnswer = (rule: Rule): Rule => ({ ...rule, ranges: (rule.ranges ?? []).map(rangeAnswer) });

export const looksRequests = {
  mergeCells: (editing, { range, mergeType }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    const cut = pieces[mergeType ?? 'MERGE_ALL'];
    if (!cut) throw invalid(`Unknown mergeType: ${mergeType}`);
    takeMerges(sheet, area);
    for (const piece of cut(area)) mergePiece(sheet, piece);
  },
  unmergeCells: (editing, { range }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    takeMerges(sheet, area);
  },
  setBasicFilter: (editing, { filter = {} }) => {
    const { sheet } = targetOf(editing, filter.range);
    sheet.basicFilter = structuredClone(filter);
  },
  clearBasicFilter: (editing, { sheetId }) => {
    sheetOf(editing, sheetId).basicFilter = undefined;
  },
  addConditionalFormatRule: (editing, { rule = {}, index }) => {
    const sheet = ruleSheet(editing, rule.ranges);
    if (!rule.booleanRule && !rule.gradientRule) throw invalid('A conditional format rule must have a booleanRule or a gradientRule.');
    const at = index ?? 0;
    if (at < 0 || at > sheet.conditionalFormats.length) throw invalid(`Cannot add a conditional format rule at index: ${at}`);
    sheet.conditionalFormats.splice(at, 0, normalizeColors(structuredClone(rule)));
  },
  updateConditionalFormatRule: (editing, { sheetId, index, rule, newIndex }) => {
    const from = index ?? 0;
    const sheet = rule ? ruleSheet(editing, rule.ranges) : sheetOf(editing, sheetId);
    const old = ruleAt(sheet, from);
    const to = rule ? from : (newIndex ?? 0);
    if (to >= sheet.conditionalFormats.length) throw invalid(`Cannot move a conditional format rule to index: ${to}`);
    const next = rule ? normalizeColors(structuredClone(rule)) : old;
    sheet.conditionalFormats.splice(from, 1);
    sheet.conditionalFormats.splice(to, 0, next);
    const answer = rule ? { oldRule: ruleAnswer(old) } : { oldIndex: from };
    return { updateConditionalFormatRule: { newRule: ruleAnswer(next), newIndex: to, ...answer } };
  },
  deleteConditionalFormatRule: (editing, { sheetId, index }) => {
    const sheet = sheetOf(editing, sheetId);
    const rule = ruleAt(sheet, index ?? 0);
    sheet.conditionalFormats.splice(index ?? 0, 1);
    return { deleteConditionalFormatRule: { rule: ruleAnswer(rule) } };
  },
} satisfies Handlers;
