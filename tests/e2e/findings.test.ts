import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../scripts/directus/store.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { prefillMonth } from '../../scripts/jobs/prefill.ts';
import { evaluateRules } from '../../scripts/rules/evaluate.ts';
import { type Clerk, folderPlace, type Place } from '../helpers/clerk.ts';
import { type DatabaseKind, databaseKinds, type TestDirectus } from '../helpers/directus.ts';
import { account, googlePlace, startTestGoogle, type TestGoogle } from '../helpers/google.ts';
import { firstSchool, progress, sampleCounty, startWithCounty } from './stories.ts';

const tab = '预警';
const now = { timezone: 'Asia/Shanghai', today: '2026-11-24' };
const school = firstSchool.code;

const settings: readonly (readonly [string, DatabaseKind, boolean])[] = [
  ...databaseKinds.map((kind) => [`in a folder, on ${kind}`, kind, false] as const),
  ['in Google Sheets', 'sqlite', true],
];

describe.each(settings)('findings in the school’s own workbook %s', (_name, database, inGoogle) => {
  let directus: TestDirectus;
  let google: TestGoogle | null = null;
  let office: Store;
  let clerk: Clerk;
  let place: Place;

  const sync = () => syncSheets(directus.config, directus.store, progress, {}, place.sources());
  const judge = () => evaluateRules(directus.store, { ...now, schools: [school] });
  const all = () => office.readRows('findings', { filter: { school: { _eq: school } } });
  const held = async (id: string) =>
    (await office.readRow('findings', id)) as unknown as Record<string, unknown> & { history: { to: string; by: string }[] };
  /** Row of the sheet with this 行号. */
  const rowOf = async (id: string): Promise<number> => {
    for (let row = 2; row <= (await clerk.lastRow(tab)); row += 1) if ((await clerk.see(tab, row, '行号')) === id) return row;
    throw new Error(`no row ${id}`);
  };
  const see = async (id: string, header: string): Promise<string> => clerk.see(tab, await rowOf(id), header);
  const answer = async (id: string, words: string | null) => clerk.type(tab, await rowOf(id), '学校说明', words);

  beforeAll(async () => {
    directus = await startWithCounty(database);
    office = await directus.signIn(directus.users.office);
    if (inGoogle) google = await startTestGoogle();
    place = google ? googlePlace(google, sampleCounty) : folderPlace(directus.config, sampleCounty);
    clerk = await place.handOut(firstSchool);
    if (google) {
      // A spreadsheet that was handed out before there was such a tab.
      const { people, world } = google.standIn;
      const [id, file] = [...world.files].find(([, one]) => one.book) ?? [];
      const sheet = file?.book?.sheets.find((one) => one.properties.title === tab);
      people.change(id as string, account, [{ deleteSheet: { sheetId: sheet?.properties.sheetId as number } }]);
    }
    await sync();
    // A fee above the cap, so that something is certain to be found.
    const [fee] = await directus.store.readRows('fees', { filter: { school: { _eq: school }, month: { _eq: '2026-10' } }, limit: 1 });
    await directus.store.updateRow('fees', fee?.id as string, { rate: 90, due: 90, paid: 90, waived: 0 });
    await sync();
    await judge();
  });
  afterAll(async () => {
    await google?.stop();
    await directus?.stop();
  });

  const overcharge = async () => {
    const found = (await all()).find((one) => one.rule === 'R-F1' && one.month === '2026-10');
    if (!found) throw new Error('R-F1 has found nothing');
    return found;
  };

  test('open findings stand in the tab with rule, clause, where the evidence is, and the last day; nothing else is asked of the school', async () => {
    const { id } = await overcharge();
    await sync();
    const found = await all();
    expect(await clerk.lastRow(tab)).toBe(found.length + 1);
    expect([await see(id, '状态'), await see(id, '级别'), await see(id, '规则编号'), await see(id, '同步状态')]).toEqual([
      '未办',
      '禁',
      'R-F1',
      '待确认',
    ]);
    expect(await see(id, '条款')).toContain('汝发改审批〔2021〕21号');
    expect((await held(id)).due_on).toBe('2026-12-01');
    const [, at] = /^「收费」第 (\d+) 行$/.exec(await see(id, '所在行')) ?? [];
    expect(await clerk.see('收费', Number(at), '应缴')).toMatch(/^90(\.00)?$/);
    expect(await see(id, '问题说明')).toContain('在 2026-12-01 前在这一格写明情况');
    const [question] = found.filter((one) => one.severity === '参');
    if (question) expect([await see(question.id, '同步状态'), await see(question.id, '问题说明')]).toEqual(['已收', '']);
    const problems = await office.readRows('sheet_problems', { filter: { code: { _eq: 'to-answer' }, closed_at: { _null: true } } });
    expect(problems).toHaveLength(found.filter((one) => one.severity !== '参').length);
    if (google) await sync();
    const told = await office.readRows('sheet_problems', { filter: { code: { _eq: 'to-answer' }, closed_at: { _null: true } } });
    for (const one of told) expect(one.cell).toMatch(/^[A-Z]+\d+$/);
  });

  test('a second sync changes nothing', async () => {
    await sync();
    const before = [await all(), await clerk.lastRow(tab)];
    const { answersWritten } = await sync();
    expect(answersWritten).toBe(0);
    expect([await all(), await clerk.lastRow(tab)]).toEqual(before);
  });

  test('the school answers: the finding is answered, with its words in the history, and the sheet says so at once', async () => {
    const { id } = await overcharge();
    await answer(id, '多收的 30 元本周退还');
    await sync();
    expect([await see(id, '状态'), await see(id, '同步状态'), await see(id, '问题说明')]).toEqual(['学校已说明', '已收', '']);
    const one = await held(id);
    expect(one).toMatchObject({ state: '学校已说明', answer: '多收的 30 元本周退还' });
    expect(one.history.at(-1)).toMatchObject({ from: '未办', to: '学校已说明', by: '学校(填报表)', reason: '多收的 30 元本周退还' });
    const changes = await directus.store.call<{ channel: string; fields: Record<string, unknown[]> }[]>(
      'GET',
      `/kehou-ingest/changes/findings/${id}`,
    );
    expect(changes[0]).toMatchObject({ channel: 'sheet' });
    expect(changes[0]?.fields.answer?.[2]).toMatch(/^[A-Z]+\d+$/);
    await judge();
    expect((await held(id)).state).toBe('学校已说明');
  });

  test('an answer that is taken back leaves the finding open; what the bureau writes cannot be changed', async () => {
    const { id } = await overcharge();
    await answer(id, null);
    await clerk.type(tab, await rowOf(id), '状态', '已办结');
    await clerk.type(tab, await rowOf(id), '内容', '没有这回事');
    await sync();
    expect(await held(id)).toMatchObject({ state: '未办', answer: null });
    expect([await see(id, '状态'), await see(id, '同步状态')]).toEqual(['未办', '待确认']);
    expect(await see(id, '内容')).toBe((await held(id)).message);
    expect((await held(id)).history.at(-1)).toMatchObject({ to: '未办', reason: '撤回说明' });
    await answer(id, '已通知家长');
    await sync();
    expect((await held(id)).state).toBe('学校已说明');
  });

  test('a row that the school makes up is refused in words; one that it deletes comes back while the finding is open', async () => {
    const { id } = await overcharge();
    const last = await clerk.lastRow(tab);
    await clerk.type(tab, last + 1, '内容', '我们自己发现的');
    await sync();
    expect(await clerk.see(tab, last + 1, '同步状态')).toBe('有误');
    expect(await clerk.see(tab, last + 1, '问题说明')).toContain('不是县局写的预警');
    expect(await all()).toHaveLength(last - 1);
    await clerk.removeRows(tab, last + 1, 1);
    await clerk.removeRows(tab, await rowOf(id), 1);
    await sync();
    await sync();
    expect(await clerk.lastRow(tab)).toBe(last);
    expect([await see(id, '学校说明'), await see(id, '状态')]).toEqual(['已通知家长', '学校已说明']);
    expect((await held(id)).answer).toBe('已通知家长');
  });

  test('a named person closes it with a reason, which the school reads; an answer after that changes nothing', async () => {
    const { id } = await overcharge();
    await office.updateRow('findings', id, { state: '已办结', close_reason: '退费凭证已核' });
    await sync();
    expect([await see(id, '状态'), await see(id, '办结理由'), await see(id, '同步状态')]).toEqual(['已办结', '退费凭证已核', '已收']);
    await answer(id, '补充:凭证已寄出');
    await sync();
    expect(await held(id)).toMatchObject({ state: '已办结', closed_by: directus.users.office.role, answer: '补充:凭证已寄出' });
  });

  test('other evidence opens it again: it asks for a new answer, and the old one stays in the history only', async () => {
    const { id, rows } = await overcharge();
    const [evidence] = rows as { id: string }[];
    await directus.store.updateRow('fees', evidence?.id as string, { rate: 95, due: 95, paid: 95 });
    expect((await judge()).reopened).toBe(1);
    await sync();
    expect(await held(id)).toMatchObject({ state: '未办', answer: null, close_reason: null });
    expect([await see(id, '状态'), await see(id, '学校说明'), await see(id, '办结理由'), await see(id, '同步状态')]).toEqual([
      '未办',
      '',
      '',
      '待确认',
    ]);
    expect(JSON.stringify((await held(id)).history)).toContain('补充:凭证已寄出');
  });

  test('when the cause is gone the row says so, and nobody is asked any more', async () => {
    const { id, rows } = await overcharge();
    const [evidence] = rows as { id: string }[];
    await directus.store.updateRow('fees', evidence?.id as string, { rate: 60, due: 60, paid: 60 });
    await judge();
    await sync();
    expect([await see(id, '状态'), await see(id, '办结理由'), await see(id, '同步状态')]).toEqual(['已消除', '再次核查,证据已不存在', '已收']);
    await sync();
    expect(await office.readRows('sheet_problems', { filter: { value: { _contains: id }, closed_at: { _null: true } } })).toEqual([]);
  });

  test('a person who writes the answer for the school has answered', async () => {
    const open = (await all()).find((one) => one.state === '未办' && one.severity !== '参');
    if (!open) throw new Error('nothing is open');
    await office.updateRow('findings', open.id, { answer: '电话里说明' });
    expect(await held(open.id)).toMatchObject({ state: '学校已说明' });
    expect((await held(open.id)).history.at(-1)).toMatchObject({ to: '学校已说明', by: directus.users.office.role, reason: '电话里说明' });
    await sync();
    expect([await see(open.id, '学校说明'), await see(open.id, '状态')]).toEqual(['电话里说明', '学校已说明']);
  });

  test('a return that is made ready is added below the last one, in this kind of sheet as well', async () => {
    await prefillMonth(directus.store, { timezone: now.timezone, today: '2026-11-26', month: '2026-11' }, progress);
    const before = await clerk.lastRow('月报');
    await sync();
    const row = before + 1;
    expect(await clerk.lastRow('月报')).toBe(row);
    expect([await clerk.see('月报', row, '统计月'), await clerk.see('月报', row, '同步状态')]).toEqual(['2026-11', '待确认']);
    const [waiting] = await office.readRows('sheet_problems', { filter: { code: { _eq: 'to-confirm' }, closed_at: { _null: true } } });
    expect(waiting).toMatchObject({ tab: '月报', header: '核对确认', cell: expect.stringMatching(new RegExp(`^[A-Z]+${row}$`)) });
    await sync();
    expect(await clerk.lastRow('月报')).toBe(row);
  });
});
