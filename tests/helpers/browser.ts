/**
 * A real Chromium at a real Directus, as a person sits in front of it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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

interface Axe {
  run(within: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What axe finds within a part of the page, each fault with the elements concerned. As a script tag the page's own policy would refuse it. */
export const accessFaults = async (page: Page, within = 'html'): Promise<string[]> => {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate((where) => (globalThis as unknown as { axe: Axe }).axe.run(where), within);
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
};

/** How far the page sticks out at the side. */
export const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
