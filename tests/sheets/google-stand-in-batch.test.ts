import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClients, refusalOf } from '../google-stand-in/client.ts';
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

/** Rows as they are drawn: `a|b` is a row, `` an empty one. */
const draw = (...lines: string[]): string[][] => lines.map((line) => (line ? line.split('|') : []));
const book = (...lines: string[]): string => {
  const id = google.people.createSpreadsheet(office, '一小');
  if (lines.length) google.people.editCells(id, office, 'Sheet1!A1', draw(...lines), true);
  return id;
};
const batch = async (spreadsheetId: string, ...requests: Request[]) =>
  (await clients.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data.replies ?? [];
const rows = async (spreadsheetId: string, range = 'Sheet1', options: object = {}): Promise<string[]> => {
  const { data } = await clients.sheets.spreadsheets.values.get({ spreadsheetId, range, ...options });
  return (data.values ?? []).map((row) => row.join('|'));
};
const sheetOf = async (spreadsheetId: string, fields = 'sheets') =>
  (await clients.sheets.spreadsheets.get({ spreadsheetId, fields })).data.sheets ?? [];
/** `area(0, 0, 2, 3)`: two rows and three columns from A1. */
const area = (startRowIndex: number, startColumnIndex: number, endRowIndex: number, endColumnIndex: number) => ({
  sheetId: 0,
  startRowIndex,
  startColumnIndex,
  endRowIndex,
  endColumnIndex,
});
const lines = (dimension: string, startIndex: number, endIndex: number) => ({ sheetId: 0, dimension, startIndex, endIndex });
const text = (stringValue: string) => ({ userEnteredValue: { stringValue } });

describe('replies', () => {
  test('stand one to one beside the requests, {} where there is nothing to say', async () => {
    const replies = await batch(
      book(),
      { updateSpreadsheetProperties: { properties: { title: '二小' }, fields: 'title' } },
      { addSheet: { properties: { title: '学生', sheetId: 7 } } },
      { setDataValidation: { range: area(0, 0, 1, 1), rule: { condition: { type: 'BOOLEAN' } } } },
    );
    expect(replies).toMatchObject([{}, { addSheet: { properties: { title: '学生', sheetId: 7, index: 1 } } }, {}]);
    expect([replies[0], replies[2]]).toEqual([{}, {}]);
  });

  test('may bring the spreadsheet along', async () => {
    const requestBody = { requests: [{ addSheet: { properties: { title: '学生' } } }], includeSpreadsheetInResponse: true };
    const { data } = await clients.sheets.spreadsheets.batchUpdate({ spreadsheetId: book(), requestBody });
    expect(data.updatedSpreadsheet?.sheets?.map((sheet) => sheet.properties?.title)).toEqual(['Sheet1', '学生']);
  });

  test('a later request sees what an earlier one did', async () => {
    const id = book();
    await batch(
      id,
      { addSheet: { properties: { title: '学生', sheetId: 7 } } },
      { appendCells: { sheetId: 7, rows: [{ values: [text('a')] }], fields: 'userEnteredValue' } },
    );
    expect(await rows(id, '学生')).toEqual(['a']);
  });
});

describe('tabs', () => {
  test('are added at a place, duplicated in front, and deleted', async () => {
    const id = book('a');
    await batch(id, { addSheet: { properties: { title: '首', index: 0 } } }, { duplicateSheet: { sourceSheetId: 0 } });
    expect((await sheetOf(id)).map((sheet) => [sheet.properties?.title, sheet.properties?.index])).toEqual([
      ['Copy of Sheet1', 0],
      ['首', 1],
      ['Sheet1', 2],
    ]);
    await batch(id, { deleteSheet: { sheetId: 0 } });
    expect(await rows(id, "'Copy of Sheet1'")).toEqual(['a']);
  });

  test('an index counts in positions before the move', async () => {
    const id = google.people.createSpreadsheet(office, '一小', { titles: ['甲', '乙', '丙'] });
    await batch(id, { updateSheetProperties: { properties: { sheetId: 0, index: 2 }, fields: 'index' } });
    expect((await sheetOf(id)).map((sheet) => sheet.properties?.title)).toEqual(['乙', '甲', '丙']);
  });

  test('a smaller grid cuts cells off; the mask leaves the other properties alone', async () => {
    const id = book('a|b|c', 'd|e|f');
    const properties = { sheetId: 0, title: 'ignored', gridProperties: { rowCount: 1, columnCount: 2, frozenRowCount: 1 } };
    await batch(id, { updateSheetProperties: { properties, fields: 'gridProperties(rowCount,columnCount)' } });
    expect(await rows(id)).toEqual(['a|b']);
    expect((await sheetOf(id))[0]?.properties?.gridProperties).toEqual({ rowCount: 1, columnCount: 2 });
  });

  test('the title of the spreadsheet is the name of the file', async () => {
    const id = book();
    await batch(id, { updateSpreadsheetProperties: { properties: { title: '实验小学' }, fields: 'title' } });
    expect((await clients.drive.files.get({ fileId: id })).data.name).toBe('实验小学');
  });
});

describe('cells', () => {
  test('updateCells clears the fields that are in the mask and not in the data', async () => {
    const id = book('a|b', 'c|d');
    await batch(id, {
      updateCells: { range: area(0, 0, 2, 2), rows: [{ values: [{ ...text('A'), note: '待改' }] }], fields: 'userEnteredValue,note' },
    });
    expect(await rows(id)).toEqual(['A']);
  });

  test('from a start cell only the cells with data are written', async () => {
    const id = book('a|b', 'c|d');
    await batch(id, {
      updateCells: { start: { sheetId: 0, rowIndex: 1, columnIndex: 1 }, rows: [{ values: [text('D')] }], fields: 'userEnteredValue' },
    });
    expect(await rows(id)).toEqual(['a|b', 'c|D']);
  });

  test('an empty note removes the note, and the value stays', async () => {
    const id = book('a');
    const note = (words: string) => ({ updateCells: { range: area(0, 0, 1, 1), rows: [{ values: [{ note: words }] }], fields: 'note' } });
    const notes = async () => (await sheetOf(id, 'sheets.data.rowData.values(note,formattedValue)'))[0]?.data?.[0]?.rowData?.[0]?.values?.[0];
    await batch(id, note('姓名缺失'));
    expect(await notes()).toEqual({ note: '姓名缺失', formattedValue: 'a' });
    await batch(id, note(''));
    expect(await notes()).toEqual({ formattedValue: 'a' });
  });

  test('more columns than the range has are refused', async () => {
    const refused = await refusalOf(
      batch(book(), { updateCells: { start: { sheetId: 0, columnIndex: 25 }, rows: [{ values: [text('a'), text('b')] }], fields: '*' } }),
    );
    expect(refused.message).toBe('Invalid requests[0].updateCells: Attempting to write column: 26, beyond the last requested column of: 25');
  });

  test('a string value is stored as it is: no apostrophe, no formula, no number', async () => {
    const id = book();
    await batch(id, { appendCells: { sheetId: 0, rows: [{ values: [text("'x"), text('=1+1'), text('0042')] }], fields: 'userEnteredValue' } });
    expect(await rows(id, 'Sheet1', { valueRenderOption: 'FORMULA' })).toEqual(["'x|=1+1|0042"]);
  });

  test('appendCells goes below the last row with data, formats are none, and grows the grid', async () => {
    const id = book('a');
    await batch(
      id,
      { updateSheetProperties: { properties: { sheetId: 0, gridProperties: { rowCount: 2, columnCount: 2 } }, fields: 'gridProperties' } },
      { repeatCell: { range: area(1, 1, 2, 2), cell: { note: 'n' }, fields: 'note' } },
      { appendCells: { sheetId: 0, rows: [{ values: [text('b')] }, { values: [text('c')] }], fields: 'userEnteredValue' } },
    );
    expect(await rows(id)).toEqual(['a', 'b', 'c']);
    expect((await sheetOf(id))[0]?.properties?.gridProperties?.rowCount).toBe(3);
  });

  test('a number format decides how a number shows', async () => {
    const id = book();
    google.people.editCells(id, office, 'Sheet1!A1', [[46266.5], [1234.5], [0.256]], true);
    const format = (row: number, type: string, pattern: string) => ({
      repeatCell: {
        range: area(row, 0, row + 1, 1),
        cell: { userEnteredFormat: { numberFormat: { type, pattern } } },
        fields: 'userEnteredFormat.numberFormat',
      },
    });
    await batch(id, format(0, 'DATE_TIME', 'yyyy-mm-dd hh:mm'), format(1, 'NUMBER', '#,##0.00'), format(2, 'PERCENT', '0.0%'));
    expect(await rows(id)).toEqual(['2026-09-01 12:00', '1,234.50', '25.6%']);
  });

  test('validation is stored and answered, and an empty rule takes it away', async () => {
    const id = book();
    const rule = {
      condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: '是' }, { userEnteredValue: '否' }] },
      strict: true,
      showCustomUi: true,
    };
    const validation = async () =>
      (await sheetOf(id, 'sheets.data.rowData.values.dataValidation'))[0]?.data?.[0]?.rowData?.[0]?.values?.[0]?.dataValidation;
    await batch(id, { setDataValidation: { range: area(0, 0, 1, 1), rule } });
    expect(await validation()).toEqual(rule);
    await batch(id, { setDataValidation: { range: area(0, 0, 1, 1) } });
    expect(await validation()).toBeUndefined();
  });

  test('borders are laid around and inside a range', async () => {
    const id = book('a|b', 'c|d');
    const solid = { style: 'SOLID' };
    await batch(id, { updateBorders: { range: area(0, 0, 2, 2), top: solid, innerVertical: solid } });
    const cells = (await sheetOf(id, 'sheets.data.rowData.values.userEnteredFormat.borders'))[0]?.data?.[0]?.rowData;
    expect(cells?.map((row) => row.values?.map((cell) => Object.keys(cell.userEnteredFormat?.borders ?? {}).toSorted()))).toEqual([
      [
        ['right', 'top'],
        ['left', 'top'],
      ],
      [['right'], ['left']],
    ]);
  });
});

