import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../scripts/directus/store.ts';
import { handlers } from '../../scripts/jobs/handlers.ts';
import { openPdf } from '../../scripts/print/split.ts';
import { printLetters } from '../../scripts/supervision/letters.ts';
import { listOverdue } from '../../scripts/supervision/overdue.ts';
import { proposeInspections } from '../../scripts/supervision/propose.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

const schools = ['2141990001', '2141990002', '2141990003', '2141990004'];
const [worst, second] = schools as [string, string];
const day = { timezone: 'Asia/Shanghai', today: '2026-11-24' };
const silent = { bar: () => ({ step: () => undefined, total: () => undefined, end: () => undefined }), note: () => undefined };

const fill = async (store: Store): Promise<void> => {
  await store.updateSettings({
    county_name: '汝南县(示例)',
    bureau_name: '汝南县教育局(示例)',
    office_name: '基础教育股',
    inspections_each: 2,
    inspections_random: 50,
  });
  await store.createRows('terms', [{ id: '2026-1', name: '2026—2027学年上学期', starts_on: '2026-09-01', ends_on: '2027-01-22', current: true }]);
  await store.createRows(
    'schools',
    schools.map((code, index) => ({ code, name: `示例小学${index + 1}`, type: '小学', township: '柳林镇' })),
  );
  await store.createRows(
    'monthly_reports',
    ['2026-09', '2026-10'].flatMap((month) =>
      schools
        .slice(1)
        .map((school) => ({ school, month, enrolled: 100, participants: 90, filled_by: '王会计', first_valid_at: `${month}-28T00:00:00Z` })),
    ) as never[],
  );
  await store.createRows('complaints', [
    { id: 'C一', school: worst, received_on: '2026-11-10', matter: '违规收费', details: '多收一个月', state: '待办' },
  ]);
};

