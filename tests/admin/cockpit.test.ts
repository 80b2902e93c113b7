import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sensitiveTables } from '../../schema/directus.ts';
import { shiftMonth } from '../../schema/months.ts';
import { StoreError } from '../../scripts/directus/store.ts';
import { accessFaults, launchBrowser, signInAs } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

let directus: TestDirectus;
let browser: Browser;

/** The month that the office works on: the last one that is over. */
const month = shiftMonth(new Date().toLocaleDateString('sv-SE').slice(0, 7), -1);

const school = (code: string, name: string, township: string, more = {}) => ({ code, name, township, type: '小学' as const, ...more });
const report = (code: string, enrolled: number, participants: number) => ({ school: code, month, enrolled, participants, filled_by: '王示例' });

beforeAll(async () => {
  [directus, browser] = await Promise.all([startTestDirectus({ database: 'sqlite' }), launchBrowser()]);
  const { store } = directus;
  await store.createRows('schools', [
    school('2141000001', '东关小学(示例)', '城关镇'),
    school('2141000002', '西关小学(示例)', '城关镇'),
    school('2141000003', '河湾小学(示例)', '河湾乡'),
    school('2141000004', '已撤教学点(示例)', '河湾乡', { closed_on: `${shiftMonth(month, -2)}-15` }),
    school('2141000005', '新建小学(示例)', '河湾乡', { opened_on: `${shiftMonth(month, 1)}-01` }),
  ]);
  await store.createRows('monthly_reports', [report('2141000001', 200, 150), report('2141000003', 100, 90)]);
  await store.createRows('cases', [{ school: '2141000001', title: '一张作业公示单(示例)', category: '作业减负', state: '已提交' }]);
  await store.createRows('findings', [{ school: '2141000003', rule: 'R-F1', severity: '禁', message: '收费标准超过上限', state: '未办' }]);
  await store.createRows('sheet_problems', [
    { school: '2141000002', tab: '月报', cell: 'F3', message: '参加学生数比在校学生数多。请核对。', kind: '有误' },
    { school: '2141000002', tab: '学生报名', cell: 'C9', message: '没有这个年级。', kind: '冲突' },
    { school: '2141000003', tab: '月报', cell: 'B2', message: '约数。', kind: '提示' },
    { school: '2141000003', tab: '月报', cell: 'B3', message: '已改好。', kind: '有误', closed_at: new Date().toISOString() },
  ]);
  // The case asks to be checked; the list of jobs begins empty here.
  await vi.waitUntil(async () => (await store.readRows('jobs')).length === 1);
  await directus.adminStore.call('DELETE', '/items/jobs', { query: { limit: -1 } });
});
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

const tile = (page: Page, label: string) => page.locator('.stat-tile', { hasText: label });
const card = (page: Page, title: string) => page.getByRole('region', { name: title });

