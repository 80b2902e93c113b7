/**
 * The same month as a printed page: a summary with bars, then the table.
 * Fills templates/report; every value is escaped there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { cleanLine } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import { type Column, columns } from './columns.ts';
import type { MonthFigures, TownshipGroup, Value, Values } from './figures.ts';
import { type Heading, notesOf } from './workbook.ts';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const yuan = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A value as it is printed; a blank stays blank. */
export const inPrint = (column: Column, value: Value): string => {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (column.kind === 'share') return `${(value * 100).toFixed(2)}%`;
  return column.kind === 'money' ? yuan.format(value) : grouped.format(value);
};

const cells = (values: Values) => columns.map((column) => ({ text: inPrint(column, values[column.key] ?? null), word: column.kind === 'words' }));

/** The upper header row: one entry per group of columns, or a column of its own over both rows. */
const upperHeaders = () => {
  const headers: { title: string; span: number; tall: boolean }[] = [];
  columns.forEach((column, index) => {
    if (!column.group) headers.push({ title: column.title, span: 1, tall: true });
    else if (columns[index - 1]?.group === column.group) (headers.at(-1) as { span: number }).span += 1;
    else headers.push({ title: column.group, span: 1, tall: false });
  });
  return headers;
};

const barHeight = 26;
const barsFrom = 130;
const barsWide = 420;

const shareText = (value: Value): string => (typeof value === 'number' ? `${(value * 100).toFixed(2)}%` : '—');

const bar = (group: TownshipGroup, index: number) => {
  const rate = group.totals.rate;
  const reported = group.lines.length === 0 ? 0 : group.reported / group.lines.length;
  return {
    name: group.township,
    y: index * barHeight,
    textY: index * barHeight + 14,
    width: typeof rate === 'number' ? Math.max(1, Math.round(Math.min(1, rate) * barsWide)) : 0,
    reportedWidth: Math.round(reported * barsWide),
    label: `${shareText(rate ?? null)}  报送 ${group.reported}/${group.lines.length}`,
  };
};

const chartView = (figures: MonthFigures) => ({
  height: figures.townships.length * barHeight + 4,
  from: barsFrom,
  wide: barsWide,
  labelX: barsFrom + barsWide + 10,
  width: barsFrom + barsWide + 170,
  bars: figures.townships.map(bar),
});

const numberText = (value: Value | undefined): string => (typeof value === 'number' ? grouped.format(value) : '—');

/** More names would push the summary off its page; all of them stand below the table. */
const namesOnSummary = 36;

const summaryView = (figures: MonthFigures) => ({
  tiles: [
    {
      label: '按时报送率',
      value: figures.rate === null ? '—' : `${figures.rate.toFixed(2)}%`,
      note: `应报 ${figures.expected} 所,按时 ${figures.onTime} 所,已报 ${figures.reported} 所`,
    },
    {
      label: '学生参与率',
      value: shareText(figures.totals.rate ?? null),
      note: `参加 ${numberText(figures.totals.participants)} 人,在校 ${numberText(figures.totals.enrolled)} 人`,
    },
    {
      label: '教师参与率',
      value: shareText(figures.totals.staff_rate ?? null),
      note: `参与 ${numberText(figures.totals.staff_participating)} 人,教职工 ${numberText(figures.totals.staff_total)} 人`,
    },
    {
      label: '实收额(元)',
      value: typeof figures.totals.collected === 'number' ? yuan.format(figures.totals.collected) : '—',
      note: `减免 ${numberText(figures.totals.waived)} 人,退费 ${numberText(figures.totals.refunded)} 人`,
    },
  ].map((tile) => ({ ...tile, label: typeset(tile.label), note: typeset(tile.note) })),
  chart: chartView(figures),
  missing: figures.missing.slice(0, namesOnSummary).map((school) => ({ name: cleanLine(school.name), township: cleanLine(school.township) })),
  more: figures.missing.length > namesOnSummary ? figures.missing.length : null,
});

const tableView = (figures: MonthFigures) => {
  let number = 0;
  return {
    upper: upperHeaders(),
    lower: columns.filter((column) => column.group).map((column) => column.title),
    groups: figures.townships.map((group) => ({
      township: group.township,
      lines: group.lines.map((line) => {
        number += 1;
        return {
          number,
          township: group.township,
          name: cleanLine(line.school.name),
          type: line.school.type,
          cells: cells(line.values),
          status: line.status,
          missing: line.status === '未报',
          late: line.status === '逾期',
        };
      }),
      totals: cells(group.totals),
      status: `${group.reported}/${group.lines.length}`,
    })),
    totals: cells(figures.totals),
    status: `${figures.reported}/${figures.expected}`,
  };
};

const monthInWords = (month: string): string => {
  const [year, number] = month.split('-');
  return `${year}年${Number(number)}月`;
};

/** The whole document as HTML, ready for the printer. `folder` is `templates/report`. */
export const fillPage = async (folder: string, figures: MonthFigures, heading: Heading): Promise<string> => {
  const [page, css] = await Promise.all([readFile(join(folder, 'report.hbs'), 'utf8'), readFile(join(folder, 'report.css'), 'utf8')]);
  const handlebars = Handlebars.create();
  handlebars.registerPartial('style', css);
  return handlebars.compile(page, { knownHelpersOnly: true })({
    heading,
    month: monthInWords(figures.month),
    dueOn: figures.dueOn,
    summary: summaryView(figures),
    table: tableView(figures),
    notes: notesOf(figures),
  });
};
