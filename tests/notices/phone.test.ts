/** A family at the public page, on a phone: with scripts and without, in the light and in the dark, by finger and by keyboard. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../../scripts/config.ts';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { accessFaults, launchBrowser, overflow } from '../helpers/browser.ts';
import { startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { chromium } from './desk.ts';
import { manyStudents, rowsWith, school, storeSchool, term } from './fixture.ts';

const quiet = { bar: () => ({ step() {}, total() {}, end() {} }), note() {} };

/** Each walks through all pages with a letter of its own. */
const phones = [
  { name: 'as phones are', key: 'phone', options: {} },
  { name: 'without JavaScript', key: 'no-script', options: { javaScriptEnabled: false } },
  { name: 'in the dark, small, without JavaScript', key: 'dark', options: { javaScriptEnabled: false, colorScheme: 'dark' as const } },
];
const small = { width: 320, height: 568 };
const pupils = manyStudents(phones.length + 1, 4);
/** Pictures of the walk, for people to look at. */
const pictures = join(repositoryRoot, 'coverage', 'screenshots');

let directus: TestDirectus;
let browser: Browser;
/** A table as staff write them, with more columns than a phone is wide. */
const wide = `<p>各班收费日如下:</p><table><tbody><tr>${['周次', '一年级', '二年级', '三年级', '四年级', '五年级', '六年级'].map((one) => `<th>${one}</th>`).join('')}</tr><tr>${'<td>周一16:30至18:30(教学楼一层)</td>'.repeat(7)}</tr></tbody></table>`;
/** Codes of the fee letters. */
const fees: string[] = [];
const codes: { code: string; short: string }[] = [];

beforeAll(async () => {
  [directus, browser] = await Promise.all([startTestDirectus({ database: 'sqlite' }), launchBrowser()]);
  await mkdir(pictures, { recursive: true });
  const { store } = directus;
  await storeSchool(store, rowsWith(pupils).students ?? [], { words_fee_notice: wide });
  const deps = { store, config: { ...directus.config, chromium, publicUrl: directus.url }, progress: quiet };
  const copiesOf = async (kind: string) => {
    await printNotices(deps, { kind, school: school.code });
    const [notice] = await store.readRows('notices', { filter: { kind: { _eq: kind } } });
    const copies = await store.readRows('notice_copies', { filter: { notice: { _eq: notice?.id } } });
    return pupils.map(({ id }) => copies.find(({ student }) => student === id));
  };
  for (const copy of await copiesOf('告家长书')) codes.push({ code: copy?.code ?? '', short: copy?.short_code ?? '' });
  await store.createRows(
    'fees',
    pupils.flatMap(({ id: student }) =>
      ['2026-09', '2026-10', '2026-11'].map((month, index) => ({
        student,
        school: school.code,
        term: term.id,
        month,
        due: 60,
        waived: 0,
        paid: index < 2 ? 60 : 0,
        ...(index === 1 ? { days_absent: 5, refund: 14.3, refund_reason: '请假' as const, refund_method: '抵扣下期' as const } : {}),
      })),
    ),
  );
  for (const copy of await copiesOf('收费与减免告知')) fees.push(copy?.code ?? '');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await directus?.stop();
});

const tailOf = (index: number): string => pupils[index]?.guardian_phone?.slice(-4) ?? '';

