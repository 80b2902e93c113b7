/**
 * A sync over every place where schools keep sheets. One sheet or one place that fails leaves the others running.
 */
import type { Progress } from '../cli.ts';
import type { Config } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { type Listing, SheetFault, type SheetSource } from '../sheets/source.ts';
import { sheetSources } from '../sheets/sources.ts';
import { type Present, schoolOf } from './belonging.ts';
import { type Desk, openDesk, type SyncOptions } from './desk.ts';
import { quiet, type SyncedSheet, type SyncSummary, summarise, type UnreachedSource } from './summary.ts';
import { takeSheet } from './take-sheet.ts';

/** Three at a time: while Directus stores one workbook, the next two are parsed. More would only take memory. */
export const sheetsAtOnce = 4;

const forAll = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: sheetsAtOnce }, lane));
};

interface Listed {
  readonly source: SheetSource;
  readonly listings: readonly Listing[];
}

/** What is there, and which places cannot be reached at all. */
const listAll = async (desk: Desk, sources: readonly SheetSource[]): Promise<{ listed: Listed[]; unreached: UnreachedSource[] }> => {
  const listed: Listed[] = [];
  const unreached: UnreachedSource[] = [];
  for (const source of sources) {
    try {
      listed.push({ source, listings: await source.list(desk.known) });
    } catch (error) {
      if (!(error instanceof SheetFault)) throw error;
      unreached.push({ where: source.where, message: error.message });
    }
  }
  return { listed, unreached };
};

/** Sheets that were there and are gone: said once, and their rows stay. A sheet that was renamed has been found again by now. */
const noteMissing = async (desk: Desk, listed: readonly Listed[], places: ReadonlySet<string>): Promise<SyncedSheet[]> => {
  const kinds = new Set(listed.map(({ source }) => source.kind));
  // What lies in a folder that may not be looked into at present is not gone.
  const closed = [...places].filter((place) => place.endsWith('/'));
  const missing = [...desk.known.values()].filter(
    (known) => kinds.has(known.kind) && !places.has(known.place) && !known.place.endsWith('/') && !closed.some((one) => known.place.startsWith(one)),
  );
  const message = '填报表不见了:可能被移走、改名或删除。已收的数据都还在;请把它放回原处';
  const news = missing.filter((known) => known.message !== message && (!desk.options.school || known.school === desk.options.school));
  if (!desk.options.dryRun) {
    for (const known of news) await desk.store.updateRow('sources', known.id, { state: '读不了', message, file_hash: '' });
  }
  return news.map((known) => quiet(known.place, known.school, '不见了', message));
};

const settle = async (desk: Desk, { source }: Listed): Promise<void> => {
  if (desk.options.dryRun || !source.settled) return;
  for (const { place, cursor } of await source.settled()) {
    const known = desk.known.get(place);
    if (known) await desk.store.updateRow('sources', known.id, { cursor });
  }
};

/** Running it again over the same sheets changes nothing and opens none of them. Throws where Directus is out of reach or has no current term. */
export const syncSheets = async (
  config: Config,
  store: Store,
  progress: Progress,
  options: SyncOptions = {},
  sources: readonly SheetSource[] = sheetSources(config),
): Promise<SyncSummary> => {
  const began = Date.now();
  const desk = await openDesk(config, store, options);
  const { listed, unreached } = await listAll(desk, sources);
  const places = new Set(listed.flatMap(({ listings }) => listings.map((one) => one.place)));
  const present: Present = { places, speakers: new Map() };
  const bar = progress.bar('同步填报表', places.size);
  const sheets: SyncedSheet[] = [];
  try {
    for (const one of listed) {
      const wanted = one.listings.filter((listing) => !options.school || schoolOf(desk, listing) === options.school);
      await forAll(wanted, async (listing) => {
        sheets.push(await takeSheet(desk, one.source.kind, listing, (which) => one.source.open(which), present));
        bar.step();
      });
      if (!options.school) await settle(desk, one);
    }
  } finally {
    bar.end();
  }
  await desk.notes.flush();
  sheets.push(...(await noteMissing(desk, listed, places)));
  const apiCalls = sources.reduce((sum, source) => sum + source.calls(), 0);
  return summarise(sheets, unreached, { apiCalls, ms: Date.now() - began });
};
