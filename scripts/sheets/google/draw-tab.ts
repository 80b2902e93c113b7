/**
 * One data tab of a school's spreadsheet as requests: size, header, formats, rules, colours, protection, rows.
 * It never reads Directus or Google; rows come as an argument.
 */
import { type Column, systemHeaders, type Tab } from '../../../schema/sheets.ts';
import { columnName } from '../../sync/plain-text.ts';
import { type CellContent, formatValue } from '../format-value.ts';
import { lastPreparedRow, rowHeight, type SheetRowValues, stateColours, type ValueFinder } from '../workbook-create.ts';
import { colours, columnStyle, headerColour, headerStyle, systemStyle, widthOf } from '../workbook-styles.ts';
import { headerNote, type Lists } from '../workbook-validation.ts';
import { type Request, start, typedValue } from './cells.ts';
import { colorOf, formatOf, gridRange, pixelsHigh, pixelsWide } from './draw-style.ts';
import { idRule, inlineLists, type Rule, ruleOf, statusRule } from './draw-validation.ts';
import { tabOfValues } from './raw-tab.ts';
import type { SheetTab } from './spreadsheet.ts';

/** Tells whose tab it is, whatever its title. */
const tabMetaKey = 'kehou-tab';

/** What one tab is drawn from. */
export interface TabInput {
  readonly tab: Tab;
  readonly sheetId: number;
  readonly rows: readonly SheetRowValues[];
  /** Students of the school: rows are made ready for them. */
  readonly enrolled: number;
  readonly find: ValueFinder;
  readonly lists: Lists;
  /** The service account: the only one that may edit what is protected. */
  readonly account: string;
}

/** Columns from 0; 行号 stands first, 同步状态 and 问题说明 last. */
const statusAt = (tab: Tab): number => tab.columns.length + 1;
const widthIn = (tab: Tab): number => tab.columns.length + 3;

const addSheet = ({ tab, sheetId }: TabInput, rowCount: number): Request => ({
  addSheet: {
    properties: {
      sheetId,
      title: tab.name,
      gridProperties: { rowCount, columnCount: widthIn(tab), frozenRowCount: 1, frozenColumnCount: 2 },
      tabColorStyle: colorOf(colours.header),
    },
  },
});

export const headerCell = (words: string, column: Column | undefined) => ({
  userEnteredValue: typedValue(words),
  userEnteredFormat: formatOf(headerStyle(column ? headerColour(column) : colours.systemHeader)),
  note: column ? headerNote(column) : '由系统填写,请不要改动。',
});

const drawHeader = ({ tab, sheetId }: TabInput): Request[] => [
  {
    updateCells: {
      start: start(sheetId, 0, 0),
      rows: [
        {
          values: [
            headerCell(systemHeaders.id, undefined),
            ...tab.columns.map((column) => headerCell(column.header, column)),
            headerCell(systemHeaders.status, undefined),
            headerCell(systemHeaders.message, undefined),
          ],
        },
      ],
      fields: 'userEnteredValue,userEnteredFormat,note',
    },
  },
  {
    updateDimensionProperties: {
      range: { sheetId, dimension: 'ROWS', startIndex: 0, endIndex: 1 },
      properties: { pixelSize: 45 },
      fields: 'pixelSize',
    },
  },
];

/** One column below its header: width, format, rule. */
export const drawColumn = (
  sheetId: number,
  at: number,
  rowCount: number,
  { width, format, rule }: { readonly width: number; readonly format: ReturnType<typeof formatOf>; readonly rule: Rule | null },
): Request[] => [
  {
    updateDimensionProperties: {
      range: { sheetId, dimension: 'COLUMNS', startIndex: at, endIndex: at + 1 },
      properties: { pixelSize: pixelsWide(width) },
      fields: 'pixelSize',
    },
  },
  { repeatCell: { range: gridRange(sheetId, 1, rowCount, at, at + 1), cell: { userEnteredFormat: format }, fields: 'userEnteredFormat' } },
  ...(rule ? [{ setDataValidation: { range: gridRange(sheetId, 1, rowCount, at, at + 1), rule } }] : []),
];

/** The look and rule of a column of the model. The tint of required cells comes and goes by a rule: see `drawColours`. */
export const columnDrawing = (column: Column, at: number, lists: Lists) => ({
  width: widthOf(column),
  format: formatOf(columnStyle(column), column.readOnly),
  rule: ruleOf(column, columnName(at), lists),
});

const drawColumns = ({ tab, sheetId, lists }: TabInput, rowCount: number): Request[] => [
  ...drawColumn(sheetId, 0, rowCount, { width: 15, format: formatOf(systemStyle(false)), rule: idRule(systemHeaders.id) }),
  ...tab.columns.flatMap((column, index) => drawColumn(sheetId, index + 1, rowCount, columnDrawing(column, index + 1, lists))),
  ...drawColumn(sheetId, statusAt(tab), rowCount, { width: 10, format: formatOf(systemStyle(false)), rule: statusRule(systemHeaders.status) }),
  ...drawColumn(sheetId, statusAt(tab) + 1, rowCount, { width: 60, format: formatOf(systemStyle(true)), rule: null }),
];

