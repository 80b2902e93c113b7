/**
 * Number formats: which pattern a cell has, and how a number looks in it (SheetJS' SSF does the patterns).
 * Never parses input; see input.ts.
 */
import { SSF } from '@e965/xlsx';
import type { Book, CellFormat } from './model.ts';

export type NumberFormat = NonNullable<CellFormat['numberFormat']>;

const chinese = (locale: string): boolean => /^zh/i.test(locale);

/** Patterns of the types that are given without one, per locale of the spreadsheet. */
export const defaultPattern = (type: string, locale: string): string | null => {
  const patterns: Readonly<Record<string, string>> = {
    TEXT: '@',
    NUMBER: '#,##0.00',
    PERCENT: '0.00%',
    CURRENCY: chinese(locale) ? '[$¥]#,##0.00' : '[$$]#,##0.00',
    DATE: chinese(locale) ? 'yyyy/m/d' : 'm/d/yyyy',
    TIME: chinese(locale) ? 'h:mm:ss' : 'h:mm:ss AM/PM',
    DATE_TIME: chinese(locale) ? 'yyyy/m/d h:mm:ss' : 'm/d/yyyy h:mm:ss',
    SCIENTIFIC: '0.00E+00',
  };
  return patterns[type] ?? null;
};

/** A number without a format: up to 15 digits, an exponent only for the very large and very small. */
export const plainNumber = (value: number): string => {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-9)) {
    const [digits = '', exponent = '0'] = value.toExponential(5).split('e');
    return `${digits.replace(/\.?0+$/, '')}E${exponent.startsWith('-') ? '-' : '+'}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
  }
  return String(Number(value.toPrecision(15)));
};

export const isDateFormat = (format: NumberFormat | undefined): boolean => ['DATE', 'TIME', 'DATE_TIME'].includes(format?.type ?? '');

/** A number as the cell shows it. */
export const formatNumber = (value: number, format: NumberFormat | undefined, book: Book): string => {
  const pattern = format?.pattern ?? defaultPattern(format?.type ?? '', book.properties.locale);
  if (!pattern || pattern === '@' || /^general$/i.test(pattern)) return plainNumber(value);
  return SSF.format(pattern.replaceAll('am/pm', 'AM/PM'), value);
};
