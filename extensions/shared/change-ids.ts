/**
 * Ids of `kehou_changes`, in the order of time: new ones go to the end of the index, and a page of it is filled before the next
 * is begun. Random ones would touch a page each.
 */
import { randomBytes } from 'node:crypto';

/** Gives one id after the other; no two runs of it give the same. */
export const changeIds = (moment: Date): (() => string) => {
  const run = `${moment.getTime().toString(16).padStart(12, '0')}-${randomBytes(6).toString('hex')}`;
  let count = 0;
  return () => `${run}-${(count++).toString(36).padStart(5, '0')}`;
};
