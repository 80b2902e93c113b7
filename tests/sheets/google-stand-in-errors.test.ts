import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchAs, openClients, refusalOf } from '../google-stand-in/client.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../google-stand-in/index.ts';
import type { Request } from '../google-stand-in/sheets/model.ts';

const office = 'office@kehou.example.com';
const school = 'school@kehou.example.com';
let google: GoogleStandIn;

beforeAll(async () => {
  google = await startGoogleStandIn({ quotas: null });
});
afterAll(() => google.stop());

const as = (user = office) => openClients(google.url, user).sheets.spreadsheets;
const book = (rows: unknown[][] = []): string => {
  const id = google.people.createSpreadsheet(office, '一小');
  if (rows.length) google.people.editCells(id, office, 'Sheet1!A1', rows, true);
  return id;
};
const batch = (spreadsheetId: string, requests: Request[], user = office) => as(user).batchUpdate({ spreadsheetId, requestBody: { requests } });
const write = (spreadsheetId: string, range: string, values: unknown[][], user = office) =>
  as(user).values.update({ spreadsheetId, range, valueInputOption: 'RAW', requestBody: { values } });
const read = (spreadsheetId: string, range: string, user = office) => as(user).values.get({ spreadsheetId, range });

describe('bad requests', () => {
  test('one bad request refuses the whole batch, and only the text says which', async () => {
    const id = book();
    const refused = await refusalOf(
      batch(id, [
        { addSheet: { properties: { title: '学生' } } },
        { updateSheetProperties: { properties: { sheetId: 99, title: 'x' }, fields: 'title' } },
      ]),
    );
    expect(refused).toMatchObject({
      status: 400,
      code: 'INVALID_ARGUMENT',
      message: 'Invalid requests[1].updateSheetProperties: No sheet with id: 99',
    });
    expect((await as().get({ spreadsheetId: id })).data.sheets).toHaveLength(1);
  });

  test('hiding or deleting the last sheet that can be seen is refused', async () => {
    const id = book();
    const hide = { updateSheetProperties: { properties: { sheetId: 0, hidden: true }, fields: 'hidden' } };
    expect((await refusalOf(batch(id, [hide]))).message).toBe(
      "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document.",
    );
    expect((await refusalOf(batch(id, [{ deleteSheet: { sheetId: 0 } }]))).message).toContain("You can't remove all the sheets in a document.");
    const one = [{ addSheet: { properties: { sheetId: 7, title: '藏', hidden: true } } }, { deleteSheet: { sheetId: 0 } }];
    expect((await refusalOf(batch(id, one))).message).toContain("You can't remove all the visible sheets in a document.");
  });

  test('a sheet added twice is refused by name, as when the first answer was lost', async () => {
    const id = book();
    await batch(id, [{ addSheet: { properties: { title: '学生' } } }]);
    expect((await refusalOf(batch(id, [{ addSheet: { properties: { title: '学生' } } }]))).message).toBe(
      'Invalid requests[0].addSheet: A sheet with the name "学生" already exists. Please enter another name.',
    );
  });

  test('a sheet protected twice is refused by name', async () => {
    const id = book();
    const protect = { addProtectedRange: { protectedRange: { range: { sheetId: 0 } } } };
    await batch(id, [protect]);
    expect((await refusalOf(batch(id, [protect]))).message).toBe(
      'Invalid requests[0].addProtectedRange: Sheet "Sheet1" already has sheet protection.',
    );
  });

  test('metadata with an id that is taken, or without visibility, is refused', async () => {
    const id = book();
    const create = (more: object) => ({
      createDeveloperMetadata: { developerMetadata: { metadataKey: 'k', location: { spreadsheet: true }, ...more } },
    });
    await batch(id, [create({ metadataId: 5, visibility: 'DOCUMENT' })]);
    expect((await refusalOf(batch(id, [create({ metadataId: 5, visibility: 'DOCUMENT' })]))).message).toContain('already exists');
    expect((await refusalOf(batch(id, [create({})]))).message).toContain('visibility');
  });

  test('a body of the wrong shape is found before the range is looked at', async () => {
    const response = await fetchAs(google.url, office, 'PUT', `/v4/spreadsheets/${book()}/values/Nope!A1?valueInputOption=RAW`, { values: ['X'] });
    const { error } = (await response.json()) as { error: { code: number; message: string; status: string; details: unknown } };
    expect(response.status).toBe(400);
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(error.message).toBe(`Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), "X"`);
    expect(error.details).toEqual([
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'data.values', description: error.message }] },
    ]);
  });

  test.each([
    ['text that is no JSON', '{'],
    ['a field that does not exist', JSON.stringify({ value: [['a']] })],
    ['a list inside a cell', JSON.stringify({ values: [[['a']]] })],
  ])('%s is refused with 400', async (_what, body) => {
    const headers = { authorization: `Bearer ${office}` };
    const response = await fetch(`${google.url}/v4/spreadsheets/${book()}/values/A1?valueInputOption=RAW`, { method: 'PUT', headers, body });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { status: string } }).error.status).toBe('INVALID_ARGUMENT');
  });

  test('valueInputOption must be given', async () => {
    const response = await fetchAs(google.url, office, 'PUT', `/v4/spreadsheets/${book()}/values/A1`, { values: [['a']] });
    expect(await response.json()).toMatchObject({ error: { code: 400, message: "'valueInputOption' is required but not specified" } });
  });

  test('a request that Google does not have is an unknown field; one that only the stand-in lacks is a loud 501', async () => {
    const id = book();
    const send = (request: object) => fetchAs(google.url, office, 'POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests: [request] });
    expect(await (await send({ addShet: {} })).json()).toMatchObject({
      error: { code: 400, message: expect.stringContaining('Unknown name "addShet" at \'requests[0]\'') },
    });
    expect((await send({ addChart: {} })).status).toBe(501);
  });

  test('a misspelt field of a mask is refused, for reading and for writing', async () => {
    const id = book();
    const reading = await refusalOf(as().get({ spreadsheetId: id, fields: 'sheets(properties(titel))' }));
    expect(reading).toMatchObject({ status: 400, message: 'Request contains an invalid argument.' });
    expect(JSON.stringify(reading.details)).toContain("Cannot find matching fields for path 'sheets.properties.titel'.");
    const writing = await refusalOf(
      batch(id, [{ repeatCell: { range: { sheetId: 0, endRowIndex: 1 }, cell: {}, fields: 'userEnteredFormat.background' } }]),
    );
    expect(writing.message).toBe('Invalid requests[0].repeatCell: Invalid field: userEnteredFormat.background');
  });

  test('fields to be changed must be named', async () => {
    const bad = { updateSheetProperties: { properties: { sheetId: 0, title: 'x' } } };
    expect((await refusalOf(batch(book(), [bad]))).message).toContain("At least one field must be listed in 'fields'.");
  });
});

