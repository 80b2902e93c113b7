/**
 * Draws a tab as a table in the test: one line a row, cells between bars.
 * `^` is merged with the cell above, `<` with the cell on its left, `=60` is the number 60, `={yyyy/m/d}46267` a number with its
 * format, `!#N/A` an error, `\n` a line break; all else is text. A line without bars is a blank row.
 */
import type { Merge, ParsedTab, RawCell, RawTab } from '../../schema/parsed.ts';

const cellOf = (drawn: string): RawCell | null => {
  if (drawn === '' || drawn === '^' || drawn === '<') return null;
  if (drawn.startsWith('!')) return { text: drawn.slice(1), value: null, error: true };
  const number = /^=(?:\{(.*)\})?(-?\d+(?:\.\d+)?(?:e\d+)?)(?:\[(.*)\])?$/.exec(drawn);
  if (number) return { text: number[3] ?? String(Number(number[2])), value: Number(number[2]), ...(number[1] ? { format: number[1] } : {}) };
  const text = drawn.replaceAll('\\n', '\n');
  return { text, value: text };
};

const mergesOf = (drawn: readonly (readonly string[])[]): Merge[] => {
  const tops = new Map<string, Merge>();
  const top = (row: number, column: number): string => {
    const mark = drawn[row]?.[column];
    if (mark === '^') return top(row - 1, column);
    return mark === '<' ? top(row, column - 1) : `${row},${column}`;
  };
  drawn.forEach((cells, row) => {
    cells.forEach((mark, column) => {
      if (mark !== '^' && mark !== '<') return;
      const key = top(row, column);
      const [first, left] = key.split(',').map(Number) as [number, number];
      const known = tops.get(key) ?? { top: first, left, bottom: first, right: left };
      tops.set(key, { ...known, bottom: Math.max(known.bottom, row), right: Math.max(known.right, column) });
    });
  });
  return [...tops.values()];
};

/** A tab named `name` from its drawing. */
export const sheet = (name: string, drawing: string, more: Partial<RawTab> = {}): RawTab => {
  const drawn = drawing
    .replace(/^\n|\n\s*$/g, '')
    .split('\n')
    .map((line) => line.trim())
    .map((line) =>
      line.startsWith('|')
        ? line
            .slice(1, line.endsWith('|') ? -1 : undefined)
            .split('|')
            .map((cell) => cell.replace(/^ | +$/g, ''))
        : [],
    );
  return {
    name,
    rows: drawn.map((cells) => cells.map((cell) => cellOf(cell.trim() === '' ? '' : cell.trim()))),
    merges: mergesOf(drawn),
    hiddenRows: { byHand: [], byFilter: [] },
    hiddenColumns: [],
    date1904: false,
    ...more,
  };
};

/** `D12 phone-invalid` for every problem, in order. */
export const complaints = (tab: ParsedTab): string[] => tab.problems.map((problem) => `${problem.cell} ${problem.code}`);
