/**
 * Writes the county's answers into a school's workbook: 行号, 同步状态, 问题说明, values that come from Directus, and the
 * 问题清单 on the first tab. It never writes a workbook without `_kehou`, and never changes a cell that is not the system's.
 */
import { basename, dirname, extname, join } from 'node:path';
import type { TabAnswer } from '../../schema/ingest.ts';
import { type Column, tabs as modelTabs, plainTabs, systemHeaders, type Tab } from '../../schema/sheets.ts';
import { listed, listedWords, problemsByRow, rowMessage, shownStatus, summaryWords } from './answer-words.ts';
import { type ColumnRecord, recordPrefix } from './column-records.ts';
import { type CellContent, formatValue } from './format-value.ts';
import { type FileStamp, openedBy, readStamped, replaceFile } from './replace-file.ts';
import {
  cellStyle,
  elementAfterRows,
  insertElement,
  numberOf,
  parseSharedStrings,
  parseSheet,
  readCell,
  readRow,
  renderSheet,
  type SheetXml,
  setCell,
  stretchDimension,
} from './sheet-xml.ts';
import type { Answers } from './source.ts';
import { openStyles } from './style-parts.ts';
import { type Following, followColumns } from './workbook-columns.ts';
import { listHeaders, noProblems, places, tabWords } from './workbook-instructions.ts';
import { addTab } from './workbook-tab.ts';
import { attribute, escapeXml, openPackage, type Package, type SheetPart, sheetParts, workbookPath } from './xlsx-package.ts';

/**
 * `unchanged`: the file already says all this. `locked`: somebody has it open. `changed`: it is not the file that was read.
 * `foreign`: no workbook of ours; write a companion (workbook-companion.ts). `unreadable`: no .xlsx, or written in a way we do not know.
 */
export type NotWritten = 'unchanged' | 'locked' | 'changed' | 'foreign' | 'unreadable';
export type AnswerResult = { readonly written: true; readonly stamp: FileStamp } | { readonly written: false; readonly reason: NotWritten };

interface OpenSheet extends SheetPart {
  readonly sheet: SheetXml;
}

/** A workbook with the sheets that answers go to. */
interface OpenBook {
  readonly pkg: Package;
  readonly strings: readonly string[];
  readonly date1904: boolean;
  sheet(name: string): Promise<OpenSheet | null>;
  /** Takes in a sheet that was made just now. */
  add(sheet: OpenSheet): OpenSheet;
  opened(): OpenSheet[];
}

const openBook = async (bytes: Uint8Array): Promise<{ book: OpenBook; parts: SheetPart[] }> => {
  const pkg = await openPackage(bytes);
  const parts = await sheetParts(pkg);
  const strings = pkg.has('xl/sharedStrings.xml') ? parseSharedStrings(await pkg.read('xl/sharedStrings.xml')) : [];
  const opened = new Map<string, OpenSheet>();
  const workbook = await pkg.read(await workbookPath(pkg));
  const book: OpenBook = {
    pkg,
    strings,
    date1904: /<workbookPr\b[^>]*\bdate1904="(?:1|true)"/.test(workbook),
    async sheet(name) {
      const known = opened.get(name);
      if (known) return known;
      const part = parts.find((other) => other.name === name);
      if (!part) return null;
      const sheet = parseSheet(await pkg.read(part.path));
      if (!sheet) return null;
      const made = { ...part, sheet };
      opened.set(name, made);
      return made;
    },
    add(sheet) {
      opened.set(sheet.name, sheet);
      return sheet;
    },
    opened: () => [...opened.values()],
  };
  return { book, parts };
};

const squeezed = (text: CellContent): string => String(text ?? '').replace(/\s/g, '');

/** Rows in which a header may stand: schools put titles above it. */
const headerWithin = 30;

interface Layout {
  readonly headerRow: number;
  readonly id: number;
  readonly status: number;
  readonly message: number;
  readonly columns: ReadonlyMap<string, { number: number; column: Column }>;
}

