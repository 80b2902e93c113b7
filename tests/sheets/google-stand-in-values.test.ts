import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchAs, openClients, refusalOf } from '../google-stand-in/client.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../google-stand-in/index.ts';

const office = 'office@kehou.example.com';
let google: GoogleStandIn;
let clients: ReturnType<typeof openClients>;

beforeAll(async () => {
  google = await startGoogleStandIn({ quotas: null });
  clients = openClients(google.url, office);
});
afterAll(() => google.stop());

type Rows = unknown[][];

/** A new spreadsheet with these rows in its first tab, written as they are. */
const book = async (rows: Rows = [], title = 'Sheet1'): Promise<string> => {
  const id = google.people.createSpreadsheet(office, '一小', { titles: [title] });
  if (rows.length) google.people.editCells(id, office, `'${title.replaceAll("'", "''")}'!A1`, rows, true);
  return id;
};

const values = () => clients.sheets.spreadsheets.values;
const read = async (spreadsheetId: string, range: string, options: object = {}) => (await values().get({ spreadsheetId, range, ...options })).data;
const write = async (spreadsheetId: string, range: string, rows: Rows, valueInputOption = 'RAW') =>
  (await values().update({ spreadsheetId, range, valueInputOption, requestBody: { values: rows } })).data;
const append = async (spreadsheetId: string, range: string, rows: Rows, options: object = {}) =>
  (await values().append({ spreadsheetId, range, valueInputOption: 'RAW', requestBody: { values: rows }, ...options })).data;

describe('empty cells', () => {
  test('the empty end of a row and of the sheet is cut off; a middle empty row is [] and a middle empty cell ""', async () => {
    const id = await book([['a', '', 'c', ''], [], ['x', '', ''], ['', '']]);
    expect((await read(id, 'Sheet1')).values).toEqual([['a', '', 'c'], [], ['x']]);
  });

  test('an empty range has no key "values" at all, and still names the whole range', async () => {
    const answer = await read(await book(), 'Sheet1!A1:B2');
    expect(answer).toEqual({ range: 'Sheet1!A1:B2', majorDimension: 'ROWS' });
  });

  test('a cell with only a format is empty to a reader', async () => {
    const id = await book();
    const cell = { userEnteredFormat: { textFormat: { bold: true } } };
    google.people.change(id, office, [
      { repeatCell: { range: { sheetId: 0, endRowIndex: 2, endColumnIndex: 2 }, cell, fields: 'userEnteredFormat' } },
    ]);
    expect(await read(id, 'Sheet1')).not.toHaveProperty('values');
  });
});

