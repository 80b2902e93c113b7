/**
 * Headers that staff renamed in Directus: the readers and checks know the model's words (年级, 监护人电话), the school sees the new ones.
 * Tabs go in by the model's words, what was read comes out by the new ones. Pure.
 */
import type { ParsedTab, Problem } from '../../schema/parsed.ts';
import type { Column, Tab } from '../../schema/sheets.ts';

const modelColumn = (column: Column): Column =>
  column.readAs === undefined ? column : { ...column, header: column.readAs, aliases: [...column.aliases, column.header] };

const made = new WeakMap<readonly Tab[], readonly Tab[]>();

/** The tabs as the readers know them; the new headers are aliases there. The very same where nothing was renamed. */
export const readerTabs = (tabs: readonly Tab[]): readonly Tab[] => {
  const known = made.get(tabs);
  if (known) return known;
  const renamed = tabs.map((tab) =>
    tab.columns.some((column) => column.readAs !== undefined) ? { ...tab, columns: tab.columns.map(modelColumn) } : tab,
  );
  const result = renamed.some((tab, at) => tab !== tabs[at]) ? renamed : tabs;
  made.set(tabs, result);
  return result;
};

const renameKeys = <T>(values: Readonly<Record<string, T>>, names: ReadonlyMap<string, string>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([header, value]) => [names.get(header) ?? header, value]));

const renameProblem = (problem: Problem, names: ReadonlyMap<string, string>): Problem => {
  const header = names.get(problem.header);
  return header === undefined ? problem : { ...problem, header, message: problem.message.replaceAll(`“${problem.header}”`, `“${header}”`) };
};

/** What was read by `readerTabs(tabs)`, under the headers of `tabs`. */
export const inLiveWords = (parsed: ParsedTab, tabs: readonly Tab[]): ParsedTab => {
  const columns = tabs.find((tab) => tab.table === parsed.table)?.columns ?? [];
  const names = new Map(columns.flatMap((column): [string, string][] => (column.readAs === undefined ? [] : [[column.readAs, column.header]])));
  if (!names.size) return parsed;
  return {
    ...parsed,
    rows: parsed.rows.map((row) => ({
      ...row,
      values: renameKeys(row.values, names),
      ...(row.cells ? { cells: renameKeys(row.cells, names) } : {}),
    })),
    problems: parsed.problems.map((problem) => renameProblem(problem, names)),
    columns: renameKeys(parsed.columns, names),
    letters: renameKeys(parsed.letters, names),
  };
};
