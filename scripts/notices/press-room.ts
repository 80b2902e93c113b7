/**
 * Prints many letters as few documents and cuts them apart again: two hundred letters cost Chromium little more than one.
 * Decides nothing about letters; survives a browser that crashes or hangs by halving what it was given.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { type Browser, ProtocolError, TimeoutError } from 'puppeteer';
import { type BrowserConfig, CrashedError, LateError, openBrowser, printPdf } from '../print/browser.ts';
import { liftModel, type Model } from '../print/model.ts';
import type { Blanks } from '../print/page-content.ts';
import { linksOf, openPdf, type PageRange, placesOf } from '../print/split.ts';

/** One letter, or a model of many, ready to print. */
export interface Sheet {
  readonly key: string;
  readonly html: string;
  /** Address of the link on its first page, by which it is found again in the printed document. */
  readonly mark: string;
  /** What is left open in a model; null for a letter that is printed as it is. */
  readonly blanks: Blanks | null;
  /** Pages it is expected to take, at least 1. A wrong guess costs a second print, nothing else. */
  readonly pages: number;
}

export interface Printed {
  readonly key: string;
  readonly model: Model;
}

export interface Failure {
  readonly key: string;
  readonly reason: string;
}

export interface PressRoomOptions {
  /** Letters in one document. */
  readonly batchSize?: number;
  /** Documents that the browser prints at the same time. */
  readonly parallel?: number;
  /** Milliseconds that one document may take. */
  readonly timeout?: number;
  /** Puts fragments into one document whose letters take this many pages each. */
  readonly assemble: (fragments: readonly string[], pagesEach: number) => string;
  /** Starts the browser; tests hand in one that crashes. */
  readonly open?: (config: BrowserConfig) => Promise<Browser>;
  /** False leaves the browser to whoever opened it (`sharedBrowser`). */
  readonly closes?: boolean;
}

/** One browser for several press rooms one after another: pass `open` and `closes: false` to each, and close it at the end. */
export const sharedBrowser = (): { open: (config: BrowserConfig) => Promise<Browser>; closes: false; close: () => Promise<void> } => {
  let browser: Browser | null = null;
  return {
    async open(config) {
      if (!browser?.connected) browser = await openBrowser(config);
      return browser;
    },
    closes: false,
    async close() {
      await browser?.close();
      browser = null;
    },
  };
};

