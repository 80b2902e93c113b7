/**
 * A WebDAV folder of workbooks (Nextcloud, 坚果云, any server of RFC 4918) as a source.
 * It never writes into a file that is open, has changed since it was read, or is not ours.
 */
import { basename } from 'node:path';
import { wording } from '../../schema/problems.ts';
import { isWorkbook } from './folder.ts';
import { openFault, refuseEmptied } from './folder-faults.ts';
import { readingLimits } from './read-limits.ts';
import { readingOf } from './reading.ts';
import { hashOf } from './replace-file.ts';
import { type Answered, type Answers, type Known, type KnownPlaces, type Listing, type Opened, SheetFault, type SheetSource } from './source.ts';
import { watchByLooking } from './watch-poll.ts';
import { type Dav, type DavAccount, DavError, openDav } from './webdav/connection.ts';
import { sayFault, sayUnwritten } from './webdav/faults.ts';
import { type DavEntry, type DavTree, tagOf, treeReader } from './webdav/tree.ts';
import { folderOf, isOpen, lockBeside, lookAt, replaceRemote, sameContent, strongTag } from './webdav/upload.ts';
import { answeredContent, companionPath } from './workbook-answers.ts';
import { companionContent } from './workbook-companion.ts';

/** Keeps places apart from those of the folder; no file name on a disk of a school has a colon. */
const mark = '网盘:';

/** How often the server is asked whether something is new, where nobody pushes. Milliseconds. */
const pollEvery = 30_000;

/** What a file was when its answers were in it: enough to leave it closed the next time. */
interface DavCursor {
  readonly etag: string | null;
  readonly modified: string | null;
  readonly size: number | null;
}

/** Times and weak ETags count whole seconds: a save right after ours would not show in them. */
const coarseTime = 2000;

const cursorOf = (entry: DavEntry | null): DavCursor | null => {
  if (!entry) return null;
  const { etag, modified, size } = entry;
  const fresh = Date.now() - Date.parse(modified ?? '') < coarseTime;
  return !strongTag(entry) && (fresh || modified === null) ? null : { etag, modified, size };
};

const isKnown = (known: Known | undefined, entry: DavEntry): boolean => {
  const cursor = known?.file_hash ? (known.cursor as DavCursor | null) : null;
  return cursor !== null && sameContent({ ...entry, ...cursor }, entry);
};

const tooLarge = (path: string): SheetFault =>
  new SheetFault(
    wording['unreadable/too-large']({ tab: '', cell: '', row: 0, header: '', value: basename(path), detail: `${readingLimits.file / 1_000_000} MB` }),
  );

/** Faults of one file as its sentence; anything else goes on. */
const asSheetFault = (dav: Dav, path: string, error: unknown): unknown => {
  if (!(error instanceof DavError)) return error;
  if (error.code === 'TOO_LARGE') return tooLarge(path);
  if (error.status === 404) return new SheetFault('文件刚被移走或改名,下次同步再看');
  if (error.status === 403) return new SheetFault('网盘账号没有读这个文件的权限:请网盘管理员给它读写权限');
  return new SheetFault(sayFault(error, dav.where), { cause: error });
};

interface Fetched {
  readonly bytes: Buffer;
  /** What the server says of just these bytes; null where it changed while it was read. */
  readonly entry: DavEntry | null;
}

/** The server's word on a file belongs to its bytes where it is the same before and after. */
const fetchFile = async (dav: Dav, listed: DavEntry): Promise<Fetched> => {
  if ((listed.size ?? 0) > readingLimits.file) throw tooLarge(listed.path);
  const answer = await dav.send('GET', listed.path, { largest: readingLimits.file });
  if (strongTag(listed) && tagOf(answer.header('etag')) === listed.etag) return { bytes: answer.body, entry: listed };
  const { entry } = await lookAt(dav, listed.path);
  return { bytes: answer.body, entry: entry && sameContent(entry, listed) ? entry : null };
};

/** A sheet on its way back. */
interface Case {
  readonly dav: Dav;
  readonly path: string;
  readonly bytes: Buffer;
  readonly entry: DavEntry;
  readonly foreign: boolean;
  readonly answers: Answers;
}

type Written = { readonly fate: Answered['fate']; readonly bytes?: Buffer; readonly entry?: DavEntry | null };

const answerCompanion = async ({ dav, path, answers }: Case): Promise<Written> => {
  const target = `${folderOf(path) ? `${folderOf(path)}/` : ''}${companionPath(basename(path))}`;
  const { entry, open } = await lookAt(dav, target);
  const before = entry ? (await dav.send('GET', target, { largest: readingLimits.file })).body : null;
  const content = await companionContent(basename(path), answers, before);
  if (content === 'unchanged') return { fate: 'unchanged' };
  if (open) return { fate: 'locked' };
  const { fate } = await replaceRemote(dav, target, content, entry);
  return { fate: fate === 'written' ? 'answered' : fate };
};

