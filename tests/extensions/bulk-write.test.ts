import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import type { TableName } from '../../schema/index.ts';
import type { IngestRequest } from '../../schema/ingest.ts';
import type { NormalValue, ParsedRow, ParsedTab } from '../../schema/parsed.ts';
import { tabOf } from '../../schema/sheets.ts';
import { drawCounty, sampleDay } from '../../scripts/county/county.ts';
import { openHandOver } from '../../scripts/intake/hand-over.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { staffField, zh } from '../helpers/staff-fields.ts';

type Cells = Readonly<Record<string, NormalValue>>;

/** A tab as the parser gives it: one entry per row, under its headers; `ids` are the 行号 column. */
const tabWith = (table: TableName, rows: readonly Cells[], ids: readonly (string | null)[] = []): ParsedTab => {
  const headers = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    tab: tabOf(table).name,
    table,
    headerRow: 1,
    headerRows: [1],
    columns: Object.fromEntries(headers.map((header, index) => [header, [index + 1]])),
    letters: Object.fromEntries(headers.map((header, index) => [header, String.fromCharCode(66 + index)])),
    ignoredRows: [],
    problems: [],
    rows: rows.map(
      (values, index): ParsedRow => ({
        row: index + 2,
        id: ids[index] ?? null,
        values,
      }),
    ),
  };
};

const { bureau } = drawCounty({ schools: 6, students: 10, seed: 7, today: sampleDay });
const school = bureau.schools[0]?.code as string;
/** What becomes of half a surrogate pair. */
const whole = (text: string): string => Buffer.from(text).toString();
const requestOf = (code: string, place: string, ...tabs: ParsedTab[]): IngestRequest => ({
  source: { kind: '工作簿', place, own: '系统模板', fileHash: 'x', school: code, term: '2026-1' },
  dryRun: false,
  model: '',
  tabs,
});
const requestWith = (...tabs: ParsedTab[]): IngestRequest => requestOf(school, '城关小学.xlsx', ...tabs);

/** What people and programs put into cells that a careless writer of SQL or JSON stumbles over. */
const oddNames = [`O'Neil "小" \\ 明`, '王\n二 ?', '𠮷野$1 ?? :a', '{"a":[1]}', "=cmd|'x'!A1", '未完\ud842', 'null'];
const child = (name: string, index: number): Cells => ({
  姓名: name,
  年级: 3,
  班级: 1,
  学生类别: ['留守', '单亲'],
  监护人电话: `1380000000${index}`,
  星期: [1, 3],
  延时托管: index % 2 === 0,
  申请日: '2026-09-01',
});
const course: Cells = {
  课程名: '围棋',

  年级: [3, 4],
  星期: [2],
  开始时刻: '16:30',
  结束时刻: '18:00',
  容量: 30,
  费用: 12.5,
};

