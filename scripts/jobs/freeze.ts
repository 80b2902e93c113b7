/**
 * Freezes the returns of months whose due day is over (DESIGN section 6): later edits need a 更正单.
 * Keeps a copy of every figure as it stood. What nobody has answered for yet stays open: it may still come, late.
 */
import { frozenCopy } from '../../schema/monthly-return.ts';
import type { Store } from '../directus/store.ts';
import { dueDate, dueFor, shiftMonth } from './months.ts';

export interface FreezeResult {
  readonly months: readonly string[];
  readonly frozen: number;
}

/** `today` is the last day counted; a return is frozen once its school's due day has come to its end. */
export const freezeMonths = async (store: Store, today: string): Promise<FreezeResult> => {
  const settings = await store.readSettings();
  const latest = shiftMonth(today.slice(0, 7), -1);
  const received = await store.readRows('monthly_reports', { filter: { state: { _eq: '已收' } } });
  // Directus compares text only as equal, so the months are told apart here.
  const due = received.filter((one) => one.month <= latest && dueFor(one.due_on, dueDate(one.month, settings)) <= today);
  const now = new Date().toISOString();
  for (const report of due) await store.updateRow('monthly_reports', report.id, { state: '已冻结', frozen_at: now, frozen: frozenCopy(report) });
  return { months: [...new Set(due.map((one) => one.month))].sort(), frozen: due.length };
};
