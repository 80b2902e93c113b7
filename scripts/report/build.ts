/**
 * Makes the files of a month or a term: the 统计表 as workbook and PDF, and the brief.
 * Only reads and writes; finding out and drawing are in figures.ts, workbook.ts, page.ts and brief.ts.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Values } from '../../schema/county-table.ts';
import { type Progress, UsageError } from '../cli.ts';
import { type Config, repositoryRoot } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { dayIn, monthFault } from '../jobs/months.ts';
import { openBrowser, printPdf } from '../print/browser.ts';
import { openPdf } from '../print/split.ts';
import { redated } from '../sheets/workbook-finish.ts';
import { fillBrief } from './brief.ts';
import type { Standing } from './figures.ts';
import { fillPage } from './page.ts';
import { type Period, readPeriod } from './read.ts';
import { readSpread } from './spread.ts';
import { drawWorkbook } from './workbook.ts';

export type ReportConfig = Pick<Config, 'timezone' | 'chromium'> & { readonly folders: { readonly reports: string } };

export interface ReportOptions {
  /** `2026-09`; or `term`. */
  readonly month?: string;
  /** `2026-1` */
  readonly term?: string;
  /** Folder of the files; default `folders.reports`. */
  readonly out?: string;
  readonly now?: Date;
}

/** How returns came in: the county, its townships, its types of schools, and over a term its months. */
export interface Standings {
  readonly county: Standing;
  readonly townships: readonly Standing[];
  readonly types: readonly Standing[];
  readonly months?: readonly Standing[];
}

export interface ReportResult {
  /** `2026-09`; for a term its id. */
  readonly month: string;
  /** Schools expected; for a term all that were open in one of its months. */
  readonly expected: number;
  readonly reported: number;
  readonly onTime: number;
  /** On-time reports ÷ expected ones, per cent; null where none was expected. */
  readonly rate: number | null;
  /** Codes of the schools that have not reported. */
  readonly missing: readonly string[];
  readonly standings: Standings;
  readonly xlsx: string;
  readonly pdf: string;
  /** One page for the bureau's superiors, PDF. */
  readonly brief: string;
  /** County totals by column of `report/columns.ts`; shares as fractions, blanks as null, 不适用 as the word. */
  readonly totals: Values;
  readonly ms: number;
}

export const templatesFolder = join(repositoryRoot, 'templates', 'report');

/** Written beside and renamed, so that nobody opens half a file; a file that says the same already stays as it is. */
export const writeWhole = async (path: string, content: Uint8Array): Promise<void> => {
  if (existsSync(path) && (await readFile(path)).equals(content)) return;
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
};

/** Dated by the day it was made on, so that the same table on the same day is the same file. */
const datedPdf = async (bytes: Uint8Array, day: Date): Promise<Uint8Array> => {
  const pdf = await openPdf(bytes);
  pdf.setCreationDate(day);
  pdf.setModificationDate(day);
  return pdf.save();
};

const printAll = async (config: ReportConfig, pages: readonly string[], day: Date): Promise<Uint8Array[]> => {
  const browser = await openBrowser(config);
  try {
    const printed: Uint8Array[] = [];
    for (const html of pages) printed.push(await datedPdf(await printPdf(browser, html, { tagged: true }), day));
    return printed;
  } finally {
    await browser.close();
  }
};

/** `/`, `:` and their like have no place in a file name on any system. */
export const fileName = (text: string): string => text.replaceAll(/[\\/:*?"<>|]/g, '_');

const wantedOf = ({ month, term }: ReportOptions): { month: string } | { term: string } => {
  if (term !== undefined && month === undefined) return { term };
  // Whether the month is still to come is for the command: a sample is drawn for a day of its own.
  const fault = monthFault(month ?? '', '9999-12-31');
  if (month === undefined || fault) throw new UsageError(fault ?? '');
  return { month };
};

const resultOf = (period: Period, paths: Pick<ReportResult, 'xlsx' | 'pdf' | 'brief'>, started: number): ReportResult => {
  const { figures } = period;
  return {
    month: period.stem,
    expected: figures.expected,
    reported: figures.reported,
    onTime: figures.onTime,
    rate: figures.rate,
    missing: figures.missing.map((school) => school.code),
    standings: {
      county: figures.county,
      townships: figures.byTownship,
      types: figures.byType,
      ...(figures.byMonth ? { months: figures.byMonth } : {}),
    },
    ...paths,
    totals: figures.totals,
    ms: Math.round(performance.now() - started),
  };
};

/** Reads one month or term and writes its files. Throws UsageError for a month that is none, and an unknown term. */
export const buildReport = async (
  config: ReportConfig,
  store: Store,
  progress: Pick<Progress, 'note'>,
  options: ReportOptions,
): Promise<ReportResult> => {
  const started = performance.now();
  const madeOn = dayIn(config.timezone, options.now);
  const period = await readPeriod(store, config.timezone, madeOn, wantedOf(options));
  const { figures } = period;
  progress.note(`${period.words} 统计表:应报 ${figures.expected} 所,正在制表…`);
  const out = resolve(options.out ?? config.folders.reports);
  await mkdir(out, { recursive: true });
  const named = (what: string): string => join(out, fileName(`${period.stem}_${what}`));
  const heading = { ...period.heading, madeOn };
  const day = new Date(`${madeOn}T00:00:00Z`);
  const workbook = drawWorkbook(figures, heading);
  workbook.created = day;
  workbook.modified = day;
  const { words, before, trend, matters } = period;
  const spread = await readSpread(store, config.timezone, period.months, options.now);
  const brief = { figures, period: words, heading, before: before?.totals ?? null, trend, matters, spread };
  const [[table, page], xlsx] = await Promise.all([
    Promise.all([fillPage(templatesFolder, figures, heading), fillBrief(templatesFolder, brief)]).then((pages) => printAll(config, pages, day)),
    workbook.xlsx.writeBuffer().then((bytes) => redated(new Uint8Array(bytes as ArrayBuffer))),
  ]);
  const paths = { xlsx: `${named(heading.title)}.xlsx`, pdf: `${named(heading.title)}.pdf`, brief: `${named(`${heading.county}课后服务简报`)}.pdf` };
  await Promise.all([writeWhole(paths.xlsx, xlsx), writeWhole(paths.pdf, table as Uint8Array), writeWhole(paths.brief, page as Uint8Array)]);
  return resultOf(period, paths, started);
};
