import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../scripts/directus/store.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { freezeMonths } from '../../scripts/jobs/freeze.ts';
import { prefillMonth } from '../../scripts/jobs/prefill.ts';
import { storeLedger } from '../../scripts/mail/ledger.ts';
import { readPeriod } from '../../scripts/report/read.ts';
import { traceFigure } from '../../scripts/report/trace.ts';
import { type Clerk, folderPlace } from '../helpers/clerk.ts';
import { databaseKinds, type TestDirectus } from '../helpers/directus.ts';
import { firstSchool, progress, sampleCounty, startWithCounty } from './stories.ts';

const returns = '月报';
const month = '2026-11';
const timezone = 'Asia/Shanghai';

describe.each(databaseKinds)('a month from its prefilled return to its second version on %s', (database) => {
  let directus: TestDirectus;
  let office: Store;
  let clerk: Clerk;
  let row: number;
  const school = firstSchool.code;
  const sync = () => syncSheets(directus.config, directus.store, progress);
  const prefill = () => prefillMonth(directus.store, { timezone, today: '2026-11-26', month }, progress);
  const report = async () => {
    const [found] = await office.readRows('monthly_reports', { filter: { school: { _eq: school }, month: { _eq: month } } });
    if (!found) throw new Error('no return');
    return found;
  };
  const slips = () => office.readRows('corrections', { filter: { school: { _eq: school } }, sort: ['requested_at'] });
  const see = (header: string, at = row) => clerk.see(returns, at, header);

  beforeAll(async () => {
    directus = await startWithCounty(database);
    office = await directus.signIn(directus.users.office);
    clerk = await folderPlace(directus.config, sampleCounty).handOut(firstSchool);
    await sync();
  });
  afterAll(() => directus?.stop());

  test('the return is made ready from the school’s own lists, says where each figure comes from, and is not counted as reported', async () => {
    expect(await prefill()).toMatchObject({ month, renewed: 0, beside: 0 });
    const made = await report();
    expect(made).toMatchObject({ state: '待确认', first_valid_at: null, filled_by: null });
    const enrolments = await office.readRows('enrolments', { filter: { school: { _eq: school }, state: { _eq: '已通过' } }, fields: ['id'] });
    expect(made.participants).toBe(enrolments.length);
    expect(made.origins).toContain(`参加学生数 ${made.participants}:报名,当月参加过的已通过报名,${made.participants} 条`);
    expect(await prefill()).toMatchObject({ made: 0, renewed: 0, unchanged: 2 });
  });

  test('the row appears in the school’s sheet by itself, filled, with what is still to be done', async () => {
    row = (await clerk.lastRow(returns)) + 1;
    await sync();
    expect(await see('统计月')).toContain('2026');
    expect(await see('参加学生数')).toBe(String((await report()).participants));
    expect(await see('同步状态')).toBe('待确认');
    expect(await clerk.lastRow(returns)).toBe(row);
  });

  test('what changes in the lists reaches the row until the school has confirmed it', async () => {
    const before = await report();
    const [one] = await office.readRows('enrolments', { filter: { school: { _eq: school }, state: { _eq: '已通过' } }, limit: 1 });
    await office.updateRow('enrolments', one?.id as string, { state: '待审核' });
    expect(await prefill()).toMatchObject({ renewed: 1 });
    await sync();
    expect(await see('参加学生数')).toBe(String((before.participants ?? 0) - 1));
  });

  test('a figure that the school changes needs a reason; then its confirmation makes it the return', async () => {
    const { participants, staff_participating: staff } = await report();
    await clerk.type(returns, row, '参与教师数', (staff ?? 0) + 1);
    await clerk.type(returns, row, '教职工数', (staff ?? 0) + 5);
    await clerk.type(returns, row, '填报人', '周敏');
    await clerk.type(returns, row, '核对确认', '是');
    await sync();
    expect(await see('同步状态')).toBe('待确认');
    expect(await see('问题说明')).toContain('“参与教师数”与台账算得的不同,请在“更正理由”里写明');
    // Read, but not valid yet: this is not the time that counts.
    expect(await report()).toMatchObject({ state: '待确认', first_valid_at: null });
    await clerk.type(returns, row, '更正理由', '本月新来一位老师,人员表还没有登记');
    await sync();
    expect([await see('同步状态'), await see('问题说明'), await see('月报状态')]).toEqual(['已收', '', '已收']);
    const received = await report();
    expect(received).toMatchObject({ state: '已收', participants, staff_participating: (staff ?? 0) + 1, confirmed: true });
    expect(received.first_valid_at).not.toBeNull();
  });

  test('a value, a true zero, 不适用 with its reason and a blank stay four things from the cell to the sums of the county', async () => {
    const { first_valid_at: first, participants } = await report();
    await clerk.type(returns, row, '隐患数', 0);
    await clerk.type(returns, row, '退费额', '不适用');
    await clerk.type(returns, row, '不适用说明', '退费额:本月没有退费');
    await sync();
    expect(await see('同步状态')).toBe('已收');
    const held = await report();
    expect(held).toMatchObject({ participants, hazards: 0, refund_amount: null, complaints: null, not_applicable: '退费额:本月没有退费' });
    const { figures } = await readPeriod(directus.store, timezone, '2026-12-04', { month });
    const line = figures.townships.flatMap((one) => one.lines).find((one) => one.school.code === school);
    expect(line?.values).toMatchObject({ participants, hazards: 0, refund_amount: '不适用', complaints: null });
    expect(figures.totals).toMatchObject({ participants, hazards: 0, refund_amount: null, complaints: null });
    expect(await see('隐患数')).toBe('0');
    expect(await see('退费额')).toBe('不适用');
    expect(await see('投诉件数')).toBe('');
    // What is changed later does not move the time at which the return was first valid.
    expect(held.first_valid_at).toBe(first);
  });

  test('when the lists change after that, the return stays as the school said', async () => {
    const before = await report();
    const [one] = await office.readRows('enrolments', { filter: { school: { _eq: school }, state: { _eq: '待审核' } }, limit: 1 });
    await office.updateRow('enrolments', one?.id as string, { state: '已通过' });
    expect(await prefill()).toMatchObject({ renewed: 0, beside: 1 });
    expect((await report()).participants).toBe(before.participants);
  });

  test('an extension needs a reason, and the month freezes after it', async () => {
    const { id } = await report();
    await expect(office.updateRow('monthly_reports', id, { due_on: '2026-12-03' })).rejects.toThrow(/延期理由/);
    await office.updateRow('monthly_reports', id, { due_on: '2026-12-03', due_reason: '停电两天' });
    await freezeMonths(directus.store, '2026-12-02');
    expect((await report()).state).toBe('已收');
    await freezeMonths(directus.store, '2026-12-03');
    expect((await report()).state).toBe('已冻结');
    await expect(office.updateRow('monthly_reports', id, { participants: 1 })).rejects.toThrow(/更正单/);
    await expect(office.updateRow('monthly_reports', id, { state: '已收' })).rejects.toThrow(/冻结/);
  });

  test('a frozen figure is not taken from the sheet, and the school reads how to ask', async () => {
    const { participants } = await report();
    await clerk.type(returns, row, '更正理由', null);
    await clerk.type(returns, row, '投诉件数', 3);
    await sync();
    expect(await see('同步状态')).toBe('有误');
    expect(await see('问题说明')).toContain('请在同一行的“更正理由”里写明为什么改');
    expect(await report()).toMatchObject({ complaints: null, participants });
    expect(await slips()).toEqual([]);
  });

  test('with a reason in the sheet a 更正单 waits for approval, and nothing else has changed', async () => {
    await clerk.type(returns, row, '更正理由', '月底又收到三件');
    await sync();
    expect(await see('同步状态')).toBe('待确认');
    expect(await slips()).toMatchObject([{ state: '待批准', fields: ['投诉件数'], reason: '月底又收到三件', requested_by: '周敏' }]);
    expect((await slips())[0]?.difference_words).toBe('投诉件数:空白 → 3');
    await sync();
    expect(await slips()).toHaveLength(1);
    expect((await report()).complaints).toBeNull();
  });

  test('a refusal needs its reason and reaches the sheet; a new reason asks anew', async () => {
    const [slip] = await slips();
    const id = slip?.id as string;
    await expect(office.updateRow('corrections', id, { state: '不批准' })).rejects.toThrow(/批准意见/);
    await office.updateRow('corrections', id, { state: '不批准', decision_note: '请附登记簿' });
    await clerk.type(returns, row, '备注', null);
    await syncSheets(directus.config, directus.store, progress, { force: true });
    expect(await see('问题说明')).toContain('批准意见:请附登记簿');
    await clerk.type(returns, row, '更正理由', '登记簿已送局里,共三件');
    await sync();
    expect((await slips()).map((one) => one.state)).toEqual(['不批准', '待批准']);
  });

  test('the approval of a named person gives version 2 with its difference, and the sheet agrees', async () => {
    const waiting = (await slips()).find((one) => one.state === '待批准');
    await expect(office.updateRow('corrections', waiting?.id as string, { state: '已完成' })).rejects.toThrow(/系统写明/);
    await office.updateRow('corrections', waiting?.id as string, { state: '已批准' });
    const slip = await office.readRow('corrections', waiting?.id as string);
    expect(slip).toMatchObject({ state: '已完成', version: 2, decided_by: expect.stringMatching(/./) });
    expect(await report()).toMatchObject({ state: '已更正', version: 2, complaints: 3, frozen: expect.objectContaining({ complaints: 3 }) });
    await sync();
    expect([await see('同步状态'), await see('月报状态')]).toEqual(['已收', '已更正']);
  });

  test('any figure of the county table leads back to its cell, the time and the person, and to the rows of the lists', async () => {
    const trace = (word: string) => traceFigure(directus.store, { timezone, today: '2026-12-04' }, { month }, word, { school });
    expect((await trace('投诉件数')).schools[0]?.returns[0]).toMatchObject({
      value: 3,
      version: 2,
      steps: [{ channel: 'screen', by: expect.stringMatching(/./), old: null, new: 3 }],
    });
    const { schools } = await trace('教师/参与教师数');
    expect(schools[0]?.returns[0]?.steps[0]).toMatchObject({
      channel: 'sheet',
      tab: returns,
      cell: expect.stringMatching(/^[A-Z]+\d+$/),
      by: '周敏',
    });
    expect(schools[0]?.returns[0]?.lists).toMatchObject({
      table: 'staff',
      words: '在用的本校教师和管理人员',
      rows: expect.arrayContaining([expect.stringMatching(/^\w{12}$/)]),
    });
  });

  test('a mail is claimed once, whoever asks, and tried three times in all', async () => {
    const ledger = storeLedger(directus.store);
    const both = await Promise.all([ledger.claim('remind/x', 'a@example.cn'), ledger.claim('remind/x', 'a@example.cn')]);
    expect(both.sort()).toEqual(['claimed', 'unclear']);
    await ledger.settle('remind/x', 'a@example.cn', true, '250 ok');
    expect(await ledger.claim('remind/x', 'a@example.cn')).toBe('already');
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await ledger.claim('remind/y', 'b@example.cn')).toBe('claimed');
      await ledger.settle('remind/y', 'b@example.cn', false, '550 no');
    }
    expect(await ledger.claim('remind/y', 'b@example.cn')).toBe('given up');
  });

  test('a 更正单 that staff open by hand opens its columns only', async () => {
    const { id } = await report();
    await expect(office.createRows('corrections', [{ report: id, fields: ['没有的栏'], reason: '核对' }])).rejects.toThrow(/没有的栏/);
    await office.createRows('corrections', [{ report: id, fields: ['退费人数'], reason: '退费补登', state: '已批准' } as never]);
    const before = (await report()).refunded;
    await clerk.type(returns, row, '退费人数', 7);
    await clerk.type(returns, row, '投诉办结数', 1);
    await sync();
    // A row is taken whole or not at all: the cell that is not opened is named, and has to be put back.
    expect(await report()).toMatchObject({ refunded: before, complaints_closed: null, version: 2 });
    expect(await see('问题说明')).toContain('投诉办结数');
    await clerk.type(returns, row, '投诉办结数', null);
    await sync();
    expect(await report()).toMatchObject({ refunded: 7, complaints_closed: null, version: 3 });
    expect((await slips()).at(-1)).toMatchObject({ state: '已完成', version: 3, difference_words: expect.stringContaining('→ 7') });
    expect(await see('同步状态')).toBe('已收');
  });
});
