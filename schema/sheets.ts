/**
 * The tabs of a school's workbook, printed from the tables: which columns, under which headers, whose they are.
 * It never touches a file; scripts/sheets draws and reads the workbooks.
 */
import type { Field, Fields, Table } from './fields.ts';
import type { TableName } from './index.ts';
import { type LiveTables, modelTables } from './live-tables.ts';

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
  /** Staff made it or changed it in Directus: workbooks that are out already have to follow. */
  readonly custom?: true;
  /** The model's own header, where staff gave the column another: readers and checks know it by this one. */
  readonly readAs?: string;
}

export interface Tab {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The table whose 行号 the tab carries. */
  readonly table: TableName;
  /** All tables that the tab feeds, the main one first. */
  readonly tables: readonly TableName[];
  readonly columns: readonly Column[];
  /** All rows come from the bureau: schools only answer beside them, and a workbook that lacks the tab gets it. */
  readonly bureauRows?: true;
  /** Columns that staff have hidden: out of sight in workbooks that have them, neither read nor written. */
  readonly hidden: readonly Column[];
}

/** The three columns that the system writes: the first and the last two of every data tab. */
export const systemHeaders = { id: '行号', status: '同步状态', message: '问题说明' } as const;

/** What 同步状态 may say. */
export const rowStates = { taken: '已收', refused: '有误', conflict: '冲突', pending: '待确认' } as const;

/** Titles of the tabs that carry no rows. */
export const plainTabs = { instructions: '填表说明', meta: '_kehou' } as const;

/** Raised whenever a workbook of an older model could be misread. */
export const modelVersion = 1;

/** Fields that may stand in a sheet, hidden or not. */
const inSheet = (field: Field): boolean => field.sheet !== false && field.owner !== 'system' && field.kind !== 'json' && field.kind !== 'photos';

const modelField = (table: string, name: string): Field | undefined => (modelTables[table as TableName].fields as Fields)[name];

const readAs = (model: string | undefined, header: string): Pick<Column, 'readAs'> =>
  model === undefined || model === header ? {} : { readAs: model };

const fieldColumn = (table: Table, name: string, field: Field): Column => ({
  table: table.name as TableName,
  required: field.required === true && field.owner !== 'bureau',
  readOnly: field.owner === 'bureau',
  header: field.label,
  aliases: field.aliases ?? [],
  name,
  field,
  ...(modelField(table.name, name) === field ? {} : { custom: true }),
  ...readAs(modelField(table.name, name)?.label, field.label),
});

/** The columns that name a linked row in place of the link. */
const linkColumns = (all: LiveTables, table: Table, name: string, field: Field & { kind: 'link' }): Column[] =>
  (field.by ?? []).map((by, place): Column => {
    const linked = (all[field.to as TableName].fields as Fields)[by] as Field;
    const [modelLink, modelLinked] = [modelField(table.name, name), modelField(field.to, by)];
    const alone = field.by?.length === 1;
    const header = alone ? field.label : linked.label;
    return {
      table: table.name as TableName,
      readOnly: field.owner === 'bureau',
      header,
      // The first column names the row; the others only tell namesakes apart.
      aliases: [...(place === 0 ? (field.aliases ?? []) : []), ...(linked.aliases ?? [])],
      required: field.required === true && place === 0,
      name: by,
      field: linked,
      via: { link: name, to: field.to as TableName },
      ...(modelLink !== field || modelLinked !== linked ? { custom: true } : {}),
      ...readAs(alone ? modelLink?.label : modelLinked?.label, header),
    };
  });

const columnsOf = (all: LiveTables, table: Table, hidden: boolean): Column[] =>
  Object.entries(table.fields as Fields).flatMap(([name, field]) => {
    if (!inSheet(field) || (field.hidden === true) !== hidden) return [];
    return field.kind === 'link' ? linkColumns(all, table, name, field) : [fieldColumn(table, name, field)];
  });

/** A label that the tab has already, or that the system uses, gets the field's name behind it: values go by their header. */
const withOwnHeaders = (columns: readonly Column[]): Column[] => {
  const taken = new Set<string>(Object.values(systemHeaders));
  const isAdded = (column: Column): boolean => modelField(column.table, column.via?.link ?? column.name) === undefined;
  for (const column of columns) if (!isAdded(column)) taken.add(column.readAs ?? column.header);
  return columns.map((column) => {
    if (!isAdded(column) && column.readAs === undefined) return column;
    const header = taken.has(column.header) ? `${column.header}(${column.name})` : column.header;
    taken.add(header);
    return { ...column, header };
  });
};

/** The tabs of a set of tables, in the order of the workbook. Tables that stand beside another join its tab. */
export const tabsOf = (all: LiveTables): Tab[] =>
  Object.values(all)
    .filter((table) => table.tab)
    .sort((a, b) => (a.tab?.order ?? 0) - (b.tab?.order ?? 0))
    .map((table) => {
      const parts = [table, ...Object.values(all).filter((other) => other.besides === table.name)];
      const columns = (hidden: boolean): Column[] => parts.flatMap((part) => columnsOf(all, part, hidden));
      return {
        name: table.tab?.name ?? table.label,
        aliases: table.tab?.aliases ?? [],
        table: table.name as TableName,
        tables: parts.map((part) => part.name as TableName),
        ...(table.tab?.bureauRows ? { bureauRows: true as const } : {}),
        columns: withOwnHeaders(columns(false)),
        // What the model itself hides was never in a workbook.
        hidden: withOwnHeaders(columns(true)).filter((column) => column.custom),
      };
    });

const filledAmong = new WeakMap<readonly Tab[], readonly Tab[]>();

/** The tabs that schools fill: all that may stand in a layout of their own. The same list for the same tabs. */
export const filledTabs = (all: readonly Tab[]): readonly Tab[] => {
  const known = filledAmong.get(all) ?? all.filter((tab) => !tab.bureauRows);
  filledAmong.set(all, known);
  return known;
};

/** The tabs of the model alone, where no Directus is asked. */
export const tabs: readonly Tab[] = tabsOf(modelTables);

/** A short mark that differs where texts differ: 53 bits, cyrb53. */
export const markOf = (text: string): string => {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
};

/** Names a set of tabs as a whole, so that two programs can tell whether they mean the same columns. */
export const tabsMark = (all: readonly Tab[]): string => markOf(JSON.stringify(all));

/** The tab that feeds a table. */
export const tabOf = (table: TableName, among: readonly Tab[] = tabs): Tab => {
  const found = among.find((tab) => tab.tables.includes(table));
  if (!found) throw new Error(`${table} has no tab`);
  return found;
};
