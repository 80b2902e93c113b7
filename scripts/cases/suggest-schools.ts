/**
 * Names the schools whose figures speak for asking them for a case, and keeps the suggestion at the school with its figures.
 * Once asked, a school's suggestion stays as it was sent.
 */
import { hintFor } from '../../schema/cases/figures.ts';
import { type CaseHint, caseHint } from '../../schema/cases/records.ts';
import { sameValue } from '../../schema/merge.ts';
import type { Store } from '../directus/store.ts';
import type { Material, SchoolRow } from './material.ts';

export interface HintLine extends CaseHint {
  readonly school: string;
  readonly name: string;
  readonly township: string;
}

export interface SuggestDesk {
  readonly store: Store;
  /** ISO 8601. */
  readonly now: string;
  readonly dryRun: boolean;
}

const nobodyElse: ReadonlySet<string> = new Set(['不采用', '已撤回']);

/** What was found before counts as the same where only the moment differs. */
const withoutMoments = (hint: CaseHint | null): unknown =>
  hint && { reason: hint.reason, figures: hint.figures.map(({ frozen: _moment, ...rest }) => rest) };

const wantedHint = (material: Material, school: SchoolRow, now: string): CaseHint | null => {
  const before = caseHint(school.case_hint);
  if (before?.asked) return before;
  const hasCase = material.cases.some((row) => row.school === school.code && !nobodyElse.has(row.state ?? ''));
  const found = hintFor({
    reports: material.reports.get(school.code) ?? [],
    openFindings: material.openFindings.get(school.code) ?? 0,
    hasCase,
    since: material.since,
    points: material.conventions.hintPoints,
    now,
  });
  const hint = found && { ...found, asked: null };
  return sameValue(withoutMoments(before), withoutMoments(hint)) ? before : hint;
};

/** Suggestions, largest rise first. */
export const suggestSchools = async ({ store, now, dryRun }: SuggestDesk, material: Material): Promise<HintLine[]> => {
  const lines: HintLine[] = [];
  for (const school of material.schools.values()) {
    const hint = wantedHint(material, school, now);
    if (!dryRun && !sameValue(caseHint(school.case_hint), hint)) await store.updateRow('schools', school.code, { case_hint: hint } as never);
    if (hint) lines.push({ ...hint, school: school.code, name: school.name, township: school.township });
  }
  const rise = ({ figures }: HintLine): number => (figures[1]?.value ?? 0) - (figures[0]?.value ?? 0);
  return lines.sort((a, b) => rise(b) - rise(a) || (a.school < b.school ? -1 : 1));
};
