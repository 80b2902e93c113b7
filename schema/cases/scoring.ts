/**
 * From the marks of several reviewers to a ranking with reasons. Pure.
 * Strict and lenient reviewers are brought to the same measure by an additive model: a mark is the case's worth plus the reviewer's habit.
 */
import type { AwardPlaces } from './conventions.ts';

/** One reviewer's total for one case, 0 to 100. */
export interface Mark {
  readonly case: string;
  readonly reviewer: string;
  readonly total: number;
}

export interface ScoredCase {
  readonly id: string;
  readonly reviews: number;
  /** Mean of the marks as given. */
  readonly raw: number;
  /** Mean once every reviewer's habit is taken out. */
  readonly fair: number;
  /** Highest less lowest mark, as given. */
  readonly spread: number;
}

export interface ReviewerHabit {
  readonly reviewer: string;
  readonly reviews: number;
  /** Points above (lenient) or below (strict) what the others give for the same cases. */
  readonly habit: number;
}

export interface Scores {
  readonly cases: readonly ScoredCase[];
  readonly reviewers: readonly ReviewerHabit[];
}

/** Reviews that a reviewer's habit has to prove itself against: after two, half of what is seen counts as habit. */
const caution = 2;
const rounds = 200;
const settledBelow = 1e-6;

const two = (value: number): number => Math.round(value * 100) / 100;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const grouped = (marks: readonly Mark[], key: 'case' | 'reviewer'): Map<string, Mark[]> => {
  const groups = new Map<string, Mark[]>();
  for (const mark of marks) groups.set(mark[key], [...(groups.get(mark[key]) ?? []), mark]);
  return groups;
};

/** Alternates between the cases' worth and the reviewers' habits until neither moves. Habits add up to nothing. */
const estimate = (byCase: ReadonlyMap<string, readonly Mark[]>, byReviewer: ReadonlyMap<string, readonly Mark[]>) => {
  const habit = new Map([...byReviewer.keys()].map((reviewer) => [reviewer, 0]));
  const worth = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [id, marks] of byCase) worth.set(id, mean(marks.map((mark) => mark.total - (habit.get(mark.reviewer) ?? 0))));
    const seen = [...byReviewer].map(([reviewer, marks]) => {
      const above = marks.reduce((sum, mark) => sum + mark.total - (worth.get(mark.case) ?? 0), 0);
      return [reviewer, above / (marks.length + caution)] as const;
    });
    const middle = seen.length ? mean(seen.map(([, value]) => value)) : 0;
    const moved = Math.max(0, ...seen.map(([reviewer, value]) => Math.abs(value - middle - (habit.get(reviewer) ?? 0))));
    for (const [reviewer, value] of seen) habit.set(reviewer, value - middle);
    if (moved < settledBelow) break;
  }
  return { habit, worth };
};

/** Scores and habits from all opened marks of a round. */
export const scoreCases = (marks: readonly Mark[]): Scores => {
  const [byCase, byReviewer] = [grouped(marks, 'case'), grouped(marks, 'reviewer')];
  const { habit, worth } = estimate(byCase, byReviewer);
  return {
    cases: [...byCase].map(([id, own]) => {
      const totals = own.map((mark) => mark.total);
      const fair = Math.min(100, Math.max(0, worth.get(id) ?? 0));
      return { id, reviews: own.length, raw: two(mean(totals)), fair: two(fair), spread: two(Math.max(...totals) - Math.min(...totals)) };
    }),
    reviewers: [...byReviewer].map(([reviewer, own]) => ({ reviewer, reviews: own.length, habit: two(habit.get(reviewer) ?? 0) })),
  };
};

/** A case as the ranking sees it. */
export interface Entrant {
  readonly id: string;
  readonly title: string;
  readonly township: string;
  /** Why it may not be ranked; empty where it may. */
  readonly blocked: readonly string[];
}

