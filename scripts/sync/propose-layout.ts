/**
 * Proposes how a tab may be read: every column with what it seems to hold and how sure that is, for a person to confirm.
 * It reads nothing by its own proposals.
 */
import type { Layout, LayoutColumn, Sureness } from '../../schema/layout.ts';
import { contactField, spanField } from '../../schema/layout-fields.ts';
import type { RawCell, RawTab } from '../../schema/parsed.ts';
import { tabs as allTabs, filledTabs, type Tab } from '../../schema/sheets.ts';
import { findAreas, headsForm } from './find-areas.ts';
import { findTable, type Heading, isAbout, isNamed, partsOf } from './find-table.ts';
import { guessColumn } from './guess-column.ts';
import { type Role, wordsOf } from './known-columns.ts';
import { type Found, roleByHeader, type Slot, type TickRole } from './match-headers.ts';
import { turnedForm } from './read-form.ts';

/** What the county knows of layouts (a part of ParseOptions). */
interface Proposing {
  readonly tabs?: readonly Tab[];
  readonly layouts?: readonly Layout[];
}

/** The header of a column as one word. */
export const wordOf = (parts: readonly string[] | undefined): string => (parts ?? []).join('/').slice(0, 200);

/**
 * What a layout is known by: its header words, whatever their order, so that a moved column is no new layout. Readable on purpose:
 * who edits a mapping can see what it is for.
 */
export const fingerprintOf = (shape: Layout['shape'], words: readonly string[]): string =>
  `${shape === 'form' ? '竖' : '横'}:${words
    .filter((word) => word !== '')
    .sort()
    .join('|')}`;

/** The columns of a header with their names, each name counted from the left. */
export const numberedWords = (headers: readonly (readonly string[])[]): { readonly at: number; readonly word: string; readonly nth: number }[] => {
  const counts = new Map<string, number>();
  return headers.flatMap((parts, at) => {
    const word = wordOf(parts);
    if (word === '') return [];
    const nth = (counts.get(word) ?? 0) + 1;
    counts.set(word, nth);
    return [{ at, word, nth }];
  });
};

const fieldOf = (role: Role | TickRole): string | null => {
  if (role.kind === 'field' || role.kind === 'tick') return role.column.header;
  if (role.kind === 'span') return spanField;
  return role.kind === 'contact' ? contactField : null;
};

const sureOf = (found: Found, matched: boolean): Sureness => {
  if (!found) return 'unknown';
  return matched || found.rank >= 1 ? 'certain' : 'likely';
};

interface Draft {
  readonly raw: RawTab;
  readonly shape: Layout['shape'];
  readonly heading: Heading;
  /** Columns of the tab that the table has to itself. */
  readonly within: (at: number) => boolean;
}

const columnsBelow = (raw: RawTab, heading: Heading, at: number): (RawCell | null)[] =>
  raw.rows.slice(heading.bottom + 1).map((row) => row[at] ?? null);

const layoutFrom = ({ raw, shape, heading, within }: Draft): Layout => {
  const slots = new Map<number, Slot>(heading.match.slots.map((slot) => [slot.at, slot]));
  const taken = new Set(heading.match.slots.map((slot) => fieldOf(slot.role)));
  const words = numberedWords(heading.headers);
  const columns = words
    .filter(({ at }) => within(at))
    .map(({ at, word, nth }): LayoutColumn => {
      const slot = slots.get(at);
      const guess = slot ? null : guessColumn(heading.words, heading.headers[at] ?? [], columnsBelow(raw, heading, at));
      const found: Found = slot ?? (guess && !taken.has(fieldOf(guess.role)) ? guess : null);
      const field = found && fieldOf(found.role);
      if (field !== null && found) taken.add(field);
      const part = found?.role.kind === 'tick' ? { part: found.role.part } : {};
      return { header: word, nth, field, ...part, sure: sureOf(found, slot !== undefined && slot.rank >= 0.5) };
    });
  return {
    version: 1,
    label: raw.name || '整个文件',
    confirmed: false,
    shape,
    table: heading.tab.table,
    headerRows: heading.bottom - heading.top + 1,
    fingerprint: fingerprintOf(shape, shape === 'form' ? columns.map(({ header }) => header) : words.map(({ word }) => word)),
    columns,
    constants: {},
  };
};

