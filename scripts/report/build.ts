/**
 * Makes the two files of a month: the workbook and the PDF.
 * Only reads and writes; finding out and drawing are in figures.ts, workbook.ts and page.ts.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Progress, UsageError } from '../cli.ts';
import { type Config, repositoryRoot } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { dayIn } from '../jobs/months.ts';
import { openBrowser, printPdf } from '../print/browser.ts';
import { openPdf } from '../print/split.ts';
import { redated } from '../sheets/workbook-finish.ts';
import { cleanLine } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import type { ReportRow } from './columns.ts';
import { type MonthFigures, monthFigures, type Values } from './figures.ts';
import { fillPage } from './page.ts';
import { drawWorkbook, type Heading } from './workbook.ts';

export type ReportConfig = Pick<Config, 'timezone' | 'chromium'> & { readonly folders: { readonly reports: string } };

export interface ReportOptions {
  /** `2026-09` */
  readonly month: string;
  /** Folder of the two files; default `folders.reports`. */
  readonly out?: string;
  readonly now?: Date;
}

export interface ReportResult {
  readonly month: string;
  readonly expected: number;
  readonly reported: number;
  readonly onTime: number;
  /** On-time reports ÷ expected schools, per cent; null where no school was expected. */
  readonly rate: number | null;
  /** Codes of the schools that have not reported. */
  readonly missing: readonly string[];
  readonly xlsx: string;
  readonly pdf: string;
  /** County totals by column of `report/columns.ts`; shares as fractions, blanks as null. */
  readonly totals: Values;
  readonly ms: number;
}

export const templatesFolder = join(repositoryRoot, 'templates', 'report');

const readFigures = async (store: Store, month: string, timezone: string): Promise<{ figures: MonthFigures; heading: Omit<Heading, 'madeOn'> }> => {
  const [schools, reports, settings] = await Promise.all([
    store.readRows('schools', { fields: ['code', 'name', 'type', 'township', 'opened_on', 'closed_on'] }),
    store.readRows('monthly_reports', { filter: { month: { _eq: month } } }),
    store.readSettings(),
  ]);
  return {
    figures: monthFigures({ month, schools, reports: reports as ReportRow[], settings, timezone }),
    heading: {
      title: typeset(`${cleanLine(settings.county_name)}中小学生参与课后服务统计表`),
      unit: typeset(cleanLine(settings.bureau_name)),
      office: cleanLine(settings.office_name),
    },
  };
};

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

const print = async (config: ReportConfig, html: string, day: Date): Promise<Uint8Array> => {
  const browser = await openBrowser(config);
  try {
    return await datedPdf(await printPdf(browser, html, { tagged: true }), day);
  } finally {
    await browser.close();
  }
};

/** `/`, `:` and their like have no place in a file name on any system. */
export const fileName = (text: string): string => text.replaceAll(/[\\/:*?"<>|]/g, '_');

/** Whether a word is a month: `2026-09`. */
export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

/** Reads one month and writes its table as .xlsx and PDF. Throws UsageError for a month that is none. */
export const buildReport = async (
  config: ReportConfig,
  store: Store,
  progress: Pick<Progress, 'note'>,
  options: ReportOptions,
): Promise<ReportResult> => {
  const started = performance.now();
  const { month } = options;
  if (!isMonth(month)) throw new UsageError(`统计月“${month}”写法不对,应如 2026-09。`);
  const { figures, heading } = await readFigures(store, month, config.timezone);
  progress.note(`${month} 统计表:应报 ${figures.expected} 所,正在制表…`);
  const madeOn = dayIn(config.timezone, options.now);
  const out = resolve(options.out ?? config.folders.reports);
  const stem = join(out, fileName(`${month}_${heading.title}`));
  await mkdir(out, { recursive: true });
  const full = { ...heading, madeOn };
  const day = new Date(`${madeOn}T00:00:00Z`);
  const workbook = drawWorkbook(figures, full);
  workbook.created = day;
  workbook.modified = day;
  const [pdf, xlsx] = await Promise.all([
    fillPage(templatesFolder, figures, full).then((html) => print(config, html, day)),
    workbook.xlsx.writeBuffer().then((bytes) => redated(new Uint8Array(bytes as ArrayBuffer))),
  ]);
  await Promise.all([writeWhole(`${stem}.xlsx`, xlsx), writeWhole(`${stem}.pdf`, pdf)]);
  return {
    month,
    expected: figures.expected,
    reported: figures.reported,
    onTime: figures.onTime,
    rate: figures.rate,
    missing: figures.missing.map((school) => school.code),
    xlsx: `${stem}.xlsx`,
    pdf: `${stem}.pdf`,
    totals: figures.totals,
    ms: Math.round(performance.now() - started),
  };
};