describe('ranges that are not there', () => {
  test('a renamed tab is 400 and not 404', async () => {
    const id = book([['a']]);
    google.people.renameTab(id, office, 'Sheet1', '学生名单');
    expect(await refusalOf(read(id, 'Sheet1!A1:B2'))).toMatchObject({
      status: 400,
      code: 'INVALID_ARGUMENT',
      message: 'Unable to parse range: Sheet1!A1:B2',
    });
  });

  test.each(['Sheet1!A1:[5', "'Sheet1!A1", 'Sheet1!A0', 'A:5', ''])('%j cannot be parsed', async (range) => {
    const response = await fetchAs(google.url, office, 'GET', `/v4/spreadsheets/${book()}/values:batchGet?ranges=${encodeURIComponent(range)}`);
    expect(await response.json()).toMatchObject({ error: { code: 400, message: `Unable to parse range: ${range}` } });
  });

  test('a range that begins outside the grid is refused, for reading and for writing', async () => {
    const id = book();
    const message = 'Range (Sheet1!AA1) exceeds grid limits. Max rows: 1000, max columns: 26';
    expect(await refusalOf(read(id, 'Sheet1!AA1'))).toMatchObject({ status: 400, message });
    expect(await refusalOf(write(id, 'Sheet1!AA1', [['a']]))).toMatchObject({ status: 400, message });
  });
});

