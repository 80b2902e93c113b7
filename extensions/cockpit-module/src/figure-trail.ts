/**
 * From a figure of a month's or a term's returns down to the sheet cells, the times and the people behind it. Pure; read-trace.ts asks Directus.
 */
import { addsOverTime, addsUp, columns, figureIn, overMonths, shareOf, sumOf } from '../../../schema/county-table.ts';
import type { Field, Fields } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { isFigure, isReported, proposalOf, shownFigure } from '../../../schema/monthly-return.ts';
import { notApplicableWord, readNotApplicable } from '../../../schema/not-applicable.ts';
import type { FigureOrigin } from '../../../schema/rules/prefill.ts';

/** One figure that can be looked at, under the heading of its group on the form. */
export interface FigureChoice {
  readonly field: string;
  readonly label: string;
  readonly group: string;
}

const fields = tables.monthly_reports.fields as unknown as Fields;
const groups = tables.monthly_reports.groups as Readonly<Record<string, string>>;
const notTraced = new Set(['month', 'school']);

/** The shares of the county's table: what is divided, and by what. */
const shares = new Map(columns.flatMap((one) => (one.kind === 'share' ? [[one.key, [one.part, one.whole] as const] as const] : [])));

/** The fields that a figure is made of: itself, or of a share its two. */
export const partsOf = (field: string): readonly string[] => shares.get(field) ?? [field];

/** All figures of a return in the order of its form. */
export const figureChoices: readonly FigureChoice[] = Object.entries(fields).flatMap(([field, one]: [string, Field]) =>
  shares.has(field) || (isFigure(field) && !notTraced.has(field) && one.kind !== 'json')
    ? [{ field, label: one.label, group: (one.group && groups[one.group]) || '基本情况' }]
    : [],
);

export const choicesByGroup = (): ReadonlyMap<string, readonly FigureChoice[]> => {
  const found = new Map<string, FigureChoice[]>();
  for (const one of figureChoices) found.set(one.group, [...(found.get(one.group) ?? []), one]);
  return found;
};

export type TracedReport = Record<string, unknown> & { readonly id: string; readonly school: string; readonly month: string };
export interface TracedSchool {
  readonly code: string;
  readonly name: string;
  readonly township: string | null;
  /** Those of the period in which the school was to report, in order. */
  readonly months: readonly string[];
}

/** One school's share in a figure. */
export interface SchoolFigure {
  readonly school: TracedSchool;
  /** One for each month that has one, in order. */
  readonly returns: readonly TracedReport[];
  /** As people read it; 空白 where nothing stands. */
  readonly shown: string;
  /** Of the return; over several months how many have come in. */
  readonly state: string;
}

/** `92.59%`; 空白 where there is nothing to divide. */
const shareWords = (share: number | null): string => (share === null ? '空白' : `${(share * 100).toFixed(2)}%`);

const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** What the returns of one school come to, by the arithmetic of the county's table of a term. */
const valueOver = (field: string, returns: readonly TracedReport[]): number | null =>
  asNumber(
    overMonths(
      field,
      returns.map((report) => figureIn(report, field)),
    ),
  );

const wordsIn = (field: string, report: TracedReport): string => {
  const reason = readNotApplicable(report.not_applicable).reasons.get(field);
  return figureIn(report, field) === notApplicableWord ? `${notApplicableWord}(${reason})` : shownFigure(field, report[field]);
};

/** A figure of one school as people read it: `80`, `不适用(没有收费)`, `50 ÷ 54 = 92.59%`. `returns` in the order of their months. */
export const figureWords = (field: string, returns: readonly TracedReport[]): string => {
  const [part = field, whole] = partsOf(field);
  if (whole !== undefined)
    return `${figureWords(part, returns)} ÷ ${figureWords(whole, returns)} = ${shareWords(shareOf(valueOver(part, returns), valueOver(whole, returns)))}`;
  const sum = addsOverTime.has(field) ? valueOver(field, returns) : null;
  if (sum !== null) return shownFigure(field, sum);
  const blank = shownFigure(field, null);
  return returns.map((report) => wordsIn(field, report)).findLast((words) => words !== blank) ?? blank;
};

const isAdded = (field: string): boolean => ['whole', 'money'].includes(fields[field]?.kind ?? '') && addsUp(field);

/** What the returns of some schools come to, by the arithmetic of the county's table; null for what must not be added. */
export const totalOf = (field: string, schools: readonly (readonly TracedReport[])[]): number | null => {
  const [part = field, whole] = partsOf(field);
  const sum = (one: string): number | null => sumOf(schools.map((returns) => valueOver(one, returns)));
  if (whole !== undefined) return shareOf(sum(part), sum(whole));
  return isAdded(field) ? sum(field) : null;
};