describe('rows and columns', () => {
  test('inserted and deleted ones move what is below and beside', async () => {
    const id = book('a|b', 'c|d', 'e|f');
    await batch(id, { insertDimension: { range: lines('ROWS', 1, 2) } }, { insertDimension: { range: lines('COLUMNS', 1, 2) } });
    expect(await rows(id)).toEqual(['a||b', '', 'c||d', 'e||f']);
    await batch(id, { deleteDimension: { range: lines('ROWS', 0, 2) } }, { deleteDimension: { range: lines('COLUMNS', 0, 1) } });
    expect(await rows(id)).toEqual(['|d', '|f']);
    expect((await sheetOf(id))[0]?.properties?.gridProperties).toMatchObject({ rowCount: 999, columnCount: 26 });
  });

  test('merges, protections, names and filters move along, and shrink with what is deleted', async () => {
    const id = book();
    const range = area(2, 0, 6, 2);
    await batch(
      id,
      { mergeCells: { range, mergeType: 'MERGE_ALL' } },
      { addProtectedRange: { protectedRange: { range } } },
      { addNamedRange: { namedRange: { name: '名册', range } } },
      { setBasicFilter: { filter: { range } } },
      { insertDimension: { range: lines('ROWS', 0, 1) } },
      { deleteDimension: { range: lines('ROWS', 4, 6) } },
    );
    const { data } = await clients.sheets.spreadsheets.get({ spreadsheetId: id });
    const sheet = data.sheets?.[0];
    for (const moved of [sheet?.merges?.[0], sheet?.protectedRanges?.[0]?.range, sheet?.basicFilter?.range, data.namedRanges?.[0]?.range])
      expect([moved?.startRowIndex, moved?.endRowIndex]).toEqual([3, 5]);
  });

  test('a moved row takes its place among the others, counted before the move', async () => {
    const id = book('a', 'b', 'c', 'd');
    await batch(id, { moveDimension: { source: lines('ROWS', 0, 1), destinationIndex: 3 } });
    expect(await rows(id)).toEqual(['b', 'c', 'a', 'd']);
    await batch(id, { moveDimension: { source: lines('ROWS', 2, 4), destinationIndex: 0 } });
    expect(await rows(id)).toEqual(['a', 'd', 'b', 'c']);
  });

  test('hidden rows stay readable, and their width and height are kept', async () => {
    const id = book('a', 'b');
    await batch(
      id,
      { updateDimensionProperties: { range: lines('ROWS', 0, 1), properties: { hiddenByUser: true }, fields: 'hiddenByUser' } },
      { updateDimensionProperties: { range: lines('COLUMNS', 0, 1), properties: { pixelSize: 160 }, fields: 'pixelSize' } },
    );
    expect(await rows(id)).toEqual(['a', 'b']);
    const data = (await sheetOf(id, 'sheets.data(rowMetadata,columnMetadata)'))[0]?.data?.[0];
    expect([data?.rowMetadata?.[0], data?.rowMetadata?.[1], data?.columnMetadata?.[0]]).toEqual([
      { pixelSize: 21, hiddenByUser: true },
      { pixelSize: 21 },
      { pixelSize: 160 },
    ]);
    await batch(id, { autoResizeDimensions: { dimensions: lines('COLUMNS', 0, 1) } });
    expect((await sheetOf(id, 'sheets.data.columnMetadata'))[0]?.data?.[0]?.columnMetadata?.[0]).toEqual({ pixelSize: 100 });
  });

  test('inserted and deleted ranges shift only the cells beside them', async () => {
    const id = book('a|b', 'c|d');
    await batch(id, { insertRange: { range: area(0, 0, 1, 1), shiftDimension: 'ROWS' } });
    expect(await rows(id)).toEqual(['|b', 'a|d', 'c']);
    await batch(id, { deleteRange: { range: area(0, 0, 1, 1), shiftDimension: 'COLUMNS' } });
    expect(await rows(id)).toEqual(['b', 'a|d', 'c']);
  });

  test('not all rows can be deleted', async () => {
    expect((await refusalOf(batch(book(), { deleteDimension: { range: lines('ROWS', 0, 1000) } }))).message).toContain(
      "You can't delete all the rows on the sheet.",
    );
  });
});

