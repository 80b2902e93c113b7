/** School days and months of the sample county, from the national calendar. Never knows a school. */
import days from 'chinese-days';

const text = (date: Date): string => date.toISOString().slice(0, 10);
const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`);

export const addDays = (day: string, count: number): string => text(new Date(dateOf(day).getTime() + count * 86_400_000));

/** 1 Monday ... 7 Sunday. */
export const weekdayOf = (day: string): number => dateOf(day).getUTCDay() || 7;

/** Days of service between two days, both included: work days from Monday to Friday (make-up Saturdays are no service days, R-T5). */
export const schoolDays = (from: string, to: string): string[] => {
  const found: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) if (weekdayOf(day) <= 5 && days.isWorkday(day)) found.push(day);
  return found;
};

export const firstOf = (month: string): string => `${month}-01`;
export const lastOf = (month: string): string => addDays(firstOf(nextMonth(month)), -1);

export const nextMonth = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/** The months from the one of `from` up to the last that has ended before `today`. */
export const endedMonths = (from: string, today: string): string[] => {
  const found: string[] = [];
  for (let month = from.slice(0, 7); lastOf(month) < today; month = nextMonth(month)) found.push(month);
  return found;
};
