/**
 * The answers on the first tab: 收取情况 and the 问题清单 with a link to each cell.
 * Pure; it finds its places by their words, wherever rows have moved.
 */
import { listed, listedWords, summaryWords } from '../answer-words.ts';
import type { CellContent } from '../format-value.ts';
import type { Answers } from '../source.ts';
import { listHeaders, noProblems, places } from '../workbook-instructions.ts';
import type { CellWrite, Request } from './cells.ts';
import { canonical, contentAt, type SheetTab } from './spreadsheet.ts';

const squeezed = (value: unknown): string => String(value ?? '').replace(/\s/g, '');

const rowSaying = (tab: SheetTab, words: string): number | null => {
  for (let row = tab.raw.rows.length - 1; row >= 0; row -= 1) if (squeezed(contentAt(tab, row, 0)) === words) return row;
  return null;
};

const says = (tab: SheetTab, row: number, column: number, content: CellContent): boolean =>
  canonical(contentAt(tab, row, column)) === canonical(content);

/** Columns of the list, from 0. */
const [tabColumn, cellColumn] = [1, 2];

const linkTo = (target: SheetTab | undefined, cell: string): string | null => (target && cell ? `#gid=${target.sheetId}&range=${cell}` : null);

const planList = (front: SheetTab, first: number, answers: Answers, tabs: readonly SheetTab[]): CellWrite[] => {
  const problems = listed(answers.tabs);
  const cells = problems.flatMap((problem, index): CellWrite[] => {
    const row = first + index;
    const contents: CellContent[] = [index + 1, problem.tab, problem.cell || null, problem.header, problem.value || null, listedWords(problem)];
    const link = linkTo(
      tabs.find((tab) => tab.title === problem.tab),
      problem.cell,
    );
    const leads = says(front, row, tabColumn, problem.tab) && says(front, row, cellColumn, problem.cell);
    return contents.flatMap((content, column): CellWrite[] => {
      if (column === cellColumn) return leads ? [] : [{ row, column, content, link }];
      return says(front, row, column, content) ? [] : [{ row, column, content }];
    });
  });
  for (let row = first + problems.length; row < Math.max(front.raw.rows.length, first + 1); row += 1) {
    for (let column = 0; column < listHeaders.length; column += 1) {
      const content = problems.length === 0 && row === first && column === tabColumn ? noProblems : null;
      if (!says(front, row, column, content)) cells.push({ row, column, content, ...(column === cellColumn ? { link: null } : {}) });
    }
  }
  return cells;
};

/** The time alone is no reason to write: without other news the summary stays as it is. */
const planSummary = (front: SheetTab, row: number, answers: Answers, news: boolean, missing: string): CellWrite[] => {
  const words = `${summaryWords(answers.tabs, answers.deadline)}${missing}`;
  const now = String(contentAt(front, row, 1) ?? '');
  if (now === words || (!news && now.endsWith(`收取:${words}`))) return [];
  return [{ row, column: 1, content: answers.receivedAt ? `${answers.receivedAt} 收取:${words}` : words }];
};

/** What stands behind the summary where tabs of the model are not there. */
const missingWords = (names: readonly string[]): string =>
  names.length === 0 ? '' : `注意:工作表${names.map((name) => `“${name}”`).join('、')}不见了,没有收;请在“文件 → 版本记录”里恢复,或请县局补建。`;

export interface FrontPlan {
  readonly cells: readonly CellWrite[];
  /** Makes room where the list is longer than the tab. */
  readonly before: readonly Request[];
}

/** `news`: other tabs change too. `missing`: tabs of the model that the spreadsheet no longer has. */
export const planFront = (
  front: SheetTab,
  answers: Answers,
  tabs: readonly SheetTab[],
  { news, missing }: { readonly news: boolean; readonly missing: readonly string[] },
): FrontPlan => {
  const [summary, list] = [rowSaying(front, places.summary), rowSaying(front, places.list)];
  const listCells = list === null ? [] : planList(front, list + 2, answers, tabs);
  const summaryCells = summary === null ? [] : planSummary(front, summary, answers, news || listCells.length > 0, missingWords(missing));
  const cells = [...listCells, ...summaryCells];
  const short = Math.max(0, ...cells.map((cell) => cell.row + 1)) - front.rowCount;
  return { cells, before: short > 0 ? [{ appendDimension: { sheetId: front.sheetId, dimension: 'ROWS', length: short + 20 } }] : [] };
};
