/**
 * The parts of the Google source that need no Google: quotas, waiting, sentences, cells, names, keys.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rangeOf } from '../../scripts/sheets/google/a1.ts';
import { retryAfterOf, tries, waitBefore } from '../../scripts/sheets/google/backoff.ts';
import { typedValue, writeRequests } from '../../scripts/sheets/google/cells.ts';
import { bookmarkOf, cursorOf } from '../../scripts/sheets/google/cursor.ts';
import { queryText } from '../../scripts/sheets/google/drive.ts';
import { type FaultKind, faultOf, GoogleFault } from '../../scripts/sheets/google/fault.ts';
import { sentenceOf } from '../../scripts/sheets/google/fault-words.ts';
import { readKeyFile } from '../../scripts/sheets/google/key-file.ts';
import { layoutOf } from '../../scripts/sheets/google/layout.ts';
import { movesBetween, repair, withCells } from '../../scripts/sheets/google/moves.ts';
import { documented, openQuota } from '../../scripts/sheets/google/quota.ts';
import { tabOfValues, tabsOfSheets, withModelFormats } from '../../scripts/sheets/google/raw-tab.ts';
import type { SheetTab } from '../../scripts/sheets/google/spreadsheet.ts';
import { versionOf } from '../../scripts/sheets/google/version.ts';
import { account, keyFileText, skippingClock } from '../helpers/google.ts';

test('sixty calls go at once, the next waits until the first is a minute old, and no minute ever sees more than sixty', async () => {
  const clock = skippingClock();
  const quota = openQuota(documented.sheetsReads, clock);
  const times: number[] = [];
  for (let call = 0; call < 200; call += 1) {
    await quota.take();
    times.push(clock.now());
  }
  expect((times[59] as number) - (times[0] as number)).toBeLessThan(5000);
  for (let call = 60; call < 200; call += 1) expect((times[call] as number) - (times[call - 60] as number)).toBeGreaterThanOrEqual(59_000);
});

test('reads and writes do not wait for each other', async () => {
  const clock = skippingClock();
  const [reads, writes] = [openQuota(documented.sheetsReads, clock), openQuota(documented.sheetsWrites, clock)];
  for (let call = 0; call < 60; call += 1) {
    await reads.take();
    await writes.take();
  }
  expect(clock.waited()).toBe(0);
});

test('waits double up to about a minute, never shorter than the answer asked for, and outlast two minutes of quota', () => {
  const clock = { random: () => 0.25 };
  expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => waitBefore(attempt, null, clock))).toEqual([2250, 4250, 8250, 16_250, 32_250, 64_000, 64_000]);
  expect(waitBefore(1, 30_000, clock)).toBe(30_000);
  expect(waitBefore(1, 86_400_000, clock)).toBe(128_000);
  const all = Array.from({ length: tries.busy - 1 }, (_, index) => waitBefore(index + 1, null, clock));
  expect(all.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(120_000);
});

test('Retry-After is read in seconds and as a date', () => {
  expect(retryAfterOf('7', 0)).toBe(7000);
  expect(retryAfterOf('Tue, 24 Nov 2026 08:00:10 GMT', Date.UTC(2026, 10, 24, 8))).toBe(10_000);
  expect([retryAfterOf(null, 0), retryAfterOf('soon', 0)]).toEqual([null, null]);
});

const answered = (status: number, data: unknown): unknown => ({
  config: { headers: { authorization: 'Bearer ya29.secret' } },
  response: { status, data },
});
const sheetsError = (status: number, message: string, word = 'INVALID_ARGUMENT') =>
  answered(status, { error: { code: status, message, status: word } });
const driveError = (status: number, reason: string) => answered(status, { error: { code: status, message: reason, errors: [{ reason }] } });

test.each<[string, unknown, FaultKind]>([
  ['over quota', sheetsError(429, 'Quota exceeded', 'RESOURCE_EXHAUSTED'), 'busy'],
  ['over quota, said as 403 by Drive', driveError(403, 'userRateLimitExceeded'), 'busy'],
  ['not shared', sheetsError(403, 'The caller does not have permission', 'PERMISSION_DENIED'), 'denied'],
  ['API not enabled', answered(403, { error: { message: 'x', status: 'PERMISSION_DENIED', details: [{ reason: 'SERVICE_DISABLED' }] } }), 'api-off'],
  ['API not enabled, said by Drive', driveError(403, 'accessNotConfigured'), 'api-off'],
  ['no storage of its own', driveError(403, 'storageQuotaExceeded'), 'storage'],
  ['address refused', driveError(400, 'invalidSharingRequest'), 'sharing'],
  ['deleted', driveError(404, 'notFound'), 'missing'],
  ['renamed tab', sheetsError(400, "Unable to parse range: '学生'!A1"), 'range'],
  ['full', sheetsError(400, 'This action would increase the number of cells in the workbook above the limit of 10000000 cells.'), 'cells'],
  ['protected', sheetsError(400, 'You are trying to edit a protected cell or object. Please contact'), 'protected'],
  ['a page of HTML', answered(502, '<html><title>502</title></html>'), 'failing'],
  ['a broken answer', answered(500, '{"error":'), 'failing'],
  ['token gone', sheetsError(401, 'Request had invalid authentication credentials.', 'UNAUTHENTICATED'), 'token'],
  ['key deleted', answered(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }), 'key'],
  [
    'clock wrong',
    answered(400, { error: 'invalid_grant', error_description: 'Invalid JWT: Token must be a short-lived token (60 minutes)' }),
    'clock',
  ],
  ['connection lost', { config: {}, code: 'ECONNRESET', message: 'socket hang up' }, 'failing'],
])('%s is told from the others, and said in one Chinese sentence without a secret', (_name, error, kind) => {
  const fault = faultOf(error, 0);
  expect(fault.kind).toBe(kind);
  const sentence = sentenceOf(fault, { title: '第三小学', account });
  expect(sentence).toMatch(/^[^。]*[\u4e00-\u9fff][^。]*$/);
  expect(`${sentence}${JSON.stringify(fault)}${fault.stack}`).not.toContain('ya29');
});

test('what is no answer of Google is a bug, and not waited out', () => {
  expect(() => faultOf(new TypeError('x is not a function'), 0)).toThrow(TypeError);
});

test('what cannot be mended here says who has to do what', () => {
  const say = (kind: FaultKind) => sentenceOf(new GoogleFault(kind, ''), { title: '第三小学', account });
  expect(say('denied')).toContain(account);
  expect(say('api-off')).toContain('Google Drive API');
  expect(say('cells')).toContain('1000 万');
});

test('titles are always quoted: a tab called H7 is no cell', () => {
  expect(rangeOf('H7')).toBe("'H7'");
  expect(rangeOf("三年级'23", 'A1:D9')).toBe("'三年级''23'!A1:D9");
  expect(queryText("O'Hara\\x")).toBe("'O\\'Hara\\\\x'");
});

test('text that a spreadsheet would calculate stays text, and nothing is nothing', () => {
  for (const text of ['=IMPORTXML("http://x")', '+1', '-1', '@sum', '0042', '2026-09-01', "'text", 'TRUE'])
    expect(typedValue(text)).toEqual({ stringValue: text });
  expect([typedValue(0), typedValue(false), typedValue(''), typedValue(null)]).toEqual([
    { numberValue: 0 },
    { boolValue: false },
    undefined,
    undefined,
  ]);
});

test('cells below each other are one request, others one each; sheet 0 is named', () => {
  const cells = [3, 4, 5, 9].map((row) => ({ row, column: 2, content: 'x' }));
  const requests = writeRequests(0, [...cells, { row: 3, column: 7, content: null }]);
  expect(requests.map(({ updateCells }) => [updateCells?.start, updateCells?.rows?.length])).toEqual([
    [{ sheetId: 0, rowIndex: 3, columnIndex: 2 }, 3],
    [{ sheetId: 0, rowIndex: 9, columnIndex: 2 }, 1],
    [{ sheetId: 0, rowIndex: 3, columnIndex: 7 }, 1],
  ]);
});

const headers = ['行号', '姓名', '年级', '班级', '性别', '监护人电话', '日期', '同步状态', '问题说明'];
const facts = { sheetId: 0, title: '学生报名', rowCount: 50, columnCount: 9 };
const tabWith = (...rows: unknown[][]): SheetTab => tabOfValues(facts, [headers, ...rows]);

test('trailing blanks that Google leaves out are blanks, a range without values is an empty tab', () => {
  expect(tabOfValues(facts, undefined).raw.rows).toEqual([]);
  expect(tabOfValues(facts, [['a'], [], ['', 'b', false, 0]]).raw.rows).toEqual([
    [{ text: 'a', value: 'a' }],
    [],
    [null, { text: 'b', value: 'b' }, { text: 'FALSE', value: false }, { text: '0', value: 0 }],
  ]);
});

test('an error is an error whichever way it was read', () => {
  const values = tabOfValues(facts, [['#N/A', '#5']]).raw.rows[0];
  expect(values).toEqual([
    { text: '#N/A', value: null, error: true },
    { text: '#5', value: '#5' },
  ]);
  const [tab] = tabsOfSheets([
    { properties: { sheetId: 7 }, data: [{ rowData: [{ values: [{ formattedValue: '#N/A', effectiveValue: { errorValue: { type: 'N_A' } } }] }] }] },
  ]);
  expect(tab?.raw.rows[0]?.[0]).toEqual({ text: '#N/A', value: null, error: true });
});

test('cells read with their formats: dates, formulas, merges, hidden rows; zeros that Google leaves out are zeros', () => {
  const [tab] = tabsOfSheets([
    {
      properties: { title: '名单', gridProperties: { rowCount: 9, columnCount: 3 } },
      merges: [{ endRowIndex: 1, endColumnIndex: 2 }],
      data: [
        {
          rowMetadata: [{}, { hiddenByUser: true }, { hiddenByFilter: true }],
          rowData: [
            { values: [{ effectiveValue: { stringValue: '名单' }, formattedValue: '名单' }] },
            {},
            {
              values: [
                {},
                {
                  effectiveValue: { numberValue: 46266 },
                  formattedValue: '2026/9/1',
                  effectiveFormat: { numberFormat: { type: 'DATE', pattern: 'yyyy/m/d' } },
                },
                { effectiveValue: { numberValue: 3 }, formattedValue: '3', userEnteredValue: { formulaValue: '=1+2' } },
              ],
            },
          ],
        },
      ],
    },
  ]);
  expect(tab?.sheetId).toBe(0);
  expect(tab?.raw).toMatchObject({ merges: [{ top: 0, left: 0, bottom: 0, right: 1 }], hiddenRows: { byHand: [2], byFilter: [3] } });
  expect(tab?.raw.rows[2]).toEqual([null, { text: '2026/9/1', value: 46266, format: 'yyyy/m/d' }, { text: '3', value: 3, formula: true }]);
});

test("a day in one of the model's date columns is a day, though values carry no formats", () => {
  const tab = tabOfValues({ ...facts, title: '考勤' }, [
    ['行号', '日期', '时段', '课程名', '开始时刻', '同步状态', '问题说明'],
    ['', 46266, '', '足球', 0.6875],
  ]);
  const row = withModelFormats(tab).raw.rows[1] ?? [];
  expect(row[1]).toEqual({ text: '2026-09-01', value: 46266, format: 'yyyy-mm-dd' });
});

test('the same content has the same version: however trailing blanks, line ends and last digits were told', () => {
  const version = (cell: unknown, ...more: unknown[][]) => versionOf([tabWith(['X', '张三', cell], ...more)]);
  expect(version(0.1 + 0.2)).toBe(version(0.3));
  expect(version('a\r\nb')).toBe(version('a\nb'));
  expect(version('', [], ['', ''])).toBe(version(null));
  expect(version('1')).not.toBe(version(1));
  expect(version('a')).not.toBe(version('', ['', '', 'a']));
});

test('rows are found again after a sort, alike rows in their order, changed rows not at all', () => {
  const before = tabWith(['A', '张三'], ['B', '李四'], ['', '王五'], ['', '王五']);
  const now = tabWith(['', '王五'], ['B', '李四改'], ['A', '张三'], ['', '王五']);
  const layout = layoutOf(before);
  if (!layout) throw new Error('no layout');
  const moves = movesBetween(before, now, layout);
  expect([1, 2, 3, 4].map(moves)).toEqual([3, undefined, 1, 4]);
});

test('what landed on a wrong row is taken back; an edited row keeps what it got', () => {
  const before = tabWith(['A', '张三', '三年级', '1'], ['', '李四', '四年级', '2']);
  const layout = layoutOf(before);
  if (!layout) throw new Error('no layout');
  const written = [
    { row: 2, column: 0, content: 'NEWID' },
    { row: 2, column: 7, content: '已收' },
  ];
  const swapped = withCells(tabWith(['', '李四', '四年级', '2'], ['A', '张三', '三年级', '1']), written);
  expect(repair(before, written, swapped, layout)).toEqual([
    { row: 2, column: 0, content: 'A' },
    { row: 2, column: 7, content: null },
  ]);
  const edited = withCells(tabWith(['A', '张三', '三年级', '1'], ['', '李四', '四年级', '3']), written);
  expect(repair(before, written, edited, layout)).toEqual([]);
  const strange = withCells(tabWith(['A', '张三', '三年级', '1'], ['', '赵六', '五年级', '9']), written);
  expect(repair(before, written, strange, layout)).toEqual([
    { row: 2, column: 0, content: null },
    { row: 2, column: 7, content: null },
  ]);
});

test('the newest page token counts; a cursor that cannot be understood is none', () => {
  const row = (place: string, cursor: unknown) =>
    [place, { id: place, kind: '谷歌表格' as const, place, school: null, term: null, file_hash: 'x', cursor }] as const;
  const known = new Map([
    row('a', { token: '1', tokenAt: '2026-11-24T00:00:00Z' }),
    row('b', { token: '2', tokenAt: '2026-11-25T00:00:00Z' }),
    row('c', 'nonsense'),
  ]);
  expect(bookmarkOf(known)).toMatchObject({ place: 'b', token: '2' });
  expect(cursorOf(known.get('c'))).toEqual({});
  expect(bookmarkOf(new Map())).toBeNull();
});

test('a key file that is none is said in one sentence that repeats nothing of it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kehou-key-')), 'key.json');
  const sentence = async (text: string) => {
    writeFileSync(file, text);
    return (await readKeyFile(file).catch((error: Error) => error)) as Error;
  };
  expect(await sentence(keyFileText('https://oauth2.googleapis.com/token'))).toMatchObject({ email: account });
  for (const text of [
    '',
    '{"private_key":"geheim',
    '{"type":"authorized_user","private_key":"geheim"}',
    keyFileText('https://x.example/t').replace('MII', 'MIX'),
  ]) {
    const error = await sentence(text);
    expect(error).toMatchObject({ name: 'SheetFault', message: expect.stringContaining('重新下载') });
    expect(error.message).not.toContain('geheim');
  }
  await expect(readKeyFile(`${file}.gone`)).rejects.toMatchObject({ message: expect.stringContaining('不存在') });
});