export interface Ranked {
  readonly id: string;
  /** From 1; null where it is not ranked. */
  readonly rank: number | null;
  readonly award: string | null;
  readonly score: ScoredCase | null;
  /** The reviewers lie wide apart. */
  readonly wide: boolean;
  /** Chinese, ready to be shown to whoever asks. */
  readonly reason: string;
}

export interface RankingInput {
  readonly entrants: readonly Entrant[];
  readonly scores: Scores;
  readonly awards: readonly AwardPlaces[];
  readonly townshipQuota: number | null;
  readonly wideSpread: number;
}

const scoreWords = (score: ScoredCase, wideSpread: number): string => {
  const shift = two(score.fair - score.raw);
  const fair = shift === 0 ? '' : `,按评委宽严校正 ${shift > 0 ? '+' : ''}${shift} 后 ${score.fair}`;
  const spread = score.reviews > 1 ? `,最高与最低相差 ${score.spread}` : '';
  return `${score.reviews} 位评委平均 ${score.raw}${fair}${spread}${score.spread >= wideSpread ? '(分差大,建议复议)' : ''}`;
};

/** Deals the awards from the top; a township that has had its share is passed over. */
const dealer = (awards: readonly AwardPlaces[], quota: number | null) => {
  const left = awards.map(({ award, places }) => ({ award, places, left: places }));
  const had = new Map<string, number>();
  return (township: string): { award: string | null; words: string } => {
    const next = left.find((one) => one.left > 0);
    if (!next) return { award: null, words: '名额已满' };
    const count = had.get(township) ?? 0;
    if (quota !== null && count >= quota) return { award: null, words: `${township}已有 ${count} 篇获奖,达到每乡镇 ${quota} 篇的名额` };
    next.left -= 1;
    had.set(township, count + 1);
    return { award: next.award, words: `${next.award}(名额 ${next.places} 篇,第 ${next.places - next.left} 篇)` };
  };
};

/** Highest fair score first; then the mean as given, then the smaller spread; equal in all three share a rank. */
const byWorth = (a: ScoredCase, b: ScoredCase): number => b.fair - a.fair || b.raw - a.raw || a.spread - b.spread;

/** Ranks what has marks and nothing against it; every case gets its reason. */
export const rankCases = ({ entrants, scores, awards, townshipQuota, wideSpread }: RankingInput): Ranked[] => {
  const scoreOf = new Map(scores.cases.map((score) => [score.id, score]));
  const deal = dealer(awards, townshipQuota);
  const wide = (score: ScoredCase | undefined): boolean => (score ? score.reviews > 1 && score.spread >= wideSpread : false);
  const inRace = entrants
    .flatMap((entrant) => {
      const score = scoreOf.get(entrant.id);
      return score && entrant.blocked.length === 0 ? [{ entrant, score }] : [];
    })
    .sort((a, b) => byWorth(a.score, b.score) || (a.entrant.id < b.entrant.id ? -1 : 1));
  const rankOf = (place: number): number => {
    let first = place;
    while (first > 0 && byWorth((inRace[first - 1] as (typeof inRace)[0]).score, (inRace[place] as (typeof inRace)[0]).score) === 0) first -= 1;
    return first + 1;
  };
  const ranked = inRace.map(({ entrant, score }, place): Ranked => {
    const { award, words } = deal(entrant.township);
    const rank = rankOf(place);
    return { id: entrant.id, rank, award, score, wide: wide(score), reason: `${scoreWords(score, wideSpread)};列第 ${rank};${words}。` };
  });
  const out = entrants
    .filter((entrant) => !inRace.some((one) => one.entrant === entrant))
    .map((entrant): Ranked => {
      const score = scoreOf.get(entrant.id) ?? null;
      const why = entrant.blocked.length ? entrant.blocked.join('') : '还没有开封的评分。';
      return { id: entrant.id, rank: null, award: null, score, wide: wide(score ?? undefined), reason: `不参加排名:${why}` };
    });
  return [...ranked, ...out];
};
