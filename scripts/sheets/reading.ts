/**
 * From the bytes of a workbook to what the sync needs of it: whose it is and its parsed tabs.
 * Shared by the sources that hold files (folder, WebDAV).
 */
import { tabs as modelTabs } from '../../schema/sheets.ts';
import { type ParseOptions, parseTab } from '../sync/parse-tab.ts';
import { parseOwnTabs, recordsOf } from './column-records.ts';
import { metaOf } from './folder.ts';
import { readBytesOf } from './read-file.ts';
import type { Reading } from './source.ts';

/** `name` only serves messages. A file that cannot be read is an answer, not an exception. */
export const readingOf = async (bytes: Uint8Array, name: string, options: ParseOptions): Promise<Reading> => {
  const { tabs, problem } = readBytesOf(bytes, name);
  if (problem) return { meta: null, tabs: [], problem: problem.message };
  const meta = metaOf(tabs);
  // A tab that a school has hidden in its own file holds its rows all the same; in ours it is one of the system's.
  const wanted = tabs.filter((tab) => !tab.hidden || meta === null);
  const parsed = meta
    ? parseOwnTabs(wanted, { ...options, tabs: options.tabs ?? modelTabs }, recordsOf(tabs))
    : wanted.map((tab) => parseTab(tab, options));
  return { meta, tabs: parsed.filter((tab) => tab.table !== null) };
};