describe('looks', () => {
  test('the value of a merge lives in its first cell, the others read empty', async () => {
    const id = book('a|b|c', 'd|e|f');
    await batch(id, { mergeCells: { range: area(0, 0, 2, 2), mergeType: 'MERGE_ROWS' } });
    expect(await rows(id)).toEqual(['a||c', 'd||f']);
    expect((await sheetOf(id))[0]?.merges).toHaveLength(2);
    expect((await refusalOf(batch(id, { unmergeCells: { range: area(0, 0, 1, 1) } }))).message).toContain(
      'You must select all cells in a merged range',
    );
    await batch(id, { unmergeCells: { range: area(0, 0, 2, 2) } });
    expect((await sheetOf(id))[0]?.merges).toBeUndefined();
  });

  test('a filter hides nothing from a reader, and can be taken away', async () => {
    const id = book('name', 'a');
    await batch(id, { setBasicFilter: { filter: { range: area(0, 0, 2, 1), criteria: { 0: { hiddenValues: ['a'] } } } } });
    expect(await rows(id)).toEqual(['name', 'a']);
    await batch(id, { clearBasicFilter: { sheetId: 0 } });
    expect((await sheetOf(id))[0]?.basicFilter).toBeUndefined();
  });

  test('rules of conditional formats are added in front, changed, moved and deleted', async () => {
    const id = book();
    const rule = (userEnteredValue: string) => ({
      ranges: [area(0, 0, 5, 1)],
      booleanRule: { condition: { type: 'TEXT_EQ', values: [{ userEnteredValue }] }, format: { backgroundColor: { red: 1 } } },
    });
    const words = async () => (await sheetOf(id))[0]?.conditionalFormats?.map((one) => one.booleanRule?.condition?.values?.[0]?.userEnteredValue);
    await batch(id, { addConditionalFormatRule: { rule: rule('有误'), index: 0 } }, { addConditionalFormatRule: { rule: rule('已收'), index: 0 } });
    expect(await words()).toEqual(['已收', '有误']);
    await batch(
      id,
      { updateConditionalFormatRule: { sheetId: 0, index: 0, newIndex: 1 } },
      { updateConditionalFormatRule: { index: 0, rule: rule('冲突') } },
    );
    expect(await words()).toEqual(['冲突', '已收']);
    await batch(id, { deleteConditionalFormatRule: { sheetId: 0, index: 0 } });
    expect(await words()).toEqual(['已收']);
  });
});

