/**
 * From a figure of the county's table down to the sheet cells, the times and the people behind it, and to the rows of the school's own lists.
 * Reads only. Names of children never come into it: rows are named by their 行号.
 */
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import type { Row, Tables } from '../../schema/index.ts';
import { fieldNamed, proposalOf, shownFigure } from '../../schema/monthly-return.ts';
import { type Proposals, prefill } from '../../schema/rules/prefill.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { readCounty } from '../rules/county.ts';
import { contextOf, readSchool } from '../rules/evaluate.ts';
import { type Column, columns } from './columns.ts';
import type { MonthFigures, SchoolLine, Value } from './figures.ts';
import { readPeriod } from './read.ts';
import { cellTarget } from './workbook.ts';

type Report = Row<Tables['monthly_reports']> & { readonly id: string };

/** One change of the figure, newest first. */
export interface TraceStep {
  readonly at: string;
  /** `sheet` or `screen`. */
  readonly channel: string;
  /** File or spreadsheet, tab and cell; null for a screen. */
  readonly place: string | null;
  readonly tab: string | null;
  readonly cell: string | null;
  /** Who changed it on a screen; for a sheet who signs the return. */
  readonly by: string | null;
  readonly old: unknown;
  readonly new: unknown;
}

export interface TracedSchool {
  readonly school: string;
  readonly name: string;
  readonly township: string;
  readonly value: Value;
  readonly status: string;
  readonly report: string | null;
  readonly version: number | null;
  readonly steps: readonly TraceStep[];
  /** What the school's own lists gave when the return was made ready, and the rows that give it now. */
  readonly lists: {
    readonly value: unknown;
    readonly table: string;
    readonly words: string;
    readonly now: unknown;
    readonly rows: readonly string[];
  } | null;
}

export interface Trace {
  readonly month: string;
  readonly column: string;
  readonly field: string | null;
  /** County, township or school that the figure is of. */
  readonly of: string;
  readonly value: Value;
  /** For a share: the two columns that it is of. */
  readonly parts: readonly string[];
  readonly schools: readonly TracedSchool[];
}

/** What was asked for, as the command understands it. */
interface Target {
  readonly column: Column;
  readonly township?: string;
  readonly school?: string;
}

const columnNamed = (word: string): Column | undefined =>
  columns.find((column) => column.key === word || column.title === word || `${column.group ?? ''}/${column.title}` === word) ??
  columns.find((column) => column.kind !== 'share' && column.field === fieldNamed(word));

const targetOf = (figures: MonthFigures, word: string, area: { school?: string | undefined; township?: string | undefined }): Target => {
  const cell = /^[A-Z]{1,2}\d+$/.test(word) ? cellTarget(figures, word) : null;
  const column = cell ? columns.find((one) => one.key === cell.key) : columnNamed(word);
  if (!column || (/^[A-Z]{1,2}\d+$/.test(word) && !cell))
    throw new UsageError(`看不出要追溯哪一个数:“${word}”。请写统计表里的单元格(如 F12),或栏名(如 参加学生数)。`);
  const { school, township } = cell ?? area;
  return { column, ...(school ? { school } : {}), ...(township ? { township } : {}) };
};

const linesOf = (figures: MonthFigures, target: Target): SchoolLine[] => {
  const lines = figures.townships
    .filter((group) => !target.township || group.township === target.township)
    .flatMap((group) => group.lines)
    .filter((line) => !target.school || line.school.code === target.school);
  if (lines.length === 0) throw new UsageError(`这个月的统计表里没有${target.school ? `学校 ${target.school}` : `乡镇“${target.township ?? ''}”`}。`);
  return lines;
};

const figureOf = (figures: MonthFigures, target: Target, lines: readonly SchoolLine[]): Value => {
  if (target.school) return lines[0]?.values[target.column.key] ?? null;
  const group = target.township ? figures.townships.find((one) => one.township === target.township) : figures;
  return group?.totals[target.column.key] ?? null;
};

const stepsOf = async (
  store: Store,
  report: string,
  field: string,
  places: ReadonlyMap<string, string>,
  signer: string | null,
): Promise<TraceStep[]> => {
  const changes = await store.call<RowChange[]>('GET', `/kehou-ingest/changes/monthly_reports/${report}`);
  return changes.flatMap((change) => {
    const touched = change.fields[field];
    if (!touched) return [];
    const [old, now, cell] = touched;
    const place = change.source ? (places.get(change.source) ?? change.source) : null;
    return [
      { at: change.at, channel: change.channel, place, tab: change.tab, cell, by: change.channel === 'sheet' ? signer : change.by, old, new: now },
    ];
  });
};

/** The rows that give the figure now. */
const listsNow = async (store: Store, timezone: string, today: string, month: string, codes: readonly string[]): Promise<Map<string, Proposals>> => {
  const county = await readCounty(store, timezone, today, month);
  const found = new Map<string, Proposals>();
  for (const school of county.schools.filter((one) => codes.includes(one.code)))
    found.set(school.code, prefill(contextOf(county, school, await readSchool(store, county, school.code)), month));
  return found;
};

