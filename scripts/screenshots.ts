/**
 * `npm run screenshots`: the pictures of the README, taken from what `npm run demo` made.
 * Shows invented people only; it changes nothing but the pictures.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Command, main, type Progress, UsageError } from './cli.ts';
import { type Config, loadConfig, repositoryRoot } from './config.ts';
import type { SignIn } from './directus/secrets.ts';
import { withDirectus } from './directus/server.ts';
import { listWorkbooks } from './sheets/folder.ts';

const runProgram = promisify(execFile);
const pictures = join(repositoryRoot, 'tests', 'screenshots');
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

const launch = (config: Config): Promise<Browser> =>
  chromium.launch({
    ...(config.chromium ? { executablePath: config.chromium } : {}),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });

/** Directus draws its lists after the page has loaded; nothing tells when the last request is over but quiet. */
const settled = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(800);
};

const take = async (page: Page, name: string): Promise<string> => {
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path });
  return path;
};

const signIn = async (page: Page, url: string, person: SignIn): Promise<void> => {
  await page.goto(url);
  await page.locator('input[autocomplete=username]').fill(person.email);
  await page.locator('input[type=password]').fill(person.password);
  await page.keyboard.press('Enter');
  await page.locator('.cockpit[aria-busy=false]').waitFor();
};

const adminPictures = async (browser: Browser, url: string, person: SignIn): Promise<string[]> => {
  const page = await (await browser.newContext({ viewport: desktop, locale: 'zh-CN' })).newPage();
  await signIn(page, url, person);
  await settled(page);
  const taken = [await take(page, 'cockpit')];
  for (const [name, path] of [
    ['schools', 'schools'],
    ['problems', 'sheet_problems'],
  ] as const) {
    await page.goto(`${url}/admin/content/${path}`);
    await settled(page);
    taken.push(await take(page, name));
  }
  await page.goto(`${url}/admin/content/monthly_reports`);
  await settled(page);
  await page.locator('tbody tr').first().click();
  await settled(page);
  taken.push(await take(page, 'return-form'));
  return taken;
};

const sitePictures = async (browser: Browser, config: Config): Promise<string[]> => {
  const taken: string[] = [];
  for (const [name, viewport] of [
    ['showcase-desktop', desktop],
    ['showcase-phone', phone],
  ] as const) {
    const page = await (await browser.newContext({ viewport, locale: 'zh-CN' })).newPage();
    await page.goto(pathToFileURL(join(config.folders.showcase, 'index.html')).href);
    taken.push(await take(page, name));
  }
  return taken;
};

/** One page of a PDF as a picture. */
const pdfPicture = async (pdf: string, pageNumber: number, name: string): Promise<string> => {
  await runProgram('pdftoppm', ['-png', '-singlefile', '-r', '80', '-f', String(pageNumber), '-l', String(pageNumber), pdf, join(pictures, name)]);
  return join(pictures, `${name}.png`);
};

const firstFile = (folder: string, fits: (name: string) => boolean): string | undefined =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(fits)
        .sort()
        .map((name) => join(folder, name))[0]
    : undefined;

const paperPictures = async (config: Config): Promise<string[]> => {
  const letter = firstFile(config.folders.notices, (name) => /[2-9B-Z]{12}\.pdf$/.test(name));
  const report = firstFile(config.folders.reports, (name) => name.endsWith('统计表.pdf'));
  if (!letter || !report) throw new UsageError('还没有可拍的通知和统计表:请先运行 npm run demo。');
  return [await pdfPicture(letter, 1, 'notice'), await pdfPicture(report, 1, 'report')];
};

/** A school's workbook as LibreOffice shows it, answers and all. */
const workbookPicture = async (config: Config): Promise<string[]> => {
  const [book] = await listWorkbooks(config.sheetsDir);
  if (!book) throw new UsageError('还没有填报表:请先运行 npm run demo。');
  const folder = mkdtempSync(join(tmpdir(), 'kehou-pictures-'));
  try {
    await runProgram('soffice', [
      `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`,
      '--headless',
      '--convert-to',
      'pdf',
      '--outdir',
      folder,
      book,
    ]);
    const pdf = readdirSync(folder).find((name) => name.endsWith('.pdf')) as string;
    renameSync(join(folder, pdf), join(folder, 'book.pdf'));
    return [await pdfPicture(join(folder, 'book.pdf'), 1, 'workbook')];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const takeAll = async (config: Config, progress: Progress): Promise<string[]> => {
  await mkdir(pictures, { recursive: true });
  const papers = [...(await paperPictures(config)), ...(await workbookPicture(config))];
  const browser = await launch(config);
  try {
    const screens = await withDirectus(config, progress, (_store, session) => adminPictures(browser, session.url, session.secrets.signIn.office));
    return [...screens, ...(await sitePictures(browser, config)), ...papers];
  } finally {
    await browser.close();
  }
};

const options = {} as const;

export const screenshotsCommand: Command<typeof options> = {
  name: 'screenshots',
  summary: "README 里的图:取自 npm run demo 的结果(要有 LibreOffice 和 poppler)/ the README's pictures",
  options,
  async run(_flags, _words, progress) {
    const taken = await takeAll(loadConfig(), progress);
    return { json: { pictures: taken }, text: taken.join('\n') };
  },
};

await main(import.meta, screenshotsCommand);
