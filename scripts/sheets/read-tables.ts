/**
 * What a whole workbook says: its tabs parsed, and whose it is where the file itself tells.
 * It opens no file; read-file.ts and the reader processes do.
 */
import type { Layout } from '../../schema/layout.ts';
import type { ParsedTab, RawTab } from '../../schema/parsed.ts';
import type { ProblemCode } from '../../schema/problems.ts';
import { tabs as modelTabs, plainTabs } from '../../schema/sheets.ts';
import type { ParseOptions } from '../sync/parse-tab.ts';
import { parseTabs } from '../sync/parse-tabs.ts';
import { openProposals } from '../sync/propose-layout.ts';
import { comingTabs, parseOwnTabs, recordsOf } from './column-records.ts';
import type { FileProblem, FileReading } from './read-file.ts';

export interface ReadTab {
  readonly name: string;
  readonly hidden: boolean;
  /** One as a rule; more where tables stand beside or below each other. `table` is null in the only one of a tab without any. */
  readonly parsed: readonly ParsedTab[];
}

export interface WorkbookReading {
  readonly tabs: readonly ReadTab[];
  /** The `_kehou` tab of a workbook made from the model, as it stands; null in a school's own. */
  readonly meta: RawTab | null;
  /** What the bureau is to confirm of a school's own layout; empty where every column is sure. */
  readonly proposals: readonly Layout[];
  readonly problem?: FileProblem | undefined;
}

/** A workbook of ours is read by the columns that it has, a school's own by what its headers and confirmed layouts say. */
const tablesOf = (tabs: readonly RawTab[], own: boolean, options: ParseOptions): ParsedTab[][] =>
  own
    ? parseOwnTabs(tabs, { ...options, tabs: options.tabs ?? modelTabs }, recordsOf(tabs)).map((tab) => [tab])
    : tabs.map((raw) => parseTabs(raw, options));

/** Problems that a person ends by saying which column is what. */
const aboutLayout: readonly ProblemCode[] = ['required-missing/column', 'ambiguous/layout'];

/** What the bureau should look at: columns that are only likely, or that are missed. */
const proposalsFor = (raw: RawTab, parsed: readonly ParsedTab[], options: ParseOptions): Layout[] => {
  const missed = parsed.some((tab) => tab.problems.some((one) => aboutLayout.includes(one.code)));
  return openProposals(raw, options, true).filter((layout) => missed || layout.columns.some(({ sure }) => sure === 'likely'));
};

/** A file in which no table is found at all is asked about as soon as anything in it may be one. */
const allProposals = (tabs: readonly RawTab[], tables: readonly (readonly ParsedTab[])[], options: ParseOptions): Layout[] => {
  const found = tables.some((parsed) => parsed.some((tab) => tab.table !== null));
  return tabs.flatMap((raw, index) => (found ? proposalsFor(raw, tables[index] ?? [], options) : openProposals(raw, options)));
};

/** Parses every tab of a file that was read. A file that could not be read keeps its problem. */
export const parseWorkbook = ({ tabs, problem }: FileReading, options: ParseOptions): WorkbookReading => {
  const meta = tabs.find((tab) => tab.name === plainTabs.meta) ?? null;
  const tables = tablesOf(tabs, meta !== null, options);
  const coming = meta ? comingTabs(tables.flat(), options.tabs ?? modelTabs) : [];
  return {
    tabs: [
      ...tabs.map((raw, index) => ({ name: raw.name, hidden: raw.hidden !== undefined, parsed: tables[index] ?? [] })),
      ...coming.map((parsed) => ({ name: parsed.tab, hidden: false, parsed: [parsed] })),
    ],
    meta,
    proposals: meta ? [] : allProposals(tabs, tables, options),
    ...(problem ? { problem } : {}),
  };
};
