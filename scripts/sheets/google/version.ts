/**
 * The version of what a spreadsheet says: the same for the same content, however it was read.
 * The first tab is left out, where our own time line stands.
 */
import { createHash } from 'node:crypto';
import { plainTabs } from '../../../schema/sheets.ts';
import { canonical, contentOf, type SheetTab } from './spreadsheet.ts';

/** The list without the blanks at its end. */
const trimmed = (texts: readonly string[]): readonly string[] => texts.slice(0, texts.findLastIndex((text) => text !== '') + 1);

const rowText = (row: SheetTab['raw']['rows'][number]): string => {
  const cells = trimmed(row.map((cell) => canonical(contentOf(cell))));
  return cells.length > 0 ? JSON.stringify(cells) : '';
};

/** Cells of a tab as one text; blank rows at its end do not count. */
const tabText = (tab: SheetTab): string => JSON.stringify(trimmed(tab.raw.rows.map(rowText)));

const silent = new Set<string>([plainTabs.instructions, plainTabs.meta]);

/** 64 hexadecimal digits. Titles count: a renamed tab is read again. */
export const versionOf = (tabs: readonly SheetTab[]): string => {
  const hash = createHash('sha256');
  const spoken = tabs.filter((tab) => !silent.has(tab.title)).sort((a, b) => a.sheetId - b.sheetId);
  for (const tab of spoken) hash.update(`${tab.sheetId} ${tab.title}\n${tabText(tab)}\n`);
  return hash.digest('hex');
};
