/**
 * Freezes the returns of months whose due day is over (DESIGN section 6): later edits need a 更正单.
 * Keeps a copy of every figure as it stood.
 */
import type { Store } from '../directus/store.ts';
import { dueDate, shiftMonth } from './months.ts';

export interface FreezeResult {
  readonly months: readonly string[];
  readonly frozen: number;
}

const notFigures = new Set(['id', 'school', 'state', 'first_valid_at', 'frozen_at', 'frozen']);

/** `today` is the last day counted; a month is frozen once its due day has come to its end. */
export const freezeMonths = async (store: Store, today: string): Promise<FreezeResult> => {
  const settings = await store.readSettings();
  const latest =
    dueDate(shiftMonth(today.slice(0, 7), -1), settings) <= today ? shiftMonth(today.slice(0, 7), -1) : shiftMonth(today.slice(0, 7), -2);
  // Directus compares text only as equal, so the months are told apart here.
  const open = (await store.readRows('monthly_reports', { filter: { state: { _in: ['已收', '草稿'] } } })).filter((one) => one.month <= latest);
  const now = new Date().toISOString();
  for (const report of open) {
    const figures = Object.fromEntries(Object.entries(report).filter(([name, value]) => !notFigures.has(name) && value !== null));
    await store.updateRow('monthly_reports', report.id, { state: '已冻结', frozen_at: now, frozen: figures });
  }
  return { months: [...new Set(open.map((one) => one.month))].sort(), frozen: open.length };
};
