import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newRowId } from '../../schema/row-id.ts';
import { launchBrowser, signInAs } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

let directus: TestDirectus;
let browser: Browser;
let page: Page;
const [conflict, fault, child] = [newRowId(), newRowId(), newRowId()];
const [theirs, ours] = ['13800000002', '13800000001'];

beforeAll(async () => {
  [directus, browser] = await Promise.all([startTestDirectus({ database: 'sqlite' }), launchBrowser()]);
  const { store } = directus;
  await store.createRows('schools', [{ code: '2141000001', name: '东关小学(示例)', type: '小学', township: '城关镇' }]);
  await store.createRows('students', [
    { id: child, school: '2141000001', name: '李彤', grade: 3, class_no: '2', guardian_phone: ours, status: '在册' },
  ]);
  const place = { school: '2141000001', tab: '学生报名', header: '监护人电话', value: theirs };
  await store.createRows('sheet_problems', [
    {
      ...place,
      id: conflict,
      cell: 'I4',
      sheet_row: 4,
      kind: '冲突',
      code: 'conflict',
      message: `「学生报名」第 4 行“监护人电话”(I4)表里是“${theirs}”,县局系统里同时改成了“${ours}”。`,
      sheet_value: theirs,
      live_value: ours,
      held: { table: 'students', item: child, field: 'guardian_phone', sheet: theirs, live: ours, agreement: { guardian_phone: theirs } },
    },
    { ...place, id: fault, cell: 'I5', sheet_row: 5, kind: '有误', code: 'phone-invalid', message: '不是有效电话号码。' },
  ]);
  page = await signInAs(browser, directus.url, directus.users.office, { width: 1440, height: 1000 });
});
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

const openForm = async (id: string): Promise<void> => {
  await page.goto(`${directus.url}/admin/content/sheet_problems/${id}`);
  await page.locator('.v-form .field', { hasText: '说明与办法' }).first().waitFor();
};
const field = (label: string) => page.locator('.v-form .field').filter({ has: page.locator('.field-label', { hasText: label }) });

test('the form shows the two values beside each other, and the decision as words to tick', async () => {
  await openForm(conflict);
  const [left, right] = await Promise.all([field('学校填的').boundingBox(), field('系统里的').first().boundingBox()]);
  expect(left && right && Math.abs(left.y - right.y)).toBeLessThan(4);
  expect(left && right && right.x > left.x + left.width / 2).toBe(true);
  expect(await field('处理').locator('.v-radio').allInnerTexts()).toEqual(
    expect.arrayContaining(['用学校的', '用系统里的', '另填'].map((word) => expect.stringContaining(word))),
  );
  expect(await field('另填的值').count()).toBe(0);
});

test('a mistake that is no conflict asks for no decision', async () => {
  await openForm(fault);
  expect(await field('处理').count()).toBe(0);
});

test('另填 opens a line to type in; a bad value is refused in Chinese, a good one is stored and ends the problem', async () => {
  await openForm(conflict);
  await page.getByText('另填', { exact: true }).click();
  await field('另填的值').locator('input').fill('1380000');
  await page.keyboard.press('Control+s');
  await page
    .getByText(/不是有效电话号码/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: '关闭' }).click();
  expect((await directus.store.readRow('students', child)).guardian_phone).toBe(ours);
  await field('另填的值').locator('input').fill('13800000003');
  await page.keyboard.press('Control+s');
  await expect.poll(async () => (await directus.store.readRow('students', child)).guardian_phone, { timeout: 20_000 }).toBe('13800000003');
  expect(await directus.store.readRow('sheet_problems', conflict)).toMatchObject({ decision: '另填', closed_at: expect.any(String) });
});
