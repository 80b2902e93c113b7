/**
 * Finds the file behind an address of the showcase and the headers it is sent with.
 * Never leaves the site's folder, whatever the address says.
 */
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';

export interface SiteFile {
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
  readonly etag: string;
  readonly type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.xml': 'application/xml; charset=utf-8',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain; charset=utf-8',
};

/** `/case/A.html` -> `case/A.html`; null for whatever is no plain address inside the site (`..`, `.git`, `\0`, bad escapes). */
export const siteAddress = (pathname: string): string | null => {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    // A damaged escape is simply an address that does not exist.
    return null;
  }
  if (/[\0\\]/.test(decoded)) return null;
  const parts = decoded.split('/').filter((part) => part !== '');
  if (parts.some((part) => part.startsWith('.'))) return null;
  return decoded.endsWith('/') ? [...parts, 'index.html'].join('/') : parts.join('/') || 'index.html';
};

const contentType = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'feed.xml') return 'application/atom+xml; charset=utf-8';
  return types[extname(name).toLowerCase()] ?? 'application/octet-stream';
};

const openIn = async (folder: string, address: string): Promise<SiteFile | null> => {
  try {
    const root = await realpath(folder);
    // After links are followed the file must still lie in the folder.
    const path = await realpath(join(root, address));
    if (!path.startsWith(root + sep)) return null;
    const found = await stat(path);
    if (!found.isFile()) return null;
    const etag = `"${found.size.toString(36)}-${Math.floor(found.mtimeMs).toString(36)}"`;
    return { path, size: found.size, modified: found.mtime, etag, type: contentType(address) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES'].includes(code)) return null;
    throw error;
  }
};

/** The folder of the site, and the one that holds the former site while the two change places. */
const foldersOf = (folder: string): string[] => [folder, `${folder}.previous`];

/** `alone`: a folder that never changes places with another. */
export const findFile = async (folder: string, address: string, alone?: 'alone'): Promise<SiteFile | null> => {
  for (const place of alone ? [folder] : foldersOf(folder)) {
    const file = await openIn(place, address);
    // Only a missing site, not a missing page, is looked for in the former folder: a withdrawn case must stay gone.
    if (file || (await openIn(place, 'index.html'))) return file;
  }
  return null;
};

const plainPolicy = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'self'";
/** The search page and Pagefind's worker run WebAssembly; no other page runs anything. */
const searchPolicy = `${plainPolicy}; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'`;

const needsScripts = (address: string): boolean => address === 'search.html' || address.startsWith('pagefind/');

/** Files whose name changes with their content may be kept; everything else is asked for again and mostly answered with 304. */
const cacheControl = (address: string): string =>
  /^pagefind\/(fragment|index|filter)\//.test(address)
    ? 'public, max-age=31536000, immutable'
    : address.startsWith('photo/')
      ? 'public, max-age=3600'
      : 'no-cache';

export const headersFor = (address: string, file: SiteFile): Record<string, string> => ({
  'Content-Type': file.type,
  ETag: file.etag,
  'Last-Modified': file.modified.toUTCString(),
  'Cache-Control': cacheControl(address),
  'Content-Security-Policy': needsScripts(address) ? searchPolicy : plainPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});

/** Whether the reader's copy is still good: the tag decides, the date only where no tag is sent (RFC 9110, 13.1). */
export const isUnchanged = (file: SiteFile, ifNoneMatch: string | undefined, ifModifiedSince: string | undefined): boolean => {
  if (ifNoneMatch !== undefined) return ifNoneMatch === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === file.etag);
  const since = Date.parse(ifModifiedSince ?? '');
  return !Number.isNaN(since) && Math.floor(file.modified.getTime() / 1000) * 1000 <= since;
};

export const readBody = (file: SiteFile): Readable => createReadStream(file.path);
export const readWhole = (file: SiteFile): Promise<string> => readFile(file.path, 'utf8');
export const pagePolicy = plainPolicy;