const findLayout = (sheet: SheetXml, tab: Tab, strings: readonly string[]): Layout | null => {
  for (const headerRow of [...sheet.rows.keys()].sort((a, b) => a - b).filter((row) => row <= headerWithin)) {
    const at = new Map([...readRow(sheet, headerRow, strings)].map(([number, content]) => [squeezed(content), number]));
    const [id, status, message] = [at.get(systemHeaders.id), at.get(systemHeaders.status), at.get(systemHeaders.message)];
    if (id === undefined || status === undefined || message === undefined) continue;
    const columns = new Map(
      tab.columns.flatMap((column) => {
        const number = [column.header, ...column.aliases].map((name) => at.get(squeezed(name))).find((found) => found !== undefined);
        return number === undefined ? [] : [[column.header, { number, column }] as const];
      }),
    );
    return { headerRow, id, status, message, columns };
  }
  return null;
};

const shiftFor1904 = 1462;

/** Values from Directus, in the form that this workbook's cells have. */
const outwardContent = (column: Column, value: unknown, date1904: boolean): CellContent => {
  const content = formatValue(column.field, value);
  return date1904 && column.field.kind === 'date' && typeof content === 'number' ? content - shiftFor1904 : content;
};

const answerTab = (book: OpenBook, sheet: SheetXml, tab: Tab, answer: TabAnswer): void => {
  const layout = findLayout(sheet, tab, book.strings);
  if (!layout) return;
  const set = (row: number, column: number, content: CellContent): boolean => setCell(sheet, row, column, content, book.strings);
  const byRow = problemsByRow(answer.problems);
  const answered = new Set(answer.rows.map((row) => row.row));
  for (const row of answer.rows) {
    if (row.id) set(row.row, layout.id, row.id);
    set(row.row, layout.status, shownStatus(row.status));
    set(row.row, layout.message, rowMessage(byRow.get(row.row) ?? []));
    for (const [header, value] of Object.entries(row.outward)) {
      const place = layout.columns.get(header);
      if (place) set(row.row, place.number, outwardContent(place.column, value, book.date1904));
    }
  }
  // Rows that were answered once and are blank or ignored now must not keep old words.
  for (const row of sheet.rows.keys()) {
    if (row <= layout.headerRow || answered.has(row)) continue;
    for (const column of [layout.status, layout.message])
      if (readCell(sheet, row, column, book.strings) !== null) set(row, column, rowMessage(column === layout.message ? (byRow.get(row) ?? []) : []));
  }
};

const rowOf = (sheet: SheetXml, words: string, strings: readonly string[]): number | null =>
  [...sheet.rows.keys()].sort((a, b) => b - a).find((row) => squeezed(readCell(sheet, row, 1, strings)) === words) ?? null;

const quotedTab = (name: string): string => `'${name.replaceAll("'", "''")}'`;

/** The links of the list, beside those that stand elsewhere on the page. */
const writeLinks = (sheet: SheetXml, firstRow: number, targets: readonly (string | null)[]): void => {
  const rows = `<sheetData/>${sheet.tail}`;
  const kept = [...(elementAfterRows(rows, 'hyperlinks') ?? '').matchAll(/<hyperlink\b[^>]*?\/>|<hyperlink\b[^>]*>[\s\S]*?<\/hyperlink>/g)].flatMap(
    ([link]) => {
      const [, column = '', row = '0'] = /^([A-Z]+)(\d+)/.exec(attribute(link, 'ref') ?? '') ?? [];
      return numberOf(column) === 3 && Number(row) >= firstRow ? [] : [link];
    },
  );
  const made = targets.flatMap((target, index) => (target ? [`<hyperlink ref="C${firstRow + index}" location="${escapeXml(target)}"/>`] : []));
  const all = [...kept, ...made];
  const tail = insertElement(rows, 'hyperlinks', all.length > 0 ? `<hyperlinks>${all.join('')}</hyperlinks>` : '').slice('<sheetData/>'.length);
  if (tail === sheet.tail) return;
  sheet.tail = tail;
  sheet.changed = true;
};

