/**
 * The county's monthly table as a workbook in the official layout: A3 landscape, headers on every page, sums as formulas.
 * Only draws what figures.ts has found out; reads nothing.
 */
import ExcelJS from 'exceljs';
import { type Column, columns, type Value, type Values } from '../../schema/county-table.ts';
import { cleanLine } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import type { MonthFigures, SchoolLine, Standing } from './figures.ts';
import { monthInWords } from './in-print.ts';

export interface Heading {
  /** 汝南县(示例)中小学生参与课后服务统计表 */
  readonly title: string;
  readonly unit: string;
  readonly office: string;
  readonly madeOn: string;
}

const firstColumns = [
  { title: '序号', width: 5 },
  { title: '乡镇', width: 10 },
  { title: '学校', width: 24 },
  { title: '类别', width: 9 },
] as const;
const lastColumn = { title: '报送情况', width: 8 } as const;
const standingSheet = '报送情况';
const firstFigure = firstColumns.length + 1;
const statusAt = firstFigure + columns.length;
const headerTop = 3;
const headerBottom = 4;

const song = { name: '宋体', size: 9 } as const;
const bold = { name: '黑体', size: 9 } as const;
const line = { style: 'thin', color: { argb: 'FF404040' } } as const;
const box = { top: line, left: line, bottom: line, right: line } as const;
const middle = { horizontal: 'center', vertical: 'middle', wrapText: true } as const;
const fill = (argb: string) => ({ type: 'pattern', pattern: 'solid', fgColor: { argb } }) as const;
const formats: Readonly<Record<Column['kind'], string>> = { sum: '#,##0', money: '#,##0.00', plain: '0.##', share: '0.00%', words: '@' };

const letterOf = (index: number): string => (index > 26 ? letterOf(Math.floor((index - 1) / 26)) : '') + String.fromCharCode(65 + ((index - 1) % 26));
const positions = new Map(columns.map((column, index) => [column.key, firstFigure + index]));
const cellOf = (key: string, row: number): string => `${letterOf(positions.get(key) as number)}${row}`;

/** `""` for a formula that finds nothing: a blank must not turn into a zero on the way up. */
const formula = (text: string, result: Value): ExcelJS.CellFormulaValue => ({ formula: text, result: result ?? '' }) as ExcelJS.CellFormulaValue;

const shareFormula = (column: Extract<Column, { kind: 'share' }>, row: number): string => {
  const part = cellOf(column.part, row);
  const whole = cellOf(column.whole, row);
  return `IF(COUNT(${part},${whole})<2,"",IF(${whole}=0,"",ROUND(${part}/${whole},4)))`;
};

const sumFormula = (ranges: string): string => `IF(COUNT(${ranges})=0,"",SUM(${ranges}))`;

const style = (cell: ExcelJS.Cell, column: Column, strong: boolean): void => {
  cell.numFmt = formats[column.kind];
  cell.font = strong ? bold : song;
  cell.border = box;
  cell.alignment = { ...middle, horizontal: column.kind === 'words' ? 'center' : 'right', wrapText: column.kind === 'words' };
};

const headRow = (sheet: ExcelJS.Worksheet, row: number, column: number, title: string): void => {
  const cell = sheet.getCell(row, column);
  cell.value = title;
  cell.font = bold;
  cell.alignment = middle;
  cell.border = box;
  cell.fill = fill('FFEDEDED');
};

const drawHeaders = (sheet: ExcelJS.Worksheet): void => {
  const tall = (at: number, title: string) => {
    headRow(sheet, headerTop, at, title);
    headRow(sheet, headerBottom, at, title);
    sheet.mergeCells(headerTop, at, headerBottom, at);
  };
  firstColumns.forEach((column, index) => {
    tall(index + 1, column.title);
  });
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as Column;
    const at = firstFigure + index;
    if (!column.group) {
      tall(at, column.title);
      continue;
    }
    headRow(sheet, headerTop, at, column.group);
    headRow(sheet, headerBottom, at, column.title);
    const last = columns.findLastIndex((other) => other.group === column.group);
    if (columns[index - 1]?.group !== column.group && last > index) sheet.mergeCells(headerTop, at, headerTop, firstFigure + last);
  }
  tall(statusAt, lastColumn.title);
  sheet.getRow(headerTop).height = 18;
  sheet.getRow(headerBottom).height = 40;
};

/** `统计月份:2026年10月`, or the term. */
export const periodWords = ({ month, byMonth }: MonthFigures): string =>
  typeset(byMonth ? `统计学期:${month}(${byMonth[0]?.name ?? ''} 至 ${byMonth.at(-1)?.name ?? ''})` : `统计月份:${monthInWords(month)}`);

