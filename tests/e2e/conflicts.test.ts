import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import { newRowId } from '../../schema/row-id.ts';
import type { Store } from '../../scripts/directus/store.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { type Clerk, type Entry, folderPlace } from '../helpers/clerk.ts';
import { databaseKinds, type TestDirectus } from '../helpers/directus.ts';
import { firstSchool, progress, sampleCounty, startWithCounty } from './stories.ts';

const roster = '学生报名';
const phoneOf = (side: 'bureau' | 'school', row: number): string => `138000${side === 'bureau' ? 1 : 2}${String(row).padStart(4, '0')}`;

describe.each(databaseKinds)('both sides changed the same cell on %s', (database) => {
  let directus: TestDirectus;
  let office: Store;
  let clerk: Clerk;
  const sync = (options = {}) => syncSheets(directus.config, directus.store, progress, options);
  const idOf = (row: number) => clerk.see(roster, row, '行号');
  const student = async (row: number) => directus.store.readRow('students', await idOf(row));
  const problems = (filter: Record<string, unknown> = {}) =>
    office.readRows('sheet_problems', { filter: { closed_at: { _null: true }, ...filter }, sort: ['header'] });
  const decide = (id: string, decision: string, other?: string) =>
    office.updateRow('sheet_problems', id, { decision, ...(other === undefined ? {} : { other_value: other }) } as never);

  /** The bureau and the school change the telephone of a child at the same time. */
  const disagree = async (row: number): Promise<string> => {
    await office.updateRow('students', await idOf(row), { guardian_phone: phoneOf('bureau', row) });
    await clerk.type(roster, row, '监护人电话', phoneOf('school', row));
    expect(await sync()).toMatchObject({ conflicts: 1 });
    const [problem] = await problems({ sheet_row: { _eq: row } });
    return problem?.id as string;
  };
  const settled = async (row: number): Promise<[unknown, string, string]> => {
    await sync();
    return [(await student(row)).guardian_phone, await clerk.see(roster, row, '监护人电话'), await clerk.see(roster, row, '同步状态')];
  };

  beforeAll(async () => {
    directus = await startWithCounty(database);
    office = await directus.signIn(directus.users.office);
    clerk = await folderPlace(directus.config, sampleCounty).handOut(firstSchool);
    await sync();
  });
  afterAll(() => directus?.stop());

  test('the problem shows both values side by side and waits for a decision', async () => {
    const id = await disagree(2);
    expect(await office.readRow('sheet_problems', id)).toMatchObject({
      kind: '冲突',
      header: '监护人电话',
      sheet_value: phoneOf('school', 2),
      live_value: phoneOf('bureau', 2),
      decision: null,
      closed_at: null,
    });
    expect((await student(2)).guardian_phone).toBe(phoneOf('bureau', 2));
    expect(await clerk.see(roster, 2, '监护人电话')).toBe(phoneOf('school', 2));
  });

  test("the bureau takes the school's value: it is stored with its history, and the problem is closed at once", async () => {
    const [problem] = await problems();
    await decide(problem?.id as string, '用学校的');
    expect((await student(2)).guardian_phone).toBe(phoneOf('school', 2));
    const closed = await office.readRow('sheet_problems', problem?.id as string);
    expect(closed).toMatchObject({ decision: '用学校的', decided_by: expect.stringMatching(/./), decided_at: expect.any(String) });
    expect(closed.closed_at).not.toBeNull();
    const me = await office.call<{ id: string }>('GET', '/users/me?fields=id');
    await expect
      .poll(async () => (await office.call<RowChange[]>('GET', `/kehou-ingest/changes/students/${await idOf(2)}`))[0])
      .toMatchObject({ channel: 'screen', actor: me.id, fields: { guardian_phone: [phoneOf('bureau', 2), phoneOf('school', 2), null] } });
    expect(await settled(2)).toEqual([phoneOf('school', 2), phoneOf('school', 2), '已收']);
    expect(await problems()).toEqual([]);
  });

  test("the bureau's value stays: the next sync carries it to the sheet, though nobody has touched it", async () => {
    await decide(await disagree(3), '用系统里的');
    expect(await problems()).toEqual([]);
    expect(await settled(3)).toEqual([phoneOf('bureau', 3), phoneOf('bureau', 3), '已收']);
    expect(await clerk.see(roster, 3, '问题说明')).toBe('');
  });

  test('a third value is read as in the sheet; a bad one is refused in Chinese and nothing has changed', async () => {
    const id = await disagree(4);
    await expect(decide(id, '另填', '1380000')).rejects.toThrow(/“监护人电话”填的是“1380000”,不是有效电话号码。请填/);
    await expect(decide(id, '另填', '')).rejects.toThrow(/另填的值/);
    expect(await office.readRow('sheet_problems', id)).toMatchObject({ closed_at: null, decision: null });
    expect((await student(4)).guardian_phone).toBe(phoneOf('bureau', 4));
    await decide(id, '另填', '138 0003 0004');
    expect(await settled(4)).toEqual(['13800030004', '13800030004', '已收']);
  });

  test('the school makes the sheet agree: the problem closes by itself', async () => {
    await disagree(5);
    await clerk.type(roster, 5, '监护人电话', phoneOf('bureau', 5));
    expect(await settled(5)).toEqual([phoneOf('bureau', 5), phoneOf('bureau', 5), '已收']);
    expect(await problems()).toEqual([]);
  });

  test('the school changes its mind after the decision: asked again, nothing overwritten', async () => {
    await decide(await disagree(6), '用系统里的');
    await clerk.type(roster, 6, '监护人电话', '13800040006');
    expect(await sync()).toMatchObject({ conflicts: 1 });
    expect((await problems())[0]).toMatchObject({ sheet_value: '13800040006', live_value: phoneOf('bureau', 6) });
    await decide((await problems())[0]?.id as string, '用学校的');
    expect(await settled(6)).toEqual(['13800040006', '13800040006', '已收']);
  });

  test("after the school's value was chosen, a later change of the school is an ordinary change", async () => {
    await decide(await disagree(7), '用学校的');
    await clerk.type(roster, 7, '监护人电话', '13800040007');
    expect(await settled(7)).toEqual(['13800040007', '13800040007', '已收']);
    expect(await problems()).toEqual([]);
  });

  test('two conflicts in one row are decided one by one', async () => {
    const id = await idOf(8);
    await office.updateRow('students', id, { guardian_phone: phoneOf('bureau', 8), guardian_name: '局里写的' });
    await clerk.type(roster, 8, '监护人电话', phoneOf('school', 8));
    await clerk.type(roster, 8, '监护人姓名', '学校写的');
    expect(await sync()).toMatchObject({ conflicts: 1 });
    const [name, phone] = await problems();
    expect([name?.header, phone?.header]).toEqual(['监护人姓名', '监护人电话']);
    await decide(name?.id as string, '用学校的');
    expect(await sync()).toMatchObject({ conflicts: 1 });
    await decide(phone?.id as string, '用系统里的');
    expect(await settled(8)).toEqual([phoneOf('bureau', 8), phoneOf('bureau', 8), '已收']);
    expect(await student(8)).toMatchObject({ guardian_name: '学校写的' });
  });

  test('a decision that arrives while a sync runs is neither lost nor undone', async () => {
    const id = await disagree(9);
    await clerk.type(roster, 10, '监护人姓名', '同时改的');
    await Promise.all([sync({ force: true }), decide(id, '另填', '13800030009')]);
    expect(await settled(9)).toEqual(['13800030009', '13800030009', '已收']);
    expect(await student(10)).toMatchObject({ guardian_name: '同时改的' });
    expect(await problems()).toEqual([]);
  });

  test('the row has changed since, or is gone: refused in one sentence', async () => {
    const changed = await disagree(11);
    await office.updateRow('students', await idOf(11), { guardian_phone: '13800050011' });
    // Not some moments later: a sync that follows at once has to open the workbook.
    expect(await office.readRows('sources', { filter: { outdated: { _eq: true } } })).toHaveLength(1);
    await expect(decide(changed, '用学校的')).rejects.toThrow(/系统里的“监护人电话”在这之后又改过了\(现在是“13800050011”\),请先同步一次/);
    await sync();
    await decide((await problems())[0]?.id as string, '用系统里的');
    expect(await settled(11)).toEqual(['13800050011', '13800050011', '已收']);
    const gone = await disagree(12);
    const child = await idOf(12);
    const enrolled = await office.readRows('enrolments', { filter: { student: { _eq: child } } });
    const paid = await office.readRows('fees', { filter: { student: { _eq: child } } });
    await office.deleteRows(
      'enrolments',
      enrolled.map((one) => one.id),
    );
    await office.deleteRows(
      'fees',
      paid.map((one) => one.id),
    );
    await office.deleteRows('students', [child]);
    await expect(decide(gone, '用学校的')).rejects.toThrow(/这一行已经不在系统里了/);
  });

  test('what is closed or no conflict cannot be decided', async () => {
    const [closed] = await office.readRows('sheet_problems', { filter: { decision: { _eq: '用学校的' } } });
    await expect(decide(closed?.id as string, '用系统里的')).rejects.toThrow(/已经办结/);
    await clerk.type(roster, 13, '监护人电话', '123');
    await sync();
    const [wrong] = await problems({ code: { _starts_with: 'phone-invalid' } });
    await expect(decide(wrong?.id as string, '用学校的')).rejects.toThrow(/不是冲突/);
  });

  test('who may not see the rows may not decide either', async () => {
    const id = await disagree(14);
    const communications = await directus.signIn(directus.users.communications);
    await expect(communications.updateRow('sheet_problems', id, { decision: '用学校的' } as never)).rejects.toThrow();
    expect((await student(14)).guardian_phone).toBe(phoneOf('bureau', 14));
    await decide(id, '用学校的');
  });

  test('a conflict in the words that name another row shows the names, and can be settled by a third', async () => {
    const courses = '课程安排';
    const [ours, theirs, third] = ['甲机构(示例)', '乙机构(示例)', '丙机构(示例)'] as const;
    const [known] = sampleCounty.bureau.providers;
    await office.createRows('providers', [ours, theirs, third].map((name) => ({ ...known, id: newRowId(), name })) as never);
    const provider = async (name: string) => (await office.readRows('providers', { filter: { name: { _eq: name } } }))[0]?.id as string;
    const id = await clerk.see(courses, 2, '行号');
    await office.updateRow('activities', id, { provider: await provider(ours) });
    await clerk.type(courses, 2, '合作机构', theirs as Entry);
    expect(await sync()).toMatchObject({ conflicts: 1 });
    const [problem] = await problems({ kind: { _eq: '冲突' } });
    expect(problem).toMatchObject({ sheet_value: theirs, live_value: ours, header: '合作机构' });
    await expect(decide(problem?.id as string, '另填', '没有这家机构')).rejects.toThrow(/没有找到对应的合作机构/);
    await decide(problem?.id as string, '另填', third);
    expect(await sync()).toMatchObject({ conflicts: 0 });
    expect([(await office.readRow('activities', id)).provider, await clerk.see(courses, 2, '合作机构')]).toEqual([await provider(third), third]);
  });
});
