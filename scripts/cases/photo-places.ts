/**
 * Finds the photos that a school names: beside its workbook (in a folder, on WebDAV, on Drive) or by a Drive link.
 * Reads only; never leaves the folder of the workbook, whatever a name says.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import type { Config } from '../config.ts';
import type { GoogleClient } from '../sheets/google/client.ts';
import { GoogleFault } from '../sheets/google/fault.ts';
import { type Dav, DavError, openDav } from '../sheets/webdav/connection.ts';
import { listFolder } from '../sheets/webdav/tree.ts';

/** Where the school's workbook lies. */
export interface Workbook {
  readonly kind: string;
  /** As in `sources.place`. */
  readonly place: string;
}

export type FoundPhoto = { readonly bytes: Uint8Array } | { readonly fault: string };

export interface PhotoPlaces {
  /** `name` is a file name or a Drive link; `largest` in bytes. */
  find(name: string, workbook: Workbook | null, largest: number): Promise<FoundPhoto>;
}

const driveLink = /^https?:\/\/(?:drive|docs)\.google\.com\/(?:file\/d\/|open\?(?:.*&)?id=|uc\?(?:.*&)?id=)([\w-]{10,})/;
/** The id in a link to one file of Drive; null for anything else. */
export const driveId = (text: string): string | null => driveLink.exec(text.trim())?.[1] ?? null;

const pictures = ['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.gif', '.heic'];
const bare = (name: string): string => name.normalize('NFC').trim().toLowerCase();

/** The file that a name means among those of a folder: the same name, else the same without its ending. Ambiguous is not found. */
export const matchName = (wanted: string, there: readonly string[]): string | null => {
  const exact = there.filter((name) => bare(name) === bare(wanted));
  if (exact.length === 1) return exact[0] as string;
  const stem = there.filter((name) => pictures.includes(extname(name).toLowerCase()) && bare(name.slice(0, -extname(name).length)) === bare(wanted));
  return stem.length === 1 ? (stem[0] as string) : null;
};

const tooLarge = (name: string, largest: number): FoundPhoto => ({
  fault: `照片“${name}”超过 ${Math.round(largest / 1_000_000)} MB,请压缩后重新放入。`,
});
const missing = (name: string): FoundPhoto => ({
  fault: `没有找到照片“${name}”:请放在填报表旁边、与填报表同名的文件夹里,文件名写得与表里一样;也可以由县局在系统里上传。`,
});

const filesOf = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
};

/** Folders in which a school's photos may lie, nearest to it first: one named like the workbook, 照片 in it or beside it, the workbook's own. */
const foldersBeside = (path: string): string[] => {
  const [folder, stem] = [dirname(path), basename(path, extname(path))];
  return [join(folder, stem), join(folder, stem, '照片'), join(folder, '照片', stem), folder].map((one) => one.split(sep).join('/'));
};

const fromFolder = async (root: string, name: string, workbook: Workbook, largest: number): Promise<FoundPhoto> => {
  for (const folder of foldersBeside(join(root, workbook.place))) {
    const found = matchName(name, await filesOf(folder));
    if (!found) continue;
    const path = await realpath(join(folder, found));
    if (!path.startsWith((await realpath(root)) + sep)) return missing(name);
    if ((await stat(path)).size > largest) return tooLarge(name, largest);
    return { bytes: await readFile(path) };
  }
  return missing(name);
};

/** Names of the files in a folder on the server; none where there is no such folder, or it is not for us. */
const filesOnDav = async (dav: Dav, folder: string): Promise<string[]> => {
  try {
    const below = await listFolder(dav, folder);
    return below.filter((entry) => !entry.folder).map((entry) => basename(entry.path));
  } catch (error) {
    if (error instanceof DavError && [403, 404, 409].includes(error.status)) return [];
    throw error;
  }
};

