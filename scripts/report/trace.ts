/**
 * From a figure of the county's table down to the sheet cells, the times and the people behind it, and to the rows of the school's own lists.
 * Reads only. Names of children never come into it: rows are named by their 行号.
 */
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import { columns, shareOf, sumOf, type Value } from '../../schema/county-table.ts';
import type { Row, Tables } from '../../schema/index.ts';
import { tables } from '../../schema/index.ts';
import { fieldNamed, proposalOf, shownFigure } from '../../schema/monthly-return.ts';
import type { FigureOrigin } from '../../schema/rules/prefill.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import type { MonthFigures, SchoolLine } from './figures.ts';
import { shareText } from './in-print.ts';
import { type Asked, type Period, readPeriod } from './read.ts';
import { type Area, type CellTarget, cellTarget, statusText } from './workbook.ts';

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

/** What one return gives to the figure. */
export interface TracedReturn {
  readonly month: string;
  readonly value: Value;
  readonly status: string;
  /** Last day for the school, and why where it is not the county's; the moment of the first valid reading. */
  readonly dueOn: string;
  readonly extension: string | null;
  readonly firstValidAt: string | null;
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

export interface TracedSchool {
  readonly school: string;
  readonly name: string;
  readonly township: string;
  readonly value: Value;
  /** One for a month; for a term one for each month in which the school was to report. None for a share: its parts have them. */
  readonly returns: readonly TracedReturn[];
}

export interface Trace {
  /** `2026-10`, or the id of a term. */
  readonly period: string;
  readonly column: string;
  /** Field of the return that it is; null for what is counted or divided. */
  readonly field: string | null;
  /** County, township, type, month or school that the figure is of. */
  readonly of: string;
  /** As the table shows it; a share as a fraction. */
  readonly value: Value;
  /** For a share: what is divided, and by what, each traced itself. */
  readonly parts: readonly Trace[];
  readonly schools: readonly TracedSchool[];
}

/** A figure of the table, as the value of each line. */
interface Figure {
  readonly title: string;
  readonly field: string | null;
  readonly of: (line: SchoolLine) => Value;
  /** What lines come to together; null where they are not added. */
  readonly together: (values: readonly Value[]) => Value;
  readonly parts?: readonly [part: Figure, whole: Figure];
}

const asNumber = (value: Value): number | null => (typeof value === 'number' ? value : null);
const never = (): null => null;

/** Returns of one line: over a term of its months. */
const cameIn = ({ months, status }: SchoolLine) => months ?? { expected: 1, reported: status === '未报' ? 0 : 1, onTime: status === '按时' ? 1 : 0 };

const counted = (title: string, of: (line: SchoolLine) => number): Figure => ({ title, field: null, of, together: sumOf });
const divided = (title: string, part: Figure, whole: Figure): Figure => ({
  title,
  field: null,
  of: (line) => shareOf(asNumber(part.of(line)), asNumber(whole.of(line))),
  together: never,
  parts: [part, whole],
});

const expected = counted('应报', (line) => cameIn(line).expected);
const reported = counted('已报', (line) => cameIn(line).reported);
const onTime = counted('按时', (line) => cameIn(line).onTime);
const answered = counted('已答的栏目数', (line) => (line.status === '未报' ? 0 : line.answered));
const asked = counted('应答的栏目数', (line) => (line.status === '未报' ? 0 : line.asked));
const schoolsIn = counted('应报学校', () => 1);
const schoolsReported = counted('已报学校', (line) => (line.status === '未报' ? 0 : 1));

/** How returns came in: not a column of the return, but in the table all the same. */
const standingFigures: readonly Figure[] = [
  expected,
  reported,
  onTime,
  counted('逾期', (line) => cameIn(line).reported - cameIn(line).onTime),
  counted('未报', (line) => cameIn(line).expected - cameIn(line).reported),
  divided('按时报送率', onTime, expected),
  divided('及时率', onTime, reported),
  divided('数据完整率', answered, asked),
  { title: '报送情况', field: null, of: statusText, together: never, parts: [schoolsReported, schoolsIn] },
];

const columnFigure = (key: string): Figure => {
  const column = columns.find((one) => one.key === key);
  if (!column) throw new Error(`no column ${key}`);
  const title = column.group ? `${column.group}/${column.title}` : column.title;
  if (column.kind === 'share') return divided(title, columnFigure(column.part), columnFigure(column.whole));
  return {
    title,
    field: column.field,
    of: (line) => line.values[column.key] ?? null,
    together: column.kind === 'sum' || column.kind === 'money' ? sumOf : never,
  };
};

const figureNamed = (word: string): Figure | null => {
  const column =
    columns.find((one) => one.key === word || `${one.group ?? ''}/${one.title}` === word) ??
    columns.find((one) => one.title === word) ??
    columns.find((one) => one.kind !== 'share' && one.field === fieldNamed(word));
  return column ? columnFigure(column.key) : (standingFigures.find((one) => one.title === word) ?? null);
};

const isCell = (word: string): boolean => /^(?:.+!)?[A-Z]{1,2}\d+$/.test(word);

const targetOf = (figures: MonthFigures, word: string, area: Area): CellTarget => {
  const target = isCell(word) ? cellTarget(figures, word) : { figure: word, ...area };
  if (target && figureNamed(target.figure)) return target;
  throw new UsageError(`看不出要追溯哪一个数:“${word}”。请写统计表里的单元格(如 F12、报送情况!H3),或栏名(如 参加学生数、教师/参与率)。`);
};

const linesOf = ({ figures, parts }: Period, area: Area): SchoolLine[] => {
  const source = area.month ? parts.find((one) => one.month === area.month) : figures;
  const lines = (source?.townships ?? [])
    .filter((group) => !area.township || group.township === area.township)
    .flatMap((group) => group.lines)
    .filter((line) => (!area.school || line.school.code === area.school) && (!area.type || line.school.type === area.type));
  if (lines.length) return lines;
  throw new UsageError(`统计表里没有${area.school ? `学校 ${area.school}` : (area.township ?? area.type ?? area.month ?? '学校')}。`);
};

interface Desk {
  readonly store: Store;
  readonly period: Period;
  readonly places: ReadonlyMap<string, string>;
  readonly reportOf: ReadonlyMap<string, Report>;
  /** Changes of a return, newest first; read once. */
  readonly changesOf: (report: string) => Promise<readonly RowChange[]>;
  /** Rows of lists are looked up. */
  readonly withRows: boolean;
}

const stepsOf = async (desk: Desk, report: Report, field: string): Promise<TraceStep[]> =>
  (await desk.changesOf(report.id)).flatMap((change) => {
    const touched = change.fields[field];
    if (!touched) return [];
    const [old, now, cell] = touched;
    const place = change.source ? (desk.places.get(change.source) ?? change.source) : null;
    const by = change.channel === 'sheet' ? report.filled_by : change.by;
    return [{ at: change.at, channel: change.channel, place, tab: change.tab, cell, by, old, new: now }];
  });

/** What the lists gave when the return was made ready, and what they give now. */
const listsOf = async (desk: Desk, report: Report, field: string): Promise<TracedReturn['lists']> => {
  const held = proposalOf(report as never)[field];
  const now = desk.withRows ? await desk.store.call<FigureOrigin | null>('GET', `/kehou-rules/origins/${report.id}/${field}`) : null;
  if (!held && !now) return null;
  const { table = '', words = '' } = now ?? held ?? {};
  return { value: held?.value ?? null, table, words, now: now?.value ?? null, rows: now?.rows ?? [] };
};

const returnOf = async (desk: Desk, figure: Figure, month: string, line: SchoolLine): Promise<TracedReturn> => {
  const report = line.report ? desk.reportOf.get(line.report) : undefined;
  return {
    month,
    value: figure.of(line),
    status: line.status,
    dueOn: line.dueOn,
    extension: line.extension,
    firstValidAt: report?.first_valid_at ?? null,
    report: line.report,
    version: report?.version ?? null,
    steps: figure.field && report ? await stepsOf(desk, report, figure.field) : [],
    lists: figure.field && report ? await listsOf(desk, report, figure.field) : null,
  };
};

const traceSchool = async (desk: Desk, figure: Figure, line: SchoolLine, month: string | undefined): Promise<TracedSchool> => {
  const returns: TracedReturn[] = [];
  if (!figure.parts)
    for (const part of desk.period.parts.filter((one) => !month || one.month === month)) {
      const own = part.townships.flatMap((group) => group.lines).find((one) => one.school.code === line.school.code);
      if (own) returns.push(await returnOf(desk, figure, part.month, own));
    }
  return { school: line.school.code, name: line.school.name, township: line.school.township, value: figure.of(line), returns };
};

const traceOver = async (desk: Desk, figure: Figure, area: Area, lines: readonly SchoolLine[]): Promise<Trace> => {
  const parts: Trace[] = [];
  for (const part of figure.parts ?? []) parts.push(await traceOver(desk, part, area, lines));
  const schools: TracedSchool[] = [];
  for (const line of lines) schools.push(await traceSchool(desk, figure, line, area.month));
  const [part, whole] = parts.map((one) => one.value);
  const value = (): Value => {
    if (area.school) return schools[0]?.value ?? null;
    if (figure.title === '报送情况') return `${part}/${whole}`;
    return parts.length ? shareOf(asNumber(part ?? null), asNumber(whole ?? null)) : figure.together(schools.map((one) => one.value));
  };
  return {
    period: desk.period.stem,
    column: figure.title,
    field: figure.field,
    of: area.school ? (lines[0]?.school.name ?? area.school) : (area.township ?? area.type ?? area.month ?? '全县'),
    value: value(),
    parts,
    schools,
  };
};

/** Rows of lists are looked up for as many returns; for more, one school is to be named. */
const mostLists = 20;

export interface TraceOptions {
  readonly timezone: string;
  readonly today: string;
}

/** Reads a month or a term once; what it gives traces any of its figures. `word` is a cell of the workbook or the name of a column. */
export const openTrace = async (store: Store, { timezone, today }: TraceOptions, wanted: Asked) => {
  const period = await readPeriod(store, timezone, today, wanted);
  const [sources, reports] = await Promise.all([
    store.readRows('sources', { fields: ['id', 'place'] }),
    store.readRows('monthly_reports', { filter: { month: { _in: [...period.months] } } }),
  ]);
  const changes = new Map<string, Promise<readonly RowChange[]>>();
  const changesOf = (report: string): Promise<readonly RowChange[]> => {
    const found = changes.get(report) ?? store.call<RowChange[]>('GET', `/kehou-ingest/changes/monthly_reports/${report}`);
    changes.set(report, found);
    return found;
  };
  const places = new Map(sources.map((one) => [one.id, one.place]));
  const reportOf = new Map(reports.map((one) => [one.id, one as Report]));
  return {
    period,
    trace(word: string, area: Area = {}): Promise<Trace> {
      const { figure, ...of } = targetOf(period.figures, word, area);
      const lines = linesOf(period, of);
      const withRows = lines.length * period.parts.length <= mostLists;
      return traceOver({ store, period, places, reportOf, changesOf, withRows }, figureNamed(figure) as Figure, of, lines);
    },
  };
};

/** Traces one figure of a month or a term. */
export const traceFigure = async (store: Store, options: TraceOptions, wanted: Asked, word: string, area: Area = {}): Promise<Trace> =>
  (await openTrace(store, options, wanted)).trace(word, area);

const shown = (trace: Trace, value: unknown): string => (trace.field ? shownFigure(trace.field, value) : String(value ?? '空白'));
const figureText = (trace: Trace, value: Value): string =>
  trace.parts.length && typeof value === 'number' ? shareText(value) : value === null ? '空白' : String(value);

const stepWords = (trace: Trace, step: TraceStep): string => {
  const where =
    step.channel === 'sheet'
      ? `${step.place ?? ''}「${step.tab ?? ''}」${step.cell ?? ''},填报人 ${step.by ?? '没有写'}`
      : `管理界面,${step.by ?? '系统'}`;
  return `      ${step.at.slice(0, 16).replace('T', ' ')}(UTC) ${shown(trace, step.old)} → ${shown(trace, step.new)}:${where}`;
};

const labelOf = (table: string): string => tables[table as keyof typeof tables]?.label ?? table;

const listWords = (trace: Trace, lists: NonNullable<TracedReturn['lists']>): string => {
  const rows = lists.rows.length ? `,行号 ${lists.rows.slice(0, 8).join('、')}${lists.rows.length > 8 ? `……共 ${lists.rows.length} 条` : ''}` : '';
  return `      台账:${labelOf(lists.table)},${lists.words},当时 ${shown(trace, lists.value)},现在 ${shown(trace, lists.now)}${rows}`;
};

const returnWords = (trace: Trace, one: TracedReturn, isAlone: boolean): string[] => [
  `    ${isAlone ? '' : `${one.month} ${figureText(trace, one.value)},`}${one.status},截止 ${one.dueOn}${one.extension ? `(延期:${one.extension})` : ''}${one.firstValidAt ? `,首次有效 ${one.firstValidAt.slice(0, 16).replace('T', ' ')}(UTC)` : ''}${one.version && one.version > 1 ? `,第 ${one.version} 版` : ''}`,
  ...one.steps.map((step) => stepWords(trace, step)),
  ...(one.lists ? [listWords(trace, one.lists)] : []),
];

const schoolWords = (trace: Trace, one: TracedSchool): string[] => [
  `  ${one.township} ${one.name}:${figureText(trace, one.value)}`,
  ...one.returns.flatMap((row) => returnWords(trace, row, one.returns.length === 1)),
];

export const traceWords = (trace: Trace): string =>
  [
    `${trace.period} ${trace.of} ${trace.column}:${figureText(trace, trace.value)}`,
    ...(trace.parts.length ? [`  = ${trace.parts.map((part) => `${part.column} ${figureText(part, part.value)}`).join(' ÷ ')}`] : []),
    ...trace.schools.flatMap((one) => schoolWords(trace, one)),
    ...trace.parts.flatMap((part) => ['', traceWords(part)]),
  ].join('\n');
