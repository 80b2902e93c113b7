/**
 * A small county on Google: what schools and Google do to the spreadsheets, and what becomes of it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawCounty, sampleDay } from '../../scripts/county/county.ts';
import { spreadsheetTitle } from '../../scripts/sheets/google/create-all.ts';
import { googleSource } from '../../scripts/sheets/google-source.ts';
import {
  account,
  addressOf,
  answersTo,
  bureau,
  fillSpreadsheet,
  googleClerk,
  memoryDesk,
  startTestGoogle,
  type TestGoogle,
} from '../helpers/google.ts';

const county = drawCounty({ schools: 3, students: 40, seed: 7, today: sampleDay });
const [first, second, third] = county.bureau.schools;
if (!first || !second || !third) throw new Error('the county has three schools');
const [one, two, three] = [first, second, third].map(spreadsheetTitle) as [string, string, string];
const roster = '学生报名';

let google: TestGoogle;
let ids: Record<string, string>;
let desk: ReturnType<typeof memoryDesk>;
const clerkOf = (school: typeof first) => googleClerk(google.standIn, ids[school.code] as string, addressOf(school));
const people = () => google.standIn.people;

beforeAll(async () => {
  google = await startTestGoogle();
  ids = {};
  for (const school of [first, second, third]) ids[school.code] = await fillSpreadsheet(google, county, school);
  desk = memoryDesk(() => googleSource(google.settings, google.clock));
  await desk.pass();
  await desk.pass();
});
afterAll(() => google?.stop());

test('every row carries its 行号 and 已收, and a quiet pass is one call that writes nothing', async () => {
  expect(await clerkOf(first).see(roster, 2, '行号')).toMatch(/^[2-9B-Z]{12}$/);
  expect(await clerkOf(first).see(roster, 2, '同步状态')).toBe('已收');
  google.newCalls();
  const before = structuredClone(desk.known);
  expect(new Set(Object.values(await desk.pass()))).toEqual(new Set(['未变']));
  expect(google.newCalls()).toEqual(['GET /drive/v3/changes']);
  expect(desk.known).toEqual(before);
});

test('one changed spreadsheet costs three calls: what changed, what it says, the answers; our own answers one more look', async () => {
  await clerkOf(first).type(roster, 2, '监护人电话', '1380000');
  google.newCalls();
  expect(await desk.pass()).toMatchObject({ [one]: 'answered', [two]: '未变', [three]: '未变' });
  expect(google.newCalls().map((call) => call.replace(/[\w-]{44}/, 'ID'))).toEqual([
    'GET /drive/v3/changes',
    'GET /v4/spreadsheets/ID/values:batchGet',
    'POST /v4/spreadsheets/ID:batchUpdate',
  ]);
  expect(await desk.pass()).toMatchObject({ [one]: '没有新内容' });
  expect(await desk.pass()).toMatchObject({ [one]: '未变' });
});

test('the wrong cell is named in its row and on the first tab, with a link to it', async () => {
  expect(await clerkOf(first).see(roster, 2, '同步状态')).toBe('有误');
  expect(await clerkOf(first).see(roster, 2, '问题说明')).toMatch(/【监护人电话】/);
  const front = people().shown(ids[first.code] as string, '填表说明');
  expect(front.flat().some((cell) => cell.startsWith('2026-11-24 08:00 收取:'))).toBe(true);
  const listed = front.find((row) => row[1] === roster && row[3] === '监护人电话');
  expect(listed?.[2]).toMatch(/^[A-Z]+2$/);
  const cells = google.standIn.world.files.get(ids[first.code] as string)?.book?.sheets[0]?.rows.flat() ?? [];
  const links = cells.flatMap((cell) => cell?.userEnteredFormat?.textFormat?.link?.uri ?? []);
  expect(links).toContain(`#gid=104&range=${listed?.[2]}`);
});

test('mended, its words go and the list says that there is nothing', async () => {
  await clerkOf(first).type(roster, 2, '监护人电话', '13800001234');
  expect(await desk.pass()).toMatchObject({ [one]: 'answered' });
  expect(await clerkOf(first).see(roster, 2, '问题说明')).toBe('');
  expect(
    people()
      .shown(ids[first.code] as string, '填表说明')
      .flat(),
  ).toContain('没有问题。');
  await desk.pass();
});

test('text that looks like a formula stays text, on its way in and in the answers', async () => {
  await people().editCells(ids[second.code] as string, addressOf(second), `'${roster}'!B2`, [['=1+1']], true);
  expect(await desk.pass()).toMatchObject({ [two]: expect.stringMatching(/answered|unchanged/) });
  const cells = google.standIn.world.files.get(ids[second.code] as string)?.book?.sheets.flatMap((sheet) => sheet.rows.flat()) ?? [];
  expect(cells.filter((cell) => cell?.userEnteredValue?.formulaValue)).toEqual([]);
  await desk.pass();
});

describe('rows that move while we answer', () => {
  const source = () => googleSource(google.settings, google.clock);
  /** Reads the third school's spreadsheet and lets `meanwhile` happen before the answers go out. */
  const answerAfter = async (meanwhile: () => Promise<void>, later = 0) => {
    const from = source();
    const listing = (await from.list(new Map())).find((entry) => entry.title === three);
    if (!listing) throw new Error('not listed');
    const opened = await from.open(listing);
    const reading = await opened.read({});
    await meanwhile();
    google.clock.skip(later);
    return opened.answer(answersTo(reading));
  };
  const phoneAndState = async () => {
    const clerk = clerkOf(third);
    const rows: string[] = [];
    for (let row = 2; row <= (await clerk.lastRow(roster)); row += 1)
      rows.push(`${await clerk.see(roster, row, '姓名')} ${await clerk.see(roster, row, '行号')} ${await clerk.see(roster, row, '同步状态')}`);
    return rows.sort();
  };

  test('sorted between reading and answering: each answer finds its own row', async () => {
    const clerk = clerkOf(third);
    await clerk.type(roster, 2, '监护人电话', '123');
    const wrong = await clerk.see(roster, 2, '姓名');
    const before = (await phoneAndState()).map((line) => line.replace(/ \S+$/, ''));
    expect((await answerAfter(() => clerk.sort(roster, '行号'), 10_000)).fate).toBe('changed');
    expect((await phoneAndState()).map((line) => line.replace(/ \S+$/, ''))).toEqual(before);
    expect((await phoneAndState()).filter((line) => line.endsWith('有误'))).toEqual([expect.stringContaining(wrong)]);
  });

  test('sorted in the instant of writing: what landed on a wrong row is taken back, and no 行号 changes hands', async () => {
    const clerk = clerkOf(third);
    const last = await clerk.lastRow(roster);
    await clerk.insertRow(roster, last + 1, {
      姓名: '新来的',
      年级: '一年级',
      班级: '1',
      监护人姓名: '家长',
      监护人电话: '13800005555',
      星期: '周一',
    });
    const before = (await phoneAndState()).filter((line) => !line.startsWith('新来的')).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect((await answerAfter(() => clerk.sort(roster, '监护人电话'))).fate).toBe('changed');
    const after = (await phoneAndState()).filter((line) => !line.startsWith('新来的')).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(after).toEqual(before);
    await desk.pass();
    await desk.pass();
    expect((await phoneAndState()).every((line) => /^\S+ [2-9B-Z]{12} \S+$/.test(line))).toBe(true);
  });

  test('a cell typed in the instant of writing is not overwritten, and read the next time', async () => {
    const clerk = clerkOf(third);
    await clerk.type(roster, 3, '监护人电话', '456');
    const name = await clerk.see(roster, 3, '姓名');
    expect((await answerAfter(() => clerk.type(roster, 3, '监护人电话', '13800004321'))).fate).toBe('changed');
    expect(await clerk.see(roster, 3, '监护人电话')).toBe('13800004321');
    await desk.pass();
    expect([await clerk.see(roster, 3, '姓名'), await clerk.see(roster, 3, '同步状态')]).toEqual([name, '已收']);
    await desk.pass();
  });
});

