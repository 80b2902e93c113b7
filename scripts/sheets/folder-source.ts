/**
 * The shared folder of workbooks as a source: on a disk of our own, or a mounted share (SMB, Nextcloud, 坚果云).
 * It never writes into a file that is open, has changed since it was read, or is not ours.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isFileError } from '../text/file-fault.ts';
import { placeOf, readTree } from './folder.ts';
import { asSheetFault, fateOf, knownHere, openFault, refuseEmptied, sayFolder, sayUnread, sayUnwritten } from './folder-faults.ts';
import { placeFault, shownName } from './read-name.ts';
import { readingOf } from './reading.ts';
import { type FileStamp, openedBy, readStamped } from './replace-file.ts';
import { type Answered, type Answers, type Known, type KnownPlaces, type Listing, type Opened, SheetFault, type SheetSource } from './source.ts';
import { watchFolder } from './watch-folder.ts';
import { companionPath, writeAnswers } from './workbook-answers.ts';
import { writeCompanion } from './workbook-companion.ts';

/** What a file was when its answers were in it: enough to leave it closed the next time. */
interface FileCursor {
  readonly size: number;
  readonly mtimeMs: number;
}

/** Some shares keep times to two seconds only: a save right after ours would not show in them. */
const coarseTime = 2000;

const cursorOf = ({ size, mtimeMs }: FileStamp): FileCursor | null =>
  mtimeMs % 1000 === 0 && Date.now() - mtimeMs < coarseTime ? null : { size, mtimeMs };

const sameAs = (cursor: unknown, { size, mtimeMs }: FileCursor): boolean => {
  const known = cursor as Partial<FileCursor> | null;
  return known?.size === size && known.mtimeMs === mtimeMs;
};

/** When a lock file was written; one that has just gone is a new one. */
const writtenAt = async (lock: string): Promise<number> => {
  try {
    return (await stat(lock)).mtimeMs;
  } catch (error) {
    if (!isFileError(error)) throw error;
    return Date.now();
  }
};

const listingOf = async (folder: string, path: string, known: Known | undefined): Promise<Listing | null> => {
  const place = placeOf(folder, path);
  const fault = placeFault(place);
  if (fault) return { place: shownName(place), title: place, changed: true, fault: { state: '读不了', message: fault } };
  const now = await stat(path).catch((error: unknown) => {
    if (!isFileError(error)) throw error;
    return error.code;
  });
  // Moved away between the listing and the look at it.
  if (now === 'ENOENT') return null;
  if (typeof now === 'string') return { place, title: place, changed: true, fault: { state: '读不了', message: sayUnread(now) } };
  const changed = !known?.file_hash || !sameAs(known.cursor, now);
  const lock = changed ? openedBy(path) : null;
  if (lock) return { place, title: place, changed, fault: openFault(basename(lock), await writtenAt(lock)) };
  return { place, title: place, changed };
};

/** Writes the answers into the workbook, or into the companion of a foreign one. */
const answerFile = async (path: string, foreign: boolean, answers: Answers, stamp: FileStamp): Promise<Answered> => {
  const unwritten = (fate: Answered['fate']): Answered => ({ fate, version: stamp.sha256, cursor: cursorOf(stamp) });
  if (answers.refusal !== undefined) {
    const companion = await writeCompanion(path, answers);
    return unwritten(companion.written ? 'answered' : companion.reason === 'foreign' ? 'unreadable' : companion.reason);
  }
  const written = await writeAnswers(path, answers, stamp);
  // Once it was refused as a whole, and a companion said so: that is no longer true.
  if (!foreign && (written.written || written.reason === 'unchanged') && existsSync(companionPath(path))) await writeCompanion(path, answers);
  if (written.written) return { fate: 'answered', version: written.stamp.sha256, cursor: cursorOf(written.stamp) };
  if (written.reason !== 'foreign' && !foreign) return unwritten(written.reason);
  const companion = await writeCompanion(path, answers);
  return unwritten(companion.written ? 'answered' : companion.reason === 'foreign' ? 'unreadable' : companion.reason);
};

const openFile = async (folder: string, place: string): Promise<Opened> => {
  const path = `${folder}/${place}`;
  const { bytes, stamp } = await asSheetFault(() => readStamped(path));
  let foreign = true;
  return {
    version: stamp.sha256,
    cursor: cursorOf(stamp),
    async read(options) {
      const reading = await readingOf(bytes, place, options);
      foreign = reading.meta === null;
      return reading;
    },
    async answer(answers) {
      try {
        return await answerFile(path, foreign, answers, stamp);
      } catch (error) {
        if (!isFileError(error)) throw error;
        const fate = fateOf(error.code);
        return { fate, version: stamp.sha256, cursor: cursorOf(stamp), ...(fate === 'unreadable' ? { message: sayUnwritten(error.code) } : {}) };
      }
    },
  };
};

const closedFolder = (folder: string, path: string): Listing => ({
  place: `${placeOf(folder, path)}/`,
  title: path,
  changed: true,
  fault: { state: '读不了', message: '没有看这个子文件夹的权限,里面的表没有读:请让管理员给运行本系统的账号读写权限' },
});

/** Throws SheetFault where the folder is out of reach, or empty as only an unmounted share is. */
const lookInto = async (folder: string, known: KnownPlaces): Promise<Awaited<ReturnType<typeof readTree>>> => {
  try {
    const tree = await readTree(folder);
    if (tree.files.length === 0 && tree.closed.length === 0) refuseEmptied(folder, '工作簿', known);
    return tree;
  } catch (error) {
    if (!isFileError(error)) throw error;
    // Before the first workbook there need not be a folder.
    if (error.code === 'ENOENT' && knownHere(known, '工作簿') === 0) return { files: [], closed: [] };
    throw new SheetFault(sayFolder(folder, error.code), { cause: error });
  }
};

/** `poll`: look at the folder every few seconds instead of waiting for the system's reports. */
export const folderSource = (folder: string, options: { readonly poll?: boolean } = {}): SheetSource => ({
  kind: '工作簿',
  where: folder,
  async list(known: KnownPlaces) {
    const tree = await lookInto(folder, known);
    const listings: Listing[] = tree.closed.map((path) => closedFolder(folder, path));
    for (const path of tree.files) {
      const listing = await listingOf(folder, path, known.get(placeOf(folder, path)));
      if (listing) listings.push(listing);
    }
    return listings;
  },
  open: (listing) => openFile(folder, listing.place),
  calls: () => 0,
  watch: (changed, failed) => watchFolder(folder, changed, failed, options),
});
