/**
 * Makes a school's workbook from the model: instructions, one tab per table, and the very hidden `_kehou`.
 * It never reads Directus or the disk; rows come as an argument, bytes go back.
 */
import ExcelJS, { type DataValidation, type Worksheet } from 'exceljs';
import type { TableName } from '../../schema/index.ts';
import { type Column, tabs as modelTabs, modelVersion, plainTabs, rowStates, systemHeaders, type Tab } from '../../schema/sheets.ts';
import { keyOf, recordPrefix, stateOf } from './column-records.ts';
import { type CellContent, formatValue } from './format-value.ts';
import { letterOf } from './sheet-xml.ts';
import { finishPackage } from './workbook-finish.ts';
import { drawInstructions, type Office } from './workbook-instructions.ts';
import { colours, columnStyle, headerColour, headerStyle, systemStyle, widthOf } from './workbook-styles.ts';
import { closedToTyping, headerNote, type Lists, validationOf } from './workbook-validation.ts';

export type SheetRowValues = Readonly<Record<string, unknown>>;

/** Rows per table in normal form, each with its `id`; links hold ids. The order of the rows is the order in the tab. */
export type WorkbookRows = Readonly<Partial<Record<TableName, readonly SheetRowValues[]>>>;

export interface WorkbookInput {
  readonly school: { readonly code: string; readonly name: string; readonly enrolled?: number | null };
  readonly term: { readonly id: string; readonly name: string };
  readonly office: Office;
  /** The tabs as they are by now, with what staff added; the model's alone where left out. */
  readonly tabs?: readonly Tab[];
  /** What is already known of the school. `providers` are offered in a dropdown. */
  readonly rows?: WorkbookRows;
  /** False leaves 行号 empty, as in a workbook that the school has filled and nobody has read. */
  readonly rowIds?: boolean;
  /** Cells that hold something else than the row says: tab -> `row:header` -> raw content. For samples with mistakes. */
  readonly raw?: ReadonlyMap<string, ReadonlyMap<string, CellContent>>;
}

/** Keys of `_kehou`, column A; column B has the values. */
export const metaKeys = { model: 'model_version', school: 'school_code', schoolName: 'school_name', term: 'term' } as const;

/** Rows made ready beyond those that are there: with dropdowns, checks and answers' colours. */
const spareRows: Readonly<Partial<Record<TableName, number>>> = {
  plans: 5,
  activities: 100,
  staff: 100,
  students: 50,
  attendance: 2000,
  fees: 500,
  monthly_reports: 24,
  cases: 30,
  findings: 200,
};

const firstRow = 2;

/** The last row with dropdowns and checks. */
export const lastPreparedRow = (tab: Tab, rows: number, enrolled: number): number => {
  const expected = tab.table === 'students' ? Math.max(rows, enrolled) : tab.table === 'fees' ? Math.max(rows, enrolled * 5) : rows;
  return firstRow - 1 + expected + (spareRows[tab.table] ?? 50);
};

/** Finds the values of one tab's rows: own fields, the partner table's, and the names behind links. */
export const valueFinder = (rows: WorkbookRows) => {
  const byId = new Map<string, Map<unknown, SheetRowValues>>();
  const index = (key: string, table: TableName, field: string): Map<unknown, SheetRowValues> => {
    const known = byId.get(key);
    if (known) return known;
    const made = new Map((rows[table] ?? []).map((row) => [row[field], row]));
    byId.set(key, made);
    return made;
  };
  return (tab: Tab, column: Column, row: SheetRowValues): unknown => {
    if (column.via) {
      const target = row[column.via.link];
      const linked =
        typeof target === 'object' && target !== null ? (target as SheetRowValues) : index(`id:${column.via.to}`, column.via.to, 'id').get(target);
      return linked?.[column.name];
    }
    if (column.table === tab.table) return row[column.name];
    return index(`partner:${column.table}`, column.table, 'student').get(row.id)?.[column.name];
  };
};

export type ValueFinder = ReturnType<typeof valueFinder>;

/** exceljs keeps rules for whole ranges here; its types only know single cells. */
const addRule = (sheet: Worksheet, range: string, rule: DataValidation | null): void => {
  if (rule) (sheet as unknown as { dataValidations: { add(range: string, rule: DataValidation): void } }).dataValidations.add(range, rule);
};