describe('carrying cells', () => {
  test('copyPaste repeats the source over a larger destination; values only carry no formulas', async () => {
    const id = book('1|2');
    google.people.editCells(id, office, 'Sheet1!C1', [['=2+3']]);
    await batch(
      id,
      { copyPaste: { source: area(0, 0, 1, 2), destination: area(1, 0, 3, 4) } },
      { copyPaste: { source: area(0, 2, 1, 3), destination: area(3, 0, 4, 1), pasteType: 'PASTE_VALUES' } },
      { copyPaste: { source: area(0, 0, 1, 2), destination: area(4, 0, 5, 1), pasteOrientation: 'TRANSPOSE' } },
    );
    expect(await rows(id, 'Sheet1', { valueRenderOption: 'FORMULA' })).toEqual(['1|2|=2+3', '1|2|1|2', '1|2|1|2', '5', '1', '2']);
  });

  test('cutPaste leaves nothing behind', async () => {
    const id = book('a|b', 'c|d');
    await batch(id, { cutPaste: { source: area(0, 0, 1, 2), destination: { sheetId: 0, rowIndex: 2, columnIndex: 1 } } });
    expect(await rows(id)).toEqual(['', 'c|d', '|a|b']);
  });

  test('sorting puts numbers before texts and empty cells last, either way round', async () => {
    const id = google.people.createSpreadsheet(office, '一小');
    google.people.editCells(
      id,
      office,
      'Sheet1!A1',
      [
        ['b', 1],
        ['', 2],
        [10, 3],
        [9, 4],
        ['a', 5],
      ],
      true,
    );
    const sort = (sortOrder: string) => ({ sortRange: { range: area(0, 0, 5, 2), sortSpecs: [{ dimensionIndex: 0, sortOrder }] } });
    await batch(id, sort('ASCENDING'));
    expect(await rows(id)).toEqual(['9|4', '10|3', 'a|5', 'b|1', '|2']);
    await batch(id, sort('DESCENDING'));
    expect(await rows(id)).toEqual(['b|1', 'a|5', '10|3', '9|4', '|2']);
  });
});

