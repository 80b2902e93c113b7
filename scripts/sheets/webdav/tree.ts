/**
 * What lies in a WebDAV folder and below it. Reads properties only, no file.
 */
import { type DAVResultResponse, parseXML } from 'webdav';
import { type Dav, DavError, decoded } from './connection.ts';

export interface DavEntry {
  /** Below the folder, not encoded, with forward slashes: `城关镇/A 1.xlsx`. */
  readonly path: string;
  readonly folder: boolean;
  /** `"abc"`, or `W/"abc"` where it is weak; null where the server has none. */
  readonly etag: string | null;
  readonly modified: string | null;
  readonly size: number | null;
  /** Somebody holds a WebDAV lock. */
  readonly locked: boolean;
}

export interface DavTree {
  readonly entries: readonly DavEntry[];
  /** Folders that this account may not look into. */
  readonly closed: readonly string[];
}

/** A folder of 5,000 files still is read; a document made to blow up is not. */
const entityDecoder = { limit: { maxTotalExpansions: 1_000_000, maxExpandedLength: 50_000_000 } };
/** Values stay the text that was sent: an ETag of digits must not become a number. */
const asText = (): undefined => undefined;
const parsing = { attributeNamePrefix: '@', attributeParsers: [], tagParsers: [asText], entityDecoder };

/** The address resolves `..` before it is looked at; a slash hidden in a name would lead elsewhere, so that name counts as none. */
const segmentsOf = (href: string): string[] | null => {
  const address = URL.parse(href, 'http://server/');
  const segments = address?.pathname.split('/').filter(Boolean).map(decoded) ?? null;
  return segments?.some((one) => one === '.' || one === '..' || /[/\0]/.test(one)) ? null : segments;
};

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** In the form that headers have: some servers leave out the quotes among the properties. */
export const tagOf = (text: string | null): string | null => {
  const [, weak = '', value = ''] = /^(W\/)?"?([^"]*)"?$/.exec(text?.trim() ?? '') ?? [];
  return value ? `${weak}"${value}"` : null;
};

const holds = (value: unknown, name: string): boolean => typeof value === 'object' && value !== null && name in value;

interface Found {
  readonly segments: readonly string[];
  readonly props: Readonly<Record<string, unknown>>;
}

const foundIn = (response: DAVResultResponse): Found[] => {
  const props = response.propstat?.prop as Record<string, unknown> | undefined;
  const segments = props && typeof response.href === 'string' ? segmentsOf(response.href) : null;
  return props && segments ? [{ segments, props }] : [];
};

const entryOf = ({ props }: Found, path: string): DavEntry => {
  const length = textOf(props.getcontentlength);
  return {
    path,
    folder: holds(props.resourcetype, 'collection'),
    etag: tagOf(textOf(props.getetag)),
    modified: textOf(props.getlastmodified),
    size: length === null ? null : Number(length),
    locked: holds(props.lockdiscovery, 'activelock'),
  };
};

const joined = (folder: string, rest: readonly string[]): string => [...(folder ? [folder] : []), ...rest].join('/');

const responsesIn = async (text: string): Promise<readonly DAVResultResponse[]> => {
  try {
    return (await parseXML(text, parsing)).multistatus.response;
  } catch (error) {
    throw new DavError(0, 'NOT_WEBDAV', { cause: error });
  }
};

/**
 * One PROPFIND. The folder itself is the answer's shortest address, whatever prefix a proxy has put before it; the entries are
 * what lies below it.
 */
const propfind = async (dav: Dav, folder: string, depth: '1' | 'infinity'): Promise<DavEntry[]> => {
  const answer = await dav.send('PROPFIND', folder ? `${folder}/` : '', { headers: { Depth: depth } });
  const found = (await responsesIn(answer.body.toString('utf8'))).flatMap(foundIn);
  const self = found.reduce<Found | null>((least, one) => (least && least.segments.length <= one.segments.length ? least : one), null);
  if (!self || !entryOf(self, '').folder) throw new DavError(0, 'NOT_WEBDAV');
  const base = self.segments;
  return found
    .filter((one) => one.segments.length > base.length && base.every((segment, index) => one.segments[index] === segment))
    .map((one) => entryOf(one, joined(folder, one.segments.slice(base.length))));
};

/** The entries of one folder, itself not among them. */
export const listFolder = (dav: Dav, folder: string): Promise<DavEntry[]> => propfind(dav, folder, '1');

/** Loops made of links end here. */
const deepest = 12;

const walk = async (dav: Dav, top: readonly DavEntry[]): Promise<DavTree> => {
  const entries = [...top];
  const closed: string[] = [];
  const waiting = top.filter((entry) => entry.folder).map((entry) => entry.path);
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    try {
      const below = await listFolder(dav, folder);
      entries.push(...below);
      if (folder.split('/').length < deepest) waiting.push(...below.filter((entry) => entry.folder).map((entry) => entry.path));
    } catch (error) {
      if (!(error instanceof DavError) || ![403, 404].includes(error.status)) throw error;
      // Removed since its parent was listed: nothing to say.
      if (error.status === 403) closed.push(folder);
    }
  }
  return { entries, closed };
};

/** How a server says that it does not look into all folders at once. */
const refusals = new Set([400, 403, 405, 413, 501, 507]);

/**
 * Everything below the folder: in one request where the server allows it, else folder by folder. Nextcloud answers a request
 * for everything with the first level only, so an answer without a second level is not taken for the whole.
 */
export const treeReader = (dav: Dav): (() => Promise<DavTree>) => {
  let atOnce = true;
  return async () => {
    const top = await propfind(dav, '', atOnce ? 'infinity' : '1').catch((error: unknown) => {
      if (!atOnce || !(error instanceof DavError) || !refusals.has(error.status)) throw error;
      atOnce = false;
      return listFolder(dav, '');
    });
    if (top.some((entry) => entry.path.includes('/'))) return { entries: top, closed: [] };
    return walk(dav, top);
  };
};
