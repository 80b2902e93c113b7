/**
 * One habit of a school as one test: a drawing (sheet.ts says how), and below it what is read: rows with their values, rows that are
 * passed over with the reason, problems with their cells.
 */
import { expect, test } from 'vitest';
import type { ParsedTab } from '../../schema/parsed.ts';
import { parseTabs } from '../../scripts/sync/parse-tabs.ts';
import { complaints, sheet } from './sheet.ts';

const rowsOf = (tab: ParsedTab): string[] =>
  tab.rows.map(
    ({ row, values }) =>
      `${row}: ${Object.entries(values)
        .map(([header, value]) => `${header}=${value}`)
        .join(' ')}`,
  );

const passedOver = ({ ignoredRows, headerRow }: ParsedTab): string[] =>
  ignoredRows.filter(({ row }) => row > (headerRow ?? 0)).map(({ row, reason }) => `${row} ${reason}`);

export const quirk = (title: string, tab: string, drawing: string, read: readonly string[]): void =>
  test(title, () => {
    expect(parseTabs(sheet(tab, drawing)).flatMap((one) => [...rowsOf(one), ...passedOver(one), ...complaints(one)])).toEqual(read);
  });
