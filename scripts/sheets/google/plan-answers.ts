/**
 * Which cells of a tab must change so that it says the answers: 行号, 同步状态, 问题说明, and values that come from Directus.
 * Pure. Cells that say it already are left alone, so a plan that is made again after it was carried out is empty.
 */
import type { RowAnswer, TabAnswer } from '../../../schema/ingest.ts';
import type { Problem } from '../../../schema/parsed.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { problemsByRow, rowMessage, shownStatus } from '../answer-words.ts';
import { type CellContent, formatValue } from '../format-value.ts';
import type { CellWrite } from './cells.ts';
import { columnOf, type Layout } from './layout.ts';
import { canonical, contentAt, type SheetTab } from './spreadsheet.ts';

/** Row where an answer was read -> row where it belongs now, both from 0; undefined where that row is no longer what it was. */
export type Moves = (row: number) => number | undefined;

export const unmoved: Moves = (row) => row;

const answerCells = (answer: RowAnswer, row: number, problems: readonly Problem[], layout: Layout, tab: Tab): CellWrite[] => {
  const outward = Object.entries(answer.outward).flatMap(([header, value]): CellWrite[] => {
    const column = tab.columns.find((one) => one.header === header);
    const at = column && columnOf(layout, column);
    return column && at !== undefined ? [{ row, column: at, content: formatValue(column.field, value) }] : [];
  });
  return [
    ...(answer.id ? [{ row, column: layout.id, content: answer.id }] : []),
    { row, column: layout.status, content: shownStatus(answer.status) },
    { row, column: layout.message, content: rowMessage(problems) },
    ...outward,
  ];
};

/** Rows that were answered once and are blank or ignored now must not keep old words. */
const oldWords = (tab: SheetTab, layout: Layout, answered: ReadonlySet<number>, said: (row: number) => CellContent): CellWrite[] => {
  const cells: CellWrite[] = [];
  for (let row = layout.headerRow + 1; row < tab.raw.rows.length; row += 1) {
    if (answered.has(row)) continue;
    for (const column of [layout.status, layout.message])
      if (canonical(contentAt(tab, row, column)) !== '') cells.push({ row, column, content: column === layout.message ? said(row) : null });
  }
  return cells;
};

/** The cells of one tab. With `moves`, rows that are not what they were get nothing. */
export const planTab = (tab: SheetTab, layout: Layout, model: Tab, answer: TabAnswer, moves: Moves = unmoved): CellWrite[] => {
  const problems = problemsByRow(answer.problems);
  const placed = answer.rows.flatMap((one) => {
    const row = moves(one.row - 1);
    return row === undefined ? [] : [{ one, row }];
  });
  const answered = new Set(placed.map(({ row }) => row));
  const wanted = placed.flatMap(({ one, row }) => answerCells(one, row, problems.get(one.row) ?? [], layout, model));
  const stale = moves === unmoved ? oldWords(tab, layout, answered, (row) => rowMessage(problems.get(row + 1) ?? [])) : [];
  return [...wanted, ...stale].filter((cell) => canonical(contentAt(tab, cell.row, cell.column)) !== canonical(cell.content));
};