const colourRule = (sheetId: number, rowCount: number, from: number, to: number, formula: string, argb: string): Request => ({
  addConditionalFormatRule: {
    // Each goes to the front: they are drawn from the last to the first.
    index: 0,
    rule: {
      ranges: [gridRange(sheetId, 1, rowCount, from, to)],
      booleanRule: {
        condition: { type: 'CUSTOM_FORMULA', values: [{ userEnteredValue: formula }] },
        format: { backgroundColorStyle: colorOf(argb) },
      },
    },
  },
});

/** Colours of one column below its header: an error, a hint, and a required cell that is still blank, in this order. */
export const columnColours = (sheetId: number, rowCount: number, at: number, count: number, message: string, required: boolean): Request[] => {
  const letter = columnName(at);
  const named = (open: string, close: string): string => `=ISNUMBER(FIND("${open}"&${letter}$1&"${close}",$${message}2))`;
  return [
    ...(required ? [colourRule(sheetId, rowCount, at, at + count, `=ISBLANK(${letter}2)`, colours.required)] : []),
    colourRule(sheetId, rowCount, at, at + count, named('〔', '〕'), colours.pending),
    colourRule(sheetId, rowCount, at, at + count, named('【', '】'), colours.fault),
  ];
};

/**
 * Faulty cells turn red by rule, not by painting: 问题说明 names the headers, so the colour moves with a sorted row and goes when the
 * words go.
 */
const drawColours = ({ tab, sheetId }: TabInput, rowCount: number): Request[] => {
  const status = columnName(statusAt(tab));
  const message = columnName(statusAt(tab) + 1);
  return [
    ...tab.columns.flatMap((column, index) =>
      column.required && !column.readOnly
        ? [colourRule(sheetId, rowCount, index + 1, index + 2, `=ISBLANK(${columnName(index + 1)}2)`, colours.required)]
        : [],
    ),
    ...columnColours(sheetId, rowCount, 1, tab.columns.length, message, false),
    ...stateColours.map(([state, colour]) => colourRule(sheetId, rowCount, statusAt(tab), statusAt(tab) + 1, `=$${status}2="${state}"`, colour)),
  ];
};

/**
 * The header is closed to all but the system. The columns of the system are guarded by rules instead (draw-validation.ts): Google
 * lets nobody sort or delete rows that cross a protected column, and schools must be able to do both.
 */
const protectHeader = ({ tab, sheetId, account }: TabInput): Request => ({
  addProtectedRange: {
    protectedRange: {
      range: { sheetId, startRowIndex: 0, endRowIndex: 1 },
      description: `${tab.name}:表头由系统维护`,
      warningOnly: false,
      editors: { users: [account] },
    },
  },
});

const contentsOf = ({ tab, find }: TabInput, values: SheetRowValues): CellContent[] => [
  (values.id as string | undefined) ?? null,
  ...tab.columns.map((column) => formatValue(column.field, find(tab, column, values))),
];

/** Rows in one request: no request grows beyond what Google advises. */
const rowsAtOnce = 200;

const fillRows = (input: TabInput): Request[] => {
  const requests: Request[] = [];
  for (let first = 0; first < input.rows.length; first += rowsAtOnce) {
    const rows = input.rows.slice(first, first + rowsAtOnce).map((values) => ({
      values: contentsOf(input, values).map((content) => ({ userEnteredValue: typedValue(content) })),
    }));
    requests.push({ updateCells: { start: start(input.sheetId, first + 1, 0), rows, fields: 'userEnteredValue' } });
  }
  return requests;
};

const tallRows = ({ tab, sheetId, rows }: TabInput): Request[] => {
  const height = rowHeight(tab);
  if (!height || rows.length === 0) return [];
  const range = { sheetId, dimension: 'ROWS', startIndex: 1, endIndex: rows.length + 1 };
  return [{ updateDimensionProperties: { range, properties: { pixelSize: pixelsHigh(height) }, fields: 'pixelSize' } }];
};

/** A tab for a spreadsheet that was handed out before the model had it, as it is once the requests are done. */
export const newTab = (tab: Tab, sheetId: number, account: string): { readonly tab: SheetTab; readonly requests: Request[] } => {
  const input: TabInput = { tab, sheetId, rows: [], enrolled: 0, find: () => null, lists: inlineLists, account };
  const headers = [systemHeaders.id, ...tab.columns.map((column) => column.header), systemHeaders.status, systemHeaders.message];
  const facts = { sheetId, title: tab.name, rowCount: lastPreparedRow(tab, 0, 0), columnCount: widthIn(tab) };
  return { tab: tabOfValues(facts, [headers]), requests: drawTab(input) };
};

/** All requests that make the tab, in order. */
export const drawTab = (input: TabInput): Request[] => {
  const rowCount = lastPreparedRow(input.tab, input.rows.length, input.enrolled);
  return [
    addSheet(input, rowCount),
    ...drawHeader(input),
    ...drawColumns(input, rowCount),
    ...drawColours(input, rowCount),
    ...fillRows(input),
    ...tallRows(input),
    protectHeader(input),
    {
      createDeveloperMetadata: {
        developerMetadata: { metadataKey: tabMetaKey, metadataValue: input.tab.table, location: { sheetId: input.sheetId }, visibility: 'DOCUMENT' },
      },
    },
  ];
};
