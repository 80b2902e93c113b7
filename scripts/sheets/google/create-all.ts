/**
 * Makes the schools' spreadsheets in the Drive folder, one after the other, and notes the link of each at its school.
 * It never overwrites a spreadsheet, and one school that cannot be served does not stop the others.
 */
import type { Progress } from '../../cli.ts';
import { openOrder, type SheetOrder, type SheetStore, type SheetsOptions } from '../create-all.ts';
import type { GoogleSourceSettings } from '../google-source.ts';
import { SheetFault } from '../source.ts';
import { type GoogleClient, openGoogle } from './client.ts';
import type { Clock } from './clock.ts';
import { findMade, isReady, type MadeState, makeSpreadsheet } from './create-spreadsheet.ts';
import { type DriveFile, filesIn } from './drive.ts';
import { GoogleFault } from './fault.ts';
import { concernsAll, sentenceOf } from './fault-words.ts';
import { openFolder } from './listing.ts';

export interface GoogleSheetsSettings extends GoogleSourceSettings {
  readonly timezone: string;
}

/** `没建成`: `message` says why; the next run tries again. */
export interface MadeSpreadsheet {
  readonly school: string;
  readonly title: string;
  readonly link: string | null;
  readonly state: MadeState | '没建成';
  readonly message: string | null;
}

export interface GoogleSheetsReport {
  readonly folder: string;
  readonly term: string;
  readonly created: number;
  readonly calls: number;
  readonly spreadsheets: readonly MadeSpreadsheet[];
}

type School = SheetOrder['schools'][number];

export const linkOf = (id: string): string => `https://docs.google.com/spreadsheets/d/${id}/edit`;

/** `2141990001_城关实验小学`. */
export const spreadsheetTitle = (school: { readonly code: string; readonly name: string }): string => `${school.code}_${school.name}`.slice(0, 100);

interface Desk {
  readonly client: GoogleClient;
  readonly store: SheetStore;
  readonly settings: GoogleSheetsSettings;
  readonly order: SheetOrder;
  readonly files: readonly DriveFile[];
  readonly dryRun: boolean;
}

const noAddress = '学校没有填邮箱,表格还没有共享给学校;请在 Directus「学校」里填写后再运行一次';

const remarks = (state: MadeState, email: string): string | null =>
  state === '不是系统模板' ? '文件夹里有同名的表格,但不是系统模板,没有改动;请先移走或改名' : email ? null : noAddress;

/** What would be done, without doing it. */
const foresee = (school: School, title: string, known: DriveFile | null): MadeSpreadsheet => {
  const state = !known ? '新建' : isReady(known, school.email ?? '') ? '已有' : '续建';
  return { school: school.code, title, link: known?.id ? linkOf(known.id) : null, state, message: remarks(state, school.email ?? '') };
};

const make = async ({ client, store, settings, order, files, dryRun }: Desk, school: School): Promise<MadeSpreadsheet> => {
  const title = spreadsheetTitle(school);
  const known = findMade(files, school.code, order.term.id, title);
  if (dryRun) return foresee(school, title, known);
  const email = school.email ?? '';
  const { id, state } = await makeSpreadsheet(client, settings.folder, { title, email, known }, async () => ({
    school,
    term: order.term,
    office: order.office,
    tabs: order.tabs,
    rows: await order.rowsOf(school.code),
    timezone: settings.timezone,
    account: client.account,
  }));
  const link = linkOf(id);
  if (state !== '不是系统模板' && school.workbook !== link) await store.updateRow('schools', school.code, { workbook: link });
  return { school: school.code, title, link, state, message: remarks(state, email) };
};

/** A fault of this school alone is its line in the report; one of the account ends the run. */
const makeOrTell = async (desk: Desk, school: School): Promise<MadeSpreadsheet> => {
  const title = spreadsheetTitle(school);
  try {
    return await make(desk, school);
  } catch (error) {
    if (!(error instanceof GoogleFault)) throw error;
    const message = sentenceOf(error, { title, account: desk.client.account });
    if (concernsAll(error)) throw new SheetFault(message);
    return { school: school.code, title, link: null, state: '没建成', message };
  }
};

const filesOf = async (client: GoogleClient, folder: string): Promise<DriveFile[]> => {
  await openFolder(client, folder);
  try {
    return await filesIn(client, folder);
  } catch (error) {
    if (error instanceof GoogleFault) throw new SheetFault(sentenceOf(error, { title: '云端硬盘的文件夹', account: client.account }));
    throw error;
  }
};

/** Throws SheetFault where Google or the folder is out of reach, UsageError for a school or term that does not exist. */
export const makeGoogleSheets = async (
  store: SheetStore,
  settings: GoogleSheetsSettings,
  options: SheetsOptions,
  progress: Progress,
  clock?: Clock,
): Promise<GoogleSheetsReport> => {
  const order = await openOrder(store, options);
  const client = await openGoogle(settings, clock);
  const desk: Desk = { client, store, settings, order, files: await filesOf(client, settings.folder), dryRun: options.dryRun === true };
  const bar = progress.bar('谷歌表格', order.schools.length);
  const spreadsheets: MadeSpreadsheet[] = [];
  for (const school of order.schools) {
    spreadsheets.push(await makeOrTell(desk, school));
    bar.step();
  }
  bar.end();
  const created = spreadsheets.filter((one) => one.state === '新建' || one.state === '续建').length;
  return { folder: settings.folder, term: order.term.id, created, calls: client.calls(), spreadsheets };
};

export const describeGoogle = (report: GoogleSheetsReport): string =>
  [
    `学期 ${report.term}:建好 ${report.created} 个,共 ${report.spreadsheets.length} 个;请求谷歌 ${report.calls} 次。`,
    ...report.spreadsheets.map((one) => `  ${one.title}:${one.state}${one.link ? ` ${one.link}` : ''}${one.message ? `(${one.message})` : ''}`),
  ].join('\n');

/** Whether somebody has to do something about one of them. */
export const needsHelp = (report: GoogleSheetsReport): boolean => report.spreadsheets.some((one) => one.message !== null);
