/**
 * The 行号 of a row that is known by what it says: the same words give the same id, so such a row is never there twice.
 */
import { createHash } from 'node:crypto';
import { newRowId } from '../../schema/row-id.ts';

export const stableRowId = (...words: readonly string[]): string => {
  const hash = createHash('sha256').update(words.join('\n')).digest();
  return newRowId((count) => hash.subarray(0, count));
};
