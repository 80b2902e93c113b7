/**
 * A school's whole spreadsheet as requests, from the model and what is known of the school.
 * It never calls Google.
 */
import { tabs as modelTabs, modelVersion, plainTabs, type Tab } from '../../../schema/sheets.ts';
import { columnName } from '../../sync/plain-text.ts';
import { keyOf, recordPrefix, stateOf } from '../column-records.ts';
import { linkedLists, metaKeys, valueFinder, type WorkbookRows } from '../workbook-create.ts';
import type { Office } from '../workbook-instructions.ts';
import type { Lists } from '../workbook-validation.ts';
import { type Request, start, typedValue } from './cells.ts';
import { drawFront } from './draw-front.ts';
import { drawTab } from './draw-tab.ts';

export interface SpreadsheetInput {
  readonly school: { readonly code: string; readonly name: string; readonly enrolled?: number | null };
  readonly term: { readonly id: string; readonly name: string };
  readonly office: Office;
  readonly rows: WorkbookRows;
  readonly timezone: string;
  readonly account: string;
  readonly tabs?: readonly Tab[];
}

/** Stands in the spreadsheet once all of it is drawn: the value is `school/term`. */
export const doneKey = 'kehou-done';

export const doneValue = (school: string, term: string): string => `${school}/${term}`;

/** Ids of our own choice, so that requests of one batch can speak of tabs that it makes. */
const firstId = 101;
const metaId = 900;

/** Column D of `_kehou`, from 0: where the lists for dropdowns begin. */
const firstList = 3;

interface PlacedLists {
  readonly place: Lists['place'];
  readonly lists: readonly (readonly string[])[];
}

/** Lists that are too long for a rule stand in the hidden tab. */
const placeLists = (): PlacedLists => {
  const lists: (readonly string[])[] = [];
  return {
    lists,
    place(values) {
      const letter = columnName(firstList + lists.push(values) - 1);
      return `${plainTabs.meta}!$${letter}$1:$${letter}$${Math.max(1, values.length)}`;
    },
  };
};

const metaRows = ({ school, term }: SpreadsheetInput): readonly (readonly (string | number)[])[] => [
  [metaKeys.model, modelVersion],
  [metaKeys.school, school.code],
  [metaKeys.schoolName, school.name],
  [metaKeys.term, term.id],
];

/** What the spreadsheet remembers of columns that staff made: see column-records.ts. */
const recordRows = (tabs: readonly Tab[]): readonly (readonly string[])[] =>
  tabs
    .flatMap((tab) => tab.columns.filter((column) => column.custom))
    .map((column) => [recordPrefix + keyOf(column), column.header, stateOf(column, false)]);

/** Lines of the hidden tab that are kept free for more of them. */
const spareLines = 40;

/** The hidden tab; closed to all but the system as a whole. */
const drawMeta = (input: SpreadsheetInput, { lists }: PlacedLists): Request[] => {
  const facts = [...metaRows(input), ...recordRows(input.tabs ?? modelTabs)];
  const size = {
    rowCount: Math.max(facts.length + spareLines, ...lists.map((list) => list.length)),
    columnCount: firstList + Math.max(1, lists.length),
  };
  const written = (column: number, values: readonly (string | number)[]): Request => ({
    updateCells: {
      start: start(metaId, 0, column),
      rows: values.map((value) => ({ values: [{ userEnteredValue: typedValue(value) }] })),
      fields: 'userEnteredValue',
    },
  });
  return [
    ...[0, 1, 2].map((column) =>
      written(
        column,
        facts.map((line) => line[column] ?? ''),
      ),
    ),
    ...lists.flatMap((list, index) => (list.length > 0 ? [written(firstList + index, list)] : [])),
    {
      updateSheetProperties: {
        properties: { sheetId: metaId, hidden: true, gridProperties: size },
        fields: 'hidden,gridProperties(rowCount,columnCount)',
      },
    },
    protectWhole(metaId, '系统用的标记', input.account),
  ];
};

const protectWhole = (sheetId: number, description: string, account: string): Request => ({
  addProtectedRange: { protectedRange: { range: { sheetId }, description, warningOnly: false, editors: { users: [account] } } },
});

const note = (key: string, value: string): Request => ({
  createDeveloperMetadata: { developerMetadata: { metadataKey: key, metadataValue: value, location: { spreadsheet: true }, visibility: 'DOCUMENT' } },
});

/** Requests in order; the last one marks it as done. `frontId`: the one tab that a new spreadsheet has. */
export const drawSpreadsheet = async (input: SpreadsheetInput, frontId: number): Promise<Request[]> => {
  const tabs = input.tabs ?? modelTabs;
  const sheetIds = new Map(tabs.map((tab, index) => [tab.name, firstId + index]));
  const placed = placeLists();
  const lists: Lists = { linked: linkedLists({ rows: input.rows, tabs }, placed.place), place: placed.place };
  const find = valueFinder(input.rows);
  const drawn = tabs.map((tab) =>
    drawTab({
      tab,
      sheetId: sheetIds.get(tab.name) as number,
      rows: input.rows[tab.table] ?? [],
      enrolled: input.school.enrolled ?? 0,
      find,
      lists,
      account: input.account,
    }),
  );
  return [
    { updateSpreadsheetProperties: { properties: { locale: 'zh_CN', timeZone: input.timezone }, fields: 'locale,timeZone' } },
    { addSheet: { properties: { sheetId: metaId, title: plainTabs.meta, gridProperties: { rowCount: 100, columnCount: firstList + 20 } } } },
    ...(await drawFront(input, frontId, sheetIds, tabs)),
    ...withoutRanges(drawn),
    ...drawMeta(input, placed),
    ...rangesOf(drawn),
    protectWhole(frontId, '填表说明由系统维护', input.account),
    note(doneKey, doneValue(input.school.code, input.term.id)),
  ];
};

/** Dropdowns that point to other tabs come last: their ranges must be there first. */
const pointsAway = (request: Request): boolean => request.setDataValidation?.rule?.condition?.type === 'ONE_OF_RANGE';
const withoutRanges = (drawn: readonly (readonly Request[])[]): Request[] => drawn.flat().filter((request) => !pointsAway(request));
const rangesOf = (drawn: readonly (readonly Request[])[]): Request[] => drawn.flat().filter(pointsAway);