describe('formulas', () => {
  const formulas = (id: string, range = 'Sheet1') => rows(id, range, { valueRenderOption: 'FORMULA' });
  const typed = (...lines: string[]): string => {
    const id = book();
    google.people.editCells(id, office, 'Sheet1!A1', draw(...lines));
    return id;
  };

  test('copied, their references without a dollar go along, and one that leaves the sheet is lost', async () => {
    const id = typed('1|=A1+$A$1+A$1|="A1"&A1', '', '|=A1');
    await batch(
      id,
      { copyPaste: { source: area(0, 1, 1, 3), destination: area(1, 1, 2, 3) } },
      { copyPaste: { source: area(2, 1, 3, 2), destination: area(1, 0, 2, 1) } },
    );
    expect(await formulas(id)).toEqual(['1|=A1+$A$1+A$1|="A1"&A1', '=#REF!|=A2+$A$1+A$1|="A1"&A2', '|=A1']);
  });

  test('cut, they keep their references; repeated, each cell reads as if copied from the first', async () => {
    const id = typed('1|=A1');
    await batch(
      id,
      { cutPaste: { source: area(0, 1, 1, 2), destination: { sheetId: 0, rowIndex: 1, columnIndex: 2 } } },
      { repeatCell: { range: area(0, 1, 3, 2), cell: { userEnteredValue: { formulaValue: '=A1*2' } }, fields: 'userEnteredValue' } },
    );
    expect(await formulas(id)).toEqual(['1|=A1*2', '|=A2*2|=A1', '|=A3*2']);
  });

  test('sorted, they still speak of their own row', async () => {
    const id = typed('3|=A1*10', '1|=A2*10', '2|=A3*10');
    await batch(id, { sortRange: { range: area(0, 0, 3, 2), sortSpecs: [{ dimensionIndex: 0 }] } });
    expect(await formulas(id)).toEqual(['1|=A1*10', '2|=A2*10', '3|=A3*10']);
    expect(await rows(id)).toEqual(['1|10', '2|20', '3|30']);
  });

  test('they follow rows and columns that are put in, taken out and moved, from other tabs too', async () => {
    const id = typed('1', '2', '3', "=SUM(A1:A3)|=A2|=$A$3|='Sheet1'!A3|=SUM(A:A)");
    await batch(
      id,
      { addSheet: { properties: { sheetId: 7, title: '汇总' } } },
      { updateCells: { start: { sheetId: 7 }, rows: [{ values: [{ userEnteredValue: { formulaValue: '=Sheet1!A3+A3' } }] }], fields: '*' } },
      { insertDimension: { range: lines('ROWS', 1, 3) } },
    );
    expect(await formulas(id, 'Sheet1!A6:E6')).toEqual(['=SUM(A1:A5)|=A4|=$A$5|=Sheet1!A5|=SUM(A:A)']);
    expect(await formulas(id, '汇总')).toEqual(['=Sheet1!A5+A3']);
    await batch(id, { deleteDimension: { range: lines('ROWS', 3, 4) } }, { insertDimension: { range: lines('COLUMNS', 0, 1) } });
    expect(await formulas(id, 'Sheet1!B5:F5')).toEqual(['=SUM(B1:B4)|=#REF!|=$B$4|=Sheet1!B4|=SUM(B:B)']);
    await batch(id, { moveDimension: { source: lines('ROWS', 3, 4), destinationIndex: 0 } });
    expect(await formulas(id, '汇总')).toEqual(['=Sheet1!B1+A3']);
  });

  test('they follow a tab to its new name', async () => {
    const id = typed('1');
    await batch(
      id,
      { addSheet: { properties: { sheetId: 7, title: '汇总' } } },
      { updateCells: { start: { sheetId: 7 }, rows: [{ values: [{ userEnteredValue: { formulaValue: '=Sheet1!A1&"Sheet1!A1"' } }] }], fields: '*' } },
      { updateSheetProperties: { properties: { sheetId: 0, title: '三 年级' }, fields: 'title' } },
    );
    expect(await formulas(id, '汇总')).toEqual(['=\'三 年级\'!A1&"Sheet1!A1"']);
    expect(await rows(id, '汇总')).toEqual(['1Sheet1!A1']);
  });
});