describe.each(phones.map((phone, index) => ({ ...phone, index })))('on a phone $name', ({ key, index, options }) => {
  let context: BrowserContext;
  let page: Page;
  /** Axe itself is a script and needs timers: where the phone runs none, it looks at the same page in a window beside it. */
  let reader: Page;
  const asked: string[] = [];

  beforeAll(async () => {
    const viewport = key === 'dark' ? small : { width: 390, height: 844 };
    context = await browser.newContext({ ...options, viewport, hasTouch: true, isMobile: true, locale: 'zh-CN' });
    page = await context.newPage();
    page.on('request', (request) => asked.push(request.url()));
    reader = await (await browser.newContext({ ...options, javaScriptEnabled: true, viewport, hasTouch: true, isMobile: true })).newPage();
  });
  afterAll(async () => {
    await context?.close();
    await reader?.context().close();
  });

  /** Nothing that axe knows is wrong, nothing sticks out, and what a finger must meet is large enough (WCAG 2.5.5: 44 px). */
  const sound = async (step: string): Promise<void> => {
    await page.screenshot({ path: join(pictures, `notice-${key}-${step}.png`), fullPage: true });
    await reader.setContent(await page.content());
    expect(await accessFaults(reader)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const low = await page.evaluate(() =>
      [...document.querySelectorAll('button, a.button, form label:has(input), input:not([type=radio], [type=checkbox])')]
        .filter((one) => one.getBoundingClientRect().height < 44)
        .map((one) => one.outerHTML),
    );
    expect(low).toEqual([]);
  };

  test('the typed code leads to the letter, and every page on the way can be seen, heard and pressed', async () => {
    await page.goto(`${directus.url}/notice`);
    await sound('1-code');
    await page.getByLabel('查验码').fill('ZZZZ-ZZZZ');
    await page.getByRole('button', { name: '查验' }).click();
    await page.getByRole('heading', { name: '没有查到这份通知' }).waitFor();
    await sound('2-unknown');
    await page.getByRole('link', { name: '重新输入' }).click();
    await page.getByLabel('查验码').fill(codes[index]?.short ?? '');
    await page.getByRole('button', { name: '查验' }).click();
    await page.getByRole('heading', { name: '本通知有效' }).waitFor();
    await sound('3-valid');
    await page.getByLabel('手机号后四位').fill(tailOf(index) === '0000' ? '1111' : '0000');
    await page.getByRole('button', { name: '查看' }).click();
    await page.getByText('后四位不对').waitFor();
    expect(await page.title()).toMatch(/^请再试一次/);
    await sound('4-wrong-digits');
    await page.getByLabel('手机号后四位').fill(tailOf(index));
    await page.getByRole('button', { name: '查看' }).click();
    await page.getByRole('heading', { name: '课后服务回执' }).waitFor();
    expect(await page.locator('main').textContent()).toContain(pupils[index]?.name);
    // The letter itself, before its slip, for a phone that opens no PDF.
    const words = page.locator('article.letter');
    expect(await words.textContent()).toContain(`尊敬的${pupils[index]?.name}同学家长`);
    expect(await words.getByRole('heading', { name: '四、收费、减免与退费' }).isVisible()).toBe(true);
    expect(Buffer.byteLength(await page.content())).toBeLessThan(30_000);
    await sound('5-letter');
    await page.getByRole('link', { name: '跳到回执' }).click();
    expect(await page.getByRole('heading', { name: '课后服务回执' }).evaluate((one) => one.getBoundingClientRect().top < innerHeight)).toBe(true);
    const pdf = await context.request.get(`${directus.url}${await page.getByRole('link', { name: '打开这封信' }).getAttribute('href')}`);
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('an answer with gaps comes back: the faults are reached first, each leads to its place and stands there too', async () => {
    await page.getByLabel('自愿参加').check();
    await page.getByLabel('周二').check();
    await page.getByRole('button', { name: '提交回执' }).last().click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await page.title()).toMatch(/^请改正后再提交/);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alert');
    await sound('6-faults');
    await alert.getByRole('link', { name: '请选择接送方式。' }).click();
    expect(new URL(page.url()).hash).toBe('#pick_up');
    expect(
      await page
        .getByRole('group', { name: '接送方式' })
        .evaluate((one) => document.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent),
    ).toBe('请选择接送方式。');
    expect(await page.getByLabel('周二').isChecked()).toBe(true);
  });

  test('the answer is taken, shown, and can be changed', async () => {
    await page.getByLabel('已阅读并知悉').check();
    await page.getByRole('group', { name: '接送方式' }).getByLabel('家长接').check();
    await page.getByRole('group', { name: '申请减免' }).getByLabel('否').check();
    await page.getByRole('group', { name: '个人信息' }).getByLabel('同意', { exact: true }).check();
    await page.getByRole('button', { name: '提交回执' }).last().click();
    await page.getByText('自愿参加：周二').waitFor();
    await page.getByText('已收到').waitFor();
    expect(await page.locator('input:checked').count()).toBe(0);
    await sound('7-answered');
    await page.getByText('修改回执').click();
    await page.getByLabel('已阅读并知悉').check();
    await page.getByLabel('不参加').check();
    await page.getByRole('button', { name: '提交回执' }).first().click();
    await page.getByText('不参加', { exact: true }).first().waitFor();
    const [copy] = await directus.store.readRows('notice_copies', { filter: { code: { _eq: codes[index]?.code } } });
    expect(copy?.answer).toMatchObject({ takesPart: false });
  });

  test('a letter with tables and sums stays within the width of the phone, every figure beside its name', async () => {
    await page.goto(`${directus.url}/notice/${fees[index]}`);
    await page.getByLabel('手机号后四位').fill(tailOf(index));
    await page.getByRole('button', { name: '查看' }).click();
    const sums = page.locator('article.letter table.sums');
    await sums.waitFor();
    await sound('8-fees');
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('article.letter *')].filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML),
    );
    expect(outside).toEqual([]);
    const named = await sums.locator('td[data-label]').evaluateAll((cells) => cells.map((one) => getComputedStyle(one, '::before').content));
    expect(new Set(named)).toEqual(new Set(['"应缴："', '"减免："', '"已缴："', '"退费："']));
  });

  test('no page asks another address for anything', () => {
    expect(asked.filter((address) => !address.startsWith(directus.url))).toEqual([]);
  });
});

test('with the keyboard alone: saying no takes three stops, no more than the first two questions and the button', async () => {
  const index = phones.length;
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: small });
  const page = await context.newPage();
  const focused = () => page.evaluate(() => (document.activeElement as HTMLInputElement).name || document.activeElement?.textContent);
  await page.goto(`${directus.url}/notice/${codes[index]?.code}`);
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('tail');
  await page.keyboard.type(tailOf(index));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '课后服务回执' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('跳到回执');
  await page.keyboard.press('Tab');
  expect(await focused()).toContain('打开这封信');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('read');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('part');
  await page.keyboard.press('ArrowUp');
  expect(await page.getByLabel('不参加').isChecked()).toBe(true);
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('提交回执');
  await page.keyboard.press('Enter');
  await page.getByText('已收到').waitFor();
  const [copy] = await directus.store.readRows('notice_copies', { filter: { code: { _eq: codes[index]?.code } } });
  expect(copy?.answer).toMatchObject({ takesPart: false });
  await context.close();
});
