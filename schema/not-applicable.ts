/**
 * 不适用: a figure that the school cannot have, with its reason. One line each in 不适用说明: `退费人数:本月没有退费`.
 * Pure. It is neither a zero nor a blank: sums leave it out, completeness counts it as answered.
 */
import { fieldNamed, isFigure, labelOf } from './monthly-return.ts';

/** What a cell may say in place of a figure. */
export const notApplicableWord = '不适用';

export interface NotApplicable {
  /** Field -> reason. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Lines of which nobody can tell the column or the reason. */
  readonly unclear: readonly string[];
}

const none: NotApplicable = { reasons: new Map(), unclear: [] };

/** `退费人数、退费额:没有退费` names several columns of one reason. */
const readLine = (line: string): { names: string[]; reason: string } | null => {
  const [, heads = '', reason = ''] = /^([^::]+)[::]\s*(\S[\s\S]*)$/.exec(line) ?? [];
  const names = heads.split(/[、,,和及]/).map((head) => fieldNamed(head.replace(/[“”"'「」]/g, '').trim()));
  return heads && reason && names.every((name) => name !== null) ? { names: names as string[], reason: reason.trim() } : null;
};

/** Reads 不适用说明. */
export const readNotApplicable = (text: unknown): NotApplicable => {
  if (typeof text !== 'string' || text.trim() === '') return none;
  const reasons = new Map<string, string>();
  const unclear: string[] = [];
  for (const line of text.split(/[\n;;]/).map((one) => one.trim().replace(/[。.]$/, ''))) {
    if (line === '') continue;
    const read = readLine(line);
    if (read) for (const name of read.names) reasons.set(name, read.reason);
    else unclear.push(line);
  }
  return { reasons, unclear };
};

/** Chinese sentences about a row whose 不适用说明 contradicts its figures. */
export const notApplicableFaults = (row: Readonly<Record<string, unknown>>): { field: string; words: string }[] =>
  [...readNotApplicable(row.not_applicable).reasons.keys()].flatMap((field) => {
    const value = row[field];
    const given = isFigure(field) && value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
    return given ? [{ field, words: `“${labelOf(field)}”填了数,又在“不适用说明”里写了不适用:请只留一样` }] : [];
  });
