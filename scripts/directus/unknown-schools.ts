/**
 * One sentence for every command that is told a school which is not there.
 */
import { UsageError } from '../cli.ts';

export const unknownSchools = (codes: readonly string[]): UsageError =>
  new UsageError(`没有标识码为 ${codes.join('、')} 的学校:请核对 10 位学校标识码,或先在 Directus「学校」里添加。`);

/** Throws UsageError that names the `wanted` codes which are none of `known`. */
export const refuseUnknownSchools = (wanted: readonly string[], known: readonly string[]): void => {
  const unknown = wanted.filter((code) => !known.includes(code));
  if (unknown.length) throw unknownSchools(unknown);
};