test('groups of rows and columns: inside each other, folded, grown by inserted lines, and taken away in part', async () => {
  const id = book();
  const [first] = await batch(id, { addDimensionGroup: { range: lines('COLUMNS', 0, 3) } });
  const outer = { range: { dimension: 'COLUMNS', startIndex: 0, endIndex: 3 }, depth: 1 };
  expect(first).toEqual({ addDimensionGroup: { dimensionGroups: [outer] } });
  const folded = { dimensionGroup: { range: lines('COLUMNS', 1, 2), depth: 2, collapsed: true }, fields: 'collapsed' };
  await batch(
    id,
    { addDimensionGroup: { range: lines('COLUMNS', 1, 2) } },
    { updateDimensionGroup: folded },
    { insertDimension: { range: lines('COLUMNS', 2, 3) } },
  );
  expect(await sheetOf(id, 'sheets(columnGroups,rowGroups)')).toEqual([
    {
      columnGroups: [
        { range: { dimension: 'COLUMNS', startIndex: 0, endIndex: 4 }, depth: 1 },
        { range: { dimension: 'COLUMNS', startIndex: 1, endIndex: 2 }, depth: 2, collapsed: true },
      ],
    },
  ]);
  const [last] = await batch(id, { deleteDimensionGroup: { range: lines('COLUMNS', 2, 4) } });
  expect(last?.deleteDimensionGroup?.dimensionGroups?.map((group) => group.range?.endIndex)).toEqual([2, 2]);
  expect((await refusalOf(batch(id, { deleteDimensionGroup: { range: lines('COLUMNS', 2, 4) } }))).status).toBe(400);
});

