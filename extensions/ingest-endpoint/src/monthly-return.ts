/**
 * What is special about rows of 月报: prefilled ones become a return once the school has answered for them, frozen ones change only
 * through a 更正单. Pure; the states themselves are in schema/monthly-return.ts.
 */
import type { Merged, Values } from '../../../schema/merge.ts';
import { sameValue } from '../../../schema/merge.ts';
import {
  type Difference,
  differencesOf,
  differenceWords,
  differing,
  fieldNamed,
  isClosed,
  isFigure,
  labelOf,
  lacking,
  leftBlank,
  nextVersion,
  openSteps,
  proposalOf,
  shownFigure,
} from '../../../schema/monthly-return.ts';
import { readNotApplicable } from '../../../schema/not-applicable.ts';
import type { ParsedTab } from '../../../schema/parsed.ts';
import type { ProblemCode } from '../../../schema/problems.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { isMonthOf, type TermDays } from './findings.ts';
import type { Insert, LiveRow, LiveTable, Update } from './plan-types.ts';

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

/** A prefilled row that the school has not answered for. */
const isAwaited = (live: LiveRow): boolean => live.state === '待确认';

/** Rows of the sheet that stand for prefilled ones: what they still lack is asked for in one sentence, not as mistakes. */
export const awaitedRows = (tab: Tab, parsed: ParsedTab, live: LiveTable | undefined): ReadonlySet<number> => {
  const header = tab.columns.find((column) => column.name === 'month')?.header ?? '';
  const awaited = [...(live?.rows.values() ?? [])].filter(isAwaited);
  const [ids, months] = [new Set(awaited.map((row) => row.id)), new Set(awaited.map((row) => row.month))];
  return new Set(parsed.rows.flatMap((row) => (ids.has(row.id ?? '') || months.has(row.values[header]) ? [row.row] : [])));
};

export const withoutMissing = (parsed: ParsedTab, rows: ReadonlySet<number>): ParsedTab =>
  rows.size === 0 ? parsed : { ...parsed, problems: parsed.problems.filter((one) => one.code !== 'required-missing' || !rows.has(one.row)) };

/** The sheet's row and what both sides agreed on of it. */
interface Meeting {
  readonly sheet: Values;
  readonly live: LiveRow;
  readonly base: Values | undefined;
  /** 行号 as the sheet has it: without one the school has typed this row itself, and never saw what we hold. */
  readonly sheetId: string | null;
  readonly now: string;
}

/**
 * What the sheet counts as knowing of a prefilled row. Whatever it says in a figure is the school's word against a mere proposal: no conflict.
 * A row that the school typed itself has seen nothing: its blanks are filled.
 */
export const meetingBase = ({ sheet, live, base, sheetId }: Meeting): Values | undefined => {
  if (!isAwaited(live)) return base;
  const known = sheetId ? { ...base } : {};
  for (const [name, one] of Object.entries(proposalOf(live)))
    if (!(name in known) && !isBlank(sheet[name]) && sameValue(live[name], one.value)) known[name] = live[name];
  return known;
};

/** What becomes of a prefilled row. */
export interface Arrival {
  readonly inward: Readonly<Record<string, unknown>>;
  /** What the sheet is not told in spite of the merge, and what it is told besides. */
  readonly outward: Readonly<Record<string, unknown>>;
  /** What the school has still to do; empty: this is its return now. */
  readonly steps: readonly string[];
}

/** The school has filled in by itself all that a return needs: that is its word, as it was before anything was prefilled. */
const isOwnStatement = ({ sheet, sheetId }: Meeting): boolean => (!sheetId || !('confirmed' in sheet)) && lacking(sheet).length === 0;

const received = (now: string, sheet: Values) => ({
  inward: { state: '已收', first_valid_at: now },
  outward: 'state' in sheet ? { state: '已收' } : {},
});