/** 按时; over a term 按时 4/5. */
export const statusText = ({ status, months }: SchoolLine): string =>
  months ? `${status === '缺报' ? '已报' : status} ${status === '缺报' ? months.reported : months.onTime}/${months.expected}` : status;

const drawTitle = (sheet: ExcelJS.Worksheet, heading: Heading, period: string): void => {
  sheet.mergeCells(1, 1, 1, statusAt);
  const title = sheet.getCell(1, 1);
  title.value = heading.title;
  title.font = { name: '方正小标宋简体', size: 20 };
  title.alignment = { horizontal: 'center', vertical: 'middle' };
  sheet.getRow(1).height = 36;
  const half = Math.floor(statusAt / 2);
  sheet.mergeCells(2, 1, 2, half);
  sheet.mergeCells(2, half + 1, 2, statusAt);
  const left = sheet.getCell(2, 1);
  left.value = typeset(`填报单位:${heading.unit}${heading.office}`);
  left.alignment = { horizontal: 'left', vertical: 'middle' };
  const right = sheet.getCell(2, half + 1);
  right.value = `${period}    ${typeset('单位:人、元')}`;
  right.alignment = { horizontal: 'right', vertical: 'middle' };
  left.font = { name: '宋体', size: 11 };
  right.font = { name: '宋体', size: 11 };
  sheet.getRow(2).height = 20;
};

const drawWords = (sheet: ExcelJS.Worksheet, row: number, words: readonly (string | number)[], strong: boolean): void => {
  words.forEach((word, index) => {
    const cell = sheet.getCell(row, index + 1);
    cell.value = word;
    cell.font = strong ? bold : song;
    cell.border = box;
    cell.alignment = { ...middle, horizontal: index === 2 ? 'left' : 'center' };
    // Text format: a name that begins with = stays a name when somebody edits the cell.
    if (typeof word === 'string') cell.numFmt = '@';
  });
};

const drawSchool = (sheet: ExcelJS.Worksheet, row: number, number: number, township: string, school: SchoolLine): void => {
  drawWords(sheet, row, [number, township, cleanLine(school.school.name), school.school.type], false);
  for (const column of columns) {
    const cell = sheet.getCell(row, positions.get(column.key) as number);
    const value = school.values[column.key] ?? null;
    if (column.kind === 'share') cell.value = school.status === '未报' ? null : formula(shareFormula(column, row), value);
    else cell.value = value;
    style(cell, column, false);
    if (school.status === '未报') cell.fill = fill('FFF5F0E6');
  }
  sheet.getRow(row).height = 18;
  const status = sheet.getCell(row, statusAt);
  status.value = statusText(school);
  status.font = school.status === '按时' ? song : { ...bold, color: { argb: school.status === '未报' ? 'FFB00000' : 'FF7A5200' } };
  status.alignment = middle;
  status.border = box;
};

const drawTotals = (
  sheet: ExcelJS.Worksheet,
  row: number,
  label: string,
  status: string,
  values: Values,
  rangesOf: (key: string) => string | null,
): void => {
  drawWords(sheet, row, [label, label, label, label], true);
  sheet.mergeCells(row, 1, row, firstColumns.length);
  for (const column of columns) {
    const cell = sheet.getCell(row, positions.get(column.key) as number);
    const ranges = rangesOf(column.key);
    if (column.kind === 'share') cell.value = formula(shareFormula(column, row), values[column.key] ?? null);
    else if ((column.kind === 'sum' || column.kind === 'money') && ranges !== null)
      cell.value = formula(sumFormula(ranges), values[column.key] ?? null);
    style(cell, column, true);
  }
  const last = sheet.getCell(row, statusAt);
  last.value = status;
  last.font = bold;
  last.alignment = middle;
  last.border = box;
  for (let at = 1; at <= statusAt; at += 1) sheet.getCell(row, at).fill = fill('FFE3EBE6');
  sheet.getRow(row).height = 20;
};

const drawLine = (sheet: ExcelJS.Worksheet, row: number, text: string, height: number): void => {
  sheet.mergeCells(row, 1, row, statusAt);
  const cell = sheet.getCell(row, 1);
  cell.value = text;
  cell.font = { name: '宋体', size: 10 };
  cell.alignment = { horizontal: 'left', vertical: 'middle', wrapText: true };
  sheet.getRow(row).height = height;
};

