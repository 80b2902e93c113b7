/**
 * Reads forms: one line per field, its name on the left and its content on the right, perhaps two such pairs in a line.
 * A form is turned into a table of one header row and read as one; what stands nowhere in it is not made up.
 */
import type { IgnoredRow, Merge, ParsedTab, RawCell, RawTab } from '../../schema/parsed.ts';
import type { Tab } from '../../schema/sheets.ts';
import type { Origin } from './draft-row.ts';
import { areaName, boundsOf } from './find-areas.ts';
import { findTable, type Heading, isHeaderWord } from './find-table.ts';
import type { Limits } from './limits.ts';
import { heightOf, keyHeaders, readTable } from './parse-tab.ts';
import { fold } from './plain-text.ts';

/** A form fits on a few pages. */
const longest = 200;
const fewestLabels = 4;

/** What people write above the contents of a form; a column of explanations is no record. */
const explains = /说明|要求|示例|样例|备注|单位|来源|口径|提示|依据|填写/;
const isUnit = /^(人|人次|元|天|日|%|个|门|分钟|件|次|节|课时|所|名)$/;

const says = (cell: RawCell | null | undefined): cell is RawCell => cell != null && (cell.error === true || cell.text.trim() !== '');

/** One pair of columns (or three, where labels have groups): from where to where, and how many of them are labels. */
interface Block {
  readonly left: number;
  readonly right: number;
  readonly depth: number;
}

/** Columns in which at least two cells are header words. */
const labelColumns = (raw: RawTab, tabs: readonly Tab[]): number[] => {
  const counts = new Map<number, number>();
  for (const row of raw.rows)
    row.forEach((cell, at) => {
      if (says(cell) && cell.text.length <= 24 && isHeaderWord(cell, tabs)) counts.set(at, (counts.get(at) ?? 0) + 1);
    });
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return all < fewestLabels
    ? []
    : [...counts]
        .filter(([, count]) => count > 1)
        .map(([at]) => at)
        .sort((a, b) => a - b);
};

/** The pairs of columns of a form whose labels stand in these columns. */
export const blocksOf = (raw: RawTab, columns: readonly number[]): Block[] => {
  const { right } = boundsOf(raw);
  // Labels in two columns side by side are a group and its parts.
  const starts = columns.filter((at) => !columns.includes(at - 1));
  return starts.map((left, index) => {
    let depth = 1;
    while (columns.includes(left + depth)) depth += 1;
    return { left, right: (starts[index + 1] ?? right + 1) - 1, depth };
  });
};

/** The form as a table: `lines` become columns, what stood beside each other in a block becomes rows. */
export interface Turned {
  readonly raw: RawTab;
  readonly lines: readonly { readonly row: number; readonly block: Block }[];
  readonly origin: Origin;
}

const turnedMerges = (raw: RawTab, lines: Turned['lines']): Merge[] => {
  const merges: Merge[] = [];
  lines.forEach(({ row, block }, line) => {
    for (const { top, left, bottom, right } of raw.merges) {
      // Only a group over its labels matters: contents merged over several columns are one content.
      if (top !== row || left < block.left || right >= block.left + block.depth) continue;
      merges.push({ top: left - block.left, bottom: right - block.left, left: line, right: line + bottom - top });
    }
  });
  return merges;
};

const withoutExplanations = (raw: RawTab, block: Block): number[] => {
  const kept: number[] = [];
  for (let at = block.left + block.depth; at <= block.right; at += 1) {
    const words = raw.rows.map((row) => row[at]).filter(says);
    const units = words.filter((cell) => isUnit.test(fold(cell.text))).length;
    const [head] = words;
    if (head && !(explains.test(fold(head.text)) && head.text.length <= 8) && units < words.length / 2) kept.push(at);
  }
  return kept;
};

