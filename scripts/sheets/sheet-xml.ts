/**
 * One sheet's XML: find a cell, change it, put an element in its place. Text surgery, so that everything it does not
 * touch (formulas, comments, pictures, formats, parts of newer Excels) stays byte for byte.
 * It never knows what a column means.
 */
import type { CellContent } from './format-value.ts';
import { attribute, escapeXml, unescapeXml } from './xlsx-package.ts';

/** The children of a worksheet in the order that the standard demands. */
const order = [
  'sheetPr',
  'dimension',
  'sheetViews',
  'sheetFormatPr',
  'cols',
  'sheetData',
  'sheetCalcPr',
  'sheetProtection',
  'protectedRanges',
  'scenarios',
  'autoFilter',
  'sortState',
  'dataConsolidate',
  'customSheetViews',
  'mergeCells',
  'phoneticPr',
  'conditionalFormatting',
  'dataValidations',
  'hyperlinks',
  'printOptions',
  'pageMargins',
  'pageSetup',
  'headerFooter',
  'rowBreaks',
  'colBreaks',
  'customProperties',
  'cellWatches',
  'ignoredErrors',
  'smartTags',
  'drawing',
  'legacyDrawing',
  'legacyDrawingHF',
  'drawingHF',
  'picture',
  'oleObjects',
  'controls',
  'webPublishItems',
  'tableParts',
  'extLst',
];

const anyTag = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

interface Element {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const endOfRows = (xml: string): number => {
  const close = xml.indexOf('</sheetData>');
  if (close >= 0) return close + '</sheetData>'.length;
  return (/<sheetData\s*\/>/.exec(xml)?.index ?? -1) + (/<sheetData\s*\/>/.exec(xml)?.[0].length ?? 0);
};

/** The elements that follow the rows, outermost only. */
const elementsAfterRows = (xml: string): Element[] => {
  const found: Element[] = [];
  anyTag.lastIndex = endOfRows(xml);
  let depth = 0;
  let open = { name: '', from: 0 };
  for (let match = anyTag.exec(xml); match; match = anyTag.exec(xml)) {
    const [whole, closing, name = '', , alone] = match;
    if (closing) {
      if (depth === 0) break;
      depth -= 1;
      if (depth === 0) found.push({ ...open, to: anyTag.lastIndex });
    } else if (alone) {
      if (depth === 0) found.push({ name, from: match.index, to: match.index + whole.length });
    } else {
      if (depth === 0) open = { name, from: match.index };
      depth += 1;
    }
  }
  return found;
};

/** Text of an element that follows the rows, or null. */
export const elementAfterRows = (xml: string, name: string): string | null => {
  const found = elementsAfterRows(xml).find((element) => element.name === name);
  return found ? xml.slice(found.from, found.to) : null;
};

/** Puts an element among those that follow the rows, in place of one of that name. An empty text takes it away. */
export const insertElement = (xml: string, name: string, element: string): string => {
  const all = elementsAfterRows(xml);
  const same = all.find((other) => other.name === name);
  if (same) return xml.slice(0, same.from) + element + xml.slice(same.to);
  const place = order.indexOf(name);
  const next = all.find((other) => order.indexOf(other.name) > place);
  const at = next?.from ?? all.at(-1)?.to ?? endOfRows(xml);
  return xml.slice(0, at) + element + xml.slice(at);
};

interface RowXml {
  readonly number: number;
  /** Attributes of the row's tag, as they stand. */
  readonly attributes: string;
  cells: string;
}

/** A sheet cut into rows. `head` ends before the rows, `tail` begins behind them. */
export interface SheetXml {
  head: string;
  readonly rows: Map<number, RowXml>;
  tail: string;
  changed: boolean;
  /** A formula gave way to a value: the list of calculations must go. */
  formulaGone: boolean;
}

export const letterOf = (number: number): string => {
  let rest = number;
  let letters = '';
  while (rest > 0) {
    const step = (rest - 1) % 26;
    letters = String.fromCharCode(65 + step) + letters;
    rest = Math.floor((rest - 1) / 26);
  }
  return letters;
};

export const numberOf = (letters: string): number => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

const rowTag = /<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g;
const cellTag = /<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g;

/** Some writers leave out the addresses; the order then says where a cell is. */
const withAddresses = (cells: string, row: number): string => {
  let column = 0;
  return cells.replace(cellTag, (whole, attributes: string) => {
    const address = attribute(attributes, 'r');
    column = address ? numberOf(address.replace(/\d+/, '')) : column + 1;
    return address ? whole : whole.replace('<c', `<c r="${letterOf(column)}${row}"`);
  });
};

/** Cuts a sheet into rows; null where it is written in a way this code does not know (prefixed names). */
export const parseSheet = (xml: string): SheetXml | null => {
  const begin = /<sheetData\s*(\/?)>/.exec(xml);
  if (!begin) return null;
  const from = begin.index + begin[0].length;
  const to = begin[1] ? from : xml.indexOf('</sheetData>', from);
  if (to < 0) return null;
  const rows = new Map<number, RowXml>();
  let number = 0;
  for (const [, attributes = '', cells = ''] of xml.slice(from, to).matchAll(rowTag)) {
    number = Number(attribute(attributes, 'r') ?? number + 1);
    rows.set(number, { number, attributes, cells: /<c(?=[ />])(?![^>]*\sr=)/.test(cells) ? withAddresses(cells, number) : cells });
  }
  return {
    head: xml.slice(0, begin.index),
    rows,
    tail: begin[1] ? xml.slice(from) : xml.slice(to + '</sheetData>'.length),
    changed: false,
    formulaGone: false,
  };
};

export const renderSheet = (sheet: SheetXml): string => {
  const rows = [...sheet.rows.values()].sort((a, b) => a.number - b.number);
  return `${sheet.head}<sheetData>${rows.map((row) => `<row${row.attributes}>${row.cells}</row>`).join('')}</sheetData>${sheet.tail}`;
};

interface Found {
  readonly from: number;
  readonly to: number;
  readonly attributes: string;
  readonly inner: string;
}

const findCell = (row: RowXml, address: string): Found | null => {
  for (let at = row.cells.indexOf(`r="${address}"`); at >= 0; at = row.cells.indexOf(`r="${address}"`, at + 1)) {
    const from = row.cells.lastIndexOf('<', at);
    if (!/^<c\s/.test(row.cells.slice(from, from + 3))) continue;
    const tagEnd = row.cells.indexOf('>', at);
    if (row.cells[tagEnd - 1] === '/') return { from, to: tagEnd + 1, attributes: row.cells.slice(from + 2, tagEnd - 1), inner: '' };
    const end = row.cells.indexOf('</c>', tagEnd);
    return { from, to: end + 4, attributes: row.cells.slice(from + 2, tagEnd), inner: row.cells.slice(tagEnd + 1, end) };
  }
  return null;
};

const plainText = (xml: string): string =>
  [...xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, '').matchAll(/<t(?:\s[^>]*)?>([\s\S]*?)<\/t>/g)].map(([, words = '']) => unescapeXml(words)).join('');