const ratesWords = ({ county }: MonthFigures): string =>
  `应报 ${county.expected} 份,已报 ${county.reported} 份,按时 ${county.onTime} 份,按时报送率 ${county.rate === null ? '—' : `${county.rate.toFixed(2)}%`},数据完整率 ${county.completeness === null ? '—' : `${county.completeness.toFixed(2)}%`}。`;

const extensionWords = (figures: MonthFigures): string[] => {
  const extended = figures.townships.flatMap((group) => group.lines).filter((line) => line.extension !== null);
  return extended.length
    ? [`准予延期:${extended.map((line) => `${cleanLine(line.school.name)}至 ${line.dueOn}(${line.extension})`).join('、')}。`]
    : [];
};

/** Words of the notes below the table; the page uses the same. */
export const notesOf = (figures: MonthFigures): string[] =>
  [
    `${figures.byMonth ? '' : `报送截止:${figures.dueOn}。`}${ratesWords(figures)}空白表示学校没有填写,0 表示确实为零,“不适用”由学校写明理由;小计、合计只汇总已填写的数,参与率按表中数字计算。${figures.byMonth ? '金额、退费人数、检查、隐患、投诉为各月之和,其余为最近一次月报的数。' : ''}`,
    figures.missing.length === 0
      ? '未报学校:无。'
      : `未报学校(${figures.missing.length} 所):${figures.missing.map((school) => cleanLine(school.name)).join('、')}。`,
    ...extensionWords(figures),
  ].map(typeset);

/** Rough number of printed lines: the merged cell does not grow by itself. */
const linesFor = (text: string): number => Math.max(1, Math.ceil([...text].length / 150));

const drawSignatures = (sheet: ExcelJS.Worksheet, row: number, heading: Heading): void => {
  const quarter = Math.floor(statusAt / 4);
  ['单位负责人(签字):', '审核人:', '填表人:', `制表日期:${heading.madeOn}`].map(typeset).forEach((text, index) => {
    const from = index * quarter + 1;
    sheet.mergeCells(row, from, row, index === 3 ? statusAt : from + quarter - 1);
    const cell = sheet.getCell(row, from);
    cell.value = text;
    cell.font = { name: '宋体', size: 10 };
    cell.alignment = { horizontal: 'left', vertical: 'bottom' };
  });
  sheet.getRow(row).height = 34;
};

const standingColumns = ['应报', '已报', '按时', '逾期', '未报', '按时报送率', '及时率', '数据完整率'] as const;

/** The lines of the sheet 报送情况, in order. */
const standingLines = (figures: MonthFigures): (readonly [kind: StandingKind, one: Standing])[] => [
  ...figures.byTownship.map((one) => ['乡镇', one] as const),
  ...figures.byType.map((one) => ['类别', one] as const),
  ...(figures.byMonth ?? []).map((one) => ['月份', one] as const),
  ['全县', figures.county],
];

/** Counts as numbers, shares as formulas over them, so that whoever mends a count sees the share follow. */
const standingCells = (one: Standing, row: number): (number | ExcelJS.CellFormulaValue | null)[] => {
  const fraction = (percent: number | null): number | null => (percent === null ? null : Math.round(percent * 100) / 10_000);
  const share = (text: string, value: number | null) => formula(text, fraction(value));
  return [
    one.expected,
    one.reported,
    one.onTime,
    formula(`D${row}-E${row}`, one.reported - one.onTime),
    formula(`C${row}-D${row}`, one.expected - one.reported),
    share(`IF(C${row}=0,"",ROUND(E${row}/C${row},4))`, one.rate),
    share(`IF(D${row}=0,"",ROUND(E${row}/D${row},4))`, one.timeliness),
    fraction(one.completeness),
  ];
};

/** How returns came in, by township, type and month: a sheet of its own. */
const drawStandings = (workbook: ExcelJS.Workbook, figures: MonthFigures): void => {
  const sheet = workbook.addWorksheet(standingSheet);
  [12, 26, ...standingColumns.map(() => 12)].forEach((width, index) => {
    sheet.getColumn(index + 1).width = width;
  });
  ['口径', '名称', ...standingColumns].forEach((title, index) => {
    headRow(sheet, 1, index + 1, title);
  });
  standingLines(figures).forEach(([kind, one], at) => {
    const row = at + 2;
    const cells = [kind, one.name, ...standingCells(one, row)];
    cells.forEach((value, index) => {
      const cell = sheet.getCell(row, index + 1);
      cell.value = value;
      cell.border = box;
      cell.font = kind === '全县' ? bold : song;
      cell.alignment = { ...middle, horizontal: index < 2 ? 'left' : 'right' };
      cell.numFmt = index < 2 ? '@' : index < 7 ? '#,##0' : '0.00%';
    });
  });
  sheet.pageSetup = {
    paperSize: 9 as ExcelJS.PaperSize,
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    printTitlesRow: '1:1',
  };
  sheet.views = [{ state: 'frozen', ySplit: 1 }];
};

