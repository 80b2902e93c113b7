/**
 * The same table as printed pages.
 * Fills templates/report; every value is escaped there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { columns, type Values } from '../../schema/county-table.ts';
import { cleanLine } from '../text/clean.ts';
import type { MonthFigures } from './figures.ts';
import { inPrint } from './in-print.ts';
import { type Heading, notesOf, periodWords, statusText } from './workbook.ts';

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
          status: statusText(line),
          missing: line.status === '未报',
          late: line.status === '逾期' || line.status === '缺报',
        };
      }),
      totals: cells(group.totals),
      status: `${group.reported}/${group.lines.length}`,
    })),
    totals: cells(figures.totals),
    status: `${figures.reported}/${figures.expected}`,
  };
};

/** The whole document as HTML, ready for the printer. `folder` is `templates/report`. */
export const fillPage = async (folder: string, figures: MonthFigures, heading: Heading): Promise<string> => {
  const [page, css] = await Promise.all([readFile(join(folder, 'report.hbs'), 'utf8'), readFile(join(folder, 'report.css'), 'utf8')]);
  const handlebars = Handlebars.create();
  handlebars.registerPartial('style', css);
  return handlebars.compile(page, { knownHelpersOnly: true })({
    heading,
    period: periodWords(figures),
    table: tableView(figures),
    notes: notesOf(figures),
  });
};