const drawHeader = (sheet: Worksheet, tab: Tab): void => {
  const columns = tab.columns;
  sheet.columns = [
    { header: systemHeaders.id, width: 15, style: systemStyle(false) },
    ...columns.map((column) => ({ header: column.header, width: widthOf(column), style: columnStyle(column) })),
    { header: systemHeaders.status, width: 10, style: systemStyle(false) },
    { header: systemHeaders.message, width: 60, style: systemStyle(true) },
  ];
  const row = sheet.getRow(1);
  row.height = 34;
  row.eachCell((cell, number) => {
    const column = columns[number - 2];
    cell.style = headerStyle(column ? headerColour(column) : colours.systemHeader);
    const note = column ? headerNote(column) : '由系统填写,请不要改动。';
    if (note) cell.note = note;
  });
};

/** What each 同步状态 looks like. */
export const stateColours = [
  [rowStates.taken, colours.taken],
  [rowStates.refused, colours.fault],
  [rowStates.conflict, colours.conflict],
  [rowStates.pending, colours.pending],
] as const;

/**
 * Faulty cells turn red by rule, not by painting: 问题说明 names the headers as 【班级】 (hints as 〔班级〕), so the colour
 * moves with a sorted row, goes when the words go, and never overwrites a colour of the school's own.
 */
const drawAnswerColours = (sheet: Worksheet, tab: Tab, lastRow: number): void => {
  const status = letterOf(tab.columns.length + 2);
  const message = letterOf(tab.columns.length + 3);
  const lastData = letterOf(tab.columns.length + 1);
  sheet.addConditionalFormatting({
    ref: `B${firstRow}:${lastData}${lastRow}`,
    rules: [
      {
        type: 'expression',
        priority: 1,
        formulae: [`ISNUMBER(FIND("【"&B$1&"】",$${message}${firstRow}))`],
        style: { fill: solidRule(colours.fault) },
      },
      {
        type: 'expression',
        priority: 2,
        formulae: [`ISNUMBER(FIND("〔"&B$1&"〕",$${message}${firstRow}))`],
        style: { fill: solidRule(colours.pending) },
      },
    ],
  });
  sheet.addConditionalFormatting({
    ref: `${status}${firstRow}:${status}${lastRow}`,
    rules: stateColours.map(([state, colour], index) => ({
      type: 'expression',
      priority: index + 3,
      formulae: [`$${status}${firstRow}="${state}"`],
      style: { fill: solidRule(colour) },
    })),
  });
};

/** In a conditional format the colour of a solid fill is its background. */
const solidRule = (argb: string) => ({ type: 'pattern' as const, pattern: 'solid' as const, bgColor: { argb }, fgColor: { argb } });

const drawRules = (sheet: Worksheet, tab: Tab, lastRow: number, lists: Lists): void => {
  const range = (number: number): string => `${letterOf(number)}${firstRow}:${letterOf(number)}${lastRow}`;
  addRule(sheet, range(1), closedToTyping(systemHeaders.id));
  for (const [index, column] of tab.columns.entries()) addRule(sheet, range(index + 2), validationOf(column, lists));
  addRule(sheet, range(tab.columns.length + 2), closedToTyping(systemHeaders.status));
  addRule(sheet, range(tab.columns.length + 3), closedToTyping(systemHeaders.message));
};

/** Printed pages side by side: one page of legible text holds some 150 characters. */
const pagesWide = (tab: Tab): number => Math.ceil(tab.columns.reduce((sum, column) => sum + widthOf(column), 85) / 170);

/** Long texts would open as one line of a row: give the tabs that have them a readable height. */
export const rowHeight = (tab: Tab): number | undefined => (tab.table === 'cases' || tab.table === 'plans' ? 150 : undefined);

const fillRows = (sheet: Worksheet, tab: Tab, input: WorkbookInput, find: ReturnType<typeof valueFinder>): void => {
  const raw = input.raw?.get(tab.name);
  const height = rowHeight(tab);
  (input.rows?.[tab.table] ?? []).forEach((values, index) => {
    const number = firstRow + index;
    const cells = tab.columns.map((column) => {
      const instead = raw?.get(`${number}:${column.header}`);
      return instead === undefined ? formatValue(column.field, find(tab, column, values)) : instead;
    });
    const row = sheet.addRow([input.rowIds === false ? null : ((values.id as string | undefined) ?? null), ...cells]);
    if (height) row.height = height;
  });
};

