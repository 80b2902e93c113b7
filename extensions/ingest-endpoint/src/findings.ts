/**
 * What is special about rows of 预警: the bureau's own rows, which a school only answers beside. They are added to its workbook while
 * they are open, say in which of its rows the evidence stands, and ask for an answer until there is one.
 * Pure; the states themselves are in schema/findings.ts.
 */
import { answerTaken, asksAnswer, bySheet, isOpenFinding } from '../../../schema/findings.ts';
import type { TabAnswer } from '../../../schema/ingest.ts';
import { type Merged, sameValue, type Values } from '../../../schema/merge.ts';
import { monthOf } from '../../../schema/months.ts';
import type { LiveRow, LiveTable } from './plan-types.ts';

/** First and last day of the workbook's term. */
export interface TermDays {
  readonly starts_on: string;
  readonly ends_on: string;
}

/** Whether a month, `2026-10`, is one of the term. */
export const isMonthOf = (days: TermDays, month: string): boolean => month >= monthOf(days.starts_on) && month <= monthOf(days.ends_on);

/** Whether a finding is about this term: by its month, or by its cause, which begins with the term where it is about all of it. */
const isOfTerm = ({ month, cause }: LiveRow, term: string, days: TermDays): boolean =>
  typeof month === 'string' ? isMonthOf(days, month) : String(cause ?? '').split('/')[0] === term;

const firstForbidden = ['禁', '须', '参'];

/** Open findings that no sheet has yet, the gravest first: each is to be added below the last row. */
export const unshownFindings = (live: LiveTable, seen: ReadonlySet<string>, term: string, days: TermDays): LiveRow[] =>
  [...live.rows.values()]
    .filter((row) => isOpenFinding(row) && !seen.has(row.id) && (live.fromHere.has(row.id) || !live.base.has(row.id)) && isOfTerm(row, term, days))
    .sort(
      (a, b) =>
        firstForbidden.indexOf(String(a.severity)) - firstForbidden.indexOf(String(b.severity)) ||
        (`${a.rule} ${a.month ?? ''} ${a.id}` < `${b.rule} ${b.month ?? ''} ${b.id}` ? -1 : 1),
    );

interface Evidence {
  readonly collection: string;
  readonly id: string;
}

const evidenceOf = (row: LiveRow): Evidence[] =>
  Array.isArray(row.rows) ? row.rows.filter((one): one is Evidence => typeof one?.collection === 'string' && typeof one.id === 'string') : [];

/** Rows of one tab that are named; of more than these only the number is said. */
const namedRows = 20;

const rowsWords = (tab: string, rows: readonly number[]): string =>
  `「${tab}」第 ${rows.slice(0, namedRows).join('、')} 行${rows.length > namedRows ? `等 ${rows.length} 行` : ''}`;

/**
 * Where the evidence of each open finding stands in the workbook at present, by finding: `「收费」第 12、15 行`. Null where none of it
 * stands there. `answered` are the other tabs; `besides` leads from a row to the one that shares its line of the sheet.
 */
export const placesOf = (
  live: LiveTable,
  answered: readonly TabAnswer[],
  besides: (table: string) => readonly (readonly [table: string, of: ReadonlyMap<string, string>])[],
): ReadonlyMap<string, string | null> => {
  const open = [...live.rows.values()].filter(isOpenFinding);
  const wanted = new Set(open.flatMap((row) => evidenceOf(row).map((one) => `${one.collection}/${one.id}`)));
  const places = new Map<string, readonly [tab: string, row: number]>();
  const put = (key: string, tab: string, row: number): void => {
    if (wanted.has(key)) places.set(key, [tab, row]);
  };
  for (const { tab, table, rows } of answered) {
    if (table === null || wanted.size === 0) continue;
    const beside = besides(table);
    for (const { id, row } of rows) {
      if (!id) continue;
      put(`${table}/${id}`, tab, row);
      for (const [other, of] of beside) put(`${other}/${of.get(id) ?? ''}`, tab, row);
    }
  }
  return new Map(
    open.map((finding) => {
      const byTab = new Map<string, Set<number>>();
      for (const one of evidenceOf(finding)) {
        const [tab, row] = places.get(`${one.collection}/${one.id}`) ?? [];
        if (tab !== undefined && row !== undefined) byTab.set(tab, (byTab.get(tab) ?? new Set()).add(row));
      }
      const words = [...byTab]
        .map(([tab, rows]) =>
          rowsWords(
            tab,
            [...rows].sort((a, b) => a - b),
          ),
        )
        .join(';');
      return [finding.id, words || null];
    }),
  );
};

/** What the school has still to do beside a finding, as `to-answer` says it; null: nothing. */
export const answerAsked = (row: Values): string | null => {
  if (row.state !== '未办' || !asksAnswer(row)) return null;
  return row.due_on ? `在 ${String(row.due_on)} 前` : '';
};

/** What becomes of a finding that meets its row in the sheet. */
export interface Answering {
  readonly inward: Readonly<Record<string, unknown>>;
  readonly outward: Readonly<Record<string, unknown>>;
}

/** `live` is the finding as it is held, `places` where its evidence stands by now. */
export const answering = (live: LiveRow, sheet: Values, merged: Merged, places: string | null | undefined, now: string): Answering => {
  const moved = places === undefined || sameValue(live.places, places) ? {} : { places };
  if (!('answer' in merged.inward)) return { inward: { ...merged.inward, ...moved }, outward: merged.outward };
  const taken = answerTaken(live, merged.inward.answer, now, bySheet);
  // What its answer has made of the finding, the school sees at once.
  const { state: _old, ...others } = merged.outward;
  return {
    inward: { ...merged.inward, ...moved, ...taken },
    outward: 'state' in sheet && !sameValue(sheet.state, taken.state) ? { ...others, state: taken.state } : others,
  };
};