/** Null where the row is none that waits. */
export const arrivalOf = (meeting: Meeting, merged: Merged): Arrival | null => {
  const { sheet, live, now } = meeting;
  if (!isAwaited(live)) return null;
  const taken = received(now, sheet);
  if (isOwnStatement(meeting)) {
    // Proposals that the school has not taken up are no word of its own: they stay beside, in `proposed`.
    const unspoken = Object.keys(proposalOf(live)).filter((name) => isBlank(sheet[name]) && !isBlank(live[name]));
    return { inward: { ...Object.fromEntries(unspoken.map((name) => [name, null])), ...taken.inward }, outward: taken.outward, steps: [] };
  }
  const unseen = Object.keys(merged.outward).some(isFigure);
  const steps = openSteps({ ...live, ...merged.inward });
  if (steps.length === 0 && !unseen && merged.conflicts.length === 0) return { ...taken, steps: [] };
  return { inward: {}, outward: {}, steps: steps.length ? steps : ['再核对一遍刚填上的数字,保存一次'] };
};

/** Something to say about one cell of the row: code, field, value, detail. */
export interface Remark {
  readonly code: ProblemCode;
  readonly field: string;
  readonly value?: unknown;
  readonly detail?: string;
}

const fewWords = (words: readonly string[]): string => `${words.slice(0, 4).join(';')}${words.length > 4 ? `;等 ${words.length} 栏` : ''}`;

/** What the school's lists say otherwise, shown beside a return that is the school's own: questions, never corrections. */
export const besideOf = (row: Values): Remark[] => {
  if (isClosed(row) || row.state === '待确认') return [];
  const proposal = proposalOf(row);
  const said = (name: string) => `${labelOf(name)} ${shownFigure(name, proposal[name]?.value)}(${proposal[name]?.words ?? ''})`;
  const others = isBlank(row.correction_reason) ? differing(row) : [];
  const inapplicable = readNotApplicable(row.not_applicable).reasons;
  const blanks = leftBlank(row).filter((name) => !inapplicable.has(name));
  return [
    ...(others.length
      ? [{ code: 'differs/lists', field: others[0] as string, value: row[others[0] as string], detail: fewWords(others.map(said)) } as const]
      : []),
    ...(blanks.length ? [{ code: 'differs/blank', field: blanks[0] as string, detail: fewWords(blanks.map(said)) } as const] : []),
  ];
};

/** What becomes of figures that the school changed after the freeze. */
export interface Correcting {
  /** What is taken now. */
  readonly inward: Readonly<Record<string, unknown>>;
  /** Figures that wait or are refused: nothing about them is agreed. */
  readonly open: readonly string[];
  readonly remarks: readonly Remark[];
  readonly insert?: Insert;
  readonly updates: readonly Update[];
  /** A 更正单 waits for the bureau. */
  readonly waiting: boolean;
}

const nameSet = (labels: unknown): ReadonlySet<string> =>
  new Set((Array.isArray(labels) ? labels : []).flatMap((label) => fieldNamed(String(label)) ?? []));

const updateOf = (row: LiveRow, changes: Record<string, unknown>): Update | null => {
  const news = Object.entries(changes).filter(([name, value]) => JSON.stringify(row[name] ?? null) !== JSON.stringify(value ?? null));
  if (news.length === 0) return null;
  return { id: row.id, changes: Object.fromEntries(news), before: Object.fromEntries(news.map(([name]) => [name, row[name] ?? null])) };
};

/** What a 更正单 says of its figures. */
const slipWords = (differences: readonly Difference[]) => ({
  fields: differences.map((one) => one.label),
  difference: differences,
  difference_words: differenceWords(differences),
});

const sameReason = (slip: LiveRow, reason: unknown): boolean => String(slip.reason ?? '').trim() === String(reason ?? '').trim();

interface Desk {
  readonly live: LiveRow;
  readonly sheet: Values;
  readonly now: string;
  readonly newId: () => string;
  /** Of this return. */
  readonly slips: readonly LiveRow[];
}

const pick = (values: Values, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? null]));

