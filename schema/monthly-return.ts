/**
 * What a monthly return is at each stage: prefilled, said by the school, received, frozen, corrected. Pure, and small enough for a browser.
 * Sheet, screen, jobs and reports all ask here; nobody else knows which states count.
 */
import type { Fields } from './fields.ts';
import { sameValue } from './merge.ts';
import { shownValue } from './shown-value.ts';
import { monthlyReports } from './tables/monthly-reports.ts';

type Values = Readonly<Record<string, unknown>>;

/** States in which a row is not a return yet: nobody in the school has answered for it. */
export const unreportedStates = ['草稿', '待确认'] as const;
/** States in which figures change only through a 更正单. */
const closedStates: readonly unknown[] = ['已冻结', '已更正'];

interface Staged {
  readonly state?: unknown;
}
export const isReported = (row: Staged | Values): boolean => !unreportedStates.some((state) => state === row.state);
export const isClosed = (row: Staged | Values): boolean => closedStates.includes(row.state);

const fields = monthlyReports.fields as unknown as Fields;

/** Fields by which school, bureau and system talk about a return. Everything else is a figure of it, also what staff have added. */
const remarks = new Set([
  'id',
  'confirmed',
  'correction_reason',
  ...Object.entries(fields).flatMap(([name, { owner = 'school' }]) => (owner === 'school' ? [] : [name])),
]);
/** What a school reports: frozen with the month, and open only through a 更正单. */
export const isFigure = (name: string): boolean => !remarks.has(name);

/** Without these nobody has reported anything. */
const neededNames = Object.entries(fields).flatMap(([name, field]) => (isFigure(name) && field.required && name !== 'month' ? [name] : []));

export const labelOf = (name: string): string => fields[name]?.label ?? name;
/** The field under a label, as people write it in a 更正单; null where there is none. */
export const fieldNamed = (label: string): string | null => {
  const wanted = label.replaceAll(/\s/g, '');
  const found = Object.entries(fields).find(
    ([name, field]) => isFigure(name) && (name === wanted || field.label === wanted || field.aliases?.includes(wanted) === true),
  );
  return found?.[0] ?? null;
};
const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

/** One figure that the school's own lists give. */
export interface Proposed {
  readonly value: unknown;
  /** Table of the rows behind it, how they were chosen, and how many there are. */
  readonly table: string;
  readonly words: string;
  readonly rows: number;
}
/** What `proposed` of a return holds. */
export interface Proposal {
  readonly at: string;
  readonly figures: Readonly<Record<string, Proposed>>;
}

export const proposalOf = (row: Values): Readonly<Record<string, Proposed>> => (row.proposed as Proposal | null)?.figures ?? {};

/** `参加学生数 80(填报 82)` for figures that say otherwise than the lists do; a figure that is blank is not among them. */
export const differing = (row: Values): string[] =>
  Object.entries(proposalOf(row)).flatMap(([name, one]) => (isBlank(row[name]) || sameValue(row[name], one.value) ? [] : [name]));

/** Figures that are blank though the lists give them. */
export const leftBlank = (row: Values): string[] =>
  Object.entries(proposalOf(row)).flatMap(([name, one]) => (isBlank(row[name]) && !isBlank(one.value) ? [name] : []));

export const shownFigure = (name: string, value: unknown): string => {
  const field = fields[name];
  return (field ? shownValue(field, value) : String(value ?? '')) || '空白';
};

/** Names that still have no value among those that a return needs. */
export const lacking = (row: Values): string[] => neededNames.filter((name) => isBlank(row[name]));

/** What a school still has to do before a prefilled row is its return; empty: it is one. */
export const openSteps = (row: Values): string[] => {
  const lacks = lacking(row).map((name) => `填写“${labelOf(name)}”`);
  const changed = isBlank(row.correction_reason) ? differing(row) : [];
  return [
    ...lacks,
    ...(row.confirmed === true ? [] : ['核对无误后在“核对确认”里选“是”']),
    ...(changed.length ? [`“${changed.map(labelOf).join('”“')}”与台账算得的不同,请在“更正理由”里写明`] : []),
  ];
};

/** One figure of a 更正单. */
export interface Difference {
  readonly field: string;
  readonly label: string;
  readonly old: unknown;
  readonly new: unknown;
}

export const differencesOf = (before: Values, after: Values): Difference[] =>
  Object.keys(after).flatMap((name) =>
    isFigure(name) && !sameValue(before[name], after[name])
      ? [{ field: name, label: labelOf(name), old: before[name] ?? null, new: after[name] ?? null }]
      : [],
  );

/** `参加学生数:80 → 82` */
export const differenceWords = (all: readonly Difference[]): string =>
  all.map((one) => `${one.label}:${shownFigure(one.field, one.old)} → ${shownFigure(one.field, one.new)}`).join('\n');

/** The figures of a return as they stand, blanks left out: what is kept when the month freezes. */
export const frozenCopy = (row: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([name, value]) => isFigure(name) && !isBlank(value)));

/** What changes in a return when a 更正单 takes effect. `changes` are the new figures. */
export const nextVersion = (row: Values, changes: Values): Record<string, unknown> => ({
  ...changes,
  state: '已更正',
  version: Number(row.version ?? 1) + 1,
  frozen: frozenCopy({ ...row, ...changes }),
});