const isWordRow = (row: readonly (RawCell | null)[]): boolean => {
  const filled = row.filter((cell) => cell !== null && cell.text.trim() !== '');
  return filled.length >= 3 && filled.every((cell) => typeof cell?.value === 'string' && cell.text.length <= 30 && !/\d{4,}|[。;]/.test(cell.text));
};

/** Each column of a possible header as the surest thing it may be, no field twice. */
const guessSlots = (raw: RawTab, tab: Tab, row: number, headers: readonly (readonly string[])[]): Slot[] => {
  const words = wordsOf(tab);
  const all = headers.flatMap((parts, at): Slot[] => {
    if (parts.length === 0) return [];
    const found =
      roleByHeader(words, parts) ??
      guessColumn(
        words,
        parts,
        raw.rows.slice(row + 1).map((cells) => cells[at] ?? null),
      );
    return found ? [{ at, ...found }] : [];
  });
  const surest = new Map<string, Slot>();
  for (const slot of [...all].sort((a, b) => b.rank - a.rank)) {
    const key = slot.role.kind === 'tick' ? `${fieldOf(slot.role)}=${slot.role.part}` : `${slot.role.kind}${fieldOf(slot.role)}`;
    if (!surest.has(key)) surest.set(key, slot);
  }
  return [...surest.values()].sort((a, b) => a.at - b.at);
};

const searched = 40;
/** With less than this a tab is not worth a proposal. */
const fewest = 1.1;

/** The header that a tab without any known header may have; `about`: it has what makes the table that table. */
const guessHeading = (raw: RawTab, tabs: readonly Tab[], about: boolean): Heading | null => {
  const width = Math.max(0, ...raw.rows.slice(0, searched).map((row) => row.length));
  let best: (Heading & { readonly score: number }) | null = null;
  for (let row = 0; row < Math.min(raw.rows.length - 1, searched); row += 1) {
    if (!isWordRow(raw.rows[row] ?? [])) continue;
    const headers = partsOf(raw, row, row, width);
    for (const tab of tabs) {
      const slots = guessSlots(raw, tab, row, headers);
      const score = slots.reduce((sum, slot) => sum + Math.min(1, slot.rank), 0) - row * 0.01;
      const match = { slots, repeated: [], rivals: [], score };
      if (score > Math.max(fewest, best?.score ?? 0) && (!about || isAbout(tab.table, match, isNamed(tab, raw.name))))
        best = { tab, words: wordsOf(tab), match, top: row, bottom: row, headers, score };
    }
  }
  return best;
};

const isOwn = ({ match }: Heading): boolean => match.slots.some((slot) => slot.role.kind === 'system');

/**
 * The tables that a tab seems to hold, as layouts to be confirmed; none for our own workbooks and for what looks like no table of ours.
 * `likely`: only what has all that makes a table that table, as one asks before troubling anybody.
 */
export const layoutOf = (raw: RawTab, all: readonly Tab[] = allTabs, likely = false): Layout[] => {
  const tabs = filledTabs(all);
  const areas = findAreas(raw, tabs);
  const [first] = areas;
  if (first && isOwn(first.heading)) return [];
  if (first && (areas.length > 1 || !headsForm(raw, first.heading, tabs)))
    return areas.map(({ heading, left, right }) => layoutFrom({ raw, shape: 'table', heading, within: (at) => at >= left && at <= right }));
  const turned = turnedForm(raw, tabs);
  const form = turned && findTable(turned.raw, tabs);
  if (turned && form && form.top === 0) return [layoutFrom({ raw: turned.raw, shape: 'form', heading: form, within: () => true })];
  const guessed = guessHeading(raw, tabs, true) ?? (likely ? null : guessHeading(raw, tabs, false));
  return guessed ? [layoutFrom({ raw, shape: 'table', heading: guessed, within: () => true })] : [];
};

/** What a tab's layout is known by; null where there is none to propose. */
export const fingerprint = (raw: RawTab, tabs: readonly Tab[] = allTabs): string | null => layoutOf(raw, tabs)[0]?.fingerprint ?? null;

/** The proposals that are still to be confirmed: a tab that a confirmed layout reads needs none. `likely` as in layoutOf. */
export const openProposals = (raw: RawTab, { layouts = [], tabs = allTabs }: Proposing, likely = false): Layout[] => {
  const known = new Set(layouts.filter((layout) => layout.confirmed).map((layout) => layout.fingerprint));
  return layoutOf(raw, tabs, likely).filter((layout) => !known.has(layout.fingerprint));
};
