/**
 * Requests that look through texts: findReplace, trimWhitespace, deleteDuplicates, textToColumns.
 * What they write is read as if typed.
 */
import { invalid } from '../../errors.ts';
import { assertEditable, type Editing } from '../access.ts';
import { effectiveValue } from '../formula.ts';
import { cellAt, placesIn, setCell, usedPart, wholeSheet } from '../grid.ts';
import { formattedValue } from '../output.ts';
import { counts } from '../values.ts';
import { typeInto } from '../write.ts';
import { type Body, type Handlers, sheetOf, type Target, targetOf } from './common.ts';

type Find = Body<'findReplace'>;

const pattern = ({ find, matchCase, matchEntireCell, searchByRegex }: Find): RegExp => {
  if (!find) throw invalid('The text to find must not be empty.');
  const source = searchByRegex ? find : find.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  try {
    return new RegExp(matchEntireCell ? `^(?:${source})$` : source, matchCase ? 'gu' : 'giu');
  } catch (error) {
    throw invalid(`Invalid regular expression: ${(error as Error).message}`);
  }
};

const searched = (editing: Editing, request: Find): Target[] => {
  if (request.range) return [targetOf(editing, request.range)];
  const sheets = request.allSheets ? editing.book.sheets : [sheetOf(editing, request.sheetId)];
  return sheets.map((sheet) => ({ sheet, area: wholeSheet(sheet) }));
};

/** What is searched in a cell: the formula when asked for, else what is shown; formulas are otherwise left alone. */
const searchable = (editing: Editing, { sheet }: Target, row: number, column: number, includeFormulas: boolean): string | null => {
  const value = cellAt(sheet, row, column)?.userEnteredValue;
  if (!value) return null;
  if (value.formulaValue) return includeFormulas ? value.formulaValue : null;
  return formattedValue(editing.book, sheet, row, column);
};

export const textRequests = {
  findReplace: (editing, request) => {
    const expression = pattern(request);
    const replacement = request.searchByRegex ? (request.replacement ?? '') : (request.replacement ?? '').replaceAll('$', '$$$$');
    const rows = new Set<string>();
    const sheets = new Set<number>();
    const found = { valuesChanged: 0, formulasChanged: 0, occurrencesChanged: 0 };
    for (const target of searched(editing, request)) {
      for (const [row, column] of placesIn(usedPart(target.sheet, target.area))) {
        const text = searchable(editing, target, row, column, request.includeFormulas === true);
        const occurrences = text === null ? 0 : [...text.matchAll(expression)].length;
        if (text === null || !occurrences) continue;
        assertEditable(editing, target.sheet, { top: row, bottom: row + 1, left: column, right: column + 1 });
        if (text.startsWith('=')) found.formulasChanged += 1;
        else found.valuesChanged += 1;
        found.occurrencesChanged += occurrences;
        rows.add(`${target.sheet.properties.sheetId}/${row}`);
        sheets.add(target.sheet.properties.sheetId);
        typeInto(editing, target.sheet, row, column, text.replace(expression, replacement));
      }
    }
    return { findReplace: counts({ ...found, rowsChanged: rows.size, sheetsChanged: sheets.size }) };
  },
  trimWhitespace: (editing, { range }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    let cellsChangedCount = 0;
    for (const [row, column] of placesIn(usedPart(sheet, area))) {
      const cell = cellAt(sheet, row, column);
      const text = cell?.userEnteredValue?.stringValue;
      const trimmed = text?.replaceAll(/[ \t\u00A0]+/g, ' ').trim();
      if (!cell || text == null || trimmed === text) continue;
      setCell(sheet, row, column, { ...cell, userEnteredValue: trimmed ? { stringValue: trimmed } : undefined });
      cellsChangedCount += 1;
    }
    return { trimWhitespace: counts({ cellsChangedCount }) };
  },
  deleteDuplicates: (editing, { range, comparisonColumns = [] }) => {
    const { sheet, area } = targetOf(editing, range);
    assertEditable(editing, sheet, area);
    const used = usedPart(sheet, area);
    const columns = comparisonColumns.length
      ? comparisonColumns.flatMap((one) =>
          Array.from({ length: (one.endIndex ?? area.right) - (one.startIndex ?? area.left) }, (_, offset) => (one.startIndex ?? area.left) + offset),
        )
      : Array.from({ length: used.right - used.left }, (_, offset) => used.left + offset);
    const rows = Array.from({ length: used.bottom - used.top }, (_, down) =>
      Array.from({ length: used.right - used.left }, (_cell, across) => cellAt(sheet, used.top + down, used.left + across)),
    );
    const seen = new Set<string>();
    const kept = rows.filter((_cells, down) => {
      const key = JSON.stringify(columns.map((column) => effectiveValue(editing.book, sheet, used.top + down, column)));
      const first = !seen.has(key);
      seen.add(key);
      return first;
    });
    for (const [row, column] of placesIn(used)) setCell(sheet, row, column, kept[row - used.top]?.[column - used.left]);
    return { deleteDuplicates: counts({ duplicatesRemovedCount: rows.length - kept.length }) };
  },
  textToColumns: (editing, { source, delimiter, delimiterType }) => {
    const { sheet, area } = targetOf(editing, source);
    if (area.right - area.left !== 1) throw invalid('The source range must be exactly one column wide.');
    const delimiters: Readonly<Record<string, string | RegExp>> = {
      COMMA: ',',
      SEMICOLON: ';',
      PERIOD: '.',
      SPACE: ' ',
      CUSTOM: delimiter ?? '',
      AUTODETECT: /[,;\t]/,
    };
    const cut = delimiters[delimiterType ?? 'AUTODETECT'];
    if (!cut) throw invalid('A delimiter must be given with the type CUSTOM.');
    for (const [row, column] of placesIn(usedPart(sheet, area))) {
      const text = cellAt(sheet, row, column)?.userEnteredValue?.stringValue;
      const pieces = text?.split(cut) ?? [];
      if (pieces.length < 2) continue;
      assertEditable(editing, sheet, { top: row, bottom: row + 1, left: column, right: column + pieces.length });
      sheet.properties.gridProperties.columnCount = Math.max(sheet.properties.gridProperties.columnCount, column + pieces.length);
      for (const [across, piece] of pieces.entries()) typeInto(editing, sheet, row, column + across, piece);
    }
  },
} satisfies Handlers;
