/**
 * One request for the showcase, one answer.
 * Serves finished files only; never builds, never reads a collection.
 */
import type { Readable } from 'node:stream';
import { findFile, headersFor, isUnchanged, pagePolicy, readBody, readWhole, type SiteFile, siteAddress } from './site-files.ts';

export interface Asked {
  readonly method: string;
  /** Path below the endpoint, still escaped: `/case/A.html`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Where the endpoint is mounted: `/showcase`. */
  readonly base: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, a file's stream, or nothing (HEAD, 304). */
  readonly body: string | Readable | null;
}

const htmlHeaders = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

const notBuilt = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>案例网站还没有建好</title></head>
<body><main><h1>案例网站还没有建好</h1><p>发布案例后,在服务器上运行 <code>npm run showcase</code>,或在“案例发布”里按“更新网站”,稍后再来看。</p></main></body></html>
`;

const text = (asked: Asked, status: number, body: string, headers: Record<string, string>): Answer => ({
  status,
  headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
  body: asked.method === 'HEAD' ? null : body,
});

const escapeAttribute = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The site's own page for a wrong address, or word that there is no site yet. */
const answerMissing = async (asked: Asked, folder: string | undefined): Promise<Answer> => {
  const page = folder ? await findFile(folder, '404.html') : null;
  if (!page) return text(asked, 404, notBuilt, { ...htmlHeaders, 'Content-Security-Policy': pagePolicy });
  // The page may be shown at any depth, so its relative links need a fixed beginning.
  const html = (await readWhole(page)).replace('<head>', `<head>\n<base href="${escapeAttribute(asked.base)}/">`);
  return text(asked, 404, html, { ...htmlHeaders, 'Content-Security-Policy': pagePolicy });
};

const header = (asked: Asked, name: string): string | undefined => {
  const value = asked.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** A file that is there, or word that the reader's copy is still good. */
export const serveFile = (asked: Asked, file: SiteFile, headers: Record<string, string>): Answer => {
  if (isUnchanged(file, header(asked, 'if-none-match'), header(asked, 'if-modified-since'))) return { status: 304, headers, body: null };
  return { status: 200, headers: { ...headers, 'Content-Length': String(file.size) }, body: asked.method === 'HEAD' ? null : readBody(file) };
};

/** Answers GET and HEAD; `folder` is `KEHOU_SHOWCASE_DIR`. */
export const answer = async (asked: Asked, folder: string | undefined): Promise<Answer> => {
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return text(asked, 405, '', { Allow: 'GET, HEAD' });
  const address = siteAddress(asked.path);
  const file = folder && address !== null ? await findFile(folder, address) : null;
  if (!file || address === null) return answerMissing(asked, folder);
  return serveFile(asked, file, headersFor(address, file));
};
