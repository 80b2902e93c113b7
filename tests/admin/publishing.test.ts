/** 「案例发布」: communications staff publish and withdraw by themselves, and get no further by it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimJob, runJob } from '../../scripts/jobs/worker.ts';
import { accessFaults, launchBrowser, signInAs } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { sampleCase, schools } from '../showcase/sample-county.ts';

let directus: TestDirectus;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [directus, browser] = await Promise.all([startTestDirectus({ database: 'sqlite' }), launchBrowser()]);
  await directus.store.createRows('schools', schools as never);
  const cases = [sampleCase(0), sampleCase(1, { state: '通过', published_on: null }), sampleCase(2, { state: '评审中', published_on: null })];
  await directus.store.createRows('cases', cases as never);
  page = await signInAs(browser, directus.url, directus.users.communications);
  await page.goto(`${directus.url}/admin/cockpit/publishing`);
  await page.locator('.publishing[aria-busy=false]').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

/** The worker takes the job that the page has asked for. */
const work = async (): Promise<void> => {
  const job = await claimJob(directus.store, 'test', ['showcase']);
  if (!job) throw new Error('nothing waits');
  await runJob(directus.config, directus.store, job, () => undefined);
};
const confirm = () => page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
const site = (path: string) => join(directus.config.folders.showcase, path);

test('what has passed is published with one button, and its progress is seen', async () => {
  await page.getByLabel('选《作业公示墙让书面作业减下来》').check();
  await page.getByRole('button', { name: '发布所选' }).click();
  await confirm();
  await page.getByRole('status').getByText('“发布”已排队').waitFor();
  await work();
  await page.getByText('已发布 1 篇,网站现有 2 篇').waitFor();
  expect(existsSync(site('case/CASE00000001.html'))).toBe(true);
});

test('an opened page is counted and shown, without a cookie', async () => {
  const answer = await fetch(`${directus.url}/showcase/case/CASE00000001.html`, { headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 9)' } });
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
  await page.getByRole('button', { name: '刷新' }).click();
  await page.getByRole('button', { name: /^已发布/ }).click();
  await page
    .getByRole('row', { name: /作业公示墙/ })
    .getByText('1(1)')
    .waitFor();
});

test('a published case is withdrawn, with its reason', async () => {
  await page.getByLabel('选《作业公示墙让书面作业减下来》').check();
  await page.getByLabel('撤下原因').fill('学校要求');
  await page.getByRole('button', { name: '撤下所选' }).click();
  await confirm();
  await page.getByRole('status').getByText('“撤下”已排队').waitFor();
  await work();
  await page.getByText('已撤下 1 篇').waitFor();
  expect(existsSync(site('case/CASE00000001.html'))).toBe(false);
  expect(await directus.store.readRow('cases', 'CASE00000001')).toMatchObject({ state: '已撤回', withdrawn_reason: '学校要求' });
});

test('axe finds nothing wrong with the screen', async () => {
  expect(await accessFaults(page, '.publishing')).toEqual([]);
});

test('communications staff queue work with cases and no other; nobody else reaches it or the desk', async () => {
  const staff = await directus.signIn(directus.users.communications);
  await expect(staff.call('POST', '/kehou-jobs/cases', { do: 'notices' })).rejects.toThrow('不会做');
  await expect(staff.call('POST', '/kehou-jobs/cases', { do: 'publish' })).rejects.toThrow('请先勾选案例');
  await expect(staff.call('POST', '/items/jobs', { kind: 'sync' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(staff.call('POST', '/kehou-jobs/claim', { worker: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(staff.call('GET', '/showcase/~desk/state')).resolves.toMatchObject({ products: [] });
  for (const [method, path] of [
    ['POST', '/kehou-jobs/cases'],
    ['GET', '/kehou-jobs/cases'],
    ['GET', '/showcase/~desk/state'],
    ['GET', '/showcase/~desk/preview/'],
    ['GET', '/showcase/~desk/files/list.json'],
  ] as const)
    expect((await fetch(`${directus.url}${path}`, { method })).status, path).toBe(403);
});
