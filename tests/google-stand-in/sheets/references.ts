/**
 * The cells that formulas name, rewritten as Google does when cells are copied, lines are put in or taken out, or a tab is renamed.
 * Only the names of cells: what stands in quotes stays, and nothing is reckoned.
 */
import { columnIndex, columnName, quoteTitle } from './a1.ts';
import type { Book, Dimension, Sheet } from './model.ts';

interface Index {
  readonly at: number;
  /** Written with a `$`: copying leaves it alone. */
  readonly fixed: boolean;
}

/** One end of a reference; an open end (`A:C`, `2:4`) has only the other part. */
interface End {
  readonly column?: Index;
  readonly row?: Index;
}

interface Reference {
  /** Null: the tab on which the formula stands. */
  readonly title: string | null;
  readonly from: End;
  readonly to: End | null;
}

const reference =
  /"(?:[^"]|"")*"|(?<![\p{L}\w.$!'])(?:('(?:[^']|'')+'|[\p{L}_][\p{L}\w.]*)!)?(\$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}(?:\$?[1-9]\d*)?)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?[1-9]\d*:\$?[1-9]\d*)(?![\p{L}\w(!.])/gu;

const readEnd = (text: string): End => {
  const [, columnMark, column, rowMark, row] = /^(\$?)([A-Za-z]*)(\$?)(\d*)$/.exec(text) as RegExpExecArray;
  return {
    ...(column ? { column: { at: columnIndex(column), fixed: columnMark === '$' } } : {}),
    ...(row ? { row: { at: Number(row) - 1, fixed: (column ? rowMark : columnMark || rowMark) === '$' } } : {}),
  };
};

const spellEnd = ({ column, row }: End): string =>
  `${column ? `${column.fixed ? '$' : ''}${columnName(column.at)}` : ''}${row ? `${row.fixed ? '$' : ''}${row.at + 1}` : ''}`;

const spell = ({ title, from, to }: Reference): string =>
  `${title === null ? '' : `${quoteTitle(title)}!`}${spellEnd(from)}${to ? `:${spellEnd(to)}` : ''}`;

/** A formula with each of its references changed; null makes `#REF!` of one. */
const mapReferences = (formula: string, change: (reference: Reference) => Reference | null): string =>
  formula.replace(reference, (whole: string, tab: string | undefined, cells: string | undefined) => {
    if (cells === undefined) return whole;
    const [first = '', second] = cells.split(':');
    const title = tab === undefined ? null : tab.startsWith("'") ? tab.slice(1, -1).replaceAll("''", "'") : tab;
    const before: Reference = { title, from: readEnd(first), to: second === undefined ? null : readEnd(second) };
    const after = change(before);
    // What does not change keeps its own spelling.
    return after === before ? whole : after === null ? '#REF!' : spell(after);
  });

const carried = (index: Index | undefined, by: number): Index | undefined | null => {
  if (!index || index.fixed || by === 0) return index;
  return index.at + by < 0 ? null : { ...index, at: index.at + by };
};

const carriedEnd = (end: End, down: number, across: number): End | null => {
  const [column, row] = [carried(end.column, across), carried(end.row, down)];
  return column === null || row === null ? null : { ...(column ? { column } : {}), ...(row ? { row } : {}) };
};

/** A formula as it reads once it is copied so many rows down and columns to the right: what has no `$` goes along. */
export const copiedFormula = (formula: string, down: number, across: number): string =>
  down === 0 && across === 0
    ? formula
    : mapReferences(formula, (one) => {
        const [from, to] = [carriedEnd(one.from, down, across), one.to && carriedEnd(one.to, down, across)];
        return from === null || (one.to && to === null) ? null : { ...one, from, to };
      });

const changeFormulas = (book: Book, change: (formula: string, sheet: Sheet) => string): void => {
  for (const sheet of book.sheets)
    for (const cells of sheet.rows)
      cells.forEach((cell, at) => {
        const formula = cell?.userEnteredValue?.formulaValue;
        const next = formula && change(formula, sheet);
        if (cell && next && next !== formula) cells[at] = { ...cell, userEnteredValue: { formulaValue: next } };
      });
};

const isOn = (one: Reference, home: Sheet, sheet: Sheet): boolean =>
  one.title === null ? home === sheet : one.title.toLowerCase() === sheet.properties.title.toLowerCase();

const placed = (end: End, part: 'row' | 'column', at: number): End => ({ ...end, [part]: { ...(end[part] as Index), at } });

/** Half-open; null: nothing is left. */
type Shift = (stretch: {
  readonly start: number;
  readonly end: number;
}) => { readonly start: number | undefined; readonly end: number | undefined } | null;

/** Every reference to lines of a sheet that have moved, `$` or not. */
export const shiftReferences = (book: Book, sheet: Sheet, dimension: Dimension, shift: Shift): void => {
  const part = dimension === 'ROWS' ? 'row' : 'column';
  changeFormulas(book, (formula, home) =>
    mapReferences(formula, (one) => {
      const [first, last] = [one.from[part], (one.to ?? one.from)[part]];
      if (!first || !last || !isOn(one, home, sheet)) return one;
      const moved = shift({ start: first.at, end: last.at + 1 });
      if (!moved || moved.start === undefined || moved.end === undefined) return null;
      if (moved.start === first.at && moved.end === last.at + 1) return one;
      return { ...one, from: placed(one.from, part, moved.start), to: one.to && placed(one.to, part, moved.end - 1) };
    }),
  );
};

/** A tab's new name in every formula that named it by the old one. */
export const renameInFormulas = (book: Book, from: string, title: string): void =>
  changeFormulas(book, (formula) => mapReferences(formula, (one) => (one.title?.toLowerCase() === from.toLowerCase() ? { ...one, title } : one)));
