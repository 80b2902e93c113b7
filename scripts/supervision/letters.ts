/**
 * Prints the letters of inspections that have a measure: PDF into the reports folder and into Directus' files, the inspection notes
 * where it is and waits for its re-check. A letter whose words are the same is not printed again.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Browser } from 'puppeteer';
import type { Row, Tables } from '../../schema/index.ts';
import type { Progress } from '../cli.ts';
import { type Config, repositoryRoot } from '../config.ts';
import { isWhole, shareFile } from '../directus/share-file.ts';
import { folderId, type Store } from '../directus/store.ts';
import { refuseUnknownSchools } from '../directus/unknown-schools.ts';
import { dayIn } from '../jobs/months.ts';
import { openBrowser, printPdf } from '../print/browser.ts';
import { openPdf } from '../print/split.ts';
import { fileName, writeWhole } from '../report/build.ts';
import { isLetterKind, type LetterFacts, type LetterText, letterText, longDay, missingFor } from './letter-words.ts';

export interface LettersOptions {
  /** Codes; left out for all. */
  readonly schools?: readonly string[];
  /** 行号 of inspections; left out for all that have a measure. */
  readonly inspections?: readonly string[];
  /** The moment of the letters; left out for now. */
  readonly now?: Date;
  readonly dryRun?: boolean;
}

export interface LetterLine {
  readonly inspection: string;
  readonly school: string;
  readonly kind: string;
  /** Name of the file; null where something is missing. */
  readonly file: string | null;
  readonly state: '新印' | '沿用' | '缺内容';
  /** Labels of the fields that have to be filled in first. */
  readonly missing: readonly string[];
}

export interface LettersResult {
  readonly folder: string;
  readonly letters: readonly LetterLine[];
  readonly printed: number;
  readonly reused: number;
  readonly incomplete: number;
}

type Inspection = Row<Tables['inspections']> & { readonly id: string };
export type LettersConfig = Pick<Config, 'timezone' | 'chromium'> & { readonly folders: { readonly reports: string } };

const addDays = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const clockOf = (moment: string, timezone: string): string => {
  const at = new Date(moment);
  return `${longDay(dayIn(timezone, at))}${at.toLocaleTimeString('zh-CN', { timeZone: timezone, hour: '2-digit', minute: '2-digit', hour12: false })}`;
};

const template = (): HandlebarsTemplateDelegate =>
  Handlebars.compile(readFileSync(join(repositoryRoot, 'templates', 'supervision', 'letter.hbs'), 'utf8'), { strict: true });

/** Prints once to see how many pages it takes, and then with its 版记 at the foot of the last. */
export const printLetter = async (browser: Browser, text: LetterText): Promise<Uint8Array> => {
  const fill = template();
  const footHeight = text.copyTo ? '20mm' : '11mm';
  const html = (pages: number): string => fill({ ...text, height: pages ? `${pages * 225 - 0.5}mm` : 'auto', footHeight });
  const first = await printPdf(browser, html(0), { tagged: true });
  return printPdf(browser, html((await openPdf(first)).getPageCount()), { tagged: true });
};

interface Planned {
  readonly row: Inspection;
  readonly line: LetterLine;
  readonly text: LetterText | null;
  readonly deadline: string;
  readonly hash: string;
}

const readCounty = async (store: Store, options: LettersOptions) => {
  const wanted = options.inspections ? { id: { _in: [...options.inspections] } } : {};
  const [settings, schools, inspections, complaints] = await Promise.all([
    store.readSettings(),
    store.readRows('schools', { fields: ['code', 'name'] }),
    store.readRows('inspections', { filter: { ...wanted, measure: { _nnull: true } }, sort: ['id'] }),
    store.readRows('complaints', { filter: { inspection: { _nnull: true } }, fields: ['id', 'inspection'] }),
  ]);
  return { settings, names: new Map(schools.map((one) => [one.code, one.name])), inspections, complaints };
};

type CountyData = Awaited<ReturnType<typeof readCounty>>;