describe('ranges on input and on output', () => {
  test.each([
    ['Sheet1', 'Sheet1!A1:Z1000'],
    ['A1:B2', 'Sheet1!A1:B2'],
    ['Sheet1!A1:C', 'Sheet1!A1:C1000'],
    ['Sheet1!A:C', 'Sheet1!A1:C1000'],
    ['Sheet1!1:2', 'Sheet1!A1:Z2'],
    ['Sheet1!A5:A', 'Sheet1!A5:A1000'],
    ['Sheet1!D4:A1', 'Sheet1!A1:D4'],
    ['Sheet1!B1:B1', 'Sheet1!B1'],
    ['Sheet1!$B$2', 'Sheet1!B2'],
    ['Sheet1!R2C3', 'Sheet1!C2'],
    ['Sheet1!R1C1:R2C2', 'Sheet1!A1:B2'],
    ['Sheet1!A990:B2000', 'Sheet1!A990:B1000'],
    ["'Sheet1'!C:ZZ", 'Sheet1!C1:Z1000'],
  ])('%s is answered as %s', async (asked, answered) => {
    expect((await read(await book(), asked)).range).toBe(answered);
  });

  test.each([
    ['D3', "'D3'!A1:Z1000"],
    ['客户', "'客户'!A1:Z1000"],
    ["小明's", "'小明''s'!A1:Z1000"],
    ['a/b:c!d?e#f', "'a/b:c!d?e#f'!A1:Z1000"],
    ['x:append', "'x:append'!A1:Z1000"],
  ])('a tab called %s is found by its quoted title and written %s', async (title, answered) => {
    const id = await book([['1']], title);
    const answer = await read(id, `'${title.replaceAll("'", "''")}'`);
    expect(answer).toEqual({ range: answered, majorDimension: 'ROWS', values: [['1']] });
  });

  test('a title that ends in :append can be appended to: only the suffix that is not encoded counts', async () => {
    const id = await book([['a']], 'x:append');
    expect((await append(id, "'x:append'", [['b']])).updates?.updatedRange).toBe("'x:append'!A2");
    expect((await read(id, "'x:append'")).values).toEqual([['a'], ['b']]);
  });

  test('a tab called H7, written without quotes, is a cell of the first sheet: an empty answer and no error', async () => {
    const id = await book();
    google.people.change(id, office, [{ addSheet: { properties: { title: 'H7' } } }]);
    google.people.editCells(id, office, "'H7'!A1", [['1']]);
    expect(await read(id, 'H7')).toEqual({ range: 'Sheet1!H7', majorDimension: 'ROWS' });
    expect((await read(id, "'H7'")).values).toEqual([['1']]);
  });

  test('a range without a tab is one of the first tab that can be seen', async () => {
    const id = google.people.createSpreadsheet(office, '一小', { titles: ['藏', '学生'] });
    google.people.change(id, office, [{ updateSheetProperties: { properties: { sheetId: 0, hidden: true }, fields: 'hidden' } }]);
    expect((await read(id, 'A1:B2')).range).toBe("'学生'!A1:B2");
  });

  test('a named range is a range, alone or behind its tab', async () => {
    const id = await book([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 2, startColumnIndex: 1, endColumnIndex: 2 };
    google.people.change(id, office, [{ addNamedRange: { namedRange: { name: '姓名列', range } } }]);
    expect((await read(id, '姓名列')).values).toEqual([['b'], ['d']]);
    expect((await read(id, 'Sheet1!姓名列')).range).toBe('Sheet1!B1:B2');
  });

  test('columns first: transposed, and each column cut at its end', async () => {
    const id = await book([
      ['a', 'b', 'c'],
      ['d', '', 'f'],
    ]);
    expect((await read(id, 'Sheet1', { majorDimension: 'COLUMNS' })).values).toEqual([['a', 'd'], ['b'], ['c', 'f']]);
  });

  test('batchGet keeps the order of its ranges', async () => {
    const id = await book([['a', 'b']]);
    const { data } = await values().batchGet({ spreadsheetId: id, ranges: ['Sheet1!B1', 'Sheet1!A1', 'Sheet1!C1'] });
    expect(data.valueRanges?.map((one) => [one.range, one.values])).toEqual([
      ['Sheet1!B1', [['b']]],
      ['Sheet1!A1', [['a']]],
      ['Sheet1!C1', undefined],
    ]);
  });
});

describe('what is read is not what was written', () => {
  const typed = [['0042', '2020-01-01', '= 1 / 1024', '2,000,000.01', '3_1_0', 'a\nb', '10%', 'TRUE', '7e30', "'0042", "''x"]];

  test('as typed: leading zeros go, dates and formulas are read, an apostrophe forces text', async () => {
    const id = await book();
    await write(id, 'Sheet1!A1', typed, 'USER_ENTERED');
    const formatted = ['42', '2020-01-01', '0.0009765625', '2,000,000.01', '3_1_0', 'a\nb', '10%', 'TRUE', '7.00E+30', '0042', "'x"];
    expect((await read(id, 'Sheet1')).values).toEqual([formatted]);
    const plain = [42, 43831, 1 / 1024, 2000000.01, '3_1_0', 'a\nb', 0.1, true, 7e30, '0042', "'x"];
    expect((await read(id, 'Sheet1', { valueRenderOption: 'UNFORMATTED_VALUE' })).values).toEqual([plain]);
  });

  test('FORMULA gives the formula, and a date as its serial number', async () => {
    const id = await book();
    await write(id, 'Sheet1!A1', [['=1+1', '2020-01-01', 'x']], 'USER_ENTERED');
    expect((await read(id, 'Sheet1', { valueRenderOption: 'FORMULA' })).values).toEqual([['=1+1', 43831, 'x']]);
  });

  test('unformatted with dates as text: numbers as numbers, dates as they show', async () => {
    const id = await book();
    await write(id, 'Sheet1!A1', [['2020-01-01', '12']], 'USER_ENTERED');
    const options = { valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'FORMATTED_STRING' };
    expect((await read(id, 'Sheet1!A1:B1', options)).values).toEqual([['2020-01-01', 12]]);
  });

  test('a number that was formatted reads as text by default: 1 becomes "1"', async () => {
    const id = await book([[1, true, '1']]);
    expect((await read(id, 'Sheet1')).values).toEqual([['1', 'TRUE', '1']]);
    expect((await read(id, 'Sheet1', { valueRenderOption: 'UNFORMATTED_VALUE' })).values).toEqual([[1, true, '1']]);
  });

  test('RAW stores as given: texts of digits, formulas and apostrophes stay texts', async () => {
    const id = await book([['0042', '=1+1', "'x", '2020-01-01', '+86']]);
    expect((await read(id, 'Sheet1', { valueRenderOption: 'FORMULA' })).values).toEqual([['0042', '=1+1', "'x", '2020-01-01', '+86']]);
  });

  test('a cell formatted as text parses nothing that is typed into it', async () => {
    const id = await book();
    const cell = { userEnteredFormat: { numberFormat: { type: 'TEXT' } } };
    google.people.change(id, office, [{ repeatCell: { range: { sheetId: 0, endColumnIndex: 1 }, cell, fields: 'userEnteredFormat.numberFormat' } }]);
    await write(id, 'Sheet1!A1', [['0042', '0042']], 'USER_ENTERED');
    expect((await read(id, 'Sheet1')).values).toEqual([['0042', '42']]);
  });

  test('a typed + begins a formula, as text from outside may', async () => {
    const id = await book();
    await write(id, 'Sheet1!A1', [['+A2', '=IMPORTXML("http://x","//a")']], 'USER_ENTERED');
    expect((await read(id, 'Sheet1', { valueRenderOption: 'FORMULA' })).values).toEqual([['=+A2', '=IMPORTXML("http://x","//a")']]);
    expect((await read(id, 'Sheet1')).values).toEqual([['0', '#NAME?']]);
  });

  test('small formulas are reckoned, and a circle or a division by zero shows as an error', async () => {
    const id = await book([[1], [2], ['x']]);
    await write(id, 'Sheet1!B1', [['=SUM(A:A)'], ['=A1&"-"&A3'], ['=A1/0'], ['=B4'], ['=COUNTA(A1:A3)*2'], ['=Nope!A1']], 'USER_ENTERED');
    expect((await read(id, 'Sheet1!B1:B6')).values).toEqual([['3'], ['1-x'], ['#DIV/0!'], ['#REF!'], ['6'], ['#REF!']]);
  });

  test('in a Chinese spreadsheet 2026年9月1日 is a date, and times are fractions of a day', async () => {
    const id = await book();
    google.people.change(id, office, [{ updateSpreadsheetProperties: { properties: { locale: 'zh_CN' }, fields: 'locale' } }]);
    await write(id, 'Sheet1!A1', [['2026年9月1日', '2026/9/1 16:30', '6:00']], 'USER_ENTERED');
    expect((await read(id, 'Sheet1')).values).toEqual([['2026年9月1日', '2026/9/1 16:30', '6:00']]);
    expect((await read(id, 'Sheet1', { valueRenderOption: 'UNFORMATTED_VALUE' })).values).toEqual([[46266, 46266.6875, 0.25]]);
  });
});

describe('writing', () => {
  test('null leaves a cell as it is, "" clears it, a short row leaves the rest of the row', async () => {
    const id = await book([['a', 'b', 'c', 'd']]);
    const answer = await write(id, 'Sheet1!A1', [[null, '', 'C']]);
    expect((await read(id, 'Sheet1')).values).toEqual([['a', '', 'C', 'd']]);
    expect(answer).toEqual({ spreadsheetId: id, updatedRange: 'Sheet1!A1:C1', updatedRows: 1, updatedColumns: 2, updatedCells: 2 });
  });

  test('updatedRange covers the data and not the range that was asked for', async () => {
    expect((await write(await book(), 'Sheet1!A1:B2', [['a', 'b']])).updatedRange).toBe('Sheet1!A1:B1');
  });

  test('what was written can be read back in the same answer', async () => {
    const { data } = await values().update({
      spreadsheetId: await book(),
      range: 'Sheet1!A1',
      valueInputOption: 'USER_ENTERED',
      includeValuesInResponse: true,
      responseValueRenderOption: 'UNFORMATTED_VALUE',
      requestBody: { values: [['0042']] },
    });
    expect(data.updatedData).toEqual({ range: 'Sheet1!A1', majorDimension: 'ROWS', values: [[42]] });
  });

  test('one cell is only an anchor; a larger range must not be overstepped', async () => {
    const id = await book();
    await write(id, 'Sheet1!B2', [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect((await refusalOf(write(id, 'Sheet1!A3:L113', [Array(13).fill('x')]))).message).toBe(
      'Requested writing within range [Sheet1!A3:L113], but tried writing to column [M]',
    );
    expect((await refusalOf(write(id, 'Sheet1!A1:B2', [['x'], ['x'], ['x']]))).message).toBe(
      'Requested writing within range [Sheet1!A1:B2], but tried writing to row [3]',
    );
    expect((await read(id, 'Sheet1')).values).toEqual([[], ['', 'a', 'b'], ['', 'c', 'd']]);
  });

  test('update does not grow the grid; append does', async () => {
    const id = await book();
    expect((await refusalOf(write(id, 'Sheet1!A1000', [['a'], ['b']]))).message).toContain('exceeds grid limits. Max rows: 1000, max columns: 26');
    await write(id, 'Sheet1!A1000', [['last']]);
    expect((await append(id, 'Sheet1', [['next']])).updates?.updatedRange).toBe('Sheet1!A1001');
    expect((await read(id, 'Sheet1')).range).toBe('Sheet1!A1:Z1001');
  });

  test('values:batchUpdate writes all or nothing, and names the bad one', async () => {
    const id = await book();
    const data = [
      { range: 'Sheet1!A1', values: [['a']] },
      { range: 'Nope!A1', values: [['b']] },
    ];
    const refused = await refusalOf(values().batchUpdate({ spreadsheetId: id, requestBody: { valueInputOption: 'RAW', data } }));
    expect(refused.message).toBe('Invalid data[1]: Unable to parse range: Nope!A1');
    expect(await read(id, 'Sheet1')).not.toHaveProperty('values');
  });

  test('values:batchUpdate counts rows, columns, cells and sheets over all its ranges', async () => {
    const id = await book();
    const data = [
      { range: 'Sheet1!A1:B1', values: [['a', 'b']] },
      { range: 'Sheet1!A1:A2', majorDimension: 'COLUMNS', values: [['c', 'd']] },
    ];
    const { data: answer } = await values().batchUpdate({ spreadsheetId: id, requestBody: { valueInputOption: 'RAW', data } });
    expect(answer).toMatchObject({ totalUpdatedRows: 2, totalUpdatedColumns: 2, totalUpdatedCells: 4, totalUpdatedSheets: 1 });
    expect(answer.responses?.map((one) => one.updatedRange)).toEqual(['Sheet1!A1:B1', 'Sheet1!A1:A2']);
  });

  test('clear keeps the formats, and clearing an empty range answers the same', async () => {
    const id = await book();
    await write(id, 'Sheet1!A1', [['10%']], 'USER_ENTERED');
    for (const _again of [1, 2])
      expect((await values().clear({ spreadsheetId: id, range: 'Sheet1!A1:B2' })).data).toEqual({ spreadsheetId: id, clearedRange: 'Sheet1!A1:B2' });
    await write(id, 'Sheet1!A1', [[0.5]]);
    expect((await read(id, 'Sheet1')).values).toEqual([['50%']]);
  });

  test('batchClear clears every range it names', async () => {
    const id = await book([['a', 'b', 'c']]);
    const { data } = await values().batchClear({ spreadsheetId: id, requestBody: { ranges: ['Sheet1!A1', 'Sheet1!C:C'] } });
    expect(data.clearedRanges).toEqual(['Sheet1!A1', 'Sheet1!C1:C1000']);
    expect((await read(id, 'Sheet1')).values).toEqual([['', 'b']]);
  });
});

describe('append looks for a table', () => {
  test('after a, blank, c the last table of the sheet is C1, and rows go to C2', async () => {
    const id = await book([['a', '', 'c']]);
    const answer = await append(id, 'Sheet1', [['1', '2', '3']]);
    expect([answer.tableRange, answer.updates?.updatedRange]).toEqual(['Sheet1!C1', 'Sheet1!C2:E2']);
  });

  test('asked at A1, it finds the table A1 and writes below it', async () => {
    const id = await book([['a', '', 'c']]);
    const answer = await append(id, 'Sheet1!A1', [['1', '2', '3']]);
    expect([answer.tableRange, answer.updates?.updatedRange]).toEqual(['Sheet1!A1', 'Sheet1!A2:C2']);
  });

  test('without a table there is no tableRange, and rows go to the start of the range', async () => {
    const answer = await append(await book(), 'Sheet1!B2:D4', [['1']]);
    expect(answer).not.toHaveProperty('tableRange');
    expect(answer.updates?.updatedRange).toBe('Sheet1!B2');
  });

  test('one blank cell at the start of the last row shifts what comes later to the right', async () => {
    const id = await book([['name', 'class'], [], ['', '三（2）班']]);
    expect((await append(id, 'Sheet1!A:C', [['李雷', '三（1）班']])).updates?.updatedRange).toBe('Sheet1!B4:C4');
  });

  test('OVERWRITE writes over what is below; INSERT_ROWS moves it down', async () => {
    const rows = [['a', 'x'], ['b'], [], [], ['', '', 'far']];
    const over = await book(rows);
    await append(over, 'Sheet1!A1', [['1'], ['2'], ['3', '', 'here']]);
    expect((await read(over, 'Sheet1')).values).toEqual([['a', 'x'], ['b'], ['1'], ['2'], ['3', '', 'here']]);
    const inserted = await book(rows);
    await append(inserted, 'Sheet1!A1', [['1']], { insertDataOption: 'INSERT_ROWS' });
    expect((await read(inserted, 'Sheet1')).values).toEqual([['a', 'x'], ['b'], ['1'], [], [], ['', '', 'far']]);
    expect((await read(inserted, 'Sheet1')).range).toBe('Sheet1!A1:Z1001');
  });
});

describe('data filters', () => {
  test('values are read, written and cleared by a grid range or by metadata of a column', async () => {
    const id = await book([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const place = { dimensionRange: { sheetId: 0, dimension: 'COLUMNS', startIndex: 1, endIndex: 2 } };
    const metadata = { metadataKey: 'field', metadataValue: 'class', visibility: 'DOCUMENT', location: place };
    google.people.change(id, office, [{ createDeveloperMetadata: { developerMetadata: metadata } }]);
    const byKey = { developerMetadataLookup: { metadataKey: 'field', metadataValue: 'class' } };
    const gridRange = { sheetId: 0, startRowIndex: 0, endRowIndex: 1 };
    const { data } = await values().batchGetByDataFilter({ spreadsheetId: id, requestBody: { dataFilters: [byKey, { gridRange }] } });
    expect(data.valueRanges?.map((one) => one.valueRange?.values)).toEqual([[['b'], ['d']], [['a', 'b']]]);
    await values().batchUpdateByDataFilter({
      spreadsheetId: id,
      requestBody: { valueInputOption: 'RAW', data: [{ dataFilter: byKey, values: [['B']] }] },
    });
    await values().batchClearByDataFilter({ spreadsheetId: id, requestBody: { dataFilters: [{ a1Range: 'Sheet1!A1' }] } });
    expect((await read(id, 'Sheet1')).values).toEqual([
      ['', 'B'],
      ['c', 'd'],
    ]);
  });
});

test('the answer is UTF-8 JSON and is compressed when it is large', async () => {
  const id = await book([['课后'.repeat(1000)]]);
  const response = await fetchAs(google.url, office, 'GET', `/v4/spreadsheets/${id}/values/Sheet1`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(((await response.json()) as { values: string[][] }).values[0]?.[0]).toHaveLength(2000);
});
