/**
 * What has changed in the folder: from Drive's list of changes since the last pass, and now and then from the whole folder.
 * It opens no spreadsheet.
 */
import { extname } from 'node:path';
import { type KnownPlaces, type Listing, SheetFault } from '../source.ts';
import type { GoogleClient } from './client.ts';
import { type Bookmark, bookmarkOf, cursorOf, type GoogleCursor, ownRows } from './cursor.ts';
import { type Changes, changesSince, type DriveChange, type DriveFile, fileNamed, filesIn, spreadsheetType, startToken } from './drive.ts';
import { GoogleFault } from './fault.ts';
import { sentenceOf } from './fault-words.ts';

/** One pass over the folder. */
export interface Pass {
  readonly listings: readonly Listing[];
  /** What is now known of each place, before it is opened. */
  readonly cursors: ReadonlyMap<string, GoogleCursor>;
  /** The token that this pass ends with. */
  readonly token: string;
  readonly listedAt: string;
}

/** Once a day the folder is listed as a whole: delivery of changes is not certain. */
const listAgainAfter = 86_400_000;

const excelTypes = new Set(['.xlsx', '.xls', '.xlsm', '.ods', '.csv']);

const excelSentence = (name: string): string =>
  `“${name}”是 Excel 一类的文件,不是谷歌表格,没有读;请用谷歌表格打开它,选“文件 → 另存为 Google 表格”,再删掉这一份`;

const isSheetFile = (file: DriveFile): boolean => file.mimeType === spreadsheetType || excelTypes.has(extname(file.name ?? '').toLowerCase());

interface Entry {
  readonly listing: Listing;
  readonly cursor: GoogleCursor;
}

/** A spreadsheet that is there. */
const present = (file: DriveFile, cursor: GoogleCursor, changed: boolean): Entry => {
  const { gone: _gone, ...rest } = cursor;
  const [place, title] = [file.id ?? '', file.name ?? ''];
  const now = { ...rest, title, ...(file.modifiedTime ? { modified: file.modifiedTime } : {}) };
  return file.mimeType === spreadsheetType ? { listing: { place, title, changed }, cursor: now } : outOfReach(place, now, excelSentence(title));
};

/** A spreadsheet that was there and is not, or one that is none. */
const outOfReach = (place: string, cursor: GoogleCursor, message: string): Entry => ({
  listing: { place, title: cursor.title ?? place, changed: true, fault: { state: '读不了', message } },
  cursor: { ...cursor, gone: message },
});

const trashedSentence = (title: string): string => `“${title}”被移到了回收站,没有读;请在云端硬盘的“回收站”里恢复它。已收的数据都还在`;

/** The newest news of each file. */
const newsOf = (changes: readonly DriveChange[]): Map<string, DriveChange> =>
  new Map(changes.filter((one) => one.fileId && (one.changeType ?? 'file') === 'file').map((one) => [one.fileId as string, one]));

const entriesFromChanges = (client: GoogleClient, folder: string, known: KnownPlaces, changes: readonly DriveChange[]): Entry[] => {
  const news = newsOf(changes);
  const before = ownRows(known).map((row): Entry => {
    const [cursor, change] = [cursorOf(row), news.get(row.place)];
    const title = cursor.title ?? row.place;
    if (change?.removed) return outOfReach(row.place, cursor, sentenceOf(new GoogleFault('missing', ''), { title, account: client.account }));
    if (change?.file?.trashed) return outOfReach(row.place, cursor, trashedSentence(title));
    if (change?.file) return present(change.file, cursor, true);
    // What is gone was said once; Drive tells when it is back.
    return { listing: { place: row.place, title, changed: !row.file_hash && cursor.gone === undefined }, cursor };
  });
  const added = [...news.values()].flatMap(({ file, removed }) =>
    file && !removed && !file.trashed && !known.has(file.id ?? '') && file.parents?.includes(folder) && isSheetFile(file)
      ? [present(file, {}, true)]
      : [],
  );
  return [...before, ...added];
};

const entriesFromFolder = (known: KnownPlaces, files: readonly DriveFile[]): Entry[] => {
  const found = new Map(files.filter(isSheetFile).map((file) => [file.id ?? '', file]));
  const before = ownRows(known).map((row): Entry => {
    const [cursor, file] = [cursorOf(row), found.get(row.place)];
    // Moved out of the folder, or gone: opening it will tell.
    if (!file) return { listing: { place: row.place, title: cursor.title ?? row.place, changed: true }, cursor };
    return present(file, cursor, !row.file_hash || cursor.gone !== undefined || cursor.modified !== file.modifiedTime);
  });
  return [...before, ...[...found.values()].filter((file) => !known.has(file.id ?? '')).map((file) => present(file, {}, true))];
};

const folderFault = (fault: GoogleFault, account: string): string =>
  fault.kind === 'missing' || fault.kind === 'denied'
    ? `打不开云端硬盘的文件夹:编号写错了,或没有把它共享给 ${account};请核对 .env 里的 KEHOU_GOOGLE_FOLDER,并把文件夹共享给它(编辑者)`
    : sentenceOf(fault, { title: '云端硬盘的文件夹', account });

/** The folder itself. Throws SheetFault where it is out of reach. */
export const openFolder = async (client: GoogleClient, folder: string): Promise<DriveFile> => {
  try {
    const found = await fileNamed(client, folder);
    if (!found.trashed) return found;
  } catch (error) {
    if (error instanceof GoogleFault) throw new SheetFault(folderFault(error, client.account));
    throw error;
  }
  throw new SheetFault('放填报表的云端硬盘文件夹被移到了回收站;请在“回收站”里恢复它');
};

const changesFrom = async (client: GoogleClient, bookmark: Bookmark): Promise<Changes | null> => {
  try {
    return await changesSince(client, bookmark.token);
  } catch (error) {
    // A token that Drive no longer knows: the folder tells the same, only at greater length.
    if (error instanceof GoogleFault && ['request', 'missing'].includes(error.kind)) return null;
    throw error;
  }
};

const passOf = (entries: readonly Entry[], token: string, listedAt: string): Pass => ({
  listings: entries.map((entry) => entry.listing),
  cursors: new Map(entries.map((entry) => [entry.listing.place, entry.cursor])),
  token,
  listedAt,
});

/** The token is taken before the folder is listed: what changes in between is seen twice rather than never. */
const fromFolder = async (client: GoogleClient, folder: string, known: KnownPlaces): Promise<Pass> => {
  await openFolder(client, folder);
  const token = await startToken(client);
  const entries = entriesFromFolder(known, await filesIn(client, folder));
  return passOf(entries, token, new Date(client.clock.now()).toISOString());
};

const isDue = (bookmark: Bookmark, now: number): boolean => now - Date.parse(bookmark.listedAt ?? '1970-01-01') >= listAgainAfter;

/** Throws SheetFault where Google or the folder is out of reach. */
export const lookAround = async (client: GoogleClient, folder: string, known: KnownPlaces): Promise<Pass> => {
  const bookmark = bookmarkOf(known);
  try {
    const since = bookmark && !isDue(bookmark, client.clock.now()) ? await changesFrom(client, bookmark) : null;
    if (!since) return await fromFolder(client, folder, known);
    return passOf(entriesFromChanges(client, folder, known, since.changes), since.token, bookmark?.listedAt ?? '');
  } catch (error) {
    if (error instanceof GoogleFault) throw new SheetFault(folderFault(error, client.account));
    throw error;
  }
};