const decoded = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9a-f]{4})_/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;

/** The texts of `xl/sharedStrings.xml`, in order. */
export const parseSharedStrings = (xml: string): string[] =>
  [...xml.matchAll(/<si\s*\/>|<si(?:\s[^>]*)?>([\s\S]*?)<\/si>/g)].map(([, inner = '']) => decoded(plainText(inner)));

const contentOf = (cell: Found, strings: readonly string[]): CellContent => {
  const type = /(?:^|\s)t="(\w+)"/.exec(cell.attributes)?.[1] ?? 'n';
  if (type === 'inlineStr') return decoded(plainText(cell.inner)) || null;
  const value = /<v(?:\s[^>]*)?>([\s\S]*?)<\/v>/.exec(cell.inner)?.[1];
  if (value === undefined) return null;
  if (type === 's') return strings[Number(value)] || null;
  return type === 'n' ? Number(value) : decoded(unescapeXml(value)) || null;
};

/** What a cell shows; null where it is empty or not there. */
export const readCell = (sheet: SheetXml, row: number, column: number, strings: readonly string[]): CellContent => {
  const found = sheet.rows.get(row);
  const cell = found ? findCell(found, `${letterOf(column)}${row}`) : null;
  return cell ? contentOf(cell, strings) : null;
};

/** The cells of a row that hold something, by column number. */
export const readRow = (sheet: SheetXml, row: number, strings: readonly string[]): Map<number, CellContent> => {
  const cells = new Map<number, CellContent>();
  for (const [, attributes = '', inner = ''] of (sheet.rows.get(row)?.cells ?? '').matchAll(cellTag)) {
    const content = contentOf({ from: 0, to: 0, attributes, inner }, strings);
    if (content !== null) cells.set(numberOf((attribute(attributes, 'r') ?? '').replace(/\d+/, '')), content);
  }
  return cells;
};

const same = (a: CellContent, b: CellContent): boolean =>
  a === b ||
  (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) < 1e-9) ||
  (a !== null && b !== null && typeof a !== typeof b && String(a) === String(b));

const drawCell = (address: string, style: string | undefined, content: CellContent): string => {
  const open = `<c r="${address}"${style ? ` s="${style}"` : ''}`;
  if (content === null) return `${open}/>`;
  if (typeof content === 'number') return `${open}><v>${content}</v></c>`;
  return `${open} t="inlineStr"><is><t xml:space="preserve">${escapeXml(content)}</t></is></c>`;
};

interface ColumnStyle {
  readonly first: number;
  readonly last: number;
  readonly style: string | undefined;
}

const stylesByHead = new WeakMap<SheetXml, { readonly head: string; readonly styles: readonly ColumnStyle[] }>();

