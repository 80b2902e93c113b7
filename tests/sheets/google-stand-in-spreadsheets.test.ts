import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchAs, openClients } from '../google-stand-in/client.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../google-stand-in/index.ts';
import type { Request } from '../google-stand-in/sheets/model.ts';

const office = 'office@kehou.example.com';
let google: GoogleStandIn;
let clients: ReturnType<typeof openClients>;

beforeAll(async () => {
  google = await startGoogleStandIn({ quotas: null });
  clients = openClients(google.url, office);
});
afterAll(() => google.stop());

const book = (rows: unknown[][] = []): string => {
  const id = google.people.createSpreadsheet(office, '一小');
  if (rows.length) google.people.editCells(id, office, 'Sheet1!A1', rows, true);
  return id;
};
const get = async (spreadsheetId: string, options: object = {}) => (await clients.sheets.spreadsheets.get({ spreadsheetId, ...options })).data;
const batch = async (spreadsheetId: string, ...requests: Request[]) =>
  (await clients.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data.replies ?? [];

describe('a new spreadsheet', () => {
  test('has one sheet Sheet1 with id 0, 1000 rows and 26 columns', async () => {
    const { data } = await clients.sheets.spreadsheets.create({ requestBody: { properties: { title: '一小' } } });
    expect(data.sheets?.map((sheet) => sheet.properties)).toEqual([
      { sheetId: 0, title: 'Sheet1', index: 0, sheetType: 'GRID', gridProperties: { rowCount: 1000, columnCount: 26 } },
    ]);
    expect(data.properties).toMatchObject({ title: '一小', locale: 'en_US', timeZone: 'Asia/Shanghai', autoRecalc: 'ON_CHANGE' });
    expect(data.spreadsheetUrl).toContain(data.spreadsheetId);
  });

  test('may be given its tabs, with cells in them', async () => {
    const rowData = [{ values: [{ userEnteredValue: { stringValue: '姓名' } }, { userEnteredValue: { numberValue: 1 } }] }];
    const sheet = { properties: { title: '学生', gridProperties: { rowCount: 5, columnCount: 3 } }, data: [{ startRow: 1, rowData }] };
    const { data } = await clients.sheets.spreadsheets.create({ requestBody: { sheets: [sheet, { properties: { title: '社团' } }] } });
    expect(data.sheets?.map((one) => one.properties?.title)).toEqual(['学生', '社团']);
    expect(google.people.shown(data.spreadsheetId ?? '', '学生')).toEqual([
      ['', ''],
      ['姓名', '1'],
    ]);
  });

  test('follows its account: another first title, language and zone', async () => {
    const chinese = await startGoogleStandIn({ firstTitle: '工作表1', locale: 'zh_CN' });
    const { data } = await openClients(chinese.url, office).sheets.spreadsheets.create({ requestBody: {} });
    await chinese.stop();
    expect([data.sheets?.[0]?.properties?.title, data.properties?.locale]).toEqual(['工作表1', 'zh_CN']);
  });
});

describe('field masks and grid data', () => {
  test('no grid data unless asked for', async () => {
    expect((await get(book([['a']]))).sheets?.[0]).not.toHaveProperty('data');
  });

  test('includeGridData gives what was entered, what it amounts to, how it shows, and the metadata of every row', async () => {
    const id = book();
    google.people.editCells(id, office, 'Sheet1!A1', [['=1+1']]);
    const data = (await get(id, { includeGridData: true })).sheets?.[0]?.data?.[0];
    expect(data?.rowData?.[0]?.values?.[0]).toMatchObject({
      userEnteredValue: { formulaValue: '=1+1' },
      effectiveValue: { numberValue: 2 },
      formattedValue: '2',
      effectiveFormat: { verticalAlignment: 'BOTTOM' },
    });
    expect([data?.rowMetadata?.length, data?.columnMetadata?.length, data?.rowMetadata?.[0]]).toEqual([1000, 26, { pixelSize: 21 }]);
  });

  test.each([
    ['False', false],
    ['True', true],
  ])('includeGridData=%s, as Python writes it, is understood', async (word, there) => {
    const response = await fetchAs(google.url, office, 'GET', `/v4/spreadsheets/${book([['a']])}?includeGridData=${word}`);
    const { sheets } = (await response.json()) as { sheets: object[] };
    expect('data' in (sheets[0] ?? {})).toBe(there);
  });

  test.each(['sheets.properties.title', 'sheets/properties/title', 'sheets(properties(title))', 'sheets(properties.title)'])(
    '%s gives the titles only',
    async (fields) => {
      expect(await get(book(), { fields })).toEqual({ sheets: [{ properties: { title: 'Sheet1' } }] });
    },
  );

  test('a mask decides alone about grid data', async () => {
    const id = book([['a']]);
    expect(await get(id, { fields: 'sheets.properties.sheetId', includeGridData: true })).toEqual({ sheets: [{ properties: { sheetId: 0 } }] });
    expect(await get(id, { fields: 'sheets.data.rowData.values.formattedValue' })).toEqual({
      sheets: [{ data: [{ rowData: [{ values: [{ formattedValue: 'a' }] }] }] }],
    });
    expect((await get(id, { fields: '*' })).sheets?.[0]?.data?.[0]?.rowData).toHaveLength(1);
  });

  test('a mask that meets nothing gives {}, and inside lists the empty shells stay', async () => {
    const id = book();
    expect(await get(id, { fields: 'namedRanges' })).toEqual({});
    expect(await get(id, { fields: 'sheets.properties.tabColor' })).toEqual({ sheets: [{ properties: {} }] });
    expect(await get(id, { fields: 'sheets.data.rowData' })).toEqual({ sheets: [{ data: [{}] }] });
  });

  test('inside rowData an empty row is {}, and empty rows at the end are dropped', async () => {
    const id = book([['a'], [], ['b'], ['']]);
    const rowData = (await get(id, { fields: 'sheets.data.rowData.values.formattedValue' })).sheets?.[0]?.data?.[0]?.rowData;
    expect(rowData).toEqual([{ values: [{ formattedValue: 'a' }] }, {}, { values: [{ formattedValue: 'b' }] }]);
  });

  test('with ranges only the sheets they touch are given, with the cells asked for and where they start', async () => {
    const id = book([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await batch(id, { addSheet: { properties: { title: '二' } } });
    const answer = await get(id, {
      ranges: ['Sheet1!B2:C3'],
      fields: 'sheets(properties.title,data(startRow,startColumn,rowData.values.formattedValue))',
    });
    expect(answer).toEqual({
      sheets: [{ properties: { title: 'Sheet1' }, data: [{ startRow: 1, startColumn: 1, rowData: [{ values: [{ formattedValue: 'd' }] }] }] }],
    });
  });

  test('getByDataFilter gives the sheets a filter meets', async () => {
    const id = book([['a']]);
    await batch(id, { addSheet: { properties: { title: '二', sheetId: 7 } } });
    const requestBody = { dataFilters: [{ gridRange: { sheetId: 7 } }] };
    const { data } = await clients.sheets.spreadsheets.getByDataFilter({ spreadsheetId: id, requestBody });
    expect(data.sheets?.map((sheet) => sheet.properties?.sheetId)).toEqual([7]);
  });
});

describe('sheet id 0', () => {
  test('stands in the properties of the sheet and is left out of every range', async () => {
    const id = book();
    const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 2, startColumnIndex: 0, endColumnIndex: 2 };
    await batch(
      id,
      { addNamedRange: { namedRange: { name: '名册', range } } },
      { addProtectedRange: { protectedRange: { range } } },
      { mergeCells: { range, mergeType: 'MERGE_ALL' } },
      { setBasicFilter: { filter: { range } } },
      {
        createDeveloperMetadata: {
          developerMetadata: {
            metadataKey: 'k',
            visibility: 'DOCUMENT',
            location: { dimensionRange: { sheetId: 0, dimension: 'ROWS', startIndex: 0, endIndex: 1 } },
          },
        },
      },
    );
    const answer = await get(id, { includeGridData: true });
    const sheet = answer.sheets?.[0];
    const { sheetId: _id, ...without } = range;
    expect(sheet?.properties?.sheetId).toBe(0);
    expect(answer.namedRanges?.[0]?.range).toEqual(without);
    expect([sheet?.protectedRanges?.[0]?.range, sheet?.merges?.[0], sheet?.basicFilter?.range]).toEqual([without, without, without]);
    expect(sheet?.data?.[0]?.rowMetadata?.[0]?.developerMetadata?.[0]?.location).toEqual({
      locationType: 'ROW',
      dimensionRange: { dimension: 'ROWS', startIndex: 0, endIndex: 1 },
    });
  });

  test('is the default of a range that names no sheet', async () => {
    const id = book();
    await batch(id, {
      updateCells: {
        range: { endRowIndex: 1, endColumnIndex: 1 },
        rows: [{ values: [{ userEnteredValue: { stringValue: 'x' } }] }],
        fields: 'userEnteredValue',
      },
    });
    expect(google.people.shown(id, 'Sheet1')).toEqual([['x']]);
  });
});

test('colours are kept in 8 bits, zero parts are left out, and the old and the new field are both answered', async () => {
  const id = book();
  await batch(id, { updateSheetProperties: { properties: { sheetId: 0, tabColor: { red: 0.5, green: 0, blue: 1 } }, fields: 'tabColor' } });
  const cell = { userEnteredFormat: { backgroundColorStyle: { rgbColor: { green: 0.5 } } } };
  await batch(id, {
    repeatCell: { range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 }, cell, fields: 'userEnteredFormat.backgroundColorStyle' },
  });
  const sheet = (await get(id, { includeGridData: true })).sheets?.[0];
  const kept = { red: 0.49803922, blue: 1 };
  expect(sheet?.properties).toMatchObject({ tabColor: kept, tabColorStyle: { rgbColor: kept } });
  expect(sheet?.data?.[0]?.rowData?.[0]?.values?.[0]?.userEnteredFormat).toEqual({
    backgroundColor: { green: 0.49803922 },
    backgroundColorStyle: { rgbColor: { green: 0.49803922 } },
  });
});

test('a colour is changed and cleared by either of its two names', async () => {
  const id = book(['a'].map((one) => [one]));
  const paint = (fields: string, format: object) =>
    batch(id, { repeatCell: { range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 }, cell: { userEnteredFormat: format }, fields } });
  const format = async () =>
    (await get(id, { fields: 'sheets.data.rowData.values.userEnteredFormat' })).sheets?.[0]?.data?.[0]?.rowData?.[0]?.values?.[0]?.userEnteredFormat;
  await paint('userEnteredFormat.backgroundColorStyle', { backgroundColorStyle: { rgbColor: { red: 1 } } });
  await paint('userEnteredFormat.backgroundColor', { backgroundColor: { green: 0.9 } });
  await paint('userEnteredFormat.textFormat.bold', { textFormat: { bold: true } });
  const kept = { green: 0.89803922 };
  expect(await format()).toEqual({ backgroundColor: kept, backgroundColorStyle: { rgbColor: kept }, textFormat: { bold: true } });
  await paint('userEnteredFormat.backgroundColor', {});
  expect(await format()).toEqual({ textFormat: { bold: true } });
});