const setUpPrint = (sheet: ExcelJS.Worksheet): void => {
  sheet.pageSetup = {
    paperSize: 8 as ExcelJS.PaperSize,
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    horizontalCentered: true,
    printTitlesRow: `${headerTop}:${headerBottom}`,
    margins: { left: 0.5, right: 0.5, top: 0.6, bottom: 0.6, header: 0.3, footer: 0.3 },
  };
  sheet.headerFooter = { oddFooter: '&C第 &P 页,共 &N 页' };
  sheet.views = [{ state: 'frozen', xSplit: 3, ySplit: headerBottom, zoomScale: 90 }];
};

const numberOfLetters = (letters: string): number => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

type StandingKind = '乡镇' | '类别' | '月份' | '全县';

/** Whose figure it is: of a school, a township, a type of schools, a month of the term; of nothing named: of the county. */
export interface Area {
  readonly school?: string;
  readonly township?: string;
  readonly type?: string;
  readonly month?: string;
}

/** What a cell shows. `figure` is the key of a column of the table, or the title of one about how returns came in. */
export interface CellTarget extends Area {
  readonly figure: string;
}

const standingAreas: Readonly<Record<StandingKind, (name: string) => Area>> = {
  乡镇: (township) => ({ township }),
  类别: (type) => ({ type }),
  月份: (month) => ({ month }),
  全县: () => ({}),
};

/** What a cell of the workbook shows: `F12`, `报送情况!H3`. Null: no figure. */
export const cellTarget = (figures: MonthFigures, place: string): CellTarget | null => {
  const [, sheet, letters = '', digits = '0'] = /^(?:(.+)!)?([A-Z]{1,2})(\d+)$/.exec(place) ?? [];
  const [column, row] = [numberOfLetters(letters), Number(digits)];
  if (sheet === standingSheet) {
    const figure = standingColumns[column - 3];
    const [kind, one] = standingLines(figures)[row - 2] ?? [];
    return figure && kind && one ? { figure, ...standingAreas[kind](one.name) } : null;
  }
  const figure = column === statusAt ? lastColumn.title : columns[column - firstFigure]?.key;
  const areas: Area[] = [
    ...figures.townships.flatMap((group): Area[] => [...group.lines.map((line) => ({ school: line.school.code })), { township: group.township }]),
    {},
  ];
  const area = areas[row - headerBottom - 1];
  return figure && area ? { figure, ...area } : null;
};

/** Draws the month's table. The caller writes it: `workbook.xlsx.writeFile(path)`. */
export const drawWorkbook = (figures: MonthFigures, heading: Heading): ExcelJS.Workbook => {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = heading.unit;
  workbook.created = new Date(`${heading.madeOn}T00:00:00Z`);
  workbook.calcProperties.fullCalcOnLoad = true;
  const sheet = workbook.addWorksheet('统计表');
  [...firstColumns, ...columns, lastColumn].forEach((column, index) => {
    sheet.getColumn(index + 1).width = column.width;
  });
  drawTitle(sheet, heading, periodWords(figures));
  drawHeaders(sheet);
  let row = headerBottom;
  let number = 0;
  const subtotals: number[] = [];
  for (const group of figures.townships) {
    const from = row + 1;
    for (const school of group.lines) {
      row += 1;
      number += 1;
      drawSchool(sheet, row, number, group.township, school);
    }
    const to = row;
    row += 1;
    subtotals.push(row);
    drawTotals(
      sheet,
      row,
      `${group.township}小计`,
      `${group.reported}/${group.lines.length}`,
      group.totals,
      (key) => `${cellOf(key, from)}:${cellOf(key, to)}`,
    );
  }
  row += 1;
  drawTotals(sheet, row, '全县合计', `${figures.reported}/${figures.expected}`, figures.totals, (key) =>
    subtotals.length === 0 ? null : subtotals.map((at) => cellOf(key, at)).join(','),
  );
  for (const note of notesOf(figures)) {
    row += 1;
    drawLine(sheet, row, note, 16 * linesFor(note));
  }
  row += 1;
  drawSignatures(sheet, row, heading);
  setUpPrint(sheet);
  drawStandings(workbook, figures);
  return workbook;
};
