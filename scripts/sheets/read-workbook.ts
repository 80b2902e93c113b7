/**
 * Turns the bytes of a workbook (xlsx, xls, ods and what spreadsheets can open besides) into RawTabs, by SheetJS.
 * It interprets nothing: dates stay serial numbers, errors stay errors, and no cell is left out.
 */
import * as XLSX from '@e965/xlsx';
import type { Merge, RawCell, RawTab } from '../../schema/parsed.ts';

/** Code pages of workbooks older than Unicode (.xls of Excel 5 and 95, and programs that still write it), as TextDecoder names them. */
const codePages: Readonly<Record<number, string>> = {
  936: 'gbk',
  950: 'big5',
  932: 'shift_jis',
  949: 'euc-kr',
  874: 'windows-874',
  1200: 'utf-16le',
  65001: 'utf-8',
  10000: 'macintosh',
  28591: 'latin1',
  1250: 'windows-1250',
  1251: 'windows-1251',
  1253: 'windows-1253',
  1254: 'windows-1254',
  1255: 'windows-1255',
  1256: 'windows-1256',
  1257: 'windows-1257',
  1258: 'windows-1258',
};

// SheetJS brings tables of its own for this, half a megabyte that Node has built in.
XLSX.set_cptable({
  utils: {
    decode: (page: number, bytes: ArrayLike<number>): string =>
      new TextDecoder(codePages[page] ?? 'windows-1252', { ignoreBOM: true }).decode(Uint8Array.from(bytes)),
    encode: (page: number, text: string, as?: string): string | Buffer => {
      const bytes = Buffer.from(text, page === 1200 ? 'utf16le' : page === 65001 ? 'utf8' : 'latin1');
      return as === 'str' ? bytes.toString('latin1') : bytes;
    },
  },
});

/** Number formats and hidden rows are wanted; html, styles and formula texts of blank cells are not. */
const options = { dense: true, cellNF: true, cellHTML: false, cellStyles: true, cellDates: false } as const satisfies XLSX.ParsingOptions;

const cellOf = (cell: XLSX.CellObject | undefined): RawCell | null => {
  if (!cell || cell.t === 'z' || cell.v === undefined) return null;
  const formula = cell.f === undefined ? {} : { formula: true as const };
  if (cell.t === 'e') return { text: cell.w ?? '#N/A', value: null, error: true, ...formula };
  if (cell.t === 's') return cell.v === '' ? null : { text: cell.v as string, value: cell.v as string, ...formula };
  if (cell.t === 'b') return { text: cell.v ? 'TRUE' : 'FALSE', value: cell.v as boolean, ...formula };
  const format = typeof cell.z === 'string' && cell.z !== 'General' ? { format: cell.z } : {};
  return { text: cell.w ?? String(cell.v), value: cell.v as number, ...format, ...formula };
};

const rowsOf = (sheet: XLSX.DenseWorkSheet): (RawCell | null)[][] => {
  const data = sheet['!data'] ?? [];
  const rows: (RawCell | null)[][] = [];
  for (let index = 0; index < data.length; index += 1) {
    const cells = data[index];
    const row: (RawCell | null)[] = [];
    for (let column = 0; cells && column < cells.length; column += 1) row.push(cellOf(cells[column]));
    rows.push(row);
  }
  while (rows.length > 0 && rows[rows.length - 1]?.every((cell) => cell === null)) rows.pop();
  return rows;
};

/** Rows inside the range of an autofilter were hidden by it, others by hand. */
const hiddenRowsOf = (sheet: XLSX.WorkSheet): RawTab['hiddenRows'] => {
  const filter = sheet['!autofilter'] ? XLSX.utils.decode_range(sheet['!autofilter'].ref) : null;
  const byHand: number[] = [];
  const byFilter: number[] = [];
  (sheet['!rows'] ?? []).forEach((row, index) => {
    if (row?.hidden) (filter && index > filter.s.r && index <= filter.e.r ? byFilter : byHand).push(index + 1);
  });
  return { byHand, byFilter };
};

const mergesOf = (sheet: XLSX.WorkSheet): Merge[] => (sheet['!merges'] ?? []).map(({ s, e }) => ({ top: s.r, left: s.c, bottom: e.r, right: e.c }));

const tabOf = (book: XLSX.WorkBook, name: string, index: number): RawTab => {
  const sheet = book.Sheets[name] as XLSX.DenseWorkSheet;
  const visibility = book.Workbook?.Sheets?.[index]?.Hidden;
  return {
    name,
    rows: rowsOf(sheet),
    merges: mergesOf(sheet),
    hiddenRows: hiddenRowsOf(sheet),
    hiddenColumns: (sheet['!cols'] ?? []).flatMap((column: XLSX.ColInfo | undefined, at: number) => (column?.hidden ? [at] : [])),
    date1904: book.Workbook?.WBProps?.date1904 === true,
    ...(visibility ? { hidden: visibility === 2 ? ('very' as const) : (true as const) } : {}),
  };
};

/** SheetJS writes remarks about odd number formats of .ods straight to the console; they concern only how a number looks. */
const quietly = <T>(read: () => T): T => {
  const { error } = globalThis.console;
  Object.assign(globalThis.console, { error: () => undefined });
  try {
    return read();
  } finally {
    Object.assign(globalThis.console, { error });
  }
};

/** All worksheets of a workbook, in order. Throws what SheetJS throws when the bytes are no workbook. */
export const readWorkbook = (content: Uint8Array | string): RawTab[] => {
  const book = quietly(() => XLSX.read(content, { ...options, type: typeof content === 'string' ? 'string' : 'buffer' }));
  // Chart sheets and macro sheets carry a type; worksheets do not.
  return book.SheetNames.flatMap((name, index) => (book.Sheets[name] && !book.Sheets[name]['!type'] ? [tabOf(book, name, index)] : []));
};
