/**
 * The looks of our workbook, as Google has them: one set of styles serves both.
 * It never knows a school or a row.
 */
import type { Style } from 'exceljs';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';

type CellFormat = sheets_v4.Schema$CellFormat;
type ColorStyle = sheets_v4.Schema$ColorStyle;
export type GridRange = sheets_v4.Schema$GridRange;

/** `FF2F5597` -> parts from 0 to 1. */
export const colorOf = (argb: string): ColorStyle => {
  const part = (at: number): number => Number.parseInt(argb.slice(at, at + 2), 16) / 255;
  return { rgbColor: { red: part(2), green: part(4), blue: part(6) } };
};

const formatTypes: Readonly<Record<string, string>> = { '@': 'TEXT', 'yyyy-mm-dd': 'DATE', 'hh:mm': 'TIME' };

const numberFormatOf = (pattern: string | undefined): CellFormat =>
  pattern ? { numberFormat: { type: formatTypes[pattern] ?? 'NUMBER', pattern } } : {};

const horizontal: Readonly<Record<string, string>> = { left: 'LEFT', center: 'CENTER', right: 'RIGHT' };
const vertical: Readonly<Record<string, string>> = { top: 'TOP', middle: 'MIDDLE', bottom: 'BOTTOM' };

const fillOf = (style: Partial<Style>): CellFormat =>
  style.fill?.type === 'pattern' && style.fill.fgColor?.argb ? { backgroundColorStyle: colorOf(style.fill.fgColor.argb) } : {};

const textOf = ({ font }: Partial<Style>): CellFormat =>
  font
    ? {
        textFormat: {
          ...(font.size ? { fontSize: font.size } : {}),
          ...(font.bold ? { bold: true } : {}),
          ...(font.underline ? { underline: true } : {}),
          ...(font.color?.argb ? { foregroundColorStyle: colorOf(font.color.argb) } : {}),
        },
      }
    : {};

/** Fonts are left to Google: it has none of those that Chinese offices have. */
export const formatOf = (style: Partial<Style>, fill = true): CellFormat => ({
  ...numberFormatOf(style.numFmt),
  ...(fill ? fillOf(style) : {}),
  ...textOf(style),
  ...(style.alignment?.horizontal ? { horizontalAlignment: horizontal[style.alignment.horizontal] ?? 'LEFT' } : {}),
  ...(style.alignment?.vertical ? { verticalAlignment: vertical[style.alignment.vertical] ?? 'TOP' } : {}),
  wrapStrategy: style.alignment?.wrapText ? 'WRAP' : 'OVERFLOW_CELL',
});

/** Width in characters -> pixels. */
export const pixelsWide = (characters: number): number => Math.round(characters * 7 + 5);

/** Points -> pixels. */
export const pixelsHigh = (points: number): number => Math.round((points * 4) / 3);

/** Rows and columns from 0, the ends outside. */
export const gridRange = (sheetId: number, top: number, bottom: number, left: number, right: number): GridRange => ({
  sheetId,
  startRowIndex: top,
  endRowIndex: bottom,
  startColumnIndex: left,
  endColumnIndex: right,
});