const planLetter = (row: Inspection, data: CountyData, today: string, timezone: string): Planned[] => {
  if (!isLetterKind(row.measure) || row.state === '已办结') return [];
  const { settings, names } = data;
  const school = names.get(row.school) ?? row.school;
  const day = row.letter_at ? dayIn(timezone, new Date(row.letter_at)) : today;
  const deadline = row.deadline ?? addDays(day, settings.rectify_days ?? 15);
  const facts: LetterFacts = {
    kind: row.measure,
    school,
    bureau: settings.bureau_name,
    office: settings.office_name ?? '',
    inspectedOn: row.inspected_on,
    methods: row.methods ?? [],
    accuracy: row.accuracy,
    strengths: row.strengths,
    faults: row.faults,
    demand: row.demand,
    deadline,
    talkAt: row.talk_at ? clockOf(row.talk_at, timezone) : null,
    talkPlace: row.talk_place,
    copyTo: row.copy_to,
    day,
    complaints: data.complaints.filter((one) => one.inspection === row.id).length,
  };
  const missing = missingFor(facts);
  const text = missing.length ? null : letterText(facts);
  const hash = text ? createHash('sha256').update(JSON.stringify(text)).digest('hex') : '';
  const file = text ? fileName(`${row.inspected_on}_${school}_${row.measure}_${row.id.slice(0, 4)}.pdf`) : null;
  return [{ row, text, deadline, hash, line: { inspection: row.id, school, kind: row.measure, file, state: text ? '新印' : '缺内容', missing } }];
};

/** The inspection now has its letter, and waits until somebody looks again. */
const note = (store: Store, { row, deadline }: Planned, letter: string, now: string): Promise<void> =>
  store.updateRow('inspections', row.id, {
    letter,
    letter_at: row.letter_at ?? now,
    deadline,
    ...(row.state === '建议' || row.state === '已安排' || row.state === '已完成' ? { state: '待复查' } : {}),
  });

export const printLetters = async (config: LettersConfig, store: Store, progress: Progress, options: LettersOptions = {}): Promise<LettersResult> => {
  const now = options.now ?? new Date();
  const today = dayIn(config.timezone, now);
  const data = await readCounty(store, options);
  if (options.schools) refuseUnknownSchools(options.schools, [...data.names.keys()]);
  const plans = data.inspections
    .filter((row) => !options.schools || options.schools.includes(row.school))
    .flatMap((row) => planLetter(row, data, today, config.timezone));
  const folder = join(config.folders.reports, '督导');
  const ready = plans.filter((one) => one.text !== null);
  const shelf = options.dryRun || ready.length === 0 ? folderId(['督导']) : await store.openFolder(['督导']);
  const there = new Map((await store.listFiles(shelf)).map((file) => [file.title, file]));
  const isShared = (name: string | null, hash: string): boolean => {
    const file = there.get(name);
    return file !== undefined && isWhole(file, [hash]);
  };
  const fresh = ready.filter((one) => !one.row.letter || !isShared(one.line.file, one.hash));
  if (fresh.length && !options.dryRun) {
    await mkdir(folder, { recursive: true });
    const bar = progress.bar('文书', fresh.length);
    const browser = await openBrowser(config);
    try {
      for (const one of fresh) {
        const bytes = await printLetter(browser, one.text as LetterText);
        await writeWhole(join(folder, one.line.file as string), bytes);
        const name = one.line.file as string;
        const wanted = { name, title: name, type: 'application/pdf', sha256: one.hash, read: async () => bytes };
        const { id } = await shareFile(store, shelf, wanted, there.get(name));
        await note(store, one, `/assets/${id}`, now.toISOString());
        bar.step();
      }
    } finally {
      await browser.close();
      bar.end();
    }
  }
  const isFresh = new Set(fresh);
  const letters = plans.map((one) => (one.text && !isFresh.has(one) ? { ...one.line, state: '沿用' as const } : one.line));
  const count = (state: LetterLine['state']): number => letters.filter((one) => one.state === state).length;
  return { folder, letters, printed: count('新印'), reused: count('沿用'), incomplete: count('缺内容') };
};
