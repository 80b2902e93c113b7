/**
 * A school's clerk at work: the same few movements of the hand in a workbook of the folder, in Google Sheets or on WebDAV, so that
 * one suite of stories serves all of them. Tabs and columns go by their Chinese names; row 1 holds the headers.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as XLSX from '@e965/xlsx';
import type { Config } from '../../scripts/config.ts';
import type { DrawnCounty } from '../../scripts/county/county.ts';
import { folderSource } from '../../scripts/sheets/folder-source.ts';
import type { SheetSource } from '../../scripts/sheets/source.ts';
import { createWorkbook, type WorkbookRows } from '../../scripts/sheets/workbook-create.ts';
import { workbookName } from '../../scripts/sheets/workbook-place.ts';

export type School = DrawnCounty['bureau']['schools'][number];
export type Entry = string | number | null;

export interface Clerk {
  /** What the clerk sees in a cell; '' where it is blank. */
  see(tab: string, row: number, header: string): Promise<string>;
  /** Number of the last row with anything in it. */
  lastRow(tab: string): Promise<number>;
  type(tab: string, row: number, header: string, value: Entry): Promise<void>;
  /** Sorts the rows below the header by one column, descending. */
  sort(tab: string, header: string): Promise<void>;
  removeRows(tab: string, first: number, count: number): Promise<void>;
  /** Puts a row before `before`; what is below moves down. */
  insertRow(tab: string, before: number, values: Readonly<Record<string, Entry>>): Promise<void>;
  /** Copies a whole row, 行号 and all, below the last one. */
  copyRow(tab: string, from: number): Promise<void>;
}

/** Somewhere that schools fill in their sheets. */
export interface Place {
  readonly name: string;
  /** Hands a school its workbook as its clerk has filled it in. */
  handOut(school: School): Promise<Clerk>;
  sources(): SheetSource[];
}

type Grid = (XLSX.CellObject | undefined)[][];

const gridOf = (sheet: XLSX.WorkSheet): Grid => {
  const { e } = XLSX.utils.decode_range(sheet['!ref'] as string);
  return Array.from({ length: e.r + 1 }, (_row, r) =>
    Array.from({ length: e.c + 1 }, (_column, c) => sheet[XLSX.utils.encode_cell({ r, c })] as XLSX.CellObject | undefined),
  );
};

const putGrid = (sheet: XLSX.WorkSheet, grid: Grid): void => {
  for (const key of Object.keys(sheet)) if (!key.startsWith('!')) delete sheet[key];
  const width = Math.max(...grid.map((row) => row.length));
  grid.forEach((row, r) => {
    row.forEach((cell, c) => {
      if (cell) sheet[XLSX.utils.encode_cell({ r, c })] = cell;
    });
  });
  sheet['!ref'] = XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: grid.length - 1, c: width - 1 } });
};

const cellOf = (value: Entry): XLSX.CellObject | undefined =>
  value === null ? undefined : typeof value === 'number' ? { t: 'n', v: value } : { t: 's', v: value };

const shown = (cell: XLSX.CellObject | undefined): string => String(cell?.w ?? cell?.v ?? '');

const columnOf = (grid: Grid, header: string): number => {
  const found = grid[0]?.findIndex((cell) => shown(cell).replace(/\s/g, '') === header) ?? -1;
  if (found < 0) throw new Error(`no column ${header}`);
  return found;
};

const lastFilled = (grid: Grid): number => grid.findLastIndex((row) => row.some((cell) => shown(cell) !== '')) + 1;

/** A clerk with a workbook in a file; `load` and `save` are the only ways to it. */
export const fileClerk = (load: () => Promise<Uint8Array>, save: (bytes: Buffer) => Promise<void>): Clerk => {
  const look = async (tab: string): Promise<Grid> => {
    const sheet = XLSX.read(await load()).Sheets[tab];
    if (!sheet) throw new Error(`no tab ${tab}`);
    return gridOf(sheet);
  };
  const change = async (tab: string, work: (grid: Grid) => void): Promise<void> => {
    const book = XLSX.read(await load(), { cellStyles: true });
    const sheet = book.Sheets[tab];
    if (!sheet) throw new Error(`no tab ${tab}`);
    const grid = gridOf(sheet);
    work(grid);
    putGrid(sheet, grid);
    await save(XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
  };
  return {
    async see(tab, row, header) {
      const grid = await look(tab);
      return shown(grid[row - 1]?.[columnOf(grid, header)]);
    },
    lastRow: async (tab) => lastFilled(await look(tab)),
    type: (tab, row, header, value) =>
      change(tab, (grid) => {
        while (grid.length < row) grid.push([]);
        (grid[row - 1] as Grid[number])[columnOf(grid, header)] = cellOf(value);
      }),
    sort: (tab, header) =>
      change(tab, (grid) => {
        const column = columnOf(grid, header);
        const end = lastFilled(grid);
        const rows = grid.slice(1, end).sort((a, b) => shown(b[column]).localeCompare(shown(a[column])));
        grid.splice(1, end - 1, ...rows);
      }),
    removeRows: (tab, first, count) => change(tab, (grid) => void grid.splice(first - 1, count)),
    insertRow: (tab, before, values) =>
      change(tab, (grid) => {
        const row: Grid[number] = [];
        for (const [header, value] of Object.entries(values)) row[columnOf(grid, header)] = cellOf(value);
        grid.splice(before - 1, 0, row);
      }),
    copyRow: (tab, from) =>
      change(
        tab,
        (grid) =>
          void grid.splice(
            lastFilled(grid),
            0,
            (grid[from - 1] ?? []).map((cell) => (cell ? { ...cell } : undefined)),
          ),
      ),
  };
};

/** The bytes of a school's workbook as its clerk has filled it in: no 行号 yet. */
export const filledWorkbook = (county: DrawnCounty, school: School, term = { id: '2026-1', name: '2026—2027学年上学期' }): Promise<Buffer> =>
  createWorkbook({
    school,
    term,
    office: { bureau: '汝南县教育局(示例)', office: '基础教育股', phone: '13800000001', dueDay: 1 },
    rows: { ...county.schoolRows(school.code), providers: county.bureau.providers } as WorkbookRows,
    rowIds: false,
  });

/** Where the folder keeps a school's workbook. */
export const workbookPath = (config: Config, school: School): string => join(config.sheetsDir, workbookName(school));

export const clerkAt = (path: string): Clerk =>
  fileClerk(
    () => readFile(path),
    (bytes) => writeFile(path, bytes),
  );

/** The shared folder of a workspace. */
export const folderPlace = (config: Config, county: DrawnCounty): Place => ({
  name: 'the folder',
  async handOut(school) {
    const path = workbookPath(config, school);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await filledWorkbook(county, school));
    return clerkAt(path);
  },
  sources: () => [folderSource(config.sheetsDir)],
});