const writeList = (book: OpenBook, sheet: SheetXml, answers: Answers): void => {
  const marker = rowOf(sheet, places.list, book.strings);
  if (marker === null) return;
  const first = marker + 2;
  const problems = listed(answers.tabs);
  const styles = listHeaders.map((_header, index) => cellStyle(sheet, first, index + 1));
  const set = (row: number, column: number, content: CellContent): boolean => setCell(sheet, row, column, content, book.strings, styles[column - 1]);
  problems.forEach((problem, index) => {
    const cells: readonly CellContent[] = [index + 1, problem.tab, problem.cell || null, problem.header, problem.value || null, listedWords(problem)];
    for (const [column, content] of cells.entries()) set(first + index, column + 1, content);
  });
  for (const row of [...sheet.rows.keys()].filter((number) => number >= first + problems.length)) {
    for (let column = 1; column <= listHeaders.length; column++)
      set(row, column, problems.length === 0 && row === first && column === 2 ? noProblems : null);
  }
  writeLinks(
    sheet,
    first,
    problems.map((problem) => (problem.cell ? `${quotedTab(problem.tab)}!${problem.cell}` : null)),
  );
};

/** The time alone is no reason to write: without other news the summary stays as it is. */
const writeSummary = (book: OpenBook, sheet: SheetXml, answers: Answers): void => {
  const row = rowOf(sheet, places.summary, book.strings);
  if (row === null) return;
  const words = summaryWords(answers.tabs, answers.deadline);
  const now = String(readCell(sheet, row, 2, book.strings) ?? '');
  const changed = book.opened().some((other) => other.sheet.changed);
  if (now === words || (!changed && now.endsWith(`收取:${words}`))) return;
  setCell(sheet, row, 2, answers.receivedAt ? `${answers.receivedAt} 收取:${words}` : words, book.strings);
};

/** Excel calls a workbook damaged whose list of calculations names a cell without a formula; it makes the list anew. */
const dropCalculations = async (pkg: Package): Promise<void> => {
  if (!pkg.has('xl/calcChain.xml')) return;
  pkg.remove('xl/calcChain.xml');
  for (const path of ['[Content_Types].xml', 'xl/_rels/workbook.xml.rels']) {
    pkg.write(path, (await pkg.read(path)).replace(/<(?:Override|Relationship)\b[^>]*calcChain[^>]*\/>/g, ''));
  }
};

/** LibreOffice saves a very hidden tab as merely hidden, where somebody may meet it. */
const hideMeta = async (pkg: Package): Promise<void> => {
  const path = await workbookPath(pkg);
  const before = await pkg.read(path);
  const after = before.replace(/<sheet\b[^>]*name="_kehou"[^>]*>/, (tag) => tag.replace('state="hidden"', 'state="veryHidden"'));
  if (after !== before) pkg.write(path, after);
};

/** The lines of `_kehou` about columns that staff added or changed. */
const readRecords = (meta: SheetXml, strings: readonly string[]): Map<string, ColumnRecord> => {
  const text = (row: number, column: number): string => String(readCell(meta, row, column, strings) ?? '');
  const lines = [...meta.rows.keys()].filter((row) => text(row, 1).startsWith(recordPrefix));
  return new Map(lines.map((row) => [text(row, 1).slice(recordPrefix.length), { header: text(row, 2), state: text(row, 3) }]));
};

const followingOf = async (book: OpenBook): Promise<Following | null> => {
  const meta = await book.sheet(plainTabs.meta);
  if (!meta) return null;
  const { pkg, strings } = book;
  return { pkg, strings, meta: meta.sheet, styles: await openStyles(pkg), records: readRecords(meta.sheet, strings) };
};

/** Brings the columns of a tab up to date, and what 填表说明 says about it. */
const follow = async (
  book: OpenBook,
  following: Following,
  found: OpenSheet,
  index: number,
  tab: Tab,
  coming: ReadonlySet<string>,
): Promise<void> => {
  const layout = findLayout(found.sheet, tab, book.strings);
  if (!layout) return;
  const at = new Map([...readRow(found.sheet, layout.headerRow, book.strings)].map(([number, content]) => [squeezed(content), number]));
  const find = (header: string): number | undefined => (header ? at.get(squeezed(header)) : undefined);
  if (!(await followColumns(following, { sheet: found.sheet, path: found.path, index, tab, headerRow: layout.headerRow, find, coming }))) return;
  const front = await book.sheet(plainTabs.instructions);
  const row = front ? rowOf(front.sheet, tab.name, book.strings) : null;
  if (front && row !== null) setCell(front.sheet, row, 2, tabWords(tab), book.strings);
};

