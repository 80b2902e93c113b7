/**
 * A real Chromium at a real Directus, as a person sits in front of it.
 */
import { type Browser, chromium, type Page } from 'playwright-core';
import { loadConfig } from '../../scripts/config.ts';
import type { SignIn } from '../../scripts/directus/secrets.ts';

/** Chromium talks to this machine only. */
export const launchBrowser = (): Promise<Browser> => {
  const { chromium: program } = loadConfig();
  return chromium.launch({
    ...(program ? { executablePath: program } : {}),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
};

/** Opens the address that people type, and signs in. */
export const signInAs = async (browser: Browser, url: string, person: SignIn, viewport = { width: 1280, height: 800 }): Promise<Page> => {
  const page = await (await browser.newContext({ viewport, locale: 'zh-CN' })).newPage();
  await page.goto(url);
  await page.locator('input[autocomplete=username]').fill(person.email);
  await page.locator('input[type=password]').fill(person.password);
  await page.keyboard.press('Enter');
  await page.locator('.cockpit[aria-busy=false]').waitFor();
  return page;
};
