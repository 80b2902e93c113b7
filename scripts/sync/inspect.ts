/**
 * Says what any workbook holds, without a database: the document behind `npm run sync -- --inspect`.
 * It opens no file itself: the reader is handed in.
 */

import { tables } from '../../schema/index.ts';
import type { Layout } from '../../schema/layout.ts';
import type { IgnoredRow, NormalValue, ParsedTab, RawTab, Severity } from '../../schema/parsed.ts';
import type { ProblemCode } from '../../schema/problems.ts';
import { describeLayout } from './describe-layout.ts';
import type { ParseOptions } from './parse-tab.ts';
import { parseTabs } from './parse-tabs.ts';
import { openProposals } from './propose-layout.ts';

/** What a reader of files gives (`scripts/sheets/read-file.ts`). */
export type ReadFile = (
  path: string,
) => Promise<{ readonly tabs: readonly RawTab[]; readonly problem?: { readonly code: ProblemCode; readonly message: string } | undefined }>;

export interface InspectedProblem {
  readonly cell: string;
  readonly header: string;
  readonly code: ProblemCode;
  readonly value: string;
  readonly message: string;
  readonly severity: Severity;
}

export interface InspectedTab {
  readonly tab: string;
  readonly table: string | null;
  /** `A1:D40` where the tab holds more than this table. */
  readonly area?: string;
  readonly headerRow: number | null;
  readonly rows: readonly { readonly row: number; readonly values: Readonly<Record<string, NormalValue>> }[];
  readonly problems: readonly InspectedProblem[];
  readonly ignoredRows: readonly IgnoredRow[];
}

export interface InspectedFile {
  readonly file: string;
  readonly tabs: readonly InspectedTab[];
  /** How the columns of a school's own tabs are understood, and how surely; empty for workbooks made from the model. */
  readonly layouts: readonly Layout[];
  /** Why the file could not be read at all. */
  readonly problem?: { readonly code: ProblemCode; readonly message: string };
}

const inspectTab = ({ tab, table, area, headerRow, rows, problems, ignoredRows }: ParsedTab): InspectedTab => ({
  tab,
  table,
  ...(area ? { area } : {}),
  headerRow,
  rows: rows.map(({ row, values }) => ({ row, values })),
  problems: problems.map(({ cell, header, code, value, message, severity }) => ({ cell, header, code, value, message, severity })),
  ignoredRows,
});

/** The proposals for all tabs of some files: the content of a mapping file, to be edited and confirmed by the bureau. */
export const proposeLayouts = async (paths: readonly string[], read: ReadFile, options: ParseOptions = {}): Promise<Layout[]> => {
  const files = await inspectFiles(paths, read, options);
  return files.flatMap((file) => file.layouts);
};

/** Reads the files one after the other, so that memory holds one at a time. */
export const inspectFiles = async (paths: readonly string[], read: ReadFile, options: ParseOptions = {}): Promise<InspectedFile[]> => {
  const files: InspectedFile[] = [];
  for (const file of paths) {
    const { tabs, problem } = await read(file);
    files.push({
      file,
      tabs: tabs.flatMap((tab) => parseTabs(tab, options).map(inspectTab)),
      layouts: tabs.flatMap((tab) => openProposals(tab, options)),
      ...(problem ? { problem } : {}),
    });
  }
  return files;
};

/** Whether anything in the files needs mending. */
export const hasProblems = (files: readonly InspectedFile[]): boolean =>
  files.some((file) => file.problem || file.tabs.some((tab) => tab.problems.length > 0));

const describeTab = (tab: InspectedTab): string[] => {
  const title = `${tab.tab === '' ? '(整个文件)' : `「${tab.tab}」`}${tab.area ?? ''}`;
  const problems = tab.problems.map((problem) => `    ${problem.severity === 'error' ? '有误' : '提示'} ${problem.message}`);
  if (tab.table === null) return [`  ${title} 不是台账,未读取`, ...problems];
  const label = tables[tab.table as keyof typeof tables].label;
  const counts = `数据 ${tab.rows.length} 行,跳过 ${tab.ignoredRows.length} 行,问题 ${tab.problems.length} 处`;
  return [`  ${title} ${label}:表头在第 ${tab.headerRow} 行,${counts}`, ...problems];
};

/** The same for people. */
export const describeInspection = (files: readonly InspectedFile[]): string =>
  files
    .flatMap(({ file, problem, tabs, layouts }) => [
      file,
      ...(problem ? [`  ${problem.message}`] : tabs.flatMap(describeTab)),
      ...(layouts.length > 0 ? ['  各栏怎样读(栏目对照表):', ...layouts.map(describeLayout)] : []),
    ])
    .join('\n');
