/** 「印发通知」: from the choice of letter and families to the sample, the print, the links and the roster, without a command line. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { repositoryRoot } from '../../scripts/config.ts';
import { claimJob, runJob } from '../../scripts/jobs/worker.ts';
import { accessFaults, launchBrowser, signInAs } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { textOf } from '../notices/desk.ts';
import { manyStudents, school, storeSchool, term } from '../notices/fixture.ts';

// Chromium prints and shows, and a Directus answers, on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

let directus: TestDirectus;
let browser: Browser;
let page: Page;
const pupils = manyStudents(4, 2);
/** Pictures of the screens, for people to look at. */
const pictures = join(repositoryRoot, 'coverage', 'screenshots');

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  [directus, browser] = await Promise.all([startTestDirectus({ database: 'sqlite' }), launchBrowser()]);
  const { store } = directus;
  await storeSchool(store, pupils);
  page = await signInAs(browser, directus.url, directus.users.office);
});
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

/** What the worker beside Directus does. */
const workOff = async (): Promise<void> => {
  for (let job = await claimJob(directus.store, 'test'); job; job = await claimJob(directus.store, 'test'))
    await runJob(directus.config, directus.store, job, () => undefined);
};
/** Opens the list of students and ticks or unticks these. */
const tick = async (...chosen: readonly { readonly name: string }[]): Promise<void> => {
  const list = page.getByRole('group', { name: '学生' });
  if (!(await list.isVisible())) await page.getByText(/^学生:/).click();
  for (const { name } of chosen) await list.getByRole('checkbox', { name }).click();
};
const press = (name: string) => page.getByRole('group', { name: '办理' }).getByRole('button', { name }).click();
const queued = () => page.getByText('已排队').waitFor();
/** Asks, does it, and waits until the page shows it. */
const ask = async (name: string, outcome: string | RegExp): Promise<void> => {
  await press(name);
  const sure = page.getByRole('dialog').getByRole('button', { name: '确定' });
  if (name === '印制' || name === '发送') await sure.click();
  await queued();
  await workOff();
  await page.getByText(outcome).first().waitFor({ timeout: 30_000 });
};
const fileOf = async (name: string | RegExp): Promise<{ type: string; start: string }> => {
  const address = await page.getByRole('link', { name }).first().getAttribute('href');
  return page.evaluate(async (path) => {
    const answer = await fetch(String(path));
    return { type: answer.headers.get('content-type') ?? '', start: (await answer.text()).slice(0, 40) };
  }, address);
};

describe('基教股 sends out a letter', () => {
  test('the page is found beside the cockpit, and says what has to be chosen first', async () => {
    await page.goto(`${directus.url}/admin/cockpit`);
    await page.getByRole('link', { name: '印发通知' }).click();
    await press('看样张');
    await page.getByText('请选择学校').waitFor();
  });

  test('a sample of one real student opens as a PDF, and nothing is recorded by it', async () => {
    await page.getByRole('combobox', { name: '学校', exact: true }).selectOption(school.code);
    await tick(pupils[2] as (typeof pupils)[0]);
    await ask('看样张', '样张已备好');
    expect(await fileOf(/^预览_/)).toEqual({ type: 'application/pdf', start: expect.stringMatching(/^%PDF-/) });
    expect(await directus.store.readRows('notice_copies')).toEqual([]);
    const [job] = await directus.store.readRows('jobs', { filter: { kind: { _eq: 'notices' } } });
    expect(job?.result).toMatchObject({ do: 'preview', student: pupils[2]?.id });
    for (const { name } of pupils) expect(JSON.stringify(job)).not.toContain(name);
    await page.getByRole('button', { name: '改为全部' }).click();
  });

  test('some students only are chosen from a list, and counted', async () => {
    await tick(...pupils.slice(0, 3));
    await page.getByText('学生:选了 3 名').waitFor();
    await page.screenshot({ path: join(pictures, 'notice-students.png') });
    await ask('先算一算', /告家长书 3 份:将印 3,沿用 0\(只算未印\)/);
    await page.getByRole('button', { name: '改为全部' }).click();
    await page.getByText('学生:全部').waitFor();
  });

  test('the count comes before the print and prints nothing', async () => {
    await ask('先算一算', /告家长书 4 份:将印 4,沿用 0\(只算未印\)/);
    expect(await directus.store.readRows('notice_copies')).toEqual([]);
  });

  test('the print is asked back, done by the worker, and its class sets can be opened', async () => {
    await ask('印制', /告家长书 4 份:新印 4,沿用 0,/);
    expect(await fileOf('1年级1班_打印.pdf')).toMatchObject({ type: 'application/pdf' });
    const visitor = await fetch(`${directus.url}${await page.getByRole('link', { name: '1年级1班_打印.pdf' }).getAttribute('href')}`);
    expect(visitor.status).toBe(403);
    expect(await page.getByRole('row', { name: /一年级1班/ }).textContent()).toMatch(/一年级1班2200/);
  });

  test('links for the class chats and the roster of answers are there to be opened; without a mail server that is said', async () => {
    await ask('发送', '没有设邮件服务器');
    expect(await fileOf('1年级1班_链接.txt')).toMatchObject({ start: expect.stringContaining(school.name) });
    await ask('回执名册', /在册 4 人,已发 4,已读 0,已交 0,未交 4/);
    expect((await fileOf('回执名册.xlsx')).start).toMatch(/^PK/);
    expect(await page.getByRole('row', { name: /一年级1班/ }).textContent()).toContain(pupils[0]?.name);
  });

  test('mail that was refused stands there with the server’s words, and is put back into the queue by a button', async () => {
    const [copy] = await directus.store.readRows('notice_copies');
    const words = 'Can’t send mail: 550 no such user here';
    const deliveries = [{ channel: '邮件', at: '2026-09-02T01:00:00Z', result: '失败', words }];
    await directus.store.updateRow('notice_copies', copy?.id as string, { mail_to: 'nobody@example.com', delivery: '失败', deliveries });
    await page.reload();
    await page.getByRole('combobox', { name: '学校', exact: true }).selectOption(school.code);
    await page.getByText(words).waitFor();
    expect(await accessFaults(page, '.notices')).toEqual([]);
    await page.getByRole('button', { name: '再发' }).click();
    await page.getByText('已改为“排队”').waitFor();
    expect(await directus.store.readRow('notice_copies', copy?.id as string)).toMatchObject({ delivery: '排队' });
  });
});

