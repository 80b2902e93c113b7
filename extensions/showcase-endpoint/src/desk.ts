/**
 * What only staff may open: the preview of the site, and the articles and briefs made from cases. Served from files, to whoever may read cases.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, type Asked, serveFile } from './answer.ts';
import { findFile, headersFor, siteAddress } from './site-files.ts';

/** Where the desk begins, below the endpoint. No page of the site has such a name. */
export const deskPath = '/~desk/';

export interface DeskFolders {
  readonly preview: string;
  readonly caseFiles: string;
}

export const deskFolders = (home: string): DeskFolders => ({ preview: join(home, 'showcase-preview'), caseFiles: join(home, '案例成品') });

/** Not for the public's caches, nor for search engines. */
const closed = { 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex, nofollow' } as const;

/** Articles carry their style in every element and pictures in themselves. */
const articlePolicy = "default-src 'none'; img-src data: https: http:; style-src 'unsafe-inline'; frame-ancestors 'self'";

const gone: Answer = {
  status: 404,
  headers: { ...closed, 'Content-Type': 'text/plain; charset=utf-8' },
  body: '没有这个文件:可能已经撤下,请回到“案例发布”重新生成。',
};

const answerFrom = async (asked: Asked, folder: string, path: string, policy: string | null): Promise<Answer> => {
  const address = siteAddress(path);
  const file = address === null ? null : await findFile(folder, address, 'alone');
  if (!file || address === null) return gone;
  const name = address.slice(address.lastIndexOf('/') + 1);
  const headers = {
    ...headersFor(address, file),
    ...closed,
    ...(policy ? { 'Content-Security-Policy': policy, 'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(name)}` } : {}),
  };
  return serveFile(asked, file, headers);
};

/** Answers a request below the desk of somebody who may read cases. */
export const answerDesk = (asked: Asked, folders: DeskFolders): Promise<Answer> | Answer => {
  const path = asked.path.slice(deskPath.length - 1);
  if (path.startsWith('/preview/')) return answerFrom(asked, folders.preview, path.slice('/preview'.length), null);
  if (path.startsWith('/files/') && !path.endsWith('list.json'))
    return answerFrom(asked, folders.caseFiles, path.slice('/files'.length), articlePolicy);
  return gone;
};

/** The list of articles and briefs; none where nothing has been made yet. */
export const listProducts = async ({ caseFiles }: DeskFolders): Promise<unknown[]> => {
  try {
    return JSON.parse(await readFile(join(caseFiles, 'list.json'), 'utf8')) as unknown[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};