const nothingComing: ReadonlySet<string> = new Set();

/** A tab of the bureau's rows comes with its first row. */
const bringTab = async (book: OpenBook, { styles }: Following, parts: readonly SheetPart[], tab: Tab, { rows }: TabAnswer): Promise<void> => {
  const { pkg, strings } = book;
  const made = tab.bureauRows && rows.length ? await addTab(pkg, tab, { others: parts, styles, strings }) : null;
  if (made) book.add(made);
};

/** The bytes of the workbook with the answers, or null where it says all of them already. Throws where it is no .xlsx. */
export const answerBytes = async (bytes: Uint8Array, answers: Answers): Promise<Buffer | null | 'foreign' | 'unreadable'> => {
  const { book, parts } = await openBook(bytes);
  if (!parts.some((part) => part.name === plainTabs.meta)) return 'foreign';
  const following = await followingOf(book);
  for (const answer of answers.tabs) {
    const tab = (answers.model ?? modelTabs).find((one) => one.table === answer.table);
    const index = parts.findIndex((part) => part.name === answer.tab);
    if (tab && index < 0 && following) await bringTab(book, following, parts, tab, answer);
    const found = tab ? await book.sheet(answer.tab) : null;
    if (tab && found && following && index >= 0) await follow(book, following, found, index, tab, answers.coming?.get(answer.tab) ?? nothingComing);
    if (tab && found) answerTab(book, found.sheet, tab, answer);
    else if (tab && parts.some((part) => part.name === answer.tab)) return 'unreadable';
  }
  const front = await book.sheet(plainTabs.instructions);
  if (front) {
    writeList(book, front.sheet, answers);
    writeSummary(book, front.sheet, answers);
  }
  const changed = book.opened().filter((other) => other.sheet.changed);
  if (changed.length === 0) return null;
  following?.styles.save();
  for (const { path, sheet } of changed) {
    stretchDimension(sheet);
    book.pkg.write(path, renderSheet(sheet));
  }
  if (changed.some((other) => other.sheet.formulaGone)) await dropCalculations(book.pkg);
  await hideMeta(book.pkg);
  return book.pkg.bytes();
};

/** What a file named `name` is to hold with the answers in it, or why it stays as it is. */
export const answeredContent = async (
  name: string,
  bytes: Uint8Array,
  answers: Answers,
): Promise<Buffer | 'unchanged' | 'foreign' | 'unreadable'> => {
  if (extname(name).toLowerCase() !== '.xlsx' || bytes[0] !== 0x50) return 'foreign';
  return (await answerBytes(bytes, answers)) ?? 'unchanged';
};

/** Whether the file still is the one that was read. */
const sameFile = (a: FileStamp, b: FileStamp): boolean => a.size === b.size && a.sha256 === b.sha256;

/**
 * Writes the answers into the workbook at `path`, if it still is the file that was read (`since`, given by whoever
 * read it). A file that says all this already keeps its bytes.
 */
export const writeAnswers = async (path: string, answers: Answers, since: FileStamp): Promise<AnswerResult> => {
  if (openedBy(path)) return { written: false, reason: 'locked' };
  const { bytes, stamp } = await readStamped(path);
  if (!sameFile(stamp, since)) return { written: false, reason: 'changed' };
  const content = await answeredContent(path, bytes, answers);
  return typeof content === 'string' ? { written: false, reason: content } : replaceFile(path, content, stamp);
};

const companionEnd = '-反馈.xlsx';

/** `A1_第三小学.xls` -> `A1_第三小学-反馈.xlsx`, in the same folder. */
export const companionPath = (path: string): string => join(dirname(path), `${basename(path, extname(path))}${companionEnd}`);

/** Whether a file is such a companion: nothing to read there. */
export const isCompanion = (path: string): boolean => path.endsWith(companionEnd);