/** The folders of one server, each listed once however many photos are looked for in it. */
const openAlbum = (dav: Dav) => {
  const listed = new Map<string, Promise<string[]>>();
  const list = (folder: string): Promise<string[]> => {
    const known = listed.get(folder) ?? filesOnDav(dav, folder);
    listed.set(folder, known);
    return known;
  };
  return async (name: string, workbook: Workbook, largest: number): Promise<FoundPhoto> => {
    try {
      for (const beside of foldersBeside(workbook.place.replace(/^网盘:/, ''))) {
        const folder = beside === '.' ? '' : beside;
        const found = matchName(name, await list(folder));
        if (found) return { bytes: (await dav.send('GET', folder ? `${folder}/${found}` : found, { largest })).body };
      }
      return missing(name);
    } catch (error) {
      if (!(error instanceof DavError)) throw error;
      return error.code === 'TOO_LARGE' ? tooLarge(name, largest) : { fault: `照片“${name}”暂时读不到:网盘没有应答,下次审查再取。` };
    }
  };
};

const driveFile = async (client: GoogleClient, id: string, name: string, largest: number): Promise<FoundPhoto> => {
  const file = await client.read('drive', ({ drive }) => drive.files.get({ fileId: id, fields: 'id,name,size,mimeType', supportsAllDrives: true }));
  if (Number(file.size ?? 0) > largest) return tooLarge(file.name ?? name, largest);
  const content = await client.read<unknown>('drive', ({ drive }) =>
    drive.files.get({ fileId: id, alt: 'media', supportsAllDrives: true }, { responseType: 'arraybuffer' }),
  );
  return { bytes: new Uint8Array(content as ArrayBuffer) };
};

/** A name beside a spreadsheet: a file of that name in the same Drive folder. */
const besideSpreadsheet = async (client: GoogleClient, name: string, spreadsheet: string): Promise<string | null> => {
  const own = await client.read('drive', ({ drive }) => drive.files.get({ fileId: spreadsheet, fields: 'parents', supportsAllDrives: true }));
  const parent = own.parents?.[0];
  if (!parent) return null;
  const quoted = name.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const found = await client.read('drive', ({ drive }) =>
    drive.files.list({
      q: `name = '${quoted}' and '${parent}' in parents and trashed = false`,
      fields: 'files(id)',
      supportsAllDrives: true,
      includeItemsFromAllDrives: true,
    }),
  );
  return found.files?.length === 1 ? (found.files[0]?.id ?? null) : null;
};

const fromDrive = async (client: GoogleClient, name: string, workbook: Workbook | null, largest: number): Promise<FoundPhoto> => {
  const linked = driveId(name);
  try {
    const id = linked ?? (workbook ? await besideSpreadsheet(client, name, workbook.place) : null);
    return id ? await driveFile(client, id, name, largest) : missing(name);
  } catch (error) {
    if (!(error instanceof GoogleFault)) throw error;
    return {
      fault: linked
        ? `照片链接打不开:请把这个文件共享给 ${client.account},或把照片放进填报表旁边的文件夹。`
        : `照片“${name}”暂时读不到,下次审查再取。`,
    };
  }
};

/** The places of this county. A server is only called when a photo lies there. */
export const photoPlaces = (config: Pick<Config, 'sheetsDir' | 'webdav'>, google: () => Promise<GoogleClient> | null): PhotoPlaces => {
  let album: ReturnType<typeof openAlbum> | null = null;
  return {
    async find(name, workbook, largest) {
      if (driveId(name) || workbook?.kind === '谷歌表格') {
        const client = google();
        return client
          ? fromDrive(await client, name, workbook, largest)
          : { fault: '系统没有接入谷歌云端硬盘,照片链接打不开:请把照片放进填报表旁边的文件夹。' };
      }
      if (/[/\\]|^\.{1,2}$/.test(name)) return { fault: `照片名“${name.slice(0, 60)}”里不能有 / 或 \\,请只写文件名。` };
      if (!workbook) return missing(name);
      if (workbook.kind !== '网盘') return fromFolder(config.sheetsDir, name, workbook, largest);
      if (!config.webdav) return missing(name);
      album ??= openAlbum(openDav(config.webdav));
      return album(name, workbook, largest);
    },
  };
};