const drawTab = async (
  workbook: ExcelJS.Workbook,
  tab: Tab,
  input: WorkbookInput,
  find: ReturnType<typeof valueFinder>,
  lists: Lists,
): Promise<void> => {
  const count = input.rows?.[tab.table]?.length ?? 0;
  const lastRow = lastPreparedRow(tab, count, input.school.enrolled ?? 0);
  const sheet = workbook.addWorksheet(tab.name, {
    views: [{ state: 'frozen', xSplit: 2, ySplit: 1, topLeftCell: 'C2', activeCell: 'B2' }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: pagesWide(tab), fitToHeight: 0, printTitlesRow: '1:1' },
    properties: { tabColor: { argb: colours.header } },
  });
  drawHeader(sheet, tab);
  fillRows(sheet, tab, input, find);
  drawRules(sheet, tab, lastRow, lists);
  drawAnswerColours(sheet, tab, lastRow);
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: Math.max(lastRow, 2), column: tab.columns.length + 3 } };
  await sheet.protect('', {
    formatCells: true,
    formatColumns: true,
    formatRows: true,
    insertColumns: true,
    insertRows: true,
    insertHyperlinks: true,
    deleteRows: true,
    sort: true,
    autoFilter: true,
    pivotTables: true,
  });
};

const tabsOf = (input: Pick<WorkbookInput, 'tabs'>): readonly Tab[] => input.tabs ?? modelTabs;

/** The very hidden tab: who the workbook belongs to, what it remembers of columns that staff made (column-records.ts), and lists for dropdowns from column D. */
const drawMeta = (workbook: ExcelJS.Workbook, input: WorkbookInput) => {
  const sheet = workbook.addWorksheet(plainTabs.meta, { state: 'veryHidden' });
  const facts: readonly (readonly [string, string | number])[] = [
    [metaKeys.model, modelVersion],
    [metaKeys.school, input.school.code],
    [metaKeys.schoolName, input.school.name],
    [metaKeys.term, input.term.id],
  ];
  facts.forEach(([key, value], index) => {
    sheet.getCell(index + 1, 1).value = key;
    sheet.getCell(index + 1, 2).value = value;
  });
  const custom = tabsOf(input).flatMap((tab) => tab.columns.filter((column) => column.custom));
  custom.forEach((column, index) => {
    const cells = [recordPrefix + keyOf(column), column.header, stateOf(column, false)];
    for (const [at, words] of cells.entries()) sheet.getCell(facts.length + index + 1, at + 1).value = words;
  });
  let column = 4;
  return (values: readonly string[]): string => {
    const letter = letterOf(column);
    values.forEach((value, index) => {
      sheet.getCell(index + 1, column).value = value;
    });
    column += 1;
    return `${plainTabs.meta}!$${letter}$1:$${letter}$${Math.max(1, values.length)}`;
  };
};

/** Where the names of a linked table stand: in its own tab, or placed from the rows given. */
export const linkedLists = (input: Pick<WorkbookInput, 'rows' | 'tabs'>, place: Lists['place']): Lists['linked'] => {
  const providers = (input.rows?.providers ?? []).map((row) => String(row.name));
  const courses = tabsOf(input).find((tab) => tab.table === 'activities');
  const at = courses?.columns.findIndex((column) => column.table === 'activities' && column.name === 'name') ?? -1;
  return {
    providers: providers.length > 0 ? place(providers) : undefined,
    activities: courses && at >= 0 ? `'${courses.name}'!$${letterOf(at + 2)}$${firstRow}:$${letterOf(at + 2)}$300` : undefined,
  };
};

/** The bytes of a school's workbook. The same input gives the same bytes. */
export const createWorkbook = async (input: WorkbookInput): Promise<Buffer> => {
  const workbook = new ExcelJS.Workbook();
  workbook.created = workbook.modified = new Date(Date.UTC(2020, 0, 1));
  workbook.creator = workbook.lastModifiedBy = 'Kehou';
  await drawInstructions(workbook, input.school, input.term.name, input.office, tabsOf(input));
  const place = drawMeta(workbook, input);
  const lists: Lists = { linked: linkedLists(input, place), place };
  const find = valueFinder(input.rows ?? {});
  for (const tab of tabsOf(input)) await drawTab(workbook, tab, input, find, lists);
  moveMetaLast(workbook);
  return finishPackage(new Uint8Array(await workbook.xlsx.writeBuffer({ zip: { compression: 'STORE' } } as never)));
};

/** `_kehou` is made early, because the tabs place their lists in it, but stands last. */
const moveMetaLast = (workbook: ExcelJS.Workbook): void => {
  const meta = workbook.getWorksheet(plainTabs.meta) as unknown as { orderNo: number };
  meta.orderNo = 1000;
};
