/**
 * Cases in the brief of a period: what was published, and where it went. Reads what everybody may see of them, nothing else.
 */
import type { Store } from '../directus/store.ts';
import { readPublished } from '../showcase/build.ts';
import { excerpt } from '../showcase/text.ts';

/** One school that took a case over within the period. */
export interface Taking {
  readonly school: string;
  readonly title: string;
  /** School that wrote the case. */
  readonly from: string;
  readonly note: string;
  readonly result: string;
}

export interface Spread {
  /** Cases published within the period, and all that are up. */
  readonly fresh: number;
  readonly all: number;
  /** Over all periods: schools that took something over, and how often cases were taken over. */
  readonly schools: number;
  readonly times: number;
  /** Within the period, newest first. */
  readonly takings: readonly Taking[];
}

/** `months`: `2026-10` and so on. */
export const readSpread = async (store: Store, timezone: string, months: readonly string[], now?: Date): Promise<Spread> => {
  const { selection } = await readPublished(store, timezone, now ? { now } : {});
  const wanted = new Set(months);
  const inPeriod = (day: string): boolean => wanted.has(day.slice(0, 7));
  const taken = selection.shown.flatMap((item) => item.adoptions.map((adoption) => ({ item, adoption })));
  return {
    fresh: selection.shown.filter((item) => inPeriod(item.publishedOn)).length,
    all: selection.shown.length,
    schools: new Set(taken.map(({ adoption }) => adoption.code)).size,
    times: taken.length,
    takings: taken
      .filter(({ adoption }) => inPeriod(adoption.on))
      .sort((a, b) => (a.adoption.on < b.adoption.on ? 1 : -1))
      .map(({ item, adoption: { school, note, result } }) => ({ school, title: item.title, from: item.school.name, note, result })),
  };
};

/** More of them would push the page over; all of them stand on the pages of the cases. */
const mostTakings = 2;
const longest = 40;

const takingWords = ({ school, title, from, note, result }: Taking): string =>
  [
    `${school}采用《${excerpt(title, 24)}》(${from})`,
    ...(note ? [`做法:${excerpt(note, longest)}`] : []),
    ...(result ? [`效果:${excerpt(result, longest)}`] : []),
  ]
    .map((words) => words.replace(/[。;,]$/u, ''))
    .join(',');

/** One paragraph; null where the county has published nothing. */
export const spreadWords = ({ fresh, all, schools, times, takings }: Spread): string | null => {
  if (all === 0) return null;
  const sums = `新发布典型案例 ${fresh} 篇,全县已发布 ${all} 篇;${times ? `${schools} 所学校采用过,共 ${times} 次` : '还没有学校采用'}。`;
  const shown = takings.slice(0, mostTakings).map(takingWords).join(';');
  return `${sums}${shown ? `本期${shown}${takings.length > mostTakings ? `;等 ${takings.length} 次` : ''}。` : ''}`;
};
