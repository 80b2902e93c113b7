/** 「栏目对照」: the bureau says once what the columns of a school's own sheet are. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Layout } from '../../schema/layout.ts';
import { StoreError } from '../../scripts/directus/store.ts';
import { layoutOf } from '../../scripts/sync/propose-layout.ts';
import { accessFaults, launchBrowser, signInAs } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { sheet } from '../helpers/sheet.ts';

let directus: TestDirectus;
let browser: Browser;
let page: Page;

const [east, west] = ['2141000001', '2141000002'];
const proposalFor = (tab: string, cells: string): Layout => {
  const [layout] = layoutOf(sheet(tab, cells));
  if (!layout) throw new Error('a layout is proposed');
  return layout;
};
/** A teacher's own words, in two months' files. */
const children = proposalFor(
  '三年级',
  `| 小朋友 | 所在班 | 哪几天来 | 家里手机 | 爱吃什么 |
   | 张三 | 三(1)班 | 周一至周五 | 13800001234 | 面条 |
   | 李四 | 三(2)班 | 一、三 | 13800005678 | 米饭 |`,
);
const meals = proposalFor(
  '食谱',
  `| 孩子大名 | 年级 | 班 | 爸妈手机 |
   | 王五 | 三年级 | 2 | 13800001111 |`,
);

beforeAll(async () => {
  [directus, browser] = await Promise.all([startTestDirectus({ database: 'sqlite' }), launchBrowser()]);
  const { store } = directus;
  await store.createRows('schools', [
    { code: east, name: '东关小学(示例)', township: '城关镇', type: '小学' },
    { code: west, name: '西关小学(示例)', township: '城关镇', type: '小学' },
  ]);
  const own = (school: string, place: string, proposals: readonly Layout[]) =>
    ({ kind: '工作簿', own: '学校自有', school, place, proposals, file_hash: 'abc', state: '读不了' }) as never;
  await store.createRows('sources', [
    own(east, '2141000001_九月.xlsx', [children]),
    own(east, '2141000001_十月.xlsx', [children]),
    own(west, '2141000002_食谱.xlsx', [meals]),
    own(west, '2141000002_名单.xlsx', []),
  ]);
  page = await signInAs(browser, directus.url, directus.users.office);
});
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

const section = (name: string, within = page) => within.getByRole('region', { name });
const readAs = (header: string) => section('东关小学(示例)').getByRole('combobox', { name: `“${header}”读作` });
const schoolLayouts = async (code: string): Promise<Layout[]> =>
  ((await directus.store.readRows('schools', { filter: { code: { _eq: code } } }))[0]?.layouts ?? []) as Layout[];
const sources = (school: string) => directus.store.readRows('sources', { filter: { school: { _eq: school } }, sort: ['place'] });