describe('supervision in a real Directus', () => {
  let directus: TestDirectus;
  let office: Store;
  const inspectionOf = async (school: string) => {
    const [row] = await directus.store.readRows('inspections', { filter: { school: { _eq: school } } });
    if (!row) throw new Error(`no inspection of ${school}`);
    return row;
  };

  beforeAll(async () => {
    directus = await startTestDirectus({ database: 'sqlite' });
    await fill(directus.store);
    office = await directus.signIn(directus.users.office);
  });
  afterAll(() => directus?.stop());

  test('a dry run proposes and keeps nothing', async () => {
    const { proposals } = await proposeInspections(directus.store, { ...day, dryRun: true });
    expect(proposals.map((one) => one.chosenBy)).toEqual(['风险', '随机']);
    expect(await directus.store.readRows('inspections')).toEqual([]);
  });

  test('a return that only stands ready is none; a last day that was put off is the school’s own', async () => {
    const [, , third, fourth] = schools as [string, string, string, string];
    const of = async (school: string) => {
      const [row] = await directus.store.readRows('monthly_reports', { filter: { school: { _eq: school }, month: { _eq: '2026-10' } } });
      return row?.id ?? '';
    };
    const why = async (code: string) => {
      const { proposals } = await proposeInspections(directus.store, { ...day, count: 4, dryRun: true });
      return proposals.find((one) => one.code === code)?.because ?? '';
    };
    await directus.store.updateRow('monthly_reports', await of(third), { state: '待确认', first_valid_at: null });
    expect(await why(third)).toContain('未报 1 次(5 分)');
    await directus.store.updateRow('monthly_reports', await of(fourth), { first_valid_at: '2026-11-04T02:00:00Z' });
    expect(await why(fourth)).toContain('迟报 1 次(3 分)');
    await directus.store.updateRow('monthly_reports', await of(fourth), { due_on: '2026-11-05', due_reason: '停电' });
    expect(await why(fourth)).not.toContain('迟报');
    for (const school of [third, fourth])
      await directus.store.updateRow('monthly_reports', await of(school), { state: '已收', first_valid_at: '2026-10-28T00:00:00Z', due_on: null });
  });

  test('the school with a complaint and without returns comes first, its checklist is filled in and the complaint is linked', async () => {
    const made = await proposeInspections(directus.store, day);
    expect(made.complaints).toBe(1);
    expect(made.proposals[0]).toMatchObject({ code: worst, chosenBy: '风险' });
    const row = await inspectionOf(worst);
    expect(row).toMatchObject({ state: '建议', chosen_by: '风险', score: 26 });
    expect(row.proposed_because).toBe('风险分 26:未报 2 次(10 分);未办结投诉 1 件(8 分);还没有督导过(8 分)。');
    expect((await directus.store.readRow('complaints', 'C一')).inspection).toBe(row.id);
    const other = await inspectionOf(made.proposals[1]?.code ?? second);
    expect(other.checklist).toContainEqual({ label: '参加学生数', claimed: 90, verified: null, source: '2026-10 月报' });
  });

  test('while proposals wait for a decision a second run proposes nothing more', async () => {
    expect((await proposeInspections(directus.store, day)).proposals).toEqual([]);
  });

  test('the schedule proposes once a month, from the day that the county has chosen; without a day it never does', async () => {
    const run = () =>
      handlers
        .inspect({ config: { ...directus.config, timezone: day.timezone }, store: directus.store, progress: silent, arguments: { monthly: true } })
        .then((done) => done.message);
    await directus.store.updateSettings({ inspections_day: null });
    expect(await run()).toContain('不自动建议');
    // Proposals of this month stand already.
    await directus.store.updateSettings({ inspections_day: 1 });
    expect(await run()).toContain('已建议过');
  });

  test('what was verified gives the accuracy; a state is refused while something is missing', async () => {
    const { id } = await inspectionOf(worst);
    await expect(office.updateRow('inspections', id, { state: '已完成' })).rejects.toThrow('请先填:日期、督学或巡课人');
    const checklist = [{ label: '参加学生数', claimed: 100, verified: 90 }];
    await office.updateRow('inspections', id, { state: '已完成', inspected_on: '2026-11-16', inspectors: ['周督学', '李督学'], checklist });
    expect((await inspectionOf(worst)).accuracy).toBe(90);
  });

  test('a letter names what is missing, is printed once, notes its deadline and waits for the re-check', async () => {
    const { id } = await inspectionOf(worst);
    await office.updateRow('inspections', id, { measure: '整改', faults: '多收一个月费用' });
    const lacking = await printLetters(directus.config, directus.store, silent, { now: new Date('2026-11-24T02:00:00Z') });
    expect(lacking.letters).toMatchObject([{ state: '缺内容', missing: ['整改要求'] }]);
    await office.updateRow('inspections', id, { demand: '退还多收的费用' });
    const first = await printLetters(directus.config, directus.store, silent, { now: new Date('2026-11-24T02:00:00Z') });
    expect(first).toMatchObject({ printed: 1, incomplete: 0 });
    const pdf = await openPdf(readFileSync(join(first.folder, first.letters[0]?.file ?? '')));
    expect(pdf.getTitle()).toBe('关于责成示例小学1限期整改课后服务问题的通知');
    const { width, height } = (pdf.getPages()[0] as ReturnType<typeof pdf.getPage>).getSize();
    expect([Math.round(width), Math.round(height)]).toEqual([595, 842]);
    const row = await inspectionOf(worst);
    expect(row).toMatchObject({ state: '待复查', deadline: '2026-12-09' });
    expect(row.letter).toMatch(/^\/assets\/[0-9a-f-]{36}$/);
    expect(await printLetters(directus.config, directus.store, silent, { now: new Date('2026-11-25T02:00:00Z') })).toMatchObject({
      printed: 0,
      reused: 1,
    });
  });

  test('an overdue re-check is listed until it is closed with its result', async () => {
    const { id } = await inspectionOf(worst);
    expect(await listOverdue(directus.store, '2026-12-09')).toEqual([]);
    expect(await listOverdue(directus.store, '2026-12-12')).toMatchObject([{ code: worst, measure: '整改', days: 3 }]);
    await expect(office.updateRow('inspections', id, { state: '已办结' })).rejects.toThrow('复查日期、复查结果');
    await office.updateRow('inspections', id, { state: '已办结', rechecked_on: '2026-12-12', recheck: '已退还' });
    expect(await listOverdue(directus.store, '2026-12-20')).toEqual([]);
  });
});
