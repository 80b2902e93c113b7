/**
 * The tabs of a school's workbook, printed from the tables: which columns, under which headers, whose they are.
 * It never touches a file; scripts/sheets draws and reads the workbooks.
 */
import type { Field, Fields, Table } from './fields.ts';
import { type TableName, tables } from './index.ts';

/** One column of a tab and where its value belongs. */
export interface Column {
  /** Canonical Chinese header of DOMAIN T1-T9. */
  readonly header: string;
  readonly aliases: readonly string[];
  /** The table and field that hold the value. */
  readonly table: TableName;
  readonly name: string;
  readonly field: Field;
  /** For a column that helps to name a linked row (学生 by 姓名, 年级, 班级): the link of `table` that it serves; `name` is then a field of the linked table. */
  readonly via?: { readonly link: string; readonly to: TableName };
  readonly required: boolean;
  /** Read-only in the sheet; its value always comes from Directus. */
  readonly readOnly: boolean;
}

export interface Tab {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The table whose 行号 the tab carries. */
  readonly table: TableName;
  /** All tables that the tab feeds, the main one first. */
  readonly tables: readonly TableName[];
  readonly columns: readonly Column[];
}

/** The three columns that the system writes: the first and the last two of every data tab. */
export const systemHeaders = { id: '行号', status: '同步状态', message: '问题说明' } as const;

/** What 同步状态 may say. */
export const rowStates = { taken: '已收', refused: '有误', conflict: '冲突', pending: '待确认' } as const;

/** Titles of the tabs that carry no rows. */
export const plainTabs = { instructions: '填表说明', meta: '_kehou' } as const;

/** Raised whenever a workbook of an older model could be misread. */
export const modelVersion = 1;

type AnyTables = Readonly<Record<string, Table>>;

const inSheet = (field: Field): boolean =>
  field.sheet !== false && field.owner !== 'system' && !field.hidden && field.kind !== 'json' && field.kind !== 'photos';

const columnsOf = (all: AnyTables, table: Table): Column[] =>
  Object.entries(table.fields as Fields).flatMap(([name, field]): Column[] => {
    if (!inSheet(field)) return [];
    const own = { table: table.name as TableName, required: field.required === true, readOnly: field.owner === 'bureau' };
    if (field.kind !== 'link') return [{ ...own, header: field.label, aliases: field.aliases ?? [], name, field }];
    const target = all[field.to] as Table;
    return (field.by ?? []).map((by, place): Column => {
      const linked = (target.fields as Fields)[by] as Field;
      const alone = field.by?.length === 1;
      return {
        ...own,
        header: alone ? field.label : linked.label,
        // The first column names the row; the others only tell namesakes apart.
        aliases: [...(place === 0 ? (field.aliases ?? []) : []), ...(linked.aliases ?? [])],
        required: own.required && place === 0,
        name: by,
        field: linked,
        via: { link: name, to: field.to as TableName },
      };
    });
  });

/** The tabs of a set of tables, in the order of the workbook. Tables that stand beside another join its tab. */
export const tabsOf = (all: AnyTables): Tab[] =>
  Object.values(all)
    .filter((table) => table.tab)
    .sort((a, b) => (a.tab?.order ?? 0) - (b.tab?.order ?? 0))
    .map((table) => {
      const parts = [table, ...Object.values(all).filter((other) => other.besides === table.name)];
      return {
        name: table.tab?.name ?? table.label,
        aliases: table.tab?.aliases ?? [],
        table: table.name as TableName,
        tables: parts.map((part) => part.name as TableName),
        columns: parts.flatMap((part) => columnsOf(all, part)),
      };
    });

export const tabs: readonly Tab[] = tabsOf(tables as unknown as AnyTables);

/** The tab that feeds a table. */
export const tabOf = (table: TableName): Tab => {
  const found = tabs.find((tab) => tab.tables.includes(table));
  if (!found) throw new Error(`${table} has no tab`);
  return found;
};
