/**
 * From a figure of the month's returns down to the sheet cells, the times and the people behind it. Pure; read-trace.ts asks Directus.
 */
import type { Field, Fields } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { isFigure, proposalOf, shownFigure } from '../../../schema/monthly-return.ts';

/** One figure that can be looked at, under the heading of its group on the form. */
export interface FigureChoice {
  readonly field: string;
  readonly label: string;
  readonly group: string;
}

const fields = tables.monthly_reports.fields as unknown as Fields;
const groups = tables.monthly_reports.groups as Readonly<Record<string, string>>;
const notTraced = new Set(['month', 'school']);

/** All figures of a return in the order of its form. */
export const figureChoices: readonly FigureChoice[] = Object.entries(fields).flatMap(([field, one]: [string, Field]) =>
  isFigure(field) && !notTraced.has(field) && one.kind !== 'json'
    ? [{ field, label: one.label, group: (one.group && groups[one.group]) || '基本情况' }]
    : [],
);

export const choicesByGroup = (): ReadonlyMap<string, readonly FigureChoice[]> => {
  const found = new Map<string, FigureChoice[]>();
  for (const one of figureChoices) found.set(one.group, [...(found.get(one.group) ?? []), one]);
  return found;
};

export type TracedReport = Record<string, unknown> & { readonly id: string; readonly school: string };
export interface TracedSchool {
  readonly code: string;
  readonly name: string;
  readonly township: string | null;
}

/** One school's share in a figure. */
export interface SchoolFigure {
  readonly school: TracedSchool;
  readonly report: TracedReport | null;
  /** As people read it; 空白 where nothing stands. */
  readonly shown: string;
  readonly state: string;
}

/** The figure of each school, and their sum where it is a count or an amount. */
export const schoolFigures = (
  field: string,
  schools: readonly TracedSchool[],
  reports: readonly TracedReport[],
): { readonly lines: readonly SchoolFigure[]; readonly sum: string | null } => {
  const bySchool = new Map(reports.map((one) => [one.school, one]));
  const lines = schools.map((school): SchoolFigure => {
    const report = bySchool.get(school.code) ?? null;
    return { school, report, shown: report ? shownFigure(field, report[field]) : '未报', state: String(report?.state ?? '未报') };
  });
  const kind = fields[field]?.kind;
  if (kind !== 'whole' && kind !== 'money') return { lines, sum: null };
  // What nobody in the school has answered for does not count in the county's table.
  const counted = lines.flatMap(({ report }) => (report && report.state !== '待确认' && report.state !== '草稿' ? Number(report[field] ?? 0) : []));
  const total = Math.round(counted.reduce((all, one) => all + one, 0) * 100) / 100;
  return { lines, sum: total.toLocaleString('zh-CN') };
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

/** What the school's own lists gave when the return was made ready: `报名,当月参加过的已通过报名,80 条,算得 80`; null where they give none. */
export const listWords = (field: string, report: TracedReport): string | null => {
  const one = proposalOf(report)[field];
  if (!one) return null;
  const table = tables[one.table as keyof typeof tables]?.label ?? one.table;
  return `${table},${one.words},${one.rows} 条,算得 ${shownFigure(field, one.value)}`;
};