describe('texts', () => {
  test('findReplace counts what it changed', async () => {
    const id = book('一班', '一班和一班', '二班');
    const [reply] = await batch(id, { findReplace: { find: '一班', replacement: '三（1）班', sheetId: 0 } });
    expect(reply?.findReplace).toEqual({ valuesChanged: 2, occurrencesChanged: 3, rowsChanged: 2, sheetsChanged: 1 });
    expect(await rows(id)).toEqual(['三（1）班', '三（1）班和三（1）班', '二班']);
  });

  test('trimWhitespace takes spaces from both ends and doubles from between', async () => {
    const id = book('  李 雷 ', 'a  b', 'c');
    const [reply] = await batch(id, { trimWhitespace: { range: area(0, 0, 3, 1) } });
    expect(reply?.trimWhitespace).toEqual({ cellsChangedCount: 2 });
    expect(await rows(id)).toEqual(['李 雷', 'a b', 'c']);
  });

  test('deleteDuplicates keeps the first of equal rows', async () => {
    const id = book('a|1', 'b|2', 'a|3', 'a|1');
    const [reply] = await batch(id, { deleteDuplicates: { range: area(0, 0, 4, 2), comparisonColumns: [lines('COLUMNS', 0, 1)] } });
    expect(reply?.deleteDuplicates).toEqual({ duplicatesRemovedCount: 2 });
    expect(await rows(id)).toEqual(['a|1', 'b|2']);
  });

  test('textToColumns splits a column', async () => {
    const id = book('李雷,三（1）班', '韩梅梅');
    await batch(id, { textToColumns: { source: area(0, 0, 2, 1), delimiterType: 'COMMA' } });
    expect(await rows(id)).toEqual(['李雷|三（1）班', '韩梅梅']);
  });
});

test('names of ranges are added, moved and deleted, and no two are the same', async () => {
  const id = book('a', 'b');
  const [added] = await batch(id, { addNamedRange: { namedRange: { name: '名册', range: area(0, 0, 1, 1) } } });
  const namedRangeId = added?.addNamedRange?.namedRange?.namedRangeId;
  expect((await refusalOf(batch(id, { addNamedRange: { namedRange: { name: '名册', range: area(0, 0, 1, 1) } } }))).status).toBe(400);
  await batch(id, { updateNamedRange: { namedRange: { namedRangeId, range: area(1, 0, 2, 1) }, fields: 'range' } });
  expect(await rows(id, '名册')).toEqual(['b']);
  await batch(id, { deleteNamedRange: { namedRangeId } });
  expect((await refusalOf(rows(id, '名册'))).message).toBe('Unable to parse range: 名册');
});