describe('Google at its worst', () => {
  const phone = (number: number): string => `138000${String(20_000 + number)}`;
  let typed = 0;
  const typeAndPass = async (faults: readonly string[]) => {
    typed += 1;
    await clerkOf(second).type(roster, 3, '监护人电话', typed % 2 ? '1380000' : phone(typed));
    google.standIn.setFaults(faults);
    const said = await desk.pass();
    google.standIn.setFaults([]);
    return said[two];
  };
  const writes = (calls: readonly string[]) => calls.filter((call) => call.includes(':batchUpdate')).length;

  test.each([
    ['a storm of 429', ['429:p=0.5']],
    ['403 userRateLimitExceeded from Drive', ['403:n=3']],
    ['HTML 502 on reading', ['html-502:n=3,method=GET']],
    ['lost connections on reading', ['drop:n=2,method=GET']],
    ['503 on reading', ['503:n=2,method=GET']],
  ])('%s: waited out, and answered', async (_name, faults) => {
    expect(await typeAndPass(faults)).toBe('answered');
  });

  test.each([
    ['the answer to a write is lost after it was done', ['lost-response:n=1,match=batchUpdate']],
    ['a write is refused with 503', ['503:n=1,match=batchUpdate']],
    ['a write meets an HTML 502', ['html-502:n=1,match=batchUpdate']],
    ['the connection drops before a write', ['drop:n=1,match=batchUpdate']],
  ])('%s: looked first, and written once more only where it is missing', async (name, faults) => {
    google.newCalls();
    expect(await typeAndPass(faults)).toBe('answered');
    expect(writes(google.newCalls())).toBe(name.includes('lost after') ? 1 : 2);
    expect(await clerkOf(second).see(roster, 3, '同步状态')).toBe(typed % 2 ? '有误' : '已收');
    expect(await desk.pass()).toMatchObject({ [two]: '没有新内容' });
  });

  test('a Google that stays away is one sentence, and the next pass takes up what was left', async () => {
    expect(await typeAndPass(['503:match=values'])).toMatch(/谷歌没有正常答复/);
    expect(await desk.pass()).toMatchObject({ [two]: 'answered' });
    await desk.pass();
  });

  test('an access token that is gone is renewed without a word', async () => {
    google.standIn.expireTokens();
    expect(await typeAndPass([])).toBe('answered');
    await desk.pass();
  });

  test('killed between reading and answering: the next pass reads it again', async () => {
    await clerkOf(second).type(roster, 4, '监护人电话', phone(99));
    const source = googleSource(google.settings, google.clock);
    const listing = (await source.list(desk.known)).find((entry) => entry.title === two);
    await (await source.open(listing as never)).read({});
    expect(await desk.pass()).toMatchObject({ [two]: expect.stringMatching(/answered|unchanged/) });
    await desk.pass();
  });
});