describe('from the screen of a notice', () => {
  test('a button leads to 印发通知 with this notice chosen, and its sample is made from its own words', async () => {
    const [notice] = await directus.store.readRows('notices');
    await directus.store.updateRow('notices', notice?.id as string, { words: '<p>根据{{依据}},这是本份自己的正文。</p>' });
    await page.goto(`${directus.url}/admin/content/notices/${notice?.id}`);
    const door = page.getByRole('link', { name: '看样张、印制、发送' });
    await door.waitFor();
    await page.screenshot({ path: join(pictures, 'notice-item.png') });
    await door.click();
    await page.getByText(`正在办:${school.name}的告家长书`).waitFor();
    expect(await page.getByRole('combobox', { name: '学校', exact: true }).inputValue()).toBe(school.code);
    expect(await page.getByRole('combobox', { name: '种类' }).inputValue()).toBe('告家长书');
    await page.screenshot({ path: join(pictures, 'notice-chosen.png') });
    expect(await accessFaults(page, '.notices')).toEqual([]);
    await tick(pupils[1] as (typeof pupils)[0]);
    await ask('看样张', '样张已备好');
    const [job] = await directus.store.readRows('jobs', { filter: { kind: { _eq: 'notices' } }, sort: ['-requested_at'], limit: 1 });
    expect(job?.arguments).toMatchObject({ do: 'preview', kind: '告家长书', school: school.code, notice: notice?.id });
    expect(textOf(join(directus.config.folders.notices, `预览_${school.code}_告家长书.pdf`))).toContain('这是本份自己的正文');
    await page.getByRole('link', { name: '回到这份通知' }).click();
    await door.waitFor();
  });

  test('one that was withdrawn is not opened for printing, and that is said', async () => {
    const withdrawn = { id: 'WITHDRAWN222', kind: '报名结果', school: school.code, term: term.id, state: '已撤回' } as const;
    await directus.store.createRows('notices', [withdrawn]);
    await page.goto(`${directus.url}/admin/cockpit/notices?notice=${withdrawn.id}`);
    await page.getByText('这份通知已撤回').waitFor();
    expect(await page.getByRole('combobox', { name: '种类' }).inputValue()).toBe('告家长书');
  });
});

describe('the words of a letter', () => {
  const editor = () => page.locator('.letter-words').first();

  test('a placeholder is put where the cursor stands, and one that the letter must keep is missed at once', async () => {
    await page.goto(`${directus.url}/admin/content/settings`);
    const box = editor().locator('[contenteditable="true"]');
    await box.click();
    await box.pressSequentially('家长您好,');
    await editor().getByText('这种通知须保留:{{依据}}').waitFor();
    await editor().getByRole('button', { name: /^依据/ }).click();
    await box.pressSequentially('。');
    expect((await box.textContent())?.trim()).toBe('家长您好,{{依据}}。');
    await editor().getByText('这种通知须保留').waitFor({ state: 'detached' });
    await box.pressSequentially('{{学生名字}}');
    await editor().getByText('不认识的占位符:{{学生名字}}').waitFor();
    expect(await accessFaults(page, '.letter-words .list')).toEqual([]);
  });
});
