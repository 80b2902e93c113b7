/**
 * The answers to a spreadsheet in a school's own layout: a tab of our own at its end. No cell of the school's is ever touched.
 */
import { listed, listedWords, summaryWords } from '../answer-words.ts';
import type { CellContent } from '../format-value.ts';
import type { AnswerFate, Answers } from '../source.ts';
import { listHeaders, noProblems } from '../workbook-instructions.ts';
import { type CellWrite, type Request, writeRequests } from './cells.ts';
import type { GoogleClient } from './client.ts';
import { GoogleFault } from './fault.ts';
import { canonical, contentAt, type SheetTab } from './spreadsheet.ts';

export const feedbackTitle = '系统反馈';

/** Sheet ids are ours to choose; the tab is found by its title. */
export const sheetIdFor = (tabs: readonly SheetTab[]): number => Math.max(1_000_000, ...tabs.map((tab) => tab.sheetId + 1));

const feedbackRows = (answers: Answers): CellContent[][] => {
  const problems = listed(answers.tabs).map((problem, index): CellContent[] => [
    index + 1,
    problem.tab,
    problem.cell || null,
    problem.header,
    problem.value || null,
    listedWords(problem),
  ]);
  const summary = answers.refusal ?? summaryWords(answers.tabs, answers.deadline).replace(/,?见本页最下面的“问题清单”/, ',见下表');
  return [[summary], [], [...listHeaders], ...(problems.length > 0 || answers.refusal ? problems : [[null, noProblems]])];
};

const width = listHeaders.length;

/** Cells that differ; a column to the right holds the time, which alone is no reason to write. */
const planFeedback = (tab: SheetTab | undefined, rows: readonly CellContent[][], receivedAt: string | undefined): CellWrite[] => {
  const cells: CellWrite[] = [];
  for (let row = 0; row < Math.max(rows.length, tab?.raw.rows.length ?? 0); row += 1) {
    for (let column = 0; column < width; column += 1) {
      const content = rows[row]?.[column] ?? null;
      if (canonical(tab ? contentAt(tab, row, column) : null) !== canonical(content)) cells.push({ row, column, content });
    }
  }
  return cells.length > 0 && receivedAt ? [...cells, { row: 0, column: width, content: `${receivedAt} 收取` }] : cells;
};

/** Makes the tab, or makes room in it. */
const makeRoom = (tab: SheetTab | undefined, sheetId: number, rows: number): Request[] => {
  const size = { rowCount: rows + 20, columnCount: width + 1 };
  if (!tab) return [{ addSheet: { properties: { sheetId, title: feedbackTitle, gridProperties: size } } }];
  return rows > tab.rowCount ? [{ appendDimension: { sheetId, dimension: 'ROWS', length: rows - tab.rowCount + 20 } }] : [];
};

/** Throws GoogleFault where the spreadsheet may be read only. */
export const writeFeedback = async (client: GoogleClient, id: string, tabs: readonly SheetTab[], answers: Answers): Promise<AnswerFate> => {
  const tab = tabs.find((one) => one.title === feedbackTitle);
  const sheetId = tab?.sheetId ?? sheetIdFor(tabs);
  const rows = feedbackRows(answers);
  const cells = planFeedback(tab, rows, answers.receivedAt);
  if (cells.length === 0) return 'unchanged';
  const requests = [...makeRoom(tab, sheetId, Math.max(...cells.map((cell) => cell.row + 1))), ...writeRequests(sheetId, cells)];
  try {
    await client.write('sheetsWrites', ({ sheets }) => sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } }));
    return 'answered';
  } catch (error) {
    // It may have been written, or not: the next sync reads the spreadsheet again and writes what is missing.
    if (error instanceof GoogleFault && error.kind === 'failing') return 'changed';
    throw error;
  }
};
