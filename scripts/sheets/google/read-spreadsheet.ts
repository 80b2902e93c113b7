/**
 * Reads a spreadsheet in one call: only the values of the tabs that are known to hold something, or all of it.
 * It never writes.
 */
import { tabs as modelTabs, plainTabs } from '../../../schema/sheets.ts';
import { columnStyle } from '../workbook-styles.ts';
import { rangeOf } from './a1.ts';
import type { GoogleClient } from './client.ts';
import type { GoogleCursor } from './cursor.ts';
import { GoogleFault } from './fault.ts';
import { columnOf, layoutOf } from './layout.ts';
import { gridFields, modelOf, tabOfValues, tabsOfSheets } from './raw-tab.ts';
import { contentAt, type SheetTab, type Spreadsheet, type TabFacts } from './spreadsheet.ts';

/** Made from the model; others are read as schools have made them. */
export const isOwn = (tabs: readonly { readonly title: string }[]): boolean => tabs.some((tab) => tab.title === plainTabs.meta);

const spoken = new Set<string>([plainTabs.meta, plainTabs.instructions, ...modelTabs.map((tab) => tab.name)]);

/** In a spreadsheet of ours, tabs that a school has added are its own affair. */
const tracked = (tabs: readonly SheetTab[]): readonly SheetTab[] =>
  isOwn(tabs) ? tabs.filter((tab) => spoken.has(tab.title) || layoutOf(tab) !== null) : tabs;

/** All tabs with formats, formulas, merges and what is hidden. */
export const readWhole = async (client: GoogleClient, id: string): Promise<Spreadsheet> => {
  const found = await client.read('sheetsReads', ({ sheets }) => sheets.spreadsheets.get({ spreadsheetId: id, fields: gridFields }));
  return { title: found.properties?.title ?? '', tabs: tracked(tabsOfSheets(found.sheets ?? [])), complete: true };
};

/** `AB` -> 28. */
const numberOf = (letters: string): number => [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);

/** The range that was read, clipped to the grid, says how large the tab is: `'学生报名'!A1:Z640`. */
const sizeOf = (facts: TabFacts, range: string | null | undefined): TabFacts => {
  const [, letters, rows] = /:\$?([A-Z]+)\$?(\d+)$/.exec(range ?? '') ?? [];
  return letters && rows ? { ...facts, rowCount: Number(rows), columnCount: numberOf(letters) } : facts;
};

/** The values of these tabs. A tab that was renamed or deleted is a GoogleFault `range`. */
export const readValues = async (client: GoogleClient, id: string, tabs: readonly TabFacts[]): Promise<SheetTab[]> => {
  const found = await client.read('sheetsReads', ({ sheets }) =>
    sheets.spreadsheets.values.batchGet({
      spreadsheetId: id,
      ranges: tabs.map((tab) => rangeOf(tab.title)),
      valueRenderOption: 'UNFORMATTED_VALUE',
      dateTimeRenderOption: 'SERIAL_NUMBER',
    }),
  );
  return tabs.map((tab, index) => tabOfValues(sizeOf(tab, found.valueRanges?.[index]?.range), found.valueRanges?.[index]?.values));
};

/** Serial numbers of the days from 1954 to 2119: in a column of texts, such a number may be a date that was once `3-1`. */
const mayBeDate = (content: unknown): boolean =>
  typeof content === 'number' && ((content > 20_000 && content < 80_000) || !Number.isInteger(content));

/** Values that leave open what they are: only their format and formula say it. */
const isUnclear = (tab: SheetTab): boolean => {
  const [layout, model] = [layoutOf(tab), modelOf(tab)];
  if (!layout || !model) return false;
  const texts = model.columns.flatMap((column) => (columnStyle(column).numFmt === '@' ? [columnOf(layout, column) ?? -1] : []));
  return tab.raw.rows.some((row, number) => {
    if (number <= layout.headerRow) return false;
    const kinds = row.map((_cell, at) => typeof contentAt(tab, number, at));
    const onlyNumbers = kinds.includes('number') && !kinds.includes('string');
    return onlyNumbers || texts.some((at) => mayBeDate(contentAt(tab, number, at)));
  });
};

const isRich = (tabs: readonly SheetTab[]): boolean =>
  tabs.some((tab) => {
    const layout = layoutOf(tab);
    if (!layout) return false;
    return tab.raw.merges.length > 0 || isUnclear(tab) || tab.raw.rows.some((row) => row.some((cell) => cell?.formula));
  });

const factsOf = ({ sheetId, title, rowCount, columnCount }: TabFacts): TabFacts => ({ sheetId, title, rowCount, columnCount });

/** Tabs may be added without our noticing: once a day all are looked through. */
const lookAgainAfter = 86_400_000;

const isFresh = (cursor: GoogleCursor, now: number): boolean => now - Date.parse(cursor.lookedAt ?? '1970-01-01') < lookAgainAfter;

export interface Read {
  readonly sheet: Spreadsheet;
  /** What to remember of it. */
  readonly cursor: GoogleCursor;
}

const whole = async (client: GoogleClient, id: string, cursor: GoogleCursor): Promise<Read> => {
  const sheet = await readWhole(client, id);
  const lookedAt = new Date(client.clock.now()).toISOString();
  return {
    sheet,
    cursor: { ...cursor, title: sheet.title, tabs: sheet.tabs.map(factsOf), lookedAt, rich: !isOwn(sheet.tabs) || isRich(sheet.tabs) },
  };
};

/**
 * One call as a rule: values alone where the last look found nothing that they do not show. A tab that is gone under its name, and
 * values that leave open what they are, cost a second one.
 */
export const readSpreadsheet = async (client: GoogleClient, id: string, cursor: GoogleCursor): Promise<Read> => {
  if (!cursor.tabs || cursor.rich !== false || !isFresh(cursor, client.clock.now())) return whole(client, id, cursor);
  try {
    const tabs = await readValues(client, id, cursor.tabs);
    if (!isOwn(tabs) || tabs.some(isUnclear)) return await whole(client, id, cursor);
    return { sheet: { title: cursor.title ?? '', tabs, complete: false }, cursor };
  } catch (error) {
    if (!(error instanceof GoogleFault) || error.kind !== 'range') throw error;
    return whole(client, id, cursor);
  }
};
