/**
 * Months as the county counts them: `2026-11`; days are `2026-11-24`. Pure, and small enough for a browser.
 * Never knows holidays: due days are in scripts/jobs/months.ts.
 */

export const two = (number: number): string => String(number).padStart(2, '0');

/** The month before or after, by `by` months. */
export const shiftMonth = (month: string, by: number): string => {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const index = year * 12 + number - 1 + by;
  return `${Math.floor(index / 12)}-${two((index % 12) + 1)}`;
};

export const monthOf = (day: string): string => day.slice(0, 7);

/** Whether a school was open in a month, and so expected to report. Dates are `2026-09-01` or null. */
export const isOpenIn = (month: string, openedOn: string | null, closedOn: string | null): boolean =>
  (openedOn === null || monthOf(openedOn) <= month) && (closedOn === null || monthOf(closedOn) >= month);

/** The last day for one school: the day to which the county has put it off (`due_on` of its row), else the county's day. */
export const dueFor = (putOffTo: string | null | undefined, countyDay: string): string => (putOffTo && putOffTo > countyDay ? putOffTo : countyDay);

/** All months from one to another, both included. */
export const monthsBetween = (from: string, to: string): string[] => {
  const months: string[] = [];
  for (let month = from; month <= to; month = shiftMonth(month, 1)) months.push(month);
  return months;
};