describe('limits', () => {
  test('a cell takes 50000 characters and no more; the whole request is refused', async () => {
    const id = book();
    await write(id, 'Sheet1!A1', [['好'.repeat(50_000)]]);
    expect((await refusalOf(write(id, 'Sheet1!A2', [['x', 'x'.repeat(50_001)]]))).message).toBe(
      'Your input contains more than the maximum of 50000 characters in a single cell.',
    );
    expect(google.people.shown(id, 'Sheet1')).toHaveLength(1);
  });

  test('a workbook holds 10000000 cells, checked after every request in its order', async () => {
    const id = book();
    google.people.fillCells(id, 10_000_000 - 26);
    await batch(id, [{ appendDimension: { sheetId: 0, dimension: 'ROWS', length: 1 } }]);
    const legalInTheEnd = [
      { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 1 } },
      { deleteDimension: { range: { sheetId: 0, dimension: 'COLUMNS', startIndex: 20, endIndex: 26 } } },
    ];
    const { message } = await refusalOf(batch(id, legalInTheEnd));
    expect(message).toBe(
      'Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
    );
    await batch(id, legalInTheEnd.toReversed());
  });

  test('a tab has at most 18278 columns', async () => {
    const wide = { appendDimension: { sheetId: 0, dimension: 'COLUMNS', length: 18_278 } };
    const lower = { deleteDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 1, endIndex: 1000 } } };
    expect((await refusalOf(batch(book(), [lower, wide]))).message).toContain('18278 columns');
  });

  test('a title has at most 100 characters', async () => {
    expect((await refusalOf(batch(book(), [{ addSheet: { properties: { title: '长'.repeat(101) } } }]))).status).toBe(400);
  });
});