test('frozen rows are set and, with zero, set free', async () => {
  const id = book();
  const freeze = (frozenRowCount: number) =>
    batch(id, { updateSheetProperties: { properties: { sheetId: 0, gridProperties: { frozenRowCount } }, fields: 'gridProperties.frozenRowCount' } });
  await freeze(2);
  expect((await get(id)).sheets?.[0]?.properties?.gridProperties).toEqual({ rowCount: 1000, columnCount: 26, frozenRowCount: 2 });
  await freeze(0);
  expect((await get(id)).sheets?.[0]?.properties?.gridProperties).toEqual({ rowCount: 1000, columnCount: 26 });
});

test('a sheet is copied into another spreadsheet, with its cells, under the name Copy of …', async () => {
  const from = book([['a', 'b']]);
  const to = book();
  const { data } = await clients.sheets.spreadsheets.sheets.copyTo({
    spreadsheetId: from,
    sheetId: 0,
    requestBody: { destinationSpreadsheetId: to },
  });
  expect(data).toMatchObject({ title: 'Copy of Sheet1', index: 1 });
  expect(google.people.shown(to, 'Copy of Sheet1')).toEqual([['a', 'b']]);
});

describe('developer metadata', () => {
  const on = (place: object, metadataKey: string, metadataValue: string, more: object = {}) => ({
    createDeveloperMetadata: { developerMetadata: { metadataKey, metadataValue, visibility: 'DOCUMENT', location: place, ...more } },
  });
  const row = (index: number) => ({ dimensionRange: { sheetId: 0, dimension: 'ROWS', startIndex: index, endIndex: index + 1 } });
  const search = async (spreadsheetId: string, developerMetadataLookup: object) =>
    (await clients.sheets.spreadsheets.developerMetadata.search({ spreadsheetId, requestBody: { dataFilters: [{ developerMetadataLookup }] } })).data
      .matchedDeveloperMetadata ?? [];

  test('is found by key, by value, by where it is, and by its id', async () => {
    const id = book([['a'], ['b']]);
    await batch(id, on({ spreadsheet: true }, 'kehou', '1', { metadataId: 5 }), on({ sheetId: 0 }, 'table', 'students'), on(row(1), 'row', 'R1'));
    expect(await search(id, { metadataKey: 'row' })).toHaveLength(1);
    expect(await search(id, { locationType: 'SHEET' })).toMatchObject([
      { developerMetadata: { metadataValue: 'students', location: { sheetId: 0, locationType: 'SHEET' } } },
    ]);
    expect(await search(id, { metadataLocation: { sheetId: 0 } })).toHaveLength(2);
    expect((await clients.sheets.spreadsheets.developerMetadata.get({ spreadsheetId: id, metadataId: 5 })).data).toMatchObject({
      metadataKey: 'kehou',
      location: { spreadsheet: true },
    });
  });

  test('on a row moves with inserted and deleted rows, and goes with its row', async () => {
    const id = book([['a'], ['b'], ['c']]);
    await batch(id, on(row(1), 'row', 'b'), on(row(2), 'row', 'c'));
    await batch(id, { insertDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 0, endIndex: 2 } } });
    const places = async () =>
      (await search(id, { metadataKey: 'row' })).map(({ developerMetadata: one }) => [one?.metadataValue, one?.location?.dimensionRange?.startIndex]);
    expect(await places()).toEqual([
      ['b', 3],
      ['c', 4],
    ]);
    await batch(id, { deleteDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 3, endIndex: 4 } } });
    expect(await places()).toEqual([['c', 3]]);
  });

  test('stays where it was when a person sorts the rows', async () => {
    const id = book([['name'], ['b'], ['a']]);
    await batch(id, on(row(1), 'row', 'of b'));
    google.people.sortTab(id, office, 'Sheet1', 0);
    expect(google.people.shown(id, 'Sheet1')).toEqual([['name'], ['a'], ['b']]);
    expect((await search(id, { metadataKey: 'row' }))[0]?.developerMetadata?.location?.dimensionRange?.startIndex).toBe(1);
  });

  test('comes along, with another id, when its sheet is copied', async () => {
    const id = book();
    await batch(id, on(row(0), 'row', 'R1'), { duplicateSheet: { sourceSheetId: 0, newSheetName: '副本' } });
    const found = await search(id, { metadataKey: 'row' });
    expect(found.map(({ developerMetadata: one }) => one?.metadataValue)).toEqual(['R1', 'R1']);
    expect(new Set(found.map(({ developerMetadata: one }) => one?.metadataId)).size).toBe(2);
  });

  test('is changed and deleted by what describes it', async () => {
    const id = book();
    await batch(id, on({ spreadsheet: true }, 'a', '1'), on({ spreadsheet: true }, 'b', '1'));
    const dataFilters = [{ developerMetadataLookup: { metadataKey: 'a' } }];
    const [updated] = await batch(id, {
      updateDeveloperMetadata: { dataFilters, developerMetadata: { metadataValue: '2' }, fields: 'metadataValue' },
    });
    expect(updated?.updateDeveloperMetadata?.developerMetadata).toMatchObject([{ metadataKey: 'a', metadataValue: '2' }]);
    const [deleted] = await batch(id, { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataKey: 'a' } } } });
    expect(deleted?.deleteDeveloperMetadata?.deletedDeveloperMetadata).toHaveLength(1);
    expect(await search(id, { locationType: 'SPREADSHEET' })).toHaveLength(1);
  });
});
