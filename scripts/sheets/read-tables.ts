/**
 * What a whole workbook says: its tabs parsed, and whose it is where the file itself tells.
 * It opens no file; read-file.ts and the reader processes do.
 */
import type { ParsedTab, RawTab } from '../../schema/parsed.ts';
import { plainTabs } from '../../schema/sheets.ts';
import type { ParseOptions } from '../sync/parse-tab.ts';
import { parseTabs } from '../sync/parse-tabs.ts';
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
  readonly problem?: FileProblem | undefined;
}

/** Parses every tab of a file that was read. A file that could not be read keeps its problem. */
export const parseWorkbook = ({ tabs, problem }: FileReading, options: ParseOptions): WorkbookReading => ({
  tabs: tabs.map((raw) => ({ name: raw.name, hidden: raw.hidden !== undefined, parsed: parseTabs(raw, options) })),
  meta: tabs.find((tab) => tab.name === plainTabs.meta) ?? null,
  ...(problem ? { problem } : {}),
});