describe('protections', () => {
  const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 1 };
  const protectedBook = async (protectedRange: object = {}): Promise<string> => {
    const id = book([['行号', '姓名']]);
    google.people.share(id, school, 'writer');
    await batch(id, [{ addProtectedRange: { protectedRange: { range, ...protectedRange } } }]);
    return id;
  };

  test('a protected cell is 400 and not 403, and nothing of the write is done', async () => {
    const id = await protectedBook();
    const refused = await refusalOf(write(id, 'Sheet1!A1', [['x'], ['y']], school));
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_ARGUMENT' });
    expect(refused.message).toContain('You are trying to edit a protected cell or object.');
    expect(google.people.shown(id, 'Sheet1')).toEqual([['行号', '姓名']]);
    await write(id, 'Sheet1!A2', [['y']], school);
  });

  test('the reply has no editors, a later get lists them, and the caller cannot claim to be one', async () => {
    const id = book();
    google.people.share(id, school, 'writer');
    const protectedRange = { range, editors: { users: [office] }, requestingUserCanEdit: false };
    const reply = (await batch(id, [{ addProtectedRange: { protectedRange } }])).data.replies?.[0]?.addProtectedRange?.protectedRange;
    expect(reply).toMatchObject({ editors: {}, requestingUserCanEdit: true });
    const seenBy = async (user: string) => (await as(user).get({ spreadsheetId: id })).data.sheets?.[0]?.protectedRanges?.[0];
    expect((await seenBy(office))?.editors).toEqual({ users: [office] });
    expect(await seenBy(school)).not.toHaveProperty('requestingUserCanEdit');
  });

  test('the owner is never kept out, nor is whoever made the protection', async () => {
    const id = book();
    google.people.share(id, school, 'writer');
    await batch(id, [{ addProtectedRange: { protectedRange: { range } } }], school);
    google.people.share(id, 'other@kehou.example.com', 'writer');
    expect((await refusalOf(write(id, 'Sheet1!A1', [['x']], 'other@kehou.example.com'))).status).toBe(400);
    await write(id, 'Sheet1!A1', [['a']], school);
    await write(id, 'Sheet1!A1', [['b']], office);
    expect(google.people.shown(id, 'Sheet1')).toEqual([['b']]);
  });

  test('a warning keeps nobody out, and takes no editors', async () => {
    const id = await protectedBook({ warningOnly: true });
    await write(id, 'Sheet1!A1', [['x']], school);
    const bad = { addProtectedRange: { protectedRange: { range: { sheetId: 0 }, warningOnly: true, editors: { users: [school] } } } };
    expect((await refusalOf(batch(id, [bad]))).message).toContain('ProtectedRange is warningOnly. Editors cannot be set on it.');
  });

  test('a protected sheet may have open ranges', async () => {
    const id = book();
    google.people.share(id, school, 'writer');
    const open = { sheetId: 0, startRowIndex: 1, startColumnIndex: 1 };
    await batch(id, [{ addProtectedRange: { protectedRange: { range: { sheetId: 0 }, unprotectedRanges: [open] } } }]);
    await write(id, 'Sheet1!B2', [['x']], school);
    expect((await refusalOf(write(id, 'Sheet1!A2', [['x', 'y']], school))).status).toBe(400);
  });

  test('only those who may edit it may lift or change a protection', async () => {
    const id = await protectedBook();
    const protectedRangeId = (await as().get({ spreadsheetId: id })).data.sheets?.[0]?.protectedRanges?.[0]?.protectedRangeId;
    expect((await refusalOf(batch(id, [{ deleteProtectedRange: { protectedRangeId } }], school))).status).toBe(400);
    await batch(id, [{ updateProtectedRange: { protectedRange: { protectedRangeId, editors: { users: [school] } }, fields: 'editors' } }]);
    await batch(id, [{ deleteProtectedRange: { protectedRangeId } }], school);
    expect((await refusalOf(batch(id, [{ deleteProtectedRange: { protectedRangeId } }]))).message).toBe(
      `Invalid requests[0].deleteProtectedRange: No protected range with id: ${protectedRangeId}`,
    );
  });
});

describe('who may do what', () => {
  test('a file that is not shared is 403, one that is not there 404', async () => {
    const id = book();
    expect(await refusalOf(read(id, 'A1', school))).toMatchObject({
      status: 403,
      code: 'PERMISSION_DENIED',
      message: 'The caller does not have permission',
    });
    expect(await refusalOf(read('nope', 'A1'))).toMatchObject({ status: 404, code: 'NOT_FOUND', message: 'Requested entity was not found.' });
    google.people.deleteFile(id);
    expect(await refusalOf(read(id, 'A1'))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  test('whoever may only read is refused with 403 when writing', async () => {
    const id = book([['a']]);
    google.people.share(id, school, 'reader');
    expect((await read(id, 'A1', school)).data.values).toEqual([['a']]);
    expect(await refusalOf(write(id, 'A1', [['b']], school))).toMatchObject({ status: 403, code: 'PERMISSION_DENIED' });
  });

  test('without a token that is known the answer is 401', async () => {
    for (const authorization of ['', 'Bearer ya29.unknown', 'Basic x'])
      expect(await (await fetch(`${google.url}/v4/spreadsheets/${book()}`, { headers: { authorization } })).json()).toMatchObject({
        error: { code: 401, status: 'UNAUTHENTICATED' },
      });
  });

  test('an address that Google does not have is an HTML page with 404', async () => {
    const response = await fetchAs(google.url, office, 'GET', '/v4/spreadsheet/x');
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
  });
});
