import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, signInAs } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

let directus: TestDirectus;
let browser: Browser;

beforeAll(async () => {
  [directus, browser] = await Promise.all([startTestDirectus(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

test("the administrator signs in for the first time and is at work at once: in Chinese, with the county's name, asked nothing", async () => {
  const page = await signInAs(browser, directus.url, directus.users.admin);
  await page.waitForLoadState('networkidle');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  const text = (await page.locator('body').textContent()) ?? '';
  expect(text).toContain('汝南县(示例)课后服务');
  expect(text).not.toMatch(/licen[sc]e|project owner|许可证|项目所有者/i);
});
