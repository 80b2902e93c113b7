/** 「数字来历」: from a figure of the county's table down to its cell, time and person, by keyboard alone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { figureChoices, figureWords, listTrail, schoolFigures, totalOf, trailSteps } from '../../extensions/cockpit-module/src/figure-trail.ts';
import { shiftMonth } from '../../schema/months.ts';
import { newRowId } from '../../schema/row-id.ts';
import { traceFigure } from '../../scripts/report/trace.ts';
import { accessFaults, launchBrowser, signInAs } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

let directus: TestDirectus;
let browser: Browser;
let page: Page;
const month = shiftMonth(new Date().toLocaleDateString('sv-SE').slice(0, 7), -1);
const before = shiftMonth(month, -1);
const [student, enrolment] = [newRowId(), newRowId()];
const [east, west] = ['2141000001', '2141000002'];

beforeAll(async () => {
  [directus, browser] = await Promise.all([startTestDirectus({ database: 'sqlite' }), launchBrowser()]);
  const { store } = directus;
  await store.createRows('schools', [
    { code: east, name: '东关小学(示例)', township: '城关镇', type: '小学' },
    { code: west, name: '西关小学(示例)', township: '官庄镇', type: '小学' },
  ]);
  const report = (school: string, participants: number, collected: number, of = month) =>
    ({ school, month: of, enrolled: 300, participants, collected, filled_by: '周敏', state: '已收' }) as never;
  await store.createRows('monthly_reports', [report(east, 200, 2000), report(west, 100, 2500), report(east, 150, 1000, before)]);
  await store.createRows('terms', [{ id: '2026-1', name: '本学期(示例)', starts_on: `${before}-01`, ends_on: `${month}-28`, current: true }]);
  await store.createRows('students', [{ id: student, school: east, name: '王小明', grade: 3, class_no: '1' }]);
  await store.createRows('enrolments', [
    {
      id: enrolment,
      student,
      school: east,
      term: '2026-1',
      state: '已通过',
      days: [1],
      applied_on: `${month}-01`,
      class_review: '同意',
      school_review: '同意',
    },
  ]);
  const office = await directus.signIn(directus.users.office);
  const [first] = await store.readRows('monthly_reports', { filter: { school: { _eq: east }, month: { _eq: month } } });
  await office.updateRow('monthly_reports', first?.id as string, { participants: 210 });
  page = await signInAs(browser, directus.url, directus.users.office);
  await page.goto(`${directus.url}/admin/cockpit/trace`);
});
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

test('the figures of all schools stand with their sum, narrowed by township', async () => {
  await page.getByRole('heading', { name: /全县 参加学生数/ }).waitFor();
  await page.getByText('合计 310').waitFor();
  expect(await page.getByRole('row', { name: /东关小学/ }).textContent()).toMatch(/210/);
  await page.getByLabel('乡镇').selectOption('官庄镇');
  await page.getByText('合计 100').waitFor();
  await page.getByLabel('乡镇').selectOption('');
});

test('the trail of one school is reached and read by keyboard, and says who changed what when', async () => {
  await page.getByRole('button', { name: '看来历 东关小学(示例)' }).focus();
  await page.keyboard.press('Enter');
  const trail = page.getByRole('region', { name: /东关小学.*参加学生数.*210/ });
  await trail.waitFor();
  const words = await trail.textContent();
  expect(words).toMatch(/200 → 210/);
  expect(words).toContain(directus.users.office.role);
  expect(words).toContain('管理界面');
  expect(await page.evaluate('document.activeElement.className')).toContain('trail');
});

test('a percentage shows what is divided by what, and leads to both', async () => {
  await page.getByLabel('哪一栏').selectOption('rate');
  await page.getByText('合计 310 ÷ 600 = 51.67%').waitFor();
  await page.getByRole('button', { name: '看来历 东关小学(示例)' }).click();
  const trail = page.getByRole('region', { name: /东关小学.*参与率.*70.00%/ });
  await trail.getByRole('heading', { name: '参加学生数:210' }).waitFor();
  await trail.getByRole('heading', { name: '在校学生数:300' }).waitFor();
});

test('the rows of the lists behind a figure stand with their 行号, each a link to its row', async () => {
  await page.getByLabel('哪一栏').selectOption('participants');
  await page.getByRole('button', { name: '看来历 东关小学(示例)' }).click();
  const link = page.getByRole('link', { name: enrolment });
  await link.waitFor();
  expect(await link.getAttribute('href')).toContain(`/content/enrolments/${enrolment}`);
  expect(await page.getByText(/台账:报名,当月参加过的已通过报名:现在 1 条算得 1/).count()).toBe(1);
});

test('a term adds up what flows, takes the last of what stands, and leads to each of its months', async () => {
  await page.getByLabel('哪一栏').selectOption('collected');
  await page.getByLabel('统计月或学期').selectOption('2026-1');
  await page.getByRole('heading', { name: /^本学期\(示例\) 全县 实收额/ }).waitFor();
  await page.getByText('合计 5,500').waitFor();
  expect(await page.getByRole('row', { name: /西关小学/ }).textContent()).toMatch(/2500.*已报 1\/2 个月/);
  await page.getByRole('button', { name: '看来历 东关小学(示例)' }).click();
  const trail = page.getByRole('region', { name: /东关小学.*实收额:3000/ });
  await trail.getByRole('heading', { name: new RegExp(`${Number(before.slice(5))}月:1000`) }).waitFor();
  await trail.getByRole('heading', { name: new RegExp(`${Number(month.slice(5))}月:2000`) }).waitFor();
  await page.getByLabel('哪一栏').selectOption('rate');
  await page.getByText('合计 310 ÷ 600 = 51.67%').waitFor();
  expect(await accessFaults(page, '.trace')).toEqual([]);
  // The page and the command say the same.
  const wanted = { timezone: 'Asia/Shanghai', today: new Date().toISOString().slice(0, 10) };
  expect((await traceFigure(directus.store, wanted, { term: '2026-1' }, '实收额')).value).toBe(5500);
  expect((await traceFigure(directus.store, wanted, { term: '2026-1' }, '学生参加情况/参与率')).value).toBe(0.5167);
  await page.getByLabel('统计月或学期').selectOption(month);
});

test('another figure is chosen; a school without a return says so', async () => {
  await page.getByLabel('哪一栏').selectOption({ label: '在校学生数' });
  await page.getByText('合计 600').waitFor();
  expect(await accessFaults(page, '.trace')).toEqual([]);
});

const report = { id: 'A', school: east, month: '2026-10', state: '已收', filled_by: '周敏', participants: 80 };
const tracedSchools = (...months: string[]) => [east, west].map((code) => ({ code, name: code, township: null, months }));

test('a change from a sheet names file, tab, cell and signer; changes of other figures are left out', () => {
  const changes = [
    {
      at: '2026-11-02T01:00:00Z',
      channel: 'sheet' as const,
      source: 's1',
      tab: '月报',
      by: null,
      fields: { participants: [null, 80, 'E5'] as const },
    },
    { at: '2026-11-01T01:00:00Z', channel: 'sheet' as const, source: 's1', tab: '月报', by: null, fields: { enrolled: [null, 90, 'D5'] as const } },
  ];
  expect(trailSteps('participants', report, changes, new Map([['s1', '东关.xlsx']]))).toEqual([
    { at: '2026-11-02T01:00:00Z', from: '空白', to: '80', where: '东关.xlsx「月报」E5', who: '填报人 周敏' },
  ]);
});

test('a return that nobody has confirmed is not in the sum; blank is not zero; the lists say how they were counted', () => {
  const schools = tracedSchools('2026-10');
  const waiting = { ...report, id: 'B', school: west, state: '待确认', participants: 40 };
  expect(schoolFigures('participants', schools, [report, waiting]).sum).toBe('80');
  expect(schoolFigures('participants', schools, [{ ...report, participants: null } as never]).lines.map((one) => one.shown)).toEqual([
    '空白',
    '未报',
  ]);
  expect(schoolFigures('start', schools, [report]).sum).toBeNull();
  const proposed = { at: '', figures: { participants: { value: 80, table: 'enrolments', words: '当月参加过的已通过报名', rows: 80 } } };
  const now = { value: 81, table: 'enrolments' as const, words: '当月参加过的已通过报名', rows: ['B2CDFGHJKLM3'] };
  expect(listTrail('participants', { ...report, proposed } as never, now)).toEqual({
    words: '报名,当月参加过的已通过报名:备月报时 80 条算得 80,现在 1 条算得 81',
    table: 'enrolments',
    rows: ['B2CDFGHJKLM3'],
  });
  expect(listTrail('participants', report, null)).toBeNull();
  expect(figureChoices.map((one) => one.field)).toEqual(
    expect.arrayContaining(['participants', 'rate', 'staff_rate', 'collected', 'grade_1', 'waived_1']),
  );
});

test('a share is both its parts; days and fee rates are never added; 不适用 keeps its reason', () => {
  const all = [
    { ...report, enrolled: 100, participants: 80, fee_rate: 60, refunded: null, not_applicable: '退费人数:本月没有退费' },
    { ...report, id: 'B', school: west, enrolled: 50, participants: 50, fee_rate: 60, refunded: 3 },
  ] as never[];
  const schools = tracedSchools('2026-10');
  const { lines, sum } = schoolFigures('rate', schools, all);
  expect(lines.map((one) => one.shown)).toEqual(['80 ÷ 100 = 80.00%', '50 ÷ 50 = 100.00%']);
  expect(sum).toBe('130 ÷ 150 = 86.67%');
  expect(
    totalOf(
      'rate',
      all.map((one) => [one]),
    ),
  ).toBe(0.8667);
  expect(schoolFigures('fee_rate', schools, all).sum).toBeNull();
  expect(figureWords('refunded', [all[0] as never])).toBe('不适用(本月没有退费)');
  expect(schoolFigures('refunded', schools, all).sum).toBe('3');
});

test('over a term money is added and heads are those of the last return; a month that waits counts nothing', () => {
  const rows = [
    { ...report, month: '2026-09', enrolled: 90, participants: 70, collected: 0.1 },
    { ...report, id: 'C', month: '2026-10', enrolled: 100, participants: 80, collected: 0.2 },
    { ...report, id: 'D', month: '2026-11', state: '待确认', enrolled: 100, participants: 1, collected: 900 },
    { ...report, id: 'E', school: west, month: '2026-09', enrolled: 50, participants: 50, collected: null, not_applicable: '实收额:免费' },
  ] as never[];
  const schools = tracedSchools('2026-09', '2026-10', '2026-11');
  const money = schoolFigures('collected', schools, rows);
  expect(money.lines.map((one) => [one.shown, one.state])).toEqual([
    ['0.3', '已报 2/3 个月'],
    ['不适用(免费)', '已报 1/3 个月'],
  ]);
  expect(money.sum).toBe('0.3');
  expect(schoolFigures('rate', schools, rows).sum).toBe('130 ÷ 150 = 86.67%');
  expect(schoolFigures('rate', schools, rows).lines[0]?.shown).toBe('80 ÷ 100 = 80.00%');
});
