/**
 * From the bytes of a workbook to what the sync needs of it: whose it is and its parsed tabs.
 * Shared by the sources that hold files (folder, WebDAV). A file that hangs or eats memory is stopped alone.
 */
import type { ParseOptions } from '../sync/parse-tab.ts';
import { metaOf } from './folder.ts';
import { parseInWorker } from './read-pool.ts';
import type { Reading } from './source.ts';

/** `name` only serves messages. A file that cannot be read is an answer, not an exception. */
export const readingOf = async (bytes: Uint8Array, name: string, options: ParseOptions): Promise<Reading> => {
  const { tabs, meta: raw, proposals, problem } = await parseInWorker(bytes, name, options);
  if (problem) return { meta: null, tabs: [], problem: problem.message };
  const meta = raw && metaOf([raw]);
  // A tab that a school has hidden in its own file holds its rows all the same; in ours it is one of the system's.
  const wanted = tabs.filter((tab) => !tab.hidden || meta === null);
  return { meta, proposals, tabs: wanted.flatMap((tab) => tab.parsed).filter((tab) => tab.table !== null || tab.problems.length > 0) };
};