describe('what schools do to the spreadsheet itself', () => {
  const id = () => ids[first.code] as string;

  test('a renamed tab is read and answered under its new name', async () => {
    people().renameTab(id(), addressOf(first), roster, '三月报名');
    people().editCells(id(), addressOf(first), `'三月报名'!B3`, [['改过的名']]);
    google.newCalls();
    expect(await desk.pass()).toMatchObject({ [one]: 'unchanged' });
    expect(google.newCalls()).toHaveLength(3);
    expect(people().shown(id(), '填表说明').flat().join()).not.toContain('不见了');
    people().editCells(id(), addressOf(first), "'三月报名'!B4", [['']]);
    expect(await desk.pass()).toMatchObject({ [one]: 'answered' });
    expect(people().shown(id(), '三月报名')[3]).toContain('有误');
    people().editCells(id(), addressOf(first), "'三月报名'!B4", [['补上的名']]);
    people().renameTab(id(), addressOf(first), '三月报名', roster);
    await desk.pass();
    await desk.pass();
  });

  test('a deleted tab is said on the first tab, and the others go on', async () => {
    const backup = structuredClone(google.standIn.world.files.get(id())?.book);
    const sheetId = google.standIn.world.files.get(id())?.book?.sheets.find((sheet) => sheet.properties.title === '典型案例')?.properties.sheetId;
    people().change(id(), account, [{ deleteSheet: { sheetId } }]);
    await clerkOf(first).type(roster, 2, '监护人电话', '13800001111');
    expect(await desk.pass()).toMatchObject({ [one]: 'answered' });
    expect(people().shown(id(), '填表说明').flat().join()).toContain('工作表“典型案例”不见了');
    Object.assign(google.standIn.world.files.get(id()) as object, { book: backup });
    await clerkOf(first).type(roster, 2, '监护人电话', '13800002222');
    await desk.pass();
    await desk.pass();
  });

  test('cells that somebody else has protected are one sentence; the rows were read all the same', async () => {
    const file = google.standIn.world.files.get(id());
    if (!file) throw new Error('no file');
    const { permissions } = file;
    file.permissions = [
      { id: 'p1', type: 'user', emailAddress: bureau, role: 'owner' },
      { id: 'p2', type: 'user', emailAddress: account, role: 'writer' },
      { id: 'p3', type: 'user', emailAddress: addressOf(first), role: 'writer' },
    ];
    const protectedRange = { protectedRangeId: 77, range: { sheetId: 104 }, editors: { users: [bureau] } };
    people().change(id(), bureau, [{ addProtectedRange: { protectedRange } }]);
    people().editCells(id(), bureau, `'${roster}'!B5`, [['']]);
    expect((await desk.pass())[one]).toBe(`“${one}”里系统要写的单元格被加了保护;请在“数据 → 保护工作表和范围”里让 ${account} 可以编辑`);
    people().change(id(), bureau, [{ deleteProtectedRange: { protectedRangeId: 77 } }]);
    expect((await desk.pass())[one]).toBe('answered');
    file.permissions = permissions;
    await desk.pass();
  });

  test('a spreadsheet that can hold no more cells is one sentence', async () => {
    const front = google.standIn.world.files.get(id())?.book?.sheets[0];
    const used =
      people()
        .shown(id(), '填表说明')
        .findLastIndex((row) => row.some((cell) => cell !== '')) + 1;
    const range = { sheetId: 0, dimension: 'ROWS', startIndex: used, endIndex: front?.properties.gridProperties.rowCount };
    people().change(id(), account, [{ deleteDimension: { range } }]);
    people().fillCells(id(), 10_000_000);
    people().editCells(id(), addressOf(first), `'${roster}'!B6`, [['']]);
    people().editCells(id(), addressOf(first), `'${roster}'!B7`, [['']]);
    expect((await desk.pass())[one]).toContain('1000 万个单元格的上限');
    people().fillCells(id(), 5_000_000);
    expect((await desk.pass())[one]).toBe('answered');
    await desk.pass();
  });

  test('moved to the trash: said once, and taken up again when it is back', async () => {
    people().trashFile(id());
    expect(await desk.pass()).toMatchObject({ [one]: expect.stringContaining('回收站'), [two]: '未变' });
    google.newCalls();
    expect(await desk.pass()).toMatchObject({ [one]: '未变' });
    expect(google.newCalls()).toEqual(['GET /drive/v3/changes']);
    people().trashFile(id(), false);
    expect((await desk.pass())[one]).toMatch(/unchanged|answered|没有新内容/);
    expect((await desk.pass())[one]).toMatch(/未变|没有新内容/);
  });

  test('a spreadsheet that a school made itself is answered on a tab of ours, and no cell of it is touched', async () => {
    const own = people().createSpreadsheet(bureau, `${third.code} 自己的名单`, { titles: ['名单'], parents: [google.folder] });
    people().editCells(own, bureau, "'名单'!A1", [
      ['姓名', '年级', '班级', '家长电话'],
      ['张三', '三年级', '2', '13800001111'],
      ['李四', '三年级', '2', '138'],
    ]);
    const title = `${third.code} 自己的名单`;
    expect((await desk.pass())[title]).toBe('answered');
    expect(people().shown(own, '名单')[2]).toEqual(['李四', '三年级', '2', '138']);
    expect(people().shown(own, '系统反馈').flat().join()).toContain('138');
    expect((await desk.pass())[title]).toBe('没有新内容');
    expect((await desk.pass())[title]).toBe('未变');
    people().deleteFile(own);
    expect((await desk.pass())[title]).toMatch(/找不到/);
  });

  test('an Excel file in the folder is named, with what to do', async () => {
    const file = google.standIn.world.addFile(bureau, { name: '月报.xlsx', mimeType: 'application/octet-stream', parents: [google.folder] });
    expect((await desk.pass())['月报.xlsx']).toMatch(/另存为 Google 表格/);
    people().deleteFile(file.id);
    await desk.pass();
  });
});

test('the share is taken away, and given back', async () => {
  const file = google.standIn.world.files.get(ids[third.code] as string);
  if (!file) throw new Error('no file');
  const { parents, permissions } = file;
  file.parents = [];
  people().revokeShare(file.id, account);
  expect(await desk.pass()).toMatchObject({ [three]: expect.stringMatching(/取消了与 kehou@.* 的共享/), [two]: '未变' });
  Object.assign(file, { parents, permissions });
  people().share(file.id, account, 'writer');
  expect((await desk.pass())[three]).toMatch(/unchanged|answered|没有新内容/);
});

test('a key that is deleted shuts the whole place, in one sentence without a secret', async () => {
  google.standIn.revokeKey(account);
  const failed = await desk.pass().catch((error: unknown) => error);
  expect(failed).toMatchObject({ name: 'SheetFault', message: expect.stringMatching(/密钥/) });
  expect(String((failed as Error).stack)).not.toMatch(/PRIVATE KEY|ya29|Bearer/);
});