describe('基教股 at the cockpit', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signInAs(browser, directus.url, directus.users.office);
  });

  test('signing in leads to the cockpit, in Chinese', async () => {
    expect(new URL(page.url()).pathname).toBe('/admin/cockpit');
    expect(await page.locator('html').getAttribute('lang')).toMatch(/^zh/);
    await page
      .getByRole('heading', { name: /课后服务/ })
      .first()
      .waitFor();
  });

  test('expected schools are those open in the month, and each figure follows from the rows', async () => {
    await tile(page, '报送率').getByText('应报 3 所,已报 2 所').waitFor();
    expect(await tile(page, '报送率').locator('.value').textContent()).toBe('67%');
    expect(await tile(page, '参与率').locator('.value').textContent()).toBe('80.0%');
    expect(await tile(page, '参与率').locator('.detail').textContent()).toBe('在校 300 人,参加 240 人');
    expect(await tile(page, '未办预警').locator('.value').textContent()).toBe('1 条');
    expect(await tile(page, '待评审案例').locator('.value').textContent()).toBe('1 篇');
  });

  test('each township has its bar and its figures', async () => {
    const rows = await card(page, '各乡镇参与率').locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split(/\s+/).join(' '))).toEqual(['城关镇 75.0% 150/200 1/2', '河湾乡 90.0% 90/100 1/1']);
  });

  test('the school that has not reported is named and linked', async () => {
    const links = card(page, '还没有报的学校').locator('li a');
    expect(await links.allTextContents()).toEqual(['西关小学(示例)']);
    expect(await links.first().getAttribute('href')).toContain('/admin/content/schools/2141000002');
  });

  test('open problems are counted by school without hints and closed ones, and open to their words', async () => {
    expect(await tile(page, '填报问题').locator('.value').textContent()).toBe('2 处');
    await card(page, '待改的填报问题')
      .getByRole('button', { name: /西关小学/ })
      .click();
    await card(page, '待改的填报问题').getByText('参加学生数比在校学生数多').waitFor();
    expect(await card(page, '待改的填报问题').getByRole('link', { name: '全部' }).getAttribute('href')).toMatch(/sheet_problems\?bookmark=\d+$/);
  });

  test('another month shows that nobody has reported yet', async () => {
    const choose = page.getByLabel('统计月');
    await choose.selectOption(shiftMonth(month, -3));
    await tile(page, '报送率').getByText('应报 4 所,已报 0 所').waitFor();
    await choose.selectOption(month);
    await tile(page, '报送率').getByText('应报 3 所,已报 2 所').waitFor();
  });

  test('within the page no serious fault of accessibility is found', async () => {
    expect(await accessFaults(page, '.cockpit')).toEqual([]);
  });

  test('立即同步 asks first, then queues one job and shows it', async () => {
    const button = page.getByRole('button', { name: '立即同步' });
    await button.click();
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    expect(await directus.store.readRows('jobs')).toEqual([]);
    await button.click();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('“立即同步”已排队').waitFor();
    await card(page, '任务').getByText('排队').waitFor();
    expect((await directus.store.readRows('jobs')).map(({ kind, state, arguments: values }) => ({ kind, state, values }))).toEqual([
      { kind: 'sync', state: '排队', values: {} },
    ]);
  });

  test('the page follows a job until it is done', async () => {
    const [job] = await directus.store.readRows('jobs');
    await directus.store.updateRow('jobs', job?.id ?? '', { state: '进行中', progress: 40, message: '读表 4/10' });
    await card(page, '任务').getByRole('progressbar').waitFor();
    expect(await card(page, '任务').getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40');
    await directus.store.updateRow('jobs', job?.id ?? '', {
      state: '完成',
      progress: 100,
      message: '读到 10 行',
      finished_at: new Date().toISOString(),
    });
    await card(page, '任务').getByText('读到 10 行').waitFor();
    expect(await page.getByRole('button', { name: '立即同步' }).isEnabled()).toBe(true);
  });

  test('印制告家长书 wants a school and hands its code on', async () => {
    await page.getByRole('button', { name: '印制告家长书' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: '确定' }).isDisabled()).toBe(true);
    await dialog.getByLabel('学校').selectOption('2141000003');
    await dialog.getByRole('button', { name: '确定' }).click();
    await page.getByRole('status').getByText('“印制告家长书”已排队').waitFor();
    const [job] = await directus.store.readRows('jobs', { filter: { kind: { _eq: 'notices' } } });
    expect(job?.arguments).toEqual({ school: '2141000003' });
  });
});

describe('宣传', () => {
  test('sees cases in the cockpit and nothing of children, staff, fees or jobs', async () => {
    const page = await signInAs(browser, directus.url, directus.users.communications);
    await card(page, '待评审案例').getByText('一张作业公示单(示例)').waitFor();
    await page.getByText('这里只列出您的角色可以看的内容').waitFor();
    expect(await page.getByRole('region').count()).toBe(1);
    expect(await page.getByRole('button', { name: '立即同步' }).count()).toBe(0);
    expect(await accessFaults(page, '.cockpit')).toEqual([]);
  });

  test('the list of collections shows only what the role may read', async () => {
    const page = await signInAs(browser, directus.url, directus.users.communications);
    await page.goto(`${directus.url}/admin/content/cases`);
    await page.locator('a[href$="/admin/content/cases"]').first().waitFor();
    const shown = await page
      .locator('a[href*="/admin/content/"]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('/').at(-1) ?? ''));
    expect(shown).toEqual(expect.arrayContaining(['schools', 'activities', 'cases', 'case_reviews']));
    for (const table of [...sensitiveTables, 'jobs', 'settings']) expect(shown).not.toContain(table);
  });

  test('every sensitive collection refuses the role by API', async () => {
    const store = await directus.signIn(directus.users.communications);
    expect(sensitiveTables).toEqual(expect.arrayContaining(['staff', 'students', 'enrolments', 'fees', 'notice_copies']));
    for (const table of sensitiveTables) {
      const answer = await store.readRows(table, { limit: 1 }).catch((error: unknown) => error);
      expect(answer, table).toBeInstanceOf(StoreError);
      expect((answer as StoreError).code, table).toBe('FORBIDDEN');
    }
  });
});
