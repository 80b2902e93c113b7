/**
 * Makes each school's return of a month ready from what it already reports, with the origin of every figure: a row 待确认 that the school
 * confirms or corrects. It never touches a figure that a school has typed, and a return that is the school's own only gets the figures beside it.
 */
import type { Row, Tables } from '../../schema/index.ts';
import { tables } from '../../schema/index.ts';
import { sameValue } from '../../schema/merge.ts';
import { isClosed, labelOf, type Proposal, proposalOf, shownFigure } from '../../schema/monthly-return.ts';
import { isOpenIn } from '../../schema/months.ts';
import { newRowId } from '../../schema/row-id.ts';
import { type Proposals, prefill } from '../../schema/rules/prefill.ts';
import { type Progress, UsageError } from '../cli.ts';
import { markWorkbooks } from '../directus/outdated.ts';
import type { Store } from '../directus/store.ts';
import { type County, readCounty } from '../rules/county.ts';
import { contextOf, readSchool } from '../rules/evaluate.ts';

type Report = Row<Tables['monthly_reports']> & { readonly id: string };

export interface PrefillResult {
  readonly month: string;
  /** Rows made ready for the first time. */
  readonly made: number;
  /** Rows whose figures have changed with the lists. */
  readonly renewed: number;
  /** Returns of the school's own, beside which the lists' figures now stand. */
  readonly beside: number;
  readonly unchanged: number;
  /** Schools whose lists say nothing of the month. */
  readonly silent: number;
}

/** `3 条` for a person's eyes; the rows themselves are found again by `report -- --trace`. */
const figuresOf = (proposals: Proposals): Proposal['figures'] =>
  Object.fromEntries(
    Object.entries(proposals).flatMap(([name, one]) =>
      one ? [[name, { value: one.value, table: one.origin.table, words: one.origin.words, rows: one.origin.rows.length }]] : [],
    ),
  );

/** `参加学生数 80:报名,当月参加过的已通过报名,80 条` */
export const originWords = (figures: Proposal['figures']): string =>
  Object.entries(figures)
    .map(
      ([name, one]) =>
        `${labelOf(name)} ${shownFigure(name, one.value)}:${tables[one.table as keyof typeof tables].label},${one.words},${one.rows} 条`,
    )
    .join('\n');

type Change = Record<string, unknown>;

/** What a known row is to take over: nothing where the lists say what they said before. */
export const renewal = (row: Report, figures: Proposal['figures'], at: string): Change | null => {
  const before = proposalOf(row as never);
  if (isClosed(row) || sameValue(before, figures)) return null;
  const proposed = { proposed: { at, figures }, origins: originWords(figures) };
  if (row.state !== '待确认') return proposed;
  const untouched = Object.entries(figures).filter(([name]) => {
    const held = (row as unknown as Change)[name] ?? null;
    return name in before ? sameValue(held, before[name]?.value) : held === null;
  });
  return { ...Object.fromEntries(untouched.map(([name, one]) => [name, one.value])), ...proposed };
};

const fresh = (school: string, month: string, figures: Proposal['figures'], at: string): Change => ({
  id: newRowId(),
  school,
  month,
  state: '待确认',
  first_valid_at: null,
  ...Object.fromEntries(Object.entries(figures).map(([name, one]) => [name, one.value])),
  proposed: { at, figures },
  origins: originWords(figures),
});

const countyOf = async (store: Store, timezone: string, today: string, month: string): Promise<County | null> => {
  try {
    return await readCounty(store, timezone, today, month);
  } catch (error) {
    // In the holidays there is no term, and nothing to count.
    if (error instanceof UsageError) return null;
    throw error;
  }
};

/** Makes the returns of `month` ready. Running it again changes nothing unless the lists have changed. */
export const prefillMonth = async (
  store: Store,
  options: { readonly timezone: string; readonly today: string; readonly month: string; readonly dryRun?: boolean },
  progress: Pick<Progress, 'bar'>,
): Promise<PrefillResult> => {
  const { month, timezone, today } = options;
  const county = await countyOf(store, timezone, today, month);
  const result = { month, made: 0, renewed: 0, beside: 0, unchanged: 0, silent: 0 };
  if (!county) return result;
  const rows = new Map((await store.readRows('monthly_reports', { filter: { month: { _eq: month } } })).map((row) => [row.school, row as Report]));
  const schools = county.schools.filter((school) => isOpenIn(month, school.opened_on, school.closed_on));
  const bar = progress.bar('备月报', schools.length);
  const made: Change[] = [];
  const at = new Date().toISOString();
  for (const school of schools) {
    const figures = figuresOf(prefill(contextOf(county, school, await readSchool(store, county, school.code)), month));
    const known = rows.get(school.code);
    bar.step();
    if (Object.keys(figures).length === 0) result.silent += 1;
    else if (!known) made.push(fresh(school.code, month, figures, at));
    else {
      const change = renewal(known, figures, at);
      if (!change) result.unchanged += 1;
      else if (known.state === '待确认') result.renewed += 1;
      else result.beside += 1;
      if (change && !options.dryRun) await store.updateRow('monthly_reports', known.id, change as never);
    }
  }
  bar.end();
  result.made = made.length;
  if (made.length && !options.dryRun) {
    await store.createRows('monthly_reports', made as never);
    await markWorkbooks(store, new Set(made.map((row) => String(row.school))));
  }
  return result;
};