describe.each(databaseKinds)('rows that go in together on %s', (database) => {
  let directus: TestDirectus;
  const take = (...tabs: ParsedTab[]) => openHandOver(directus.store).take(requestWith(...tabs));
  let ids: (string | null)[] = [];

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    await directus.store.createRows('terms', bureau.terms);
    await directus.store.createRows('schools', bureau.schools as never);
  });
  afterAll(() => directus?.stop());

  test('odd characters, lists, days, times, money and yes or no are stored as they stand', async () => {
    const answer = await take(tabWith('students', oddNames.map(child)), tabWith('activities', [course]));
    expect(answer.counts).toMatchObject({ taken: oddNames.length + 1, refused: 0 });
    ids = answer.tabs.find((tab) => tab.table === 'students')?.rows.map((row) => row.id) ?? [];
    const students = await directus.store.readRows('students', { sort: ['guardian_phone'] });
    expect(students.map((one) => one.name)).toEqual(oddNames.map((name) => whole(name)));
    expect(students[0]).toMatchObject({ school, grade: 3, class_no: '1', groups: ['留守', '单亲'], status: '在册', waiver_kind: null });
    const [enrolment] = await directus.store.readRows('enrolments', { filter: { student: { _eq: ids[0] } } });
    expect(enrolment).toMatchObject({ days: [1, 3], extended_care: true, applied_on: '2026-09-01', step: '家长申请', term: '2026-1' });
    const [stored] = await directus.store.readRows('activities');
    expect(stored).toMatchObject({ start: '16:30', end: '18:00', fee: 12.5, capacity: 30, grades: [3, 4], days: [2] });
  });

  test('each row has its activity, its revision and its lasting change, as a row from a screen has', async () => {
    const [revision] = await directus.adminStore.call<{ data: object; delta: object; activity: { action: string; item: string; user: string } }[]>(
      'GET',
      `/revisions?filter[collection][_eq]=students&filter[item][_eq]=${ids[0]}&fields=data,delta,activity.action,activity.item,activity.user`,
    );
    expect(revision?.data).toMatchObject({ id: ids[0], name: oddNames[0], groups: ['留守', '单亲'] });
    expect(revision?.delta).toMatchObject({ name: oddNames[0], status: '在册' });
    expect(revision?.activity).toMatchObject({ action: 'create', item: ids[0], user: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const [change] = await directus.store.call<RowChange[]>('GET', `/kehou-ingest/changes/students/${ids[0]}`);
    expect(change).toMatchObject({ action: 'create', channel: 'sheet', tab: '学生报名', row: 2 });
    expect(change?.fields.groups).toEqual([null, ['留守', '单亲'], 'E2']);
  });

  test('the same rows again change nothing: what is read equals what was written', async () => {
    const rows = oddNames.map((name, index) => child(whole(name), index));
    expect((await take(tabWith('students', rows, ids), tabWith('activities', [course]))).counts).toMatchObject({
      taken: 0,
      unchanged: oddNames.length + 1,
      conflicts: 0,
    });
  });

  test('rows that change in different fields, and one that is emptied, keep the rest of their values', async () => {
    const rows = oddNames.map((name, index) => child(whole(name), index));
    rows[0] = { ...rows[0], 学生类别: ['困难'] };
    rows[1] = { ...rows[1], 申请日: '2026-09-02', 班级: 2 };
    const { 监护人电话: _gone, ...without } = rows[2] as Record<string, NormalValue>;
    rows[2] = without;
    expect((await take(tabWith('students', rows, ids))).counts).toMatchObject({ taken: 3, unchanged: oddNames.length - 3 });
    const [first, second, third] = await Promise.all(ids.slice(0, 3).map((id) => directus.store.readRow('students', id as string)));
    expect(first).toMatchObject({ groups: ['困难'], name: oddNames[0], guardian_phone: '13800000000' });
    expect(second).toMatchObject({ class_no: '2', groups: ['留守', '单亲'] });
    expect(third).toMatchObject({ guardian_phone: null, name: oddNames[2] });
    const [change] = await directus.store.call<RowChange[]>('GET', `/kehou-ingest/changes/students/${ids[2]}`);
    expect(change?.fields).toEqual({ guardian_phone: ['13800000002', null, 'F4'] });
  });

  test('a school of many hundred children goes in at once, each with its history', async () => {
    const many = Array.from({ length: 2100 }, (_, index) => ({
      ...child(`学生${index}`, 0),
      班级: 9,
      监护人电话: `139${String(index).padStart(8, '0')}`,
    }));
    const present = oddNames.map((name, index) => child(whole(name), index));
    expect((await take(tabWith('students', [...present, ...many], ids))).counts).toMatchObject({ refused: 0, archived: 0 });
    expect(await directus.store.readRows('students', { filter: { class_no: { _eq: '9' } }, fields: ['id'] })).toHaveLength(many.length);
    const history = await directus.adminStore.call<{ count: number | string }[]>(
      'GET',
      '/revisions?aggregate[count]=*&filter[collection][_eq]=enrolments&filter[activity][action][_eq]=create',
    );
    expect(Number(history[0]?.count)).toBe(many.length + oddNames.length);
  });

  test('workbooks that are handed over together: each has its own answer, and what is refused of one leaves the others', async () => {
    const { take: hand } = openHandOver(directus.store);
    const [second, third] = bureau.schools.slice(1, 3).map((one) => one.code) as [string, string];
    const roster = (index: number) => tabWith('students', [child('陈晨', index)]);
    const results = await Promise.allSettled([
      hand(requestOf(second, '二小.xlsx', roster(1))),
      hand(requestOf(second, '二小 续.xlsx', tabWith('students', [child('林可', 2)]))),
      hand(requestOf('2199999999', '没有.xlsx', roster(3))),
      hand({ ...requestOf(third, '三小.xlsx', roster(4)), dryRun: true }),
    ]);
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value.counts.taken : (one.reason as Error).message))).toEqual([
      1,
      1,
      '没有标识码为 2199999999 的学校:请先在 Directus「学校」里登记',
      1,
    ]);
    const stored = await directus.store.readRows('students', { filter: { school: { _in: [second, third] } }, sort: ['name'] });
    expect(stored.map((one) => [one.school, one.name])).toEqual([
      [second, '林可'],
      [second, '陈晨'],
    ]);
  });

  test('two workbooks that claim the same value, which must be the only one: one row is refused, nothing else is lost or written twice', async () => {
    const { collection: _students, ...card } = staffField(
      'card_no',
      'string',
      { interface: 'input', translations: zh('乘车卡号') },
      { is_unique: true, max_length: 10 },
    );
    await directus.adminStore.call('POST', '/fields/students', card);
    const { take: hand } = openHandOver(directus.store);
    const codes = bureau.schools.slice(3, 6).map((one) => one.code);
    const cards = ['A001', 'A001', 'A002'];
    const answers = await Promise.all(
      codes.map((code, at) => hand(requestOf(code, `${code}.xlsx`, tabWith('students', [{ ...child('周周', at), 乘车卡号: cards[at] as string }])))),
    );
    expect(answers.map((one) => [one.counts.taken, one.counts.refused]).sort()).toEqual([
      [0, 1],
      [1, 0],
      [1, 0],
    ]);
    expect(answers[2]?.counts.taken).toBe(1);
    const stored = await directus.store.readRows('students', { filter: { school: { _in: codes } } });
    expect(stored).toHaveLength(2);
    for (const one of stored) {
      const history = await directus.store.call<RowChange[]>('GET', `/kehou-ingest/changes/students/${one.id}`);
      expect(history.map((change) => change.action)).toEqual(['create']);
    }
  });
});
