/**
 * How the workbook looks: colours, number formats and widths by kind of field.
 * It never knows a school or a row.
 */
import type { Fill, Style } from 'exceljs';
import type { Kind } from '../../schema/fields.ts';
import type { Column } from '../../schema/sheets.ts';

/** ARGB colours; the legend of 填表说明 names them. */
export const colours = {
  header: 'FF2F5597',
  requiredHeader: 'FFC55A11',
  systemHeader: 'FF7F7F7F',
  required: 'FFFFF8E1',
  readOnly: 'FFF2F2F2',
  fault: 'FFFFC7CE',
  taken: 'FFE2F0D9',
  pending: 'FFFFE699',
  conflict: 'FFF8CBAD',
  ink: 'FF1F1F1F',
  pale: 'FF7F7F7F',
  link: 'FF0563C1',
  line: 'FFBFBFBF',
  white: 'FFFFFFFF',
} as const;

export const fontName = '微软雅黑';

export const solid = (argb: string): Fill => ({ type: 'pattern', pattern: 'solid', fgColor: { argb }, bgColor: { indexed: 64 } as never });

/** Text columns are `@`, so that `007`, `3-1` and `=1+1` stay what was typed even after the cell is edited again. */
const numberFormats = {
  text: '@',
  longText: '@',
  html: '@',
  code: '@',
  phone: '@',
  month: '@',
  timestamp: '@',
  choice: '@',
  classNo: '@',
  link: '@',
  choices: '@',
  list: '@',
  photos: '@',
  weekdays: '@',
  grade: '@',
  grades: '@',
  yesNo: '@',
  json: '@',
  whole: '0',
  minutes: '0',
  money: '0.00',
  decimal: '0.00',
  percent: '0.00',
  date: 'yyyy-mm-dd',
  time: 'hh:mm',
} as const satisfies { [K in Kind]: string };

const widths = {
  text: 14,
  longText: 42,
  html: 42,
  code: 18,
  phone: 15,
  month: 11,
  timestamp: 20,
  choice: 12,
  classNo: 8,
  link: 14,
  choices: 24,
  list: 22,
  photos: 16,
  weekdays: 22,
  grade: 9,
  grades: 18,
  yesNo: 9,
  json: 10,
  whole: 9,
  minutes: 9,
  money: 10,
  decimal: 10,
  percent: 9,
  date: 12,
  time: 10,
} as const satisfies { [K in Kind]: number };

const narrow = new Set<Kind>([
  'whole',
  'minutes',
  'money',
  'decimal',
  'percent',
  'date',
  'time',
  'month',
  'yesNo',
  'grade',
  'classNo',
  'choice',
  'phone',
]);

/** Room for the longest choice: a Chinese character takes two. */
const choiceWidth = (field: Column['field']): number =>
  field.kind === 'choice' ? Math.max(0, ...field.choices.map((choice) => (choice.label ?? choice.value).length)) * 2 + 1 : 0;

/** Width in characters: wide enough for the values of the kind and for half of the header (it wraps). */
export const widthOf = (column: Column): number =>
  Math.min(
    48,
    Math.max(widths[column.field.kind], choiceWidth(column.field), Math.ceil(column.header.length / 2) * 2 + 4, column.header.length > 6 ? 12 : 8),
  );

/** The style of a whole column: cells that nobody has filled yet have it too, at no cost per cell. */
export const columnStyle = (column: Column): Partial<Style> => ({
  numFmt: numberFormats[column.field.kind],
  font: { name: fontName, size: 10, color: { argb: column.readOnly ? colours.pale : colours.ink } },
  alignment: { vertical: 'top', horizontal: narrow.has(column.field.kind) ? 'center' : 'left', wrapText: column.field.kind === 'longText' },
  protection: { locked: column.readOnly },
  ...(column.readOnly ? { fill: solid(colours.readOnly) } : column.required ? { fill: solid(colours.required) } : {}),
});

/** 行号, 同步状态, 问题说明. */
export const systemStyle = (wrap: boolean): Partial<Style> => ({
  numFmt: '@',
  font: { name: fontName, size: 9, color: { argb: wrap ? colours.ink : colours.pale } },
  alignment: { vertical: 'top', horizontal: wrap ? 'left' : 'center', wrapText: wrap },
  protection: { locked: true },
  fill: solid(colours.readOnly),
});

/** Whose a column is shows in the colour of its header. */
export const headerColour = (column: Column): string =>
  column.readOnly ? colours.systemHeader : column.required ? colours.requiredHeader : colours.header;

/** A cell of the header row. */
export const headerStyle = (argb: string): Partial<Style> => ({
  numFmt: '@',
  font: { name: fontName, size: 10, bold: true, color: { argb: colours.white } },
  alignment: { vertical: 'middle', horizontal: 'center', wrapText: true },
  border: { right: { style: 'thin', color: { argb: colours.white } }, bottom: { style: 'thin', color: { argb: colours.white } } },
  protection: { locked: true },
  fill: solid(argb),
});