/** Lays a form on its side: labels on top, a record in each row. */
export const turn = (raw: RawTab, blocks: readonly Block[]): Turned => {
  const lines = blocks.flatMap((block) =>
    raw.rows.flatMap((cells, row) => (cells.slice(block.left, block.left + block.depth).some(says) ? [{ row, block }] : [])),
  );
  const depth = Math.max(...blocks.map((block) => block.depth));
  const contents = new Map(blocks.map((block) => [block, withoutExplanations(raw, block)]));
  const records = Math.max(...[...contents.values()].map((columns) => columns.length));
  const columnAt = (block: Block, index: number): number | undefined =>
    index < depth ? block.left + Math.max(0, index - (depth - block.depth)) : contents.get(block)?.[index - depth];
  const rows = Array.from({ length: depth + records }, (_, index) =>
    lines.map(({ row, block }) => {
      const at = columnAt(block, index);
      return at === undefined ? null : (raw.rows[row]?.[at] ?? null);
    }),
  );
  const origin: Origin = (row, column) => {
    const line = lines[column];
    return { row: (line?.row ?? 0) + 1, column: (line && columnAt(line.block, row - 1)) ?? 0 };
  };
  return { raw: { ...raw, rows, merges: turnedMerges(raw, lines), hiddenRows: { byHand: [], byFilter: [] }, hiddenColumns: [] }, lines, origin };
};

const labelled = (heading: Heading): ReadonlySet<number> => new Set(heading.match.slots.map((slot) => slot.at));

/** Whether it was a form after all: its key is there, and more of it can be read than not. */
const isConvincing = (table: ParsedTab): boolean => {
  const key = keyHeaders[table.table ?? ''];
  const values = table.rows.reduce((sum, row) => sum + Object.keys(row.values).length, 0);
  const unread = table.problems.filter((problem) => problem.severity === 'error' && problem.value !== '').length;
  return table.rows.length > 0 && values > unread * 2 && table.rows.every((row) => key === undefined || row.cells?.[key] !== undefined);
};

const restOf = (raw: RawTab, { lines }: Turned, understood: ReadonlySet<number>, used: ReadonlySet<number>): IgnoredRow[] => {
  const [first, last] = [Math.min(...used), Math.max(...used)];
  const label = (row: number): string => (lines.find((line, at) => line.row === row && !understood.has(at)) ? '没有这一栏,未读取' : '说明文字');
  return Array.from({ length: heightOf(raw) }, (_, row) => row)
    .filter((row) => !used.has(row))
    .map((row) => {
      const blank = !(raw.rows[row] ?? []).some(says);
      return { row: row + 1, reason: blank ? '空行' : row < first ? '标题或说明' : row > last ? '说明文字' : label(row) };
    });
};

/** The table back in the form: each record has a line of its own, all other lines that carry fields are its header. */
export const settled = (raw: RawTab, turned: Turned, heading: Heading, table: ParsedTab): ParsedTab | null => {
  const understood = labelled(heading);
  const used = [...new Set(turned.lines.flatMap((line, at) => (understood.has(at) ? [line.row] : [])))].sort((a, b) => a - b);
  if (table.rows.length > used.length) return null;
  const lineOf = new Map(table.rows.map(({ row }, index) => [row, (used[index] as number) + 1]));
  const own = new Set(lineOf.values());
  const first = (used[0] as number) + 1;
  return {
    ...table,
    area: areaName({ ...boundsOf(raw), bottom: heightOf(raw) - 1 }),
    headerRow: first,
    headerRows: used.map((row) => row + 1).filter((row) => !own.has(row)),
    rows: table.rows.map((row) => ({ ...row, row: lineOf.get(row.row) as number })),
    problems: table.problems.map((one) => ({ ...one, row: lineOf.get(one.row) ?? first })),
    ignoredRows: restOf(raw, turned, understood, new Set(used)),
    columns: {},
  };
};

/** A tab as a form on its side, where it may be one. */
export const turnedForm = (raw: RawTab, tabs: readonly Tab[]): Turned | null => {
  if (raw.rows.length > longest) return null;
  const columns = labelColumns(raw, tabs);
  return columns.length === 0 ? null : turn(raw, blocksOf(raw, columns));
};

/** The form that a tab is; null where it is none, or explains a form instead of being one. */
export const readForm = (raw: RawTab, tabs: readonly Tab[], limits: Limits): ParsedTab | null => {
  if (/说明|样表|示例|范例/.test(raw.name)) return null;
  const turned = turnedForm(raw, tabs);
  const heading = turned && findTable(turned.raw, tabs);
  if (!turned || !heading || heading.top > 0 || heading.match.slots.length < 3) return null;
  const table = readTable(turned.raw, heading, limits, turned.origin);
  return isConvincing(table) ? settled(raw, turned, heading, table) : null;
};
