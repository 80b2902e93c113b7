/**
 * Turns the bytes of a workbook (xlsx, xls, ods and what spreadsheets can open besides) into RawTabs, by SheetJS.
 * It interprets nothing: dates stay serial numbers, errors stay errors, and no cell is left out.
 */
import * as XLSX from '@e965/xlsx';
import type { Merge, RawCell, RawTab } from '../../schema/parsed.ts';
import { damaged, readingLimits, tooLarge } from './read-limits.ts';
import { checkText, cleanWorkbook } from './read-parts.ts';

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

/** A formula that no program has worked out yet: SheetJS takes it for a blank cell. */
const unworked: RawCell = { text: '', value: null, formula: true, error: true };

const cellOf = (cell: XLSX.CellObject | undefined): RawCell | null => {
  if (!cell) return null;
  if (cell.t === 'z' && cell.f !== undefined) return unworked;
  if (cell.t === 'z' || cell.v === undefined) return null;
  const formula = cell.f === undefined ? {} : { formula: true as const };
  if (cell.t === 'n' && !Number.isFinite(cell.v)) return { text: cell.w ?? '#NUM!', value: null, error: true, ...formula };
  if (cell.t === 'e') return { text: cell.w ?? '#N/A', value: null, error: true, ...formula };
  if (cell.t === 's') return cell.v === '' ? null : { text: cell.v as string, value: cell.v as string, ...formula };
  if (cell.t === 'b') return { text: cell.v ? 'TRUE' : 'FALSE', value: cell.v as boolean, ...formula };
  const format = typeof cell.z === 'string' && cell.z !== 'General' ? { format: cell.z } : {};
  return { text: cell.w ?? String(cell.v), value: cell.v as number, ...format, ...formula };
};

/** Counts what all tabs of a workbook take up: one cell at the far end of a sheet makes a million rows. */
interface Tally {
  places: number;
}

const isBeyond = (rows: number, places: number): boolean => rows > readingLimits.rows || places > readingLimits.places;

const rowsOf = (sheet: XLSX.DenseWorkSheet, tally: Tally): (RawCell | null)[][] => {
  const data = sheet['!data'] ?? [];
  const rows: (RawCell | null)[][] = [];
  for (let index = 0; index < data.length; index += 1) {
    const cells = data[index];
    const row: (RawCell | null)[] = [];
    tally.places += 1 + (cells?.length ?? 0);
    if (isBeyond(data.length, tally.places)) throw tooLarge(`${readingLimits.rows} 行或 ${readingLimits.places} 格(空白也算)`);
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

/** Merged areas as far as there are rows: a column merged down to the end of the sheet speaks for the rows that exist. */
const mergesOf = (sheet: XLSX.WorkSheet, height: number): Merge[] => {
  const merges = (sheet['!merges'] ?? [])
    .map(({ s, e }) => ({ top: s.r, left: s.c, bottom: Math.min(e.r, Math.max(s.r, height - 1)), right: e.c }))
    .filter(({ top, left, bottom, right }) => top >= 0 && left >= 0 && bottom >= top && right >= left);
  const covered = merges.reduce((sum, { top, bottom }) => sum + bottom - top + 1, 0);
  if (merges.length > readingLimits.merges || covered > readingLimits.mergedRows) throw tooLarge(`${readingLimits.merges} 处合并单元格`);
  return merges;
};

const tabOf = (book: XLSX.WorkBook, name: string, index: number, tally: Tally): RawTab => {
  const sheet = book.Sheets[name] as XLSX.DenseWorkSheet;
  const visibility = book.Workbook?.Sheets?.[index]?.Hidden;
  const rows = rowsOf(sheet, tally);
  return {
    name,
    rows,
    merges: mergesOf(sheet, rows.length),
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

const isZip = (content: Uint8Array): boolean => content[0] === 0x50 && content[1] === 0x4b;

/** What SheetJS gets to see: a zip only after it was taken apart and checked. */
const prepared = (content: Uint8Array | string): { readonly input: Uint8Array | string; readonly otherSheets: number } => {
  if (typeof content === 'string') {
    checkText(content);
    return { input: content, otherSheets: 0 };
  }
  if (!isZip(content)) return { input: content, otherSheets: 0 };
  const { bytes, otherSheets } = cleanWorkbook(content);
  return { input: bytes, otherSheets };
};

/** SheetJS leaves out, without a word, a sheet that it cannot read, and keeps one of two that have the same name. */
const checkComplete = (book: XLSX.WorkBook, otherSheets: number): void => {
  const missing = book.SheetNames.filter((name) => !book.Sheets[name]).length;
  if (missing > otherSheets || new Set(book.SheetNames).size < book.SheetNames.length) throw damaged();
  if (book.SheetNames.length > readingLimits.tabs) throw tooLarge(`${readingLimits.tabs} 个工作表`);
};

/** All worksheets of a workbook, in order. Throws a `Refusal`, or what SheetJS throws when the bytes are no workbook. */
export const readWorkbook = (content: Uint8Array | string): RawTab[] => {
  const { input, otherSheets } = prepared(content);
  // A web page has words only: SheetJS would make the fifth of January of 1-5.
  const book = quietly(() =>
    XLSX.read(input, typeof input === 'string' ? { ...options, type: 'string', raw: true } : { ...options, type: 'buffer' }),
  );
  checkComplete(book, otherSheets);
  const tally: Tally = { places: 0 };
  // Chart sheets and macro sheets carry a type; worksheets do not.
  return book.SheetNames.flatMap((name, index) => (book.Sheets[name] && !book.Sheets[name]['!type'] ? [tabOf(book, name, index, tally)] : []));
};
