/** Figures as they are printed: the same in the table, in the brief and in the digest. A blank stays blank. */
import type { Column, Value } from '../../schema/county-table.ts';

export const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
export const yuan = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A fraction, `0.9801`. */
export const shareText = (value: Value | undefined): string => (typeof value === 'number' ? `${(value * 100).toFixed(2)}%` : '—');
/** Per cent, `98.01`. */
export const percentText = (value: number | null): string => (value === null ? '—' : `${value.toFixed(2)}%`);

/** A value as it is printed in its column. */
export const inPrint = (column: Column, value: Value): string => {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (column.kind === 'share') return shareText(value);
  return column.kind === 'money' ? yuan.format(value) : grouped.format(value);
};

export const monthInWords = (month: string): string => {
  const [year, number] = month.split('-');
  return `${year}年${Number(number)}月`;
};