const answerFile = async (one: Case): Promise<Written> => {
  if (one.answers.refusal !== undefined) return answerCompanion(one);
  const now = await lookAt(one.dav, one.path);
  if (now.open) return { fate: 'locked' };
  if (!now.entry || !sameContent(now.entry, one.entry)) return { fate: 'changed' };
  const content = await answeredContent(one.path, one.bytes, one.answers);
  if (content === 'foreign' || (one.foreign && typeof content === 'string')) return answerCompanion(one);
  if (typeof content === 'string') return { fate: content };
  const uploaded = await replaceRemote(one.dav, one.path, content, now.entry);
  return uploaded.fate === 'written' ? { fate: 'answered', bytes: content, entry: uploaded.entry } : uploaded;
};

const openFile = async (dav: Dav, listed: DavEntry): Promise<Opened> => {
  const { bytes, entry } = await fetchFile(dav, listed).catch((error: unknown) => {
    throw asSheetFault(dav, listed.path, error);
  });
  let foreign = true;
  const state = (written: Written): Answered => ({
    fate: written.fate,
    version: hashOf(written.bytes ?? bytes),
    cursor: cursorOf(written.bytes ? (written.entry ?? null) : entry),
  });
  return {
    version: hashOf(bytes),
    cursor: cursorOf(entry),
    async read(options) {
      const reading = await readingOf(bytes, basename(listed.path), options);
      foreign = reading.meta === null;
      return reading;
    },
    async answer(answers) {
      if (!entry) return state({ fate: 'changed' });
      try {
        return state(await answerFile({ dav, path: listed.path, bytes, entry, foreign, answers }));
      } catch (error) {
        if (!(error instanceof DavError)) throw error;
        return { ...state({ fate: 'unreadable' }), message: sayUnwritten(error) };
      }
    },
  };
};

const closedFolder = (path: string): Listing => ({
  place: `${mark}${path}/`,
  title: path,
  changed: true,
  fault: { state: '读不了', message: '网盘账号不能看这个文件夹:请网盘管理员给它读写权限' },
});

const listingsOf = ({ entries, closed }: DavTree, known: KnownPlaces): Listing[] => {
  const all = new Map(entries.map((entry) => [entry.path, entry]));
  const sheets = entries.filter((entry) => !entry.folder && isWorkbook(basename(entry.path)));
  const listings = sheets.map((entry): Listing => {
    const place = `${mark}${entry.path}`;
    const changed = !isKnown(known.get(place), entry);
    if (!changed || !isOpen(entry.path, entry, all)) return { place, title: entry.path, changed };
    const lock = entry.locked ? null : lockBeside(entry.path, all);
    const since = Date.parse((lock && all.get(lock)?.modified) ?? '');
    return { place, title: entry.path, changed, fault: openFault(lock && basename(lock), since) };
  });
  return [...listings, ...closed.map(closedFolder)].sort((a, b) => (a.place < b.place ? -1 : 1));
};

const fingerprint = ({ entries }: DavTree): string =>
  JSON.stringify(entries.map(({ path, etag, modified, size, locked }) => [path, etag, modified, size, locked]).sort());

export const webdavSource = (account: DavAccount): SheetSource => {
  const dav = openDav(account);
  const readTree = treeReader(dav);
  const seen = new Map<string, DavEntry>();
  /** The whole place is out of reach: one sentence. */
  const look = (): Promise<DavTree> =>
    readTree().catch((error: unknown) => {
      throw error instanceof DavError ? new SheetFault(sayFault(error, dav.where), { cause: error }) : error;
    });
  return {
    kind: '网盘',
    where: dav.where,
    async list(known) {
      const tree = await look();
      seen.clear();
      for (const entry of tree.entries) seen.set(`${mark}${entry.path}`, entry);
      const listings = listingsOf(tree, known);
      if (listings.length === 0) refuseEmptied(dav.where, '网盘', known);
      return listings;
    },
    async open(listing) {
      const entry = seen.get(listing.place);
      if (!entry) throw new SheetFault('这次没有在网盘里看到这个文件,下次同步再看');
      return openFile(dav, entry);
    },
    calls: dav.calls,
    // The server has a save whole before it shows it.
    watch: async (changed, failed) =>
      watchByLooking({ every: () => pollEvery, settle: 0, look: async () => fingerprint(await look()), changed, failed }),
  };
};