export interface PressRoom {
  /** Prints all sheets and hands each finished batch over before the next one is cut. Sheets that cannot be printed come back as failures. */
  print(sheets: readonly Sheet[], take: (batch: readonly Printed[]) => Promise<void>): Promise<Failure[]>;
  /** Prints a document as it is. */
  whole(html: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

const inBatches = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

/** Fewer letters than this are not worth a document of their own. */
const smallBatch = 20;

/** Batches of letters of one length, so that the page numbers inside a batch repeat evenly; small runs are shared out evenly too. */
const batchesOf = (sheets: readonly Sheet[], most: number, parallel: number): Sheet[][] => {
  const size = Math.min(most, Math.max(smallBatch, Math.ceil(sheets.length / parallel)));
  const lengths = [...new Set(sheets.map(({ pages }) => pages))];
  return lengths.flatMap((pages) =>
    inBatches(
      sheets.filter((sheet) => sheet.pages === pages),
      size,
    ),
  );
};

interface Cut {
  readonly done: Printed[];
  /** Sheets that took another number of pages than expected: their page numbers, or those of their neighbours, are wrong. */
  readonly again: Sheet[];
}

const cutBatch = async (pdf: Uint8Array, batch: readonly Sheet[]): Promise<Cut> => {
  const source = await openPdf(pdf);
  const places = placesOf(
    source.getPages().map(linksOf),
    batch.map(({ mark }) => mark),
  );
  const done: Printed[] = [];
  const again: Sheet[] = [];
  for (const [index, sheet] of batch.entries()) {
    const place = places[index] as PageRange;
    const pages = place.to - place.from;
    if (pages !== sheet.pages || place.from % sheet.pages !== 0) {
      again.push({ ...sheet, pages });
      continue;
    }
    done.push({ key: sheet.key, model: liftModel(source, place, sheet.blanks) });
    // Cutting keeps the processor busy; the browser waits for answers meanwhile.
    await breathe();
  }
  return { done, again };
};

/** How often a letter is printed on its own before it is given up: where memory is short, not every crash is its own doing. */
const triesAlone = 3;

/** Why a letter was given up, for the office. */
const reasonOf = (error: unknown): string => {
  const often = `单独排版 ${triesAlone} 次`;
  if (error instanceof LateError || error instanceof TimeoutError) return `${often},都没有在规定时间内排完`;
  if (error instanceof CrashedError || error instanceof ProtocolError) return `${often},浏览器都中断了,可能是内存不够`;
  return `${often},都没有排好:${error instanceof Error ? error.message : String(error)}`;
};

/** Opens a press room on one browser, which is replaced when it dies. */
export const openPressRoom = (config: BrowserConfig, options: PressRoomOptions): PressRoom => {
  const { batchSize = 100, parallel = 2, timeout = 120_000, assemble, open = openBrowser, closes = true } = options;
  let browser: Browser | null = null;
  let opening: Promise<Browser> | null = null;

  /** Two documents that want a browser at the same time get the same one. */
  const current = async (): Promise<Browser> => {
    if (browser?.connected) return browser;
    opening ??= open(config).finally(() => {
      opening = null;
    });
    browser = await opening;
    return browser;
  };
  /** Browsers that were ended here; what others were printing in them is no fault of theirs. */
  const replaced = new WeakSet<Browser>();
  const replace = async (old: Browser): Promise<void> => {
    replaced.add(old);
    if (browser === old) browser = null;
    // A browser that hangs does not answer "close" either.
    old.process()?.kill('SIGKILL');
    await old.close().catch((error: unknown) => error);
  };
  const whole = async (html: string): Promise<Uint8Array> => {
    for (;;) {
      const mine = await current();
      try {
        return await printPdf(mine, html, { timeout });
      } catch (error) {
        if (replaced.has(mine)) continue;
        // Where only the process of one page has died, the browser and the pages beside it go on.
        if (!(error instanceof CrashedError && mine.connected)) await replace(mine);
        throw error;
      }
    }
  };

  const pdfOf = async (batch: readonly Sheet[]): Promise<Uint8Array> =>
    whole(
      assemble(
        batch.map(({ html }) => html),
        batch[0]?.pages ?? 1,
      ),
    );

  /** A batch that did not come out right, in halves; a letter on its own once more, until it is given up. */
  const smaller = async (batch: readonly Sheet[], reason: unknown, take: (cut: Cut) => Promise<void>, tried: number): Promise<Failure[]> => {
    const [first] = batch;
    if (first && tried >= triesAlone) return [{ key: first.key, reason: reasonOf(reason) }];
    const failures: Failure[] = [];
    for (const part of inBatches(batch, Math.ceil(batch.length / 2))) failures.push(...(await printOne(part, pdfOf(part), take, tried)));
    return failures;
  };

  /** `tried`: how often this letter has been printed on its own. */
  const printOne = async (
    batch: readonly Sheet[],
    printing: Promise<Uint8Array>,
    take: (cut: Cut) => Promise<void>,
    tried = 0,
  ): Promise<Failure[]> => {
    let cut: Cut;
    try {
      cut = await cutBatch(await printing, batch);
    } catch (error) {
      return smaller(batch, error, take, batch.length === 1 ? tried + 1 : 0);
    }
    await take(cut);
    return [];
  };

  return {
    whole,
    async print(sheets, take) {
      const failures: Failure[] = [];
      const tries = new Map<string, number>();
      let waiting: readonly Sheet[] = sheets;
      while (waiting.length > 0) {
        const again: Sheet[] = [];
        const batches = batchesOf(waiting, batchSize, parallel);
        const start = (index: number): Promise<Uint8Array> | null => {
          const batch = batches[index];
          if (!batch) return null;
          const printing = pdfOf(batch);
          // Awaited later; until then a failure must not count as unhandled.
          printing.catch((error: unknown) => error);
          return printing;
        };
        const started = Array.from({ length: parallel }, (_, index) => start(index));
        for (const [index, batch] of batches.entries()) {
          const printing = started[index] as Promise<Uint8Array>;
          await printing.catch((error: unknown) => error);
          started.push(start(index + parallel));
          // A document that is cut is not kept.
          started[index] = null;
          failures.push(
            ...(await printOne(batch, printing, async (cut) => {
              again.push(...cut.again);
              if (cut.done.length > 0) await take(cut.done);
            })),
          );
        }
        waiting = again.filter(({ key }) => {
          const count = (tries.get(key) ?? 0) + 1;
          tries.set(key, count);
          if (count > 3) failures.push({ key, reason: '每次排出来的页数都不一样' });
          return count <= 3;
        });
      }
      return failures;
    },
    async close() {
      const old = browser;
      browser = null;
      if (closes) await old?.close().catch((error: unknown) => error);
    },
  };
};