const plain = (value: number | null): string => (value === null ? '空白' : value.toLocaleString('zh-CN'));

/** `合计 587`, `合计 587 ÷ 647 = 90.73%`; null for what must not be added. */
const totalWords = (field: string, schools: readonly (readonly TracedReport[])[]): string | null => {
  const parts = partsOf(field);
  if (parts.length === 1) return isAdded(field) ? plain(totalOf(field, schools)) : null;
  return `${parts.map((one) => plain(totalOf(one, schools))).join(' ÷ ')} = ${shareWords(totalOf(field, schools))}`;
};

/** A month shows a return that waits for the school; over several months only what has come in counts, as in the county's table. */
const lineOf = (field: string, school: TracedSchool, returns: readonly TracedReport[]): SchoolFigure => {
  const [only] = returns;
  const came = returns.filter(isReported);
  if (school.months.length > 1)
    return {
      school,
      returns,
      shown: came.length ? figureWords(field, came) : '未报',
      state: `已报 ${came.length}/${school.months.length} 个月`,
    };
  return { school, returns, shown: only ? figureWords(field, [only]) : '未报', state: String(only?.state ?? '未报') };
};

/** The figure of each school, and what they come to where they may be added. */
export const schoolFigures = (
  field: string,
  schools: readonly TracedSchool[],
  reports: readonly TracedReport[],
): { readonly lines: readonly SchoolFigure[]; readonly sum: string | null } => {
  const bySchool = new Map<string, TracedReport[]>();
  for (const one of [...reports].sort((a, b) => (a.month < b.month ? -1 : 1))) bySchool.set(one.school, [...(bySchool.get(one.school) ?? []), one]);
  const lines = schools.map((school) =>
    lineOf(
      field,
      school,
      (bySchool.get(school.code) ?? []).filter((one) => school.months.includes(one.month)),
    ),
  );
  // What nobody in the school has answered for does not count in the county's table.
  return {
    lines,
    sum: totalWords(
      field,
      lines.map(({ returns }) => returns.filter(isReported)),
    ),
  };
};

/** What the endpoint says of one change. */
export interface Change {
  readonly at: string;
  readonly channel: 'sheet' | 'screen';
  readonly source: string | null;
  readonly tab: string | null;
  readonly by: string | null;
  readonly fields: Readonly<Record<string, readonly [unknown, unknown, string | null] | undefined>>;
}

/** One step of the trail, newest first. */
export interface TrailStep {
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly where: string;
  readonly who: string;
}

/** The changes that touched the figure. `places`: file or spreadsheet by source. */
export const trailSteps = (field: string, report: TracedReport, changes: readonly Change[], places: ReadonlyMap<string, string>): TrailStep[] =>
  changes.flatMap((change) => {
    const touched = change.fields[field];
    if (!touched) return [];
    const [old, now, cell] = touched;
    const sheet = `${change.source ? (places.get(change.source) ?? '填报表') : '填报表'}「${change.tab ?? ''}」${cell ?? ''}`;
    return [
      {
        at: change.at,
        from: shownFigure(field, old),
        to: shownFigure(field, now),
        where: change.channel === 'sheet' ? sheet : '管理界面',
        who: change.channel === 'sheet' ? `填报人 ${String(report.filled_by ?? '') || '没有写'}` : (change.by ?? '系统'),
      },
    ];
  });

/** What the school's own lists say of a figure. */
export interface ListTrail {
  /** `报名,当月参加过的已通过报名:备月报时 80 条算得 80,现在 81 条算得 81` */
  readonly words: string;
  readonly table: string;
  /** 行号 of the rows that give it now. */
  readonly rows: readonly string[];
}

/** What the lists gave when the return was made ready, and what they give now; null where they give nothing. */
export const listTrail = (field: string, report: TracedReport, now: FigureOrigin | null): ListTrail | null => {
  const held = proposalOf(report)[field];
  const { table, words } = now ?? held ?? {};
  if (table === undefined || words === undefined) return null;
  const said = [
    ...(held ? [`备月报时 ${held.rows} 条算得 ${shownFigure(field, held.value)}`] : []),
    ...(now ? [`现在 ${now.rows.length} 条算得 ${shownFigure(field, now.value)}`] : []),
  ];
  return { words: `${tables[table as keyof typeof tables]?.label ?? table},${words}:${said.join(',')}`, table, rows: now?.rows ?? [] };
};
