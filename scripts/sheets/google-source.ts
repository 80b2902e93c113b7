/**
 * Google Sheets as a source: the spreadsheets of one Drive folder, through a service account.
 * It finds out by Drive's list of changes what is new, and never opens what is not.
 */
import { type GoogleClient, type GoogleSettings, openGoogle } from './google/client.ts';
import type { Clock } from './google/clock.ts';
import { bookmarkOf, cursorOf, type GoogleCursor } from './google/cursor.ts';
import { changesSince, spreadsheetType, startToken } from './google/drive.ts';
import { GoogleFault } from './google/fault.ts';
import { concernsAll, sentenceOf } from './google/fault-words.ts';
import { lookAround, type Pass } from './google/listing.ts';
import { openSpreadsheet } from './google/open-spreadsheet.ts';
import { type KnownPlaces, type Listing, SheetFault, type SheetSource } from './source.ts';

export interface GoogleSourceSettings extends GoogleSettings {
  /** Drive folder of the schools' spreadsheets. */
  readonly folder: string;
}

/** A changed spreadsheet is noticed within this time; each look is one call to Drive. */
const lookEvery = 45_000;

const where = (folder: string): string => `https://drive.google.com/drive/folders/${folder}`;

/** What settles once every listing of a pass is dealt with: the row that carries the token, and places that turned out to be gone. */
const settledCursors = (known: KnownPlaces, pass: Pass, cursors: ReadonlyMap<string, GoogleCursor>, now: number) => {
  const before = bookmarkOf(known);
  const carrier = before && cursors.has(before.place) ? before.place : pass.listings[0]?.place;
  const moved = before?.token !== pass.token || before.listedAt !== pass.listedAt || before.place !== carrier;
  const bookmark = { token: pass.token, tokenAt: new Date(now).toISOString(), listedAt: pass.listedAt };
  return [...cursors].flatMap(([place, cursor]) => {
    const then = moved && place === carrier ? { ...cursor, ...bookmark } : cursor;
    const stored = known.get(place);
    return stored && JSON.stringify(cursorOf(stored)) === JSON.stringify(then) ? [] : [{ place, cursor: then }];
  });
};

/** Polls Drive for changes, and says that there are some. */
const watchChanges = async (client: GoogleClient, changed: () => void, failed: (message: string) => void): Promise<{ stop(): Promise<void> }> => {
  let [token, stopped] = [await startToken(client), false];
  const look = async (): Promise<void> => {
    try {
      const since = await changesSince(client, token);
      token = since.token;
      if (!stopped && since.changes.some((one) => one.removed || one.file?.mimeType === spreadsheetType)) changed();
    } catch (error) {
      if (!(error instanceof GoogleFault)) throw error;
      failed(sentenceOf(error, { title: '云端硬盘的文件夹', account: client.account }));
    }
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, lookEvery);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await looking;
    },
  };
};

/** Nothing is loaded or called before the first `list`, `open` or `watch`. */
export const googleSource = (settings: GoogleSourceSettings, clock?: Clock): SheetSource => {
  let opening: Promise<GoogleClient> | null = null;
  let [client, pass, known] = [null as GoogleClient | null, null as Pass | null, new Map() as KnownPlaces];
  let cursors = new Map<string, GoogleCursor>();
  /** Why no other spreadsheet need be tried. */
  let shut: string | null = null;

  const connect = async (): Promise<GoogleClient> => {
    opening ??= openGoogle(settings, clock);
    try {
      client = await opening;
      return client;
    } catch (error) {
      opening = null;
      throw error;
    }
  };

  const openListed = async (listing: Listing): ReturnType<SheetSource['open']> => {
    if (shut) throw new SheetFault(shut);
    const { place } = listing;
    try {
      return await openSpreadsheet(await connect(), place, cursors.get(place) ?? cursorOf(known.get(place)), (cursor) => cursors.set(place, cursor));
    } catch (error) {
      const fault = error instanceof SheetFault ? (error.cause as unknown) : null;
      if (fault instanceof GoogleFault && concernsAll(fault)) shut = (error as SheetFault).message;
      if (fault instanceof GoogleFault && (fault.kind === 'denied' || fault.kind === 'missing'))
        cursors.set(place, { ...cursors.get(place), gone: (error as SheetFault).message });
      throw error;
    }
  };

  return {
    kind: '谷歌表格',
    where: where(settings.folder),
    async list(places) {
      [known, shut] = [places, null];
      pass = await lookAround(await connect(), settings.folder, places);
      cursors = new Map(pass.cursors);
      return pass.listings;
    },
    open: openListed,
    settled: async () => (pass && client ? settledCursors(known, pass, cursors, client.clock.now()) : []),
    calls: () => client?.calls() ?? 0,
    watch: async (changed, failed) => watchChanges(await connect(), changed, failed),
  };
};