/** Rows of lists are looked up for as many schools; for more, one school is to be named. */
const mostLists = 20;

interface Desk {
  readonly store: Store;
  readonly field: string | null;
  readonly places: ReadonlyMap<string, string>;
  readonly reportOf: ReadonlyMap<string, Report>;
  readonly lists: ReadonlyMap<string, Proposals>;
}

/** What the lists gave when the return was made ready, and what they give now. */
const listsOf = ({ field, lists }: Desk, school: string, report: Report | undefined): TracedSchool['lists'] => {
  if (!field) return null;
  const held = report && proposalOf(report as never)[field];
  const now = (lists.get(school) as Readonly<Record<string, Proposals[keyof Proposals]>> | undefined)?.[field];
  if (!held && !now) return null;
  const { table = '', words = '' } = now?.origin ?? held ?? {};
  return { value: held?.value ?? null, table, words, now: now?.value ?? null, rows: now?.origin.rows ?? [] };
};

const traceSchool = async (desk: Desk, line: SchoolLine, value: Value): Promise<TracedSchool> => {
  const report = line.report ? desk.reportOf.get(line.report) : undefined;
  return {
    school: line.school.code,
    name: line.school.name,
    township: line.school.township,
    value,
    status: line.status,
    report: line.report,
    version: report?.version ?? null,
    steps: desk.field && report ? await stepsOf(desk.store, report.id, desk.field, desk.places, report.filled_by) : [],
    lists: listsOf(desk, line.school.code, report),
  };
};

/** Traces one figure. `word` is a cell of the 统计表 or the name of a column. */
export const traceFigure = async (
  store: Store,
  options: {
    readonly timezone: string;
    readonly today: string;
    readonly month: string;
    readonly word: string;
    readonly school?: string | undefined;
    readonly township?: string | undefined;
  },
): Promise<Trace> => {
  const { month, timezone, today } = options;
  const { figures } = await readPeriod(store, timezone, today, { month });
  const target = targetOf(figures, options.word, options);
  const lines = linesOf(figures, target);
  const { column } = target;
  const field = column.kind === 'share' ? null : (column.field as string);
  const ids = lines.flatMap((line) => line.report ?? []);
  const [sources, reports] = await Promise.all([
    store.readRows('sources', { fields: ['id', 'place'] }),
    store.readRows('monthly_reports', { filter: { month: { _eq: month } } }),
  ]);
  const places = new Map(sources.map((one) => [one.id, one.place]));
  const reportOf = new Map(reports.filter((one) => ids.includes(one.id)).map((one) => [one.id, one]));
  const lists =
    field && ids.length > 0 && lines.length <= mostLists
      ? await listsNow(
          store,
          timezone,
          today,
          month,
          lines.map((line) => line.school.code),
        )
      : new Map<string, Proposals>();
  const desk: Desk = { store, field, places, reportOf, lists };
  const schools: TracedSchool[] = [];
  for (const line of lines) schools.push(await traceSchool(desk, line, line.values[column.key] ?? null));
  return {
    month,
    column: column.group ? `${column.group}/${column.title}` : column.title,
    field,
    of: target.school ? (lines[0]?.school.name ?? target.school) : (target.township ?? '全县'),
    value: figureOf(figures, target, lines),
    parts: column.kind === 'share' ? [column.part, column.whole] : [],
    schools,
  };
};

const shown = (trace: Trace, value: unknown): string => (trace.field ? shownFigure(trace.field, value) : String(value ?? '空白'));

const stepWords = (trace: Trace, step: TraceStep): string => {
  const where =
    step.channel === 'sheet'
      ? `${step.place ?? ''}「${step.tab ?? ''}」${step.cell ?? ''},填报人 ${step.by ?? '没有写'}`
      : `管理界面,${step.by ?? '系统'}`;
  return `      ${step.at.slice(0, 16).replace('T', ' ')}(UTC) ${shown(trace, step.old)} → ${shown(trace, step.new)}:${where}`;
};

const schoolWords = (trace: Trace, one: TracedSchool): string[] => [
  `  ${one.township} ${one.name}:${one.value ?? '空白'}(${one.status}${one.version && one.version > 1 ? `,第 ${one.version} 版` : ''})`,
  ...one.steps.map((step) => stepWords(trace, step)),
  ...(one.lists
    ? [
        `      台账:${one.lists.words},当时 ${shown(trace, one.lists.value)},现在 ${shown(trace, one.lists.now)}${one.lists.rows.length ? `,${one.lists.table} ${one.lists.rows.length} 行:${one.lists.rows.slice(0, 8).join('、')}${one.lists.rows.length > 8 ? '……' : ''}` : ''}`,
      ]
    : []),
];

export const traceWords = (trace: Trace): string =>
  [
    `${trace.month} ${trace.of} ${trace.column}:${trace.value ?? '空白'}`,
    ...(trace.parts.length ? [`  = ${trace.parts.join(' ÷ ')},请分别追溯这两栏。`] : []),
    ...trace.schools.flatMap((one) => schoolWords(trace, one)),
  ].join('\n');
