/**
 * One Chromium for everything that is printed: HTML in, PDF bytes out.
 * Never runs a page's scripts, never lets a page reach the network or a file outside the template's own folder.
 */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import puppeteer, { type Browser, type HTTPRequest, type Page } from 'puppeteer';
import { UsageError } from '../cli.ts';

/** The part of the configuration that the browser needs; without `chromium` puppeteer's own browser is used. */
export interface BrowserConfig {
  readonly chromium?: string | null;
}

export interface PrintOptions {
  /** Folder whose files the page may show, by relative addresses. Without it the page has nothing but itself and data: addresses. */
  readonly assetsDir?: string;
  readonly landscape?: boolean;
  /** Paper margins for pages without their own `@page` rule, e.g. `15mm`. */
  readonly margin?: string;
  /** Adds the structure for screen readers; costs time and size, and is lost when the document is split. */
  readonly tagged?: boolean;
  /** Bookmarks from the headings (needs `tagged`). */
  readonly outline?: boolean;
  /** Milliseconds that one document may take. */
  readonly timeout?: number;
}

/** Where the printed page believes it lives. `.invalid` never resolves (RFC 2606); the answers come from `answer` below. */
const origin = 'http://print.invalid';

/** The page's own rule, second lock behind the request filter: no scripts, no frames, no forms, no outside addresses. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline' 'self'; img-src data: 'self'; font-src data: 'self'; base-uri 'none'; form-action 'none'";

const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  // No name is ever looked up: even a preconnect hint, which no request filter sees, stays inside.
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/**
 * Starts Chromium; the caller closes it. Talks through a pipe, so no port is opened.
 * Throws UsageError when no browser can be started.
 */
export const openBrowser = async (config: BrowserConfig): Promise<Browser> => {
  try {
    return await puppeteer.launch({
      headless: true,
      pipe: true,
      ...(config.chromium ? { executablePath: config.chromium } : {}),
      args: [...quiet, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      protocolTimeout: 300_000,
    });
  } catch (error) {
    throw new UsageError('打不开 Chromium,无法生成 PDF。请运行 npm run doctor 查看缺什么、怎样补。', { cause: error });
  }
};

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** The file behind an address of the page, or null where it has no business. Links out of the folder count as outside. */
const assetOf = async (assetsDir: string, pathname: string): Promise<{ body: Buffer; contentType: string } | null> => {
  const contentType = contentTypes[extname(pathname).toLowerCase()];
  if (!contentType) return null;
  try {
    const root = await realpath(assetsDir);
    const path = await realpath(join(root, decodeURIComponent(pathname)));
    return path.startsWith(root + sep) ? { body: await readFile(path), contentType } : null;
  } catch {
    // Not there, or not a proper address: for the page both are simply "no such file".
    return null;
  }
};

const answer = async (request: HTTPRequest, html: string, assetsDir: string | undefined): Promise<void> => {
  const url = new URL(request.url());
  if (request.isNavigationRequest() && request.url() === `${origin}/`) {
    return request.respond({ contentType: 'text/html; charset=utf-8', headers: { 'content-security-policy': pagePolicy }, body: html });
  }
  // "No content" leaves the page where it is; a refused address would put an error page in its place while it is being printed.
  if (request.isNavigationRequest()) return request.respond({ status: 204 });
  const asset = url.origin === origin && assetsDir ? await assetOf(assetsDir, url.pathname) : null;
  return asset ? request.respond(asset) : request.abort('blockedbyclient');
};

/** Milliseconds that an empty page may take to open. */
const longestStart = 20_000;

/** The process that laid the page out is gone. */
export class CrashedError extends Error {
  override name = 'CrashedError';
}

/** The time that a document may take is over. */
export class LateError extends Error {
  override name = 'LateError';
}

/** A browser that hangs answers nothing, not even with an error: after the time allowed the work is given up. */
const before = async <T>(deadline: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LateError(`the browser did not answer within ${deadline} ms`)), deadline);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Closing is nobody's concern when the page has crashed: the browser it belonged to is replaced by the caller. */
const closePage = (page: Page): void => void page.close().catch((error: unknown) => error);

/**
 * Prints one HTML document on A4 (or the document's own `@page` size) and returns the PDF.
 * Scripts in it do not run; every address but data: and files of `assetsDir` is refused.
 * Throws when the page crashes or takes longer than `timeout` (default two minutes).
 */
export const printPdf = async (browser: Browser, html: string, options: PrintOptions = {}): Promise<Uint8Array> => {
  const timeout = options.timeout ?? 120_000;
  const page = await before(Math.min(timeout, longestStart), browser.newPage());
  // A page whose process is killed is told by an event; what was asked of it is not always answered.
  const crashed = new Promise<never>((_resolve, reject) => {
    page.once('error', (error) => reject(new CrashedError(error.message)));
  });
  crashed.catch((error: unknown) => error);
  const print = async (): Promise<Uint8Array> => {
    await page.setJavaScriptEnabled(false);
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      // A request of a page that has just gone needs no answer.
      answer(request, html, options.assetsDir).catch((error: unknown) => error);
    });
    await page.goto(`${origin}/`, { waitUntil: 'load', timeout });
    return await page.pdf({
      format: 'A4',
      preferCSSPageSize: true,
      printBackground: true,
      landscape: options.landscape ?? false,
      tagged: options.tagged ?? false,
      outline: options.outline ?? false,
      // Fonts are the system's: nothing to wait for, and the wait itself needs scripts.
      waitForFonts: false,
      timeout,
      ...(options.margin ? { margin: { top: options.margin, right: options.margin, bottom: options.margin, left: options.margin } } : {}),
    });
  };
  try {
    return await before(timeout, Promise.race([print(), crashed]));
  } finally {
    closePage(page);
  }
};
