/**
 * Puts a file in its place on a WebDAV server: whole or not at all, never while an editor has it open, never over newer content.
 * It never looks at what the file holds.
 */
import { basename, dirname } from 'node:path';
import { lockFiles, temporaryName } from '../replace-file.ts';
import { type Dav, DavError } from './connection.ts';
import { type DavEntry, listFolder } from './tree.ts';

export const folderOf = (path: string): string => (path.includes('/') ? dirname(path) : '');
const beside = (path: string, name: string): string => (folderOf(path) ? `${folderOf(path)}/${name}` : name);

/** An ETag that stands for the bytes; a weak one may stay the same over a second save. */
export const strongTag = (entry: DavEntry): string | null => (entry.etag && !entry.etag.startsWith('W/') ? entry.etag : null);

/** Whether the server has the same content for both, as far as it says. */
export const sameContent = (a: DavEntry, b: DavEntry): boolean =>
  a.size === b.size && (a.etag !== null || b.etag !== null ? a.etag === b.etag : a.modified === b.modified);

/** The lock file that an editor on a synchronised disk has put beside, or null. */
export const lockBeside = (path: string, paths: { has(path: string): boolean }): string | null =>
  lockFiles(basename(path))
    .map((name) => beside(path, name))
    .find((lock) => paths.has(lock)) ?? null;

/** Editors that speak WebDAV hold a lock, which runs out by itself. */
export const isOpen = (path: string, entry: DavEntry | undefined, paths: { has(path: string): boolean }): boolean =>
  entry?.locked === true || lockBeside(path, paths) !== null;

export interface Look {
  readonly entry: DavEntry | null;
  readonly open: boolean;
}

/** The file as it is this moment. */
export const lookAt = async (dav: Dav, path: string): Promise<Look> => {
  const entries = await listFolder(dav, folderOf(path));
  const entry = entries.find((one) => one.path === path) ?? null;
  return { entry, open: isOpen(path, entry ?? undefined, new Set(entries.map((one) => one.path))) };
};

/**
 * Nextcloud and ownCloud take an upload in whole before it counts, and keep versions, shares and comments by file: a file moved
 * over the old one would lose them. So there the upload goes straight to its name. Elsewhere a server may write as it receives,
 * and a broken line would leave half a workbook: there it goes to a name of its own first and is moved.
 */
const swapsByItself = (dav: Dav): boolean => new URL(dav.where).pathname.includes('/remote.php/');

const contentType = { 'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };

/** What the server is to compare before it writes: the ETag, a lock of ours, or that nothing is there yet. */
interface Guard {
  readonly put: Readonly<Record<string, string>>;
  readonly move: Readonly<Record<string, string>>;
}

const guardBy = (dav: Dav, path: string, condition: string): Readonly<Record<string, string>> => ({ If: `<${dav.address(path)}> (${condition})` });

/** A name of its own first, then the move; what is left of a failed attempt is taken away. */
const putAndMove = async (dav: Dav, path: string, bytes: Buffer, guard: Guard): Promise<void> => {
  const temporary = beside(path, temporaryName(basename(path)));
  await dav.send('PUT', temporary, { data: bytes, headers: contentType });
  try {
    await dav.send('MOVE', temporary, { headers: { Destination: dav.address(path), Overwrite: 'T', ...guard.move } });
  } catch (error) {
    await dav.send('DELETE', temporary).catch((fault: unknown) => {
      // Left behind it is harmless: no listing shows it, and the next upload writes over it. The first fault is the one to tell.
      if (!(fault instanceof DavError)) throw fault;
    });
    throw error;
  }
};

const put = async (dav: Dav, path: string, bytes: Buffer, guard: Guard): Promise<void> => {
  if (swapsByItself(dav)) await dav.send('PUT', path, { data: bytes, headers: { ...contentType, ...guard.put } });
  else await putAndMove(dav, path, bytes, guard);
};

const lockBody = `<?xml version="1.0" encoding="utf-8"?>
<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>
<D:owner><D:href>kehou</D:href></D:owner></D:lockinfo>`;

/** Null where the server knows no locks; it then was compared a moment ago, and that is all that can be had. */
const takeLock = async (dav: Dav, path: string): Promise<string | null> => {
  try {
    const answer = await dav.send('LOCK', path, {
      data: lockBody,
      headers: { Depth: '0', Timeout: 'Second-120', 'Content-Type': 'application/xml; charset=utf-8' },
    });
    return answer.header('lock-token');
  } catch (error) {
    if (error instanceof DavError && [400, 405, 501].includes(error.status)) return null;
    throw error;
  }
};

/** The move may have ended the lock with the file that it replaced; it runs out by itself in any case. */
const giveLockBack = async (dav: Dav, path: string, token: string): Promise<void> => {
  await dav.send('UNLOCK', path, { headers: { 'Lock-Token': token } }).catch((error: unknown) => {
    if (!(error instanceof DavError)) throw error;
  });
};

/** Without strong ETags: nobody else may write between the look and the upload. */
const putLocked = async (dav: Dav, path: string, bytes: Buffer, since: DavEntry): Promise<'written' | 'changed'> => {
  const token = await takeLock(dav, path);
  try {
    const now = (await lookAt(dav, path)).entry;
    if (!now || !sameContent(now, since)) return 'changed';
    const guard = token ? guardBy(dav, path, token) : {};
    await put(dav, path, bytes, { put: guard, move: guard });
    return 'written';
  } finally {
    if (token) await giveLockBack(dav, path, token);
  }
};

const upload = async (dav: Dav, path: string, bytes: Buffer, since: DavEntry | null): Promise<'written' | 'changed'> => {
  const tag = since ? strongTag(since) : null;
  if (since && !tag) return putLocked(dav, path, bytes, since);
  const guard: Guard = tag
    ? { put: { 'If-Match': tag }, move: guardBy(dav, path, `[${tag}]`) }
    : { put: { 'If-None-Match': '*' }, move: { Overwrite: 'F' } };
  await put(dav, path, bytes, guard);
  return 'written';
};

export type Uploaded = { readonly fate: 'written'; readonly entry: DavEntry | null } | { readonly fate: 'locked' | 'changed' };

/**
 * Writes `bytes` at `path` if the server still has `since` there, or still nothing where that is null. The entry is the one
 * after the write; null where it is another's by now. Throws DavError.
 */
export const replaceRemote = async (dav: Dav, path: string, bytes: Buffer, since: DavEntry | null): Promise<Uploaded> => {
  try {
    if ((await upload(dav, path, bytes, since)) === 'changed') return { fate: 'changed' };
  } catch (error) {
    if (!(error instanceof DavError)) throw error;
    if (error.status === 423) return { fate: 'locked' };
    if (error.status === 412 || error.status === 409) return { fate: 'changed' };
    throw error;
  }
  const { entry } = await lookAt(dav, path);
  return { fate: 'written', entry: entry?.size === bytes.length ? entry : null };
};
