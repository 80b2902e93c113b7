/**
 * What the school reads: the words of 问题说明, of the 问题清单 and of the summary, from the answers of the ingest endpoint.
 * It never touches a file.
 */
import type { RowAnswer, RowStatus, TabAnswer } from '../../schema/ingest.ts';
import type { Problem } from '../../schema/parsed.ts';
import { rowStates } from '../../schema/sheets.ts';

/** A row that did not change has been taken before: the school need not know the difference. */
export const shownStatus = (status: RowStatus): string => (status === '未变' ? rowStates.taken : status);

/** The sentence without its beginning 「表」第 n 行“栏”(D12): the reader is already there. */
export const withoutPlace = (message: string): string => message.replace(/^(?:「[^」]*」)?(?:第 \d+ 行)?(?:“[^”]*”)?(?:\([A-Z]+\d+\))?/, '');

/** 【】 makes the cell under that header red, 〔〕 yellow (see workbook-create.ts). */
const said = (problem: Problem): string => {
  const [open, close] = problem.severity === 'error' ? ['【', '】'] : ['〔', '〕提示:'];
  return `${open}${problem.header}${close}${withoutPlace(problem.message)}`;
};

/** The problems of a tab by row. */
export const problemsByRow = (problems: readonly Problem[]): Map<number, Problem[]> => {
  const byRow = new Map<number, Problem[]>();
  for (const problem of problems) byRow.set(problem.row, [...(byRow.get(problem.row) ?? []), problem]);
  return byRow;
};

const errorsFirst = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));

/** 问题说明 of one row; null where there is nothing to say. */
export const rowMessage = (problems: readonly Problem[]): string | null =>
  problems.length === 0 ? null : errorsFirst(problems).map(said).join('\n');

/** One line of the 问题清单. */
export interface ListedProblem extends Problem {
  readonly tab: string;
}

/** All problems of a workbook, errors before hints, else in the order of the tabs. */
export const listed = (tabs: readonly TabAnswer[]): ListedProblem[] => {
  const all = tabs.flatMap((tab) => tab.problems.map((problem) => ({ ...problem, tab: tab.tab })));
  return all.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
};

/** What is wrong and what to do, with 提示 before a mere hint. */
export const listedWords = (problem: Problem): string => `${problem.severity === 'warning' ? '提示:' : ''}${withoutPlace(problem.message)}`;

const count = (rows: readonly RowAnswer[], status: string): number => rows.filter((row) => shownStatus(row.status) === status).length;

/** `已收 58 行;有误 2 行,请在 2026-12-01 前改好,见本页最下面的“问题清单”。` */
export const summaryWords = (tabs: readonly TabAnswer[], deadline?: string | null): string => {
  const rows = tabs.flatMap((tab) => tab.rows);
  const parts = [rowStates.taken, rowStates.refused, rowStates.conflict, rowStates.pending].flatMap((status) => {
    const found = count(rows, status);
    return found > 0 || status === rowStates.taken ? [`${status} ${found} 行`] : [];
  });
  const problems = listed(tabs);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const hints = problems.length - errors;
  const todo =
    errors > 0
      ? `。请${deadline ? `在 ${deadline} 前` : ''}改好,见本页最下面的“问题清单”`
      : hints > 0
        ? `。有 ${hints} 处提示,请核对,见本页最下面的“问题清单”`
        : ',没有问题';
  return `${parts.join(';')}${todo}。`;
};