/** Asks for a 更正单, or says what became of the one that was asked for. */
const ask = ({ live, sheet, now, newId, slips }: Desk, changes: Values): Omit<Correcting, 'inward' | 'open'> => {
  const names = Object.keys(changes);
  const differences = differencesOf(live, changes);
  const reason = 'correction_reason' in sheet ? sheet.correction_reason : live.correction_reason;
  const told = (code: ProblemCode): Remark[] =>
    names.map((field) => ({ code, field, value: shownFigure(field, changes[field]), detail: shownFigure(field, live[field]) }));
  const waiting = slips.find((slip) => slip.state === '待批准');
  const spent = slips.find((slip) => slip !== waiting && slip.state !== '已撤回' && sameReason(slip, reason));
  if (isBlank(reason) || (spent && spent.state !== '不批准')) return { remarks: told('frozen'), updates: [], waiting: false };
  if (spent) {
    const why = spent.decision_note ? `批准意见:${String(spent.decision_note)}` : '';
    return {
      remarks: names.map((field) => ({ code: 'frozen/refused', field, value: shownFigure(field, changes[field]), detail: why })),
      updates: [],
      waiting: false,
    };
  }
  const slip = { ...slipWords(differences), reason, requested_by: sheet.filled_by ?? live.filled_by ?? null };
  const remarks = told('frozen/waiting');
  if (waiting) {
    const update = updateOf(waiting, slip);
    return { remarks, updates: update ? [update] : [], waiting: true };
  }
  const values = { ...slip, school: live.school, report: live.id, state: '待批准', requested_at: now };
  return { remarks, insert: { id: newId(), values }, updates: [], waiting: true };
};

/** The sheet says again what is frozen: nothing is asked for any more. */
const withdraw = (slips: readonly LiveRow[]): Update[] =>
  slips.flatMap((slip) => (slip.state === '待批准' && Array.isArray(slip.difference) ? (updateOf(slip, { state: '已撤回' }) ?? []) : []));

/** Figures that an approved 更正单 has opened, and the slip. */
const takeOpened = (live: LiveRow, slips: readonly LiveRow[], inward: Values, names: readonly string[]) => {
  const slip = slips.find((one) => one.state === '已批准' && names.some((name) => nameSet(one.fields).has(name)));
  const opened = slip ? names.filter((name) => nameSet(slip.fields).has(name)) : [];
  if (!slip) return { opened, changes: {}, updates: [] as Update[] };
  const figures = pick(inward, opened);
  const changes = nextVersion(live, figures);
  const done = updateOf(slip, { ...slipWords(differencesOf(live, figures)), state: '已完成', version: changes.version });
  return { opened, changes, updates: done ? [done] : [] };
};

/** A return that is frozen meets a sheet. */
export const correct = (desk: Desk, inward: Values): Correcting => {
  const { live, slips } = desk;
  const names = Object.keys(inward).filter(isFigure);
  const talk = Object.fromEntries(Object.entries(inward).filter(([name]) => !isFigure(name)));
  if (names.length === 0) return { inward: talk, open: [], remarks: [], updates: withdraw(slips), waiting: false };
  const { opened, changes, updates } = takeOpened(live, slips, inward, names);
  const open = names.filter((name) => !opened.includes(name));
  if (open.length === 0) return { inward: { ...talk, ...changes }, open, remarks: [], updates, waiting: false };
  const asked = ask(desk, pick(inward, open));
  return { ...asked, inward: { ...talk, ...changes }, open, updates: [...updates, ...asked.updates] };
};

/** Prefilled rows that the sheet does not have yet: each is to be added below the last row. */
export const unshown = (
  live: LiveTable | undefined,
  seen: ReadonlySet<string>,
  months: ReadonlySet<unknown>,
  term: TermDays | undefined,
): LiveRow[] =>
  [...(live?.rows.values() ?? [])]
    .filter((row) => isAwaited(row) && !seen.has(row.id) && !months.has(row.month) && (!term || isMonthOf(term, String(row.month))))
    .sort((a, b) => (String(a.month) < String(b.month) ? -1 : 1));
