/**
 * Ranks the cases whose marks are opened and keeps score, rank and reason at each; awards only when they are asked for.
 */
import { gateReasons } from '../../schema/cases/gate.ts';
import { formalCheck } from '../../schema/cases/records.ts';
import { type Mark, type Ranked, rankCases, type Scores, scoreCases } from '../../schema/cases/scoring.ts';
import { sameValue } from '../../schema/merge.ts';
import type { Store } from '../directus/store.ts';
import type { CaseRow, Material } from './material.ts';

export interface RankedLine extends Ranked {
  readonly title: string;
  readonly school: string;
  readonly township: string;
}

export interface RankOutcome {
  readonly cases: readonly RankedLine[];
  readonly reviewers: Scores['reviewers'];
}

export interface RankDesk {
  readonly store: Store;
  readonly dryRun: boolean;
  /** Write the awards too, not only the ranks. */
  readonly award: boolean;
}

/** Rows that one call writes. */
const atOnce = 50;

const inRound: ReadonlySet<string> = new Set(['评审中', '通过', '已发布']);

/** Being judged now, or handed in within the term: the awards of earlier rounds have been dealt, and stay as they are. */
const isOfThisRound = (row: CaseRow, since: string): boolean =>
  row.state === '评审中' || row.state === '通过' || (row.submitted_on ?? since) >= since;

const blockedBy = (row: CaseRow, material: Material): string[] => [
  ...(row.state === '评审中' || row.state === '通过' || row.state === '已发布' ? [] : [`状态是“${row.state ?? ''}”。`]),
  ...new Set([
    ...(formalCheck(row.formal)?.faults ?? []).filter((fault) => fault.level === '阻').map((fault) => fault.message),
    ...gateReasons(row, material.severe.get(row.school)),
  ]),
];

const openedMarks = (material: Material): Mark[] =>
  material.reviews.flatMap((review) =>
    review.total === null || (review.state !== null && review.state !== '已开封')
      ? []
      : [{ case: String(review.case), reviewer: review.reviewer, total: review.total }],
  );

export const rank = async ({ store, dryRun, award }: RankDesk, material: Material): Promise<RankOutcome> => {
  const all = openedMarks(material);
  const marked = new Set(all.map((mark) => mark.case));
  const rows = material.cases.filter((row) => isOfThisRound(row, material.since) && (marked.has(row.id) || inRound.has(row.state ?? '')));
  const ids = new Set(rows.map((row) => row.id));
  const marks = all.filter((mark) => ids.has(mark.case));
  const scores = scoreCases(marks);
  const ranked = rankCases({
    entrants: rows.map((row) => ({
      id: row.id,
      title: row.title,
      township: material.schools.get(row.school)?.township ?? '',
      blocked: blockedBy(row, material),
    })),
    scores,
    awards: material.conventions.awards,
    townshipQuota: material.conventions.townshipQuota,
    wideSpread: material.conventions.wideSpread,
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const changed = ranked.flatMap((one) => {
    const row = byId.get(one.id) as CaseRow;
    const wanted = { score: one.score?.fair ?? null, rank: one.rank, rank_reason: one.reason, ...(award ? { award: one.award } : {}) };
    const changes = Object.fromEntries(Object.entries(wanted).filter(([field, value]) => !sameValue(row[field as keyof CaseRow] ?? null, value)));
    return Object.keys(changes).length > 0 ? [{ ...changes, id: row.id }] : [];
  });
  for (let from = 0; !dryRun && from < changed.length; from += atOnce) await store.updateEach('cases', changed.slice(from, from + atOnce));
  return {
    cases: ranked.map((one) => {
      const row = byId.get(one.id) as CaseRow;
      return { ...one, title: row.title, school: row.school, township: material.schools.get(row.school)?.township ?? '' };
    }),
    reviewers: scores.reviewers,
  };
};