describe('基教股', () => {
  test('the cockpit says how many headers are to be confirmed, and leads there', async () => {
    const card = section('栏目待确认');
    await card.getByText('2 份').waitFor();
    await card.getByRole('link', { name: '栏目对照' }).click();
    await section('东关小学(示例)').waitFor();
  });

  test('the same header in two files of a school is one question, with each column as the sheet has it', async () => {
    const east = section('东关小学(示例)');
    expect(await page.getByRole('button', { name: '确认并记住' }).count()).toBe(2);
    await east.getByText('2141000001_九月.xlsx「三年级」、2141000001_十月.xlsx「三年级」', { exact: true }).waitFor();
    expect(await east.locator('tbody th').allInnerTexts()).toEqual(['小朋友', '所在班', '哪几天来', '家里手机', '爱吃什么']);
    expect(await east.locator('tbody tr').last().textContent()).toContain('不认识');
    expect(await east.locator('tbody tr', { hasText: '家里手机' }).textContent()).toContain('像是,请核对');
  });

  test('a column offers the fields of its table, cells of several fields, ticks, and not to be read', async () => {
    const offered = (await readAs('小朋友').locator('option').allInnerTexts()).map((one) => one.trim());
    expect(offered[0]).toBe('不读');
    expect(offered).toEqual(expect.arrayContaining(['姓名(必填)', '监护人电话', '家长及电话', '星期:周三(打√)']));
  });

  test('no fault of accessibility is found', async () => {
    expect(await accessFaults(page, '.layouts')).toEqual([]);
  });

  test('a field for two columns is said at once and cannot be confirmed', async () => {
    await readAs('小朋友').selectOption({ label: '监护人电话' });
    await readAs('家里手机').selectOption({ label: '监护人电话' });
    await section('东关小学(示例)').getByText('“监护人电话”对照了不止一栏').waitFor();
    expect(await section('东关小学(示例)').getByRole('button', { name: '确认并记住' }).isDisabled()).toBe(true);
  });

  test('what is confirmed is kept with the school, asked no more, read again, and one sync is queued', async () => {
    await readAs('小朋友').selectOption({ label: '姓名(必填)' });
    await section('东关小学(示例)').getByLabel('表里没有、每行都一样的').selectOption('年级');
    await section('东关小学(示例)').getByLabel('每行的“年级”都是').selectOption('三年级');
    await section('东关小学(示例)').getByRole('button', { name: '确认并记住' }).click();
    await page.getByRole('status').getByText('栏目对照已记住').waitFor();
    // The page says so first, and draws what is left after it.
    await expect.poll(() => page.getByRole('button', { name: '确认并记住' }).count(), { timeout: 30_000 }).toBe(1);

    const [kept, ...more] = await schoolLayouts(east);
    expect(more).toEqual([]);
    expect(kept).toMatchObject({ confirmed: true, fingerprint: children.fingerprint, table: 'students', constants: { 年级: '三年级' } });
    expect(kept?.columns.find(({ header }) => header === '小朋友')).toEqual({ header: '小朋友', nth: 1, field: '姓名' });
    for (const source of await sources(east)) expect(source).toMatchObject({ proposals: [] });
    expect((await sources(east)).map((one) => one.file_hash || '')).toEqual(['', '']);
    const jobs = async () => (await directus.store.readRows('jobs')).map(({ kind, state }) => [kind, state]);
    await expect.poll(jobs, { timeout: 30_000 }).toEqual([['sync', '排队']]);
  });

  test('what is no sheet of ours is asked about no more, and read as nothing', async () => {
    await section('西关小学(示例)').getByRole('button', { name: '不是台账,不读' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByText('没有待确认的栏目').waitFor();
    const [kept] = await schoolLayouts(west);
    expect(kept).toMatchObject({ confirmed: true, fingerprint: meals.fingerprint });
    expect(kept?.columns.map(({ field }) => field)).toEqual(meals.columns.map(() => null));
    expect((await sources(west)).map((one) => one.proposals)).toEqual([[], []]);
    // The one that waits already reads this too.
    expect((await directus.store.readRows('jobs')).length).toBe(1);
  });

  test('a decision is listed with what it says, and can be taken back', async () => {
    const decided = section('已确认的').getByRole('listitem');
    expect(await decided.count()).toBe(2);
    await decided.filter({ hasText: '西关小学' }).getByText('不是台账,不读').waitFor();
    await decided.filter({ hasText: '东关小学' }).locator('summary').click();
    await decided.filter({ hasText: '东关小学' }).getByText('每行都是 三年级').waitFor();
    expect(await accessFaults(page, '.layouts')).toEqual([]);
    await decided.filter({ hasText: '西关小学' }).getByRole('button').click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByRole('status').getByText('这份对照已取消').waitFor();
    expect(await schoolLayouts(west)).toEqual([]);
    expect(await schoolLayouts(east)).toHaveLength(1);
  });
});

test('layouts that nothing could be read by are refused in Chinese, whoever sends them', async () => {
  const before = (await schoolLayouts(west)).length;
  const answer = await directus.store
    .updateRow('schools', west, { layouts: [{ ...children, headerRows: 9 }] } as never)
    .catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(StoreError);
  expect((answer as StoreError).message).toContain('栏目对照不能这样保存,读不懂的地方:0.headerRows');
  expect(await schoolLayouts(west)).toHaveLength(before);
});

test('宣传 sees neither the card, nor the page, nor what is asked', async () => {
  const visitor = await signInAs(browser, directus.url, directus.users.communications);
  expect(await visitor.getByText('栏目对照').count()).toBe(0);
  await visitor.goto(`${directus.url}/admin/cockpit/layouts`);
  await visitor.getByText('您的角色不能做栏目对照').waitFor();
  expect(await visitor.getByRole('button', { name: '确认并记住' }).count()).toBe(0);
  expect(await visitor.getByText('东关小学').count()).toBe(0);
});