/** What a sheet says about its columns, read again only when that part of it has changed. */
const columnStyles = (sheet: SheetXml): readonly ColumnStyle[] => {
  const known = stylesByHead.get(sheet);
  if (known?.head === sheet.head) return known.styles;
  const styles = [...sheet.head.matchAll(/<col\s[^>]*>/g)].map(([tag]) => ({
    first: Number(attribute(tag, 'min')),
    last: Number(attribute(tag, 'max')),
    style: attribute(tag, 'style'),
  }));
  stylesByHead.set(sheet, { head: sheet.head, styles });
  return styles;
};

/** The style that Excel would give a new cell: the row's own, else the column's. */
const styleFor = (sheet: SheetXml, row: RowXml, column: number): string | undefined => {
  if (attribute(row.attributes, 'customFormat') === '1') return attribute(row.attributes, 's');
  return columnStyles(sheet).find(({ first, last }) => first <= column && column <= last)?.style;
};

const insertCell = (row: RowXml, column: number, cell: string): void => {
  let at = row.cells.length;
  for (const match of row.cells.matchAll(/<c\s[^>]*?\br="([A-Z]+)\d+"/g)) {
    if (numberOf(match[1] as string) > column) {
      at = match.index;
      break;
    }
  }
  row.cells = row.cells.slice(0, at) + cell + row.cells.slice(at);
};

const rowAt = (sheet: SheetXml, number: number): RowXml => {
  const found = sheet.rows.get(number);
  if (found) return found;
  const made: RowXml = { number, attributes: ` r="${number}"`, cells: '' };
  sheet.rows.set(number, made);
  return made;
};

/** A formula that other cells copy must stay where it is. */
const holdsSharedFormula = (cell: Found): boolean => /<f\b[^>]*\bref=/.test(cell.inner);

/** Sets one cell, keeping its format. True where something changed. `style` is for a cell that is not there yet. */
export const setCell = (
  sheet: SheetXml,
  rowNumber: number,
  column: number,
  content: CellContent,
  strings: readonly string[],
  style?: string,
): boolean => {
  const address = `${letterOf(column)}${rowNumber}`;
  const row = sheet.rows.get(rowNumber);
  const cell = row ? findCell(row, address) : null;
  if (same(cell ? contentOf(cell, strings) : null, content)) return false;
  if (cell && holdsSharedFormula(cell)) return false;
  const target = rowAt(sheet, rowNumber);
  if (cell) {
    if (cell.inner.includes('<f')) sheet.formulaGone = true;
    const drawn = drawCell(address, attribute(cell.attributes, 's'), content);
    target.cells = target.cells.slice(0, cell.from) + drawn + target.cells.slice(cell.to);
  } else {
    insertCell(target, column, drawCell(address, style ?? styleFor(sheet, target, column), content));
  }
  sheet.changed = true;
  return true;
};

/** The format index of a cell, if it has one. */
export const cellStyle = (sheet: SheetXml, rowNumber: number, column: number): string | undefined => {
  const row = sheet.rows.get(rowNumber);
  const cell = row ? findCell(row, `${letterOf(column)}${rowNumber}`) : null;
  return cell ? attribute(cell.attributes, 's') : undefined;
};

/** Gives a cell that is there another format. */
export const setCellStyle = (sheet: SheetXml, rowNumber: number, column: number, style: string): void => {
  const row = sheet.rows.get(rowNumber);
  const cell = row ? findCell(row, `${letterOf(column)}${rowNumber}`) : null;
  if (!row || !cell || attribute(cell.attributes, 's') === style) return;
  const attributes = `${cell.attributes.replace(/\ss="[^"]*"/, '')} s="${style}"`;
  const drawn = cell.inner === '' ? `<c${attributes}/>` : `<c${attributes}>${cell.inner}</c>`;
  row.cells = row.cells.slice(0, cell.from) + drawn + row.cells.slice(cell.to);
  sheet.changed = true;
};

/** Number of the last cell of a row; cells stand in their order. */
const lastCell = ({ cells }: RowXml): number => {
  const from = Math.max(cells.lastIndexOf('<c '), 0);
  return numberOf(/\br="([A-Z]+)\d+"/.exec(cells.slice(from))?.[1] ?? 'A');
};

/** Makes the sheet's own record of its size reach to its last row and column: some readers believe it. */
export const stretchDimension = (sheet: SheetXml): void => {
  const bottom = Math.max(1, ...sheet.rows.keys());
  let right = 1;
  for (const row of sheet.rows.values()) right = Math.max(right, lastCell(row));
  sheet.head = sheet.head.replace(/(<dimension\s+ref="[A-Z]+\d+)(?::([A-Z]+)(\d+))?"/, (_whole, from: string, column = 'A', row = '1') => {
    const [toColumn, toRow] = [Math.max(numberOf(column), right), Math.max(Number(row), bottom)];
    return `${from}:${letterOf(toColumn)}${toRow}"`;
  });
};
